"""The machine-translation half: parallel sets of every form, stored outputs, the leaderboard of both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from vn_repair.cli import run as command
from vn_repair.evaluate.leaderboard import boards
from vn_repair.evaluate.translation import (
    CopySource,
    Files,
    Translator,
    evaluate_translation,
    load_parallel,
    load_translator,
    stored_systems,
)
from vn_repair.types import InputError

VI = ["Năm 2020, xã đạt 19/19 tiêu chí.", "Bà con phấn khởi."]
EN = ["In 2020, the commune met 19/19 criteria.", "The villagers are delighted."]


def write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, lines in {"vi-en.vi": VI, "vi-en.en": EN, "en-vi.en": EN, "en-vi.vi": VI,
                        "vi-en.good.en": EN, "vi-en.poor.en": ["In 2021.", "People."]}.items():
        write(tmp_path / name, lines)
    return tmp_path


def test_forms_of_a_parallel_set(folder: Path) -> None:
    tsv = write(folder / "set.tsv", [f"{v}\t{e}" for v, e in zip(VI, EN, strict=True)])
    rows = [json.dumps({"id": f"{n}", "lang": "vi", "theme": "t", "kind": "clean", "text": v, "spans": [], "vi_ref": v,
                        "en_ref": e}) for n, (v, e) in enumerate(zip(VI, EN, strict=True))]
    items = write(folder / "items.jsonl", rows)
    sets = [load_parallel(p).sets for p in ([tsv], [items], [folder], [folder / "vi-en.vi", folder / "vi-en.en"])]
    assert all(s == sets[0] for s in sets)
    assert sets[0] == {"vi-en": (tuple(VI), tuple(EN)), "en-vi": (tuple(EN), tuple(VI))}


@pytest.mark.parametrize(("lines", "why"), [(["a\tb", "c"], ":2: no tab"), (["a\tba\u0302"], "NFC")])
def test_bad_sets_are_refused(lines: list[str], why: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=why):
        load_parallel([write(tmp_path / "bad.tsv", lines)])


def test_files_of_unequal_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 lines against 1"):
        load_parallel([write(tmp_path / "a", VI), write(tmp_path / "b", EN[:1])])


def test_stored_outputs(folder: Path) -> None:
    pairs = load_parallel([folder])
    assert stored_systems(pairs) == ["good", "poor"]
    good, rows = evaluate_translation(load_translator("good", pairs), pairs)
    assert good.score("translation", "vi-en", "chrf") == pytest.approx(100)
    assert good.score("translation", "vi-en", "numbers_kept") == 1
    assert good.score("translation", "en-vi", "chrf") is None  # it has no output in that direction
    assert [r["output"] for r in rows] == EN
    poor, _ = evaluate_translation(load_translator("poor", pairs), pairs)
    assert poor.score("translation", "vi-en", "numbers_kept") == 0
    write(folder / "vi-en.poor.en", EN[:1])
    with pytest.raises(InputError, match="1 lines against 2"):
        evaluate_translation(load_translator("poor", pairs), pairs)


def test_board_holds_each_row_against_the_one_above(folder: Path) -> None:
    pairs = load_parallel([folder])
    translators: list[Translator] = [CopySource(), load_translator("good", pairs), load_translator("poor", pairs)]
    runs = [evaluate_translation(t, pairs)[0] for t in translators]
    (board,) = boards(runs)
    first = next(t for t in board.tables if t.title == "vi→en")
    assert [r[0] for r in first.rows][-1] == "good"
    assert first.rows[0][2] == "–"
    assert first.rows[-1][2].startswith("+")


def test_a_sample_of_lines(folder: Path) -> None:
    part = load_parallel([folder]).sample(1)
    assert part.sets == {"vi-en": ((VI[0],), (EN[0],)), "en-vi": ((EN[0],), (VI[0],))}
    assert stored_systems(part) == []
    run, _ = evaluate_translation(CopySource(), part)
    assert run.data["items"] == 2


def test_a_folder_of_its_own(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    mine = tmp_path_factory.mktemp("mine")
    write(mine / "en-vi.vi", VI)
    run, _ = evaluate_translation(Files(mine, None), load_parallel([folder]))
    assert run.score("translation", "en-vi", "bleu") == pytest.approx(100)
    with pytest.raises(InputError, match="no translations"):
        evaluate_translation(Files(folder.parent, "nobody"), load_parallel([folder]))


def test_commands(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder)
    arguments = ["evaluate", "--system", "poor", "--parallel", str(folder), "--to", "en", "--errors", "1"]
    assert command([*arguments, "--output", "runs/poor.json"]) == 0
    told = capsys.readouterr().out
    assert "output     People." in told
    assert "[-People-]{+The villagers are delighted+}." in told
    (folder / "eval").mkdir()
    assert command(["leaderboard", "--runs", "runs", "--flores", str(folder)]) == 0
    assert "| good | **100.0" in (folder / "eval/LEADERBOARD.md").read_text()

"""`vn-repair export` as it is typed: files, folders, standard input, formats, exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from export_making import contents, news, records_file, repaired, tables

from vn_repair.cli import run
from vn_repair.types import Article, Repair


class FakeRepairer:
    """Repairs what stands for garbled, and translates by the rule of the tests."""

    made = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        FakeRepairer.made += 1

    def repair(self, article: Article) -> Repair:
        found = repaired(article.id, article.text)
        return Repair(article, found.spans, found.edits, found.vi, found.en)

    def info(self) -> dict[str, Any]:
        return {"checksum": "abc", "min_confidence": 0.5, "sensitivity": "balanced"}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeRepairer]:
    monkeypatch.setattr("vn_repair.batch.setup.Setup.repairer", lambda self: FakeRepairer())
    FakeRepairer.made = 0
    return FakeRepairer


def test_articles_are_repaired_and_records_taken_as_they_are(fake: type[FakeRepairer], tmp_path: Path,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tin.txt").write_bytes(news(1).encode())
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": "r", "text": news(2), "url": "https://a.vn/1"}) + "\n",
                                         encoding="utf-8")
    record = records_file(tmp_path / "old.repair.jsonl", [repaired("old", news(3))])
    arguments = [str(tmp_path / "tin.txt"), str(tmp_path / "rows.jsonl"), record]
    assert run(["export", *arguments, "--output", str(tmp_path / "out"), "--splits", "train=1", "--json",
                "--source", "tờ tin", "--licence", "cc-by-4.0"]) == 0
    manifest = json.loads(capsys.readouterr().out)
    assert manifest["rows"] == {"articles": {"train": 3}, "pairs": {"train": 33}}
    rows = {row["id"]: row for row in tables(tmp_path / "out")["train"]}
    assert rows["tin"]["text"].encode() == news(1).encode()
    assert [rows[i]["source"] for i in ("tin", "r", "old")] == ["tờ tin", "https://a.vn/1", "tờ tin"]
    assert rows["tin"]["made_by"]["model"] == "abc" and rows["old"]["made_by"]["model"] == "abc123"
    assert fake.made == 1


def test_records_alone_load_no_model(fake: type[FakeRepairer], tmp_path: Path) -> None:
    record = records_file(tmp_path / "old.repair.jsonl", [repaired("old", news(3))])
    assert run(["export", record, "--output", str(tmp_path / "out")]) == 0
    assert fake.made == 0


def test_a_folder_stands_for_its_records(fake: type[FakeRepairer], tmp_path: Path) -> None:
    (tmp_path / "in" / "x").mkdir(parents=True)
    records_file(tmp_path / "in" / "x" / "b.repair.jsonl", [repaired("b", news(2))])
    records_file(tmp_path / "in" / "a.repair.jsonl", [repaired("a", news(1))])
    (tmp_path / "in" / "a.vi.txt").write_text("not this one", encoding="utf-8")
    assert run(["export", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--splits", "train=1"]) == 0
    assert [row["id"] for row in tables(tmp_path / "out")["train"]] == ["a", "b"]
    assert fake.made == 0


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(records_file(tmp_path / "r.jsonl", [repaired("a", news(1))])).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert run(["export", "-", "--output", str(tmp_path / "out"), "--splits", "train=1"]) == 0
    assert [row["id"] for row in tables(tmp_path / "out")["train"]] == ["a"]


@pytest.mark.parametrize(("name", "file"), [("tmx", "repairs.tmx"), ("mqm", "repairs.mqm.tsv"), ("m2", "repairs.m2")])
def test_other_formats(tmp_path: Path, name: str, file: str) -> None:
    record = records_file(tmp_path / "r.jsonl", [repaired("a", news(1))])
    assert run(["export", record, "--output", str(tmp_path / "out"), "--format", name]) == 0
    assert (tmp_path / "out" / file).stat().st_size > 100


def test_bad_rows_give_exit_code_2_and_the_rest_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Path(records_file(tmp_path / "r.jsonl", [repaired("a", news(1))]))
    record.write_text(record.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    assert run(["export", str(record), "--output", str(tmp_path / "out"), "--splits", "train=1"]) == 2
    assert f"vn-repair: {record}:2: " in capsys.readouterr().err
    assert len(tables(tmp_path / "out")["train"]) == 1


@pytest.mark.parametrize(("arguments", "told"), [
    (["--edits", "all"], "--edits all: no such choice; use accepted or accepted+review"),
    (["--unchanged", "no"], "--unchanged no"), (["--leaked", "x"], "--leaked x"),
    (["--near-duplicates", "x"], "one-split"), (["--splits", "train"], "--splits train"),
    (["--public"], "needs --push"), (["--format", "odt"], "odt: no such format"),
    (["--push", "a/b", "--format", "tmx"], "leave out --format"), (["--similarity", "0"], "--similarity 0"),
    (["--field", "text"], "--field text"), (["--check-against", "none.txt"], "none.txt"),
    (["--off", "no.such"], "no.such"), (["--min-confidence", "2"], "min-confidence"),
])
def test_choices_that_cannot_be_are_refused_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                           arguments: list[str], told: str) -> None:
    record = records_file(tmp_path / "r.jsonl", [repaired("a", news(1))])
    before = contents(tmp_path)
    assert run(["export", record, "--output", str(tmp_path / "out"), *arguments]) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1
    assert contents(tmp_path) == before

"""Runs, outputs, gate and leaderboard on a small set of references."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from vn_repair.cli import run as command
from vn_repair.evaluate.dials import edit_dial
from vn_repair.evaluate.floors import check, load_floors, raised, write_floors
from vn_repair.evaluate.gold import repair_gold, requests
from vn_repair.evaluate.leaderboard import boards, load_runs
from vn_repair.evaluate.leaderboard_pages import markdown, page
from vn_repair.evaluate.outputs import Output, split_output
from vn_repair.evaluate.record import Run, read_run, write_items, write_run
from vn_repair.evaluate.references import Document, ReferenceSet, load_references, parse_item
from vn_repair.evaluate.run import Result, evaluate
from vn_repair.evaluate.systems import DoNothing, FlagEverything, Folder, Options, Product, load_system
from vn_repair.evaluate.worst import describe, inline_diff, worst
from vn_repair.propose.request import Candidate, InfillRequest, Translation
from vn_repair.types import Article, Edit, InputError, Label, Severity, Span, Status

ROOT = Path(__file__).resolve().parents[1]


def span(text: str, words: str, correction: str, label: str = "word_order", **more: Any) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "label": label, "severity": "major", "evidence": "surface",
            "correction": correction, **more}


def row(name: str, text: str, reference: str, spans: Sequence[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
    return {"id": name, "lang": "vi", "theme": "t", "kind": "garbled" if spans else "clean", "text": text,
            "spans": list(spans), "vi_ref": reference, "en_ref": None, **more}


FLIPPED = "Xã xây dựng mẫu kiểu NTM."
SHARE = "Chia sẻ bài viết"
ROWS = [
    row("a", FLIPPED, "Xã xây dựng NTM kiểu mẫu.", [span(FLIPPED, "mẫu kiểu NTM", "NTM kiểu mẫu")],
        en_ref="The commune builds a model new rural area."),
    row("b", "Năm 2020, xã đạt 19/19 tiêu chí.", "Năm 2020, xã đạt 19/19 tiêu chí."),
    row("s-0", "Tin địa phương", "Tin địa phương", article="s", block=0),
    row("s-1", SHARE, "", [span(SHARE, SHARE, "", "boilerplate")], article="s", block=1),
    row("s-2", FLIPPED + " Hết.", "Xã xây dựng NTM kiểu mẫu. Hết.", [span(FLIPPED, "mẫu kiểu NTM", "NTM kiểu mẫu")],
        article="s", block=2, en_ref="The commune builds a model new rural area. The end."),
]


@pytest.fixture
def references(tmp_path: Path) -> ReferenceSet:
    path = tmp_path / "tiny.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in ROWS), encoding="utf-8")
    return load_references(path)


class Parrot:
    """A proposer that knows one answer."""

    name = "parrot"

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        return [Translation("The commune builds a model new rural area.", 1.0) for _ in texts]

    def rewrite(self, texts: Sequence[str], lang: str) -> list[list[Candidate]]:
        return [[] for _ in texts]

    def infill(self, asked: Sequence[InfillRequest]) -> list[list[list[Candidate]]]:
        return [[[Candidate("mẫu NTM", 0.9), Candidate("NTM kiểu mẫu", 0.8)] for _ in r.spans] for r in asked]

    def info(self) -> dict[str, Any]:
        return {"model": "parrot", "checksum": "0"}


def test_references_of_this_repository_are_sound() -> None:
    for name in ("dev", "test"):
        found = load_references(ROOT / "eval" / "references" / f"{name}.jsonl")
        for item in found.items:
            corrected, at = "", 0
            for gold in item.spans:
                corrected += item.text[at : gold.start] + gold.correction
                at = gold.end
            # A deletion takes a neighbouring space along, so white space is left out of the comparison.
            assert "".join((corrected + item.text[at:]).split()) == "".join(item.reference.split()), item.id


@pytest.mark.parametrize(("change", "why"), [
    ({"text": unicodedata.normalize("NFD", FLIPPED)}, "NFC|outside"),
    ({"spans": [span(FLIPPED, "NTM", "x"), span(FLIPPED, "kiểu", "x")]}, "overlaps"),
    ({"vi_ref": None}, "vi_ref is missing"),
    ({"kind": "clean"}, "clean item"),
    ({"lang": "fr"}, "fr"),
])
def test_bad_reference_is_refused(change: dict[str, Any], why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({**ROWS[0], **change}), encoding="utf-8")
    with pytest.raises(InputError, match=why) as error:
        load_references(path)
    assert f"{path}:1" in str(error.value)


def test_documents_join_the_blocks_of_an_article(references: ReferenceSet) -> None:
    a, b, s = references.documents
    assert (a.id, b.id, s.id) == ("a", "b", "s")
    assert [s.text[x:y] for x, y in s.bounds] == [item.text for item in s.items]
    assert s.text == "Tin địa phương\n\nChia sẻ bài viết\n\nXã xây dựng mẫu kiểu NTM. Hết."


def test_a_sample_is_another_set(references: ReferenceSet) -> None:
    part = references.sample(2)
    assert [item.id for item in part.items] == ["a", "b"]
    assert (part.name, part.sha256 == references.sha256) == ("tiny-sample-2", False)
    assert references.sample(9).items == references.items


def article(references: ReferenceSet) -> Document:
    return references.documents[2]


def test_edits_are_cut_back_to_blocks(references: ReferenceSet) -> None:
    text = article(references).text
    start, last = text.index(SHARE), text.index("Xã")
    flip = text.index("mẫu kiểu NTM")
    edits = (Edit(start, last, "", "rule", 1.0, Status.ACCEPTED),
             Edit(flip, flip + 12, "NTM kiểu mẫu", "model", 1.0, Status.ACCEPTED))
    spans = (Span(start, last + 2, Label.BOILERPLATE, Severity.MINOR, 1.0, "x", ""),)
    parts = split_output(article(references), Output(spans, "…", "News\n\nThe commune.", edits))
    assert [p.text for p in parts] == ["Tin địa phương", "", "Xã xây dựng NTM kiểu mẫu. Hết."]
    assert [[(s.start, s.end) for s in p.spans or ()] for p in parts] == [[], [(0, 16)], [(0, 2)]]
    assert [p.other for p in parts] == ["News", "", "The commune."]


@pytest.mark.parametrize("text", [
    "Tin địa phương\n\nXã xây dựng NTM kiểu mẫu. Hết.",
    "Tin địa phương\n\n\n\nXã xây dựng NTM kiểu mẫu. Hết.\n",
])
def test_text_without_edits_is_cut_back_by_its_difference(references: ReferenceSet, text: str) -> None:
    parts = split_output(article(references), Output(None, text))
    assert [p.text for p in parts] == ["Tin địa phương", "", "Xã xây dựng NTM kiểu mẫu. Hết."]
    assert all(p.spans is None and p.other is None for p in parts)


def test_do_nothing(references: ReferenceSet) -> None:
    found = evaluate(DoNothing(), references).run
    assert found.score("repair", "all", "chrf_gain") == 0
    assert found.score("clean", "all", "over_edited") == 0
    assert found.score("detection", "all", "recall") == 0
    assert found.score("repair", "all", "ter") == found.score("repair", "all", "ter_before")
    # Wanted: 12 + 16 + 12 of 22 characters each; nothing was marked.
    assert found.labels["word_order"] == {"characters": 24, "found": 0, "found_as_labelled": 0, "spans": 2,
                                          "spans_found": 0, "spans_fixed": 0}


def test_flag_everything(references: ReferenceSet) -> None:
    found = evaluate(FlagEverything(), references).run
    wanted, size = 12 + 16 + 12, sum(len(r["text"]) for r in ROWS)
    assert found.score("detection", "all", "recall") == 1
    assert found.score("detection", "all", "precision") == pytest.approx(wanted / size, abs=1e-5)
    assert found.score("detection", "real", "precision") == pytest.approx(28 / (14 + 16 + 30), abs=1e-5)
    assert found.score("clean", "all", "flagged_per_10k") == 10_000
    assert "repair" not in found.scores


def outputs(tmp_path: Path, rows: list[dict[str, Any]]) -> Folder:
    folder = tmp_path / "outputs"
    folder.mkdir(exist_ok=True)
    (folder / "all.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return Folder(folder)


def perfect() -> list[dict[str, Any]]:
    return [{"id": r["id"], "text": r["text"], "vi": r["vi_ref"], "en": r["en_ref"],
             "spans": [{k: s[k] for k in ("start", "end", "label", "severity")} for s in r["spans"]]} for r in ROWS]


def test_perfect_outputs_score_perfectly(references: ReferenceSet, tmp_path: Path) -> None:
    found = evaluate(outputs(tmp_path, perfect()), references).run
    for family, name in (("detection", "f1"), ("detection", "exact_f1"), ("detection", "mcc"),
                         ("detection", "wmt_macro"), ("repair", "f0.5"), ("repair", "recall")):
        assert found.score(family, "all", name) == 1, name
    assert found.score("repair", "all", "chrf") == pytest.approx(100)
    assert found.score("repair", "all", "ter") == 0
    assert found.curve[0]["recall"] == 1


@pytest.mark.parametrize(("change", "why"), [
    ({"text": FLIPPED + "x"}, "another source"),
    ({"vi": unicodedata.normalize("NFD", FLIPPED)}, "NFC"),
    ({"id": "zz"}, "no output for a"),
])
def test_outputs_that_cannot_be_compared_are_refused(references: ReferenceSet, tmp_path: Path, change: dict[str, str],
                                                     why: str) -> None:
    rows = perfect()
    rows[0] |= change
    with pytest.raises(InputError, match=why):
        evaluate(outputs(tmp_path, rows), references)


def test_gold_spans_given(references: ReferenceSet) -> None:
    repairs, _ = repair_gold(references.documents, Parrot())
    assert [r.item for r in repairs] == ["a", "s-2"]  # the block to delete is not asked about
    assert repairs[0].output == "Xã xây dựng mẫu NTM."
    assert repairs[0].wanted == "Xã xây dựng NTM kiểu mẫu."
    assert [(r.counts.fixed, r.among, r.kept) for r in repairs] == [(0, 1, 0)] * 2


def test_a_request_holds_four_spans_of_one_sentence() -> None:
    text = "một hai ba bốn năm sáu. Bảy tám."
    spans = [span(text, w, "x") for w in ("một", "ba", "bốn", "năm", "sáu", "tám")]
    item = parse_item(row("x", text, text, spans) | {"vi_ref": "x"})
    found = requests(Article("x", text, "vi", "x"), item.spans)
    assert [[r.text[a:b] for a, b in r.spans] for r, _ in found] == [["một", "ba", "bốn", "năm"], ["sáu"], ["tám"]]
    assert found[2][0].text == "Bảy tám."


def run_parrot(references: ReferenceSet) -> Result:
    return evaluate(Product("parrot", Parrot(), Options()), references)


def test_the_product_with_any_proposer(references: ReferenceSet) -> None:
    found = run_parrot(references).run
    assert found.score("gold", "all", "among_candidates") == 1
    assert found.score("translation", "vi-en", "chrf") is not None
    assert "model:parrot" in found.signature["vn-repair"]
    without = evaluate(Product("parrot", Parrot(), Options(translate=False)), references, gold=False).run
    assert "translation" not in without.scores
    assert "gold" not in without.scores


class Rewriter(Parrot):
    """A proposer that says what it can do."""

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        raise AssertionError("not among its tasks")

    def info(self) -> dict[str, Any]:
        return {"model": "rewriter", "tasks": ["rewrite"]}


def test_a_proposer_is_asked_for_its_tasks_alone(references: ReferenceSet) -> None:
    found = evaluate(Product("rewriter", Rewriter(), Options()), references).run
    assert "translation" not in found.scores
    assert "gold" not in found.scores


def test_run_file_round_trip(references: ReferenceSet, tmp_path: Path) -> None:
    found = run_parrot(references).run
    write_run(found, tmp_path / "run.json")
    again = read_run(tmp_path / "run.json")
    assert (again.scores, again.labels) == (found.scores, found.labels)
    assert (again.curve, again.data) == (found.curve, found.data)
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(InputError, match="not a run file"):
        read_run(tmp_path / "run.json")


def test_item_table_has_the_columns_of_all_rows(tmp_path: Path) -> None:
    from pyarrow.parquet import read_table

    rows = [{"id": "a"}, {"id": "b", "output": "xã"}]
    write_items(rows, tmp_path / "items.parquet")
    assert read_table(tmp_path / "items.parquet").to_pylist() == [{"id": "a", "output": None}, rows[1]]


def test_worst_items_come_first(references: ReferenceSet, tmp_path: Path) -> None:
    rows = perfect()
    rows[1]["vi"] = "Năm 2021, xã sẽ đạt 19/19 tiêu chí."  # a clean item broken
    found = worst(evaluate(outputs(tmp_path, rows), references).rows, 5)
    assert [r["id"] for r in found] == ["b"]
    told = "\n".join(describe(found, references))
    assert "Năm [-2021-]{+2020+}, xã [-sẽ -]đạt" in told or "Năm [-2021-]{+2020+}, xã [-sẽ-] đạt" in told
    assert inline_diff("xã đạt", "xã sẽ đạt chuẩn").count("{+") == 2


def test_leaderboard(references: ReferenceSet, tmp_path: Path) -> None:
    for system in (DoNothing(), FlagEverything(), outputs(tmp_path, perfect())):
        write_run(evaluate(system, references).run, tmp_path / "runs" / f"{system.name.replace(':', '-')}.json")
    write_run(run_parrot(references).run, tmp_path / "runs" / "parrot.json")
    found = boards(load_runs(tmp_path / "runs"))
    text = markdown(found)
    rows = [line for line in text.splitlines() if line.startswith("| dir:outputs")]
    assert "| +" in rows[0]
    assert rows[0].startswith("| dir:outputs | **100.0 [")
    html = page(found)
    assert html.count("<svg") >= 2
    assert "http" not in html
    assert "<script" not in html
    last = read_run(tmp_path / "runs" / "parrot.json")
    last.data["sha256"] = "other"
    write_run(last, tmp_path / "runs" / "parrot.json")
    with pytest.raises(InputError, match="different data"):
        boards(load_runs(tmp_path / "runs"))


def test_the_dial_of_edits(references: ReferenceSet) -> None:
    document = references.documents[0]
    start = document.text.index("mẫu kiểu NTM")
    sure = Edit(start, start + 12, "NTM kiểu mẫu", "model", 0.6, Status.ACCEPTED, ("passed: numbers",))
    unsure = Edit(0, 2, "Phường", "model", 0.3, Status.REVIEW, ("confidence: 0.30 is below 0.50", "passed: numbers"))
    barred = Edit(3, 6, "x", "model", 0.9, Status.REVIEW, ("length: too long",))
    found = {p["threshold"]: p for p in edit_dial([(document, Output((), "", None, (unsure, barred, sure)))])}
    assert (found[0.0]["precision"], found[0.0]["recall"]) == (0.5, 1)
    assert (found[0.5]["precision"], found[0.5]["recall"]) == (1, 1)
    assert (found[0.65]["precision"], found[0.65]["recall"]) == (0, 0)


def fake(f1: float, over: float) -> Run:
    data = {"name": "dev", "sha256": "x", "items": 1, "articles": 1, "characters": 1}
    scores = {"detection": {"all": {"f1": [f1, 0.0, 1.0]}}, "clean": {"all": {"over_edited": [over, 0.0, 1.0]}}}
    return Run("repair", "rules-only", {}, data, scores, {})


def test_floors_are_raised_and_never_lowered(tmp_path: Path) -> None:
    empty = {"references": "dev.jsonl", "systems": {}}
    floors = raised(empty, [fake(0.5, 0.02)])
    assert floors["systems"]["rules-only"]["detection all f1"] == {"floor": 0.495}
    assert floors["systems"]["rules-only"]["clean all over_edited"] == {"ceiling": 0.0247}
    assert all(c.holds for c in check(floors, [fake(0.5, 0.02)]))
    worse = [c.score for c in check(floors, [fake(0.4, 0.03)]) if not c.holds]
    assert worse == ["detection all f1", "clean all over_edited"]
    assert raised(floors, [fake(0.4, 0.03)])["systems"] == floors["systems"]
    assert raised(floors, [fake(0.6, 0.01)])["systems"]["rules-only"]["detection all f1"] == {"floor": 0.595}
    assert raised(floors, [fake(0.4, 0.03)], force=True)["systems"]["rules-only"]["detection all f1"] == {
        "floor": 0.395}
    write_floors(floors, tmp_path / "floors.json")
    assert load_floors(tmp_path / "floors.json") == floors
    missing = check({"systems": {"rules-only": {"repair all chrf_gain": {"floor": 0.1}}}}, [fake(1, 0)])
    assert not missing[0].holds


def test_commands(references: ReferenceSet, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tiny = str(references.path)
    assert command(["evaluate", "--system", "rules-only", "--references", tiny, "--json", "--errors", "1"]) == 0
    told = capsys.readouterr().out
    assert json.loads(told.splitlines()[0])["system"] == "rules-only"
    assert (tmp_path / "eval/runs/tiny.rules-only.parquet").is_file()
    assert command(["evaluate", "--references", tiny, "--inputs", "inputs.jsonl"]) == 0
    assert [json.loads(line)["id"] for line in Path("inputs.jsonl").read_text().splitlines()] == ["a", "b", "s"]
    assert command(["leaderboard"]) == 0
    assert "rules-only" in Path("eval/LEADERBOARD.md").read_text()
    floors = {"references": "../tiny.jsonl", "systems": {"rules-only": {"detection all f1": {"floor": 1.1}}}}
    Path("eval/floors.json").write_text(json.dumps(floors))
    assert command(["evaluate", "--check-floors"]) == 1
    assert "FAILED rules-only: detection all f1" in capsys.readouterr().out
    assert command(["evaluate", "--raise-floors", "--force"]) == 0
    assert command(["evaluate", "--check-floors"]) == 0


@pytest.mark.parametrize(("arguments", "why"), [
    (["--system", "magic"], "no such system"),
    (["--references", "nowhere.jsonl"], "cannot read"),
    (["--check-floors", "--floors", "nowhere.json"], "cannot read"),
    (["--system", "dir:nowhere"], "no such folder"),
])
def test_bad_use_is_one_line(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eval/references").mkdir(parents=True)
    (tmp_path / "eval/references/dev.jsonl").write_text(json.dumps(ROWS[1]))
    assert command(["evaluate", *arguments]) == 2
    error = capsys.readouterr().err
    assert why in error
    assert error.count("\n") == 1


def test_systems_are_known_by_name() -> None:
    assert load_system("do-nothing", Options()).name == "do-nothing"
    assert load_system("rules-only", Options()).name == "rules-only"
    with pytest.raises(InputError, match="no such system"):
        load_system("endpoint:", Options())

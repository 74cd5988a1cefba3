"""What comes out of a review: references that hold together, records, texts; and the command line that writes them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review_records import EN, TEXT, place, repair, write_records

from vn_repair.cli import run
from vn_repair.evaluate.gold import put_in
from vn_repair.evaluate.references import load_references, parse_item
from vn_repair.pipeline import Repairer
from vn_repair.read import read
from vn_repair.review.exports import other_text, reviewed_record, texts
from vn_repair.review.items import ACCEPTED, DONE, EDIT, REJECTED, TRANSLATION, Decision
from vn_repair.review.load import Loading
from vn_repair.review.reference_rows import Tally, reference_rows
from vn_repair.review.sentences import align_sentences
from vn_repair.review.store import Store
from vn_repair.review.view import corrected_text
from vn_repair.types import Article, Span, apply_edits
from vn_repair.write.record import full_record, read_record

SEED = Path(__file__).resolve().parents[1] / "seeds" / "002_8e0d3666a40ef5d6.txt"
INSERTED = place(TEXT, " NTM.")[0]


def decided(folder: Path, *decisions: Decision, record: dict | None = None) -> Store:
    store = Store(folder / "d.db")
    store.add([record or full_record(repair())])
    for version, decision in enumerate(decisions, 1):
        store.decide(1, version, decision)
    return store


def edit(words: str, new: str, **more: str) -> Decision:
    return Decision(EDIT, *place(TEXT, words), ACCEPTED, new, **more)


def test_every_paragraph_of_a_seed_is_a_sound_reference(tmp_path: Path) -> None:
    (article,) = read(SEED)
    assert isinstance(article, Article)
    made = Repairer(rules_only=True).repair(article)
    store = decided(tmp_path, Decision(DONE, 0, 0, ACCEPTED), record=full_record(made))
    tally = Tally()
    rows = list(reference_rows(store, tally))
    path = tmp_path / "refs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    items = load_references(path).items
    assert [i.text for i in items] == [line.strip() for line in article.text.splitlines() if line.strip()]
    assert (tally.written, tally.undecided) == (len(items), 0)
    corrected = corrected_text(store.article(1))
    assert corrected == apply_edits(article.text, made.edits) == made.vi
    assert [i.vi_ref for i in items if i.vi_ref] == [line.strip() for line in corrected.splitlines() if line.strip()]
    for item in items:
        # Spans and reference say the same, as the data sheet asks.
        assert put_in(item.text, [(s, s.correction) for s in item.spans]).strip() == item.vi_ref
        for span in item.spans:
            assert item.text[span.start : span.end] == item.text[span.start : span.end].strip()
    assert sum(bool(i.spans) for i in items) > 10


@pytest.mark.parametrize(("decision", "wanted"), [
    (edit("mẫu kiểu NTM", "NTM kiểu mẫu"), [("mẫu kiểu NTM", "NTM kiểu mẫu")]),
    (edit("mẫu kiểu NTM", ""), [("mẫu kiểu NTM", "")]),
    (Decision(EDIT, INSERTED, INSERTED, ACCEPTED, " xây dựng"), [("kiểu", "kiểu xây dựng")]),
    (Decision(EDIT, *place(TEXT, "mẫu kiểu NTM"), REJECTED), []),
    (edit("Tỷ lệ", "Tỉ lệ", label="spelling", severity="minor", evidence="context"), [("Tỷ lệ", "Tỉ lệ")]),
])
def test_decisions_as_gold_spans(tmp_path: Path, decision: Decision, wanted: Sequence[tuple[str, str]]) -> None:
    store = decided(tmp_path, Decision(EDIT, *place(TEXT, "Xã xã"), REJECTED), decision, Decision(DONE, 0, 0, ACCEPTED))
    row = list(reference_rows(store, Tally()))[1]
    item = parse_item(row)
    assert [(item.text[s.start : s.end], s.correction) for s in item.spans] == wanted
    assert put_in(item.text, [(s, s.correction) for s in item.spans]) == item.vi_ref
    assert row["kind"] == ("garbled" if wanted else "clean")
    if decision.label:
        assert (item.spans[0].label, item.spans[0].evidence) == ("spelling", "context")


def test_only_what_a_person_vouches_for_is_a_reference(tmp_path: Path) -> None:
    store = decided(tmp_path, edit("mẫu kiểu NTM", "NTM kiểu mẫu"))
    tally = Tally()
    assert list(reference_rows(store, tally)) == [] and tally.undecided == 3
    assert "3 paragraphs left out" in tally.summary()


def test_a_translation_by_hand_goes_out_and_a_machine_s_does_not(tmp_path: Path) -> None:
    store = decided(tmp_path, Decision(TRANSLATION, 0, 19, ACCEPTED, "Meeting on NTM"), Decision(DONE, 0, 0, ACCEPTED))
    rows = list(reference_rows(store, Tally()))
    assert [row["en_ref"] for row in rows] == ["Meeting on NTM", None, None]
    assert other_text(store.article(1)).startswith("Meeting on NTM\n\nThe commune meets")
    assert texts(store.article(1))["en"].count("\n\n") == EN.count("\n\n")


def test_records_hold_the_decisions(tmp_path: Path) -> None:
    store = decided(
        tmp_path, edit("mẫu kiểu NTM", "mẫu NTM", note="ngắn hơn"), Decision(EDIT, *place(TEXT, "Xã xã"), REJECTED),
        edit("hộ", "hộ dân", label="fragment", severity="minor"),
        record={**full_record(repair(), {"model": "m"}), "url": "x"})
    record = reviewed_record(store.article(1))
    assert record["url"] == "x" and record["made_by"]["model"] == "m"
    made = read_record(record)
    assert [(TEXT[e.start : e.end], e.replacement, str(e.status), e.proposer) for e in made.edits] == [
        ("Xã xã", "Xã", "rejected", "rule:repetition.test"), ("mẫu kiểu NTM", "mẫu NTM", "accepted", "person"),
        ("47.5. %", "475 %", "rejected", "embedded"), ("hộ", "hộ dân", "accepted", "person")]
    assert made.edits[1].reasons[:2] == ("person: written", "person: ngắn hơn")
    assert made.edits[1].alternatives == (("NTM kiểu mẫu", 0.4), ("mô hình NTM", 0.2))
    assert made.vi == apply_edits(TEXT, made.edits) == corrected_text(store.article(1))
    assert [(TEXT[s.start : s.end], s.detector) for s in made.spans][-1] == ("hộ", "person") or any(
        s == Span(*place(TEXT, "hộ"), s.label, s.severity, 1.0, "person", "", "hộ dân") for s in made.spans)
    assert not any(TEXT[s.start : s.end] == "Xã xã" for s in made.spans)
    assert any("translated from the text before the review" in note for note in made.notes)


def test_an_article_that_is_there_is_not_repaired_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")

    class Once:
        asked = 0

        def repair(self, article: Article):
            self.asked += 1
            return repair(article.id, article.text)

        def info(self) -> dict:
            return {"model": "m"}

    once, store, said = Once(), Store(tmp_path / "d.db"), []
    for _ in range(2):
        files = [str(path), str(tmp_path / "none.txt")]
        loading = Loading(store, files, make_repairer=lambda: once, complain=said.append)
        loading.run()
        assert loading.bad == 1 and not loading.busy
    assert once.asked == 1 and "none.txt" in said[0]
    assert store.article(1).repair.article.id == "a"


@pytest.mark.parametrize(("left", "right", "wanted"), [
    ([50, 20], [60, 25], [([0], [0]), ([1], [1])]),
    ([50, 50, 20], [102, 22], [([0, 1], [0]), ([2], [1])]),
    ([100, 30], [48, 50, 33], [([0], [0, 1]), ([1], [2])]),
    ([], [5], [([], [0])]), ([], [], []), ([5, 5], [], [([0, 1], [])]),
])
def test_sentences_are_aligned(left: list[int], right: list[int], wanted: list) -> None:
    assert align_sentences(left, right) == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=9), st.lists(st.integers(0, 300), max_size=9))
def test_alignment_covers_both_sides_in_order(left: list[int], right: list[int]) -> None:
    beads = align_sentences(left, right)
    assert [i for a, _ in beads for i in a] == list(range(len(left)))
    assert [j for _, b in beads for j in b] == list(range(len(right)))


def test_command_line_writes_each_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = write_records(tmp_path / "news.repair.jsonl", [repair(), repair("b/ài: 2")])
    assert run(["review", str(records), "--export", "records"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [json.loads(row)["id"] for row in out] == ["bài-1", "b/ài: 2"]
    database = tmp_path / "news.decisions.db"
    assert database.exists(), "beside the input"
    assert run(["review", "--decisions", str(database), "--export", "text", "--output", str(tmp_path / "clean")]) == 0
    assert sorted(p.name.rsplit(".", 2)[1] for p in (tmp_path / "clean").iterdir()) == ["en", "en", "vi", "vi"]
    store = Store(database)
    store.decide(1, 1, Decision(DONE, 0, 0, ACCEPTED))
    store.close()
    refs = tmp_path / "refs.jsonl"
    assert run(["review", "--decisions", str(database), "--export", "references", "--output", str(refs)]) == 0
    assert len(load_references(refs).items) == 3
    assert "3 paragraphs of 1 articles written; 3 paragraphs left out" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "wanted"), [
    (["review"], "name a FILE"), (["review", "-"], "--decisions"), (["review", "{dir}/none.jsonl"], "no such file"),
    (["review", "--decisions", "{dir}/none.db"], "no such decisions file"),
    (["review", "{dir}/a.txt", "--port", "99999"], "--port"),
    (["review", "{dir}/a.txt", "--decisions", "{dir}/a.txt"], "cannot be used for decisions"),
    (["review", "{dir}/r.jsonl", "--export", "text"], "--output"),
    (["review", "{dir}/r.jsonl", "--export", "text", "--output", "{dir}/a.txt"], "is not a folder"),
])
def test_wrong_use_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str],
                                     wanted: str) -> None:
    (tmp_path / "a.txt").write_text("Xã xã. " * 30, encoding="utf-8")
    write_records(tmp_path / "r.jsonl", [repair()])
    assert run([a.format(dir=tmp_path) for a in arguments]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert wanted in said[-1] and len(said) == 1


def test_bad_rows_are_told_and_the_rest_is_taken_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_records(tmp_path / "r.jsonl", [repair()])
    bad = full_record(repair("bad"))
    bad["edits"][0]["end"] = 10**6
    path.write_text(path.read_text(encoding="utf-8") + json.dumps(bad) + "\n{oops\n", encoding="utf-8")
    assert run(["review", str(path), "--export", "records"]) == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1 and len(told.err.strip().splitlines()) == 2
    assert "r.jsonl:2" in told.err and "r.jsonl:3" in told.err


def test_without_the_extra_the_remedy_is_told(tmp_path: Path) -> None:
    records = write_records(tmp_path / "r.jsonl", [repair()])
    code = ("import sys; sys.modules['uvicorn'] = None; from vn_repair.cli import run; "
            f"sys.exit(run(['review', {str(records)!r}]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          cwd=Path(__file__).parents[1])
    assert done.returncode == 2 and "pip install 'vn-repair[review]'" in done.stderr and "Trace" not in done.stderr

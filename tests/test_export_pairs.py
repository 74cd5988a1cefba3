"""Chosen edits, sentence pairs, and the rows they become; on the seeds repaired by rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from export_making import MADE_BY, english

from vn_repair.export.chosen import Edits, choose_edits, true_status
from vn_repair.export.features import arrow_schema, article_row, made_by_row
from vn_repair.export.sentence_pairs import pair_rows
from vn_repair.export.statistics import Counts
from vn_repair.records import Record, records
from vn_repair.types import Article, Edit, Repair, Status, apply_edits

SEEDS = sorted((Path(__file__).resolve().parents[1] / "seeds").glob("*.txt"))


def test_review_edits_are_applied_the_surer_first_and_never_over_another() -> None:
    text = "một hai ba bốn năm"
    edits = (Edit(0, 3, "1", "r", 0.9, Status.ACCEPTED), Edit(2, 7, "x", "r", 0.99, Status.REVIEW),
             Edit(8, 14, "3 4", "r", 0.4, Status.REVIEW), Edit(11, 14, "4", "r", 0.6, Status.REVIEW),
             Edit(15, 18, "5", "r", 0.6, Status.REJECTED))
    repair = Repair(Article("a", text, "vi", "-"), (), edits, apply_edits(text, edits), "old")
    chosen = choose_edits(repair, Edits.REVIEWED, lambda article: (article.text.upper(), ("note",)))
    assert chosen.repair.vi == "1 hai ba 4 năm" and chosen.repair.en == "1 HAI BA 4 NĂM"
    assert chosen.repair.notes == ("note",)
    assert [(e.start, true_status(e), e.status is Status.ACCEPTED) for e in chosen.edits] == [
        (0, Status.ACCEPTED, True), (2, Status.REVIEW, False), (8, Status.REVIEW, False), (11, Status.REVIEW, True),
        (15, Status.REJECTED, False)]
    same = choose_edits(repair, Edits.ACCEPTED)
    assert (same.repair.vi, same.repair.en, same.edits) == (repair.vi, "old", edits)


def test_a_text_that_a_person_changed_has_its_differences_as_edits() -> None:
    repair = Repair(Article("a", "Xã này đạt chuẩn.", "vi", "-"), (), (), "Xã ấy đạt chuẩn.", "The commune.")
    chosen = choose_edits(repair, Edits.ACCEPTED)
    assert chosen.changed and apply_edits(repair.article.text, chosen.edits) == repair.vi


def seed_repairs() -> list[Repair]:
    """The five seeds repaired by rules, with something that stands for their translation."""
    from vn_repair.pipeline import Repairer

    out = []
    for item in records(map(str, SEEDS), lambda: Repairer(rules_only=True)):
        assert isinstance(item, Record)
        own = item.repair.vi or item.repair.en
        vi, en = (own, english(own)) if item.repair.article.lang == "vi" else (english(own), own)
        out.append(Repair(item.repair.article, item.repair.spans, item.repair.edits, vi, en))
    return out


@pytest.fixture(scope="module")
def seeds() -> list[Repair]:
    return seed_repairs()


def test_pairs_of_the_seeds_cover_them_and_keep_their_bytes(seeds: list[Repair]) -> None:
    for repair in seeds:
        rows = list(pair_rows(choose_edits(repair, Edits.ACCEPTED), "s", "l"))
        text, lang = repair.article.text, repair.article.lang
        own = [row["vi" if lang == "vi" else "en"] for row in rows]
        assert all(a["end"] <= b["start"] for a, b in zip(rows, rows[1:], strict=False))
        assert all(text[row["start"] : row["end"]] == row["text"] for row in rows)
        # Every word of the corrected text is in a pair, once, in order.
        assert " ".join(" ".join(own).split()) == " ".join((repair.vi if lang == "vi" else repair.en).split())
        for row, corrected in zip(rows, own, strict=True):
            edits = [Edit(e["start"], e["end"], e["replacement"], "", 0, Status.ACCEPTED)
                     for e in row["edits"] if e["applied"]]
            assert apply_edits(row["text"], edits).strip() == corrected
        inside = Counter((s["label"], row["text"][s["start"] : s["end"]]) for row in rows for s in row["spans"])
        assert not inside - Counter((str(s.label), text[s.start : s.end]) for s in repair.spans)


def test_a_pair_whose_translation_lost_something_is_marked() -> None:
    """By the notes of `translate_text`, whose wording this holds to."""
    from vn_repair.propose.request import Translation
    from vn_repair.propose.translate_text import translate_text

    class Losing:
        """Translates, and loses the figure of the second sentence."""

        name = "losing"

        def translate(self, texts: list[str], to: str) -> list[Translation]:
            return [Translation("Something.", 1.0, ("37",) if "37" in text else ()) for text in texts]

    text = "Huyện đã xong.\nXã có 37 thôn. Dân vui.\n"
    other, notes = translate_text(Article("a", text, "vi", "-"), "en", Losing())  # type: ignore[arg-type]
    repair = Repair(Article("a", text, "vi", "-"), (), (), text, other, notes)
    assert [row["complete"] for row in pair_rows(choose_edits(repair, Edits.ACCEPTED), None, None)] == [
        True, False, True]


def test_sentences_of_unequal_number_are_aligned_by_length() -> None:
    text = "Huyện Lộc Hà đã hoàn thành mọi tiêu chí trong năm nay. Dân mừng.\n"
    repair = Repair(Article("a", text, "vi", "-"), (), (), text,
                    "Loc Ha district has met the criteria. It did so this year. People cheer.\n")
    rows = list(pair_rows(choose_edits(repair, Edits.ACCEPTED), None, None))
    assert [(row["vi"], row["en"]) for row in rows] == [
        ("Huyện Lộc Hà đã hoàn thành mọi tiêu chí trong năm nay.",
         "Loc Ha district has met the criteria. It did so this year."), ("Dân mừng.", "People cheer.")]
    assert {row["alignment"] for row in rows} == {"length"}


def test_lines_of_unequal_number_make_no_pairs() -> None:
    repair = Repair(Article("a", "Một.\nHai.\n", "vi", "-"), (), (), "Một.\nHai.\n", "One. Two.\n")
    assert list(pair_rows(choose_edits(repair, Edits.ACCEPTED), None, None)) == []


def test_rows_fit_their_schema_and_counts_add_up(seeds: list[Repair]) -> None:
    import pyarrow as pa

    total = Counts()
    for repair in seeds:
        chosen = choose_edits(repair, Edits.ACCEPTED)
        row = article_row(Record(repair, MADE_BY), chosen, None, None)
        counts = Counts()
        counts.add_articles(pa.Table.from_pylist([row], arrow_schema("articles")))
        counts.add_pairs(pa.Table.from_pylist(list(pair_rows(chosen, None, None)), arrow_schema("pairs")))
        total += Counts.from_json(counts.as_json())
    assert total.sums["articles"] == 5
    assert total.sums["spans"] == sum(len(r.spans) for r in seeds) == sum(total.by["labels"].values())
    assert total.sums["applied"] == sum(e.status is Status.ACCEPTED for r in seeds for e in r.edits)
    assert total.sums["characters"] == sum(len(r.article.text) for r in seeds)
    assert made_by_row({"version": "1", "min_confidence": 0.5, "off": ["x"]}) == {
        "version": "1", "model": None, "rules": None, "sensitivity": None, "min_confidence": 0.5,
        "settings": '{"off": ["x"]}'}

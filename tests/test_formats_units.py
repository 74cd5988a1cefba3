import re
import sys
from pathlib import Path

import pytest
from formats_making import TEXT, made, repairs, texts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vn_repair.formats.differences import apply_changes, differences
from vn_repair.formats.gold_spans import Correction, corrections, guess, rebuilt
from vn_repair.formats.tokens import apply_token_edits, token_edits, tokenized
from vn_repair.formats.units import blocks, own_text, pairs
from vn_repair.types import Article, Edit, Label, Repair, Status

sys.path.insert(0, str(Path(__file__).parents[1] / "eval" / "references"))
import compile as reference_compiler

RULES = settings(max_examples=40, deadline=None)


def lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n\r]", text) if line.strip()]


@RULES
@given(repairs())
def test_blocks_give_the_corrected_text(repair):
    found = blocks(repair)
    text = repair.article.text
    assert all(text[b.start : b.end] == b.source for b in found)
    inside = "".join(text[b.start : b.end] for b in found)
    assert "".join(inside.split()) == "".join(text.split())
    assert "".join("".join(b.target for b in found).split()) == "".join(own_text(repair).split())
    for block in found:
        joined = "".join(block.gap(i) + s.target for i, s in enumerate(block.sentences))
        assert joined == block.target
        for sentence in block.sentences:
            assert all(sentence.start <= p.start <= p.end <= sentence.end
                       for p in (*sentence.spans, *sentence.edits))


@pytest.mark.parametrize(("text", "edits", "wanted"), [
    ("Một.\nHai.\nBa.", [], ["Một.", "Hai.", "Ba."]),
    ("Một.\nHai.\nBa.", [(5, 10, "")], ["Một.", "", "Ba."]),  # a line goes with its line end
    ("Một.\nHai.\nBa.", [(4, 9, "")], ["Một.", "", "Ba."]),
    ("Một.\nHai.\nBa.", [(4, 5, " ")], ["Một. Hai.", "Ba."]),  # two lines become one
    ("Một.\nHai.\nBa.", [(3, 5, "")], ["MộtHai.", "Ba."]),
    ("Một.\nHai.\nBa.", [(2, 6, "x")], ["Mộxai.", "Ba."]),
    ("Một. Hai\nBa.", [(4, 9, "")], ["Một.Ba."]),
    ("Một.\n\n\nHai.", [(4, 7, "\n\n")], ["Một.", "Hai."]),
    ("Nước.Do đó. Ba", [(5, 5, " ")], ["Nước. Do đó. Ba"]),
])
def test_which_lines_an_edit_joins(text, edits, wanted):
    made_edits = tuple(Edit(a, b, new, "p", 1.0, Status.ACCEPTED) for a, b, new in edits)
    own = text
    for a, b, new in reversed(edits):
        own = own[:a] + new + own[b:]
    found = blocks(Repair(Article("a", text, "vi", "f"), (), made_edits, own, ""))
    assert [b.target for b in found] == wanted


def test_sentences_joined_by_an_edit_at_their_border():
    repair = made()
    block = next(b for b in blocks(repair) if b.source.startswith("- Tỷ lệ"))
    assert block.sentences[0].target.startswith("- Tỷ lệ đạt 95,539 tỷ đồng. Do vậy, các xã <v>")
    first = blocks(repair)[0]
    assert [s.open for s in first.sentences] == [False, True]


def test_pairs_by_sentence_or_whole_block():
    repair = made()
    found = blocks(repair)
    assert [len(pairs(b, "vi")) for b in found][:2] == [2, 1]
    assert found[-2].target == "" and pairs(found[-2], "vi") == []
    assert "".join(p.other for p in pairs(found[0], "vi")).startswith("The Hội nghị")


def test_a_corrected_text_that_the_edits_do_not_give():
    text = "Hội nghị bàn mẫu kiểu NTM."
    repair = Repair(Article("a", text, "vi", "f"), (), (), "Hội nghị bàn NTM kiểu mẫu.", "")
    (block,) = blocks(repair)
    assert block.target == repair.vi
    assert [(text[e.start : e.end], e.replacement) for e in block.sentences[0].changed] == [
        ("mẫu kiểu NTM", "NTM kiểu mẫu")]


@RULES
@given(texts, texts)
def test_differences_give_the_target(source, target):
    found = differences(source, target)
    assert apply_changes(source, found) == target
    assert all(a.end < b.start for a, b in zip(found, found[1:], strict=False))


@settings(max_examples=120, deadline=None)
@given(texts, texts)
@example("a b c", "a c")
@example("x_yx_y", "x_y")
@example("m² m²", "m²")
def test_corrections_give_the_reference(text, reference):
    found = corrections(text, reference)
    assert rebuilt(text, found) == reference
    spans = [{"start": c.start, "end": c.end, "correction": c.text} for c in found]
    reference_compiler.check_spans(text, [s for s in spans if "\r" not in text])
    assert all(c.start < c.end and text[c.start : c.end] != c.text for c in found)


@RULES
@given(texts, st.data())
def test_corrections_of_small_changes_stay_small(text, data):
    words = [m.span() for m in re.finditer(r"\S+", text)]
    start, end = data.draw(st.sampled_from(words))
    reference = (text[:start] + "thay" + text[end:]).strip()
    found = corrections(text, reference)
    assert sum(c.end - c.start for c in found) <= end - start + 2 * max(b - a for a, b in words)


@pytest.mark.parametrize(("text", "reference", "wanted"), [
    ("các xã xã đạt chuẩn", "các xã đạt chuẩn", [("xã", "")]),
    ("xây dựng mẫu kiểu NTM", "xây dựng NTM kiểu mẫu", [("mẫu kiểu NTM", "NTM kiểu mẫu")]),
    ("đạt chuẩn", "đạt được chuẩn", [("chuẩn", "được chuẩn")]),
    ("đạt chuẩn", "đã đạt chuẩn", [("đạt", "đã đạt")]),
    ("đạt chuẩn", "đạt chuẩn.", [("chuẩn", "chuẩn.")]),
    ("trong nước .", "trong nước.", [("nước .", "nước.")]),
    ("Bớt đi rồi.", "rồi.", [("Bớt đi", "")]),
    ("a\nChia sẻ\nb", "a\nb", [("Chia sẻ", "")]),
    ("Chia sẻ", "", [("Chia sẻ", "")]),
    ("đi  học", "đi học", [("đi  học", "đi học")]),
])
def test_corrections_are_those_an_annotator_would_mark(text, reference, wanted):
    found = corrections(text, reference)
    assert [(text[c.start : c.end], c.text) for c in found] == wanted
    assert rebuilt(text, found) == reference


def test_rebuilt_is_what_the_compiler_of_references_makes():
    marked = ("các xã ⟦xã⟧{|repetition|minor|surface} đạt\n⟦Chia sẻ⟧{|boilerplate|minor|surface}\n"
              "⟦a⟧{b|spelling|minor|surface}")
    text, reference, spans = reference_compiler.parse_marks(marked)
    assert rebuilt(text, [Correction(s["start"], s["end"], s["correction"]) for s in spans]) == reference


@pytest.mark.parametrize(("old", "new", "label"), [
    ("nước .", "nước.", Label.PUNCTUATION), ("nong thon", "nông thôn", Label.LOST_DIACRITICS),
    ("nông thón", "nông thôn", Label.SPELLING), ("quảng trị", "Quảng Trị", Label.SPELLING),
    ("95,539 tỷ", "95.539 tỷ", Label.PUNCTUATION), ("95 tỷ", "96 tỷ", Label.NUMBER_FORMAT),
    ("mẫu kiểu", "kiểu mẫu", Label.WORD_ORDER), ("xã xã", "xã", Label.REPETITION),
    ("phương thức", "địa phương", Label.MISTRANSLATION), ("phương thức", "", Label.MISTRANSLATION),
])
def test_guessed_labels(old, new, label):
    assert guess(old, new)[0] is label


@RULES
@given(repairs())
def test_token_edits_give_the_tokens_of_the_target(repair):
    for sentence in (s for b in blocks(repair) for s in b.sentences):
        source = repair.article.text[sentence.start : sentence.end]
        words = [t.text for t in tokenized(source)]
        edits = token_edits(sentence, source)
        assert apply_token_edits(words, edits) == [t.text for t in tokenized(sentence.target)]
        assert all(a.end <= b.start for a, b in zip(edits, edits[1:], strict=False))


def test_token_edits_carry_labels():
    repair = made()
    sentence = blocks(repair)[0].sentences[0]
    (edit,) = token_edits(sentence, TEXT[sentence.start : sentence.end])
    assert (edit.tokens, edit.label) == (("NTM", "kiểu", "mẫu"), Label.WORD_ORDER)

"""Scorers of edits and facts, each against an example worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.evaluate.edits import Change, changes, edit_counts, edit_scores, over_edit_counts
from vn_repair.evaluate.facts import fact_counts, fact_scores
from vn_repair.evaluate.references import GoldSpan
from vn_repair.types import Label, Severity

# Source, wrong words and their correction (in order), output, (fixed, wrong, unfixed).
CASES = [
    ("nothing done", "xây dựng mẫu kiểu NTM ở xã", [("mẫu kiểu NTM", "NTM kiểu mẫu")],
     "xây dựng mẫu kiểu NTM ở xã", (0, 0, 1)),
    ("fixed", "xây dựng mẫu kiểu NTM ở xã", [("mẫu kiểu NTM", "NTM kiểu mẫu")],
     "xây dựng NTM kiểu mẫu ở xã", (1, 0, 0)),
    ("changed to something else", "xây dựng mẫu kiểu NTM ở xã", [("mẫu kiểu NTM", "NTM kiểu mẫu")],
     "xây dựng mẫu NTM ở xã", (0, 1, 1)),
    ("fixed, and a clean word changed", "xây dựng mẫu kiểu NTM ở xã", [("mẫu kiểu NTM", "NTM kiểu mẫu")],
     "xây dựng NTM kiểu mẫu ở huyện", (1, 1, 0)),
    ("the other copy of a doubled word deleted", "nhà nước hỗ trợ xã xã nghèo", [("xã ", "")],
     "nhà nước hỗ trợ xã nghèo", (1, 0, 0)),
    ("one of two", "sponsor and sponsor the villages villages here",
     [("and sponsor", ""), ("villages villages", "villages")], "sponsor the villages villages here", (1, 0, 1)),
    ("a whole line deleted", "Chia sẻ bài viết", [("Chia sẻ bài viết", "")], "", (1, 0, 0)),
    ("a space before a mark", "nông thôn mới , đạt chuẩn", [("mới ,", "mới,")], "nông thôn mới, đạt chuẩn", (1, 0, 0)),
    ("a space before a mark left", "nông thôn mới , đạt chuẩn", [("mới ,", "mới,")],
     "nông thôn mới , đạt chuẩn", (0, 0, 1)),
    ("a word added far off", "đạt chuẩn nông thôn mới", [], "đã đạt chuẩn nông thôn mới", (0, 1, 0)),
    ("two spans rewritten as one", "hội nghị chủ trì bởi ông ông Nam",
     [("hội nghị chủ trì", "chủ trì hội nghị"), ("ông ông", "ông")], "chủ trì hội nghị bởi ông Nam", (2, 0, 0)),
]


def spans_of(source: str, wrong: list[tuple[str, str]]) -> list[GoldSpan]:
    out, at = [], 0
    for words, correction in wrong:
        start = source.index(words.strip(), at)
        at = start + len(words.strip())
        out.append(GoldSpan(start, at, Label.REPETITION, Severity.MAJOR, "surface", correction))
    return out


@pytest.mark.parametrize(("source", "wrong", "output", "counts"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_edits(source: str, wrong: list[tuple[str, str]], output: str, counts: tuple[int, int, int]) -> None:
    assert edit_counts(source, spans_of(source, wrong), output).vector == counts


def test_scores_of_edits() -> None:
    found = edit_scores((3, 1, 3))  # 4 changes, 6 spans
    assert found == {"precision": 0.75, "recall": 0.5, "f0.5": pytest.approx(3.75 / 5.5)}


def test_spans_by_label() -> None:
    source = "xã xã đạt đạt chuẩn"
    spans = spans_of(source, [("xã xã", "xã"), ("đạt đạt", "đạt")])
    assert edit_counts(source, spans, "xã đạt đạt chuẩn").by_label == {Label.REPETITION: (2, 1)}


@pytest.mark.parametrize("output", ["một hai ba", "một BỐN ba", "một NĂM ba"])
def test_a_span_that_only_the_source_shows_is_neutral(output: str) -> None:
    span = GoldSpan(4, 7, Label.MISTRANSLATION, Severity.MAJOR, "source_only", "BỐN")
    assert edit_counts("một hai ba", [span], output).vector == (0, 0, 0)


def test_changes_are_words_with_only_a_space_between_them_joined() -> None:
    assert changes("một hai ba bốn", "một HAI BA bốn năm") == [Change(4, 10, "HAI BA"), Change(14, 14, " năm")]


def test_over_editing() -> None:
    assert over_edit_counts("xã đạt chuẩn", "xã đạt chuẩn") == (0, 1, 0, 12)
    assert over_edit_counts("xã đạt chuẩn", "xã đã đạt chuẩn") == (1, 1, 3, 12)  # "đã " came in
    assert over_edit_counts("xã đạt chuẩn", "xã đạt") == (1, 1, 5, 12)


@given(st.text(alphabet="ab ,.", max_size=30), st.text(alphabet="ab ,.", max_size=30))
def test_changes_rebuild_the_target(source: str, target: str) -> None:
    out, at = [], 0
    for change in changes(source, target):
        assert at <= change.start <= change.end <= len(source)
        out += [source[at : change.start], change.text]
        at = change.end
    assert "".join([*out, source[at:]]).split() == target.split()


@given(st.text(alphabet="ab ,.", max_size=30), st.text(alphabet="ab ,.", max_size=30))
def test_the_reference_itself_is_perfect(source: str, target: str) -> None:
    spans = [GoldSpan(c.start, c.end, Label.FRAGMENT, Severity.MINOR, "surface", c.text)
             for c in changes(source, target) if c.end > c.start]
    corrected, at = [], 0
    for span in spans:
        corrected += [source[at : span.start], span.correction]
        at = span.end
    output = "".join([*corrected, source[at:]])
    counts = edit_counts(source, spans, output)
    assert (counts.wrong, counts.unfixed) == (0, 0)
    assert counts.fixed == len(spans)


def test_a_name_in_english_may_keep_its_accents() -> None:
    accented, plain = "Mr. Nguyễn Văn Hùng spoke.", "Mr. Nguyen Van Hung spoke."
    assert fact_counts((accented, "en"), (plain, "en"), (accented, "en"))[6:] == (1, 1, 0, 1, 1)


def test_facts() -> None:
    reference = "Ngày 29/5/2020, ông Nguyễn Văn Hùng cho biết 19 xã đạt 39.632 tỷ đồng."
    english = "On May 29, 2020, Nguyen Van Hung said that 18 communes reached 39,632 billion dong."
    garbled = reference.replace("39.632", "39,632.0")
    counts = fact_counts((reference, "vi"), (english, "en"), (garbled, "vi"))
    # 19 became 18; the date and the name are there; the source has three of the four right
    assert counts == (2, 1, 1, 1, 1, 0, 1, 1, 0, 3, 2)
    assert fact_scores(counts) == {"numbers_kept": 0.5, "dates_kept": 1.0, "names_kept": 1.0, "facts_invented": 0.25,
                                   "sound_facts_kept": 2 / 3}

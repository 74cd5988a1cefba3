"""Spans of several detectors become one list that does not overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.detect.merge import beside, merge_spans, touches, trim
from vn_repair.types import Label, Severity, Span


def span(text: str, surface: str, label: Label, score: float, suggestion: str | None = None) -> Span:
    at = text.index(surface)
    return Span(at, at + len(surface), label, Severity.MAJOR, score, "test", "", suggestion)


def test_blocks_swallow_what_is_inside() -> None:
    text = "Ảnh một: the of"
    found = merge_spans(text, [span(text, "the of", Label.UNTRANSLATED, 0.99), span(text, text, Label.DUPLICATE, 0.6)])
    assert [s.label for s in found] == [Label.DUPLICATE]


def test_overlapping_spans_of_one_label_unite() -> None:
    text = "a to the of b"
    found = merge_spans(
        text, [span(text, "to the", Label.UNTRANSLATED, 0.9), span(text, "the of", Label.UNTRANSLATED, 0.8)]
    )
    assert [(text[s.start : s.end], s.score, s.suggestion) for s in found] == [("to the of", 0.9, None)]


@pytest.mark.parametrize(
    ("text", "first", "second", "expected"),
    [
        (
            "trong nước.Do that, xã",
            ("nước.Do", Label.PUNCTUATION, 0.9, "nước. Do"),
            ("Do that", Label.UNTRANSLATED, 0.8, None),
            [".", "Do that"],
        ),
        (
            "the white rural commune”9 is",
            ("white rural commune", Label.TERMINOLOGY, 0.9, "commune short of the standards"),
            ("commune”9", Label.FOOTNOTE_RESIDUE, 0.8, "commune”"),
            ["white rural commune", "9"],
        ),
        (
            "một hai ba bốn",
            ("hai ba", Label.WORD_ORDER, 0.9, "ba hai"),
            ("ba bốn", Label.MISTRANSLATION, 0.8, "năm sáu"),
            ["hai ba"],
        ),
    ],
)
def test_the_weaker_stays_only_where_the_changes_lie_apart(
    text: str, first: tuple[str, Label, float, str], second: tuple[str, Label, float, str], expected: list[str]
) -> None:
    found = merge_spans(text, [span(text, *first), span(text, *second)])
    assert [text[s.start : s.end] for s in found] == expected


def test_trim_keeps_the_meaning_of_the_edit() -> None:
    text = "tỉnh nước.Do đó"
    cut = trim(text, span(text, "nước.Do", Label.PUNCTUATION, 0.9, "nước. Do"))
    assert text[: cut.start] + str(cut.suggestion) + text[cut.end :] == "tỉnh nước. Do đó"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from(list(Label)), st.floats(0, 1),
                          st.none() | st.text("ab ", max_size=5)), max_size=12))  # fmt: skip
def test_merged_spans_never_overlap_and_trimmed_edits_agree(
    rows: list[tuple[int, int, Label, float, str | None]],
) -> None:
    text = "ab ba aab bba abab baba a b aabb ab bb aa"
    spans = [Span(a, a + n, label, Severity.MINOR, score, "d", "", new) for a, n, label, score, new in rows]
    found = merge_spans(text, spans)
    for a, b in zip(found, found[1:], strict=False):
        assert a.end <= b.start
        assert not touches(a, b)
    for s in spans:
        cut = trim(text, s)
        assert 0 <= cut.start < cut.end <= len(text)
        if s.suggestion is not None:
            whole = text[: s.start] + s.suggestion + text[s.end :]
            assert text[: cut.start] + str(cut.suggestion) + text[cut.end :] == whole


def test_what_a_model_doubts_never_hides_what_a_rule_knows() -> None:
    text = "một hai ba bốn năm"
    known = [span(text, "hai", Label.SPELLING, 0.6, "HAI")]
    doubts = [span(text, "một hai ba", Label.WORD_ORDER, 0.9), span(text, "bốn", Label.FRAGMENT, 0.9)]
    assert [text[s.start : s.end] for s in beside(text, doubts, known)] == ["một", "ba", "bốn"]
    assert beside(text, [span(text, "hai", Label.WORD_ORDER, 0.99)], known) == []
    assert beside(text, doubts, []) == doubts


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=6), st.integers(0, 20), st.integers(1, 9))
def test_doubts_and_knowledge_never_overlap(places: list[tuple[int, int]], start: int, length: int) -> None:
    text = "ab cd, ef gh ij kl mn. op qr"
    known = merge_spans(
        text, [Span(a, min(len(text), a + n), Label.FRAGMENT, Severity.MINOR, 0.5, "t", "") for a, n in places]
    )
    doubt = Span(start, min(len(text), start + length), Label.WORD_ORDER, Severity.MINOR, 0.9, "t", "")
    for part in beside(text, [doubt], known):
        assert doubt.start <= part.start < part.end <= doubt.end
        assert not any(touches(part, k) for k in known)

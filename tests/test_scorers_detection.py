"""Scorers of detection, each against an example worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.evaluate.detection import (
    character_counts,
    f_score,
    label_counts,
    matthews,
    per_ten_thousand,
    precision_recall_f1,
    span_counts,
    token_counts,
    wmt_counts,
)
from vn_repair.evaluate.references import GoldSpan
from vn_repair.types import Label, Severity, Span


def gold(start: int, end: int, label: Label = Label.REPETITION, severity: Severity = Severity.MAJOR,
         evidence: str = "surface") -> GoldSpan:
    return GoldSpan(start, end, label, severity, evidence, "")


def said(start: int, end: int, label: Label = Label.REPETITION, severity: Severity = Severity.MAJOR) -> Span:
    return Span(start, end, label, severity, 0.9, "test", "")


def test_characters() -> None:
    # "aaaa bbbb cccc": wanted 0–4; said 2–7: 2 found, 3 false, 2 missed.
    counts = character_counts([gold(0, 4)], [said(2, 7)], 14)
    assert counts == (2, 3, 2)
    found = precision_recall_f1(counts)
    assert found["precision"] == pytest.approx(2 / 5)
    assert found["recall"] == pytest.approx(2 / 4)
    assert found["f1"] == pytest.approx(4 / 9)


def test_label_and_overlapping_predictions_do_not_matter_for_characters() -> None:
    assert character_counts([gold(0, 4)], [said(0, 3, Label.SPELLING), said(2, 4)], 4) == (4, 0, 0)


def test_source_only_is_neither_a_miss_nor_a_false_alarm() -> None:
    spans = [gold(0, 4), gold(5, 9, evidence="source_only")]
    assert character_counts(spans, [], 14) == (0, 0, 4)
    assert character_counts(spans, [said(2, 9)], 14) == (2, 1, 2)  # 2, 3 found; the space at 4 false
    assert span_counts(spans, [said(5, 9)], 14) == (0, 0, 1)
    assert token_counts("aaaa bbbb cccc", spans, [said(5, 9)]) == (0, 0, 1, 1)  # aaaa missed, cccc good, bbbb left out
    assert wmt_counts([spans[1]], [], 14) == (1.0, 1)
    assert wmt_counts([spans[1]], [said(5, 9)], 14) == (1.0, 1)
    assert label_counts([spans[1]], [], 14) == {}


def test_spans_need_both_ends() -> None:
    spans = [gold(0, 4), gold(5, 9)]
    assert span_counts(spans, [said(0, 4, Label.SPELLING), said(5, 8)], 14) == (1, 1, 1)


def test_tokens() -> None:
    # a and b are bad, b and c are marked: b right, c a false alarm, a missed, d right.
    assert token_counts("a b c d", [gold(0, 1), gold(2, 3)], [said(2, 5)]) == (1, 1, 1, 1)
    assert matthews((1, 1, 1, 1)) == 0.0
    assert matthews((2, 1, 4, 1)) == pytest.approx(7 / 15)  # (2·4 − 1·1) / √(3·3·5·5)
    assert matthews((0, 0, 4, 1)) == 0.0


def test_a_mark_is_a_token_and_a_touched_word_is_bad() -> None:
    assert token_counts("mới, xã", [gold(0, 2)], [said(3, 4)]) == (0, 1, 1, 1)


def test_wmt() -> None:
    # Right characters, wrong severity: credit 2 of 4, so precision = recall = 1/2.
    assert wmt_counts([gold(0, 4)], [said(0, 4, severity=Severity.MINOR)], 8) == (pytest.approx(0.5), 1)
    assert wmt_counts([gold(0, 4)], [said(0, 4, severity=Severity.CRITICAL)], 8) == (1.0, 1)
    assert wmt_counts([], [], 8) == (1.0, 1)
    assert wmt_counts([], [said(0, 4)], 8) == (0.0, 1)
    assert wmt_counts([gold(0, 4)], [], 8) == (0.0, 1)


def test_labels() -> None:
    spans = [gold(0, 4), gold(5, 9), gold(10, 14, Label.SPELLING)]
    marks = [said(0, 3), said(10, 11, Label.MOJIBAKE)]
    assert label_counts(spans, marks, 14) == {Label.REPETITION: (8, 3, 3, 2, 1), Label.SPELLING: (4, 1, 0, 1, 0)}


def test_rates() -> None:
    assert per_ten_thousand((5, 2000)) == 25
    assert precision_recall_f1((0, 0, 0)) == {"precision": 0, "recall": 0, "f1": 0}
    # F0.5 of 3 found, 1 false, 3 missed: 1.25·3 / (1.25·3 + 0.25·3 + 1) = 3.75 / 5.5
    assert f_score(3, 1, 3, beta=0.5) == pytest.approx(3.75 / 5.5)


def test_span_outside_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="outside"):
        character_counts([], [said(0, 5)], 4)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_counts_add_up(pairs: list[tuple[int, int]]) -> None:
    marks = [said(min(p), max(p)) for p in pairs]
    spans = [gold(3, 9), gold(12, 20)]
    found, false, missed = character_counts(spans, marks, 30)
    assert found + missed == 14
    assert found + false == len({i for s in marks for i in range(s.start, s.end)})

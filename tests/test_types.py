"""Edits: applied, inverted, and nothing outside them touched, for any text and any edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.types import MQM_CATEGORY, Edit, Label, Status, apply_edits, check_spans, invert_edits

STATUSES = st.sampled_from([Status.ACCEPTED, Status.ACCEPTED, Status.REVIEW, Status.REJECTED])


def edit(start: int, end: int, replacement: str, status: Status = Status.ACCEPTED) -> Edit:
    return Edit(start, end, replacement, "case", 0.9, status)


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text and edits of it, those accepted not overlapping, in any order."""
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    edits = [edit(a, b, draw(st.text(max_size=8)), draw(STATUSES)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return text, draw(st.permutations(edits))


def test_accepted_edits_alone_are_applied() -> None:
    text = "Show vẫn còn 45 huyện “” xã NTM."
    edits = [edit(22, 24, "“trắng”"), edit(0, 4, "Hiện"), edit(5, 8, "đã", Status.REVIEW),
             edit(25, 27, "", Status.REJECTED)]
    assert apply_edits(text, edits) == "Hiện vẫn còn 45 huyện “trắng” xã NTM."


@given(texts_with_edits())
def test_inverted_edits_give_the_text_back(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    repaired = apply_edits(text, edits)
    assert apply_edits(repaired, invert_edits(text, edits)) == text


@given(texts_with_edits())
def test_inverting_twice_repairs_again(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    repaired = apply_edits(text, edits)
    back = invert_edits(text, edits)
    assert apply_edits(text, invert_edits(repaired, back)) == repaired


@given(texts_with_edits())
def test_text_outside_accepted_edits_is_unchanged(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    repaired = apply_edits(text, edits)
    at_text = at_repaired = 0
    for one in sorted((e for e in edits if e.status is Status.ACCEPTED), key=lambda e: (e.start, e.end)):
        kept = text[at_text : one.start]
        assert repaired[at_repaired : at_repaired + len(kept)] == kept
        at_repaired += len(kept)
        assert repaired[at_repaired : at_repaired + len(one.replacement)] == one.replacement
        at_repaired += len(one.replacement)
        at_text = one.end
    assert repaired[at_repaired:] == text[at_text:]


@given(texts_with_edits())
def test_without_accepted_edits_nothing_changes(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply_edits(text, [e for e in edits if e.status is not Status.ACCEPTED]) == text


@given(st.text(min_size=2, max_size=30), st.data())
def test_overlapping_accepted_edits_raise(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    inside = data.draw(st.integers(start + 1, end - 1))
    edits = data.draw(st.permutations([edit(start, end, "x"), edit(inside, len(text), "y")]))
    with pytest.raises(ValueError, match="overlap"):
        apply_edits(text, edits)


def test_an_overlap_with_an_edit_not_accepted_is_no_conflict() -> None:
    assert apply_edits("một hai", [edit(0, 7, "x", Status.REVIEW), edit(0, 3, "1")]) == "1 hai"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 4), (2, 1), (5, 6)])
def test_offsets_outside_the_text_raise(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        check_spans("abc", [edit(start, end, "")])
    with pytest.raises(ValueError, match="outside"):
        apply_edits("abc", [edit(start, end, "", Status.REVIEW)])


def test_every_label_has_an_mqm_category() -> None:
    assert set(MQM_CATEGORY) == set(Label)

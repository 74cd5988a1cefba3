"""What there is to decide, and what decisions make of a text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.review.items import (
    ACCEPTED,
    DONE,
    EDIT,
    OVERLAP,
    REJECTED,
    REVIEW,
    UNANSWERED,
    Decision,
    edits_in_force,
    find_items,
    settle,
    whole_words,
)
from vn_repair.types import Article, Edit, Label, Repair, Severity, Span, Status, apply_edits

TEXT = "Xã xã đạt mẫu kiểu NTM và enable with variable, duy trì 47.5. % hộ."


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def span(words: str, label: Label = Label.WORD_ORDER, severity: Severity = Severity.MAJOR) -> Span:
    return Span(*at(words), label, severity, 0.9, f"{label}.test", "reason")


def edit(words: str, new: str, status: Status, *others: str) -> Edit:
    return Edit(*at(words), new, "rule:test", 0.8, status, ("passed: numbers",), tuple((o, 0.4) for o in others))


REPAIR = Repair(
    Article("a", TEXT, "vi", "a.txt"),
    (span("Xã xã", Label.REPETITION), span("mẫu kiểu NTM"), span("enable with variable", Label.UNTRANSLATED),
     span("47.5. %", Label.NUMBER_FORMAT)),
    (edit("Xã xã", "Xã", Status.ACCEPTED), edit("mẫu kiểu NTM", "NTM kiểu mẫu", Status.REVIEW, "mẫu NTM"),
     edit("47.5. %", "47,5 %", Status.REJECTED)),
    "", "")


def items_of(*decisions: Decision):
    return find_items(REPAIR, decisions)


def made(*decisions: Decision) -> str:
    return apply_edits(TEXT, edits_in_force(TEXT, items_of(*decisions)))


def test_statuses_without_decisions() -> None:
    assert [(i.number, i.status, i.open, i.label) for i in items_of()] == [
        (1, ACCEPTED, False, Label.REPETITION), (2, REVIEW, True, Label.WORD_ORDER),
        (3, UNANSWERED, True, Label.UNTRANSLATED), (4, REJECTED, False, Label.NUMBER_FORMAT)]
    assert made() == TEXT.replace("Xã xã", "Xã")


@pytest.mark.parametrize(("words", "verdict", "new", "wanted"), [
    ("mẫu kiểu NTM", ACCEPTED, "NTM kiểu mẫu", "Xã đạt NTM kiểu mẫu và enable with variable, duy trì 47.5. % hộ."),
    ("enable with variable", ACCEPTED, "còn thấp", "Xã đạt mẫu kiểu NTM và còn thấp, duy trì 47.5. % hộ."),
    ("Xã xã", REJECTED, "", TEXT),
    ("47.5. %", ACCEPTED, "47,5%", "Xã đạt mẫu kiểu NTM và enable with variable, duy trì 47,5% hộ."),
    # A deletion takes a space along.
    ("enable with variable", ACCEPTED, "", "Xã đạt mẫu kiểu NTM và, duy trì 47.5. % hộ."),
    # Words that nothing was found in.
    ("duy trì", ACCEPTED, "giữ vững", "Xã đạt mẫu kiểu NTM và enable with variable, giữ vững 47.5. % hộ."),
])
def test_a_decision_is_in_the_text(words: str, verdict: str, new: str, wanted: str) -> None:
    decision = Decision(EDIT, *at(words), verdict, new)
    assert made(decision) == wanted
    item = next(i for i in items_of(decision) if (i.start, i.end) == at(words))
    assert item.decided and not item.open and item.status == verdict


def test_accepting_words_sets_aside_what_lies_in_them() -> None:
    whole = Decision(EDIT, at("Xã xã")[0], at("mẫu kiểu NTM")[1], ACCEPTED, "Xã đạt NTM kiểu mẫu")
    settled = settle(items_of(), whole)
    assert [(d.start, d.verdict, d.because) for d in settled[1:]] == [
        (at("Xã xã")[0], REJECTED, OVERLAP), (at("mẫu kiểu NTM")[0], REJECTED, OVERLAP)]
    assert made(*settled).startswith("Xã đạt NTM kiểu mẫu và enable")
    # Even without those, a person's edit stands before a machine's.
    assert made(whole) == made(*settled)


def test_what_is_rejected_or_done_takes_nothing_along() -> None:
    for decision in (Decision(EDIT, 0, len(TEXT), REJECTED), Decision(DONE, 0, 0, ACCEPTED)):
        assert settle(items_of(), decision) == [decision]


def test_two_proposals_for_the_same_words_are_one_item() -> None:
    twice = replace(REPAIR, edits=(*REPAIR.edits, edit("mẫu kiểu NTM", "mẫu hình NTM", Status.REVIEW)))
    items = find_items(twice, ())
    assert len(items) == 4
    assert [text for text, _ in items[1].choices] == ["NTM kiểu mẫu", "mẫu NTM", "mẫu hình NTM"]


def test_label_and_severity_may_be_changed() -> None:
    start, end = at("mẫu kiểu NTM")
    same = items_of(Decision(EDIT, start, end, ACCEPTED, "x", "word_order", "major"))[1]
    other = items_of(Decision(EDIT, start, end, ACCEPTED, "x", "terminology", ""))[1]
    assert not same.relabelled and other.relabelled
    assert (other.label, other.severity) == (Label.TERMINOLOGY, Severity.MAJOR)


@pytest.mark.parametrize(("chosen", "wanted"), [
    ("kiểu", "kiểu"), (" kiểu ", "kiểu"), ("ểu NT", "kiểu NTM"), ("rì 47", "trì 47"), (",", ","), (" ", ""),
    ("m", "NTM"), ("h", "with"),
])
def test_selection_becomes_whole_words(chosen: str, wanted: str) -> None:
    start = TEXT.index("NTM") + 2 if chosen == "M" else TEXT.index({"m": "M và"}.get(chosen, chosen))
    if chosen == "h":
        start = TEXT.index("th var") + 1
    start, end = whole_words(TEXT, start, start + len(chosen))
    assert TEXT[start:end] == wanted


@st.composite
def repairs_with_decisions(draw: st.DrawFn) -> tuple[Repair, list[Decision]]:
    text = draw(st.text("ab đ\n.", min_size=1, max_size=40))
    place = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda p: (min(p), max(p)))
    spans, floor = [], 0
    for start, end in sorted(draw(st.lists(place, max_size=5))):
        if floor <= start < end:
            spans.append(Span(start, end, draw(st.sampled_from(Label)), Severity.MINOR, 0.5, "d", ""))
            floor = end
    new = st.text("xy ", max_size=4)
    edits = [Edit(*draw(place), draw(new), "p", 0.5, draw(st.sampled_from(Status)))
             for _ in range(draw(st.integers(0, 6)))]
    decisions = [Decision(EDIT, *draw(place), draw(st.sampled_from([ACCEPTED, REJECTED])), draw(new))
                 for _ in range(draw(st.integers(0, 6)))]
    return Repair(Article("h", text, "vi", "-"), tuple(spans), tuple(edits), "", ""), decisions


@settings(max_examples=120, deadline=None)
@given(repairs_with_decisions())
def test_edits_in_force_never_overlap_and_the_last_decision_stands(case: tuple[Repair, list[Decision]]) -> None:
    repair, decisions = case
    text = repair.article.text
    by_place: dict[tuple[str, int, int], Decision] = {}
    for decision in decisions:
        by_place |= {d.place: d for d in settle(find_items(repair, by_place.values()), decision)}
        items = find_items(repair, by_place.values())
        result = apply_edits(text, edits_in_force(text, items))  # raises if any overlap
        assert [i.number for i in items] == list(range(1, len(items) + 1))
        made = next(i for i in items if (i.start, i.end) == (decision.start, decision.end))
        assert made.status == decision.verdict
        if decision.verdict == ACCEPTED:
            assert decision.replacement in result

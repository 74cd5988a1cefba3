"""Every gate lets the right edit through and stops the wrong one."""

from __future__ import annotations

import pytest

from vn_repair.pipeline import detect_article
from vn_repair.propose.rules import deletion_bounds, rule_edits
from vn_repair.types import Article, Edit, Label, Segment, Severity, Span, Status, apply_edits
from vn_repair.verify.decide import choose, decide
from vn_repair.verify.gates import Case


def case(
    text: str,
    surface: str,
    replacement: str,
    *,
    lang: str = "vi",
    label: Label = Label.MISTRANSLATION,
    proposer: str = "embedded",
    score: float = 0.9,
) -> Case:
    start = text.index(surface)
    article = Article("a", text, lang, "a")
    span = Span(start, start + len(surface), label, Severity.MAJOR, 0.9, "test", "")
    return Case(
        article,
        Edit(start, start + len(surface), replacement, proposer, score),
        (span,),
        Segment(0, len(text), lang),
        0.5,
        detect_article,
    )


TEXT = "Đến nay, trong when tỉnh Quảng Trị có 117 xã theo Quyết định 263/QĐ-TTg, ông Trần Thanh Nam cho biết."


@pytest.mark.parametrize(
    ("surface", "replacement", "status", "gate"),
    [
        ("trong when", "trong khi", Status.ACCEPTED, None),
        ("có 117 xã", "có 118 xã", Status.REJECTED, "numbers"),
        ("có 117 xã", "có xã", Status.REJECTED, "numbers"),
        ("Quyết định 263/QĐ-TTg", "Quyết định 263", Status.REJECTED, "references"),
        ("ông Trần Thanh Nam", "ông Nam", Status.REJECTED, "names"),
        ("trong when", "trong which", Status.REJECTED, "language"),
        ("trong when", "trong khi khi", Status.REJECTED, "repetition"),
        ("trong when", "trong khi mà toàn thể nhân dân cùng nhau ra sức thi đua", Status.REVIEW, "length"),
        ("trong when", "trong khi tỉnh", Status.REJECTED, "repetition"),
    ],
)
def test_gates(surface: str, replacement: str, status: Status, gate: str | None) -> None:
    edit = decide(case(TEXT, surface, replacement))
    assert edit.status is status, edit.reasons
    if gate:
        assert any(reason.startswith(f"{gate}: ") for reason in edit.reasons)
    else:
        assert edit.reasons == (
            "passed: addresses, numbers, references, names, language, repetition, glossary, new_span, "
            "negation, length, confidence",
        )


def test_a_forbidden_rendering_is_refused_by_the_glossary_gate() -> None:
    text = "The province has 12 communes that reach model rurals standards this year."
    edit = decide(case(text, "model rurals standards", "rural standards", lang="en"))
    assert edit.status is Status.REJECTED
    assert any(reason.startswith("glossary: ") for reason in edit.reasons), edit.reasons


def test_low_confidence_goes_to_review() -> None:
    assert decide(case(TEXT, "trong when", "trong khi", score=0.3)).status is Status.REVIEW


def test_choose_prefers_the_first_candidate_that_passes_and_keeps_the_rest() -> None:
    edit = choose([case(TEXT, "trong when", t, score=s) for t, s in (("trong which", 0.9), ("trong khi", 0.8))])
    assert (edit.replacement, edit.status) == ("trong khi", Status.ACCEPTED)
    assert edit.alternatives == (("trong which", 0.9),)


def test_rules_may_change_numbers_only_where_the_span_is_about_them() -> None:
    text = "The province has 47.5. % of its communes."
    right = case(text, "47.5. %", "47.5%", lang="en", label=Label.NUMBER_FORMAT, proposer="rule:number")
    wrong = case(text, "47.5. %", "%", lang="en", label=Label.FRAGMENT, proposer="rule:other")
    assert decide(right).status is Status.ACCEPTED
    assert decide(wrong).status is Status.REJECTED


@pytest.mark.parametrize(
    ("text", "surface", "rest"),
    [
        ("một\nhai\nba", "hai", "một\nba"),
        ("một\n\nhai\n\nba", "hai", "một\n\nba"),
        ("một\nhai", "hai", "một"),
        ("hai\n  ba", "hai", "  ba"),
        ("một hai ba", "hai", "một ba"),
        ("một hai.", "hai", "một."),
        ("hai ba", "hai", "ba"),
        ("một\r\nhai\r\nba", "hai", "một\r\nba"),
    ],
)
def test_deletions_leave_no_hole(text: str, surface: str, rest: str) -> None:
    start = text.index(surface)
    first, last = deletion_bounds(text, start, start + len(surface))
    assert text[:first] + text[last:] == rest


def test_rule_edits_do_not_overlap() -> None:
    text = "a\nb\nb\nb\nc"
    spans = [Span(i, i + 1, Label.DUPLICATE, Severity.MINOR, 0.9, "d", "", "") for i in (4, 6)]
    edits = [Edit(e.start, e.end, e.replacement, e.proposer, e.score, Status.ACCEPTED) for e in rule_edits(text, spans)]
    assert apply_edits(text, edits) == "a\nb\nc"

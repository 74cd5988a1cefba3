"""Figures, negation and what comes from nowhere: edits that read well and would be wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.types import Article, Edit, Label, Segment, Severity, Span, Status
from vn_repair.verify.decide import choose, decide
from vn_repair.verify.gates import Case

TEXT = (
    "Theo Quyết định 263/QĐ-TTg, thu nhập tăng from 10 triệu lên 12 triệu đồng, UBND huyện không có 1.500 hộ nghèo, "
    "theo NĐ-CP của HĐND họp ngày 12/5/2020 và ngày 5/12/2020 với ông Trần Thanh Nam."
)


def decided(surface: str, replacement: str, text: str = TEXT, lang: str = "vi", proposer: str = "embedded") -> Edit:
    start = text.index(surface)
    span = Span(start, start + len(surface), Label.MISTRANSLATION, Severity.MAJOR, 0.9, "test", "")
    edit = Edit(span.start, span.end, replacement, proposer, 0.9)
    return decide(Case(Article("a", text, lang, "a"), edit, (span,), Segment(0, len(text), lang), 0.5, lambda a: []))


@pytest.mark.parametrize(
    ("surface", "replacement", "status", "gate"),
    [
        ("from 10 triệu", "từ 10 triệu", Status.ACCEPTED, None),
        ("from 10 triệu lên 12", "từ 12 triệu lên 10", Status.REJECTED, "numbers: 10 12 would change order"),
        ("có 1.500 hộ", "có 500.1 hộ", Status.REJECTED, "numbers"),
        ("có 1.500 hộ", "có 1.500.000 hộ", Status.REJECTED, "numbers"),
        ("có 1.500 hộ", "có 1500 hộ", Status.REJECTED, "numbers"),
        ("ngày 12/5/2020 và ngày 5/12/2020", "ngày 5/12/2020 và ngày 12/5/2020", Status.REJECTED, "numbers"),
        ("ngày 12/5/2020 và", "ngày 12-5-2020 và", Status.REJECTED, "references"),
        ("huyện không có", "huyện có", Status.REVIEW, "negation: a negation would be lost"),
        ("thu nhập tăng", "thu nhập không tăng", Status.REVIEW, "negation: a negation would come in"),
        ("huyện không có", "huyện chưa có", Status.ACCEPTED, None),
        ("UBND huyện", "huyện", Status.REJECTED, "names: UBND would be lost"),
        ("tăng from", "tăng theo UBND tỉnh", Status.ACCEPTED, None),
        ("theo NĐ-CP của HĐND", "theo NĐ-CP, của HĐND", Status.ACCEPTED, None),
        ("tăng from", "tăng theo HTX", Status.REJECTED, "names: HTX stands nowhere"),
        ("Quyết định 263/QĐ-TTg", "Nghị định 263/QĐ-TTg", Status.ACCEPTED, None),
        ("ông Trần Thanh Nam", "ông Trần Nam Thanh", Status.REJECTED, "names"),
        ("với ông Trần", "cùng ông trần", Status.REJECTED, "names: a part of Trần Thanh Nam would be changed"),
        ("với ông Trần", "cùng ông Trần", Status.ACCEPTED, None),
        ("thu nhập", "thu nhập nhập", Status.REJECTED, "repetition"),
    ],
)
def test_facts(surface: str, replacement: str, status: Status, gate: str | None) -> None:
    edit = decided(surface, replacement)
    assert edit.status is status, edit.reasons
    assert gate is None or any(reason.startswith(gate) for reason in edit.reasons)


def test_debris_of_the_other_language_may_deny_in_its_own_words() -> None:
    text = "Nhiều xã not yet đạt chuẩn."
    assert decided("not yet", "chưa", text).status is Status.ACCEPTED
    assert decided("not yet", "đã", text).status is Status.REVIEW
    english = "Many communes did chưa đạt the standards; the province didn’t wait."
    assert decided("did chưa đạt", "did not reach", english, "en").status is Status.ACCEPTED
    assert decided("didn’t wait", "waited", english, "en").status is Status.REVIEW


def test_what_a_rule_knows_is_not_asked_for_its_words() -> None:
    assert decided("huyện không có", "huyện có", proposer="rule:x").status is Status.ACCEPTED
    assert decided("from 10 triệu", "từ triệu", proposer="rule:x").status is Status.REJECTED


@given(st.text(alphabet="aàb 0159.,/Đ-\n", max_size=40), st.text(alphabet="aàb 0159.,/Đ-\n", max_size=40))
def test_no_edit_that_is_accepted_changes_the_digits(before: str, after: str) -> None:
    text = f"Xã {before} đạt."
    article, end = Article("a", text, "vi", "a"), 3 + len(before)
    case = Case(article, Edit(3, end, after, "embedded", 0.9), (), Segment(0, len(text), "vi"), 0.5, lambda a: [])
    edit = decide(case)
    assert edit.reasons
    if edit.status is not Status.REJECTED:
        assert [c for c in before if c.isdigit()] == [c for c in after if c.isdigit()]


CANDIDATES = st.tuples(st.sampled_from(["khi", "which", "khi khi", "rồi"]), st.floats(0, 1))


@given(st.lists(CANDIDATES, min_size=1, max_size=6))
def test_choose_takes_the_best_status_first_and_loses_no_candidate(candidates: list[tuple[str, float]]) -> None:
    text = "Xã when đạt."
    article, segment = Article("a", text, "vi", "a"), Segment(0, len(text), "vi")
    cases = [Case(article, Edit(3, 7, t, "embedded", s), (), segment, 0.5, lambda a: []) for t, s in candidates]
    chosen = choose(cases)
    order = [Status.ACCEPTED, Status.REVIEW, Status.REJECTED]
    statuses = [decide(c).status for c in cases]
    best = min(statuses, key=order.index)
    assert chosen.status is best
    assert (chosen.replacement, chosen.score) == candidates[statuses.index(best)]
    assert sorted([(chosen.replacement, chosen.score), *chosen.alternatives]) == sorted(candidates)

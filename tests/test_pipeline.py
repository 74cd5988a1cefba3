"""The whole pipeline with a proposer whose answers are known and a detector that marks known words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vn_repair.pipeline as pipeline
from vn_repair.pipeline import Repairer
from vn_repair.propose.request import Candidate, InfillRequest, Translation
from vn_repair.segment import segment
from vn_repair.types import Article, InputError, Label, Severity, Span, Status, apply_edits, check_spans, invert_edits

ANSWERS = {"when": "khi", "the": "của", "sponsor": "ủng hộ", "variable": "nguồn", "which": "which one", "keep": "keep"}


@dataclass
class FakeProposer:
    """Infills by table, rewrites by `rewritten`, translates by upper case; records what it was asked."""

    name: str = "fake"
    rewritten: tuple[Candidate, ...] = (Candidate("Hội nghị đánh giá cao kết quả.", 0.9),)
    lost: Callable[[str], tuple[str, ...]] = lambda text: ()
    tasks: tuple[str, ...] | None = None
    requests: list[InfillRequest] = field(default_factory=list)
    rewrites: list[str] = field(default_factory=list)
    translated: list[str] = field(default_factory=list)

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        self.translated += texts
        return [Translation(f"<{to}> {t.upper()}", 0.9, self.lost(t)) for t in texts]

    def rewrite(self, texts: Sequence[str], lang: str) -> list[list[Candidate]]:
        self.rewrites += texts
        return [list(self.rewritten) for _ in texts]

    def infill(self, requests: Sequence[InfillRequest]) -> list[list[list[Candidate]]]:
        self.requests += requests
        return [[[Candidate(ANSWERS.get(r.text[a:b], "khi"), 0.9)] for a, b in r.spans] for r in requests]

    def info(self) -> dict[str, Any]:
        return {"model": "fake", **({"tasks": list(self.tasks)} if self.tasks is not None else {})}


class NoProposer:
    """Fails on any touch."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the proposer was asked for {name}")


BAD = re.compile(r"\b(?:when|the|sponsor|variable|which|keep)\b|\[[^\[\]]*\]|#")


def find_bad(article: Article, *, rules_only: bool = False, off: Iterable[str] = (), **_: object) -> list[Span]:
    """Marks the words of `ANSWERS` and all between brackets; `#` is a rule's, which deletes it."""
    out = []
    for match in BAD.finditer(article.text):
        rule = match.group() == "#"
        label = Label.BOILERPLATE if rule else Label.UNTRANSLATED
        out.append(Span(*match.span(), label, Severity.MINOR, 0.6, "test", "test", "" if rule else None))
    return out


@pytest.fixture
def detect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "detect_article", find_bad)


def vietnamese(text: str) -> Article:
    return Article("a", text, "vi", "a")


@pytest.mark.usefixtures("detect")
def test_edits_are_applied_at_their_offsets_and_the_result_is_translated() -> None:
    fake = FakeProposer()
    text = "Đến nay, trong when tỉnh có 85 xã.\n\nNhân dân sponsor chương trình này."
    done = Repairer(proposer=fake).repair(vietnamese(text))
    assert done.vi == "Đến nay, trong khi tỉnh có 85 xã.\n\nNhân dân ủng hộ chương trình này."
    assert [(text[e.start : e.end], e.replacement, e.status, e.proposer) for e in done.edits] == [
        ("when", "khi", Status.ACCEPTED, "fake"),
        ("sponsor", "ủng hộ", Status.ACCEPTED, "fake"),
    ]
    assert done.en == "<en> ĐẾN NAY, TRONG KHI TỈNH CÓ 85 XÃ.\n\n<en> NHÂN DÂN ỦNG HỘ CHƯƠNG TRÌNH NÀY."
    assert [(r.text[a:b], r.lang) for r in fake.requests for a, b in r.spans] == [("when", "vi"), ("sponsor", "vi")]


@pytest.mark.usefixtures("detect")
def test_a_span_that_the_model_keeps_is_dropped_unless_the_detector_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Trong keep tỉnh có nhiều xã."
    done = Repairer(proposer=FakeProposer()).repair(vietnamese(text))
    assert (done.spans, done.edits, done.vi) == ((), (), text)
    sure = Span(6, 10, Label.UNTRANSLATED, Severity.MINOR, 0.9, "test", "test")
    monkeypatch.setattr(pipeline, "detect_article", lambda a, **_: [sure])
    done = Repairer(proposer=FakeProposer()).repair(vietnamese(text))
    assert (done.spans, done.edits, done.vi) == ((sure,), (), text)


@pytest.mark.usefixtures("detect")
def test_a_rejected_edit_leaves_the_text_and_the_span() -> None:
    text = "Trong which tỉnh có nhiều xã."
    done = Repairer(proposer=FakeProposer()).repair(vietnamese(text))
    assert done.vi == text
    assert [e.status for e in done.edits] == [Status.REJECTED]
    assert len(done.spans) == 1


@pytest.mark.usefixtures("detect")
def test_more_than_four_spans_go_in_several_requests() -> None:
    fake = FakeProposer()
    words = ["một when", "hai the", "ba sponsor", "bốn variable", "năm when", "sáu the"]
    text = "Trong tỉnh này có rất nhiều xã, " + " và ".join(words) + " nữa."
    done = Repairer(proposer=fake).repair(vietnamese(text))
    assert [len(r.spans) for r in fake.requests] == [4, 2]
    assert {r.text for r in fake.requests} == {text}
    assert len(done.edits) == 6
    repaired = "một khi và hai của và ba ủng hộ và bốn nguồn và năm khi và sáu của nữa."
    assert done.vi == f"Trong tỉnh này có rất nhiều xã, {repaired}"


@pytest.mark.usefixtures("detect")
def test_a_span_across_segments_is_reported_and_left_alone() -> None:
    fake = FakeProposer()
    text = "Hội nghị đánh giá [kết quả. Các xã] đạt chuẩn và when nữa."
    done = Repairer(proposer=fake).repair(vietnamese(text))
    assert [text[s.start : s.end] for s in done.spans] == ["[kết quả. Các xã]", "when"]
    assert done.vi == text.replace("when", "khi")


@pytest.mark.usefixtures("detect")
def test_a_segment_garbled_throughout_is_rewritten_whole() -> None:
    fake = FakeProposer()
    text = "Các xã đạt chuẩn.\n[Conference chủ trì kết cao quả đánh].\nNhân dân phấn khởi."
    done = Repairer(proposer=fake).repair(vietnamese(text))
    assert fake.rewrites == ["[Conference chủ trì kết cao quả đánh]."]
    assert done.vi == "Các xã đạt chuẩn.\nHội nghị đánh giá cao kết quả.\nNhân dân phấn khởi."
    assert fake.requests == []


@pytest.mark.usefixtures("detect")
@pytest.mark.parametrize("answer", ["", " ", "[the the]", "Hội nghị.\nHội nghị"])
def test_a_rewriting_that_says_nothing_deletes_nothing(answer: str) -> None:
    done = Repairer(proposer=FakeProposer(rewritten=(Candidate(answer, 0.99),))).repair(vietnamese("[the the]"))
    assert (done.vi, done.edits) == ("[the the]", ())


def test_a_rewriting_gives_way_to_a_rule_that_reaches_into_its_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Tin liên quan khác. Xem lại những the the the sponsor sponsor sponsor."
    first, second = text.index("khác"), text.index("the")
    spans = [
        Span(first, second - 1, Label.BOILERPLATE, Severity.MINOR, 0.9, "block", "", ""),
        Span(second, len(text) - 1, Label.MISTRANSLATION, Severity.CRITICAL, 0.9, "salad", ""),
    ]
    monkeypatch.setattr(pipeline, "detect_article", lambda a, **_: spans if a.text == text else [])
    done = Repairer(proposer=FakeProposer()).repair(vietnamese(text))
    accepted = [e for e in done.edits if e.status is Status.ACCEPTED]
    assert [e.proposer for e in accepted] == ["rule:block"]
    assert done.vi == apply_edits(text, done.edits)


@pytest.mark.usefixtures("detect")
def test_translation_keeps_lines_blank_lines_and_indentation() -> None:
    text = "  Tiêu đề bài viết\r\n\r\n\n12/5 - 34\n\tCâu một ở đây.  Câu hai ở đây.\n"
    done = Repairer(proposer=FakeProposer()).repair(vietnamese(text))
    assert done.vi == text
    assert done.en == "  <en> TIÊU ĐỀ BÀI VIẾT\r\n\r\n\n12/5 - 34\n\t<en> CÂU MỘT Ở ĐÂY.  <en> CÂU HAI Ở ĐÂY.\n"


@pytest.mark.usefixtures("detect")
def test_lost_numbers_are_noted_and_tried_again_in_halves() -> None:
    fake = FakeProposer(lost=lambda t: ("85",) if len(t) > 60 else ("7",) if "7" in t else ())
    text = "Đến nay, toàn tỉnh đã có tất cả 85 xã; các huyện còn lại đang cố gắng.\nCó 7 huyện."
    done = Repairer(proposer=fake).repair(vietnamese(text))
    where = f"{text.index('Có 7')}:{len(text)}"
    assert done.notes == (f"en: 7 lost its place in the translation of {where} and stands in brackets after it",)
    assert "85 XÃ; <en> CÁC HUYỆN" in done.en
    assert done.en.endswith("<en> CÓ 7 HUYỆN. [7]")


@pytest.mark.usefixtures("detect")
def test_a_proposer_that_does_not_translate_leaves_the_other_language_empty_with_a_note() -> None:
    fake = FakeProposer(tasks=("infill", "translate_vi"))
    done = Repairer(proposer=fake).repair(vietnamese("Trong when tỉnh có nhiều xã."))
    assert (done.vi, done.en) == ("Trong khi tỉnh có nhiều xã.", "")
    assert done.notes == ("en: fake does not translate to en",)
    assert fake.translated == []


def test_rules_only_never_touches_a_proposer() -> None:
    repairer = Repairer(rules_only=True, proposer=NoProposer())  # type: ignore[arg-type]
    text = "Cả tỉnh có 47.5. % số xã đạt chuẩn, enable with the low variable variable.\nTin liên quan"
    done = repairer.repair(Article("a", text, "vi", "a"))
    assert done.spans
    assert done.en == ""
    assert all(e.proposer.startswith("rule:") for e in done.edits)
    assert done.vi == apply_edits(text, done.edits)
    assert repairer.info()["backend"] == "rules only"


def test_an_english_article_is_corrected_in_english_and_translated_to_vietnamese() -> None:
    text = "The province has many communes that met the criteria for new rural areas."
    done = Repairer(proposer=FakeProposer()).repair(Article("a", text, "en", "a"))
    assert done.en == text
    assert done.vi == f"<vi> {text.upper()}"


def test_unknown_names_are_input_errors() -> None:
    with pytest.raises(InputError, match="no_such_rule: no such detector"):
        Repairer(off=["no_such_rule"], proposer=FakeProposer())
    with pytest.raises(InputError, match="--to fr: no such target language"):
        list(Repairer(proposer=FakeProposer()).translate(["Xin chào."], "fr"))


def test_a_detector_that_is_off_stays_silent() -> None:
    text = "Show vẫn còn nhiều khó khăn, trong when nguồn lực hạn chế của the commune."
    on = Repairer(rules_only=True).detect(vietnamese(text))
    assert on
    ids = sorted({s.detector for s in on})
    assert not {s.detector for s in Repairer(rules_only=True, off=ids).detect(vietnamese(text))} & set(ids)


@given(st.lists(st.sampled_from(["", " ", "Xin chào.", "  Một câu ở đây. ", "85"]), max_size=140))
@settings(max_examples=30, deadline=None)
def test_lines_stay_lines(lines: list[str]) -> None:
    out = list(Repairer(proposer=FakeProposer()).translate(iter(lines), "en"))
    assert out == [f"<en> {line.strip().upper()}" if line.strip() else "" for line in lines]


PIECES = st.sampled_from(
    ["xã", "Tỉnh", "đạt chuẩn", "when", "the", "sponsor", "which", "keep", "[a b]", "[c. D]", "#", "85%", "12/5/2020",
     ". ", ".\n", "\n\n", "\r\n", " ", " ", "\t", "\u00a0", "…", "Quyết định 263/QĐ-TTg", "ông Trần Thanh Nam", "😀"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_text_outside_accepted_edits_stays_as_it_is(pieces: list[str], rules_only: bool) -> None:
    article = vietnamese("".join(p if p.isspace() else p + " " for p in pieces))
    text = article.text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "detect_article", find_bad)
        done = Repairer(rules_only=rules_only, proposer=FakeProposer()).repair(article)
    check_spans(text, done.spans)
    check_spans(text, done.edits)
    accepted = sorted((e for e in done.edits if e.status is Status.ACCEPTED), key=lambda e: e.start)
    at = there = 0
    for edit in accepted:
        kept = text[at : edit.start]
        assert done.vi[there : there + len(kept)] == kept
        there += len(kept) + len(edit.replacement)
        assert done.vi[there - len(edit.replacement) : there] == edit.replacement
        at = edit.end
    assert done.vi[there:] == text[at:]
    inverse = invert_edits(text, done.edits)
    assert apply_edits(done.vi, inverse) == text
    for span in done.spans:
        assert BAD.fullmatch(text, span.start, span.end)
    for edit in done.edits:
        assert any(edit.start <= s.start and s.end <= edit.end for s in find_bad(article)) or any(
            (part.start, part.end) == (edit.start, edit.end) for part in segment(article)
        )

"""Rules' edits, translation of whole articles, long texts and what a translation lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.propose.long_texts import REACH, split_to_fit, translate_in_parts, window
from vn_repair.propose.lost_slots import lost_slots
from vn_repair.propose.request import InfillRequest, Translation
from vn_repair.propose.rules import deletion_bounds, rule_edits
from vn_repair.propose.translate_text import _inside, render_figures, split_clause, translate_text, translate_whole
from vn_repair.types import Article, Edit, Label, Severity, Span, Status, apply_edits


@pytest.mark.parametrize(
    ("source", "translation", "to", "lost"),
    [
        ("Có 5.177 xã, chiếm 52,8%.", "There are 5,177 communes, or 52.8%.", "en", ()),
        ("Có 5.177 xã, chiếm 52,8%.", "There are 5,177 communes.", "en", ("52,8",)),
        ("Có 5.177 xã.", "There are 5.177 communes.", "en", ()),  # regrouped, but there
        ("Từ 10 xã lên 10 huyện.", "From 10 communes to districts.", "en", ("10",)),
        ("Ngày 29/5/2020 họp.", "It met on May 29, 2020.", "en", ()),
        ("Ngày 29/5/2020 họp.", "It met on May 28, 2020.", "en", ("Ngày 29/5/2020",)),
        ("Tháng 6 có 3 xã.", "In June there were 3 communes.", "en", ()),
        ("Tháng 6 có 3 xã.", "In July there were 3 communes.", "en", ("6",)),
        ("Theo Quyết định 263/QĐ-TTg.", "Under Decision 263/QD-TTg.", "en", ()),
        ("Theo Quyết định 263/QĐ-TTg.", "Under a Decision.", "en", ("263/QĐ-TTg",)),
        ("Ông Trần Thanh Nam nói.", "Mr Tran Thanh Nam spoke.", "en", ()),
        ("Ở tỉnh Hà Tĩnh.", "In Hatinh province.", "en", ()),
        ("Ông Trần Thanh Nam nói.", "Mr Nam spoke.", "en", ("Trần Thanh Nam",)),
        ("They met on May 29, 2020 in 3 communes.", "Họ họp ngày 29/5/2020 tại 3 xã.", "vi", ()),
        ("It has 9,540.5 billion.", "Có 9.540,5 tỷ.", "vi", ()),
        ("It has 9,540.5 billion.", "Có nhiều tỷ.", "vi", ("9,540.5",)),
        ("Không có số nào.", "", "en", ()),
    ],
)
def test_lost_slots(source: str, translation: str, to: str, lost: tuple[str, ...]) -> None:
    assert lost_slots(source, translation, to) == lost


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("ngắn", 10, ["ngắn"]),
        ("Một câu dài. Hai câu.", 13, ["Một câu dài.", "Hai câu."]),
        ("một hai, ba bốn năm", 12, ["một hai,", "ba bốn năm"]),
        ("một hai ba bốn", 8, ["một hai", "ba bốn"]),
        ("A. một hai ba bốn năm sáu", 16, ["A. một hai", "ba bốn năm sáu"]),  # not where a mark is far off the middle
        ("khôngcóchỗcắt", 5, ["khôngcóchỗcắt"]),
    ],
)
def test_split_to_fit(text: str, limit: int, parts: list[str]) -> None:
    assert split_to_fit(text, lambda t: len(t) <= limit) == parts


@given(st.text(alphabet="ab .,\n", max_size=80), st.integers(1, 20))
def test_no_word_is_lost_in_splitting(text: str, limit: int) -> None:
    parts = split_to_fit(text, lambda t: len(t) <= limit)
    assert " ".join(parts).split() == text.split()
    assert all(len(p) <= limit or len(p.split()) <= 1 for p in parts)


def test_parts_are_joined_with_their_least_score_and_all_that_they_lost() -> None:
    def translate(texts: list[str]) -> list[Translation]:
        return [Translation(t.upper(), 1 / len(t), tuple(c for c in t if c.isdigit())) for t in texts]

    found = translate_in_parts(["một 1 hai", "ba", "bốn 2"], lambda t: len(t) <= 6, translate)
    assert [t.text for t in found] == ["MỘT 1 HAI", "BA", "BỐN 2"]
    assert [t.lost for t in found] == [("1",), (), ("2",)]
    assert found[0].score == 1 / 5
    assert translate_in_parts([], lambda t: True, translate) == []


@given(st.text(alphabet="ab  ", min_size=1, max_size=REACH * 4), st.data())
def test_a_window_holds_the_spans_and_whole_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    near = window(InfillRequest(text, ((start, end),), "vi"))
    (a, b), offset = near.spans[0], start - near.spans[0][0]
    assert near.text[a:b] == text[start:end]
    assert text[offset : offset + len(near.text)] == near.text
    assert a <= REACH
    assert len(near.text) - b <= REACH
    if 0 < offset < start:
        assert text[offset - 1].isspace()
    if b < len(near.text) and offset + len(near.text) < len(text):
        assert text[offset + len(near.text)].isspace()


class Recorder:
    """Translates to upper case; `loses` are digits that it loses in texts longer than `limit`."""

    name = "recorder"

    def __init__(self, limit: int = 10**6) -> None:
        self.limit, self.asked = limit, list[str]()

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        self.asked += texts
        return [Translation(t.upper(), 0.5, tuple(c for c in t if c.isdigit() and len(t) > self.limit)) for t in texts]

    def rewrite(self, texts: Sequence[str], lang: str) -> list[list[object]]:
        raise AssertionError("not asked for")

    infill = info = rewrite


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("Toàn tỉnh có 85 xã; các huyện có 12 xã.", ("Toàn tỉnh có 85 xã;", "các huyện có 12 xã.")),
        ("Toàn tỉnh có 9,5 triệu người dân ở nông thôn", None),  # a comma in a number is no clause mark
        ("Ở đây, có rất nhiều xã đạt chuẩn", None),  # the left half would be too short
        ("không có dấu", None),
    ],
)
def test_split_clause(text: str, halves: tuple[str, str] | None) -> None:
    assert split_clause(text) == halves


def test_halves_are_taken_only_where_they_lose_less() -> None:
    text = "Toàn tỉnh có 8 xã; các huyện có 2 xã."
    better = translate_whole([text, "ngắn"], "en", Recorder(limit=25))  # type: ignore[arg-type]
    assert better[0] == Translation("TOÀN TỈNH CÓ 8 XÃ; CÁC HUYỆN CÓ 2 XÃ.", 0.5, ())
    assert better[1].text == "NGẮN"
    same = translate_whole([text], "en", Recorder(limit=5))  # type: ignore[arg-type]
    assert same[0] == Translation(text.upper(), 0.5, ("8", "2"))


@pytest.mark.parametrize(("translated", "source", "text"), [
    ("The roads are good", "đường sá tốt", "the roads are good"),
    ("A road", "một con đường", "a road"),
    ("Tan Hung Commune", "xã Tân Hưng", "Tan Hung Commune"),
    ("OCOP goods", "hàng OCOP", "OCOP goods"),
    ("The roads", "Đường sá", "The roads"),
    ("", "đường", ""),
])
def test_the_second_half_of_a_sentence_begins_small(translated: str, source: str, text: str) -> None:
    assert _inside(translated, source) == text


@pytest.mark.parametrize(("text", "lang", "to", "written"), [
    ("29/05/2020", "vi", "en", "May 29, 2020"), ("3,4%.", "vi", "en", "3.4%."),
    ("1.250 - 2,5", "vi", "en", "1,250 - 2.5"),
    ("May 29, 2020", "en", "vi", "ngày 29/5/2020"), ("***", "vi", "en", "***"),
])
def test_figures_alone_are_written_anew(text: str, lang: str, to: str, written: str) -> None:
    assert render_figures(text, lang, to) == written


def test_segments_of_the_target_language_are_copied() -> None:
    text = "Hội nghị tổng kết chương trình.\nThe meeting was held in the hall and they were there.\n12/5 - 34 %\n"
    recorder = Recorder()
    out, notes = translate_text(Article("a", text, "vi", "a"), "en", recorder)  # type: ignore[arg-type]
    assert recorder.asked == ["Hội nghị tổng kết chương trình."]
    assert out == text.replace(recorder.asked[0], recorder.asked[0].upper())
    assert notes == ()


@given(st.text(alphabet="aà.!? \n\r\t1", max_size=60))
def test_white_space_of_a_text_survives_translation(text: str) -> None:
    out, _ = translate_text(Article("a", text, "vi", "a"), "en", Recorder())  # type: ignore[arg-type]
    assert out.replace(",", ".") == text.upper()  # figures alone get the other language's separators


LINES = st.text(alphabet="ab# \n", max_size=50)


@given(LINES)
def test_deletions_by_rules_take_white_space_and_the_span_alone(text: str) -> None:
    spans = [
        Span(i, i + 1, Label.BOILERPLATE, Severity.MINOR, 0.9, "d", "", "") for i, c in enumerate(text) if c == "#"
    ]
    edits = [Edit(e.start, e.end, e.replacement, e.proposer, e.score, Status.ACCEPTED) for e in rule_edits(text, spans)]
    assert len(edits) <= len(spans)
    done = apply_edits(text, edits)
    assert done.replace("#", "").split() == text.replace("#", " ").split() or "".join(done.split()) == "".join(
        text.replace("#", "").split()
    )
    assert "#" not in done


@given(LINES, st.data())
def test_deletion_bounds_hold_the_span_and_only_white_space_besides(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = deletion_bounds(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)
    assert not text[first:start].strip()
    assert not text[end:last].strip()

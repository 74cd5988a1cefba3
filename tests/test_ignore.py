"""What a user wants left alone stays alone, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.ignore import Ignore, Marked, marked_places, not_ignored, read_ignore_file
from vn_repair.pipeline import Repairer, detect_article
from vn_repair.settings import Settings
from vn_repair.types import Article, InputError, Label, Severity, Span


def spans(text: str, *surfaces: str, detector: str = "number.scale") -> list[Span]:
    return [Span(text.index(s), text.index(s) + len(s), Label.SPELLING, Severity.MINOR, 0.9, detector, "")
            for s in surfaces]


def left(text: str, found: list[Span], ignore: Ignore | None = None) -> list[str]:
    return [text[s.start : s.end] for s in not_ignored(text, found, ignore or Ignore())]


TEXT = "HTX Green Farm của bà Mây bán OCOP 4-star và Green\xa0Field tại xã The Farm."


@pytest.mark.parametrize(("ignore", "found", "kept"), [
    (Ignore(("Green Farm",)), ["Green Farm", "The Farm"], ["The Farm"]),
    (Ignore(("green farm",)), ["Green", "Farm của"], ["Farm của"]),
    (Ignore(("Green", "Farm")), ["Green Farm"], []),
    (Ignore(("Green Field",)), ["Green\xa0Field"], []),
    (Ignore(("Far", "Gree")), ["Green Farm"], ["Green Farm"]),
    (Ignore((), (r"OCOP \d-star",)), ["OCOP 4-star", "4-star", "OCOP 4-star và"], ["OCOP 4-star và"]),
    (Ignore((), (r"x*",)), ["Green Farm"], ["Green Farm"]),
    (Ignore(("C++ (a|b)", "[x]")), ["Green Farm"], ["Green Farm"]),
    (Ignore(), ["Green Farm"], ["Green Farm"]),
])
def test_words_and_expressions(ignore: Ignore, found: list[str], kept: list[str]) -> None:
    assert left(TEXT, spans(TEXT, *found), ignore) == kept


MARKS = [
    ("Một when <!-- vn-repair: ignore -->\nHai when khác", ["Hai"]),
    ("<!-- vn-repair: ignore -->\nMột when\nBa when\n\nHai when", ["Hai"]),
    ("<!-- vn-repair: ignore -->\n\n<p>Một when</p>\n\n<p>Hai when</p>", ["Hai"]),
    ("<!-- vn-repair: ignore-start -->\nMột when\n\nBa when\n<!-- vn-repair: ignore-end -->\nHai when", ["Hai"]),
    ("Hai when\n<!--vn-repair: ignore-start-->\nMột when\n\nBa when", ["Hai"]),
    ("<!-- VN-Repair:  ignore number.scale -->\nMột when\n\nHai when", ["Hai"]),
    ("<!-- vn-repair: ignore number, spelling -->\nMột when\n\nHai when", ["Hai"]),
    ("<!-- vn-repair: ignore terminology -->\nMột when\n\nHai when", ["Một", "Hai"]),
    ("<!-- vn-repair: ignore-end -->\nMột when\nHai when", ["Một", "Hai"]),
    ("<!-- vn-repair ignore -->\nMột when\nHai when", ["Một", "Hai"]),
    ("<!-- vn-repair: ignored -->\nMột when\nHai when", ["Một", "Hai"]),
]


@pytest.mark.parametrize(("text", "kept"), MARKS)
def test_marks(text: str, kept: list[str]) -> None:
    names = [name for name in ("Một", "Ba", "Hai") if name in text]
    assert left(text, spans(text, *names)) == [name for name in names if name in kept]


def test_the_comments_themselves_are_no_prose() -> None:
    text = "<!-- vn-repair: ignore-start -->\nXã đạt chuẩn.\n<!-- vn-repair: ignore-end -->\nXã đạt chuẩn."
    assert left(text, spans(text, "ignore-start", "ignore-end")) == []
    assert detect_article(Article("a", text, "vi", "a")) == []


def test_a_marked_place_stays_as_it_is_through_a_repair() -> None:
    text = ("Trong when tỉnh có xã.\n\n<!-- vn-repair: ignore -->\nTrong when huyện có xã , 47.5. % nữa.\n\n"
            "Tỉnh đạt 47.5. %.\n")
    done = Repairer(rules_only=True).repair(Article("a", text, "vi", "a"))
    assert done.vi.split("\n")[2:4] == text.split("\n")[2:4]
    assert "Tỉnh đạt 47.5%." in done.vi
    assert [s for s in done.spans if text[s.start : s.end].startswith("47.5")]


@given(st.lists(st.sampled_from(["Trong when xã", "\n", "\n\n", "<!-- vn-repair: ignore -->", " ", "47.5. %",
                                 "<!-- vn-repair: ignore-start -->", "<!-- vn-repair: ignore-end -->"]), max_size=14))
@settings(max_examples=80, deadline=None)
def test_no_span_touches_a_marked_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    places = marked_places(text)
    assert all(0 <= place.start < place.end <= len(text) for place in places)
    for span in detect_article(Article("a", text, "vi", "a"), settings=Settings(threshold=0.0)):
        assert not any(span.start < place.end and place.start < span.end for place in places)


def test_a_text_without_marks_has_no_places() -> None:
    assert marked_places("Xã đạt chuẩn <!-- một ghi chú -->.") == []
    assert marked_places("x <!-- vn-repair: ignore -->") == [Marked(0, 28), Marked(2, 28)]


def test_a_file_of_words(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeff# tên riêng\n  Green   Farm \n\n/OCOP \\d/\nGreen Farm\n".encode())
    assert read_ignore_file(path) == Ignore(("Green Farm",), (r"OCOP \d",))
    path.write_text("Green\n/(/\n", "utf-8")
    with pytest.raises(InputError, match=r"names.txt:2: /\(/ is no regular expression"):
        read_ignore_file(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_ignore_file(path)


def test_an_expression_that_does_not_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vn_repair.ignore.SECONDS", 0.05)
    text = "a" * 40 + "b Green"
    with pytest.raises(InputError, match="nested repeats"):
        not_ignored(text, spans(text, "Green"), Ignore((), (r"(?:a|a)+(?:a|a)+c",)))


PAGE = """<html><head><title>Tin</title></head><body><article><h1>Xã về đích nông thôn mới</h1>
<p>Trong when tỉnh có nhiều xã đạt chuẩn, huyện vẫn còn khó khăn về nguồn lực.</p>
<!-- vn-repair: ignore -->
<p>Trong when huyện chờ, <b>Green Farm</b> đã bán được hàng trăm tấn rau sạch cho siêu thị.</p>
<!-- vn-repair: ignore-start number -->
<p>Đoạn thứ ba kể về những người đã góp công làm đường bê tông nông thôn.</p>
<!-- vn-repair: ignore-end -->
<p>Đoạn cuối kể về những người đã góp đất làm đường bê tông nông thôn.</p></article></body></html>"""


def test_marks_of_a_page_are_found_in_its_article() -> None:
    from vn_repair.page_marks import as_marked, marked_in_page
    from vn_repair.read.page import extract

    text = extract(PAGE)[0]
    places = marked_in_page(PAGE, text)
    assert [(text[start:end][:20], detectors) for start, end, detectors in places] == [
        ("Trong when huyện chờ", ()), ("Đoạn thứ ba kể về nh", ("number",))]
    assert text[places[0][0] : places[0][1]].endswith("cho siêu thị.")
    found = [Span(m, m + 4, Label.UNTRANSLATED, Severity.MAJOR, 0.9, "untranslated.leaked_word", "")
             for m in (text.index("when"), text.rindex("when"))]
    assert not_ignored(text, found, Ignore(), as_marked(places)) == found[:1]
    assert marked_in_page(PAGE.replace("vn-repair", "other"), text) == ()

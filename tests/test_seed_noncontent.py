"""What the rules on repetition, numbers, punctuation and page text must find, and leave alone, in the five seeds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from vn_repair.detect.registry import detectors
from vn_repair.detect.view import View
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, Span

SEEDS = Path(__file__).parents[1] / "seeds"
LANGUAGES = {"000": EN, "001": EN, "002": VI, "003": EN, "004": VI}
MODULES = (
    "boilerplate.page_chrome duplicate.block footnote.residue fragment.stop_inside_phrase number.leading_zero "
    "number.percent number.scale number.separator punctuation.dash_spacing punctuation.doubled_marks "
    "punctuation.glued_words punctuation.missing_space punctuation.spacing punctuation.stray_bar "
    "punctuation.trailing_comma repetition.adjacent repetition.coordination repetition.list"
).split()


@cache
def view_of(seed: str) -> View:
    text = next(SEEDS.glob(f"{seed}_*.txt")).read_text(encoding="utf-8")
    article = Article(seed, text, LANGUAGES[seed], seed)
    return View(article, segment(article))


@cache
def spans_of(seed: str) -> tuple[Span, ...]:
    view = view_of(seed)
    return tuple(s for d in detectors() if d.id in MODULES and view.lang in d.languages for s in d.find(view))


def surfaces(seed: str, label: str) -> list[str]:
    text = view_of(seed).text
    return [text[s.start : s.end] for s in sorted(spans_of(seed), key=lambda s: s.start) if s.label == label]


def covered(seed: str, words: str) -> bool:
    """Whether every occurrence of `words` touches a span."""
    text = view_of(seed).text
    at = text.find(words)
    assert at >= 0, words
    while at >= 0:
        if not any(s.start < at + len(words) and at < s.end for s in spans_of(seed)):
            return False
        at = text.find(words, at + 1)
    return True


CHROME = {
    "000": ["COORDINATING OFFICE COORDINARY INFORMATION SITE", "CENTRAL NEW RURAL", "Share:", "Facebook", "Twitter",
            "Pinterest", "LinkedIn", "Leave a Reply",
            "Your email address will not be published. Required fields are marked *",
            "This site uses Akismet to reduce spam. Learn how your comment data is processed."],
    "001": ["Việt NamViệt Nam21/02/2024", "Source", "Comment (0)", "No data", "No data", "Same tag", "Same category",
            "Colorful Vietnamese landscapes through the lens of photographer Khanh Phan",
            "Vietnam calls for peaceful resolution of conflict in Ukraine",
            'Developing community tourism in Ha Giang: When endogenous culture acts as an economic "lever"',
            "French father brings daughter back to Vietnam to find mother: Unbelievable DNA results after 1 day",
            "Same author", "Image", "Heritage", "Figure", "Business", "No videos available", "News",
            "Ministry - Branch", "Local", "Product"],
    "002": ["ntm (2)"],
    "003": ["Source: https://baosoctrang.org.vn/xay-dung-nong-thon-moi/202506/thuc-hien-hieu-qua-hai-chuong-trinh-tru-"
            "cot-trong-chien-luoc-phat-trien-ben-vung-cba0f2a/", "Comment (0)"],
    "004": ["No title... No title... No title... No title... No title...", "Lượt xem: 86", "KHEN THƯỞNG - XỬ PHẠT",
            "Thống kê truy cập", "• Đang truy cập 173"],
}


@pytest.mark.parametrize("seed", CHROME)
def test_page_text_is_marked_line_by_line_and_nothing_else(seed: str) -> None:
    found = surfaces(seed, "boilerplate")
    if seed == "000":  # one caption more: the title with a photo's number
        assert found.pop(0).endswith("- Photo 2.")
    assert found == CHROME[seed]


@pytest.mark.parametrize(("seed", "byline"), [
    ("001", "Duong Chien"), ("002", "Lương Thủy"), ("003", "\nKIM NGOC\n"), ("000", "Photo: Nguyen Luyen"),
    ("004", "Theo Baocaobang.vn"),
])
def test_bylines_and_credits_stay(seed: str, byline: str) -> None:
    start = view_of(seed).text.index(byline)
    assert not [s for s in spans_of(seed) if s.start < start + len(byline) and start < s.end]


def test_second_copies_are_marked() -> None:
    assert len(surfaces("001", "duplicate")) == 8
    assert len(set(surfaces("001", "duplicate"))) == 1
    assert len(surfaces("002", "duplicate")) == 7
    for seed in ("001", "002"):
        text = view_of(seed).text
        firsts = {text.index(surface) for surface in surfaces(seed, "duplicate")}
        assert firsts.isdisjoint(s.start for s in spans_of(seed))
    assert not surfaces("000", "duplicate") + surfaces("003", "duplicate") + surfaces("004", "duplicate")


def test_collapsed_pairs_and_doubled_words() -> None:
    assert surfaces("001", "repetition") == [
        "Sponsorship and sponsorship", "sponsor and sponsor", "sponsored and sponsored", "sponsor and sponsor",
        "cooperatives and cooperatives"]
    assert surfaces("000", "repetition") == ["rural rural", "training and training"]
    assert surfaces("002", "repetition") == ["variable variable"]
    assert not surfaces("003", "repetition") + surfaces("004", "repetition")


def test_sums_of_the_province_are_marked_and_those_of_the_country_are_not() -> None:
    assert surfaces("001", "number_format") == ["95,539", "15,739", "79,800"]
    assert all(s.severity == "critical" for s in spans_of("001") if s.label == "number_format")
    assert surfaces("000", "number_format") == ["47.5. %", "04", "06", "02"]
    for seed in ("002", "003", "004"):
        assert not surfaces(seed, "number_format")


@pytest.mark.parametrize("words", [
    "average. chi/communal", "procedures. investment", "officers. department", "law. in accordance",
    "rural areas. pressing", "Development). and Rural", "2021). ),", "2022. 47.3%", "regions. , domain", "47.5. %",
    "chi/communal. 3.6.", "2021-2025. new rural", "capital) , foreign",
])
def test_stops_inside_phrases(words: str) -> None:
    assert covered("000", words)


def test_a_sentence_that_begins_with_an_abbreviation_is_no_fragment() -> None:
    text = view_of("000").text
    at = text.index("areas. NTM construction.")
    assert not [s for s in spans_of("000") if s.start < at + 10 and at < s.end]


def test_footnote_figures() -> None:
    assert surfaces("000", "footnote_residue") == ["provinces8", "commune”9"]
    assert [s.suggestion for s in spans_of("000") if s.label == "footnote_residue"] == ["provinces", "commune”"]
    for seed in ("001", "002", "003", "004"):
        assert not surfaces(seed, "footnote_residue")


def test_punctuation() -> None:
    assert surfaces("002", "punctuation") == [
        "chí / xã", "hình,", "tới ,", "trường …", "NTM .", "nước.Do", "này,", "cao …", "ương- Ảnh", "ương- Ảnh"]
    assert surfaces("003", "punctuation") == ["|"]
    assert not surfaces("001", "punctuation") + surfaces("004", "punctuation")


@pytest.mark.parametrize("seed", LANGUAGES)
def test_offsets_and_suggestions(seed: str) -> None:
    text = view_of(seed).text
    for span in spans_of(seed):
        surface = text[span.start : span.end]
        assert surface == surface.strip() != ""
        assert span.suggestion != surface
        assert 0 < span.score < 1


def test_clean_seed_is_touched_only_at_its_page_text() -> None:
    assert {s.label for s in spans_of("004")} == {"boilerplate"}
    assert {s.label for s in spans_of("003")} == {"boilerplate", "punctuation"}

"""Page text and copies: what may be taken from an article, and what of it must stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.detect import duplicate_block, page_chrome
from vn_repair.detect.registry import Detector, detectors
from vn_repair.detect.view import View
from vn_repair.page_lines import Kind, kind_of, phrases
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, Span

PARAGRAPH = (
    "Tỉnh đã huy động nhiều nguồn lực để xây dựng đường giao thông, trường học, trạm y tế và nhà văn hóa cho các xã "
    "vùng sâu, vùng xa trong ba năm qua."
)
FAMILIES = ("boilerplate", "duplicate", "footnote", "fragment", "number", "punctuation", "repetition")


def spans(detector: Detector, text: str, lang: str = VI) -> list[Span]:
    article = Article("a", text, lang, "a")
    return list(detector.find(View(article, segment(article))))


def left(detector: Detector, text: str) -> list[str]:
    """The lines of `text` that keep something once the spans are deleted."""
    out = text
    for span in sorted(spans(detector, text), key=lambda s: -s.start):
        out = out[: span.start] + out[span.end :]
    return [line for line in out.splitlines() if line.strip()]


def test_the_list_is_large_and_both_languages_are_in_it() -> None:
    whole, beginnings = phrases()
    every = [*whole, *beginnings]
    assert len(every) >= 200
    assert sum(phrase.isascii() for phrase in every) >= 100
    assert sum(not phrase.isascii() for phrase in every) >= 100


@pytest.mark.parametrize(("line", "kind"), [
    ("Lượt xem: 1.207", Kind.CHROME), ("Đã xem: 86", Kind.CHROME), ("Bình luận (12)", Kind.CHROME),
    ("• Đang truy cập 173", Kind.CHROME), ("Tags: nông thôn mới, OCOP", Kind.CHROME), ("Read more »", Kind.CHROME),
    ("Source: https://baonghean.vn/a", Kind.CHROME), ("hoi nghi tong ket ntm (3)", Kind.CHROME),
    ("Home > News > Economy", Kind.CHROME), ("Views: 1,204 | Like | Share on Zalo", Kind.CHROME),
    ("Lượt truy cập: 3.482.119 Đang online: 27", Kind.CHROME), ("Xã | Điểm", None), ("A - B", None),
    ("Thứ Ba, 14/5/2024 08:31 (GMT+7)", Kind.CHROME), ("IMG_2041.JPG", Kind.CHROME),
    ("Hội nghị tổng kết chương trình - Ảnh 2.", Kind.CHROME),
    ("© 2023 Báo Nghệ An", Kind.CHROME), ("Tin liên quan", Kind.RELATED), ("Same tag", Kind.RELATED),
    ("Văn hóa - Xã hội", Kind.MENU), ("Business", Kind.MENU), ("Theo Baocaobang.vn", Kind.BYLINE),
    ("Ảnh: LT", Kind.BYLINE), ("Photo: Nguyen Luyen", Kind.BYLINE), ("Nguồn: Tổng cục Thống kê", Kind.BYLINE),
    ("Hội nghị chủ trì", None), ("Duong Chien", None), ("KIM NGOC", None), (PARAGRAPH, None),
    ("Share of communes that meet the standards", None), ("Table (2)", None), ("21/02/2024", None),
])
def test_kinds_of_lines(line: str, kind: Kind | None) -> None:
    assert kind_of(line) == kind


@pytest.mark.parametrize("text", [
    "Văn hóa", "Tin tức", "Hội nghị nông thôn mới tổ chức tại Quảng Trị",
    "Nông nghiệp\nLàng tôi\nHàng cau\nGiếng nước\nMái đình",
    "Xã | Điểm\nTân Lập | 19\nTân Lập | 19\nTân Thành | 18",
    "Điều 1. Phạm vi\nĐiều 2. Đối tượng\nĐiều 3. Hiệu lực\nNơi nhận:",
    "Quê hương là chùm khế ngọt\nCho con trèo hái mỗi ngày\nQuê hương là chùm khế ngọt\nCho con trèo hái mỗi ngày",
])
@pytest.mark.parametrize("detector", [page_chrome.DETECTOR, duplicate_block.DETECTOR], ids=lambda d: d.id)
def test_short_articles_poems_tables_and_decrees_are_not_wiped_out(detector: Detector, text: str) -> None:
    assert left(detector, text) == text.splitlines()


def test_headlines_after_the_last_paragraph_go_and_the_byline_stays() -> None:
    text = "\n".join([PARAGRAPH, "Lương Thủy", "Tin liên quan", "Cao Bằng đón bằng nông thôn mới", "Bắc Hà vào vụ mận",
                      "Bình luận (0)"])
    assert left(page_chrome.DETECTOR, text) == [PARAGRAPH, "Lương Thủy"]


def test_a_menu_word_between_paragraphs_is_a_subheading() -> None:
    text = "\n".join([PARAGRAPH, "Giáo dục", PARAGRAPH.replace("Tỉnh", "Huyện"), "Lượt xem: 86"])
    assert left(page_chrome.DETECTOR, text) == text.splitlines()[:3]


LINES = st.lists(st.sampled_from([
    PARAGRAPH, "Tin liên quan", "Lượt xem: 86", "Văn hóa", "Hội nghị chủ trì", "", "  ", "Source", "KIM NGOC |",
    "No data", "The law. in accordance with the the plan, 47.5. %", "provinces8, 04 communes",
    "tới , các xã xã,huyện",
    "Ảnh: LT", "95,539 billion VND of the province", "sponsor and sponsor;", "nước.Do 3.2 km ( NTM) ..", "12,500 m3",
]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(LINES, st.sampled_from([VI, EN]), st.text(alphabet="aạ .,;%()[]”“|\n19O-/đXà", max_size=30))
def test_offsets_hold_for_any_mix_of_lines(lines: list[str], lang: str, noise: str) -> None:
    text = "\n".join([*lines, noise])
    for detector in detectors():
        if detector.id.split(".")[0] not in FAMILIES or lang not in detector.languages:
            continue
        for span in spans(detector, text, lang):
            assert 0 <= span.start < span.end <= len(text)
            assert span.detector == detector.id
            assert span.suggestion != text[span.start : span.end]
            assert 0 < span.score <= 1


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_what_is_deleted_leaves_no_copy_and_no_furniture_of_its_own(lines: list[str]) -> None:
    """Deleting what a detector marks is stable for lines of page text: a second pass finds no listed line."""
    once = left(page_chrome.DETECTOR, "\n".join(lines))
    assert not [line for line in once if kind_of(line) is Kind.CHROME]

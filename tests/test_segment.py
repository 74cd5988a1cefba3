"""Segments: sentence boundaries on real kinds of text, and what holds for any text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.segment import MAX_SEGMENT, guess_language, segment
from vn_repair.types import EN, VI, Article

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


def cut(text: str, lang: str = VI) -> list[str]:
    return [text[s.start : s.end] for s in segment(Article("case", text, lang, "case"))]


# Each row is one line of text; "¦" stands where it must be cut (and nowhere else).
ONE_LINE = [
    "Hội nghị diễn ra sáng 17/11.¦ Các đại biểu thảo luận ba nội dung.",
    "Cả nước có 5.177 xã đạt chuẩn, chiếm 52,8%.¦ Bình quân đạt 16,2 tiêu chí.",
    "Ông Nguyễn Văn Hùng, Chủ tịch UBND TP. Đông Hà, chủ trì.¦ Dự họp có PGS.TS. Trần Văn Ơn và ThS. Lê Na.",
    "Gồm đường, điện, nước sạch, v.v.¦ Tất cả đã hoàn thành.",
    "Các cơ quan T.Ư và TP.HCM phối hợp.¦ Kết quả tốt…¦ Người dân phấn khởi!¦ Còn gì nữa?¦ Không.",
    "Ông nói: “Chúng tôi sẽ làm.”¦ Sau đó ông đi.",
    "Bà hỏi: \"Bao giờ xong?\"¦ \"Cuối năm.\"",
    "đây là trạng thái chung của nhiều địa phương trong nước.¦Do that, Bí thư Tỉnh đề nghị Bộ.",
    "và Quyết định số 12/2017/QĐ-TTg ngày 22/4/2017.¦Thủ tướng Chính phủ giao các bộ.",
    "12.Mục tiêu 1.Xã 2.Huyện",
    "1. Mục tiêu của Chương trình.¦ Đến năm 2025, phấn đấu 80% xã đạt chuẩn.",
    "II. Nhiệm vụ, giải pháp",
    "a. Về kinh tế",
    "- 2.3. Công tác tuyên truyền",
    "it took a long time to complete the project approval procedures. investment projects according to regulations.",
    "ensure compliance with the law. in accordance with the actual conditions",
    "only reached 47.5. %, Central Highlands 57.8%",
    "(up 1.3 times compared to 2021). ), in which, the State budget had 77,397.8 billion VND.¦ Specifically: none.",
    "Mr. Ngo Truong Son met Dr. J. Smith of St. Mary in the U.S. Senate.¦ They signed Decision No. 263/QD-TTg.",
    "See Fig. 3 and No. 5, e.g. The table.¦ It ends here.",
    "He said no.¦ The meeting went on until Dec. 5.¦ Then it closed.",
    "No title...¦ No title...",
    "Xem tại https://baosoctrang.org.vn/tin.html và Baocaobang.vn nhé",
    "Version 2.0.¦ Released in May.",
]


@pytest.mark.parametrize("line", ONE_LINE)
def test_sentences_of_a_line(line: str) -> None:
    assert cut(line.replace("¦", "")) == [part.strip() for part in line.split("¦")]


def test_lines_are_segments_whatever_ends_them() -> None:
    text = "Tiêu đề\r\n\r\n  Ảnh: KN |\rMột dòng\u2028Hai\t\n \u00a0\n"
    assert cut(text) == ["Tiêu đề", "Ảnh: KN |", "Một dòng", "Hai"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda p: p.name[:3])
def test_seed_paragraphs_are_cut_into_sentences(seed: Path) -> None:
    text = seed.read_text(encoding="utf-8")
    parts = cut(text, guess_language(text))
    assert len(parts) > sum(bool(line.strip()) for line in text.splitlines())
    assert max(map(len, parts)) < 2000


PIECES = st.sampled_from(["Xã đạt chuẩn", "the commune", ". ", ".", "… ", "? ", "\n", "\r\n", " ", "\u00a0", "TP", "A",
                          "”", "(", "5", "47.5", "%", "Đ", "ớ", "- ", "; ", "No", "𝄞", "\u2028", "\x85", "\"", ",",
                          "\t"])
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join))


@given(TEXTS, st.sampled_from([VI, EN]))
def test_segments_partition_the_text(text: str, lang: str) -> None:
    at = 0
    for part in segment(Article("case", text, lang, "case")):
        assert at <= part.start < part.end <= len(text)
        assert not text[at : part.start].strip()
        surface = text[part.start : part.end]
        assert surface == surface.strip()
        assert len(surface.splitlines()) == 1
        assert part.lang in (VI, EN)
        at = part.end
    assert not text[at:].strip()


@pytest.mark.parametrize("unit", ["x", "xã ", "một; ", ".", "!.", ". ", ".)", " \u00a0", "A. ", "\"", "([", ".“"])
def test_a_line_without_end_is_cut_and_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    parts = segment(Article("case", text, VI, "case"))
    assert time.process_time() - began < 5
    assert all(0 < p.end - p.start <= MAX_SEGMENT for p in parts)
    assert sum(len("".join(text[p.start : p.end].split())) for p in parts) == len("".join(text.split()))


@pytest.mark.parametrize(("text", "lang"), [
    ("Hội nghị toàn quốc xây dựng nông thôn mới tổ chức tại Quảng Trị", VI),
    ("Xay dung nong thon moi la nhiem vu quan trong cua ca he thong chinh tri", VI),
    ("Huyen Huong Khe phan dau dat chuan nong thon moi trong nam nay", VI),
    ("KHEN THƯỞNG - XỬ PHẠT", VI),
    ("Lượt xem: 86", VI),
    ("The conference assessed and analyzed the strengths, difficulties and limitations.", EN),
    ("Comrade Trần Thanh Nam and Mr Nguyễn Văn Hùng attended the conference in Quảng Trị.", EN),
    ("Leave a Reply", EN),
    ("Cũng từ đó NTM speed development of the high rate of province liên tục phát triển.", VI),
    ("các địa phương cần chú ý nguồn lực for the social about the target NTM are same", VI),
    ("Source: read https://bao.vn/xay-dung-nong-thon-moi/thuc-hien-hieu-qua-hai-chuong-trinh for more", EN),
    ("", VI),
])
def test_language_of_a_text(text: str, lang: str) -> None:
    assert guess_language(text) == lang


@pytest.mark.parametrize("seed", SEEDS, ids=lambda p: p.name[:3])
def test_language_of_a_seed(seed: Path) -> None:
    assert guess_language(seed.read_text(encoding="utf-8")) == (VI if seed.name[:3] in ("002", "004") else EN)


def test_a_segment_differs_from_its_article_only_on_strong_evidence() -> None:
    text = ("Xã đã về đích. Theestest is the a standard of the NTM trở thành tàu hỗ trợ những khó khăn. "
            "This is what the minister said about the programme for all of our communes. Comment (0)")
    assert [s.lang for s in segment(Article("case", text, VI, "case"))] == [VI, VI, EN, VI]
    text = "It ended well. Hội nghị đã kết thúc tốt đẹp và các đại biểu ra về. Trần Thanh Nam, Lương Thủy"
    assert [s.lang for s in segment(Article("case", text, EN, "case"))] == [EN, VI, EN]

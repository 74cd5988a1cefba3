"""Numbers, dates, references and names travel around the model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.placeholders import (
    mask,
    number_key,
    plain_names,
    render,
    renumber,
    shared_masks,
    slots,
    swap_separators,
    unaccented,
    unmask,
)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Ngày 29/5/2020, tại Đông Hà", "vi", ["Ngày 29/5/2020", "Đông Hà"]),
        ("ngày 3 tháng 2 năm 1930", "vi", ["ngày 3 tháng 2 năm 1930"]),
        ("Quyết định số 263/QĐ-TTg có 5.177 xã, 52,8%", "vi", ["263/QĐ-TTg", "5.177", "52,8"]),
        ("Nghị quyết 04-NQ/TU và 126/664 đơn vị", "vi", ["04-NQ/TU", "126/664"]),
        ("Sáng 17/11, có 17/19 tiêu chí", "vi", ["17/11", "17/19"]),
        ("tháng 6/2022 và tháng 7 năm 2023", "vi", ["tháng 6/2022", "tháng 7 năm 2023"]),
        ("in June 2022 and on June 20", "en", ["June 2022", "June 20"]),
        ("ông Trần Thanh Nam nói", "vi", ["Trần Thanh Nam"]),
        ("Hội nghị ở xã", "vi", []),
        ("Ông Trần Thanh Nam nói", "vi", ["Trần Thanh Nam"]),
        ("Bà Rịa có biển", "vi", ["Bà Rịa"]),
        ("Bộ NN & PTNT Trần Thanh Nam và UBND Hà Sỹ Đồng", "vi", ["Trần Thanh Nam", "Hà Sỹ Đồng"]),
        ("Chairman The Tran Nhat Tan said", "en", ["Tran Nhat Tan"]),
        ("người Trung Quốc", "vi", []),
        ("ngày 45/13/2020", "vi", ["45/13/2020"]),
        ("On February 21, 2024, Mr. Vo Trong Hai", "en", ["February 21, 2024", "Vo Trong Hai"]),
        ("VTV1 và H5N1 và Covid-19", "vi", []),
    ],
)
def test_slots(text: str, lang: str, expected: list[str]) -> None:
    assert [text[s.start : s.end] for s in slots(text, lang)] == expected


@pytest.mark.parametrize(
    ("number", "lang", "key"),
    [
        ("5.177", "vi", "5177"),
        ("52,8", "vi", "52.8"),
        ("52.8", "en", "52.8"),
        ("1,234,567.5", "en", "1234567.5"),
        ("04", "vi", "4"),
        ("126/664", "vi", "126/664"),
        ("6.001/8.211", "vi", "6001/8211"),
        ("0", "vi", "0"),
    ],
)
def test_number_key(number: str, lang: str, key: str) -> None:
    assert number_key(number, lang) == key


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("có 39.632,5 tỷ", "en", "39,632.5"),
        ("ngày 29/5/2020", "en", "May 29, 2020"),
        ("ngày 29/5", "en", "May 29"),
        ("số 263/QĐ-TTg", "en", "263/QĐ-TTg"),
        ("tỉnh Cao Bằng", "en", "Cao Bằng"),
        ("ở Hà Nội", "en", "Hanoi"),
        ("Sáng 17/11", "en", "November 17"),
        ("tháng 6/2022", "en", "June 2022"),
    ],
)
def test_render(text: str, to: str, expected: str) -> None:
    found = slots(text, "vi")
    assert [render(text, s, to) for s in found] == [expected]


def test_shared_masks_pair_up_and_renumber() -> None:
    sides = shared_masks("Năm 2021, có 1.000 xã", "There were 1,000 communes in 2021")
    assert sides == (["Năm ", "<s1>", ", có ", "<s2>", " xã"], ["There were ", "<s2>", " communes in ", "<s1>", ""])
    assert renumber(sides[1], sides[0]) == (
        ["There were ", "<s1>", " communes in ", "<s2>", ""],
        ["Năm ", "<s2>", ", có ", "<s1>", " xã"],
    )
    assert shared_masks("không có số", "no figure") is None


@given(st.text(alphabet="abc ĐàÁ0123456789.,/%-ngày ", max_size=80), st.sampled_from(["vi", "en"]))
def test_slots_never_overlap_and_masking_loses_nothing(text: str, lang: str) -> None:
    found = slots(text, lang)
    for a, b in zip(found, found[1:], strict=False):
        assert a.end <= b.start
    parts, table = mask(text, found[:8])
    assert "".join(text[table[p].start : table[p].end] if p in table else p for p in parts) == text


@given(st.from_regex(r"[1-9][0-9]{0,2}(\.[0-9]{3}){0,3}(,[0-9]{1,4})?(/[1-9][0-9]{0,2})?", fullmatch=True))
def test_swapping_separators_twice_changes_nothing(number: str) -> None:
    assert swap_separators(swap_separators(number, "vi"), "en") == number


@pytest.mark.parametrize(("number", "lang", "swapped"), [
    ("39.632,5", "vi", "39,632.5"), ("39,632.5", "en", "39.632,5"), ("8,5/10", "vi", "8.5/10"),
    ("6.001/8.211", "vi", "6,001/8,211"), ("2020", "vi", "2020"), ("47.5", "vi", "47.5"), ("47,5", "en", "47,5"),
    ("0912.345.678", "vi", "0912.345.678"), ("1.0.3", "vi", "1.0.3"), ("192.168.1.1", "en", "192.168.1.1"),
])
def test_separators_of_numbers_alone_are_swapped(number: str, lang: str, swapped: str) -> None:
    assert swap_separators(number, lang) == swapped


@pytest.mark.parametrize(("text", "names"), [
    ("Hộ ông Bùi Văn Nỉm nuôi ong.", ["Bùi Văn Nỉm"]),
    ("Ông Lò Văn Pánh, trưởng bản.", ["Lò Văn Pánh"]),
    ("Đại diện UBND Hà Nội NTM", ["Hà Nội"]),
])
def test_a_name_may_end_in_a_word_that_is_none_of_the_language(text: str, names: list[str]) -> None:
    assert [text[s.start : s.end] for s in slots(text, "vi") if s.kind == "name"] == names


def test_names_can_be_written_plain() -> None:
    source = "Ông Lò Văn Pánh ở Cao Bằng thực hiện 263/QĐ-TTg; quán phở."
    english = "Mr. Lò Văn Pánh of Cao Bằng carries out 263/QĐ-TTg; a phở shop."
    assert plain_names(english, source) == "Mr. Lo Van Panh of Cao Bang carries out 263/QD-TTg; a phở shop."


def test_unaccented() -> None:
    assert unaccented("Đắk Lắk, Thừa Thiên Huế") == "Dak Lak, Thua Thien Hue"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["On", "<s1>", ", in", "<s2>", ", the"], "On May 3, in Ha Tinh, the"),
        (["(up", "<s1>", "% from", "<s2>", ")."], "(up May 3% from Ha Tinh)."),
        (["period", "<s1>", "-", "<s2>"], "period May 3-Ha Tinh"),
        (["$", "<s1>", "million"], "$May 3 million"),
        (["“", "<s1>", "” said"], "“May 3” said"),
        (["", "<s1>", "'s communes"], "May 3's communes"),
        (["a", "<s3>", "b"], "a b"),
    ],
)
def test_unmask(parts: list[str], expected: str) -> None:
    assert unmask(parts, {"<s1>": "May 3", "<s2>": "Ha Tinh"}) == expected

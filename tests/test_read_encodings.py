"""Encodings: each kind is known by its bytes and read to the same text; what is no text is refused."""

from __future__ import annotations

import gzip
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.lexicon.legacy import TCVN3, VNI_LETTERS, VNI_MARKS, from_tcvn3, from_vni
from vn_repair.read.encodings import DecodeError, binary_kind, decode

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
VIETNAMESE = [p.read_text(encoding="utf-8") for p in SEEDS if p.name[:3] in ("002", "004")]
LETTERS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
TONED = [unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in TONES] + ["đ"]
NOT_IN_LEGACY = str.maketrans({"“": '"', "”": '"', "–": "-", "…": "...", "•": "*", "\u00a0": " ", "’": "'"})


def to_tcvn3(text: str) -> bytes:
    codes = {letter: code for code, letter in TCVN3.items()}
    return bytes(codes[c] if c in codes else ord(c) for c in _small_where_tcvn3_has_no_capital(text))


def _small_where_tcvn3_has_no_capital(text: str) -> str:
    return "".join(c if c.isascii() or c in TCVN3.values() else c.lower() for c in text)


def to_vni(text: str) -> bytes:
    codes = {small: code for code, small in VNI_LETTERS.items()}
    for letter in "aeouyơư":
        for code, marks in VNI_MARKS.items():
            composed = unicodedata.normalize("NFC", letter + marks)
            if len(composed) == 1:
                codes.setdefault(composed, codes.get(letter, letter) + code)
    codes.update({small.upper(): code.upper() for small, code in codes.items()})
    return "".join(codes.get(c, c) for c in text).encode("latin-1")


def to_cp1258(text: str) -> bytes:
    """Tones apart, as the encoding has them; letters with a hat, breve or horn in one code."""
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in TONES and c)
        out.append(unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone)) + tone)
    return "".join(out).encode("cp1258")


def test_the_tables_hold_every_vietnamese_letter() -> None:
    assert {letter for letter in TCVN3.values() if letter.islower()} == {c for c in TONED if not c.isascii()}
    assert from_vni(to_vni("".join(TONED) + "".join(TONED).upper()).decode("latin-1")) == (
        "".join(TONED) + "".join(TONED).upper())


@pytest.mark.parametrize(("data", "text"), [
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    ("CéNG HßA X· HéI", "CỘNG HÒA Xã HỘI"),  # one capital is not enough to know the capitals font by
    ("ñy ban nh©n d©n x·, ph­êng", "ủy ban nhân dân xã, phường"),
])
def test_tcvn3_as_documents_have_it(data: str, text: str) -> None:
    assert from_tcvn3(data) == text


@pytest.mark.parametrize(("data", "text"), [
    ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("Ñöôøng phoá, kyø, kyõ, ñieàu, ngöôøi, buoåi, thò, æ", "Đường phố, kỳ, kỹ, điều, người, buổi, thị, ỉ"),
    ("naêm, baèng, taëng, thaúng, maét, laân", "năm, bằng, tặng, thẳng, mắt, lân"),
])
def test_vni_as_documents_have_it(data: str, text: str) -> None:
    assert from_vni(data) == text


@pytest.mark.parametrize("text", VIETNAMESE, ids=["002", "004"])
@pytest.mark.parametrize(("codec", "name"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32"),
])
def test_unicode_text_is_known_and_unchanged(text: str, codec: str, name: str) -> None:
    assert decode(text.encode(codec)) == (text, name)


@pytest.mark.parametrize("text", VIETNAMESE, ids=["002", "004"])
def test_windows_1258_is_known_and_composed(text: str) -> None:
    assert decode(to_cp1258(text)) == (unicodedata.normalize("NFC", text), "cp1258")


@pytest.mark.parametrize("text", VIETNAMESE, ids=["002", "004"])
def test_tcvn3_is_known(text: str) -> None:
    plain = text.translate(NOT_IN_LEGACY)
    got, name = decode(to_tcvn3(plain))
    assert name == "tcvn3"
    assert got.casefold() == plain.casefold()  # the case of toned capitals is lost in TCVN3


@pytest.mark.parametrize("text", VIETNAMESE, ids=["002", "004"])
def test_vni_is_known(text: str) -> None:
    plain = text.translate(NOT_IN_LEGACY)
    assert decode(to_vni(plain)) == (plain, "vni")


@pytest.mark.parametrize("line", ["Xã đạt chuẩn nông thôn mới.", "Hội nghị tổng kết", "Ủy ban nhân dân huyện Đô Lương"])
def test_a_single_short_line_is_enough(line: str) -> None:
    assert decode(to_cp1258(line))[0] == line
    assert decode(to_tcvn3(line))[0].casefold() == line.casefold()
    assert decode(to_vni(line))[0] == line


def test_western_quotes_in_english_are_windows_1252() -> None:
    text = "The “new rural” programme – Hà Tĩnh’s own – cost 3 billion.".replace("à", "a").replace("ĩ", "i")
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(("data", "wrong"), [
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF file"),
    (b"PK\x03\x04\x14\x00", "a zip archive or an Office document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document"),
    (gzip.compress(b"text"), "gzip data"),
    (bytes(range(256)) * 4, "a binary file"),
    (b"text\x00with a NUL in the middle of it", "a binary file"),
    (bytes(range(1, 9)) * 50, "a binary file"),
    (b"\xff\xfea\x00b", "damaged"),
    ("Сельский новый район получил признание".encode("koi8-r"), "unknown encoding"),
    ("農村建設の新しい計画が発表された".encode("shift-jis"), "unknown encoding"),
    ("Xã đạt chuẩn nông thôn mới\nnăm nay".encode().replace(b"\n", b"\n\xff"), "line 2 holds a byte that is not UTF-8"),
])
def test_what_is_no_readable_text_is_refused(data: bytes, wrong: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(data)
    assert wrong in caught.value.wrong
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_any_utf_8_text_comes_back_byte_for_byte(text: str) -> None:
    data = text.encode()
    if data.startswith(b"\xef\xbb\xbf") or binary_kind(data):
        return
    got, name = decode(data)
    assert got.encode(name) == data


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, name = decode(data)
    except DecodeError as error:
        assert "\n" not in str(error)
    else:
        assert name in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1258", "tcvn3", "vni",
                        "cp1252")
        assert isinstance(text, str)

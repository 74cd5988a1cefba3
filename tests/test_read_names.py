"""Ids and file names; what is no prose in Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.read import UniqueNames, protected_ranges, safe_name
from vn_repair.read.names import MAX_BYTES, stem


@pytest.mark.parametrize("identifier", ["000_a9de209cb7d62979", "news-4", "bài.2023", "Đắk_Lắk", "7"])
def test_a_plain_id_is_its_own_file_name(identifier: str) -> None:
    assert safe_name(identifier) == identifier


@pytest.mark.parametrize("identifier", [
    "../../x", "/etc/passwd", "a/b", "a\\b", "", ".", "..", ".hidden", "-rf", "CON", "nul.txt", "a:b", "a\0b", "a\nb",
    "x" * 500, "ế" * 200, "https://bao.vn/tin?id=1&x=2", "\udcff", "a b", "x.", "\u202egpj", "LPT1",
])
def test_a_hostile_id_gets_a_harmless_file_name(identifier: str) -> None:
    name = safe_name(identifier)
    assert name != identifier
    assert_harmless(name)


def assert_harmless(name: str) -> None:
    assert name and not name.startswith((".", "-")) and not name.endswith(".")
    assert len(name.encode("utf-8")) <= MAX_BYTES
    assert not set(name) & set("/\\:*?\"<>| \0\n~")
    assert name.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}
    assert name.isprintable()


@given(st.text(alphabet=st.characters(), max_size=150))
def test_any_id_gets_a_harmless_file_name(identifier: str) -> None:
    assert_harmless(safe_name(identifier))


@given(st.lists(st.text(alphabet="aAé/.~2_ ", max_size=4), max_size=40))
def test_names_of_a_batch_are_unique_even_where_case_is_ignored(identifiers: list[str]) -> None:
    names = UniqueNames()
    given_names = [names.name(identifier).casefold() for identifier in identifiers]
    assert len(set(given_names)) == len(identifiers)


@pytest.mark.parametrize(("source", "expected"), [
    ("a/b/000_x.txt", "000_x"), ("news.jsonl.gz", "news"), ("báo.MD", "báo"), ("-", "stdin"), ("v1.2", "v1.2"),
    (".txt", ".txt"), ("x.tar.gz", "x.tar"),
])
def test_the_id_of_a_file(source: str, expected: str) -> None:
    assert stem(source) == expected


@pytest.mark.parametrize(("text", "protected"), [
    ("Xã đạt chuẩn.", []),
    ("Dùng `pip install` nhé", ["`pip install`"]),
    ("Trước\n```sh\nls *.txt\n```\nSau", ["```sh\nls *.txt\n```"]),
    ("~~~\na\n```\nb\n~~~~\nc", ["~~~\na\n```\nb\n~~~~"]),
    ("```\nkhông đóng", ["```\nkhông đóng"]),
    ("Xem [bài báo](https://bao.vn/a_(1) \"Tựa\") này", ["(https://bao.vn/a_(1) \"Tựa\")"]),
    ("Xem [bài báo](https://bao.vn/a \"Tựa\") và ![ảnh](b.jpg)", ["(https://bao.vn/a \"Tựa\")", "(b.jpg)"]),
    ("Nguồn: https://bao.vn/tin-1.html hết", ["https://bao.vn/tin-1.html"]),
    ("<https://bao.vn> và <b>đậm</b>, 3 < 5 > 2", ["<https://bao.vn>", "<b>", "</b>"]),
    ("---\ntitle: Bài\n---\nNội dung", ["---\ntitle: Bài\n---"]),
    ("---\nkhông phải `x` đầu trang", ["`x`"]),
    ("[1]: https://bao.vn \"Báo\"\nNội dung", ["[1]: https://bao.vn \"Báo\""]),
    ("Xã (xã) [đạt] chuẩn_nông_thôn *mới*", []),
])
def test_what_is_no_prose_in_markdown(text: str, protected: list[str]) -> None:
    assert [text[start:end] for start, end in protected_ranges(text)] == protected


PIECES = st.sampled_from(["`", "```", "~~~", "\n", "---", "[a](b)", "](", "<b>", "https://x", "[1]: x", " ", "xã"])


@given(st.lists(PIECES).map("".join))
def test_protected_ranges_are_in_order_and_inside_the_text(text: str) -> None:
    at = 0
    for start, end in protected_ranges(text):
        assert at <= start < end <= len(text)
        at = end

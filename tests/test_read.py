"""Reading: every kind of file comes out as articles, and every kind of bad input as one clear line."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import time
import tracemalloc
import unicodedata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.read import Limits, read
from vn_repair.types import Article, InputError

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
DATA = Path(__file__).parent / "data"
VI_TEXT = "Xã Tân Lập đã hoàn thành 19/19 tiêu chí nông thôn mới."
EN_TEXT = "The commune has met all of the criteria for new rural areas."
SMALL = Limits(article=1000, line=200, row_bytes=4 * 2**20)


def articles(source: Path | str, **options: Any) -> list[Article]:
    """All of a sound source."""
    found = list(read(source, **options))
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def refused(source: Path | str, **options: Any) -> str:
    """The message of a source that is refused as a whole, checked for its form."""
    [error] = read(source, **options)
    assert isinstance(error, InputError)
    message = str(error)
    assert message.splitlines() == [message]
    assert message.startswith(str(source))
    assert "; " in message
    return message


def rows(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines), encoding="utf-8")
    return path


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type]


# Sound input

@pytest.mark.parametrize("seed", SEEDS, ids=lambda p: p.name[:3])
def test_a_seed_is_read_to_its_own_bytes(seed: Path) -> None:
    [article] = articles(seed)
    assert article.text.encode() == unicodedata.normalize("NFC", seed.read_bytes().decode()).encode()
    assert article.id == seed.stem
    assert article.source == str(seed)
    assert article.lang == ("vi" if seed.name[:3] in ("002", "004") else "en")
    assert article.removed == ()


LINES = st.lists(st.sampled_from(
    ["Xã đạt chuẩn", "\r\n", "\n", "\r", "  ", "\t", "\u00a0", "\u2028", "\x0c", "```", "ế"]))


@given(LINES.map("".join).filter(str.strip), st.sampled_from([".txt", ".md", ".txt.gz"]), st.booleans())
def test_utf_8_in_nfc_is_read_byte_for_byte(tmp_path_factory: Any, text: str, ending: str, marked: bool) -> None:
    path = tmp_path_factory.getbasetemp() / f"article{ending}"
    data = (b"\xef\xbb\xbf" if marked else b"") + text.encode()
    path.write_bytes(gzip.compress(data) if ending.endswith(".gz") else data)
    [article] = articles(path)
    assert article.text.encode() == text.encode()
    assert article.id == "article"


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "nfd.txt"
    path.write_text(unicodedata.normalize("NFD", VI_TEXT), encoding="utf-8")
    assert articles(path)[0].text == VI_TEXT


def test_rows_keep_order_ids_and_other_keys(tmp_path: Path) -> None:
    path = rows(tmp_path / "news.jsonl", {"id": "a/1", "text": VI_TEXT, "url": "https://x.vn"}, "",
                {"id": 7, "text": EN_TEXT, "lang": None}, {"text": VI_TEXT, "lang": "en"}, {"id": "a/1", "text": "Xã"})
    extras: dict[str, dict[str, Any]] = {}
    found = articles(path, extras=extras)
    assert [(a.id, a.lang) for a in found] == [("a/1", "vi"), ("7", "en"), ("news-4", "en"), ("a/1", "vi")]
    assert [a.source for a in found] == [f"{path}:{n}" for n in (1, 3, 4, 5)]
    assert extras[f"{path}:1"] == {"url": "https://x.vn"}


def test_rows_may_be_packed_and_lack_the_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + json.dumps({"text": VI_TEXT}).encode()))
    assert [(a.id, a.text) for a in articles(path)] == [("news-1", VI_TEXT)]


def test_the_language_given_stands_where_a_row_has_none(tmp_path: Path) -> None:
    path = rows(tmp_path / "x.jsonl", {"text": EN_TEXT}, {"text": EN_TEXT, "lang": "en"})
    assert [a.lang for a in articles(path, lang="vi")] == ["vi", "en"]
    with pytest.raises(ValueError, match="lang"):
        list(read(path, lang="fr"))
    with pytest.raises(ValueError, match="kind"):
        list(read(path, kind="docx"))


@pytest.mark.parametrize("column", [
    pa.array([VI_TEXT, EN_TEXT]), pa.array([VI_TEXT, EN_TEXT], pa.large_string()),
    pa.array([VI_TEXT, EN_TEXT]).dictionary_encode(),
], ids=["string", "large_string", "dictionary"])
def test_parquet_rows(tmp_path: Path, column: pa.Array) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": column, "id": [11, None], "tags": [["a"], []]}), path)
    extras: dict[str, dict[str, Any]] = {}
    found = articles(path, extras=extras)
    assert [(a.id, a.text, a.lang, a.source) for a in found] == [
        ("11", VI_TEXT, "vi", f"{path}:1"), ("news-2", EN_TEXT, "en", f"{path}:2")]
    assert extras == {f"{path}:1": {"tags": ["a"]}, f"{path}:2": {"tags": []}}


def test_a_page_gives_its_article_and_reports_the_rest() -> None:
    [article] = articles(DATA / "article.html")
    lines = article.text.splitlines()
    assert lines[0] == "Xã Tân Lập về đích nông thôn mới"
    assert lines[-1] == "Huyện phấn đấu đến cuối năm có thêm hai xã đạt chuẩn nông thôn mới nâng cao."
    assert "- Thôn Đoài: 2,5 km đường hoa" in lines
    assert "| 2020 | 15 |" in [line.strip() for line in lines]
    assert article.lang == "vi"
    for chrome in ("Trang chủ", "Chia sẻ Facebook Chia sẻ Zalo", "Bình luận (0)", "Khai mạc hội chợ nông sản",
                   "Đường liên thôn được bê tông hóa. Ảnh: Lê Na", "Lê Na"):
        assert chrome in article.removed
        assert chrome not in lines
    assert not {line for line in article.removed if line in lines}
    assert "var menu" not in "".join(article.removed) + article.text


@pytest.mark.parametrize(("charset", "codec"), [("utf-8", "utf-8"), ("gb18030", "gb18030"), ("utf-8", "utf-16")])
def test_the_encoding_of_a_page(tmp_path: Path, charset: str, codec: str) -> None:
    page = f'<html><head><meta charset="{charset}"></head><body><p>{VI_TEXT}</p></body></html>'
    path = tmp_path / "page.html"
    path.write_bytes(page.encode(codec))
    assert articles(path)[0].text == VI_TEXT


def test_a_control_character_does_not_cost_the_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><p>{VI_TEXT}\x01</p></body></html>", encoding="utf-8")
    assert articles(path)[0].text == VI_TEXT


@pytest.mark.parametrize(("data", "expected"), [
    (VI_TEXT.encode(), [("stdin", VI_TEXT)]),
    (VI_TEXT.encode("utf-16"), [("stdin", VI_TEXT)]),
    (json.dumps({"id": "x", "text": VI_TEXT}).encode() + b'\n{"text": "Hai"}', [("x", VI_TEXT), ("stdin-2", "Hai")]),
    (gzip.compress(json.dumps({"text": VI_TEXT}).encode()), [("stdin-1", VI_TEXT)]),
    (f"<!DOCTYPE html>\n<html><body><p>{VI_TEXT}</p></body></html>".encode(), [("stdin", VI_TEXT)]),
    ("{ngoặc} mở đầu một bài".encode(), [("stdin", "{ngoặc} mở đầu một bài")]),
], ids=["text", "utf-16", "jsonl", "jsonl.gz", "html", "brace"])
def test_standard_input_is_known_by_its_first_bytes(
    monkeypatch: pytest.MonkeyPatch, data: bytes, expected: list[tuple[str, str]]
) -> None:
    stdin(monkeypatch, data)
    assert [(a.id, a.text) for a in articles("-")] == expected


def test_the_kind_given_goes_before_the_ending(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.txt", {"text": VI_TEXT})
    assert articles(path)[0].text.startswith("{")
    assert articles(path, kind="jsonl")[0].text == VI_TEXT


# Files refused as a whole

@pytest.mark.parametrize(("name", "data", "wrong"), [
    ("empty.txt", b"", "is empty"),
    ("bom.txt", b"\xef\xbb\xbf", "the text is empty"),
    ("blank.md", b" \n\t\r\n\xc2\xa0", "the text is empty"),
    ("empty.jsonl", b"\n\n", "is empty"),
    ("empty.html", b"", "is empty"),
    ("empty.txt.gz", gzip.compress(b""), "is empty"),
    ("menu.html", b"<html><body><script>1</script></body></html>", "no article was found"),
    ("article.docx", b"PK\x03\x04\x14\x00\x06\x00", "a zip archive or an Office document"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
    ("picture.jsonl", b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
    ("nul.txt", "Xã \0 đạt chuẩn nông thôn mới".encode(), "a binary file"),
    ("koi8.txt", "Сельский район".encode("koi8-r"), "unknown encoding"),
    ("koi8.html", "<p>Сельский район</p>".encode("koi8-r"), "unknown encoding"),
    ("damaged.txt", "Xã đạt chuẩn nông thôn mới\nnăm nay".encode() + b"\xfe", "line 2 holds a byte"),
    ("utf16.jsonl", '{"text": "Xã"}'.encode("utf-16"), "is not UTF-8"),
    ("array.json", b' [{"text": "x"}]', "is a JSON array"),
    ("damaged.gz", gzip.compress(b"text" * 100)[:-12], "damaged gzip"),
    ("damaged.txt.gz", gzip.compress(os.urandom(2000))[:500], "damaged gzip"),
    ("damaged.parquet", b"PAR1" + b"x" * 100, "damaged or no Parquet"),
    ("text.parquet", VI_TEXT.encode(), "damaged or no Parquet"),
    ("empty.parquet", b"", "damaged or no Parquet"),
    ("lines.txt", b"ok\n" + b"x" * 201, "line 2 of the text is longer than 200 characters"),
    ("long.txt", b"x\n" * 501, "longer than 1,000 characters"),
    ("huge.txt", b"x\n" * 2001, "longer than 1,000 characters"),
    ("huge.txt.gz", gzip.compress(b"x\n" * 2001), "longer than 1,000 characters"),
    ("ngày\n1.txt", b"", "is empty"),
])
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, name: str, data: bytes, wrong: str) -> None:
    (tmp_path / name).write_bytes(data)
    source = tmp_path / name
    [error] = read(source, limits=SMALL)
    assert isinstance(error, InputError)
    assert wrong in str(error)
    assert len(str(error).splitlines()) == 1
    assert str(error).startswith(str(source).replace("\n", "\\n"))
    assert "; " in str(error)


def test_a_directory_and_a_missing_file(tmp_path: Path) -> None:
    assert "is a directory; name the files in it" in refused(tmp_path)
    assert "no such file; check the path" in refused(tmp_path / "none.txt")
    assert "no such file; download" in refused("https://bao.vn/tin.html")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(VI_TEXT, encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the tests run as root
        def denied(*_: object) -> None:
            raise PermissionError(13, "Permission denied")
        monkeypatch.setattr("builtins.open", denied)
    assert "permission denied" in refused(path)


@pytest.mark.parametrize(("columns", "wrong"), [
    ({"body": ["x"]}, "has no column text (it has body)"),
    ({"text": [1, 2]}, "its column text holds int64"),
    ({"text": pa.array([], pa.string())}, "has no rows"),
])
def test_parquet_without_text(tmp_path: Path, columns: dict[str, Any], wrong: str) -> None:
    pq.write_table(pa.table(columns), tmp_path / "x.parquet")
    assert wrong in refused(tmp_path / "x.parquet")


def test_parquet_damaged_in_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": [f"{VI_TEXT} {n}" for n in range(5000)]}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[200:2000] = bytes(1800)
    path.write_bytes(data)
    assert "damaged or no Parquet" in refused(path)


def test_parquet_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(b"PAR1")), encoding="utf-8"))  # type: ignore[arg-type]
    assert "cannot be read from a pipe; name the file" in refused("-")


# Rows refused, the rest read

BAD_ROWS = [
    ('{"id": "x"}', "the row has no text"),
    ('{"text": null}', "its text is null"),
    ('{"text": 5}', "its text is a number"),
    ('{"text": ["x"]}', "its text is a list"),
    ('{"text": ""}', "the text is empty"),
    ('{"text": " \\n "}', "the text is empty"),
    ('{"text": "x"', "the row is not JSON (Expecting"),
    ("not JSON", "the row is not JSON (Expecting value at character 1)"),
    ('["x"]', "the row is a list, not an object"),
    ('"x"', "the row is a string, not an object"),
    ('{"text": "a\\u0000b"}', "the text holds a NUL character (character 2)"),
    ('{"text": "ab\\ud83d"}', "half a surrogate pair (character 3)"),
    ('{"text": "x", "id": ["a"]}', "its id is a list"),
    ('{"text": "x", "id": true}', "its id is true or false"),
    ('{"text": "x", "id": "\\udc00"}', "its id is"),
    ('{"text": "x", "lang": "fr"}', "its lang is 'fr'"),
    ('{"text": "x", "lang": ["v"]}', "its lang is"),
    ('{"text": ' + "[" * 100_000, "nested too deep"),
    ('{"text": "x", "n": ' + "1" * 5000 + "}", "number too long"),
    (json.dumps({"text": "x" * 201}), "line 1 of the text is longer than 200 characters"),
    (json.dumps({"text": "x\n" * 501}), "longer than 1,000 characters"),
    (json.dumps({"text": "x" * (5 * 2**20)}), "the row is longer than 4 MiB"),
]


@pytest.mark.parametrize(("row", "wrong"), BAD_ROWS, ids=[wrong for _, wrong in BAD_ROWS])
def test_a_bad_row_is_reported_and_the_rest_goes_on(tmp_path: Path, row: str, wrong: str) -> None:
    path = rows(tmp_path / "x.jsonl", {"text": "Một"}, row, {"text": "Ba"})
    first, error, last = read(path, limits=SMALL)
    assert isinstance(first, Article) and first.text == "Một"
    assert isinstance(last, Article) and last.source == f"{path}:3"
    assert isinstance(error, InputError)
    assert str(error).startswith(f"{path}:2: ")
    assert wrong in str(error)
    assert "; " in str(error)
    assert len(str(error).splitlines()) == 1


def test_a_row_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "\xff"}\n{"text": "c"}')
    assert [type(item) for item in read(path)] == [Article, InputError, Article]


def test_rows_before_the_damage_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    lines = "".join(json.dumps({"text": f"{VI_TEXT} {os.urandom(20).hex()}"}) + "\n" for _ in range(3000))
    path.write_bytes(gzip.compress(lines.encode())[:-3000])
    *found, error = read(path)
    assert len(found) > 1000
    assert all(isinstance(item, Article) for item in found)
    assert "damaged gzip data" in str(error)


def test_bad_parquet_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": ["Một", None, "a\0b", "Bốn"]}), path)
    found = list(read(path))
    assert [type(item) for item in found] == [Article, InputError, InputError, Article]
    assert str(found[1]).startswith(f"{path}:2: its text is null")
    assert str(found[2]).startswith(f"{path}:3: the text holds a NUL")


# Bounded memory

@pytest.mark.parametrize("name", ["line.txt", "line.md", "line.html", "line.jsonl", "line.txt.gz", "nul.txt"])
def test_a_50_mb_line_costs_neither_memory_nor_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    head = b'{"text": "' if name.endswith("jsonl") else b""
    data = head + (b"\0" if name == "nul.txt" else b"a") * 50_000_000
    path.write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
    del data
    tracemalloc.start()
    began = time.process_time()
    message = refused(path)
    seconds = time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "longer than" in message
    assert peak < 120e6
    assert seconds < 10


def test_a_file_larger_than_any_article_is_not_opened_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "disk.txt"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)  # sparse
    began = time.process_time()
    assert "longer than 20,000,000 characters" in refused(path)
    assert time.process_time() - began < 1


def test_rows_are_held_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for _ in range(300):
            file.write(json.dumps({"text": "Một dòng\n" * 10_000}) + "\n")
    tracemalloc.start()
    assert sum(isinstance(item, Article) for item in read(path)) == 300
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


@given(st.binary(max_size=200), st.sampled_from([".txt", ".md", ".html", ".jsonl", ".parquet", ".gz", ".bin"]))
def test_any_bytes_under_any_name_are_read_or_reported(tmp_path_factory: Any, data: bytes, ending: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(data)
    found = list(read(path))
    assert found
    for item in found:
        if isinstance(item, Article):
            assert item.text.strip()
            assert unicodedata.is_normalized("NFC", item.text)
        else:
            assert len(str(item).splitlines()) == 1

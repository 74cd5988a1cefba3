"""Hostile input: read, or refused in one line, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vn_repair.read import Limits, protected, read
from vn_repair.read.protected import broken, outside
from vn_repair.types import VI, Article, InputError, Label, Severity, Span

HOSTILE = Path(__file__).parent / "hostile"
PAGES = [json.loads(line) for line in (HOSTILE / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
SECONDS = 20.0  # on a slow, busy machine; quadratic time would be minutes
MEMORY = 300 * 2**20


def outcome(path: Path, **options: Any) -> list[Article | InputError]:
    """What is read, checked: whole articles, or errors of one line that name the file."""
    began = time.process_time()
    found = list(read(path, **options))
    assert time.process_time() - began < SECONDS
    for item in found:
        if isinstance(item, InputError):
            assert len(str(item).splitlines()) == 1
            assert str(item).startswith(str(path))
            assert "; " in str(item)
            assert len(str(item)) < 1000
        else:
            item.text.encode("utf-8")
            assert "\0" not in item.text
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p["name"])
def test_a_hostile_page_takes_bounded_time(tmp_path: Path, page: dict[str, Any]) -> None:
    unit, times = page["unit"], page["times"]
    body = "".join(unit % i for i in range(times)) if "%d" in unit else unit * times
    path = tmp_path / "page.html"
    path.write_text(page.get("head", "<html><body>") + body + "<p>Xã đạt chuẩn.</p>", encoding="utf-8")
    [found] = outcome(path)
    if isinstance(found, Article):
        assert "root:" not in found.text + "".join(found.removed)  # no entity was fetched


def test_a_page_of_usual_size_is_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    items = "".join(f'<p class="a b" data-x=\'{{"i": {i}}}\'>Xã thứ {i} đạt <b>chuẩn</b> nông thôn mới.</p>'
                    for i in range(800))
    script = "<script>for(i=0;i<n&&a<b;i++){x=\"<p\"}</script>" * 200
    path.write_text(f"<html><head>{script}</head><body><article>{items}</article></body></html>", encoding="utf-8")
    [found] = outcome(path)
    assert isinstance(found, Article)
    assert "Xã thứ 799 đạt chuẩn nông thôn mới." in found.text


def test_bad_rows_are_told_one_by_one_and_good_ones_go_on(tmp_path: Path) -> None:
    lines = (HOSTILE / "bad_rows.jsonl").read_text(encoding="utf-8").splitlines()
    good = json.dumps({"text": "Xã đạt chuẩn."})
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(f"{line}\n{good}" for line in lines), encoding="utf-8")
    found = outcome(path)
    assert [isinstance(item, InputError) for item in found] == [True, False] * len(lines)


@pytest.mark.parametrize("ending", [".txt.gz", ".html.gz", ".jsonl.gz", ".md.gz"])
def test_a_gzip_bomb_is_refused_in_bounded_memory(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"bomb{ending}"
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(b'{"text": "')
        for _ in range(48):
            file.write(b"x" * 2**20)
    assert path.stat().st_size < 2**19
    tracemalloc.start()
    [found] = outcome(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, InputError)
    assert peak < MEMORY


def test_gzip_in_gzip_is_unpacked_once(tmp_path: Path) -> None:
    path = tmp_path / "twice.txt.gz"
    path.write_bytes(gzip.compress(gzip.compress("Xã đạt chuẩn.".encode())))
    [found] = outcome(path)
    assert isinstance(found, InputError)
    assert "gzip data" in str(found)


def test_a_line_of_100_megabytes_is_refused(tmp_path: Path) -> None:
    for ending in (".txt", ".jsonl"):
        path = tmp_path / f"line{ending}"
        with open(path, "wb") as file:
            for _ in range(100):
                file.write(b"a" * 2**20)
        tracemalloc.start()
        [found] = outcome(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert isinstance(found, InputError)
        assert peak < MEMORY


@pytest.mark.parametrize("unit", ["\u0301", "\u0301\u0323", "\u0344", "\u05b0\u0301"])
def test_a_million_combining_marks_are_refused(tmp_path: Path, unit: str) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("Xã a" + unit * (1_000_000 // len(unit)), encoding="utf-8")
    [found] = outcome(path)
    assert isinstance(found, InputError)
    assert "combining marks follow each other (character 5)" in str(found)


@pytest.mark.parametrize("marks", [1, 30, 999, 1000, 1001, 1500])
@pytest.mark.parametrize("before", [0, 3, 499, 500, 501, 2000])
def test_every_long_run_of_marks_is_found(tmp_path: Path, marks: int, before: int) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("x" * before + "o" + "\u0301" * marks + "y" * 700, encoding="utf-8")
    [found] = outcome(path)
    assert isinstance(found, InputError) == (marks > 1000)


def test_a_parquet_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    table = pa.table({"text": ["x" * 90_000_000, "Xã đạt chuẩn."]})
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    assert path.stat().st_size < 2**20
    found = outcome(path)
    assert isinstance(found[0], InputError)
    pq.write_table(pa.table({"text": ["x" * 5_500_000] * 24}), path, compression="zstd")
    before = pa.total_allocated_bytes()
    for item in read(path):
        assert isinstance(item, InputError)  # a line of over five million characters
        assert pa.total_allocated_bytes() - before < MEMORY / 2


def test_limits_are_the_callers_to_set(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body>" + "<p>Xã đạt chuẩn nông thôn mới.</p>" * 30, encoding="utf-8")
    for limits in (Limits(page=500), Limits(elements=20)):
        [found] = outcome(path, limits=limits)
        assert isinstance(found, InputError)
        assert ".txt" in str(found)


# What no edit may break

ARTICLE = Article("x", "Xem `to plan to` và [bài](http://x.vn/nong-thon) tại https://bao.vn/a.html. Thư: a.b@xa.vn\n"
                  "```\nto plan to the top\n```\n", VI, "x.md")


@pytest.mark.parametrize(("source", "parts"), [
    ("x.md", ["`to plan to`", "(http://x.vn/nong-thon)", "https://bao.vn/a.html", "a.b@xa.vn",
              "```\nto plan to the top\n```"]),
    ("x.MARKDOWN.gz", ["`to plan to`", "(http://x.vn/nong-thon)", "https://bao.vn/a.html", "a.b@xa.vn",
                       "```\nto plan to the top\n```"]),
    ("x.txt", ["http://x.vn/nong-thon", "https://bao.vn/a.html", "a.b@xa.vn"]),
    ("x.jsonl:1", ["http://x.vn/nong-thon", "https://bao.vn/a.html", "a.b@xa.vn"]),
])
def test_protected_parts(source: str, parts: list[str]) -> None:
    text = ARTICLE.text
    assert [text[a:b] for a, b in protected(Article("x", text, VI, source))] == parts


@pytest.mark.parametrize(("start", "end", "cut"), [
    (0, 4, None), (0, 6, (4, 16)), (5, 9, (4, 16)), (4, 16, None), (0, 20, None), (16, 20, None), (15, 20, (4, 16)),
    (0, 30, (25, 48)), (40, 60, (25, 48)), (17, 60, (53, 74)), (48, 51, None), (53, 74, None), (73, 75, (53, 74)),
])
def test_what_lies_in_or_cuts_a_protected_part(start: int, end: int, cut: tuple[int, int] | None) -> None:
    assert broken(protected(ARTICLE), start, end) == cut
    span = Span(start, end, Label.FRAGMENT, Severity.MINOR, 0.9, "case", "")
    assert outside(ARTICLE, [span]) == ([span] if cut is None else [])

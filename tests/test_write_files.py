"""Output files: names, wholeness, inputs spared, rows resumed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from vn_repair.types import Article, Edit, InputError, Label, Repair, Severity, Span, Status
from vn_repair.write.files import Target, atomic, plan_targets, write_article
from vn_repair.write.record import read_record
from vn_repair.write.rows import ARTICLES_PER_PAGE, RowWriter, finished

MADE_BY = {"version": "1", "min_confidence": 0.5}


def repair_of(number: int, text: str = "Show vẫn còn 45 huyện.\r\n") -> Repair:
    article = Article(f"bài {number}", text, "vi", f"news.jsonl:{number}")
    span = Span(0, 4, Label.UNTRANSLATED, Severity.MAJOR, 0.9, "d", "m", "Hiện")
    edit = Edit(0, 4, "Hiện", "rules", 0.9, Status.ACCEPTED)
    return Repair(article, (span,), (edit,), "Hiện" + text[4:], "There are still 45 districts.\r\n")


@pytest.mark.parametrize(("sources", "output", "expected"), [
    (["a/x.txt"], None, ["a/x"]),
    (["a/x.txt"], "out", ["out/x"]),
    (["a/x.txt", "b/x.txt"], None, ["a/x", "b/x"]),
    (["a/x.txt", "a/x.html"], None, ["a/x.txt", "a/x.html"]),
    (["a/x.txt", "b/x.md", "b/y.txt"], "out", ["out/x.txt", "out/x.md", "out/y.txt"]),
    (["-"], "out", ["out/stdin"]),
    (["a/x.txt", "a/x.txt"], None, ["a/x"]),
    (["x.vi.txt"], None, ["x.vi"]),
])
def test_targets(sources: list[str], output: str | None, expected: list[str]) -> None:
    targets = plan_targets(sources, Path(output) if output else None)
    assert [str(t.path("")) for t in targets.values()] == expected


@pytest.mark.parametrize(("sources", "output", "message"), [
    (["a/x.txt", "b/x.txt"], "out", "b/x.txt: its results would overwrite those of a/x.txt"),
    (["a/x.txt", "b/X.txt"], "out", "b/X.txt: its results would overwrite those of a/x.txt"),
    (["-"], None, "add --output DIR or --json"),
])
def test_targets_that_clash(sources: list[str], output: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        plan_targets(sources, Path(output) if output else None)


def test_output_must_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is not a folder"):
        plan_targets(["a.txt"], tmp_path / "file")


def test_four_files_hold_the_repair_to_the_byte(tmp_path: Path) -> None:
    repair = repair_of(1)
    paths = write_article(Target(tmp_path / "new", "x"), repair, MADE_BY, ["x.txt"])
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["x.en.txt", "x.repair.jsonl", "x.report.html",
                                                                    "x.vi.txt"]
    assert paths[0].read_bytes().decode() == repair.vi
    assert paths[1].read_bytes().decode() == repair.en
    row = json.loads(paths[3].read_text("utf-8"))
    assert read_record(row) == repair
    assert row["made_by"] == MADE_BY


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic(path) as file:
        file.write("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write"), atomic(tmp_path / "file" / "x.txt"):
        pass


@pytest.mark.parametrize("link", [False, True])
def test_an_input_is_never_written_over(tmp_path: Path, link: bool) -> None:
    source = tmp_path / ("elsewhere.txt" if link else "x.vi.txt")
    source.write_text("precious")
    if link:
        (tmp_path / "x.vi.txt").symlink_to(source)
    with pytest.raises(InputError, match="never written over"):
        write_article(Target(tmp_path, "x"), repair_of(1), MADE_BY, [str(source)])
    assert source.read_text() == "precious"
    assert not (tmp_path / "x.repair.jsonl").exists()


def write_rows(target: Target, numbers: range, *, resume: bool = False, finish: bool = True,
               made_by: dict[str, object] | None = None) -> list[int]:
    writer = RowWriter(target, made_by or MADE_BY, [], resume=resume)
    done = []
    try:
        for number in numbers:
            repair = repair_of(number)
            if not writer.done(repair.article):
                writer.write(repair)
                done.append(number)
        if finish:
            writer.finish()
    finally:
        writer.close()
    return done


def ids(path: Path) -> list[str]:
    return [json.loads(raw)["id"] for raw in path.read_text("utf-8").splitlines()]


def test_rows_make_records_an_index_and_its_pages(tmp_path: Path) -> None:
    target = Target(tmp_path, "tin tức")
    (tmp_path / "tin tức.report").mkdir()
    (tmp_path / "tin tức.report" / "page-0009.html").write_text("of an earlier run")
    write_rows(target, range(ARTICLES_PER_PAGE + 2))
    assert ids(target.path(".repair.jsonl")) == [f"bài {n}" for n in range(ARTICLES_PER_PAGE + 2)]
    index = target.path(".report.html").read_text("utf-8")
    assert 'href="tin%20t%E1%BB%A9c.report/page-0001.html#a1"' in index
    assert 'href="tin%20t%E1%BB%A9c.report/page-0002.html#a2"' in index
    assert sorted(p.name for p in target.path(".report").iterdir()) == ["page-0001.html", "page-0002.html"]
    assert 'id="a2"' in (target.path(".report") / "page-0002.html").read_text("utf-8")
    assert not list(tmp_path.glob("*.part"))


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    target = Target(tmp_path, "news")
    assert write_rows(target, range(3), finish=False) == [0, 1, 2]
    part = tmp_path / "news.repair.jsonl.part"
    with part.open("ab") as file:
        file.write('{"id": "bài 3", "te'.encode())
    assert not target.path(".repair.jsonl").exists()
    assert write_rows(target, range(6), resume=True) == [3, 4, 5]
    assert ids(target.path(".repair.jsonl")) == [f"bài {n}" for n in range(6)]


def test_without_resume_a_run_starts_again(tmp_path: Path) -> None:
    target = Target(tmp_path, "news")
    write_rows(target, range(3), finish=False)
    assert write_rows(target, range(4)) == [0, 1, 2, 3]
    assert len(ids(target.path(".repair.jsonl"))) == 4


@pytest.mark.parametrize(("numbers", "made_by", "message"), [
    (range(7, 9), MADE_BY, "record 1 is of article bài 0, the input has bài 7"),
    (range(4), {"version": "2"}, "made with other settings"),
])
def test_a_part_file_of_another_run_is_refused(tmp_path: Path, numbers: range, made_by: dict[str, object],
                                               message: str) -> None:
    target = Target(tmp_path, "news")
    write_rows(target, range(3), finish=False)
    before = (tmp_path / "news.repair.jsonl.part").read_bytes()
    with pytest.raises(InputError, match=message):
        write_rows(target, numbers, resume=True, made_by=made_by)
    assert (tmp_path / "news.repair.jsonl.part").read_bytes() == before


def test_finished_means_newer_and_made_the_same_way(tmp_path: Path) -> None:
    source = tmp_path / "x.txt"
    source.write_text("x")
    target = Target(tmp_path, "x")
    assert not finished(target, str(source), MADE_BY)
    write_article(target, repair_of(1), MADE_BY, [str(source)])
    assert finished(target, str(source), MADE_BY)
    assert not finished(target, str(source), {"version": "2"})
    assert not finished(target, "-", MADE_BY)
    later = target.path(".repair.jsonl").stat().st_mtime_ns + 10**9
    os.utime(source, ns=(later, later))
    assert not finished(target, str(source), MADE_BY)

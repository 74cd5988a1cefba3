"""A run that is cut short at any write goes on to the same bytes; without processes, so that every write is tried."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_fakes import MADE_BY, Fake, build

from vn_repair.batch import journal, results, run
from vn_repair.batch.pool import Done
from vn_repair.batch.run import CorpusRun, Finished, RunOptions
from vn_repair.batch.sources import find_sources
from vn_repair.batch.tally import Outcome
from vn_repair.batch.units import Unit
from vn_repair.batch.worker import Work, do
from vn_repair.types import InputError

ROW = "Xã đạt chuẩn nông thôn and the mới năm {}."


class Killed(BaseException):
    """Stands for kill -9."""


class InlinePool:
    """Does the units in this process, two at a time."""

    def __init__(self, job: Work, *_: Any, **__: Any) -> None:
        self.job = job

    def run(self, units: Iterator[Unit]) -> Iterator[list[Done]]:
        batch: list[Done] = []
        for unit in units:
            batch.append(Done(unit, [Outcome(failure=t.wrong) if t.wrong else do(t, Fake(), self.job)
                                     for t in unit.tasks]))
            if len(batch) == 2:
                yield batch
                batch = []
        if batch:
            yield batch


@pytest.fixture(autouse=True)
def _inline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "Pool", InlinePool)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.chdir(tmp_path)
    Path("in/b").mkdir(parents=True)
    rows = [{"id": f"bài {n}", "text": ROW.format(n)} for n in range(9)]
    rows[2]["text"] = "nổ"
    write("in/a.jsonl", [*rows, {"id": "no text"}])
    Path("in/b/một.txt").write_text(ROW.format(1), "utf-8")
    Path("in/b/trống.txt").write_text("")
    write("in/c.jsonl", [{"text": ROW.format(n)} for n in range(3)])
    write("in/d.jsonl", [{"id": "no text either"}])
    Path("in/z.txt").write_text(ROW.format(2), "utf-8")


def write(path: str, rows: list[dict[str, str]]) -> None:
    Path(path).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")


def repair(output: str, *, resume: bool = False, pages: bool = True, made_by: dict[str, Any] | None = None) -> Finished:
    found = find_sources(["in"], Path(output))
    return CorpusRun(["in"], found.sources, Path(output), Work(build, made_by or MADE_BY, pages=pages),
                     RunOptions(1, 150, resume=resume)).run()


def contents(output: str) -> dict[str, bytes]:
    """All files but those of the journal, and the seconds of the summary."""
    out = {str(p.relative_to(output)): p.read_bytes() for p in sorted(Path(output).rglob("*"))
           if p.is_file() and journal.FOLDER not in p.parts}
    if "summary.json" in out:
        summary = json.loads(out["summary.json"])
        for row in (summary, *summary["inputs"]):
            row.pop("seconds")
        out["summary.json"] = json.dumps(summary).encode()
    return out


def test_what_a_run_leaves() -> None:
    finished = repair("out")
    assert finished.total.articles == 13
    assert finished.total.failed == 4
    assert sorted(contents("out")) == [
        "a.repair.jsonl", "a.report.html", "a.report/page-0001.html", "b/một.en.txt", "b/một.repair.jsonl",
        "b/một.report.html", "b/một.vi.txt", "c.repair.jsonl", "c.report.html", "c.report/page-0001.html",
        "failed.jsonl", "summary.json", "z.en.txt", "z.repair.jsonl", "z.report.html", "z.vi.txt"]
    rows = [json.loads(line) for line in Path("out/a.repair.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"bài {n}" for n in range(9) if n != 2]
    failed = [json.loads(line) for line in Path("out/failed.jsonl").read_text("utf-8").splitlines()]
    assert [row["place"] for row in failed] == ["in/a.jsonl:3", "in/a.jsonl:10", "in/d.jsonl:1", "in/b/trống.txt"]
    assert failed[0] == {"place": "in/a.jsonl:3", "reason": "in/a.jsonl:3: cannot be segmented; cut it",
                         "id": "bài 2", "lang": "vi", "text": "nổ"}
    summary = json.loads(Path("out/summary.json").read_text("utf-8"))
    assert (summary["labels"], summary["edits"]) == ({"untranslated": 13}, {"accepted": 13, "review": 0, "rejected": 0})


@pytest.mark.parametrize("how", ["before", "half", "after"])
def test_a_run_killed_at_any_write_goes_on_to_the_same_bytes(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    repair("whole")
    expected = contents("whole")
    calls = 0
    deadly = 0
    put, replace = journal.put, os.replace

    def killing_put(file: io.FileIO, path: Path, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == deadly:
            put(file, path, {"before": b"", "half": data[: len(data) // 2], "after": data}[how])
            raise Killed
        put(file, path, data)

    def killing_replace(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == deadly and how != "after":
            raise Killed
        replace(source, target)
        if calls == deadly:
            raise Killed

    monkeypatch.setattr(journal, "put", killing_put)
    monkeypatch.setattr(results, "put", killing_put)
    monkeypatch.setattr(os, "replace", killing_replace)
    for number in range(1, 200):
        output = f"out{number}"
        calls, deadly = 0, number
        try:
            repair(output)
        except Killed:
            deadly = 0
            repair(output, resume=True)
        else:
            break
        assert contents(output) == expected, f"killed {how} write {number}"
    assert 25 < number < 199


def test_a_run_killed_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    repair("whole")
    put = journal.put
    left = 0

    def killing_put(file: io.FileIO, path: Path, data: bytes) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            put(file, path, data[: len(data) // 3])
            raise Killed
        put(file, path, data)

    monkeypatch.setattr(journal, "put", killing_put)
    monkeypatch.setattr(results, "put", killing_put)
    kills = 0
    while kills < 30:
        left = 6  # one for the journal's head, three for a step, and some way into the next
        try:
            repair("out", resume=True)
            break
        except Killed:
            kills += 1
    assert 1 < kills < 30
    assert contents("out") == contents("whole")


def test_a_full_disk_is_one_line_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    repair("whole")
    fsync, calls = os.fsync, 0

    def full(number: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise OSError(28, "No space left on device")
        fsync(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"No space left on device\); make room and run again with --resume"):
        repair("out")
    assert not Path("out/summary.json").exists()
    repair("out", resume=True)
    assert contents("out") == contents("whole")


def cut_short() -> None:
    repair("out")
    lines = Path("out/.vn-repair/journal.jsonl").read_bytes().splitlines(keepends=True)
    Path("out/.vn-repair/journal.jsonl").write_bytes(b"".join(lines[:2]))
    Path("out/a.repair.jsonl").rename("out/a.repair.jsonl.part")


@pytest.mark.parametrize(("change", "message"), [
    (lambda: write("in/a.jsonl", [{"id": "khác", "text": ROW.format(1)}]), "had other inputs"),
    (lambda: Path("in/new.txt").write_text("mới"), "had other inputs"),
    (lambda: Path("in/a.jsonl").write_bytes(Path("in/a.jsonl").read_bytes().replace(b"0.", b"7.")),
     "in/a.jsonl: its first 7 rows are not those that were repaired"),
    (lambda: Path("out/a.repair.jsonl.part").write_bytes(b""), "shorter than the journal says"),
])
def test_a_run_does_not_go_on_from_another(change: Any, message: str) -> None:
    cut_short()
    change()
    with pytest.raises(InputError, match=message):
        repair("out", resume=True)


def test_other_settings_and_a_forgotten_resume_are_refused() -> None:
    cut_short()
    with pytest.raises(InputError, match="had other settings"):
        repair("out", resume=True, made_by={"version": "other"})
    with pytest.raises(InputError, match="had other reports"):
        repair("out", resume=True, pages=False)
    with pytest.raises(InputError, match="was interrupted; go on with --resume, or delete"):
        repair("out")


def test_a_finished_run_is_done_again_or_left_alone() -> None:
    repair("out")
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*.jsonl")}
    again = repair("out", resume=True)
    assert again.already
    assert again.total.articles == 13
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not repair("out").already


def test_the_part_of_a_run_without_workers_is_not_lost() -> None:
    Path("out").mkdir()
    Path("out/a.repair.jsonl.part").write_text("hours of work")
    with pytest.raises(InputError, match="left of a run without --workers"):
        repair("out", resume=True)
    assert Path("out/a.repair.jsonl.part").read_text() == "hours of work"


def test_without_reports() -> None:
    repair("out")
    repair("out", pages=False)
    assert not [name for name in contents("out") if name.endswith(".html")]

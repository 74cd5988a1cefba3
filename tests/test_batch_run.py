"""Runs with real processes: workers that die or hang, signals, a killed parent, a full disk; and the command line."""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_fakes import MADE_BY, die, refuse, run_corpus
from test_batch_crashes import contents, write

from vn_repair.batch.journal import Journal
from vn_repair.batch.sources import Source
from vn_repair.batch.tally import Outcome, Tally
from vn_repair.batch.worker import Work
from vn_repair.cli import run
from vn_repair.cli.corpus import CorpusBar
from vn_repair.propose.open_model import open_model, open_model_or_folder, uses_network
from vn_repair.records import rules_checksum
from vn_repair.types import InputError

FAKES = Path(__file__).with_name("batch_fakes.py")
ROOT = FAKES.parents[1]
ROW = "Xã đạt chuẩn nông thôn and the mới năm {}."


@pytest.fixture(autouse=True)
def _in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def rows(count: int, **special: str) -> list[dict[str, str]]:
    out = [{"id": f"bài {n}", "text": ROW.format(n)} for n in range(count)]
    for name, text in special.items():
        out[int(name.removeprefix("at"))]["text"] = text
    return out


def failures(output: str) -> dict[str, str]:
    lines = Path(output, "failed.jsonl").read_text("utf-8").splitlines()
    return {row["id"]: row["reason"] for row in map(json.loads, lines)}


def test_what_befalls_a_worker_costs_one_article_at_most(tmp_path: Path) -> None:
    """One run for all: each death and each time limit costs seconds."""
    write("in.jsonl", rows(40, at3="chết hẳn", at7="ngủ", at11=f"chết một lần {tmp_path / 'mark'}", at19="lỗi"))
    finished = run_corpus(["in.jsonl"], Path("out"), time_limit=2.0)
    assert (finished.total.articles, finished.total.failed) == (37, 3)
    ids = [json.loads(line)["id"] for line in Path("out/in.repair.jsonl").read_text("utf-8").splitlines()]
    assert ids == [f"bài {n}" for n in range(40) if n not in (3, 7, 19)]
    assert failures("out") == {
        "bài 3": "in.jsonl:4: its worker process died 3 times (signal 9); if memory is short, lower --workers; "
                 "else report it with the text",
        "bài 7": "in.jsonl:8: took longer than 2 seconds; repair it alone with a higher --time-limit, or split it",
        "bài 19": "in.jsonl:20: ValueError: không ngờ tới; this is a defect of vn-repair: please report it with the "
                  "text"}


@pytest.mark.parametrize(("make", "message"), [
    (refuse, "model: is damaged; fetch it again"), (die, r"worker processes die at their start \(exit code 3\)")])
def test_workers_that_cannot_start_end_the_run(make: object, message: str) -> None:
    write("in.jsonl", rows(3))
    with pytest.raises(InputError, match=message):
        run_corpus(["in.jsonl"], Path("out"), workers=1, job=Work(make, MADE_BY))  # type: ignore[arg-type]


def start(output: str, *options: str, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(FAKES), "in.jsonl", output, "2", *options], text=True,
                            stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, **more)  # type: ignore[call-overload, no-any-return]


def journaled(output: str, lines: int, process: subprocess.Popen[str]) -> None:
    """Wait until the journal has so many lines."""
    path = Path(output, ".vn-repair/journal.jsonl")
    for _ in range(600):
        if path.exists() and path.read_bytes().count(b"\n") >= lines:
            return
        assert process.poll() is None, "it ended too early"
        time.sleep(0.05)
    pytest.fail("the journal does not grow")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_signals_and_a_killed_parent(tmp_path: Path) -> None:
    write("in.jsonl", [{"id": str(n), "text": f"chậm {ROW.format(n)}"} for n in range(160)])
    pids = tmp_path / "pids"
    pids.mkdir()
    os.environ["FAKES_PIDS"] = str(pids)
    try:
        first = start("out")
        journaled("out", 4, first)
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 143
        done = Path("out/in.repair.jsonl.part").read_bytes()
        assert done.endswith(b"\n")
        second = start("out", "--resume")
        journaled("out", 8, second)
        second.kill()
        second.wait()
        lines = Path("out/.vn-repair/journal.jsonl").read_bytes().count(b"\n")
        third = start("out", "--resume")
        journaled("out", lines + 3, third)
        third.send_signal(signal.SIGINT)
        assert third.wait(30) == 130
        assert start("out", "--resume").wait(60) == 0
    finally:
        del os.environ["FAKES_PIDS"]
    assert start("whole").wait(60) == 0
    assert contents("out") == contents("whole")
    deadline = time.monotonic() + 10
    while any(alive(int(p.name)) for p in pids.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(list(pids.iterdir())) >= 8
    assert not [p.name for p in pids.iterdir() if alive(int(p.name))]


def test_a_disk_that_fills_up() -> None:
    write("in.jsonl", rows(100))

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    full = start("out", preexec_fn=small_disk)
    assert full.wait(60) == 2
    assert full.stderr is not None
    assert "cannot write (File too large); make room and run again with --resume" in full.stderr.read()
    assert start("out", "--resume").wait(60) == 0
    run_corpus(["in.jsonl"], Path("whole"), workers=1)
    assert contents("out") == contents("whole")


def test_two_runs_do_not_write_into_one_folder() -> None:
    journal = Journal(Path("out"))
    try:
        with pytest.raises(InputError, match="another run is writing there"):
            Journal(Path("out"))
    finally:
        journal.close()
    Journal(Path("out")).close()


ARTICLES = [
    "Xã có 95,5 % hộ dân dùng nước sạch.\nXã đạt chuẩn nông thôn mới đạt chuẩn nông thôn mới năm 2020.",
    "The commune is recognized as new rural area. Sponsor and sponsor attended the the meeting.",
    "Huyện đã hoàn to plan to the top ban đầu về xây dựng mẫu kiểu NTM.",
    "Ban Chá»‰ Ä‘áº¡o xây dựng nông thôn mới tỉnh.",
]


def test_the_command_line_gives_the_same_bytes_with_and_without_workers(capsys: pytest.CaptureFixture[str]) -> None:
    """The real repairer, by rules."""
    Path("in/b").mkdir(parents=True)
    write("in/tin.jsonl", [{"text": text} for text in ARTICLES * 3] + [{"id": "no text"}])
    Path("in/b/x.md").write_text(ARTICLES[0], "utf-8")
    Path("in/b/photo.jpg").write_bytes(b"\xff\xd8")
    options = ["--rules-only", "--output"]
    assert run(["repair", "in", *options, "two", "--workers", "2"]) == 2
    err = capsys.readouterr().err
    assert "vn-repair: left out of the folders, being of no kind that holds articles: .jpg 1" in err
    assert "vn-repair: in/tin.jsonl:13: the row has no text" in err
    assert "in (13 articles, 1 failed)" in err
    assert run(["repair", "in/tin.jsonl", *options, "none"]) == 2
    assert run(["repair", "in/b/x.md", *options, "none/b"]) == 0
    capsys.readouterr()
    with_workers, without = contents("two"), contents("none")
    assert json.loads(with_workers.pop("summary.json"))["articles"] == 13
    assert json.loads(with_workers.pop("failed.jsonl"))["place"] == "in/tin.jsonl:13"
    assert with_workers == without
    assert run(["repair", "in/tin.jsonl", "--rules-only", "--json", "--workers", "1"]) == 2
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    records = [json.loads(line) for line in without["tin.repair.jsonl"].decode().splitlines()]
    assert [row["vi"] for row in printed] == [row["vi"] for row in records]
    assert "made_by" not in printed[0]
    assert {row["made_by"]["rules"] for row in records} == {rules_checksum()}


@pytest.mark.parametrize(("arguments", "message"), [
    (["x.txt", "--workers", "2"], "add --output DIR"),
    (["x.txt", "--workers", "0", "--output", "out"], "--workers"),
    (["x.txt", "--time-limit", "5", "--output", "out"], "needs --workers"),
    (["-", "--workers", "2", "--output", "out"], "standard input cannot be read again"),
    (["folder", "--output", "folder"], "is the folder of inputs and results"),
    (["empty", "--workers", "1", "--output", "out"], "is a directory without articles"),
    (["x.txt", "--workers", "1", "--model", "nowhere", "--output", "out"], "nowhere"),
    (["x.txt", "--model", "hf:", "--output", "out"], "hf:"),
    (["x.txt", "--model", "endpoint:ftp://x", "--output", "out"], "no http address"),
    (["x.txt", "--no-report", "--json"], "leave out --output, --resume and --no-report"),
])
def test_wrong_use_is_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.txt").write_text("Xã đạt chuẩn.")
    Path("folder").mkdir()
    Path("empty").mkdir()
    Path("folder/y.txt").write_text("Xã đạt chuẩn.")
    assert run(["repair", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_many_failures_do_not_flood_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    write("in.jsonl", [{"id": str(n)} for n in range(50)])
    assert run(["repair", "in.jsonl", "--rules-only", "--workers", "1", "--output", "out"]) == 2
    err = capsys.readouterr().err
    assert err.count("the row has no text") == 20
    assert "and 30 more; all are in failed.jsonl" in err
    assert len(Path("out/failed.jsonl").read_text().splitlines()) == 50


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_one_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    write("in.jsonl", rows(40))
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    before = Tally(articles=10, failed=2)
    with CorpusBar([Source("in.jsonl", 0)]) as bar:
        bar.begun(before, 1)
        for _ in range(4):
            bar.article(Outcome())
            time.sleep(0.15)
        bar.pages()
        assert bar._bar is not None
        for _ in range(100):
            if bar._bar.tasks[0].total is not None:
                break
            time.sleep(0.05)
        bar._bar.refresh()
        shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "16 of 40" in shown
    assert "/s" in shown
    assert "reports" in shown


def test_models_by_name() -> None:
    asked = open_model("endpoint:m@http://localhost:1/v1")
    assert asked is not None
    assert (asked.name, asked.info()["model"]) == ("endpoint", "m")
    assert open_model("some/folder") is None
    assert uses_network("endpoint:m@https://host/v1") == "the sentences to repair and translate are sent to https://host/v1"
    assert not uses_network("hf:checkpoint")
    assert not uses_network(None)
    with pytest.raises(InputError, match="nowhere"):
        open_model_or_folder("nowhere")

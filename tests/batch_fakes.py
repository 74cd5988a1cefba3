"""A quick stand-in for the repairer that worker processes can be made to run, and a program that runs a corpus with it.

What an article's text says is what befalls the worker: see `Fake.repair`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from vn_repair.batch.run import CorpusRun, Finished, RunOptions
from vn_repair.batch.sources import find_sources
from vn_repair.batch.worker import Work
from vn_repair.types import Article, Edit, InputError, Label, Repair, Severity, Span, Status, apply_edits

MADE_BY = {"version": "test"}
WORD = "and the"


class Fake:
    """Deletes `and the`; dies, sleeps and raises where the text tells it to."""

    def repair(self, article: Article) -> Repair:
        text = article.text
        if "chết hẳn" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "chết một lần" in text:
            mark = Path(text.split()[-1])
            if not mark.exists():
                mark.write_text("x")
                os.kill(os.getpid(), signal.SIGKILL)
        if "ngủ" in text:
            time.sleep(600)
        if "chậm" in text:
            time.sleep(0.02)
        if "nổ" in text:
            raise InputError(f"{article.source}: cannot be segmented; cut it")
        if "lỗi" in text:
            raise ValueError("không ngờ\ntới")
        spans, edits, at = [], [], text.find(WORD)
        while at >= 0:
            spans.append(Span(at, at + len(WORD), Label.UNTRANSLATED, Severity.MAJOR, 0.9, "test.english", "m", ""))
            edits.append(Edit(at, at + len(WORD), "", "rules", 0.8, Status.ACCEPTED, ("test",)))
            at = text.find(WORD, at + 1)
        return Repair(article, tuple(spans), tuple(edits), apply_edits(text, edits), "English\n")


def build() -> Fake:
    """What each worker builds; with FAKES_PIDS set, it leaves its process id in that folder."""
    if "FAKES_PIDS" in os.environ:
        Path(os.environ["FAKES_PIDS"], str(os.getpid())).touch()
    return Fake()


def refuse() -> Fake:
    raise InputError("model: is damaged; fetch it again")


def die() -> Fake:
    os._exit(3)


def run_corpus(arguments: list[str], output: Path, *, workers: int = 2, resume: bool = False, time_limit: float = 0.0,
               job: Work | None = None, unit_bytes: int = 400) -> Finished:
    """A run of `arguments` into `output`."""
    found = find_sources(arguments, output)
    return CorpusRun(arguments, found.sources, output, job or Work(build, MADE_BY),
                     RunOptions(workers, unit_bytes, time_limit, resume=resume)).run()


if __name__ == "__main__":
    try:
        done = run_corpus([sys.argv[1]], Path(sys.argv[2]), workers=int(sys.argv[3]), resume="--resume" in sys.argv)
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    sys.exit(0 if done.stopped_by is None else 128 + done.stopped_by)

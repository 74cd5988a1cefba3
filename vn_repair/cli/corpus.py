"""`vn-repair repair` with several processes: progress, complaints and summary of a run over a corpus."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from vn_repair.cli.terminal import BAD_INPUT, SummaryRow, complain, print_summary
from vn_repair.types import InputError, Status

if TYPE_CHECKING:
    from rich.progress import Progress, Task

    from vn_repair.batch.setup import Setup
    from vn_repair.batch.sources import Found, Source
    from vn_repair.batch.tally import Outcome, Tally
    from vn_repair.batch.worker import Work

MOST_COMPLAINTS = 20
MOST_ROWS = 20
FEWEST_BYTES, UNITS_A_WORKER = 2**12, 8


class Corpus:
    """Repairs the sources `found` for `arguments` with `workers` processes."""

    def __init__(self, arguments: Sequence[str], found: Found, setup: Setup, lang: str | None, *,
                 workers: int, time_limit: float) -> None:
        self.arguments, self.found, self.setup = arguments, found, setup
        self.lang = None if lang is None else str(lang)
        self.workers, self.time_limit = workers, time_limit
        self.failures = 0
        for error in found.empty:
            complain(str(error))
        if found.left_out:
            endings = ", ".join(f"{ending} {count:,}" for ending, count in found.left_out.most_common(5))
            complain(f"left out of the folders, being of no kind that holds articles: {endings}")

    def write(self, output: Path | None, *, resume: bool, pages: bool) -> int:
        """Write all results and say what came of it; the exit code."""
        from vn_repair.batch.run import CorpusRun, Watcher

        if output is None:
            raise InputError("several processes keep a journal beside the results; add --output DIR")
        with CorpusBar(self.found.sources) as bar:
            watcher = Watcher(begun=bar.begun, article=bar.article, failure=self._failed, pages=bar.pages)
            run = CorpusRun(self.arguments, self.found.sources, output, self._job(plain=False, pages=pages),
                            self._options(resume), watcher=watcher)
            finished = run.run()
        self._end_complaints()
        if finished.stopped_by is not None:
            done = finished.total.articles
            complain(f"stopped by {signal.Signals(finished.stopped_by).name}; {done:,} articles are done: run the same "
                     "command with --resume to go on")
            return 128 + finished.stopped_by
        if finished.already:
            complain(f"{output}: all was done before")
        self._summary(finished.tallies, finished.total)
        total = finished.total
        print(f"wrote {total.articles:,} articles and summary.json to {output}", file=sys.stderr)
        if finished.failures:
            print(f"wrote {finished.failures} ({total.failed:,} articles that failed, with reasons)", file=sys.stderr)
        return BAD_INPUT if total.failed or self.found.empty else 0

    def print_records(self) -> int:
        """Print the records in the order of the inputs; the exit code."""
        from vn_repair.batch.run import stream
        from vn_repair.batch.tally import Tally

        total = Tally()
        with CorpusBar(self.found.sources) as bar:
            for outcome in stream(self.found.sources, self._job(plain=True, pages=False), self._options(False)):
                total.add(outcome)
                bar.article(outcome)
                if outcome.failure is not None:
                    complain(outcome.failure)
                sys.stdout.write(outcome.record)
                sys.stdout.flush()
        self._summary({}, total)
        return BAD_INPUT if total.failed or self.found.empty else 0

    def _job(self, *, plain: bool, pages: bool) -> Work:
        from vn_repair.batch.worker import Work

        info = self.setup.repairer().info()  # a model that is missing or damaged is told of here, once
        return Work(self.setup.repairer, self.setup.made_by(info), self.lang, plain=plain, pages=pages)

    def _options(self, resume: bool) -> Any:
        from vn_repair.batch.run import RunOptions
        from vn_repair.batch.units import BYTES_BY_RULES, BYTES_WITH_MODEL

        size = BYTES_BY_RULES if self.setup.rules_only else BYTES_WITH_MODEL
        # A small corpus goes to all workers too.
        held = sum(os.path.getsize(s.path) for s in self.found.sources if os.path.isfile(s.path))
        size = max(FEWEST_BYTES, min(size, held // (UNITS_A_WORKER * self.workers)))
        return RunOptions(self.workers, size, self.time_limit, resume=resume)

    def _failed(self, reason: str) -> None:
        self.failures += 1
        if self.failures <= MOST_COMPLAINTS:
            complain(reason)

    def _end_complaints(self) -> None:
        if self.failures > MOST_COMPLAINTS:
            complain(f"and {self.failures - MOST_COMPLAINTS:,} more; all are in failed.jsonl at the end")

    def _summary(self, tallies: dict[int, Tally], total: Tally) -> None:
        rows = [_row(self.arguments[number], tally) for number, tally in sorted(tallies.items())]
        if len(rows) != 1:
            rows = [*rows, _row("all", total)] if len(rows) <= MOST_ROWS else [_row("all", total)]
        print_summary(rows)


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _row(name: str, tally: Tally) -> SummaryRow:
    from vn_repair.write.report import top_labels

    remarks = f"{tally.articles:,} articles" + (f", {tally.failed:,} failed" if tally.failed else "")
    accepted, review, rejected = (tally.statuses[str(status)] for status in Status)
    return SummaryRow(f"{name} ({remarks})", "+".join(sorted(tally.languages)), top_labels(tally.labels), accepted,
                      review, rejected, tally.seconds)


class CorpusBar:
    """One bar for the whole run, with articles a second and the time left, if stderr is a terminal.

    How many articles there are is counted meanwhile; until that is known, there is no time left to tell.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self._bar: Progress | None = None
        self._over = threading.Event()

    def __enter__(self) -> CorpusBar:
        """Show the bar."""
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
            from rich.progress import TimeRemainingColumn as TimeLeft
            from rich.text import Text

            class Rate(ProgressColumn):
                def render(self, task: Task) -> Text:
                    return Text(f"{task.speed:.1f}/s" if task.speed else "")

            self._bar = Progress(TextColumn("{task.description}"), BarColumn(),
                                 TextColumn("{task.completed:,.0f}{task.fields[of]}"), Rate(), TimeElapsedColumn(),
                                 TimeLeft(), console=Console(stderr=True), transient=True, speed_estimate_period=60)
            self._task = self._bar.add_task("articles", total=None, of="")
            self._bar.start()
            threading.Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Take the bar away."""
        self._over.set()
        if self._bar:
            self._bar.stop()

    def begun(self, before: Tally, files: int) -> None:
        """What was done before."""
        if self._bar:
            self._bar.update(self._task, completed=before.articles + before.failed)
            self._bar.console.print(f"{files:,} files, {before.articles:,} articles done before")

    def article(self, _: Outcome) -> None:
        """One more."""
        if self._bar:
            self._bar.advance(self._task)

    def pages(self) -> None:
        """All articles are done, their pages are being written."""
        if self._bar:
            self._bar.update(self._task, description="reports")

    def _count(self) -> None:
        from vn_repair.batch.sources import count_articles

        total = 0
        for source in self.sources:
            total += count_articles(source)
            if self._over.is_set():
                return
        if self._bar:
            self._bar.update(self._task, total=total, of=f" of {total:,}")

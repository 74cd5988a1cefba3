"""A run over a corpus, from its arguments to its summary."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vn_repair.batch.journal import Journal, State
from vn_repair.batch.pool import Pool
from vn_repair.batch.results import FAILED, Results
from vn_repair.batch.sources import Source
from vn_repair.batch.tally import Outcome, Tally
from vn_repair.batch.units import Planner, Position, Task, Unit
from vn_repair.batch.worker import Work
from vn_repair.types import InputError
from vn_repair.write.files import RECORDS, atomic, plan_targets

SUMMARY = "summary.json"
SIGNALS = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is done; none of it changes a byte of the results.

    `unit_bytes` bounds the text of a unit, `time_limit` the seconds an article may take (0: no limit).
    """

    workers: int
    unit_bytes: int
    time_limit: float = 0.0
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run has come to: a tally for each argument, the signal that stopped it, and the list of failures."""

    tallies: dict[int, Tally]
    stopped_by: int | None
    failures: Path | None
    already: bool = False

    @property
    def total(self) -> Tally:
        """All arguments together."""
        total = Tally()
        for tally in self.tallies.values():
            total.merge(tally)
        return total


@dataclass(slots=True)
class Watcher:
    """Calls for whoever shows how a run comes along; none has an effect on it.

    `begun` gets the tally of what was done before and the number of files, `article` the outcome of each article in no
    order, `failure` each reason in order, `pages` is called when the HTML pages are begun.
    """

    begun: Callable[[Tally, int], None] = lambda _tally, _files: None
    article: Callable[[Outcome], None] = lambda _: None
    failure: Callable[[str], None] = lambda _: None
    pages: Callable[[], None] = lambda: None


class CorpusRun:
    """Repairs `sources` (found for `arguments`) into the folder `output`.

    The results are those of `vn-repair repair` without workers, byte for byte, and besides `failed.jsonl` and
    `summary.json`. Raises `InputError`; what was done until then stays, and a run with `resume` goes on from it.
    """

    def __init__(self, arguments: Sequence[str], sources: Sequence[Source], output: Path, job: Work,
                 options: RunOptions, *, watcher: Watcher | None = None) -> None:
        self.arguments, self.sources, self.output, self.job = arguments, sources, output, job
        self.options, self.watcher = options, watcher or Watcher()
        self._stopped_by: int | None = None
        for source in sources:
            if source.path == "-":
                raise InputError("-: standard input cannot be read again on --resume; save it to a file and name that, "
                                 "or use --json")
        for argument in arguments:
            if os.path.isdir(argument) and output.exists() and os.path.samefile(argument, output):
                raise InputError(f"{argument}: is the folder of inputs and results; give --output another")
        self.targets = plan_targets([s.path for s in sources], output, {s.path: s.folder for s in sources})

    def run(self) -> Finished:
        """Do it, or what is left of it; a signal to end stops it cleanly."""
        journal = Journal(self.output)
        try:
            return self._run(journal)
        finally:
            journal.close()

    def _run(self, journal: Journal) -> Finished:
        header = {"made_by": self.job.made_by, "inputs": self._inputs(), "pages": self.job.pages}
        unknown = self.options.resume and not journal.path.exists()
        state = journal.read(header) if self.options.resume else None
        if state is None and not self.options.resume and journal.unfinished():
            raise InputError(f"{self.output}: holds a run that was interrupted; go on with --resume, or delete "
                             f"{journal.folder} to begin again")
        state = state or State()
        self.watcher.begun(_sum(state.tallies), len(self.sources))
        if state.finished:
            failures = self.output / FAILED
            return Finished(state.tallies, None, failures if state.failed else None, already=True)
        journal.begin(header, state if state.at != Position() else None)
        results = Results(journal, state, self.sources, self.targets, spare_parts=unknown,
                          pages=self.job.pages)
        try:
            with self._stoppable():
                self._repair(results)
                if self.job.pages and self._stopped_by is None:
                    self._write_pages(results)
            if self._stopped_by is not None:
                return Finished(state.tallies, self._stopped_by, None)
            failures_path = results.finish()
            self._write_summary(state.tallies)
            results.end()
            return Finished(state.tallies, None, failures_path)
        finally:
            results.close()

    def _repair(self, results: Results) -> None:
        planner = Planner(self.sources, self.targets, self.job.lang, self.options.unit_bytes)
        for batch in self._pool(self.options.time_limit, self.watcher.article).run(planner.units(results.state.at)):
            for done in batch:
                for outcome in done.outcomes:
                    if outcome.failure is not None:
                        self.watcher.failure(outcome.failure)
            results.add(batch)

    def _write_pages(self, results: Results) -> None:
        self.watcher.pages()
        for batch in self._pool(0, lambda _: None).run(self._pages(results.state.pages)):
            for done in batch:
                for outcome in done.outcomes:
                    if outcome.failure is not None:
                        raise InputError(outcome.failure)
            results.paged(batch[-1].unit.source + 1)

    def _pages(self, first: int) -> Iterator[Unit]:
        for number, source in enumerate(self.sources[first:], first):
            target = self.targets[source.path]
            if target.path(RECORDS).exists() and source.has_rows():
                yield Unit((Task(str(target.path(RECORDS)), target=target, pages=True),), number)

    def _pool(self, time_limit: float, article: Callable[[Outcome], None]) -> Pool:
        return Pool(self.job, self.options.workers, time_limit,
                    stopped=lambda: self._stopped_by is not None, article_done=article)

    def _inputs(self) -> dict[str, Any]:
        """What tells one set of inputs from another: their number, and a checksum of names and sizes."""
        checksum = hashlib.sha256()
        for source in self.sources:
            size = os.path.getsize(source.path) if os.path.isfile(source.path) else None
            checksum.update(json.dumps([source.path, size]).encode())
        return {"files": len(self.sources), "lang": self.job.lang, "checksum": checksum.hexdigest()[:16]}

    def _write_summary(self, tallies: dict[int, Tally]) -> None:
        """`summary.json`: all but `seconds` is the same for every run over the same inputs."""
        rows = [{"input": argument, **tallies.get(number, Tally()).record()}
                for number, argument in enumerate(self.arguments)]
        with atomic(self.output / SUMMARY) as file:
            json.dump({"made_by": self.job.made_by, **_sum(tallies).record(), "inputs": rows}, file,
                      ensure_ascii=False, indent=1)
            file.write("\n")

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """A signal to end lets the units that are done be written, and drops the others."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, _: object) -> None:
            self._stopped_by = number

        before = {number: signal.signal(number, stop) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _sum(tallies: dict[int, Tally]) -> Tally:
    return Finished(tallies, None, None).total


def stream(sources: Sequence[Source], job: Work, options: RunOptions) -> Iterator[Outcome]:
    """The outcomes in the order of the inputs, with records for standard output; nothing is written."""
    planner = Planner(sources, None, job.lang, options.unit_bytes)
    for batch in Pool(job, options.workers, options.time_limit).run(planner.units(Position())):
        for done in batch:
            yield from done.outcomes

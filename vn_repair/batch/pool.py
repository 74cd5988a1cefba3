"""Worker processes that do units, and the outcomes in the order of the units, whatever happens to a worker."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from vn_repair.batch.tally import Outcome
from vn_repair.batch.units import Unit
from vn_repair.batch.worker import Work, work
from vn_repair.types import InputError

# An article whose worker dies is tried again by another, for the death may have come from outside.
DEATHS_OF_ARTICLE, DEATHS_AT_START = 3, 3
UNITS_AHEAD = 4  # for each worker: units that are read or done while an earlier one is not
TICK = 0.25  # seconds between looks at the clock and at `stopped`


@dataclass(slots=True)
class Done:
    """A unit with an outcome for each of its tasks, in order."""

    unit: Unit
    outcomes: list[Outcome]


@dataclass(slots=True)
class _Pending:
    """A unit under way: `outcomes` of the tasks that are done, which are always the first ones."""

    unit: Unit
    outcomes: list[Outcome] = field(default_factory=list)
    deaths: Counter[int] = field(default_factory=Counter)

    def settle(self) -> bool:
        """Take over what is known to have failed; whether nothing is left to do."""
        tasks = self.unit.tasks
        while len(self.outcomes) < len(tasks) and (wrong := tasks[len(self.outcomes)].wrong) is not None:
            self.outcomes.append(Outcome(failure=wrong))
        return len(self.outcomes) == len(tasks)


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    pending: _Pending | None = None
    since: float = 0.0  # when the task under way was begun


class Pool:
    """`count` worker processes. `time_limit` is the seconds of wall time that an article may take (0: no limit).

    A worker is started when there is work for it. Its death is put down to the article that it was at, which another
    worker tries again; after three deaths, or at the time limit, the article has failed and the rest goes on.
    `article_done` is called for every task that is done, in no order.
    """

    def __init__(self, job: Work, count: int, time_limit: float = 0.0, *,
                 stopped: Callable[[], bool] = lambda: False,
                 article_done: Callable[[Outcome], None] = lambda _: None) -> None:
        self.job, self.count, self.time_limit, self.stopped = job, count, time_limit, stopped
        self.article_done = article_done
        self._workers: list[_Worker] = []
        self._dead_at_start = 0
        # Not fork: threads of the model and of pyarrow do not survive it.
        self._context = multiprocessing.get_context("spawn")

    def run(self, units: Iterator[Unit]) -> Iterator[list[Done]]:
        """The units in their order, as many at a time as have come to be done.

        When `stopped()` becomes true, what is under way is dropped and the iterator ends. Raises `InputError` when
        workers cannot start or cannot write.
        """
        order: deque[_Pending] = deque()
        waiting: deque[_Pending] = deque()
        more = True
        try:
            while not self.stopped():
                while more and len(order) < UNITS_AHEAD * self.count and len(waiting) < self.count + 1:
                    unit = next(units, None)
                    if unit is None:
                        more = False
                        break
                    pending = _Pending(unit)
                    order.append(pending)
                    if not pending.settle():
                        waiting.append(pending)
                if ready := _first_done(order):
                    yield ready
                    continue
                if not order:
                    return
                self._hand_out(waiting)
                self._listen(waiting)
            if ready := _first_done(order):
                yield ready
        finally:
            self._end()

    def _hand_out(self, waiting: deque[_Pending]) -> None:
        idle = [w for w in self._workers if w.ready and w.pending is None]
        while waiting and idle:
            self._begin(idle.pop(), waiting)
        starting = sum(not w.ready for w in self._workers)
        while len(self._workers) < self.count and starting < len(waiting):
            self._start()
            starting += 1

    def _begin(self, worker: _Worker, waiting: deque[_Pending]) -> None:
        pending = waiting.popleft()
        first = len(pending.outcomes)
        worker.pending, worker.since = pending, time.monotonic()
        with suppress(OSError):  # it died while idle: `_listen` sees to that
            worker.connection.send([(n, t) for n, t in enumerate(pending.unit.tasks) if n >= first and not t.wrong])

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self.job, os.getpid()), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours, since=time.monotonic()))

    def _listen(self, waiting: deque[_Pending]) -> None:
        """Wait for messages, deaths or the clock, and see to them."""
        by_handle = {w.connection: w for w in self._workers}
        for connection in wait(list(by_handle), TICK):
            worker = by_handle[connection]  # type: ignore[index]
            try:
                self._hear(worker, worker.connection.recv())
            except (EOFError, OSError):
                self._bury(worker, waiting, None)
        now = time.monotonic()
        for worker in list(self._workers):
            if self.time_limit and worker.pending and now - worker.since > self.time_limit:
                self._bury(worker, waiting, f"took longer than {self.time_limit:g} seconds; repair it alone with a "
                                            "higher --time-limit, or split it")

    def _hear(self, worker: _Worker, message: tuple[int, Outcome] | str | None) -> None:
        if isinstance(message, str):
            raise InputError(message)
        if message is None:
            worker.ready, self._dead_at_start = True, 0
            return
        pending = worker.pending
        assert pending is not None
        number, outcome = message
        pending.settle()
        assert number == len(pending.outcomes)
        pending.outcomes.append(outcome)
        self.article_done(outcome)
        worker.since = time.monotonic()
        if pending.settle():
            worker.pending = None

    def _bury(self, worker: _Worker, waiting: deque[_Pending], reason: str | None) -> None:
        """End a worker and give back what it had not done; `reason` is why its article has failed, if it has."""
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        pending = worker.pending
        if pending is None:
            self._dead_at_start += not worker.ready
            if self._dead_at_start >= DEATHS_AT_START:
                raise InputError(f"worker processes die at their start ({_how(worker.process)}); if memory is short, "
                                 "lower --workers, and go on with --resume")
            return
        pending.settle()
        blamed = len(pending.outcomes)
        pending.deaths[blamed] += 1
        if reason is None and pending.deaths[blamed] >= DEATHS_OF_ARTICLE:
            reason = (f"its worker process died {DEATHS_OF_ARTICLE} times ({_how(worker.process)}); if memory is "
                      "short, lower --workers; else report it with the text")
        if reason is not None:
            outcome = Outcome(failure=f"{pending.unit.tasks[blamed].place}: {reason}")
            pending.outcomes.append(outcome)
            self.article_done(outcome)
        if not pending.settle():
            waiting.appendleft(pending)

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers.clear()


def _first_done(order: deque[_Pending]) -> list[Done]:
    """Take off what is done at the head of `order`."""
    ready: list[Done] = []
    while order and order[0].settle():
        pending = order.popleft()
        ready.append(Done(pending.unit, pending.outcomes))
    return ready


def _how(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return f"signal {-code}" if code < 0 else f"exit code {code}"

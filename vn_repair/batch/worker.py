"""A worker process: it repairs the tasks that it is sent and tells the outcome of each as soon as it is there."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Protocol

from vn_repair.batch.tally import Outcome, outcome_of
from vn_repair.types import Article, InputError, Repair
from vn_repair.write.files import CannotWrite, write_article

if TYPE_CHECKING:
    from vn_repair.batch.units import Task

WATCH_SECONDS = 0.5


class Repairs(Protocol):
    """What a worker needs of a `Repairer`."""

    def repair(self, article: Article) -> Repair:
        """The article's repair. Raises `InputError`."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What all workers of a run do: it travels to them once.

    `build` makes the repairer (a function that can be pickled). `plain` records are what `repair --json` prints,
    others those of `.repair.jsonl` files. Without `pages`, no HTML report is written.
    """

    build: Callable[[], Repairs]
    made_by: dict[str, Any]
    lang: str | None = None
    plain: bool = False
    pages: bool = True


def work(connection: Connection, job: Work, parent: int) -> None:
    """Serve the process `parent` until it sends `None`, closes the connection or is gone.

    Tells `None` when ready, then (number in the unit, outcome) for each task; a text says why it cannot go on.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        try:
            repairer = job.build()
        except InputError as error:
            connection.send(str(error))
            return
        connection.send(None)
        while (message := connection.recv()) is not None:
            for number, task in message:
                try:
                    outcome = do(task, repairer, job)
                except CannotWrite as error:
                    connection.send(str(error))
                    return
                except ImportError as error:
                    connection.send(f"{error}; install vn-repair again, with what the model needs")
                    return
                connection.send((number, outcome))
    except (EOFError, ConnectionError):
        return


def _end_with(parent: int) -> None:
    """End this process soon after `parent` has ended, whatever it is at."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def do(task: Task, repairer: Repairs, job: Work) -> Outcome:
    """Repair one article; a file's results are written at once, a row's record is handed back.

    No article's failure stops a corpus. Raises `CannotWrite` and `ImportError`, which are no article's fault.
    """
    from vn_repair.write.record import full_record, line, repair_record
    from vn_repair.write.rows import write_pages

    start = time.perf_counter()
    try:
        if task.pages:
            return Outcome(files=len(write_pages(task.target))) if task.target else Outcome()
        article = task.article or _read(task.place, job.lang)
        repair = repairer.repair(article)
        if task.target is not None:
            return outcome_of(repair, "", time.perf_counter() - start, _write(task, repair, job))
        record = repair_record(repair) if job.plain else full_record(repair, job.made_by)
        return outcome_of(repair, line(record), time.perf_counter() - start, 0)
    except (CannotWrite, ImportError):
        raise
    except Exception as error:
        return Outcome(failure=failure_of(error, task.place))


def failure_of(error: Exception, place: str) -> str:
    """Why there is no repair, in one line; an exception that is no `InputError` is a defect of vn-repair."""
    if isinstance(error, InputError):
        return str(error)
    return (f"{place}: {type(error).__name__}: {' '.join(str(error).split())[:300]}; this is a defect of vn-repair: "
            "please report it with the text")


def _read(path: str, lang: str | None) -> Article:
    from vn_repair.read import read

    for item in read(path, lang=lang):
        if isinstance(item, InputError):
            raise item
        return item
    raise InputError(f"{path}: holds no article; give a file with one")


def _write(task: Task, repair: Repair, job: Work) -> int:
    assert task.target is not None
    return len(write_article(task.target, repair, job.made_by, [], page=job.pages))

"""The journal of a run: what is done, so that a run that was interrupted at any point can go on.

`OUTPUT/.vn-repair/journal.jsonl` begins with the settings and inputs of the run; every further line tells how far it
had come, and is written after the results up to there are on the disk. A line that was not written to its end does
not count. A lock keeps a second run away.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, Literal

from vn_repair.batch.tally import Tally, read_tally
from vn_repair.batch.units import Position
from vn_repair.types import InputError
from vn_repair.write.files import CannotWrite, no_links, refuse_link

FOLDER = ".vn-repair"


@dataclass(slots=True)
class State:
    """How far a run has come.

    `at` is where repair goes on; `records` and `failed` are the sizes in bytes of the records of the source it is in
    and of the list of failures. `ended` tells that the source before `at` has all its records. `pages` is how many
    sources have their HTML pages, `tallies` what was done, by argument; `finished` that all is.
    """

    at: Position = field(default_factory=Position)
    records: int = 0
    failed: int = 0
    ended: bool = False
    pages: int = 0
    tallies: dict[int, Tally] = field(default_factory=dict)
    finished: bool = False


class Journal:
    """The journal in the folder `output`, which is made; close it in any case.

    Raises `CannotWrite`, and `InputError` while another run writes there.
    """

    def __init__(self, output: Path) -> None:
        self.folder = output / FOLDER
        self.path = self.folder / "journal.jsonl"
        self._file: FileIO | None = None
        for path in (self.folder, self.folder / "lock", self.path):
            refuse_link(path)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = open(self.folder / "lock", "ab", opener=no_links)  # noqa: SIM115 - held until `close`
        except OSError as error:
            raise CannotWrite(f"{output}: cannot write ({error.strerror}); give --output a folder that can be "
                              "written to") from error
        if not _locked(self._lock):
            self._lock.close()
            raise InputError(f"{output}: another run is writing there; wait for it, or give another --output")

    def close(self) -> None:
        """Let go of the files."""
        if self._file is not None:
            self._file.close()
        self._lock.close()

    def read(self, run: dict[str, Any]) -> State | None:
        """The state of an earlier run with the same settings and inputs (`run`); `None` if there was none.

        What follows the last whole line is cut off. Raises `InputError` if the run was another.
        """
        if not self.path.exists():
            return None
        state = State()
        good = 0
        with open(self.path, "rb") as file:
            for number, raw in enumerate(file):
                try:
                    row = json.loads(raw) if raw.endswith(b"\n") else None
                except ValueError:
                    row = None
                if row is None:
                    break
                if number == 0:
                    self._check(row, run)
                else:
                    _apply(row, state)
                good += len(raw)
        if good == 0:
            return None
        if good < self.path.stat().st_size:
            os.truncate(self.path, good)
        return state

    def unfinished(self) -> bool:
        """Whether there is the journal of a run that was interrupted after it had done something."""
        try:
            with open(self.path, "rb") as file:
                lines = 0
                last = b""
                for raw in file:
                    lines, last = lines + 1, raw
            return lines > 1 and not json.loads(last).get("finished")
        except FileNotFoundError:
            return False
        except ValueError:  # torn
            return lines > 2

    def begin(self, run: dict[str, Any], state: State | None) -> None:
        """Open the journal to go on from `state`, or anew."""
        self._file = self._write_to("ab" if state else "wb")
        if state is None:
            self._append(run)

    def add(self, state: State, done: dict[int, Tally]) -> None:
        """Write that the run has come to `state`, with `done` since the line before."""
        self._append({"at": asdict(state.at), "records": state.records, "failed": state.failed, "ended": state.ended,
                      "pages": state.pages, "finished": state.finished,
                      "tallies": {str(number): tally.record() for number, tally in done.items()}})

    def _write_to(self, mode: Literal["ab", "wb"]) -> FileIO:
        try:
            return open(self.path, mode, buffering=0, opener=no_links)
        except OSError as error:
            raise CannotWrite(f"{self.path}: cannot write ({error.strerror}); make the folder writable") from error

    def _append(self, row: dict[str, Any]) -> None:
        assert self._file is not None
        put(self._file, self.path, json.dumps(row).encode() + b"\n")

    def _check(self, known: dict[str, Any], run: dict[str, Any]) -> None:
        for key, what in (("made_by", "settings"), ("inputs", "inputs"), ("pages", "reports")):
            if known.get(key) != run[key]:
                raise InputError(f"{self.folder.parent}: the interrupted run there had other {what} "
                                 f"({_short(known.get(key))}, now {_short(run[key])}); use the same, or leave out "
                                 f"--resume and delete {self.folder}")


def put(file: FileIO, path: Path, data: bytes) -> None:
    """Write `data` to an unbuffered file and see that it is on the disk. Raises `CannotWrite`."""
    left = memoryview(data)
    try:
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError as error:
        raise CannotWrite(f"{path}: cannot write ({error.strerror}); make room and run again with --resume") from error


def _apply(row: dict[str, Any], state: State) -> None:
    state.at = Position(**row["at"])
    state.records, state.failed, state.ended = row["records"], row["failed"], row["ended"]
    state.pages, state.finished = row["pages"], row["finished"]
    for number, tally in row["tallies"].items():
        state.tallies.setdefault(int(number), Tally()).merge(read_tally(tally))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:199] + "…"


def _locked(file: BinaryIO) -> bool:
    """Whether the lock could be taken; where the system has none, it is taken for granted."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True

"""What a run writes: the records of each source in its order, and the list of failures, in step with the journal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any

from vn_repair.batch.journal import Journal, State, put
from vn_repair.batch.pool import Done
from vn_repair.batch.sources import Source
from vn_repair.batch.tally import Outcome, Tally
from vn_repair.batch.units import Position, Task
from vn_repair.types import InputError
from vn_repair.write.files import RECORDS, CannotWrite, Target, atomic, no_links, refuse_link
from vn_repair.write.record import line
from vn_repair.write.rows import drop_pages

FAILED = "failed.jsonl"


class Results:
    """Writes outcomes in order and then notes in the journal that they are written.

    Records of a source grow in `NAME.repair.jsonl.part`, which gets its name when the source is done. What an
    interrupted run wrote beyond its journal is cut off; with `spare_parts` a part file that no journal knows of is an
    error. Close it in any case. Raises `CannotWrite`.
    """

    def __init__(self, journal: Journal, state: State, sources: Sequence[Source], targets: Mapping[str, Target], *,
                 spare_parts: bool, pages: bool) -> None:
        self.journal, self.state, self.sources, self.targets = journal, state, sources, targets
        self.spare_parts, self.pages = spare_parts, pages
        self.failed_path = journal.folder / FAILED
        self._records: FileIO | None = None
        self._done: dict[int, Tally] = {}
        self._lines: list[str] = []
        self._failures: list[str] = []
        if state.ended:
            self._name(state.at.source - 1)
        if state.records:
            self._records = _opened(self._part(state.at.source), state.records)
        self._failed = _opened(self.failed_path, state.failed)

    def close(self) -> None:
        """Close the files."""
        if self._records is not None:
            self._records.close()
        self._failed.close()

    def add(self, batch: Sequence[Done]) -> None:
        """Write the outcomes of the units that follow."""
        for done in batch:
            unit = done.unit
            rows = unit.rows > 0
            if rows and self.state.at.rows == 0:
                self._begin(unit.source)
            for task, outcome in zip(unit.tasks, done.outcomes, strict=True):
                number = self._argument(task, unit.source)
                self._done.setdefault(number, Tally()).add(outcome)
                if outcome.record:
                    self._lines.append(outcome.record)
                if outcome.failure is not None:
                    self._failures.append(line(failure_record(task, outcome)))
            self.state.ended = rows and unit.ends
            self.state.at = Position(unit.source + 1) if unit.ends else Position(unit.source, unit.rows, unit.checksum)
            if self.state.ended:
                self._save(unit.source)
                self._name(unit.source)
        if self._done:
            self._save(self.state.at.source)

    def paged(self, sources: int) -> None:
        """Note that the first `sources` sources have their pages."""
        self.state.pages = sources
        self._note()

    def finish(self) -> Path | None:
        """Give the list of failures its place, and return it if it is not empty."""
        final = self.journal.folder.parent / FAILED
        if not self.state.failed:
            with suppress(FileNotFoundError):
                final.unlink()
            return None
        with open(self.failed_path, encoding="utf-8") as file, atomic(final) as copy:
            shutil.copyfileobj(file, copy)
        return final

    def end(self) -> None:
        """Note that the run is finished."""
        self.state.finished = True
        self._note()

    def _argument(self, task: Task, source: int) -> int:
        if task.article is None and task.target is not None:  # a unit of files goes over many sources
            return self._arguments[task.place]
        return self.sources[source].argument

    @property
    def _arguments(self) -> dict[str, int]:
        if not hasattr(self, "_by_path"):
            self._by_path = {source.path: source.argument for source in self.sources}
        return self._by_path

    def _begin(self, number: int) -> None:
        part = self._part(number)
        refuse_link(part)
        if part.exists():
            if self.spare_parts:
                raise InputError(f"{part}: is left of a run without --workers; resume that one without --workers, or "
                                 "delete the file")
            part.unlink()

    def _part(self, number: int) -> Path:
        path = self.targets[self.sources[number].path].path(RECORDS)
        return path.with_name(path.name + ".part")

    def _save(self, number: int) -> None:
        """Write what has gathered, records of the source `number` among it, and then the journal's line."""
        if self._lines:
            if self._records is None:
                self._records = _opened(self._part(number), 0)
            self.state.records += self._put(self._records, self._part(number), self._lines)
        if self._failures:
            self.state.failed += self._put(self._failed, self.failed_path, self._failures)
        if self.state.ended:
            self.state.records = 0
            if self._records is not None:
                self._records.close()
                self._records = None
        self._note()

    def _put(self, file: FileIO, path: Path, lines: list[str]) -> int:
        data = "".join(lines).encode()
        put(file, path, data)
        lines.clear()
        return len(data)

    def _note(self) -> None:
        self.journal.add(self.state, self._done)
        for number, tally in self._done.items():
            self.state.tallies.setdefault(number, Tally()).merge(tally)
        self._done = {}

    def _name(self, number: int) -> None:
        """Give the records of a source that is done their name, if it had any."""
        part = self._part(number)
        try:
            if part.exists():
                os.replace(part, part.with_name(part.name.removesuffix(".part")))
                if not self.pages:
                    drop_pages(self.targets[self.sources[number].path])
        except OSError as error:
            raise CannotWrite(f"{part}: cannot be renamed ({error.strerror}); make the folder writable and run again "
                              "with --resume") from error


def failure_record(task: Task, outcome: Outcome) -> dict[str, Any]:
    """A line of `failed.jsonl`: place, reason, and the article if it could be read, which may be input again."""
    row: dict[str, Any] = {"place": task.place, "reason": outcome.failure}
    if task.article is not None:
        row |= {"id": task.article.id, "lang": task.article.lang, "text": task.article.text}
    return row


def _opened(path: Path, size: int) -> FileIO:
    """The file cut to `size` bytes, to be written on. Raises `CannotWrite`, also for a symbolic link."""
    refuse_link(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "ab", buffering=0, opener=no_links)  # noqa: SIM115 - `Results.close` closes it
        if os.fstat(file.fileno()).st_size < size:
            file.close()
            raise InputError(f"{path}: is shorter than the journal says; the results were changed since, so delete the "
                             "folder .vn-repair and begin again")
        file.truncate(size)
        return file
    except OSError as error:
        raise CannotWrite(f"{path}: cannot write ({error.strerror}); give --output a folder that can be "
                          "written to") from error

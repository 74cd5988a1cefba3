"""Units of work: a few articles each, cut from the inputs in order by the process that reads them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vn_repair.batch.sources import Source
from vn_repair.read import read
from vn_repair.types import Article, InputError
from vn_repair.write.files import RECORDS, REPORT, Target

# A unit is closed when it holds this many bytes of text or articles; a model takes far longer for a byte than rules.
BYTES_BY_RULES, BYTES_WITH_MODEL, MOST_TASKS = 2**17, 2**14, 256


@dataclass(frozen=True, slots=True)
class Task:
    """One article: itself, or a file that a worker reads and writes the results of, or why there is none.

    With `pages` it is the HTML pages of the records that lie at `target`.
    """

    place: str
    article: Article | None = None
    target: Target | None = None
    wrong: str | None = None
    pages: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Tasks that one worker does one after another.

    `source` is the number of the (last) source they are from, `rows` how many of its rows are done with this unit and
    `checksum` that of their contents. `ends` tells that nothing of that source follows. All tasks are rows of one
    source, or all are files.
    """

    tasks: tuple[Task, ...]
    source: int
    rows: int = 0
    checksum: str = ""
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come: `source` is the number of the first that is not done, `rows` are done of it."""

    source: int = 0
    rows: int = 0
    checksum: str = ""


class Planner:
    """Cuts sources into units; `targets` gives each file's results their place (none: they are not written).

    `size` bounds a unit's text in bytes (one article may be longer); `lang` is the language of all articles, if known.
    """

    def __init__(self, sources: Sequence[Source], targets: Mapping[str, Target] | None, lang: str | None,
                 size: int) -> None:
        self.sources, self.targets, self.lang, self.size = sources, targets, lang, size
        self._inodes: set[tuple[int, int]] | None = None

    def units(self, start: Position) -> Iterator[Unit]:
        """The units from `start` on. Raises `InputError` where rows that are done are no longer what they were."""
        files: list[Task] = []
        held = 0
        for number in range(start.source, len(self.sources)):
            source = self.sources[number]
            try:
                wrong = self._would_replace_input(source)
                alone = wrong is not None or (source.path != "-" and not source.has_rows())
            except InputError as error:
                alone, wrong = True, str(error)
            if alone:
                files.append(self._file(source, wrong))
                held += os.path.getsize(source.path) if wrong is None else 0
                if held < self.size and len(files) < MOST_TASKS:
                    continue
            if files:
                yield Unit(tuple(files), number if alone else number - 1)
                files, held = [], 0
            if not alone:
                yield from self._rows(number, start if number == start.source else Position(number))
        if files:
            yield Unit(tuple(files), len(self.sources) - 1)

    def _file(self, source: Source, wrong: str | None) -> Task:
        return Task(source.path, target=self.targets[source.path] if self.targets else None, wrong=wrong)

    def _rows(self, number: int, start: Position) -> Iterator[Unit]:
        """Units of one source; the last one may be empty, for the source's end shows only then."""
        checksum = hashlib.sha256()
        path = self.sources[number].path
        tasks: list[Task] = []
        held = rows = 0
        for item in read(path, lang=self.lang):
            if rows == start.rows and rows and checksum.hexdigest() != start.checksum:
                break
            task = Task(item.source, item) if isinstance(item, Article) else Task(_place(item, path), wrong=str(item))
            size = _add(checksum, item)
            rows += 1
            if rows <= start.rows:
                continue
            tasks.append(task)
            held += size
            if held >= self.size or len(tasks) >= MOST_TASKS:
                yield Unit(tuple(tasks), number, rows, checksum.hexdigest(), ends=False)
                tasks, held = [], 0
        if rows < start.rows or (rows == start.rows and rows and checksum.hexdigest() != start.checksum):
            raise InputError(f"{path}: its first {start.rows} rows are not those that were repaired; put the file back "
                             "as it was, or run without --resume into another --output")
        yield Unit(tuple(tasks), number, rows, checksum.hexdigest())

    def _would_replace_input(self, source: Source) -> str | None:
        """Why the results of `source` cannot be written, if a file of theirs is an input under whatever name."""
        if not self.targets:
            return None
        if self._inodes is None:
            self._inodes = {_inode(s.path) for s in self.sources if os.path.exists(s.path)}
        target = self.targets[source.path]
        for suffix in (".vi.txt", ".en.txt", REPORT, RECORDS, RECORDS + ".part"):
            path: Path = target.path(suffix)
            if path.exists() and _inode(path) in self._inodes:
                return f"{path}: is an input, and results are never written over one; give another --output"
        return None


def _inode(path: str | Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _place(error: InputError, path: str) -> str:
    """The `file:row` that an error's message begins with, or the file."""
    row = str(error).removeprefix(f"{path}:").partition(":")[0]
    return f"{path}:{row}" if row.isdigit() else path


def _add(checksum: hashlib._Hash, item: Article | InputError) -> int:
    """Take an item into the checksum of its source; the size of its text in bytes."""
    parts = (item.id, item.lang, item.text) if isinstance(item, Article) else ("", "", str(item))
    size = 0
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        checksum.update(b"%d:" % len(data) + data)
        size = len(data)
    return size

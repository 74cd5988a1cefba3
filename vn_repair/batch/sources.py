"""The files of a run: those named, and those that lie in the folders named."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vn_repair.read.limits import DEFAULT_LIMITS, problem
from vn_repair.read.sources import KINDS, PARQUET, ROWS, opened
from vn_repair.types import InputError
from vn_repair.write.files import RECORDS, REPORT

# What an earlier run wrote is no input of the next.
RESULTS = (RECORDS, REPORT)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to repair; `argument` is the place of the argument that named it or its folder, from 0.

    `folder` is where it lies below that folder (`""` if it was named itself).
    """

    path: str
    argument: int
    folder: str = ""

    def kind(self) -> str:
        """What the file holds, as `vn_repair.read` has it. Raises `InputError` if it cannot be opened."""
        with opened(self.path, None, DEFAULT_LIMITS) as (_, kind):
            return kind

    def has_rows(self) -> bool:
        """Whether it holds many articles, a row each. Raises `InputError` if it cannot be opened."""
        return self.kind() in (ROWS, PARQUET)


@dataclass(frozen=True, slots=True)
class Found:
    """Sources in their order, arguments in which there is nothing, and the endings of files left out."""

    sources: tuple[Source, ...]
    empty: tuple[InputError, ...]
    left_out: Counter[str]


def find_sources(arguments: Sequence[str], output: Path | None = None) -> Found:
    """The files of each argument in order; those of a folder by name, folder by folder.

    Of a folder, files with an ending that the readers know (`.gz` after it or not) are taken; hidden files, results
    of an earlier run, and all that lies in `output` are not; links to files are followed, links to folders are not.
    """
    sources: dict[str, Source] = {}
    empty: list[InputError] = []
    left_out: Counter[str] = Counter()
    for number, argument in enumerate(arguments):
        if not os.path.isdir(argument):
            sources.setdefault(argument, Source(argument, number))
            continue
        before = len(sources)
        for path, folder in _walk(argument, output):
            ending = _ending(path)
            if ending in KINDS:
                sources.setdefault(path, Source(path, number, folder))
            else:
                left_out[ending or "no ending"] += 1
        if len(sources) == before:
            empty.append(problem(argument, "is a directory without articles",
                                 f"name files, or a directory that holds any of {' '.join(KINDS)} (or these with .gz)"))
    return Found(tuple(sources.values()), tuple(empty), left_out)


def _walk(root: str, output: Path | None) -> Iterator[tuple[str, str]]:
    """(path, folder below `root`) of every file that is not hidden, no result and not in `output`."""
    spared = os.path.realpath(output) if output is not None else None
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(".")
                            and os.path.realpath(os.path.join(folder, f)) != spared)
        below = os.path.relpath(folder, root)
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not name.startswith(".") and not name.endswith(RESULTS) and os.path.isfile(path):
                yield path, "" if below == os.curdir else below


def _ending(path: str) -> str:
    return os.path.splitext(os.path.basename(path).lower().removesuffix(".gz"))[1]


def count_articles(source: Source) -> int:
    """About how many articles a file holds: its lines, or rows, or 1; 0 if it cannot be read."""
    if source.path == "-":
        return 1
    try:
        with opened(source.path, None, DEFAULT_LIMITS) as (stream, kind):
            if kind not in (ROWS, PARQUET):
                return 1
            if kind == PARQUET:
                import pyarrow.parquet

                return int(pyarrow.parquet.ParquetFile(stream).metadata.num_rows)
            return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(2**20), b""))
    except (InputError, OSError, ValueError):
        return 0

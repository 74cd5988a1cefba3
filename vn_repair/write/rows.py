"""The results of a file of many articles: one record a line, written as they come, resumable, and an index page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from vn_repair.types import Article, InputError, Repair
from vn_repair.write.files import (
    RECORDS,
    REPORT,
    CannotWrite,
    Target,
    atomic,
    no_links,
    refuse_link,
    spare_inputs,
)
from vn_repair.write.record import full_record, line, read_record
from vn_repair.write.report import report, report_index

ARTICLES_PER_PAGE = 100


class RowWriter:
    """Writes `NAME.repair.jsonl` by way of `NAME.repair.jsonl.part`, which an interrupted run leaves.

    With `resume`, records that an earlier run wrote to the part file are kept and `done(article)` is
    true for their articles, which must come in the same order. Call `finish()` when all are written and
    `close()` in any case; what was closed unfinished leaves its part file for the next run. Without `pages`, no HTML
    is written.
    """

    def __init__(self, target: Target, made_by: dict[str, Any], inputs: Sequence[str], *, resume: bool,
                 pages: bool = True) -> None:
        self.target, self.made_by, self.pages = target, made_by, pages
        self.path = target.path(RECORDS)
        self.part = self.path.with_name(self.path.name + ".part")
        spare_inputs([self.path, self.part, target.path(REPORT)], inputs)
        refuse_link(self.part)
        self._ids = self._read_part() if resume and self.part.exists() else []
        self._next = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = open(  # noqa: SIM115 - `close` closes it
                self.part, "a" if self._ids else "w", encoding="utf-8", newline="", opener=no_links)
        except OSError as error:
            raise CannotWrite(f"{self.part}: cannot write ({error.strerror}); give --output a folder that can "
                             "be written to") from error

    def close(self) -> None:
        """Close the part file; no harm after `finish()`."""
        self._file.close()

    def done(self, article: Article) -> bool:
        """Whether an earlier run wrote this article; call it once for each, in order.

        Raises `InputError` if the part file holds another article in its place.
        """
        if self._next >= len(self._ids):
            return False
        known = self._ids[self._next]
        if known != article.id:
            raise InputError(f"{self.part}: record {self._next + 1} is of article {known}, the input has "
                             f"{article.id} there; delete the part file or leave out --resume")
        self._next += 1
        return True

    def write(self, repair: Repair) -> None:
        """Add a record. Raises `InputError` when it cannot be written."""
        try:
            self._file.write(line(full_record(repair, self.made_by)))
            self._file.flush()
        except OSError as error:
            raise CannotWrite(f"{self.part}: cannot write ({error.strerror}); make room and run again with "
                             "--resume") from error

    def finish(self) -> list[Path]:
        """Give the records their name and write the index page and the reports that it links to."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self.part, self.path)
        if self.pages:
            return [self.path, *write_pages(self.target)]
        drop_pages(self.target)
        return [self.path]

    def _read_part(self) -> list[str]:
        """Ids in the part file, after cutting off a last line that was not written to its end."""
        ids: list[str] = []
        with open(self.part, "rb+", opener=no_links) as file:
            good = 0
            for raw in file:
                if not raw.endswith(b"\n"):
                    break
                try:
                    row = json.loads(raw)
                    ids.append(row["id"])
                    made_by = row["made_by"]
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(f"{self.part}:{len(ids) + 1}: is not a repair record; delete the part file "
                                     "or leave out --resume") from error
                if made_by != self.made_by:
                    raise InputError(f"{self.part}:{len(ids)}: was made with other settings ({made_by}); use the "
                                     "same, or delete the part file, or leave out --resume")
                good += len(raw)
            file.truncate(good)
        return ids


def write_pages(target: Target) -> list[Path]:
    """Write the index page of a target's records and the reports that it links to; what was written.

    Raises `InputError` when the records cannot be read or a page cannot be written.
    """
    index = target.path(REPORT)
    folder = target.path(".report")
    written: list[Path] = []
    with atomic(index) as file:
        file.writelines(report_index(_indexed(target, folder, written), f"vn-repair report: {target.name}"))
    for old in set(folder.glob("page-*.html")) - set(written):  # of an earlier run that had more
        old.unlink()
    return [index]


def drop_pages(target: Target) -> None:
    """Remove the pages of an earlier run, lest they be taken for this one's."""
    for old in (target.path(REPORT), *target.path(".report").glob("page-*.html")):
        with suppress(OSError):
            old.unlink()


def _indexed(target: Target, folder: Path, written: list[Path]) -> Iterator[tuple[Repair, str]]:
    """Each repair with its address; the page it lies on is written, and named in `written`, when it is full."""
    page: list[Repair] = []

    def write() -> None:
        path = folder / f"page-{len(written) + 1:04}.html"
        with atomic(path) as file:
            file.writelines(report(page, f"{target.name}, page {len(written) + 1}"))
        written.append(path)
        page.clear()

    with open(target.path(RECORDS), encoding="utf-8") as file:
        for raw in file:
            repair = read_record(json.loads(raw))
            address = ""
            if repair.spans or repair.edits:
                page.append(repair)
                address = f"{quote(folder.name)}/page-{len(written) + 1:04}.html#a{len(page)}"
            yield repair, address
            if len(page) == ARTICLES_PER_PAGE:
                write()
    if page:
        write()


def finished(target: Target, source: str, made_by: dict[str, Any]) -> bool:
    """Whether `source` was already repaired with these settings: its records are there and newer than it."""
    path = target.path(RECORDS)
    try:
        if source == "-" or path.stat().st_mtime_ns < os.stat(source).st_mtime_ns:
            return False
        with open(path, encoding="utf-8") as file:
            return bool(json.loads(file.readline()).get("made_by") == made_by)
    except (OSError, ValueError, AttributeError):
        return False

"""The results of a file of many articles: one record a line, written as they come, resumable, and an index page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from vn_repair.types import Article, InputError, Repair
from vn_repair.write.files import RECORDS, REPORT, Target, atomic, spare_inputs
from vn_repair.write.record import full_record, line, read_record
from vn_repair.write.report import report, report_index

ARTICLES_PER_PAGE = 100


class RowWriter:
    """Writes `NAME.repair.jsonl` by way of `NAME.repair.jsonl.part`, which an interrupted run leaves.

    With `resume`, records that an earlier run wrote to the part file are kept and `done(article)` is
    true for their articles, which must come in the same order. Call `finish()` when all are written and
    `close()` in any case; what was closed unfinished leaves its part file for the next run.
    """

    def __init__(self, target: Target, made_by: dict[str, Any], inputs: Sequence[str], *, resume: bool) -> None:
        self.target, self.made_by = target, made_by
        self.path = target.path(RECORDS)
        self.part = self.path.with_name(self.path.name + ".part")
        spare_inputs([self.path, self.part, target.path(REPORT)], inputs)
        self._ids = self._read_part() if resume and self.part.exists() else []
        self._next = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = self.part.open("a" if self._ids else "w", encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"{self.part}: cannot write ({error.strerror}); give --output a folder that can "
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
            raise InputError(f"{self.part}: cannot write ({error.strerror}); make room and run again with "
                             "--resume") from error

    def finish(self) -> list[Path]:
        """Give the records their name and write the index page and the reports that it links to."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self.part, self.path)
        index = self.target.path(REPORT)
        with atomic(index) as file:
            file.writelines(report_index(self._indexed(), f"vn-repair report: {self.target.name}"))
        return [self.path, index]

    def _read_part(self) -> list[str]:
        """Ids in the part file, after cutting off a last line that was not written to its end."""
        ids: list[str] = []
        with open(self.part, "rb+") as file:
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

    def _indexed(self) -> Iterator[tuple[Repair, str]]:
        """Each repair with its address; the page it lies on is written when it is full."""
        folder = self.target.path(".report")
        page: list[Repair] = []
        number = 1
        with open(self.path, encoding="utf-8") as file:
            for raw in file:
                repair = read_record(json.loads(raw))
                address = ""
                if repair.spans or repair.edits:
                    page.append(repair)
                    address = f"{quote(folder.name)}/page-{number:04}.html#a{len(page)}"
                yield repair, address
                if len(page) == ARTICLES_PER_PAGE:
                    self._write_page(folder, number, page)
                    number, page = number + 1, []
        if page:
            self._write_page(folder, number, page)
            number += 1
        for old in folder.glob("page-*.html"):  # of an earlier run that had more
            if old.stem >= f"page-{number:04}":
                old.unlink()

    def _write_page(self, folder: Path, number: int, page: list[Repair]) -> None:
        with atomic(folder / f"page-{number:04}.html") as file:
            file.writelines(report(page, f"{self.target.name}, page {number}"))


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

"""Repairs out of files: records that `vn-repair repair` wrote, and articles, which are repaired as they are read.

`repairs(files, factory)` takes any file that `vn_repair.read` takes. A JSONL or Parquet row that has the keys `spans`,
`edits`, `vi` and `en` is a record and is taken as it is; any other row, and any other file, is an article, which the
repairer that `factory` makes repairs. What cannot be read comes as an `InputError` in its place, as from `read`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from vn_repair import __version__
from vn_repair.read import read
from vn_repair.read.limits import DEFAULT_LIMITS, shown
from vn_repair.types import EN, VI, Article, Edit, InputError, Repair, Span, check_spans
from vn_repair.write.record import read_record

RECORD_KEYS = frozenset(("spans", "edits", "vi", "en"))
# What `full_record` writes; all else in a row is the user's own.
OWN_KEYS = RECORD_KEYS | {"source", "removed", "notes", "made_by"}
# A record holds the article three times over, and its spans and edits.
RECORD_LIMITS = replace(DEFAULT_LIMITS, row_bytes=8 * DEFAULT_LIMITS.row_bytes)


class CanRepair(Protocol):
    """What is asked of a repairer; `vn_repair.pipeline.Repairer` is one."""

    def repair(self, article: Article) -> Repair:
        """The article repaired. Raises `InputError`."""

    def info(self) -> dict[str, Any]:
        """What it is: `checksum` or `model`, `min_confidence`, `sensitivity`."""


@dataclass(frozen=True, slots=True)
class Record:
    """A repair and what its row says besides.

    `made_by` is the version and settings it was made with (`{}` where the record does not tell), `fields` the row's
    other keys (an address, a licence), `place` the `file:line` it was read from, `was_record` whether it was repaired
    before.
    """

    repair: Repair
    made_by: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    place: str = "-"
    was_record: bool = True


def records(files: Iterable[str | os.PathLike[str]], factory: Callable[[], CanRepair] | None = None, *,
            lang: str | None = None, skip: int = 0, seen: Callable[[Article | InputError], None] | None = None,
            made_by: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> Iterator[Record | InputError]:
    """Records and errors of all files in order, one held at a time; `-` is standard input.

    `factory` is called once, at the first article that has to be repaired; without it an article is an error. `lang`
    is the language of articles that do not tell theirs. For a run that goes on where another stopped, the first `skip`
    items are read but not repaired and not yielded; `seen` is called with every item as it is read. `made_by` makes
    that of the articles' records from what the repairer's `info()` tells (default: `made_with`).
    """
    repairer: CanRepair | None = None
    told: dict[str, Any] = {}
    for source in files:
        extras: dict[str, dict[str, Any]] = {}
        for item in read(source, lang=lang, limits=RECORD_LIMITS, extras=extras):
            if seen is not None:
                seen(item)
            others = {} if isinstance(item, InputError) else extras.pop(item.source, {})
            if skip > 0:
                skip -= 1
                continue
            if isinstance(item, InputError):
                yield item
                continue
            try:
                if others.keys() >= RECORD_KEYS:
                    yield _record(item, others)
                    continue
                if factory is None:
                    raise InputError(f"{shown(item.source)}: is an article, not a repair record; run vn-repair repair "
                                     "on it first")
                if repairer is None:
                    repairer = factory()
                    told = (made_by or made_with)(repairer.info())
                yield Record(repairer.repair(item), told, others, item.source, was_record=False)
            except InputError as error:
                yield error


def repairs(files: Iterable[str | os.PathLike[str]], factory: Callable[[], CanRepair] | None = None, *,
            lang: str | None = None) -> Iterator[Repair | InputError]:
    """The repairs of `records`, without what the rows say besides."""
    for item in records(files, factory, lang=lang):
        yield item if isinstance(item, InputError) else item.repair


def read_repairs(path: str | os.PathLike[str]) -> Iterator[Repair | InputError]:
    """The repairs in a file of records (`.jsonl`, `.jsonl.gz`, `.parquet`); an article is an error."""
    return repairs([path])


def made_with(info: dict[str, Any]) -> dict[str, Any]:
    """Version, model and settings for a record, from what `Repairer.info()` tells."""
    return {"version": __version__, "model": info.get("checksum") or info.get("model"), "rules": rules_checksum(),
            **{key: info[key] for key in ("sensitivity", "min_confidence") if key in info}}


@cache
def rules_checksum() -> str:
    """A checksum of all that decides what the rules do: detectors, word lists, glossary, gates (16 hex digits)."""
    root = Path(__file__).parent
    files = [*root.glob("*.py"), *(path for folder in ("data", "detect", "lexicon", "propose", "verify")
                                   for path in (root / folder).rglob("*"))]
    total = sha256()
    for path in sorted(p for p in files if p.is_file() and p.suffix != ".pyc" and "cases" not in p.parts):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def _record(article: Article, row: dict[str, Any]) -> Record:
    """The record in a row of which `article` is the text. Raises `InputError` naming the place."""
    try:
        # In an exported data set `source` is where the text was published, and `origin` what it is in a record.
        repair = read_record({**row, "id": article.id, "text": article.text, "lang": article.lang,
                              "source": row.get("origin") or row.get("source") or article.source,
                              "edits": [_with_pairs(edit) for edit in row["edits"]]})
        _check(repair)
        made_by = row.get("made_by") or {}
        if not isinstance(made_by, dict):
            raise ValueError("made_by is no object")
    except InputError as error:
        raise InputError(f"{shown(article.source)}: {error}") from None
    except (TypeError, ValueError, KeyError) as error:
        raise InputError(f"{shown(article.source)}: not a repair record ({error}); make it again with "
                         "vn-repair repair") from None
    own = OWN_KEYS - {"source"} if "origin" in row else OWN_KEYS
    fields = {key: value for key, value in row.items() if key not in own}
    return Record(repair, made_by, fields, article.source)


def _with_pairs(edit: dict[str, Any]) -> dict[str, Any]:
    """An edit whose alternatives are pairs; those of an exported data set are structs."""
    return {**edit, "alternatives": [(a["replacement"], a["score"]) if isinstance(a, dict) else a
                                     for a in edit.get("alternatives") or ()]}


def _check(repair: Repair) -> None:
    """Raise `ValueError` or `TypeError` for offsets outside the text or values of a type that no record has."""
    if repair.article.lang not in (VI, EN):
        raise ValueError(f"lang is {repair.article.lang!r}")
    texts = [repair.article.source, repair.vi, repair.en, *repair.notes, *repair.article.removed]
    numbers: list[object] = []
    for span in repair.spans:
        texts += [span.detector, span.message, span.suggestion or ""]
        numbers += [span.score]
    for edit in repair.edits:
        texts += [edit.replacement, edit.proposer, *edit.reasons, *(text for text, _ in edit.alternatives)]
        numbers += [edit.score, *(score for _, score in edit.alternatives)]
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{str(text)[:40]!r} stands where a text must")
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise TypeError(f"{str(number)[:40]!r} stands where a number must")
    parts: list[Span | Edit] = [*repair.spans, *repair.edits]
    if any(type(offset) is not int for part in parts for offset in (part.start, part.end)):
        raise TypeError("an offset is no whole number")
    check_spans(repair.article.text, parts)

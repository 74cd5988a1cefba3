"""The first pass: every record becomes a row and pairs in the spool; articles are repaired on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vn_repair.export.chosen import Translate, choose_edits
from vn_repair.export.entries import Entries, Maker
from vn_repair.export.leakage import TestSets
from vn_repair.export.options import ExportOptions, Unchanged
from vn_repair.export.spool import Progress, Spool
from vn_repair.records import CanRepair, records
from vn_repair.types import Article, InputError


@dataclass(slots=True)
class Input:
    """Files, what repairs their articles (`None`: records only), and the language of articles that do not say.

    `translate` makes the other language anew where edits left for review are applied; `made_by` as for `records`;
    `workers` is the number of processes that make rows of records (the repairing is done in this one).
    """

    files: Sequence[str]
    factory: Callable[[], CanRepair] | None = None
    lang: str | None = None
    translate: Translate | None = None
    made_by: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    workers: int = 1


def collect(given: Input, options: ExportOptions, spool: Spool, test_sets: TestSets, *,
            complain: Callable[[InputError], None] = lambda error: None,
            at: Callable[[int, str], None] = lambda file, what: None) -> Progress:
    """Read all input into `spool`, from where an earlier run stopped; errors go to `complain` and are counted.

    Raises `InputError` if the input is not the same as that of the earlier run.
    """
    with Entries(Maker(options, options.parsed_splits(), test_sets), given.workers) as entries:
        progress = _read(given, options, spool, entries, complain=complain, at=at)
        for entry, then in entries.rest():
            spool.add(entry, then)
    if progress != spool.progress or not spool.chunks:
        spool.close_chunk(progress)
    return progress


def _read(given: Input, options: ExportOptions, spool: Spool, entries: Entries, *,
          complain: Callable[[InputError], None], at: Callable[[int, str], None]) -> Progress:
    """Read the input from where the spool ends, and put what is ready into it."""
    done = spool.progress
    progress = Progress(bad=done.bad, unchanged=done.unchanged)
    for number, file in enumerate(given.files):
        at(number, file)

        def see(item: Article | InputError, number: int = number) -> None:
            progress.see(item)
            if progress.items == done.items and progress.checksum != done.checksum:
                raise InputError(f"{given.files[number]}: the input is not what it was when the earlier run read it; "
                                 "leave out --resume to start anew")
            if progress.items % 100 == 0:
                at(number, f"{progress.items:,} articles")

        skip = max(0, done.items - progress.items)
        for item in records([file], given.factory, lang=given.lang, skip=skip, seen=see, made_by=given.made_by):
            if isinstance(item, InputError):
                progress.bad += 1
                complain(item)
                continue
            chosen = choose_edits(item.repair, options.edits, given.translate)
            if not chosen.changed and options.unchanged == Unchanged.DROP:
                progress.unchanged += 1
                continue
            for entry, then in entries.add(item, chosen, replace(progress)):
                spool.add(entry, then)
    if progress.items < done.items:
        raise InputError(f"{given.files[-1]}: the input ends before the place that the earlier run had reached; "
                         "leave out --resume to start anew")
    return progress

"""From a record to what the spool holds of it, in this process or in several."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType

import numpy as np

from vn_repair.export.chosen import Chosen
from vn_repair.export.features import article_row
from vn_repair.export.grams import Hashes, signature, whole, words
from vn_repair.export.leakage import TestSets
from vn_repair.export.options import ExportOptions
from vn_repair.export.sentence_pairs import pair_rows
from vn_repair.export.splits import Splits
from vn_repair.export.spool import Entry, Progress
from vn_repair.formats.units import own_text
from vn_repair.records import Record
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, InputError, Repair

BATCH = 32  # articles that go to a process together
AHEAD = 4  # batches for each process that are under way

Given = tuple[Record, Chosen]


@dataclass(slots=True)
class Maker:
    """What an entry depends on besides its record."""

    options: ExportOptions
    splits: Splits
    test_sets: TestSets

    def entry(self, record: Record, chosen: Chosen) -> Entry:
        """A record, with its edits as chosen, as the spool holds it."""
        repair, options = chosen.repair, self.options
        source, licence = options.source_of(record.fields), options.licence_of(record.fields)
        row = article_row(record, chosen, source, licence, fields=options.fields)
        pairs = list(pair_rows(chosen, source, licence))
        hits = np.empty(0, np.int64)
        if len(self.test_sets.hashes):
            hits = self.test_sets.hits({repair.article.text, repair.vi, repair.en}, _sentences(repair))
        return Entry(row, pairs, signature(words(own_text(repair))), self.splits.draw(repair.article.text), hits,
                     pair_keys(pairs))


class Entries:
    """Makes entries in `workers` processes and gives them back in the order of the records.

    Each record comes with the progress at the time it was read, and its entry goes with it. Use as a context.
    """

    def __init__(self, maker: Maker, workers: int = 1) -> None:
        self.maker, self.workers = maker, workers
        self._batch: list[tuple[Given, Progress]] = []
        self._under_way: deque[tuple[Future[list[Entry]], list[Progress]]] = deque()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Entries:
        """Start the processes, if there are to be any."""
        if self.workers > 1:
            import multiprocessing

            # Not fork: the model of the process that repairs articles has threads of its own.
            self._pool = ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"), _begin, (self.maker,))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Stop the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def add(self, record: Record, chosen: Chosen, progress: Progress) -> Iterator[tuple[Entry, Progress]]:
        """Take a record in; entries that are done by now."""
        if self._pool is None:
            yield self.maker.entry(record, chosen), progress
            return
        self._batch.append(((record, chosen), progress))
        if len(self._batch) == BATCH:
            self._send()
        while len(self._under_way) > AHEAD * self.workers:
            yield from self._next()

    def rest(self) -> Iterator[tuple[Entry, Progress]]:
        """The entries of all records that were taken in."""
        if self._batch:
            self._send()
        while self._under_way:
            yield from self._next()

    def _send(self) -> None:
        assert self._pool is not None
        given = [pair for pair, _ in self._batch]
        self._under_way.append((self._pool.submit(_entries, given), [progress for _, progress in self._batch]))
        self._batch = []

    def _next(self) -> Iterator[tuple[Entry, Progress]]:
        future, progress = self._under_way.popleft()
        try:
            entries = future.result()
        except BrokenProcessPool:
            raise InputError(f"--workers {self.workers}: a process died (out of memory?); run again with --resume and "
                             "fewer --workers") from None
        yield from zip(entries, progress, strict=True)


_maker: Maker | None = None


def _begin(maker: Maker) -> None:
    """Give a new process what all entries depend on."""
    global _maker  # noqa: PLW0603 - what a process is started with has no other place
    _maker = maker


def _entries(given: Sequence[Given]) -> list[Entry]:
    assert _maker is not None
    return [_maker.entry(record, chosen) for record, chosen in given]


def _sentences(repair: Repair) -> set[str]:
    """The sentences of all three texts of a repair."""
    out = set()
    for text, lang in ((repair.article.text, repair.article.lang), (repair.vi, VI), (repair.en, EN)):
        out |= {text[s.start : s.end] for s in segment(Article("", text, lang, "-"))}
    return out


def pair_keys(pairs: Sequence[dict[str, object]]) -> Hashes:
    """Numbers for the three texts of each pair, case and punctuation aside; 0 for one without words."""
    keys = [[whole(str(pair[column]))[0] for column in ("text", "vi", "en")] for pair in pairs]
    return np.array(keys, np.uint64).reshape(len(pairs), 3)

"""Reads the inputs into the store while the page is already served."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vn_repair.records import CanRepair, Record, records
from vn_repair.review.store import Store
from vn_repair.types import Article, InputError, Repair
from vn_repair.write.record import full_record

AT_ONCE, SECONDS = 100, 0.5  # records of a transaction; how long one may wait for its fellows


class _Held(InputError):
    """An article that the store holds already."""


class _Unless:
    """A repairer of what the store does not hold yet; the model is loaded when it is first needed."""

    def __init__(self, store: Store, make: Callable[[], CanRepair]) -> None:
        self.store, self.make = store, make
        self.repairer: CanRepair | None = None

    def _made(self) -> CanRepair:
        self.repairer = self.repairer or self.make()
        return self.repairer

    def repair(self, article: Article) -> Repair:
        if self.store.holds(article.id, article.text):
            raise _Held(article.id)
        return self._made().repair(article)

    def info(self) -> dict[str, Any]:
        return self._made().info()


class Loading:
    """The reading of `files`: repair records as they are, other articles repaired first.

    `complain` is told of each input that is bad; the rest goes on. An article that the store holds
    already is not repaired again. `busy` says whether it still reads, `bad` counts what was bad.
    """

    def __init__(self, store: Store, files: Sequence[str], *, lang: str | None = None,
                 make_repairer: Callable[[], CanRepair],
                 complain: Callable[[str], None] = lambda message: None) -> None:
        self.store, self.files, self.lang, self.complain = store, files, lang, complain
        self._make_repairer = make_repairer
        self.busy, self.bad = bool(files), 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read, on a thread of its own."""
        if self.files:
            self._thread = threading.Thread(target=self.run, name="loading", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Leave the rest unread, and wait until what was begun is done."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=10)

    def run(self) -> None:
        """Read everything."""
        try:
            batch: list[dict[str, Any]] = []
            since = time.monotonic()
            for record in self._records():
                batch.append(record)
                if len(batch) >= AT_ONCE or time.monotonic() - since > SECONDS:
                    self._add(batch)
                    batch, since = [], time.monotonic()
                if self._stop.is_set():
                    break
            self._add(batch)
        finally:
            self.busy = False

    def _add(self, batch: list[dict[str, Any]]) -> None:
        try:
            if batch:
                self.store.add(batch)
        except InputError:
            for record in batch:  # one is bad: the others are taken in without it
                try:
                    self.store.add([record])
                except InputError as error:
                    self._bad(error)

    def _records(self) -> Iterator[dict[str, Any]]:
        for item in records(self.files, lambda: _Unless(self.store, self._make_repairer), lang=self.lang):
            if isinstance(item, Record):
                # The row's other keys (an address, a licence) are the user's and come back out.
                yield {**item.fields, **full_record(item.repair, item.made_by)}
            elif not isinstance(item, _Held):
                self._bad(item)
            if self._stop.is_set():
                return

    def _bad(self, error: InputError) -> None:
        self.bad += 1
        self.complain(str(error))

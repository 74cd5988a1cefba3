"""Spans, segments or edits looked up by where they stand, in place of going through all of them each time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, Protocol, TypeVar


class Located(Protocol):
    """What covers `[start, end)` of a text."""

    @property
    def start(self) -> int:
        """Offset of the first character."""

    @property
    def end(self) -> int:
        """Offset after the last character."""


T = TypeVar("T", bound=Located)


class ByPlace(Generic[T]):
    """Some `items` in order of their starts; they may overlap. Answers come in the same order."""

    def __init__(self, items: Iterable[T]) -> None:
        self.items: list[T] = sorted(items, key=lambda item: item.start)
        self._starts = [item.start for item in self.items]
        # How far the items up to each one reach: what ends before a place is then left out at once.
        self._reach = list(accumulate((item.end for item in self.items), max))

    def touching(self, start: int, end: int) -> Iterator[T]:
        """Those that share a character with `[start, end)`."""
        for at in range(bisect_right(self._reach, start), bisect_left(self._starts, end)):
            if self.items[at].end > start:
                yield self.items[at]

    def inside(self, start: int, end: int) -> Iterator[T]:
        """Those that lie in `[start, end)` whole."""
        for at in range(bisect_left(self._starts, start), bisect_right(self._starts, end)):
            if self.items[at].end <= end:
                yield self.items[at]

    def around(self, start: int, end: int) -> T | None:
        """The first that holds all of `[start, end)`, or `None`."""
        for at in range(bisect_left(self._reach, end), bisect_right(self._starts, start)):
            if self.items[at].end >= end:
                return self.items[at]
        return None

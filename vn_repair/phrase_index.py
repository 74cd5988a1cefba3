"""Phrases of several owners, found in one pass over a text (Aho–Corasick, with word borders, case ignored)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SAME_WIDTH = (("\xa0", " "), ("\u202f", " "), ("’", "'"), ("‘", "'"))


def fold(text: str) -> str:
    """`text` in lower case with plain spaces and apostrophes, every character in its place.

    The length never changes (the few letters whose lower case is longer are kept as they are).
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    for odd, plain in SAME_WIDTH:
        lower = lower.replace(odd, plain)
    return lower


class Taken:
    """Ranges of a text of which no two overlap."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._ranges = sorted(ranges)

    def add(self, start: int, end: int) -> bool:
        """Take `[start, end)` (not empty) unless it overlaps what is taken; whether it was free."""
        at = bisect_left(self._ranges, (start, end))
        if at < len(self._ranges) and self._ranges[at][0] < end:
            return False
        if at and self._ranges[at - 1][1] > start:
            return False
        self._ranges.insert(at, (start, end))
        return True


class PhraseIndex:
    """Finds phrases for several owners at once: `tables` is owner → phrase (folded) → what the phrase means to it.

    The number of phrases costs nothing; a search costs the more, the more of its words begin some phrase.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
        import ahocorasick

        entries: dict[str, list[tuple[str, Any]]] = {}
        for owner, table in tables.items():
            for phrase, values in table.items():
                entries.setdefault(phrase, []).extend((owner, value) for value in values)
        self._automaton: Any = ahocorasick.Automaton()
        for phrase, owned in entries.items():
            self._automaton.add_word(phrase, (len(phrase), tuple(owned)))
        self._automaton.make_automaton()
        self._empty = not entries

    def find(self, folded: str) -> dict[str, list[tuple[int, int, Any]]]:
        """(start, end, value) of every phrase with word borders on both sides, by owner, sorted by end.

        Of those that end together the longest comes first; they may overlap. An owner of none has no key.
        """
        found: dict[str, list[tuple[int, int, Any]]] = {}
        if self._empty:
            return found
        size = len(folded)
        for last, (length, owned) in self._automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if end < size and folded[end].isalnum() and folded[last].isalnum():
                continue
            if start and folded[start - 1].isalnum() and folded[start].isalnum():
                continue
            for owner, value in owned:
                found.setdefault(owner, []).append((start, end, value))
        return found

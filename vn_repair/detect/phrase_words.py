"""Phrases of several detectors, found by two or three of their words in a row (see `chunks`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Table = Mapping[str, Sequence[Any]]
"""Phrase, folded → what it means to its owner, one value or more."""
Usual = Callable[[str, str], float]
Numbers = npt.NDArray[np.int32]

FIRST_WORD, LAST_WORD = re.compile(r"[^\W_]+"), re.compile(r"[^\W_]+\Z")
# Of the table that says of most words in a row that they are in no phrase.
SLOTS, SPREAD = 1 << 21, (7919, 104729)


class PhraseWords:
    """Phrases of several owners; `tables` is owner → phrase → values, `usual` how common a pair of words is."""

    def __init__(self, tables: Mapping[str, Table], usual: Usual) -> None:
        self.owned: dict[str, list[tuple[str, Any]]] = {}
        for owner, table in tables.items():
            for phrase, values in table.items():
                self.owned.setdefault(phrase, []).extend([(owner, value) for value in values])
        self._words: dict[str, int] = {}  # numbered from 1
        # Phrases by three words in a row; by two, the third number being 0; by their longest chunk, if there are none.
        self._rows: dict[tuple[int, int, int], list[str]] = {}
        self._alone: dict[str, list[str]] = {}
        number = self._words.setdefault
        for phrase in self.owned:
            words = phrase.split(" ")
            if not (1 < len(words) < 4 and all(map(str.isalnum, words))):
                words = telling_words(phrase, usual)
            if not words:
                self._alone.setdefault(max(phrase.split(), key=len), []).append(phrase)
                continue
            row = (number(words[0], len(self._words) + 1), number(words[1], len(self._words) + 1),
                   number(words[2], len(self._words) + 1) if len(words) > 2 else 0)
            if row in self._rows:
                self._rows[row].append(phrase)
            else:
                self._rows[row] = [phrase]
        rows = np.array(list(self._rows), np.int32).reshape(-1, 3)
        self._slots = np.zeros((2, SLOTS), np.bool_)  # of two words, of three
        self._slots[(rows[:, 2] > 0).astype(np.int32), slot(rows[:, 0], rows[:, 1], rows[:, 2])] = True
        parts = "|".join(map(re.escape, self._alone))
        self._part = re.compile(parts) if parts else None

    def edges(self, chunk: str) -> tuple[int, int, bool]:
        """Numbers of the first and last word of a folded chunk (0: in no phrase), and whether `alone` gives any for it."""
        first, last = FIRST_WORD.match(chunk), LAST_WORD.search(chunk)
        return (self._words.get(first[0], 0) if first else 0, self._words.get(last[0], 0) if last else 0,
                self._part is not None and self._part.search(chunk) is not None)

    def alone(self, chunk: str) -> Iterator[str]:
        """Phrases without two words in a row that a folded chunk may hold or be part of."""
        for part, phrases in self._alone.items():
            if part in chunk:
                yield from phrases

    def met(self, first: Numbers, last: Numbers) -> Iterator[str]:
        """Phrases whose words stand in a row in chunks that begin with the words `first` and end with `last`."""
        two, three = self._slots
        a, b = last[:-1], first[1:]
        hits = np.flatnonzero(two[slot(a, b, 0)])
        rows = zip(a[hits].tolist(), b[hits].tolist(), [0] * len(hits), strict=True)
        for row in rows:
            yield from self._rows.get(row, ())
        a, b, c = last[:-2], first[1:-1], first[2:]
        hits = np.flatnonzero(three[slot(a, b, c)])
        for row in zip(a[hits].tolist(), b[hits].tolist(), c[hits].tolist(), strict=True):
            yield from self._rows.get(row, ())

    def places(self, phrase: str, folded: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """(start, end, phrase) of each `phrase` with word borders in `folded` that begins in `[start, end)`."""
        size, stop = len(phrase), end + len(phrase) - 1
        at = folded.find(phrase, start, stop)
        while at >= 0:
            after = at + size
            before_is_free = not (at and folded[at - 1].isalnum() and phrase[0].isalnum())
            if before_is_free and not (folded[after : after + 1].isalnum() and phrase[-1].isalnum()):
                yield at, after, phrase
            at = folded.find(phrase, at + 1, stop)


def slot(a: Numbers, b: Numbers, c: Numbers | int) -> npt.NDArray[np.int32]:
    """Where the table has its answer for words in a row (the product wraps around, which does no harm)."""
    out: npt.NDArray[np.int32] = (a * SPREAD[0] + b + c * SPREAD[1]) & (SLOTS - 1)
    return out


def telling_words(phrase: str, usual: Usual) -> list[str]:
    """Three neighbouring words of a folded phrase, those that hold its least usual pair; or else two; or none.

    Between them is white space alone; the outer ones may be joined to something else on their other side.
    """
    chunks = phrase.split()
    firsts = [match[0] if (match := FIRST_WORD.match(chunk)) else "" for chunk in chunks]
    lasts = [match[0] if (match := LAST_WORD.search(chunk)) else "" for chunk in chunks]
    threes = [[lasts[i], chunks[i + 1], firsts[i + 2]] for i in range(len(chunks) - 2)
              if lasts[i] and firsts[i + 2] and firsts[i + 1] == chunks[i + 1]]
    if threes:
        return min(threes, key=lambda words: min(usual(words[0], words[1]), usual(words[1], words[2])))
    twos = [[lasts[i], firsts[i + 1]] for i in range(len(chunks) - 1) if lasts[i] and firsts[i + 1]]
    return min(twos, key=lambda words: usual(words[0], words[1]), default=[])

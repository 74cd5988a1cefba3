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
        rows = np.array(list(self._rows), np.int64).reshape(-1, 3)
        slots = (rows[:, 0] * SPREAD[0] + rows[:, 1] + rows[:, 2] * SPREAD[1]) & (SLOTS - 1)
        self._two, self._three = np.zeros(SLOTS, np.bool_), np.zeros(SLOTS, np.bool_)
        self._two[slots[rows[:, 2] == 0]] = True
        self._three[slots[rows[:, 2] > 0]] = True
        parts = "|".join(map(re.escape, self._alone))
        self._part = re.compile(parts) if parts else None

    def edges(self, chunk: str) -> tuple[int, int, bool]:
        """Numbers of the first and last word of a folded chunk (0: of no phrase), and whether `alone` gives any."""
        first, last = FIRST_WORD.match(chunk), LAST_WORD.search(chunk)
        return (self._words.get(first[0], 0) if first else 0, self._words.get(last[0], 0) if last else 0,
                self.holds_part(chunk))

    def number(self, word: str) -> int:
        """The number of a folded word of letters alone; 0: of no phrase."""
        return self._words.get(word, 0)

    def holds_part(self, chunk: str) -> bool:
        """Whether `alone` gives any phrase for a folded chunk."""
        return self._part is not None and self._part.search(chunk) is not None

    def alone(self, chunk: str) -> Iterator[str]:
        """Phrases without two words in a row that a folded chunk may hold or be part of."""
        for part, phrases in self._alone.items():
            if part in chunk:
                yield from phrases

    def row(self, first: int, last: int) -> tuple[int, int, int, int]:
        """What `met` asks of a chunk whose first and last word have these numbers."""
        return first, last, wrapped(last * SPREAD[0]), wrapped(first * SPREAD[1])

    def met(self, chunks: Numbers) -> Iterator[str]:
        """Phrases whose words stand in a row in neighbouring chunks, given the `row` of each."""
        first, last = chunks[:, 0], chunks[:, 1]
        two = chunks[:-1, 2] + first[1:]
        at = np.flatnonzero(self._two.take(two & (SLOTS - 1)))
        for a, b in zip(last[at].tolist(), first[at + 1].tolist(), strict=True):
            yield from self._rows.get((a, b, 0), ())
        three = two[:-1] + chunks[2:, 3]
        at = np.flatnonzero(self._three.take(three & (SLOTS - 1)))
        for row in zip(last[at].tolist(), first[at + 1].tolist(), first[at + 2].tolist(), strict=True):
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


def wrapped(number: int) -> int:
    """The lower 31 bits, of which sums are taken that may wrap around."""
    return number & 0x7FFFFFFF


def first_word(chunk: str) -> str:
    """The letters and digits that a chunk begins with."""
    if chunk.isalnum():
        return chunk
    match = FIRST_WORD.match(chunk)
    return match[0] if match else ""


def last_word(chunk: str) -> str:
    """The letters and digits that a chunk ends with."""
    if chunk.isalnum():
        return chunk
    match = LAST_WORD.search(chunk)
    return match[0] if match else ""


def telling_words(phrase: str, usual: Usual) -> list[str]:
    """Three neighbouring words of a folded phrase, those that hold its least usual pair; or else two; or none.

    Between them is white space alone; the outer ones may be joined to something else on their other side.
    """
    chunks = phrase.split()
    firsts, lasts = list(map(first_word, chunks)), list(map(last_word, chunks))
    threes = [[lasts[i], chunks[i + 1], firsts[i + 2]] for i in range(len(chunks) - 2)
              if lasts[i] and firsts[i + 2] and firsts[i + 1] == chunks[i + 1]]
    if threes:
        return min(threes, key=lambda words: min(usual(words[0], words[1]), usual(words[1], words[2])))
    twos = [[lasts[i], firsts[i + 1]] for i in range(len(chunks) - 1) if lasts[i] and firsts[i + 1]]
    return min(twos, key=lambda words: usual(words[0], words[1]), default=[])

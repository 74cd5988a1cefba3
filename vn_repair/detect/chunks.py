"""What the chunks of a text (its characters between white space) say to all detectors at once.

Most slips show in one chunk ("xã,huyện", "nôngthôn", "3.2", "provinces8") or in two neighbouring ones. So a text is
split once, each distinct chunk is judged once and remembered across articles, and what was judged is looked up for the
whole text as arrays:

- *signs*: a detector may declare a test of a chunk that holds wherever it would mark something;
- *phrases*: one of three words or more can only stand where three of its words do in a row;
- *repeats*: where one to four chunks are followed by the same ones.

Clean text, nine tenths of whose chunks have been seen before, then costs a few passes in place of one by each detector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from vn_repair.detect.phrase_words import PhraseWords
from vn_repair.folding import fold

Sign = Callable[[str, str], object]
"""Whether a chunk (first argument) of a text in a language (second) may be part of something to mark."""

BLOCK = 1 << 16  # characters looked at together, so that a text of any length costs little memory
OVERLAP = 256  # characters of the next block that are looked at too: more than any phrase has
SPACE = re.compile(r"\s")
CAPACITY = 1 << 17  # chunks remembered; a block and the words in it are at most half as many
LONGEST_KEPT = 32  # a longer chunk is an address or a code that hardly comes again
LETTERS = re.compile(r"[^\W\d_]+")
WRAPPED = re.compile(r"[(“\"]?([^\W\d_]+)[.,;:!)”\"]?")
MARKS = frozenset(",.;:)”\"?!…")  # what may stand behind the last word of a repeated phrase
LONGEST_REPEAT = 4  # chunks


@dataclass(slots=True)
class Told:
    """What the chunks of one text say."""

    signs: dict[str, set[str]] = field(default_factory=dict)
    """Id of each detector that may find something → the chunks that bear its sign."""
    phrases: dict[str, list[tuple[int, int, Any]]] = field(default_factory=dict)
    """Id of each detector with a phrase in the text → (start, end, value), by end, the longest first."""
    repeats: bool = False
    """Whether one to four words may be followed by the same ones."""


def blocks(text: str, size: int = BLOCK) -> Iterator[tuple[int, int, int]]:
    """(start, end, stop) of parts `[start, end)` of `text` of about `size` characters, cut at white space.

    What begins in a part and is no longer than `OVERLAP` characters lies in `[start, stop)`.
    """
    start = 0
    while start < len(text):
        space = SPACE.search(text, start + size) if len(text) - start > size else None
        end = space.start() if space else len(text)
        after = SPACE.search(text, end + OVERLAP) if len(text) - end > OVERLAP else None
        yield start, end, min(after.start() if after else len(text), end + 2 * OVERLAP)
        start = end


class ChunkTable(dict[str, int]):
    """The chunks seen in texts of one language, numbered, and what each of them says.

    `signs` are (detector id, sign), at most 62 of them; those that `need_mark` are not asked about letters alone. Safe
    to share between threads.
    """

    def __init__(self, lang: str, signs: Iterable[tuple[str, Sign]], phrases: PhraseWords,
                 need_mark: Set[str] = frozenset()) -> None:
        super().__init__()
        self.lang, self.phrases = lang, phrases
        self.signs = tuple(signs)
        self._of_marks = [(1 << at, sign) for at, (_, sign) in enumerate(self.signs)]
        self._of_letters = [(1 << at, sign) for at, (name, sign) in enumerate(self.signs) if name not in need_mark]
        self._lock = Lock()
        self._used = 0
        # By number of the chunk: its signs as bits; and a row of figures that are looked up at once.
        self._bits = np.zeros(CAPACITY, np.int64)
        self._rows = np.zeros((CAPACITY, 7), np.int32)
        self._words: dict[str, int] = {}

    def signs_of(self, chunk: str) -> list[str]:
        """Ids of the detectors whose sign `chunk` (no white space in it) bears."""
        return [name for name, sign in self.signs if sign(chunk, self.lang)]

    def __missing__(self, chunk: str) -> int:
        """The number of a chunk not seen before, which is judged now."""
        low = fold(chunk)
        if chunk.isalpha():
            bits = self._judged(chunk, self._of_letters)
            first = last = self.phrases.number(low)
            alone = self.phrases.holds_part(low)
        else:
            wrapped = WRAPPED.fullmatch(chunk)
            # A usual mark beside a word is no sign of anything, so the word has been judged as a rule.
            if wrapped and wrapped[1] != chunk:
                bits = int(self._bits[self[wrapped[1]]])
            else:
                bits = self._judged(chunk, self._of_marks)
            first, last, alone = self.phrases.edges(low)
        bits |= alone << 62
        number = self._used
        self._used += 1
        self._bits[number] = bits
        word = LETTERS.match(low)
        pure = bare = 0
        if word and (word.end() == len(low) or low[word.end()] in MARKS):
            bare = self._words.setdefault(word[0], len(self._words) + 1)
            pure = bare if word.end() == len(low) else -1
        self._rows[number] = bits != 0, pure or -1, bare, *self.phrases.row(first, last)
        if len(chunk) <= LONGEST_KEPT:
            self[chunk] = number
        return number

    def _judged(self, chunk: str, signs: Iterable[tuple[int, Sign]]) -> int:
        bits, lang = 0, self.lang
        for bit, sign in signs:
            if sign(chunk, lang):
                bits |= bit
        return bits

    def _numbers(self, chunks: list[str]) -> npt.NDArray[np.int32]:
        if self._used + 2 * len(chunks) > CAPACITY:
            self.clear()
            self._words.clear()
            self._used = 0
        return np.fromiter(map(self.__getitem__, chunks), np.int32, len(chunks))

    def read(self, text: str, folded: str) -> Told:
        """What the chunks of `text` say; `folded` is the same text folded."""
        told = Told()
        found: list[tuple[int, int, str]] = []
        for start, end, stop in blocks(text):
            with self._lock:
                wanted = self._look(text[start:stop].split(), told)
            for phrase in wanted:
                found += self.phrases.places(phrase, folded, start, end)
        found.sort(key=lambda f: (f[1], f[0]))
        for begin, last, phrase in found:
            for owner, value in self.phrases.owned[phrase]:
                told.phrases.setdefault(owner, []).append((begin, last, value))
        return told

    def _look(self, chunks: list[str], told: Told) -> set[str]:
        """Put what `chunks` say into `told`; the phrases that they may hold."""
        numbers = self._numbers(chunks)
        wanted: set[str] = set()
        rows = self._rows.take(numbers, 0)
        for at in np.flatnonzero(rows[:, 0]).tolist():
            told_bits, chunk = int(self._bits[numbers[at]]), chunks[at]
            for place, (name, _) in enumerate(self.signs):
                if told_bits >> place & 1:
                    told.signs.setdefault(name, set()).add(chunk)
            if told_bits >> 62:
                wanted.update(self.phrases.alone(fold(chunk)))
        if len(chunks) > 1:
            wanted.update(self.phrases.met(rows[:, 3:]))
            told.repeats = told.repeats or repeat(rows[:, 1], rows[:, 2])
        return wanted


def repeat(pure: npt.NDArray[np.int32], bare: npt.NDArray[np.int32]) -> bool:
    """Whether one to four words may be followed by the same ones, the last perhaps with marks behind it.

    `pure` numbers the chunks that are a word and nothing else (others: -1), `bare` also those with marks behind it.
    """
    for length in range(1, min(LONGEST_REPEAT, len(pure) // 2) + 1):
        equal = pure[:-length] == bare[length:]
        for _ in range(length - 1):  # then the next ones are equal too
            equal = equal[:-1] & equal[1:]
        if equal.any():
            return True
    return False

"""The shipped counts, each file read on first use: word frequencies, syllable pairs, name parts."""

from __future__ import annotations

import gzip
from array import array
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from itertools import accumulate
from sys import byteorder

from vn_repair.lexicon.syllables import syllables

Words = dict[str, tuple[float, float]]  # word → occurrences per million in any case, in lower case


def read_data(name: str) -> bytes:
    """The unpacked bytes of `vn_repair/lexicon/data/<name>`; raises `FileNotFoundError` if it is missing."""
    return gzip.decompress(files("vn_repair.lexicon").joinpath("data", name).read_bytes())


@cache
def _words(name: str) -> Words:
    first, *rows = read_data(name).decode().splitlines()
    million = 1e6 / int(first.split("\t")[1])
    out: Words = {}
    for row in rows:
        word, total, lower = row.split("\t")
        out[word] = (int(total) * million, int(lower) * million)
    return out


@cache
def syllable_words() -> Words:
    """Syllables seen in clean Vietnamese."""
    return _words("vi_syllables.tsv.gz")


@cache
def foreign_words() -> Words:
    """Words seen in clean Vietnamese that are no syllables (km, covid, smartphone, names): the allow-list."""
    return _words("vi_foreign.tsv.gz")


@cache
def english_words() -> Words:
    """Words seen in English."""
    return _words("en_words.tsv.gz")


@cache
def name_parts() -> frozenset[str]:
    """Parts of Vietnamese person and place names, cased, with and without their marks."""
    return frozenset(read_data("name_parts.txt.gz").decode().splitlines())


def vietnamese_frequency(word: str) -> float:
    """Occurrences of `word` written in lower case, per million words of clean Vietnamese."""
    low = word.lower()
    return (syllable_words().get(low) or foreign_words().get(low) or (0.0, 0.0))[1]


def english_frequency(word: str) -> float:
    """Occurrences of `word` written in lower case, per million words of English."""
    return english_words().get(word.lower(), (0.0, 0.0))[1]


def seen_in_vietnamese(word: str) -> float:
    """Occurrences of `word` in any case, names and brands included, per million words of clean Vietnamese."""
    low = word.lower()
    return (syllable_words().get(low) or foreign_words().get(low) or (0.0, 0.0))[0]


def seen_in_english(word: str) -> float:
    """Occurrences of `word` in any case per million words of English."""
    return english_words().get(word.lower(), (0.0, 0.0))[0]


def is_vietnamese_syllable(word: str) -> bool:
    """Whether `word` (NFC, any case) is a syllable by the spelling rules."""
    return word.lower() in syllables()


def is_name_part(word: str) -> bool:
    """Whether `word`, as written, is a capitalised part of a Vietnamese person's or place's name."""
    return word in name_parts()


class Pairs:
    """Counts of pairs of neighbouring syllables in clean Vietnamese (pairs seen fewer than 15 times: 0)."""

    def __init__(self) -> None:
        order = list(syllable_words())
        self.index = {word: i for i, word in enumerate(order)}
        numbers = array("H", read_data("vi_pairs.bin.gz"))
        if byteorder == "big":
            numbers.byteswap()
        self.starts = [0, *accumulate(numbers[: len(order)])]
        total = self.starts[-1]
        self.seconds = numbers[len(order) : len(order) + total]
        self.counts = numbers[len(order) + total :]

    def count(self, first: str, second: str) -> int:
        """How often `second` follows `first` (lower case), at most 65535."""
        row, column = self.index.get(first), self.index.get(second)
        if row is None or column is None:
            return 0
        end = self.starts[row + 1]
        at = bisect_left(self.seconds, column, self.starts[row], end)
        return self.counts[at] if at < end and self.seconds[at] == column else 0


@cache
def syllable_pairs() -> Pairs:
    """The pair counts, read once."""
    return Pairs()


def vietnamese_pair(first: str, second: str) -> int:
    """How often the two syllables follow one another in clean Vietnamese, any case; 0 if fewer than 15 times."""
    return syllable_pairs().count(first.lower(), second.lower())

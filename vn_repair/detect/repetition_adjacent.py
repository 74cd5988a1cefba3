"""A word or a short phrase said twice in a row: "rural rural standards", "huy động huy động" (error class 2.3).

Vietnamese doubles words on purpose (luôn luôn, xanh xanh: `data/reduplications.txt`), and two compounds may meet at
a shared syllable (hành vi | vi phạm): the pair counts of clean text tell that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import compress, count
from operator import eq

from vn_repair.detect.chunks import blocks
from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.folding import fold
from vn_repair.lexicon import english_frequency, is_vietnamese_syllable, vietnamese_frequency, vietnamese_pair
from vn_repair.types import EN, VI, Label, Severity, Span

MARKS = ",.;:)”\"?!…"
LETTERS = r"[^\W\d_]++"
WORD = re.compile(rf"(?<![\w'&/.–-])({LETTERS})[ \t]++\1(?![\w'/–-])")
PHRASE = re.compile(rf"(?<![\w'&/.–-])({LETTERS}(?: {LETTERS}){{1,3}}?) \1(?![\w'/–-])")
# "bàn bàn tính tính": two doubled words in a row are meant.
DOUBLED_TOO = re.compile(rf" ({LETTERS}) \1(?!\w)")
DOUBLED_BEFORE = re.compile(r"(?<!\w)([^\W\d_]+) \1 \Z")
BEFORE = re.compile(r"([^\W\d_]+) $")
AFTER = re.compile(rf" ({LETTERS})")
# Words that no author doubles, whatever stands beside them.
NEVER_DOUBLED = frozenset("""
của và các những được trong với tại để cho về đã đang sẽ bị bởi nhưng hoặc theo từng mọi cùng do nên trên vào
""".split())
# Coordinators and the like inside a phrase make a figure of speech: "more and more and more", "từ năm này sang năm".
FIGURE = frozenset("and or after by to in on và rồi hay nữa sang lại có đi từ".split())
# At least this much association (or this many occurrences) on both sides, and the pair is two compounds that meet.
COMPOUND, FREQUENT = 0.4, 2500
# A rarer syllable is more likely half of a reduplication that the list lacks (ngùi ngùi, râm ran râm ran).
RARE = 30
# Agents that share their verb ("cơ quan điều tra điều tra lại").
AGENTS = frozenset({"điều tra", "định giá", "xuất bản", "kiểm sát", "quyết định"})
LONGEST = 4


def lower(text: str) -> str:
    """`text` in lower case with every character in its place."""
    low = text.lower()
    return low if len(low) == len(text) else fold(text)


@cache
def reduplications() -> frozenset[str]:
    """Words that are doubled on purpose, of both languages, and those that syntax doubles ("that that")."""
    lines = files("vn_repair").joinpath("data", "reduplications.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def association(first: str, second: str) -> float:
    """How much more often than by chance `second` follows `first` in clean Vietnamese (about 1 in a compound)."""
    chance = vietnamese_frequency(first) * vietnamese_frequency(second)
    return vietnamese_pair(first, second) * 1000 / chance if chance else 0.0


def belong(first: str, second: str) -> bool:
    """Whether the two syllables are a compound or a very usual pair."""
    return association(first, second) > COMPOUND or vietnamese_pair(first, second) > FREQUENT


def two_compounds(text: str, start: int, end: int, word: str) -> bool:
    """Whether the doubled `word` at `[start, end)` ends one compound and begins the next."""
    left = BEFORE.search(text[max(0, start - 12) : start])
    right = AFTER.match(text, end)
    return bool(left and right and belong(left.group(1), word) and belong(word, right.group(1)))


def is_mistake(text: str, match: re.Match[str], lang: str) -> bool:
    """Whether the doubled word `match` of the folded `text` is a slip."""
    word = match.group(1)
    if word in reduplications():
        return False
    if lang == VI and is_vietnamese_syllable(word):
        if word in NEVER_DOUBLED:
            return True
        if vietnamese_frequency(word) < RARE or DOUBLED_TOO.match(text, match.end()):
            return False
        if DOUBLED_BEFORE.search(text[max(0, match.start() - 20) : match.start()]):
            return False
        return not two_compounds(text, match.start(), match.end(), word)
    return len(word) > 1 and english_frequency(word) >= 5


def is_phrase_mistake(phrase: str, lang: str) -> bool:
    """Whether a doubled `phrase` of two to four words is a slip."""
    words = phrase.split()
    if len(set(words)) < len(words) or not FIGURE.isdisjoint(words) or phrase in AGENTS:
        return False
    if lang == VI and all(map(is_vietnamese_syllable, words)):
        return vietnamese_pair(words[0], words[1]) > 0 and min(map(vietnamese_frequency, words)) >= RARE
    return len(phrase) > 5 and all(english_frequency(word) >= 5 for word in words)


def in_name(text: str, start: int) -> bool:
    """Whether the word at `start` is capitalised inside a sentence: "huyện Long Thành thành hai huyện"."""
    return text[start].isupper() and text[start - 2 : start - 1].isalpha()


def candidates(low: str) -> Iterator[tuple[re.Pattern[str], int]]:
    """(pattern, offset) wherever one to four words of the lower-case text are the same as the next ones.

    Comparing the word list with itself, moved on, is ten times as fast as a search with a back-reference.
    """
    for start, end, stop in blocks(low):
        for at, length in doubled_in(low[start:stop]):
            if start + at < end:
                yield WORD if length == 1 else PHRASE, start + at


def doubled_in(low: str) -> list[tuple[int, int]]:
    """(offset, number of words) of what stands twice in a part of the text, sorted."""
    spaced = low
    for mark in MARKS:
        spaced = spaced.replace(mark, f" {mark}")
    words = spaced.split()
    doubled: set[tuple[str, int]] = set()
    for length in range(1, LONGEST + 1):
        # `length` words in a row are equal to the next ones, so one of every `length`-th word is.
        for number in compress(count(0, length), map(eq, words[::length], words[length::length])):
            first = last = number
            while first > 0 and number - first < length and words[first - 1] == words[first - 1 + length]:
                first -= 1
            # No further than needed: in a long run of one word every number would go to its end.
            while (last - number < length and last + 1 + length < len(words)
                   and words[last + 1] == words[last + 1 + length]):
                last += 1
            for at in range(first, min(last - length + 1, number) + 1):
                doubled.add((" ".join(words[at : at + length]), length))
    found = []
    for phrase, length in doubled:
        at = low.find(needle := f"{phrase} {phrase}")
        while at >= 0:
            found.append((at, length))
            at = low.find(needle, at + 1)
    return sorted(found)


def cohesion(phrase: str) -> float:
    """How well the first two words of a phrase go together; a single word counts as nothing else would fit."""
    words = phrase.split()
    return association(words[0], words[1]) if len(words) > 1 else float("inf")


def find(view: View) -> Iterator[Span]:
    """Yield a span over both copies; the suggestion is the first one. Names and shouts in capitals are let be."""
    if not view.told.repeats:
        return
    text, low = view.text, lower(view.text)
    found: list[re.Match[str]] = []
    for pattern, start in candidates(low):
        match = pattern.match(low, start)
        if match is None or in_name(text, start):
            continue
        if not text[match.end() - len(match.group(1)) : match.end()].islower():
            continue
        if not (is_mistake(low, match, view.lang) if pattern is WORD else is_phrase_mistake(match.group(1), view.lang)):
            continue
        # "chủ động huy động huy động": of two readings that overlap, the one whose words belong together.
        if found and start < found[-1].end():
            if cohesion(match.group(1)) > cohesion(found[-1].group(1)):
                found[-1] = match
            continue
        found.append(match)
    for match in found:
        first = text[match.start() : match.end(1)]
        yield Span(match.start(), match.end(), Label.REPETITION, Severity.MINOR, 0.85, DETECTOR.id,
                   f"“{first}” stands twice", first)


DETECTOR = Detector("repetition.adjacent", frozenset({VI, EN}), "a word or short phrase twice in a row", find)

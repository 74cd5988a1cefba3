"""Words of no language in Vietnamese text: syllables run together ("xâydựng") and misspelt ones ("nghành", "trườg").

A word with Vietnamese marks that the spelling rules forbid is split, or corrected by one letter or mark, where the
pair counts with its neighbours prove the result; loans (ôtô, bêtông, axít) are left alone. Unknown words without
marks are names and foreign terms far oftener than errors and count only inside an English run.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import is_vietnamese_syllable, seen_in_english, seen_in_vietnamese, vietnamese_pair
from vn_repair.lexicon.counts import syllable_words
from vn_repair.lexicon.restore import ONE_LETTER, composed, like, without_marks
from vn_repair.lexicon.verbatim import VERBATIM, Cover, places
from vn_repair.types import VI, Label, Severity, Span

PAIR_FROM = 30  # occurrences of a pair that prove a correction
TIMES = 800.0  # a correction is so much commoner than a misspelling that is itself seen in newspapers
BEFORE, AFTER = re.compile(r"([^\W\d_]+)[ ]\Z"), re.compile(r" ([^\W\d_]+)")
ALONE_BEFORE, ALONE_AFTER = re.compile(r"(?<![\w'’@#/.-])"), re.compile(r"(?![\w\u0300-\u036f'’/-]|\.\w)")
NEAR = 100  # characters on each side in which an address is looked for
LONGEST = 15  # two of the longest syllables (nghiêng) run together
WORDS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=65536)
def _suspect(word: str) -> bool:
    """Whether `word` (lower case) has Vietnamese marks but is neither a syllable, a loan, nor a foreign word."""
    if word.isascii() or not unicodedata.is_normalized("NFC", word) or is_vietnamese_syllable(word):
        return False
    bare = [c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)]
    if any(not (c.isascii() or c == "đ") for c in bare):
        return False
    return not seen_in_english(word) and (seen_in_vietnamese(word) == 0 or bool(corrections(word)))


def _suspects_of(chunk: str) -> list[str]:
    """The suspect words of a chunk without white space."""
    if chunk.isascii():
        return []
    return [w for w in WORDS.findall(chunk) if 1 < len(w) <= LONGEST and w[1:].islower() and _suspect(w.lower())]


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a suspect word."""
    return _suspects_of(chunk)


@lru_cache(maxsize=16384)
def corrections(word: str) -> tuple[str, ...]:
    """Syllables one letter, mark or swap away from `word`, most frequent first, far commoner than `word` is."""
    found: set[str] = set()
    for i in range(len(word) + 1):
        found.add(word[:i] + word[i + 1 :])
        found.add(word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :])
        for letter in ONE_LETTER:
            found.add(word[:i] + letter + word[i + 1 :])
            found.add(word[:i] + letter + word[i:])
    found.add(composed(word) or "")
    known, floor = syllable_words(), max(5.0, TIMES * seen_in_vietnamese(word))
    return tuple(sorted((f for f in found if f in known and known[f][0] >= floor), key=lambda f: -known[f][0]))


def _closeness(word: str, correction: str) -> float:
    """Weight of a correction: a mark moved, then marks added, then marks changed, before any change of letters."""
    if correction == composed(word):
        return 100.0
    if without_marks(word) != without_marks(correction):
        return 1.0
    had, has = (Counter(unicodedata.normalize("NFD", w)) for w in (word, correction))
    return 30.0 if not had - has else 5.0


def _split(word: str) -> tuple[str, str] | None:
    """The two syllables that `word` is made of, if the pair is usual."""
    cuts = [(word[:i], word[i:]) for i in range(1, len(word))]
    found = [c for c in cuts if is_vietnamese_syllable(c[0]) and is_vietnamese_syllable(c[1])]
    best = max(found, key=lambda c: vietnamese_pair(*c), default=None)
    return best if best and vietnamese_pair(*best) >= PAIR_FROM else None


def find(view: View) -> Iterator[Span]:
    """Yield a span over each such word, with the correction as suggestion."""
    text = view.text
    suspects = {word for chunk in view.signs[DETECTOR.id] for word in _suspects_of(chunk)}
    for word in sorted(suspects):
        for start, end in places(text, word, ALONE_BEFORE, ALONE_AFTER):
            near = max(0, start - NEAR)
            if start - near in Cover(text[near : end + NEAR], VERBATIM):
                continue
            low = word.lower()
            if parts := _split(low):
                yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.9, DETECTOR.id,
                           "two syllables run together", like(word, " ".join(parts)))
                continue
            before, after = BEFORE.search(text[max(0, start - 12) : start]), AFTER.match(text, end)
            left, right = before.group(1) if before else "", after.group(1) if after else ""
            scored = [(_closeness(low, c) * max(vietnamese_pair(left, c), vietnamese_pair(c, right)), c)
                      for c in corrections(low) if word[0].islower() or c[0] == low[0]]
            count, best = max(scored, default=(0.0, ""))
            if count >= PAIR_FROM and (word[0].islower() or left):
                yield Span(start, end, Label.SPELLING, Severity.MINOR, 0.85, DETECTOR.id,
                           "no Vietnamese syllable, and no known foreign word", like(word, best))


DETECTOR = Detector("spelling.unknown_token", frozenset({VI}), "glued or misspelt syllables", find, sign)

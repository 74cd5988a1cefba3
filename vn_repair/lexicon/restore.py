"""Put lost letters and marks back into Vietnamese: Viterbi search over syllable pair counts.

`restore` takes words with the syllables each may stand for and returns the likeliest chain; the model is
an add-smoothed bigram, backing off to single frequencies (our own counts).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from vn_repair.lexicon.counts import syllable_pairs, syllable_words

WIDTH = 24  # candidates a word, most frequent first
PAIR_WEIGHT = 0.85
MILLION = 33.4  # million words counted: pair counts are absolute
TONE = "\u0300\u0301\u0303\u0309\u0323"
SPACING = {"´": "\u0301", "˜": "\u0303", "ˆ": "\u0302"}
ONE_LETTER = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


@lru_cache(maxsize=65536)
def without_marks(word: str) -> str:
    """`word` with every mark taken off and đ as d: what is left when diacritics are lost."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


@cache
def _by_bare_form() -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for syllable in syllable_words():  # most frequent first
        out.setdefault(without_marks(syllable), []).append(syllable)
    return {bare: tuple(found[:WIDTH]) for bare, found in out.items()}


def marked_forms(word: str) -> tuple[str, ...]:
    """Syllables (lower case, most frequent first) that look like `word` once their marks are lost."""
    return _by_bare_form().get(word.lower(), ())


@lru_cache(maxsize=65536)
def lost_odds(word: str) -> float:
    """log10 of how much oftener the marked forms of an unmarked `word` (lower case) occur than the word itself."""
    words = syllable_words()
    forms = marked_forms(word)
    own = words.get(word, (0.0, 0.0))[1]
    if not forms:
        return -9.0
    return math.log10((sum(words[f][1] for f in forms if f != word) + 0.5) / (own + 0.5))


@lru_cache(maxsize=16384)
def fillings(pattern: str) -> tuple[str, ...]:
    """Syllables (lower case) that fit `pattern`, where each `?` stands for one letter lost; at most two of them."""
    at = pattern.find("?")
    if at < 0:
        return (pattern,) if pattern in syllable_words() else ()
    if pattern.count("?") > 2:
        return ()
    found = [f for letter in ONE_LETTER for f in fillings(pattern[:at] + letter + pattern[at + 1 :])]
    return tuple(sorted(found, key=lambda f: -syllable_words()[f][1]))


@lru_cache(maxsize=1 << 16)
def _cost(first: str, second: str) -> float:
    """Negative log probability of `second` after `first` (`""` at an edge)."""
    words = syllable_words()
    single = (words.get(second, (0.0, 0.0))[1] + 0.02) / 1e6
    if not first:
        return -math.log(single)
    history = words.get(first, (0.0, 0.0))[0] * MILLION + 20.0
    pair = syllable_pairs().count(first, second) / history
    return -math.log(PAIR_WEIGHT * pair + (1 - PAIR_WEIGHT) * single)


def restore(candidates: Sequence[Sequence[str]], before: str = "", after: str = "") -> list[str]:
    """The likeliest chain through `candidates` (lower case, each non-empty), between two known neighbours."""
    best: dict[str, float] = {before: 0.0}
    came_from: list[dict[str, str]] = []  # of each step: form -> the likeliest form before it
    for forms in candidates:
        step: dict[str, float] = {}
        origin: dict[str, str] = {}
        for form in forms:
            least, nearest = math.inf, ""
            for last, cost in best.items():
                total = cost + _cost(last, form)
                if total < least:
                    least, nearest = total, last
            step[form], origin[form] = least, nearest
        best = step
        came_from.append(origin)
    if after:
        best = {last: cost + _cost(last, after) for last, cost in best.items()}
    chain = [min(best, key=best.__getitem__)]
    for origin in reversed(came_from):
        chain.append(origin[chain[-1]])
    return chain[-2::-1]


def like(surface: str, word: str) -> str:
    """`word` (lower case) with the capitals of `surface`."""
    if surface.isupper() and len(surface) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if surface[:1].isupper() else word


def composed(word: str) -> str | None:
    """The likeliest syllable with the letters and marks of `word`, or `None`; capitals are kept."""
    bare, tones = "", []
    for c in unicodedata.normalize("NFD", "".join(SPACING.get(c, c) for c in word.lower())):
        if c in TONE:
            tones.append(c)
        elif not (unicodedata.combining(c) and c in bare[-2:]):
            bare += c
    found = []
    for tone in dict.fromkeys(tones):
        for at in range(1, len(bare) + 1):
            made = unicodedata.normalize("NFC", bare[:at] + tone + bare[at:])
            if made in syllable_words():
                found.append(made)
    plain = unicodedata.normalize("NFC", bare)
    if not tones and plain in syllable_words():
        found.append(plain)
    return like(word, max(found, key=lambda f: syllable_words()[f][1])) if found else None

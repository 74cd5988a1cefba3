"""How much a word speaks for English, and where words of A–Z stand in a text."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from functools import lru_cache

from vn_repair.lexicon.counts import english_words, foreign_words, syllable_words
from vn_repair.lexicon.function_words import DOMAIN_ENGLISH, ENGLISH_FUNCTION_WORDS

ASCII_WORD = re.compile(r"\b[A-Za-z]{2,}\b")
SMOOTH = 0.1  # occurrences per million given to every word in both languages
ENGLISH_FROM = 2.0  # log10 odds from which a word is English by itself
ENGLISH_AT_LEAST = 8.0  # per million: rarer words are as likely names, species, brands


@lru_cache(maxsize=65536)
def odds(word: str) -> float:
    """log10 of how much likelier `word` (lower case) is in English than in Vietnamese, smoothed.

    English written in Vietnamese texts counts as Vietnamese: `video` and `startup` come out low.
    """
    vietnamese = (syllable_words().get(word) or foreign_words().get(word) or (0.0, 0.0))[1]
    english = max(english_words().get(word, (0.0, 0.0))[1], 50.0 * (word in DOMAIN_ENGLISH))
    return math.log10((english + SMOOTH) / (vietnamese + SMOOTH))


@lru_cache(maxsize=65536)
def is_english(word: str) -> bool:
    """Whether `word` (lower case) is English and all but never written in clean Vietnamese."""
    if word in syllable_words() and word not in ENGLISH_FUNCTION_WORDS:
        return False
    value = odds(word)
    common = word in DOMAIN_ENGLISH or english_words().get(word, (0.0, 0.0))[1] >= ENGLISH_AT_LEAST
    return value >= (3.0 if word in syllable_words() else ENGLISH_FROM) and common and len(word) > 1


@lru_cache(maxsize=4096)
def _alone(word: str) -> re.Pattern[str]:
    # The literal comes first, so that the search for it is the fast one.
    return re.compile(rf"{word}(?<!\w{'.' * len(word)})(?!\w)")


def occurrences(text: str, words: Collection[str]) -> list[int]:
    """Offsets of the words (letters A–Z) of a set, standing alone, in order."""
    return sorted(match.start() for word in words for match in _alone(word).finditer(text))

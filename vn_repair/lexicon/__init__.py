"""Which language is a word in? Counts of our own from clean text, and the closed set of Vietnamese syllables."""

from vn_repair.lexicon.counts import (
    english_frequency,
    is_name_part,
    is_vietnamese_syllable,
    seen_in_english,
    seen_in_vietnamese,
    vietnamese_frequency,
    vietnamese_pair,
)
from vn_repair.lexicon.function_words import ALSO_VIETNAMESE, ENGLISH_FUNCTION_WORDS

__all__ = [
    "ALSO_VIETNAMESE",
    "ENGLISH_FUNCTION_WORDS",
    "english_frequency",
    "is_name_part",
    "is_vietnamese_syllable",
    "seen_in_english",
    "seen_in_vietnamese",
    "vietnamese_frequency",
    "vietnamese_pair",
]

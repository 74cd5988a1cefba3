"""Letters that only look right: Ð (eth) or Ɖ for Đ, ƣ for ư, Cyrillic or Greek а, е, о, and letters of mathematics.

A word is reported where it mixes scripts or holds such a letter, with the plain letters as suggestion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import is_vietnamese_syllable, seen_in_english, seen_in_vietnamese
from vn_repair.types import EN, VI, Label, Severity, Span

PLAIN = str.maketrans(dict(zip(
    "ÐðƉɖƢƣАВЕЅІЈКМНОРСТУХаеѕіјорсухԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν",
    "ĐđĐđƯưABESIJKMHOPCTYXaesijopcyxdhABEZHIKMNOPTYXoav", strict=True)))
# A cheap first look: the letters above and the letters of mathematics.
STRANGE = re.compile(r"[ÐðƉɖƢƣͰ-Ͽ\u0400-\u052f\U0001d400-\U0001d7ff]")
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỹ]")
MATHEMATICS = re.compile(r"[\U0001d400-\U0001d7ff]")
CYRILLIC = re.compile(r"[\u0400-\u052f]")
ICELANDIC = re.compile(r"[þæö]", re.IGNORECASE)
WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word.translate(PLAIN)))


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a letter that may be a look-alike."""
    return STRANGE.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each word with look-alike letters, with the plain word as suggestion."""
    for match in WORD.finditer(view.text):
        word = match.group()
        if len(word) < 2 or word.isascii() or not STRANGE.search(word):
            continue
        fixed = _plain(word)
        mixed = LATIN.search(word) is not None
        known = is_vietnamese_syllable(fixed) or seen_in_english(fixed) > 0 or seen_in_vietnamese(fixed) > 0
        # A word wholly in Greek or Cyrillic is a foreign word, unless one letter stands alone before a Latin one.
        if STRANGE.search(fixed) or ICELANDIC.search(word) or not (mixed or MATHEMATICS.search(word)):
            continue
        if "ð" in word and fixed.replace("đ", "d").isascii():
            continue  # a phonetic transcription
        if not known and not (mixed and CYRILLIC.search(word)):
            continue
        yield Span(match.start(), match.end(), Label.MOJIBAKE, Severity.MINOR, 0.95, DETECTOR.id,
                   "letters that only look like Vietnamese ones", fixed)


DETECTOR = Detector("mojibake.lookalike_letter", frozenset({VI, EN}), "look-alike letters (Ð, ƣ, Cyrillic а)",
                    find, sign)

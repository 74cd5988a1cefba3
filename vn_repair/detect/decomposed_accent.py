"""Marks that stand apart from their letter: combining marks left over in NFC text ("tiế́p", "hoạ̀"), spacing accents.

After NFC normalisation no combining mark is left in Vietnamese unless it was doubled or put on the wrong
letter. The suggestion keeps one mark of each kind on the vowel that may carry it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import is_vietnamese_syllable, vietnamese_frequency
from vn_repair.lexicon.restore import like
from vn_repair.types import VI, Label, Severity, Span

TONE = "\u0300\u0301\u0303\u0309\u0323"
COMBINING = re.compile(r"[\u0300-\u036f]")
# A word with a combining mark, or with a spacing accent (´ ` ˜) between two letters.
WORD = re.compile(r"[^\W\d_]*(?:[\u0300-\u036f]+|(?<=[a-zà-ỹ])[´˜ˆ](?=[^\W\d_]))(?:[^\W\d_]|[\u0300-\u036f])*")
SPACING = {"´": "\u0301", "˜": "\u0303", "ˆ": "\u0302"}


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
            if is_vietnamese_syllable(made):
                found.append(made)
    plain = unicodedata.normalize("NFC", bare)
    if not tones and is_vietnamese_syllable(plain):
        found.append(plain)
    return like(word, max(found, key=vietnamese_frequency)) if found else None


def find(view: View) -> Iterator[Span]:
    """Yield a span over each word with a stray mark, with the composed syllable as suggestion."""
    if view.text.isascii():
        return
    for match in WORD.finditer(view.text):
        if "Ã" in match.group() or "Ă" in match.group()[1:]:
            continue  # UTF-8 read as Latin-1 or Windows-1258
        suggestion = composed(match.group())
        if suggestion is None and not (COMBINING.search(match.group()) and is_vietnamese_syllable(
            COMBINING.sub("", match.group())
        )):
            continue  # a foreign word or a phonetic transcription
        yield Span(match.start(), match.end(), Label.MOJIBAKE, Severity.MINOR, 0.9, DETECTOR.id,
                   "a mark stands apart from its letter", suggestion)


DETECTOR = Detector("mojibake.decomposed_accent", frozenset({VI}), "marks that stand apart from their letters", find)

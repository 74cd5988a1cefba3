"""Marks that stand apart from their letter: combining marks left over in NFC text ("tiế́p", "hoạ̀"), spacing accents.

After NFC normalisation no combining mark is left in Vietnamese unless it was doubled or put on the wrong
letter. The suggestion keeps one mark of each kind on the vowel that may carry it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import is_vietnamese_syllable
from vn_repair.lexicon.restore import composed
from vn_repair.types import VI, Label, Severity, Span

STRAY = re.compile(r"[\u0300-\u036f´˜ˆ]")
LONGEST = 30  # characters, marks counted, of a word that may be a syllable
COMBINING = re.compile(r"[\u0300-\u036f]")
# A word with a combining mark, or with a spacing accent (´ ` ˜) between two letters.
WORD = re.compile(r"[^\W\d_]{0,8}(?:[\u0300-\u036f]+|(?<=[a-zà-ỹ])[´˜ˆ](?=[^\W\d_]))(?:[^\W\d_]|[\u0300-\u036f])*")


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a mark that stands apart."""
    return STRAY.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each word with a stray mark, with the composed syllable as suggestion."""
    for match in WORD.finditer(view.text):
        if "Ã" in match.group() or "Ă" in match.group()[1:]:
            continue  # UTF-8 read as Latin-1 or Windows-1258
        if len(match.group()) > LONGEST:
            continue  # a heap of marks, no word
        suggestion = composed(match.group())
        if suggestion is None and not (COMBINING.search(match.group()) and is_vietnamese_syllable(
            COMBINING.sub("", match.group())
        )):
            continue  # a foreign word or a phonetic transcription
        yield Span(match.start(), match.end(), Label.MOJIBAKE, Severity.MINOR, 0.9, DETECTOR.id,
                   "a mark stands apart from its letter", suggestion)


DETECTOR = Detector("mojibake.decomposed_accent", frozenset({VI}), "marks that stand apart from their letters",
                    find, sign)

"""A small letter in the name of a province or district: "Quảng trị", "Dong nai province" (class 1.9).

`data/places.tsv` lists the provinces before and after the mergers of 2025 and the districts, with two figures from
our counts of clean text: `alone`, whether the form with one small letter never means anything else ("Hòa bình" is
peace, "Thống nhất" to agree: those need "tỉnh", "huyện" … before them), and `lower`, whether the words are never
common words in small letters ("tỉnh quảng trị"). Nothing but the case of letters is ever changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import english_frequency
from vn_repair.phrase_rules import read_table
from vn_repair.types import EN, VI, Label, Severity, Span

UNIT_BEFORE = re.compile(r"\b(?:[Tt]ỉnh|[Hh]uyện|[Tt]hành phố|[Tt]hị xã|[Qq]uận|TP\.?|TX\.?|UBND|HĐND)\s$")
ENGLISH_UNIT_BEFORE = re.compile(r"\b(?:[Pp]rovince|[Dd]istrict|[Cc]ity|[Tt]own) of $")
ENGLISH_UNIT_AFTER = re.compile(r"(?:'s)? (?:[Pp]rovince|[Dd]istrict|[Cc]ity|[Tt]own|[Pp]rovincial)\b")
COMMON_ENGLISH = 1.0  # occurrences per million from which an unaccented syllable may be an English word


def spellings(name: str) -> Iterator[str]:
    """`name` with some or all letters small that should be capital; the whole name in small letters comes last."""
    words = name.split(" ")
    heads = [(w[0], w[0].lower()) if w[0] != w[0].lower() else (w[0],) for w in words]
    for letters in product(*heads):
        spelling = " ".join(letter + word[1:] for letter, word in zip(letters, words, strict=True))
        if spelling != name and (letters[0].isupper() or spelling == name.lower()):
            yield spelling


@cache
def wrong_spellings(lang: str) -> dict[str, tuple[str, bool]]:
    """Wrong spelling of a name → (right name, whether it needs a unit word beside it)."""
    found: dict[str, tuple[str, bool]] = {}
    for row in read_table("places.tsv"):
        name = row["vi" if lang == VI else "ascii"]
        alone, lower = row["alone"] == "1", row["lower"] == "1"
        if lang == EN:
            # One syllable that is an English word too ("Long an", "Ha nam") makes the name unsure.
            alone = alone and all(english_frequency(word) < COMMON_ENGLISH for word in name.split(" "))
        for spelling in spellings(name):
            if spelling != name.lower() or lower:
                unsure = not alone or spelling == name.lower()
                found.setdefault(spelling, (name, unsure))
    return found


def phrases(lang: str) -> dict[str, tuple[None]]:
    """The names in lower case, as they are looked for; which letters are small is seen where one was found."""
    return {spelling.lower(): (None,) for spelling in wrong_spellings(lang)}


def has_unit(text: str, start: int, end: int, lang: str) -> bool:
    """Whether a word like province or district stands right beside `text[start:end]`."""
    before = text[max(0, start - 14) : start]
    if lang == VI:
        return UNIT_BEFORE.search(before) is not None
    return ENGLISH_UNIT_BEFORE.search(before) is not None or ENGLISH_UNIT_AFTER.match(text, end) is not None


def find(view: View) -> Iterator[Span]:
    """Yield a span over each name with a small letter where a capital belongs, the right case as its suggestion."""
    text, taken = view.text, -1
    found = []
    spelled = wrong_spellings(view.lang)
    for start, end, _ in view.phrases.get(DETECTOR.id, ()):
        if text[start:end] not in spelled:
            continue
        name, unsure = spelled[text[start:end]]
        # Part of a longer name or word pair: "Hà nam" in "Hà nam Ninh".
        if text[end : end + 1] in "-–" and text[end + 1 : end + 2].isalpha():
            continue
        if not unsure or has_unit(text, start, end, view.lang):
            found.append((start, end, name))
    for start, end, name in sorted(found, key=lambda f: (f[0], -f[1])):
        if start >= taken:
            taken = end
            yield Span(start, end, Label.NAMED_ENTITY, Severity.MINOR, 0.9, DETECTOR.id,
                       f"the name is written {name}", name)


DETECTOR = Detector("named_entity.case", frozenset({VI, EN}), "a small letter in the name of a province or district",
                    find, phrases=phrases)
"""The detector."""

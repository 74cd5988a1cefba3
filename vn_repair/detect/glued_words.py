"""Two words run together: "CentralSteering", "tỉnhQuảng", "nôngthôn" (error class 2.22)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import (
    english_frequency,
    is_vietnamese_syllable,
    seen_in_english,
    seen_in_vietnamese,
    vietnamese_frequency,
    vietnamese_pair,
)
from vn_repair.lexicon.verbatim import places
from vn_repair.types import EN, VI, Label, Severity, Span

UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
# So many letters two words that are run together have.
SHORTEST, LONGEST_RUN = 5, 24
MARKS = ".,;:!?…()[]“”\"'‘’*-–"
NO_WORD_BEFORE, NO_WORD_AFTER = re.compile(r"(?<!\w)"), re.compile(r"(?!\w)")
OUTSIDE = frozenset("@/\\_=&#-.'’+*:")
USUAL_PAIR = 100  # a pair of syllables seen so often is a word or a phrase


@cache
def written_as_one() -> frozenset[str]:
    """Loanwords and brands of `data/written_as_one.txt`, lower case."""
    lines = files("vn_repair").joinpath("data", "written_as_one.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word.lower() for line in lines if not line.startswith("#") for word in line.split())


def is_word(part: str, lang: str) -> bool:
    """Whether `part` is a usual word of the article's language."""
    if lang == VI and not part.isascii():
        return is_vietnamese_syllable(part)
    return lang == EN and len(part) >= 4 and english_frequency(part) > 10


def camel_parts(token: str, lang: str) -> list[str] | None:
    """The two words of "CentralSteering"; `None` for brands and names."""
    parts = re.findall(rf"[{UPPER}]?[^\W\d_{UPPER}]+", token)
    if len(parts) != 2 or "".join(parts) != token or token.lower() in written_as_one():
        return None
    return parts if all(is_word(part, lang) for part in parts) else None


def syllables_of(token: str) -> list[str] | None:
    """The two syllables of "nôngthôn", if there is just one usual way to part it."""
    low = token.lower()
    found = [at for at in range(2, len(low) - 1)
             if vietnamese_pair(low[:at], low[at:]) >= USUAL_PAIR
             and is_vietnamese_syllable(low[:at]) and is_vietnamese_syllable(low[at:])]
    return [token[: found[0]], token[found[0] :]] if len(found) == 1 else None


def long_parts(token: str) -> list[str] | None:
    """The two syllables of a run of small letters that is no syllable, loanword or usual foreign word."""
    if not token.isalpha() or not token[1:].islower() or is_vietnamese_syllable(token):
        return None
    if token.lower() in written_as_one() or vietnamese_frequency(token) > 0.5:
        return None
    return syllables_of(token)


def around(text: str, start: int, end: int) -> str:
    """The characters on both sides of `[start, end)`, where they would make it part of something longer."""
    before = text[start - 1 : start]
    return before + text[end : end + 1] if text[end + 1 : end + 2].isalnum() else before


def judge(run: str, lang: str) -> tuple[str, list[str], float] | None:
    """(token, its two words, score) if a run of characters between white space is two words run together."""
    token = run.strip(MARKS)
    if not SHORTEST <= len(token) <= LONGEST_RUN or not token.isalpha():
        return None
    if token[1:].islower():
        # English words run together in small letters are too like compounds ("farmland") to be known.
        parts = long_parts(token) if lang == VI and not token.isascii() else None
        return (token, parts, 0.85) if parts else None
    parts = camel_parts(token, lang)
    if parts is None or max(seen_in_english(token), seen_in_vietnamese(token)) >= 0.2:
        return None
    # English brands are written so too (SkillsFuture); one with a small first letter is none.
    return token, parts, 0.8 if lang == VI or token[0].islower() else 0.5


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk is two words run together."""
    return judge(chunk, lang)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the run; the suggestion parts it."""
    text = view.text
    for chunk in sorted(view.signs[DETECTOR.id]):
        verdict = judge(chunk, view.lang)
        if verdict is None:
            continue
        token, parts, score = verdict
        if not token[1:].islower() and text.count(token) > 1:
            continue  # a brand: nobody makes the slip twice
        for start, end in places(text, token, NO_WORD_BEFORE, NO_WORD_AFTER):
            if OUTSIDE.isdisjoint(around(text, start, end)):
                yield make(start, end, parts, score)


def make(start: int, end: int, parts: list[str], score: float) -> Span:
    """The span of a run that is `parts` without the space between them."""
    return Span(start, end, Label.PUNCTUATION, Severity.MINOR, score, DETECTOR.id, "two words run together",
                " ".join(parts))


DETECTOR = Detector("punctuation.glued_words", frozenset({VI, EN}), "two words run together", find, sign)

"""An acronym that the text expands in two ways, or an expansion that is its own words in another order.

The first mention defines: "Mặt trận Tổ quốc (MTTQ)". Where a later one has other words whose first letters also
spell the acronym, or a known acronym ("mới nông thôn (NTM)") has its words in the wrong order or one of them
exchanged, the expansion is marked. Words before a bracket that do not spell the acronym define nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.glossary import by_abbreviation
from vn_repair.phrase_rules import in_case_of
from vn_repair.types import EN, VI, Label, Severity, Span

BRACKET = re.compile(r"\((?:gọi tắt là |viết tắt là |sau đây gọi tắt là |hereinafter )?([A-ZĐƯ]{2,8})\)")
WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)?")
SMALL = frozenset("và của về cho trong the of and for in on to a an".split())
MOST_WORDS = 12
Words = Sequence[regex.Match[str]]


def initial(word: str) -> str:
    """A word's first letter as acronyms have it: in capitals, Vietnamese tone and vowel marks left out."""
    first = word[0].upper()
    return first if first == "Đ" else unicodedata.normalize("NFD", first)[0]


def bare(acronym: str) -> str:
    """The acronym's letters as `initial` gives them."""
    return "".join(initial(letter) for letter in acronym)


def expansion(words: Words, acronym: str) -> Words | None:
    """The last of `words` whose initials are the acronym, small words between them left out; `None` if none are."""
    letters = list(bare(acronym))
    for at in range(len(words) - 1, -1, -1):
        word = words[at][0]
        if initial(word) == letters[-1]:
            letters.pop()
            if not letters:
                return words[at:]
        elif word.lower() not in SMALL or at == len(words) - 1:
            return None
    return None


def alike(word: str) -> str:
    """What makes two words the same: case, a possessive and where the tone stands (thủy, thuỷ) do not count."""
    plain = word.lower().removesuffix("'s").removesuffix("’s")
    return "".join(sorted(unicodedata.normalize("NFD", plain)))


def key(words: Words) -> tuple[str, ...]:
    """What makes two expansions the same: their words, small ones left out."""
    return tuple(alike(word[0]) for word in words if word[0].lower() not in SMALL)


@cache
def official(lang: str) -> dict[str, tuple[str, ...]]:
    """Acronyms that stand for one term alone → the term's words, where their initials spell it."""
    out = {}
    for short, terms in by_abbreviation().items():
        names = {term.vi if lang == VI else term.en for term in terms}
        if len(names) == 1 and BRACKET.fullmatch(f"({short})"):
            (name,) = names
            words = tuple(WORD.findall(name))
            if "".join(initial(w) for w in words if w.lower() not in SMALL) == bare(short):
                out[short] = words
    return out


def wrong_words(words: Words, right: tuple[str, ...]) -> bool:
    """Whether the last words before the bracket are the right ones in another order, or with one exchanged."""
    have = tuple(alike(word[0]) for word in words[-len(right) :])
    right = tuple(alike(word) for word in right)
    if len(have) < len(right) or have == right or len(right) < 3:
        return False
    return sorted(have) == sorted(right) or (
        len(right) > 3 and sum(a != b for a, b in zip(have, right, strict=True)) == 1 and have[0] == right[0])


def find(view: View) -> Iterator[Span]:
    """Yield a span over each expansion that an earlier one or the glossary contradicts."""
    text = view.text
    defined: dict[str, Words] = {}
    for match in BRACKET.finditer(text):
        acronym = match[1]
        line = max(text.rfind(mark, 0, match.start()) for mark in "\n.;:!?(),") + 1
        words = list(WORD.finditer(text, max(line, match.start() - 150), match.start()))[-MOST_WORDS:]
        if not words or text[words[-1].end() : match.start()] != " ":
            continue
        right = official(view.lang).get(acronym)
        if right and wrong_words(words, right):
            yield span(text, words[-len(right) :], " ".join(right), f"{acronym} stands for “{' '.join(right)}”", 0.85)
            continue
        said = expansion(words, acronym)
        if said is None:
            continue
        first = defined.setdefault(acronym, said)
        if key(first) != key(said):
            before = text[first[0].start() : first[-1].end()]
            number = text.count("\n", 0, first[0].start()) + 1
            yield span(text, said, before, f"{acronym} was “{before}” on line {number}", 0.6)


def span(text: str, words: Words, right: str, why: str, score: float) -> Span:
    """A span over the words of an expansion that differ from the right one, with those of the latter."""
    have, want = [alike(word[0]) for word in words], [alike(word) for word in right.split()]
    head = tail = 0
    if len(have) == len(want):
        while have[head] == want[head]:
            head += 1
        while have[-1 - tail] == want[-1 - tail]:
            tail += 1
    start, end = words[head].start(), words[len(words) - 1 - tail].end()
    better = " ".join(right.split()[head : len(want) - tail])
    if text[start].islower() and not better.isupper():
        better = better[0].lower() + better[1:]
    return Span(start, end, Label.TERMINOLOGY, Severity.MAJOR, score, DETECTOR.id, why,
                in_case_of(text[start:end], better))


DETECTOR = Detector("terminology.acronym", frozenset({VI, EN}), "an acronym expanded in two ways, or in wrong words",
                    find)
"""The detector."""

"""Garble clean text the way real pipelines do, keeping track of what was changed.

An operation looks at a clean sentence and proposes one `Change`; `garble` draws operations by rate,
applies those that do not touch each other and returns the garbled sentence with labelled spans and
their corrections. The operations of each language are in `garble_vi*.py` and `garble_en*.py`, those of
both in `garble_surface.py`; they mirror the error classes that the annotation labels name. How many
errors a sentence gets, and the rates, are in `garble_rates.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from vn_repair.types import Label

WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\d+(?:[.,/]\d+)*%?")
DRAWS = 8  # operations tried for each error wanted: many find nothing to work on


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the clean sentence; offsets into it."""

    start: int
    end: int
    text: str


class Sentence:
    """A clean sentence with its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [Word(m.start(), m.end(), m.group()) for m in WORD.finditer(text)]
        # (first word, number of words, surface), filled in by the language's operations when first needed.
        self.compounds: list[tuple[int, int, str]] | None = None

    def joined(self, first: int, last: int) -> bool:
        """Whether words `first` to `last` (inclusive) are separated by single spaces only."""
        return all(
            self.text[a.end : b.start] == " "
            for a, b in zip(self.words[first:last], self.words[first + 1 : last + 1], strict=True)
        )

    def plain(self, first: int, last: int) -> bool:
        """Whether words `first` to `last` are joined and in small letters (the sentence's first may have a capital)."""
        return self.joined(first, last) and all(
            w.text.islower() or (first + at == 0 and w.text[1:].islower())
            for at, w in enumerate(self.words[first : last + 1])
        )


@dataclass(frozen=True, slots=True)
class Change:
    """`text` takes the place of `clean[start:end]`; both are whole words and `text` is never blank.

    With `start == end`, the end of a word, `text` is put in after that word and a space.
    """

    start: int
    end: int
    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class GarbledSpan:
    """A wrong span of the garbled text and what stood there (empty: the span is to be deleted)."""

    start: int
    end: int
    label: Label
    correction: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """A garbled sentence; its spans are sorted and do not overlap."""

    text: str
    clean: str
    spans: tuple[GarbledSpan, ...]

    def corrected(self) -> str:
        """The text with every span replaced by its correction: `clean` again."""
        out, at = "", 0
        for span in self.spans:
            out += self.text[at : span.start]
            out = out + span.correction if span.correction else out.removesuffix(" ")
            at = span.end
        return out + self.text[at:]


Operation = Callable[[Sentence, random.Random], Change | None]


def apply_changes(clean: str, changes: Sequence[Change]) -> Garbled:
    """The garbled text and its spans; changes must not overlap (`ValueError`)."""
    out: list[str] = []
    spans: list[GarbledSpan] = []
    at = length = 0
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if change.start < at:
            raise ValueError(f"changes overlap at offset {change.start}")
        kept = clean[at : change.start] + (" " if change.start == change.end else "")
        out += [kept, change.text]
        length += len(kept)
        spans.append(GarbledSpan(length, length + len(change.text), change.label, clean[change.start : change.end]))
        length += len(change.text)
        at = change.end
    out.append(clean[at:])
    return Garbled("".join(out), clean, tuple(spans))


def garble(clean: str, operations: Sequence[tuple[Operation, float]], count: int, rng: random.Random) -> Garbled:
    """Apply up to `count` operations, drawn by weight, that leave a word between each other."""
    if count < 1:
        return Garbled(clean, clean, ())
    sentence = Sentence(clean)
    changes: list[Change] = []
    kinds = [o for o, _ in operations]
    weights = [w for _, w in operations]
    for operation in rng.choices(kinds, weights, k=count * DRAWS):
        if len(changes) >= count:
            break
        change = operation(sentence, rng)
        if change is None or change.text == clean[change.start : change.end] or change.text.strip() != change.text:
            continue
        if change.text and all(change.end + 1 < c.start or change.start > c.end + 1 for c in changes):
            changes.append(change)
    return apply_changes(clean, changes)


def match_case(model: str, text: str) -> str:
    """`text` with a capital first letter if `model` has one."""
    return text[:1].upper() + text[1:] if model[:1].isupper() else text

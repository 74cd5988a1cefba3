"""Wrong phrases kept as data: literal words, the right words, and the context that proves them wrong.

A rule file is a table (TSV) with the columns

    wrong     the words as they stand in a text, lower case. `(a|b)` gives alternatives, `[…]` marks the
              words to change where the rest is only needed for recognition (default: all of them).
    right     what stands in their place; empty = no certain answer; `-` = delete
    label, severity, score
    near      a regular expression, whole words, that must match in the sentence around the phrase; `@` stands
              for the phrase itself, so that `@ vườn` is “followed by vườn”
    unless    the same, but it must not match
    scope     `sentence` (default) or `article`: where `near` is looked for
    note      why, for people

Phrases are found with word borders in case-folded text, those of all detectors together (`detect.phrase_words`), so
that the number of rules costs nothing; the two context expressions run only where a phrase was found.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import regex

from vn_repair.detect.merge import Taken
from vn_repair.detect.view import View
from vn_repair.folding import fold
from vn_repair.types import Label, Severity, Span

MARK = "\N{REPLACEMENT CHARACTER}"  # stands in the phrase's place while its context is looked at
AROUND = 160  # characters of context where no segment holds the phrase


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """One wrong phrase; see the module's text for the columns."""

    wrong: str
    right: str | None
    label: Label
    severity: Severity
    score: float
    near: regex.Pattern[str] | None = None
    unless: regex.Pattern[str] | None = None
    whole_article: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that stands in the text: `[start, end)` are the words to change."""

    start: int
    end: int
    rule: PhraseRule


def in_case_of(surface: str, words: str) -> str:
    """`words` with a capital where `surface` begins with one, or all in capitals where it is so."""
    if len(surface) > 1 and surface.isupper():
        return words.upper()
    if surface[:1].isupper():
        return words[:1].upper() + words[1:]
    return words


def alternatives(pattern: str) -> list[str]:
    """Every plain phrase that a pattern with `(a|b)` groups stands for; groups do not nest."""
    parts = re.split(r"\(([^()]*)\)", pattern)
    phrases = [""]
    for at, part in enumerate(parts):
        choices = part.split("|") if at % 2 else [part]
        phrases = [phrase + choice for phrase in phrases for choice in choices]
    return phrases


def with_borders(expression: str) -> regex.Pattern[str] | None:
    """The context expression compiled with word borders on both sides; `None` for an empty one."""
    return regex.compile(rf"(?<!\w)(?:{expression.replace('@', MARK)})(?!\w)") if expression else None


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of the table `vn_repair/data/<name>` (tab-separated, first row the column names)."""
    text = files("vn_repair").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def load_rules(name: str) -> tuple[PhraseRule, ...]:
    """The rules of `vn_repair/data/<name>`; raises `ValueError` naming the line of a bad row."""
    rules = []
    for number, row in enumerate(read_table(name), 2):
        try:
            right = {"": None, "-": ""}.get(row["right"], row["right"])
            rules.append(PhraseRule(row["wrong"], right, Label(row["label"]), Severity(row["severity"]),
                                    float(row["score"]), with_borders(row["near"]), with_borders(row["unless"]),
                                    row["scope"] == "article", row["note"]))
        except (KeyError, ValueError, TypeError, AttributeError, regex.error) as error:
            raise ValueError(f"{name} line {number}: {error}") from error
    return tuple(rules)


Entry = tuple[int, int, PhraseRule]  # of a phrase: where the words to change begin and end in it, and its rule


class PhraseFinder:
    """The phrases of many rules: `matches` finds them in a text, `find` in a view, with those of other detectors."""

    def __init__(self, rules: Iterable[PhraseRule]) -> None:
        self.rules = tuple(rules)
        self.entries: dict[str, list[Entry]] = {}
        for rule in self.rules:
            for phrase in alternatives(rule.wrong):
                bare = phrase.replace("[", "").replace("]", "")
                first = phrase.index("[") if "[" in phrase else 0
                last = phrase.index("]") - 1 if "]" in phrase else len(bare)
                self.entries.setdefault(bare, []).append((first, last, rule))

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick

        automaton = ahocorasick.Automaton()
        for phrase, entries in self.entries.items():
            automaton.add_word(phrase, (len(phrase), entries))
        automaton.make_automaton()
        return automaton

    def matches(self, text: str) -> Iterator[Found]:
        """Every phrase of `text` with word borders on both sides; context is not looked at. May overlap."""
        folded = fold(text)
        size = len(folded)
        if not self.rules:
            return
        for last, (length, entries) in self._automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if start and folded[start - 1].isalnum() and folded[start].isalnum():
                continue
            if end < size and folded[end].isalnum() and folded[end - 1].isalnum():
                continue
            for first, stop, rule in entries:
                yield Found(start + first, start + stop, rule)

    def find(self, view: View, detector: str) -> Iterator[Span]:
        """Spans of `view` whose context holds; where two overlap the longer one stands.

        `detector` is the id of a detector whose `phrases` hold the finder's `entries`.
        """
        candidates = [Found(start + value[0], start + value[1], value[2])
                      for start, _, value in view.phrases.get(detector, ()) if isinstance(value, tuple)]
        if not candidates:
            return
        held = [found for found in candidates if self.context_holds(view, found)]
        held.sort(key=lambda f: (f.start - f.end, f.start))
        taken = Taken()
        chosen = [found for found in held if taken.add(found.start, found.end)]
        for found in sorted(chosen, key=lambda f: f.start):
            rule, surface = found.rule, view.text[found.start : found.end]
            suggestion = None if rule.right is None else in_case_of(surface, rule.right)
            if suggestion == surface:
                continue
            message = rule.note or (f"“{surface}” stands for “{rule.right}”" if rule.right else f"“{surface}” is wrong")
            yield Span(found.start, found.end, rule.label, rule.severity, rule.score, detector, message, suggestion)

    @staticmethod
    def context_holds(view: View, found: Found) -> bool:
        """Whether the rule's `near` and `unless` hold around the phrase."""
        rule = found.rule
        if rule.near is None and rule.unless is None:
            return True
        at = bisect_right(view.segment_starts, found.start) - 1
        if at >= 0 and view.segments[at].end >= found.end:
            start, end = view.segments[at].start, view.segments[at].end
        else:
            start, end = max(0, found.start - AROUND), min(len(view.text), found.end + AROUND)
        around = fold(view.text[start : found.start]) + MARK + fold(view.text[found.end : end])
        if rule.unless is not None and rule.unless.search(around):
            return False
        if rule.near is None:
            return True
        return rule.near.search(view.folded if rule.whole_article else around) is not None

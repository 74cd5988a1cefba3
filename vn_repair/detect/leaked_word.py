"""Single English words between Vietnamese ones (error class 1.3): "trong when", "nông thôn new", "Show vẫn còn".

A word counts if it is English and never (or, for function words, all but never) written in clean Vietnamese
news, or if the leak table asks for just these neighbours. Terms an article uses several times, words beside
a name, in quotation marks, joined by a hyphen or explained in brackets are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from vn_repair.detect.foreign_run import is_run
from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import ENGLISH_FUNCTION_WORDS, is_name_part, vietnamese_frequency, vietnamese_pair
from vn_repair.lexicon.evidence import Run, Word, anchors, english_runs
from vn_repair.lexicon.leaks import ANY, FIGURE, START, Leak, leak, leaks, rendering
from vn_repair.lexicon.odds import ASCII_WORD, is_english, odds
from vn_repair.types import VI, Label, Severity, Span

COLLOQUIAL = frozenset({"up", "off", "out", "no", "on", "me", "he"})  # written in Vietnamese chat and in names
NEVER, NEVER_IF_LISTED = 0.2, 0.5  # lower-case occurrences per million in Vietnamese below which a word is no loan
ODDS = 2.3
BESIDE = frozenset({"vi", "number"})
LISTED_ITEM = re.compile(r"[à-ỹ]\w*, $")  # an item of a list of Vietnamese things
NEAR = 4000  # characters of an article that a term is counted in
TERM_FROM = 3  # a word used so often in one article is its term, not a leak


def _allows(word: Word | None) -> bool:
    """Whether a neighbour is Vietnamese, a figure, an acronym or a pause: not a name, a quotation, a bracket."""
    return word is None or word.kind in BESIDE or word.kind == "acronym" or word.text in {",", ".", ";", ":", "…", "?"}


def _score(run: Run, word: Word, text: str) -> float:
    """Confidence for a lone word; 0 if its surroundings speak for a name or a term."""
    low = word.text.lower()
    if word.text != low and is_name_part(word.text):
        return 0.0
    if not (_allows(run.before) and _allows(run.after)):
        return 0.0
    if not any(n is not None and n.kind in BESIDE for n in (run.before, run.after)) and not LISTED_ITEM.search(
        text, max(0, word.start - 14), word.start
    ):
        return 0.0
    if low in ENGLISH_FUNCTION_WORDS and low not in COLLOQUIAL:
        return 0.9
    listed = low in leaks()
    if vietnamese_frequency(low) >= (NEVER_IF_LISTED if listed else NEVER) or odds(low) < ODDS or low in COLLOQUIAL:
        return 0.0
    if len(re.findall(rf"\b{low}\b", text[max(0, word.start - NEAR) : word.end + NEAR])) >= TERM_FROM or word.opens:
        return 0.0
    return 0.75 if listed else 0.6


def _span(start: int, end: int, score: float, suggestion: str | None) -> Span:
    return Span(start, end, Label.UNTRANSLATED, Severity.MINOR, score, DETECTOR.id,
                "a lone English word between Vietnamese ones", suggestion)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each leaked word, with the Vietnamese that its neighbours ask for."""
    chunks = view.signs[DETECTOR.id]
    speaking = frozenset(word for chunk in chunks for word in anchors(chunk))
    for run in english_runs(view.text, speaking) if speaking else ():
        if is_run(run):
            continue
        word = run.sure[0]
        score = _score(run, word, view.text)
        if score:
            left = view.text[max(0, word.start - 24) : word.start] if not word.opens else ""
            right = view.text[word.end : word.end + 24]
            row = leak(word.text, left, right)
            end, suggestion = word.end, rendering(row, word.text)
            yield _span(word.start, end, score, suggestion or None)
    yield from _bound(view.text, {word for chunk in chunks for word in _bound_words(chunk)})


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], Leak], ...]:
    """Lines of the table that name their Vietnamese neighbours, for words that are not English by themselves."""
    out = []
    for english, rows in leaks().items():
        for row in rows:
            if not row.bound or " " in english or is_english(english):
                continue
            left = {ANY: "", START: r"(?:(?<=^)|(?<=[.!?…] ))", FIGURE: r"(?<=\d )"}.get(
                row.left[0], "(?:" + "|".join(rf"(?<=\b{word} )" for word in row.left) + ")")
            right = {ANY: "", FIGURE: r"(?= \d)"}.get(row.right[0], r"(?= (?:" + "|".join(row.right) + r")\b)")
            out.append((english, re.compile(rf"{left}\b{english}\b{right}", re.IGNORECASE | re.MULTILINE), row))
    return tuple(out)


@cache
def _bound_forms() -> frozenset[str]:
    """The words of `_patterns` in small letters and with a capital."""
    return frozenset(form for english, _, _ in _patterns() for form in (english, english.capitalize()))


def _bound_words(chunk: str) -> list[str]:
    return [word for word in ASCII_WORD.findall(chunk) if word in _bound_forms()]


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds an English word, or one that its neighbours may show to be."""
    return anchors(chunk) or _bound_words(chunk)


def _bound(text: str, present: set[str]) -> Iterator[Span]:
    """Spans of words that only their neighbours give away, longest conditions first."""
    if not present:
        return
    seen: set[int] = set()
    for english, pattern, row in _patterns():
        if english not in present and english.capitalize() not in present:
            continue
        for match in pattern.finditer(text):
            left = re.search(r"(\w+) $", text[max(0, match.start() - 20) : match.start()])
            if match.start() in seen or (left and vietnamese_pair(left.group(1), english)):
                continue
            seen.add(match.start())
            yield _span(match.start(), match.end(), 0.8, rendering(row, match.group()))


DETECTOR = Detector("untranslated.leaked_word", frozenset({VI}), "single English words between Vietnamese ones",
                    find, sign)

"""A caption, title, paragraph or sentence given twice (error classes 1.10 and 2.25); the first copy is clean.

Copies may differ in case, marks and a photo credit. Short lines count only next to each other, so that tables keep
their rows; in a text of short lines (a poem, a table) only neighbours count, so that refrains stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.page_lines import Kind, kind_of
from vn_repair.types import EN, VI, Label, Severity, Span

CREDIT = re.compile(r"[\s.(\[–—|-]*(?:ảnh|photo|tin và ảnh|bài và ảnh|image)\s*(?:\d+|:.*)?\W*\Z")
WORD = re.compile(r"\w+")
SENTENCE = re.compile(r"[.!?…][\"”’)]*\Z")
FEW_WORDS = 6  # a line of fewer words is no evidence when its copy stands far away
SENTENCE_WORDS, FAR_SENTENCE_WORDS = 6, 14
SHORT = 70  # a text whose lines are mostly shorter than this is a poem, a table or a list
NEARLY = 96  # percent of similarity at which two neighbouring lines are copies with a typing error
LONG_LINE = 60


def key_of(text: str) -> str:
    """What copies share: the words in lower case, without marks and a photo credit at the end."""
    low = text.lower()
    if len(low) < 300 and ("ảnh" in low or "photo" in low or "image" in low):
        low = CREDIT.sub("", low)
    return " ".join(WORD.findall(low))


def nearly_equal(first: str, second: str) -> bool:
    """Whether two keys are the same but for a letter or two; figures must agree ("Photo 1", "Photo 2")."""
    if min(len(first), len(second)) < LONG_LINE or abs(len(first) - len(second)) > 6:
        return False
    from rapidfuzz.fuzz import ratio

    return ratio(first, second) >= NEARLY and re.findall(r"\d+", first) == re.findall(r"\d+", second)


def line_copies(lines: list[str]) -> dict[int, float]:
    """Lines that repeat an earlier one: index → score."""
    marks: dict[int, float] = {}
    seen: dict[str, int] = {}
    running = sum(len(line) > SHORT for line in lines) * 3 >= len(lines)
    before = ""
    for i, line in enumerate(lines):
        key = key_of(line)
        words = key.count(" ") + 1
        letters = sum(map(str.isalpha, key))
        if letters >= 6 and words >= 2 and kind_of(line) in (None, Kind.BYLINE):
            first = seen.get(key)
            if key == before or (before and nearly_equal(before, key)):
                # One line of a poem or a table may well stand twice in a row; a caption or a paragraph may not.
                if running or words >= FEW_WORDS or len(lines) <= 3:
                    marks[i] = 0.9
            elif first is not None and words >= FEW_WORDS and running:
                marks[i] = 0.9 if first <= 1 or len(line) > 120 else 0.75
        seen.setdefault(key, i)
        before = key
    return marks


def sentence_copies(view: View, marked: list[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of sentences inside paragraphs that repeat an earlier one."""
    seen: set[str] = set()
    before, previous_end = "", -1
    for segment in view.segments:
        surface = view.text[segment.start : segment.end]
        if len(surface) < 20 or not SENTENCE.search(surface):
            before = ""
            continue
        key = key_of(surface)
        words = key.count(" ") + 1
        inside = any(start <= segment.start < end for start, end in marked) if marked else False
        if not inside and words >= SENTENCE_WORDS:
            same_line = "\n" not in view.text[max(previous_end, 0) : segment.start]
            if key == before and same_line:
                yield segment.start, segment.end, 0.9
            elif key in seen and words >= FAR_SENTENCE_WORDS:
                yield segment.start, segment.end, 0.75
        seen.add(key)
        before, previous_end = key, segment.end


def find(view: View) -> Iterator[Span]:
    """Yield a span over the second and later copies, to be deleted."""
    places = view.lines
    marks = line_copies([view.text[start:end] for start, end in places])
    lines = [places[i] for i in sorted(marks)]
    for i, (start, end) in zip(sorted(marks), lines, strict=True):
        yield Span(start, end, Label.DUPLICATE, Severity.MINOR, marks[i], DETECTOR.id, "this line stood before", "")
    for start, end, score in sentence_copies(view, lines):
        if (start, end) not in places:
            yield Span(start, end, Label.DUPLICATE, Severity.MINOR, score, DETECTOR.id, "this sentence stood before", "")


DETECTOR = Detector("duplicate.block", frozenset({VI, EN}), "a caption, paragraph or sentence given twice", find)

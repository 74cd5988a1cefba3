"""Page furniture: share bars, counters, comment forms, menus, related headlines (error classes 2.26 and V1).

A line of the list (`page_lines.py`) is furniture wherever it stands. Menu words and headlines are so only beside it:
in the tail after the last paragraph, in the head before the first one, or in a run of menu words. An article without
a paragraph (a poem, a table, a list) has no head and tail, so that no more than the listed lines are taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import is_name_part
from vn_repair.page_lines import Kind, is_capital_heading, is_headline, kind_of
from vn_repair.types import EN, VI, Label, Severity, Span

MENU_RUN = 4  # so many menu words in a row are a menu even with no other furniture beside them
MENU_WORD = 30  # characters of a menu word at most (a contact address is longer)
SENTENCE = re.compile(r"[.!?…][”\"’')]*\Z")
WORD = re.compile(r"[^\W\d_]+")


def is_paragraph(line: str) -> bool:
    """Whether the line is running text: many words, or a sentence with its stop."""
    words = line.count(" ") + 1
    return words >= 25 or (words >= 10 and SENTENCE.search(line) is not None)


def is_name(line: str) -> bool:
    """Whether the line is a person's name, or two: a byline ("Duong Chien", "Hà Anh - Văn Nam")."""
    words = WORD.findall(line)
    return 2 <= len(words) <= 8 and line[-1] not in ".:;" and all(is_name_part(word.capitalize()) for word in words) \
        and all(word[0].isupper() for word in words)


def tail_marks(lines: list[str], kinds: list[Kind | None], last: int) -> dict[int, float]:
    """Furniture after line `last` (the last paragraph): index → score."""
    anchors = [i for i in range(last + 1, len(lines)) if kinds[i] in (Kind.CHROME, Kind.RELATED)]
    if not anchors:
        return {}
    first = anchors[0]
    marks = {i: 0.8 for i in range(first + 1, len(lines))
             if kinds[i] is Kind.MENU or (is_headline(lines[i]) and not is_name(lines[i]))}
    marks |= dict.fromkeys(anchors, 0.9)
    at = first - 1
    while at > last and (kinds[at] is Kind.MENU or (is_capital_heading(lines[at]) and kinds[at] is None)):
        marks[at] = 0.75
        at -= 1
    return marks


def menu_runs(lines: list[str], kinds: list[Kind | None]) -> dict[int, float]:
    """Menu words next to listed furniture, and runs of them: index → score."""
    marks: dict[int, float] = {}
    at = 0
    while at < len(kinds):
        if kinds[at] is not Kind.MENU:
            at += 1
            continue
        start = at
        while at < len(kinds) and kinds[at] is Kind.MENU:
            at += 1
        beside = (start and kinds[start - 1] is Kind.CHROME) or (at < len(kinds) and kinds[at] is Kind.CHROME)
        if beside or (at - start >= MENU_RUN and all(len(line) <= MENU_WORD for line in lines[start:at])):
            marks |= dict.fromkeys(range(start, at), 0.75)
    return marks


def find(view: View) -> Iterator[Span]:
    """Yield a span over each line of furniture, to be deleted."""
    places = view.lines
    lines = view.line_texts
    kinds = [kind_of(line) for line in lines]
    if all(kind is None or kind is Kind.BYLINE for kind in kinds):
        return
    paragraphs = [i for i, line in enumerate(lines) if kinds[i] is None and is_paragraph(line)]
    marks = {i: 0.95 for i, kind in enumerate(kinds) if kind is Kind.CHROME}
    if paragraphs:
        marks = tail_marks(lines, kinds, paragraphs[-1]) | menu_runs(lines, kinds) | marks
        # "Tin liên quan" between paragraphs: the heading alone, since a caption or a subheading may follow it.
        marks = {i: 0.7 for i in range(1, len(kinds))
                 if kinds[i] is Kind.RELATED and kinds[i - 1] is Kind.CHROME} | marks
    for i in sorted(marks):
        start, end = places[i]
        yield Span(start, end, Label.BOILERPLATE, Severity.MINOR, marks[i], DETECTOR.id, "page furniture", "")


DETECTOR = Detector("boilerplate.page_chrome", frozenset({VI, EN}), "share bars, counters, menus, comment forms", find)

"""What a post-editor's file says of one sentence or block, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vn_repair.types import InputError, Label, Severity

LINE = re.compile(r"\S(?:[^\n\r]*\S)?")
ID = re.compile(r"[bs](\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of the source that a person marked; offsets into the article's text.

    `sure`: the label was given, not only a category that several labels share.
    """

    start: int
    end: int
    label: Label
    severity: Severity
    sure: bool = True


@dataclass(frozen=True, slots=True)
class PostEdit:
    """A text and what a person made of it.

    `place` is the `file` and the unit's id or line, `article` the article's id as the file gives it (see
    `xml_parts.name_of`). The text stood at `start:end` of the article. `translation`: `source` is the corrected text
    and `target` is in the other language; else `source` is the article's own text and `target` the same corrected.
    `reviewed` tells whether the file says that a person has signed it off, `marks` what was marked in it (`None`: the
    format has no marks). `variants` are further targets that the file gives for the same text: a person changed some
    rows of it.
    """

    file: str
    place: str
    article: str
    start: int
    end: int
    source: str
    target: str
    translation: bool
    reviewed: bool
    marks: tuple[Mark, ...] | None = None
    variants: tuple[str, ...] = ()


def bounds_of(identifier: str, place: str) -> tuple[int, int]:
    """Start and end from a unit's id. Raises `InputError` for one that vn-repair did not write."""
    found = ID.fullmatch(identifier)
    if not found or len(identifier) > 40:
        raise InputError(f"{place}: its id is none that vn-repair gave; keep the ids of units as they were")
    return int(found[1]), int(found[2])


@dataclass(frozen=True)
class Line:
    """A line of an article (lines that a part holds together are one): its number, its bounds, what files say of it."""

    number: int
    start: int
    end: int
    parts: list[PostEdit]


def lines_of(text: str, parts: Sequence[PostEdit]) -> Iterator[Line]:
    """Every line of an article's text that has parts; `parts` are sorted and do not overlap."""
    bounds = [m.span() for m in LINE.finditer(text)]
    i = at = 0
    while i < len(bounds) and at < len(parts):
        number, (start, end) = i, bounds[i]
        inside: list[PostEdit] = []
        while at < len(parts) and parts[at].start < end:
            inside.append(parts[at])
            while i + 1 < len(bounds) and bounds[i + 1][0] < parts[at].end:
                i += 1
                end = bounds[i][1]
            at += 1
        i += 1
        if inside:
            yield Line(number, start, end, inside)


def uncovered(text: str, line: Line) -> str:
    """Where text of the line lies in no part, as `start:end`; `""` if none does."""
    at = line.start
    for low, high in [*((p.start, p.end) for p in line.parts), (line.end, line.end)]:
        if text[at:low].strip():
            return f"{at}:{low}"
        at = max(at, high)
    return ""

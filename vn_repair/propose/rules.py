"""Edits that a rule knows: what a detector suggested, widened where a deletion would leave a hole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vn_repair.types import Edit, Span


def deletion_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds of a deletion with the white space that would be left over.

    A whole line goes with its line end and the blank lines after it; words inside a line take one
    neighbouring space along. Offsets into `text`.
    """
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if not text[line_start:start].strip() and not text[end:line_end].strip():
        last = line_end
        while last < len(text) and text[last].isspace():
            last += 1
        if last < len(text):
            # Keep the indentation of the next line that stays.
            return line_start, text.rfind("\n", 0, last) + 1
        first = line_start
        while first > 0 and text[first - 1] in "\r\n":
            first -= 1
        return first, line_end
    if start > 0 and text[start - 1] == " " and (end == len(text) or not text[end].isalnum()):
        return start - 1, end
    if end < len(text) and text[end] == " " and (start == 0 or text[start - 1].isspace()):
        return start, end + 1
    return start, end


def rule_edits(text: str, spans: Iterable[Span]) -> Iterator[Edit]:
    """One edit for every span with a suggestion; deletions next to each other never overlap."""
    floor = 0
    for span in spans:
        if span.suggestion is None:
            continue
        start, end = span.start, span.end
        if not span.suggestion:
            start, end = deletion_bounds(text, start, end)
            start = max(start, floor)
        if start < floor:
            continue
        yield Edit(start, end, span.suggestion, f"rule:{span.detector}", span.score)
        floor = end

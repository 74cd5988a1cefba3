"""From the spans of all detectors to one list that does not overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vn_repair.by_place import ByPlace
from vn_repair.types import Label, Span

# A block that goes as a whole makes marks inside it pointless; so does a line in the wrong encoding.
WHOLE = {Label.DUPLICATE: 3, Label.BOILERPLATE: 3, Label.MOJIBAKE: 2}


def rank(span: Span) -> tuple[int, float, int]:
    """What decides between overlapping spans: kind of block, then score, then length."""
    return WHOLE.get(span.label, 0), span.score + (0.05 if span.suggestion is not None else 0.0), span.end - span.start


def touches(a: Span, b: Span) -> bool:
    """Whether two spans share a character."""
    return a.start < b.end and b.start < a.end


def common_start(a: str, b: str) -> int:
    """How many characters two strings share at their start."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def trim(text: str, span: Span) -> Span:
    """`span` cut down to the characters that its suggestion changes, at least one.

    Two rules may each change one end of the same word ("nước.Do that": a missing space, an English
    run); cut down, both can stand.
    """
    if span.suggestion is None:
        return span
    surface = text[span.start : span.end]
    head = common_start(surface, span.suggestion)
    rest, new = surface[head:], span.suggestion[head:]
    tail = common_start(rest[::-1], new[::-1])
    if tail == len(rest):  # nothing but an insertion: keep the character before it, or else the one after
        head, tail = (head - 1, tail) if head else (0, tail - 1)
    changed = span.suggestion[head : len(span.suggestion) - tail]
    return replace(span, start=span.start + head, end=span.end - tail, suggestion=changed)


class _Kept:
    """Spans that do not overlap, sorted, so that those at a place are found without looking at all."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._starts: list[int] = []

    def touching(self, span: Span) -> list[Span]:
        """Those that share a character with `span`."""
        first = max(bisect_left(self._starts, span.start) - 1, 0)
        return [k for k in self.spans[first : bisect_left(self._starts, span.end)] if touches(k, span)]

    def add(self, span: Span) -> None:
        """Put in a span that touches none."""
        at = bisect_left(self._starts, span.start)
        self.spans.insert(at, span)
        self._starts.insert(at, span.start)

    def put(self, span: Span, old: Span) -> None:
        """`span` in place of `old`."""
        at = bisect_left(self._starts, old.start)
        self.spans[at], self._starts[at] = span, span.start


class Taken:
    """Ranges of a text of which no two overlap."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._ranges = sorted(ranges)

    def add(self, start: int, end: int) -> bool:
        """Take `[start, end)` (not empty) unless it overlaps what is taken; whether it was free."""
        at = bisect_left(self._ranges, (start, end))
        if at < len(self._ranges) and self._ranges[at][0] < end:
            return False
        if at and self._ranges[at - 1][1] > start:
            return False
        self._ranges.insert(at, (start, end))
        return True


def merge_spans(text: str, spans: Iterable[Span]) -> list[Span]:
    """Sorted spans of `text` of which no two overlap.

    Overlapping spans of one label become one (their union, the stronger one's message; a suggestion
    survives only if one of the two covers the other). Of others the stronger stays, and the weaker
    too if the changes that the two suggest lie apart.
    """
    kept: list[Span] = []  # sorted, and so are their ends, since none overlap
    for span in sorted(spans, key=rank, reverse=True):
        first = bisect_right(kept, span.start, key=_end)
        last = bisect_left(kept, span.end, lo=first, key=_start)
        rivals = kept[first:last]
        if not rivals:
            kept.insert(first, span)
        elif len(rivals) == 1 and rivals[0].label is span.label and span.label not in WHOLE:
            union = _united(rivals[0], span)
            if union is not rivals[0] and not any(touches(k, union) for k in kept[max(0, first - 1) : last + 1]
                                                  if k is not rivals[0]):
                kept[first] = union
        else:
            kept[first:last] = _apart(text, rivals, span)
    return kept


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end


def _united(twin: Span, span: Span) -> Span:
    """The stronger of two spans of one label, `twin`, widened to cover both."""
    if twin.start <= span.start and span.end <= twin.end:
        return twin
    covers = span.start <= twin.start and twin.end <= span.end
    return replace(twin, start=min(twin.start, span.start), end=max(twin.end, span.end),
                   suggestion=span.suggestion if covers else None)  # fmt: skip


def _apart(text: str, rivals: list[Span], span: Span) -> list[Span]:
    """What stays of `span` and of the stronger spans that it overlaps, sorted."""
    less = trim(text, span)
    if not any(touches(less, r) for r in rivals):
        return sorted([*rivals, less], key=_start)
    if any(r.label in WHOLE for r in rivals):
        return rivals
    cut = [trim(text, r) for r in rivals]
    return rivals if any(touches(c, span) for c in cut) else sorted([*cut, span], key=_start)


def beside(text: str, spans: Iterable[Span], kept: Sequence[Span]) -> list[Span]:
    """What of `spans` lies outside `kept` (sorted), cut free of white space; parts without a letter or digit go.

    A model's doubts come after what rules know: they add to it and hide none of it.
    """
    out: list[Span] = []
    known = ByPlace(kept)
    for span in spans:
        at = span.start
        for rival in [*known.touching(span.start, span.end), None]:
            end = span.end if rival is None else rival.start
            part = text[at : max(at, end)]
            if part == text[span.start : span.end] or any(c.isalnum() for c in part):
                start = at + len(part) - len(part.lstrip())
                out.append(replace(span, start=start, end=start + len(part.strip())))
            at = max(at, rival.end) if rival else at
    return [span for span in out if span.end > span.start]

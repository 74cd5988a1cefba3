"""From the spans of all detectors to one list that does not overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

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


def merge_spans(text: str, spans: Iterable[Span]) -> list[Span]:
    """Sorted spans of `text` of which no two overlap.

    Overlapping spans of one label become one (their union, the stronger one's message; a suggestion
    survives only if one of the two covers the other). Of others the stronger stays, and the weaker
    too if the changes that the two suggest lie apart.
    """
    kept = _Kept()
    for span in sorted(spans, key=rank, reverse=True):
        rivals = kept.touching(span)
        if not rivals:
            kept.add(span)
        elif len(rivals) == 1 and rivals[0].label is span.label and span.label not in WHOLE:
            _unite(kept, rivals[0], span)
        else:
            _apart(text, kept, rivals, span)
    return kept.spans


def _unite(kept: _Kept, twin: Span, span: Span) -> None:
    if twin.start <= span.start and span.end <= twin.end:
        return
    covers = span.start <= twin.start and twin.end <= span.end
    union = replace(twin, start=min(twin.start, span.start), end=max(twin.end, span.end),
                    suggestion=span.suggestion if covers else None)  # fmt: skip
    if all(k is twin for k in kept.touching(union)):
        kept.put(union, twin)


def _apart(text: str, kept: _Kept, rivals: list[Span], span: Span) -> None:
    less = trim(text, span)
    if not any(touches(less, r) for r in rivals):
        kept.add(less)
        return
    if any(r.label in WHOLE for r in rivals):
        return
    cut = [(trim(text, r), r) for r in rivals]
    if any(touches(c, span) for c, _ in cut):
        return
    for shorter, rival in cut:
        kept.put(shorter, rival)
    kept.add(span)

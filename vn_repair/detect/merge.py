"""From the spans of all detectors to one list that does not overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vn_repair.types import Label, Span

# A block that goes as a whole makes marks inside it pointless; so does a line in the wrong encoding.
WHOLE = {Label.DUPLICATE: 3, Label.BOILERPLATE: 3, Label.MOJIBAKE: 2}


def rank(span: Span) -> tuple[int, float, int]:
    """What decides between overlapping spans: kind of block, then score, then length."""
    return WHOLE.get(span.label, 0), span.score + (0.05 if span.suggestion is not None else 0.0), span.end - span.start


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans of which no two overlap.

    Overlapping spans of one label become one (their union, the stronger one's message); of others
    the stronger stays. A suggestion survives a union only if one of the two spans covers the other.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=rank, reverse=True):
        rivals = [k for k in kept if k.start < span.end and span.start < k.end]
        if not rivals:
            kept.append(span)
            continue
        twin = rivals[0]
        if len(rivals) > 1 or twin.label is not span.label or twin.label in WHOLE:
            continue
        if twin.start <= span.start and span.end <= twin.end:
            continue
        covers = span.start <= twin.start and twin.end <= span.end
        union = replace(
            twin,
            start=min(twin.start, span.start),
            end=max(twin.end, span.end),
            suggestion=span.suggestion if covers else None,
        )
        if any(k is not twin and k.start < union.end and union.start < k.end for k in kept):
            continue
        kept[kept.index(twin)] = union
    return sorted(kept, key=lambda s: s.start)

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


def merge_spans(text: str, spans: Iterable[Span]) -> list[Span]:
    """Sorted spans of `text` of which no two overlap.

    Overlapping spans of one label become one (their union, the stronger one's message; a suggestion
    survives only if one of the two covers the other). Of others the stronger stays, and the weaker
    too if the changes that the two suggest lie apart.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=rank, reverse=True):
        rivals = [k for k in kept if touches(k, span)]
        if not rivals:
            kept.append(span)
        elif len(rivals) == 1 and rivals[0].label is span.label and span.label not in WHOLE:
            kept = _united(kept, rivals[0], span)
        else:
            kept = _apart(text, kept, rivals, span)
    return sorted(kept, key=lambda s: s.start)


def _united(kept: list[Span], twin: Span, span: Span) -> list[Span]:
    if twin.start <= span.start and span.end <= twin.end:
        return kept
    covers = span.start <= twin.start and twin.end <= span.end
    union = replace(twin, start=min(twin.start, span.start), end=max(twin.end, span.end),
                    suggestion=span.suggestion if covers else None)  # fmt: skip
    if any(k is not twin and touches(k, union) for k in kept):
        return kept
    return [union if k is twin else k for k in kept]


def _apart(text: str, kept: list[Span], rivals: list[Span], span: Span) -> list[Span]:
    less = trim(text, span)
    if not any(touches(less, r) for r in rivals):
        return [*kept, less]
    if any(r.label in WHOLE for r in rivals):
        return kept
    cut = {id(r): trim(text, r) for r in rivals}
    if any(touches(c, span) for c in cut.values()):
        return kept
    return [*(cut.get(id(k), k) for k in kept), span]

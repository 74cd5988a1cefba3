"""What a system gives for a document, cut back to the document's items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vn_repair.evaluate.edits import Change, changes
from vn_repair.evaluate.references import Document
from vn_repair.types import Edit, Span, Status


@dataclass(frozen=True, slots=True)
class Output:
    """A system's answer to a document; `None` where it does not do that part.

    `text` is the repaired text in the document's language, `other` the text in the other language; `edits` are
    known for systems that say how they came to `text`; `parts` are given by systems that answer item by item.
    """

    spans: tuple[Span, ...] | None = None
    text: str | None = None
    other: str | None = None
    edits: tuple[Edit, ...] | None = None
    parts: tuple[ItemOutput, ...] | None = None


@dataclass(frozen=True, slots=True)
class ItemOutput:
    """The part of an `Output` that belongs to one item; offsets are the item's."""

    spans: tuple[Span, ...] | None
    text: str | None
    other: str | None


def split_output(document: Document, output: Output) -> list[ItemOutput]:
    """The output of each item of the document, in order.

    An edit across items gives its replacement to the first. A text without known edits is matched line by line if it
    has a line for each item, else by its word-level difference. Lines in the other language are matched to the items
    that are not empty; where their number differs, they cannot be told apart and the items get an empty translation.
    """
    if output.parts is not None:
        return list(output.parts)
    count = len(document.items)
    spans = split_spans(document, output.spans) if output.spans is not None else [None] * count
    texts = split_text(document, output.text, output.edits) if output.text is not None else [None] * count
    others: list[str | None] = [None] * count
    if output.other is not None:
        own = [t if t is not None else i.text for t, i in zip(texts, document.items, strict=True)]
        others = list(split_other(own, output.other))
    return [ItemOutput(s, t, o) for s, t, o in zip(spans, texts, others, strict=True)]


def split_spans(document: Document, spans: Sequence[Span]) -> list[tuple[Span, ...]]:
    """Spans of each item; one that crosses a border is cut there."""
    out = []
    for start, end in document.bounds:
        inside = [s for s in spans if s.start < end and start < s.end]
        out.append(tuple(replace(s, start=max(s.start, start) - start, end=min(s.end, end) - start) for s in inside))
    return out


def split_text(document: Document, text: str, edits: Sequence[Edit] | None) -> list[str]:
    """The repaired text of each item, without surrounding white space."""
    if len(document.items) == 1:
        return [text.strip()]
    if edits is None:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) == len(document.items):
            return [line.strip() for line in lines]
        made = changes(document.text, text)
    else:
        made = [Change(e.start, e.end, e.replacement) for e in edits if e.status is Status.ACCEPTED]
    return [_project(document.text, bounds, made, document.bounds) for bounds in document.bounds]


def _project(text: str, bounds: tuple[int, int], made: Sequence[Change], items: Sequence[tuple[int, int]]) -> str:
    start, end = bounds
    out, at = [], start
    for change in sorted(made, key=lambda c: (c.start, c.end)):
        first = next((b for b in items if change.start <= b[1] and b[0] <= change.end), None)
        if change.end < start or change.start > end or (change.end == start and first != bounds):
            continue
        out.append(text[at : max(change.start, at)])
        if first == bounds:
            out.append(change.text)
        at = max(at, min(change.end, end))
    out.append(text[at:end])
    return "".join(out).strip()


def split_other(own: Sequence[str], other: str) -> list[str]:
    """The translation of each item of repaired texts `own`."""
    if len(own) == 1:
        return [other.strip()]
    sizes = [sum(bool(line.strip()) for line in text.splitlines()) for text in own]
    lines = [line.strip() for line in other.splitlines() if line.strip()]
    if sum(sizes) != len(lines):
        return [""] * len(own)
    out, at = [], 0
    for size in sizes:
        out.append("\n".join(lines[at : at + size]))
        at += size
    return out

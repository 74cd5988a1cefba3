"""Marked words as escaped HTML. Each run of the source carries its offset, by which a selection is found again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from vn_repair.review.interface import Words
from vn_repair.review.items import ACCEPTED, Item
from vn_repair.types import Span
from vn_repair.write.report import SEVERITY_MARKS, TAGS
from vn_repair.write.visible import character_name, one_line, split_hidden


@dataclass(frozen=True, slots=True)
class Region:
    """`text[start:end]` belongs to an item; on the corrected side `replacement` stands there if it is in force."""

    start: int
    end: int
    item: Item
    span: Span | None
    replacement: str = ""


Mark = Callable[[Region, int, int, bool], str]
Run = Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text[start:end]`, whose sentences start at `cuts` and are numbered from `first` in the article."""

    text: str
    start: int
    end: int
    cuts: tuple[int, ...]
    first: int


def put_in(block: Paragraph, regions: Sequence[Region], mark: Mark, run: Run) -> Markup:
    """The paragraph in sentences, each cut at the regions, which are sorted and apart.

    `mark` and `run` make the HTML of `text[a:b]` in and outside a region; `mark` is told whether it is
    the region's first part in this paragraph.
    """
    cuts = block.cuts
    out: list[list[str]] = [[] for _ in cuts]

    def put(start: int, end: int, make: Callable[[int, int], str]) -> None:
        at = start
        while at < end or at == start:
            number = max(0, bisect_right(cuts, at) - 1)
            last = min(end, cuts[number + 1]) if number + 1 < len(cuts) else end
            out[number].append(make(at, last))
            at = last
            if at == start:
                break

    at = block.start
    for region in regions[bisect_left(regions, block.start, key=lambda r: r.end):]:
        if region.start > block.end:
            break
        start, end = max(region.start, block.start), min(region.end, block.end)
        if start < at or (start >= end and region.start < region.end):
            continue
        if at < start:
            put(at, start, run)
        put(start, end, lambda a, b, region=region, start=start: mark(region, a, b, a == start))  # type: ignore[misc]
        at = end
    if at < block.end:
        put(at, block.end, run)
    sentences = (f'<span class="s" data-s="{number}">{"".join(parts)}</span>'
                 for number, parts in enumerate(out, block.first))
    return Markup("".join(sentences))


def shown(text: str) -> str:
    """`text` escaped, hidden characters by their number."""
    return "".join(_hidden(part) if hidden else str(escape(part)) for part, hidden in split_hidden(text))


def _hidden(character: str, more: str = "") -> str:
    return (f'<span class="hidden-character"{more} title="{escape(character_name(character))}">'
            f"U+{ord(character):04X}</span>")


def source_run(text: str, start: int, end: int) -> str:
    """`text[start:end]` escaped, with its offset on each part."""
    out = []
    for part, hidden in split_hidden(text[start:end]):
        offset = f' data-o="{start}"'
        out.append(_hidden(part, offset) if hidden else f"<span{offset}>{escape(part)}</span>")
        start += len(part)
    return "".join(out)


def source_mark(region: Region, bounds: tuple[int, int], text: str, words: Words, *, first: bool) -> str:
    """A mark in the source: the label's colour and tag, the item's state for those who do not see it."""
    item = region.item
    start, end = bounds
    label = region.span.label if region.span else item.label
    severity = region.span.severity if region.span else item.severity
    tag = f' data-tag="{TAGS[label]}{SEVERITY_MARKS[severity]}"' if end == region.end else ""
    attributes = _attributes(item, text, words) if first else ' aria-hidden="true"'
    return (f'<mark class="m {label} {severity} {_state(item)}" data-item="{item.key}"{tag}{attributes}>'
            f"{source_run(text, start, end)}</mark>")


def corrected_mark(region: Region, new: str, words: Words) -> str:
    """A mark in the corrected text: what stands there now and why it is marked."""
    item = region.item
    inner = shown(new)
    kind = item.status
    if item.status == ACCEPTED and not new.strip():
        kind, inner = "removed", f'<span role="img" aria-label="{escape(words("mark.removed"))}">⌫</span>'
    return f'<mark class="r {kind} {_state(item)}" data-item="{item.key}">{inner}</mark>'


def _state(item: Item) -> str:
    """Its status and who it waits for, as classes."""
    return f"is-{item.status}" + (" decided" if item.decided else " open" if item.open else "")


def _attributes(item: Item, text: str, words: Words) -> str:
    said = words("mark.said", label=words(f"label.{item.label}"), severity=words(f"severity.{item.severity}"),
                 surface=one_line(text[item.start : item.end]), status=words(f"status.{item.status}"))
    return f' role="button" tabindex="-1" aria-label="{escape(said)}"'

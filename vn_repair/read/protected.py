"""The parts of an article that no edit may break: addresses, and in Markdown all its markup."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from vn_repair.read.markdown import protected_ranges
from vn_repair.types import Article, Span

MARKDOWN = (".md", ".markdown")
ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"“”]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}"
)


def is_markdown(source: str) -> bool:
    """Whether an article's `source` is a Markdown file, packed or not."""
    return source.lower().removesuffix(".gz").endswith(MARKDOWN)


def protected(article: Article) -> list[tuple[int, int]]:
    """(start, end) of what stands in `article` for a program and not for a reader; sorted, no two overlapping.

    In any text that is web and mail addresses; in a Markdown file (`article.source` tells) also code, front matter,
    link targets and tags. A full stop at the end of an address is the sentence's.
    """
    text = article.text
    found: list[tuple[int, int]] = []
    if is_markdown(article.source):
        found = [(start, end - _stops(text[start:end])) for start, end in protected_ranges(text)]
    if "@" in text or "://" in text or "www." in text:
        found += [(m.start(), m.end() - _stops(m.group())) for m in ADDRESS.finditer(text)]
    out: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _stops(address: str) -> int:
    """How many marks at the end of a bare address belong to the sentence around it."""
    return len(address) - len(address.rstrip(".,;:!?'’")) if ADDRESS.match(address) else 0


def broken(ranges: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The first of the sorted `ranges` that a change of `[start, end)` lies in or cuts, or `None`.

    A change that covers a range whole breaks nothing if it keeps the words or removes the whole line: that is for the
    caller to see.
    """
    at = bisect_right(ranges, (start, start)) - 1
    for low, high in ranges[max(at, 0) : at + 2]:
        if _cuts(low, high, start, end):
            return low, high
    at = bisect_right(ranges, (end, 0)) - 1
    if at >= 0 and _cuts(*ranges[at], start, end):
        return ranges[at]
    return None


def _cuts(low: int, high: int, start: int, end: int) -> bool:
    return low < end and start < high and not (start <= low and high <= end)


def outside(article: Article, spans: Iterable[Span]) -> list[Span]:
    """The `spans` that neither lie in nor cut a protected part of `article`, in their order."""
    ranges = protected(article)
    return [span for span in spans if not ranges or broken(ranges, span.start, span.end) is None]

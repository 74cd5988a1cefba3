"""Segments longer than a model takes: translated in parts, infilled from a window, never cut off in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from vn_repair.propose.request import InfillRequest, Translation

# Where a text may be cut, best first.
CUTS = tuple(regex.compile(p) for p in (r"[.!?…;:][\"”’)]*\s+", r",\s+", r"\s+"))
REACH = 300  # characters of context kept on each side of the marked words


def split_to_fit(text: str, fits: Callable[[str], bool]) -> list[str]:
    """`text` in parts that fit, cut at the best mark near the middle; a part without white space stays whole."""
    if fits(text):
        return [text]
    middle = len(text) / 2
    for number, cut in enumerate(CUTS):
        ends = [m.end() for m in cut.finditer(text.rstrip()) if m.start() > 0]
        near = [e for e in ends if number == len(CUTS) - 1 or abs(e - middle) < middle / 2]
        if near:
            at = min(near, key=lambda e: abs(e - middle))
            return [*split_to_fit(text[:at].rstrip(), fits), *split_to_fit(text[at:], fits)]
    return [text]


def translate_in_parts(
    texts: Sequence[str], fits: Callable[[str], bool], translate: Callable[[list[str]], list[Translation]]
) -> list[Translation]:
    """One translation a text, in order; of several parts the scores' least and all that any has lost."""
    parts = [split_to_fit(text, fits) for text in texts]
    found = iter(translate([part for group in parts for part in group]))
    out = []
    for group in parts:
        own = [next(found) for _ in group]
        lost = tuple(lost for t in own for lost in t.lost)
        out.append(Translation(" ".join(t.text for t in own), min(t.score for t in own), lost))
    return out


def window(request: InfillRequest) -> InfillRequest:
    """The request with at most `REACH` characters (and a word's rest) on each side of its spans."""
    first, last = request.spans[0][0], request.spans[-1][1]
    start, end = max(0, first - REACH), min(len(request.text), last + REACH)
    if start:
        start = min(first, next((m.end() for m in regex.finditer(r"\s+", request.text, pos=start)), first))
    if end < len(request.text):
        end = max([last, *(m.start() for m in regex.finditer(r"\s+", request.text, pos=last, endpos=end + 1))])
    spans = tuple((a - start, b - start) for a, b in request.spans)
    return InfillRequest(request.text[start:end], spans, request.lang)

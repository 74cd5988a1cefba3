"""The leading zero of Vietnamese offices kept in English prose: "04 provinces", "06 thematic programs".

It is right in Vietnamese and in numbers of documents, dates, times and codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, Label, Severity, Span

ZERO = re.compile(r"0(?<![^\s(“\"]0)[1-9](?= ([A-Za-z][a-z]+))")
CHUNK_ZERO = re.compile(r"(?:^|[(“\"])0[1-9]\Z")
DATE_WORDS = frozenset("""
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec am pm gmt hours o
""".split())
NUMBERED = re.compile(r"(?:no|nos|number|phase|article|decision|resolution|decree|circular|directive|clause|"
                      r"point|chapter|section|plan|form|group|block|ward|route|tel|phone|code|area|zone|month|"
                      r"date)\.?\s*\Z", re.I)


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk is or ends with such a figure."""
    return CHUNK_ZERO.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the figure; the suggestion drops its zero."""
    text = view.text
    for match in ZERO.finditer(text):
        if match.group(1).lower() in DATE_WORDS or NUMBERED.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        yield Span(match.start(), match.start() + 2, Label.NUMBER_FORMAT, Severity.MINOR, 0.6, DETECTOR.id,
                   "English writes the figure without its zero", match.group()[1:2])


DETECTOR = Detector("number.leading_zero", frozenset({EN}), "a leading zero in English prose: 04 provinces",
                    find, sign, needs_mark=True)

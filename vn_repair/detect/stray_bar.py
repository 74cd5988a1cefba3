"""A lone bar at the end of a line, left over from the page's layout: "Photo: KIM NGOC |"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

BAR = re.compile(r"\|(?=[ \t\xa0]*(?:\n|\Z))")


def find(view: View) -> Iterator[Span]:
    """Yield a span over the bar; a line with several bars is a row of a table and is let be."""
    text = view.text
    for match in BAR.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        before = text[start : match.start()]
        if "|" not in before and sum(map(str.isalpha, before)) >= 3:
            yield Span(match.start(), match.end(), Label.PUNCTUATION, Severity.MINOR, 0.8, DETECTOR.id,
                       "a bar left over from the page's layout", "")


DETECTOR = Detector("punctuation.stray_bar", frozenset({VI, EN}), "a lone bar at the end of a line", find)

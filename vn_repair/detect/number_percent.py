"""A mark between a figure and its percent sign, or two signs: "47.5. %", "41,7.%", "50%%" (error class 2.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

BROKEN = re.compile(r"%(?:(?<=\d[.,]%)|(?<=\d[.,] %)|(?<=\d%)%|(?<=\d %)%)(?!\w)")
FIGURE = re.compile(r"(?:\d+[.,])*\d+\Z")

CHUNK_SIGN = re.compile(r"^%|\d[.,]%|\d%%")


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk begins with a percent sign or holds one behind a mark."""
    return CHUNK_SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the figure and its sign; the suggestion joins them."""
    text = view.text
    for match in BROKEN.finditer(text):
        left = text[max(0, match.start() - 20) : match.start()]
        figure = FIGURE.search(left.rstrip(" .,"))
        if figure:
            start = match.start() - len(left) + figure.start()
            yield Span(start, match.end(), Label.NUMBER_FORMAT, Severity.MINOR, 0.95, DETECTOR.id,
                       "a mark between the figure and its percent sign", figure.group() + "%")


DETECTOR = Detector("number.percent", frozenset({VI, EN}), "a stray mark before a percent sign",
                    find, sign, needs_mark=True)

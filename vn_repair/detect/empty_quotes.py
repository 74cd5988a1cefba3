"""Empty quotation marks: a word was lost between them (error class 1.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

EMPTY = regex.compile(r"“\s*”|(?<![\"\w])\"\s?\"(?![\"\w])|«\s*»")

# A closing mark that begins a chunk or stands right behind an opening one.
SIGN = re.compile(r'“”|^”|«»|^»|""|^"(?!["\w])')


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds, or ends, a pair of quotation marks with nothing between them."""
    return SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each pair of quotation marks with nothing between them."""
    for match in EMPTY.finditer(view.text):
        yield Span(match.start(), match.end(), Label.FRAGMENT, Severity.MAJOR, 0.9, DETECTOR.id,
                   "empty quotation marks: a word is lost here")


DETECTOR = Detector("fragment.empty_quotes", frozenset({VI, EN}), "empty quotation marks where a word is lost",
                    find, sign, needs_mark=True)

"""A paragraph that ends in a comma: something was lost after it (error class 1.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

COMMA = re.compile(r",[ \t\xa0]*(?=\n|\Z)")
LAST_WORD = re.compile(r"[\w%/'’-]*[\w%][)”’]?,\Z")
ENOUGH_WORDS = 15  # a shorter line may be a verse, an address or a greeting
NEXT = re.compile(r"\s*((\S)[^\n]*)")
# The preamble of a decree ends in a comma, and so does what introduces a quotation or stands in a list.
AFTER_COMMA = re.compile(r"[-–•*+“\"'‘\d]|(?:Điều|Quyết|QUYẾT|Article|Căn cứ)\b|[^\n]*,\s*\Z")


def find(view: View) -> Iterator[Span]:
    """Yield a span over the last word and its comma."""
    text = view.text
    for match in COMMA.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        line = text[start : match.start() + 1]
        if line.count(" ") + 1 < ENOUGH_WORDS:
            continue
        following = NEXT.match(text, match.end())
        # A line broken inside its sentence goes on in small letters; a list goes on with its bullet.
        if following and (following.group(2).islower() or AFTER_COMMA.match(following.group(1))):
            continue
        word = LAST_WORD.search(line)
        if word:
            yield Span(start + word.start(), start + word.end(), Label.PUNCTUATION, Severity.MINOR, 0.75, DETECTOR.id,
                       "the paragraph ends in a comma: its end is lost, or a stop belongs here")


DETECTOR = Detector("punctuation.trailing_comma", frozenset({VI, EN}), "a paragraph that ends in a comma", find)

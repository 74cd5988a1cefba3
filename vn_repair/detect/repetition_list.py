"""An item of a list named twice: "cooperatives, cooperatives and craft households" (two terms, one translation)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.repetition_adjacent import lower
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

ITEM = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,4}\Z")
# One English noun: "faster, faster" and "solidarity, solidarity" are meant.
PLURAL = re.compile(r"[a-z]{4,}(?<!s)s\Z")
GOES_ON = re.compile(r" (?:and|or|và|hoặc)\b")
SHORTEST = 7  # letters; shorter ones are mostly meant: "xa, xa"


def find(view: View) -> Iterator[Span]:
    """Yield a span over the second copy, which is a comma's length behind the first; what was lost is not known."""
    text, low = view.text, lower(view.text)
    at = 0
    items = low.split(", ")
    for item, following in zip(items, items[1:], strict=False):
        at += len(item) + 2
        if following[:SHORTEST] not in item:
            continue
        end = at + len(following)
        if not item.endswith(following):
            joined = GOES_ON.search(following)  # the last but one: "cooperatives, cooperatives and households"
            if joined is None or not item.endswith(following[: joined.start()]):
                continue
            end = at + joined.start()
        surface = low[at:end]
        before = item[: len(item) - len(surface)][-1:]
        if len(surface) < SHORTEST or before not in ("", " ") or not ITEM.match(surface):
            continue
        if " " in surface:
            # "Phó Chủ tịch, Chủ tịch": the first must be a whole item too.
            if before:
                continue
        elif not PLURAL.match(surface) or not text[at - len(surface) - 2 : end].islower():
            continue
        yield Span(at, end, Label.REPETITION, Severity.MINOR, 0.7, DETECTOR.id, "named twice in one list")


DETECTOR = Detector("repetition.list", frozenset({VI, EN}), "an item of a list named twice", find)

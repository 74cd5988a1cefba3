"""Round-trip errors that share a syllable with the right word (class 1.4): "cấp quyền" for cấp ủy.

The words are good Vietnamese elsewhere ("bảo trì", "vận hành", "sở hữu", "phần cứng", "giao diện"), so every row
of `data/homonyms.tsv` names the phrase or the context that proves the error.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.phrase_rules import PhraseFinder, load_rules
from vn_repair.types import VI, Span


@cache
def finder() -> PhraseFinder:
    """The rules, compiled once."""
    return PhraseFinder(load_rules("homonyms.tsv"))


def find(view: View) -> Iterator[Span]:
    """Yield a span over each word that stands for another one with a syllable or a translation in common."""
    yield from finder().find(view, DETECTOR.id)


DETECTOR = Detector("mistranslation.homonym_calque", frozenset({VI}),
                    "a word in the place of another that shares a syllable or a translation with it", find,
                    phrases=lambda lang: finder().entries)
"""The detector."""

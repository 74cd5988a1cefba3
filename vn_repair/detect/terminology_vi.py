"""Vietnamese renderings that a round trip through English puts in a term's place (class 1.6).

"chương trình tiêu chuẩn quốc gia" for chương trình mục tiêu quốc gia. The forms are the glossary's; a term with
its own words in another order is left to `flipped_term`, and wrong words that need a context to be `homonym_calque`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.glossary import forbidden, same_words
from vn_repair.phrase_rules import PhraseFinder, PhraseRule
from vn_repair.types import VI, Label, Severity, Span


@cache
def finder() -> PhraseFinder:
    """The glossary's forbidden Vietnamese renderings as rules (in brackets: the words the term replaces)."""
    return PhraseFinder(
        PhraseRule(form.lower(), right, Label.TERMINOLOGY, Severity.MAJOR, 0.9,
                   note=f"“{form.replace('[', '').replace(']', '')}” is no rendering of {right}")
        for form, right, _ in forbidden(VI)
        if not same_words(form, right)
    )


def find(view: View) -> Iterator[Span]:
    """Yield a span over the wrong words of each forbidden rendering."""
    yield from finder().find(view, DETECTOR.id)


DETECTOR = Detector("terminology.vi", frozenset({VI}), "Vietnamese renderings that replace a term of the domain", find,
                    phrases=lambda lang: finder().entries)
"""The detector."""

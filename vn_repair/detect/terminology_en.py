"""English renderings that lose a term of the domain ("rural standards", "OCOP subjects"; classes 2.3–2.10).

Two sources: the glossary's forbidden renderings, wrong wherever they stand, and `data/terminology_en.tsv`, whose
rows need a context (a "provincial bridge" is a video-conference venue only where people attend it).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.glossary import forbidden
from vn_repair.phrase_rules import PhraseFinder, PhraseRule, load_rules
from vn_repair.types import EN, Label, Severity, Span


def in_number_of(form: str, right: str) -> str | None:
    """`right` in the plural where `form` is one; `None` where that cannot be done by adding an s."""
    if not form.endswith("s") or right.endswith("s"):
        return right
    simple = right.isascii() and " meeting " not in right and not right.endswith(("y", ")", "x", "h"))
    return right + "s" if simple else None


@cache
def finder() -> PhraseFinder:
    """Every rule of both sources, compiled once."""
    rules = []
    for form, right, term in forbidden(EN):
        first, _, second = form.partition(" and ")
        label = Label.REPETITION if first == second else Label.TERMINOLOGY  # two terms that became one word
        rules.append(PhraseRule(form.lower(), in_number_of(form, right), label, Severity.MINOR, 0.85,
                                note=f"“{form}” is no rendering of {term.vi}"))
    return PhraseFinder([*load_rules("terminology_en.tsv"), *rules])


def find(view: View) -> Iterator[Span]:
    """Yield a span over each wrong rendering, with the glossary's term as the suggestion."""
    yield from finder().find(view, DETECTOR.id)


DETECTOR = Detector("terminology.en", frozenset({EN}), "English renderings that lose a term of the domain", find,
                    phrases=lambda lang: finder().entries)
"""The detector."""

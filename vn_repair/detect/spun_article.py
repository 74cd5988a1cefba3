"""What is left of a spun article: every "regarding" in it that begins no sentence (class 2.11).

A spinner that replaces "about" leaves none. Three uses that can only stand for "about" in an article without a single
"about" prove that it was spun, and then a "regarding" after a noun ("the awareness of the people regarding the
implementation") stands for "about" too, though it could be right elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.spun_synonym import regarding
from vn_repair.detect.view import View
from vn_repair.types import EN, Label, Severity, Span

PROOFS = 3
ABOUT = regex.compile(r"\babout\b", regex.I)
INSIDE = regex.compile(r"(?<=[\w”\")%]\s)\bregarding\b(?=\s\w)")


def find(view: View) -> Iterator[Span]:
    """Yield a span over each "regarding" of a spun article that proves nothing by itself."""
    text = view.text
    if text.count("regarding") <= PROOFS or ABOUT.search(text):
        return
    certain = {start for start, _, _ in regarding(text)}
    if len(certain) < PROOFS:
        return
    for match in INSIDE.finditer(text):
        if match.start() not in certain:
            yield Span(match.start(), match.end(), Label.SPUN_SYNONYM, Severity.MINOR, 0.7, DETECTOR.id,
                       f"“regarding” stands for “about” {len(certain)} times in this article, which has no “about”",
                       "about")


DETECTOR = Detector("spun_synonym.article", frozenset({EN}), "what an article spinner left, once the article proves it",
                    find)
"""The detector."""

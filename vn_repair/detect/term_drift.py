"""The programme under many names in one English article, some of which lose it (classes 2.2, 2.3).

"NTM", "new rural" and "new-style rural" are right. "Rural areas", "rural construction" or "Rural Coordination
Office" are ordinary English, and only an article that has shown three names for the programme, a right one among
them, proves that they stand for it. Then the forms that lose "new" are marked in the frames where the programme
is meant ("the construction of rural areas", "the standards of rural communes").
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, Label, Severity, Span

RIGHT = {
    "NTM": regex.compile(r"\bNTM\b"),
    "new rural": regex.compile(r"\bnew rural\b", regex.I),
    "new-style rural": regex.compile(r"\bnew[- ]style rural\b", regex.I),
    "new countryside": regex.compile(r"\bnew countryside\b", regex.I),
}
LOST = {
    "new homes": regex.compile(r"\bnew homes?\b", regex.I),
    "rural standards": regex.compile(r"(?<!\bnew )(?<!style )\brural standards\b", regex.I),
    "rural rural": regex.compile(r"\brural rural\b", regex.I),
    "rural construction": regex.compile(r"(?<!\bnew )(?<!style )\brural construction\b", regex.I),
    "construction of rural areas": regex.compile(
        r"\b(?:build|building|constructing|construction of) (?:advanced |model )?rural (?:areas|communes)\b", regex.I),
    "standards of rural areas": regex.compile(
        r"\bstandards (?:of|for) (?:advanced |model )?rural (?:areas|communes|districts)\b", regex.I),
    "Rural Coordination Office": regex.compile(r"(?<!\bNew )(?<!style )\bRural Coordination Office"),
    "Criteria for Rural Development": regex.compile(r"\bCriteria (?:for|on|of) Rural Development\b"),
}
NAMES_IN_ONE_ARTICLE = 3

# (frame, the group `span` is what loses the programme, what it should be)
FRAMES = [
    (regex.compile(r"\b(?:build|building|constructing|construction of) (?:advanced |model )?"
                   r"\K(?P<span>rural)(?= (?:areas|communes|districts|provinces)\b)", regex.I), "new rural"),
    (regex.compile(r"\b(?:standards|criteria) (?:of|for) (?:the )?(?:advanced |model )?"
                   r"\K(?P<span>rural)(?= (?:areas|communes|districts|provinces)\b)", regex.I), "new rural"),
    (regex.compile(r"(?<!\bnew )(?<!style )\b(?P<span>rural)(?= construction\b(?! (?:works|projects|workers|sites)))",
                   regex.I), "new rural"),
    (regex.compile(r"(?<!\b[Nn]ew )(?<!style )\b(?P<span>Rural)(?= Coordination Offices?\b)"), "New Rural"),
    (regex.compile(r"\bCriteria (?:for|on|of) \K(?P<span>Rural)(?= Development\b)"), "New Rural"),
    (regex.compile(r"\bOffice (?:of|for) \K(?P<span>Rural)(?= Development Coordination\b)"), "New Rural"),
]


def drifts(text: str) -> bool:
    """Whether the article names the programme in three ways or more, right and wrong ones."""
    right = sum(bool(name.search(text)) for name in RIGHT.values())
    if not right:
        return False
    lost = sum(bool(name.search(text)) for name in LOST.values())
    return lost > 0 and right + lost >= NAMES_IN_ONE_ARTICLE


def find(view: View) -> Iterator[Span]:
    """Yield a span over the two words that lose the programme in an article that drifts between names."""
    text = view.text
    if "ural" not in text or not drifts(text):
        return
    for frame, right in FRAMES:
        for match in frame.finditer(text):
            start = match.start("span")
            noun = regex.compile(r"\w+ \w+").match(text, start)
            end = noun.end() if noun else match.end("span")
            surface = text[start:end]
            suggestion = right + surface[len("rural") :]
            yield Span(start, end, Label.TERMINOLOGY, Severity.MAJOR, 0.8, DETECTOR.id,
                       "the article means the new rural development programme here; “new” is lost", suggestion)


DETECTOR = Detector("terminology.drift", frozenset({EN}), "the programme under names that lose it", find)
"""The detector."""

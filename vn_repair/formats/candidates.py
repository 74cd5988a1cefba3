"""Other readings of a sentence that a person may choose: what was left for review, and the n-best of the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vn_repair.formats.units import Sentence
from vn_repair.types import Edit, Status, apply_edits

MOST = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of a sentence, its score (0–1) and who proposed it."""

    target: str
    score: float
    proposer: str


def candidates(sentence: Sentence, source: str) -> list[Candidate]:
    """Readings of `sentence` that differ from its target, best first, at most six; `source` is its text as it was.

    First all edits left for review, applied together, then the alternatives of each edit.
    """
    applied = list(sentence.changed)
    review: list[Edit] = []
    for edit in sorted(sentence.open_edits, key=lambda e: -e.score):
        if not any(_overlap(edit, other) for other in (*applied, *review)):
            review.append(edit)
    found: list[Candidate] = []
    if review:
        found.append(Candidate(_read(sentence, source, [*applied, *review]), min(e.score for e in review),
                               review[0].proposer))
    for edit in (*review, *applied):
        rest = [e for e in applied if e is not edit]
        found += [Candidate(_read(sentence, source, [*rest, replace(edit, replacement=text)]), score, edit.proposer)
                  for text, score in edit.alternatives]
    unique = {c.target: c for c in reversed(found) if c.target != sentence.target}
    return [c for c in found if unique.get(c.target) is c][:MOST]


def _overlap(a: Edit, b: Edit) -> bool:
    return (a.start < b.end and b.start < a.end) or a.start == b.start


def _read(sentence: Sentence, source: str, edits: list[Edit]) -> str:
    at = sentence.start
    return apply_edits(source, [replace(e, start=e.start - at, end=e.end - at, status=Status.ACCEPTED) for e in edits])

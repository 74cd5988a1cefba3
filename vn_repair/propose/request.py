"""What proposers are asked and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class InfillRequest:
    """A segment with one to four suspicious spans: sorted (start, end) offsets into `text`, not overlapping."""

    text: str
    spans: tuple[tuple[int, int], ...]
    lang: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed text and the proposer's confidence in 0–1 (geometric mean of token probabilities)."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation, its confidence in 0–1, and numbers, dates or names that it lost."""

    text: str
    score: float
    lost: tuple[str, ...] = ()


class Proposer(Protocol):
    """What the pipeline asks of a model, whatever its backend."""

    name: str

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        """One translation a text, in order."""
        ...

    def rewrite(self, texts: Sequence[str], lang: str) -> list[list[Candidate]]:
        """n-best rewritings of each text."""
        ...

    def infill(self, requests: Sequence[InfillRequest]) -> list[list[list[Candidate]]]:
        """Candidates for each span of each request."""
        ...

    def info(self) -> dict[str, Any]:
        """Model id, checksum, backend, device."""
        ...

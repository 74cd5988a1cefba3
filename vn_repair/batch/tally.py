"""What came of each article, and sums of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vn_repair.types import Repair, Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker tells of a task: `record` is a line of JSON for the parent to write (`""`: nothing to write).

    `failure` says why there is no result. Sizes are characters and seconds of wall time.
    """

    record: str = ""
    failure: str | None = None
    lang: str = ""
    characters: int = 0
    seconds: float = 0.0
    labels: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)
    files: int = 0


def outcome_of(repair: Repair, record: str, seconds: float, files: int) -> Outcome:
    """The outcome of a repaired article."""
    return Outcome(record, None, repair.article.lang, len(repair.article.text), seconds,
                   Counter(str(span.label) for span in repair.spans),
                   Counter(str(edit.status) for edit in repair.edits), files)


@dataclass(slots=True)
class Tally:
    """Sums over articles."""

    articles: int = 0
    failed: int = 0
    characters: int = 0
    seconds: float = 0.0
    files: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one article."""
        if outcome.failure is not None:
            self.failed += 1
            return
        self.articles += 1
        self.characters += outcome.characters
        self.seconds += outcome.seconds
        self.files += outcome.files
        self.languages[outcome.lang] += 1
        self.labels.update(outcome.labels)
        self.statuses.update(outcome.statuses)

    def merge(self, other: Tally) -> None:
        """Add the sums of another."""
        self.articles += other.articles
        self.failed += other.failed
        self.characters += other.characters
        self.seconds += other.seconds
        self.files += other.files
        self.languages.update(other.languages)
        self.labels.update(other.labels)
        self.statuses.update(other.statuses)

    def record(self) -> dict[str, Any]:
        """As JSON holds it; most frequent labels first, every status."""
        return {"articles": self.articles, "failed": self.failed, "characters": self.characters,
                "languages": dict(sorted(self.languages.items())),
                "labels": dict(sorted(self.labels.items(), key=lambda item: (-item[1], item[0]))),
                "edits": {str(status): self.statuses[str(status)] for status in Status},
                "files": self.files, "seconds": round(self.seconds, 3)}


def read_tally(row: Mapping[str, Any]) -> Tally:
    """The tally that `Tally.record` gave."""
    return Tally(row["articles"], row["failed"], row["characters"], row["seconds"], row["files"],
                 Counter(row["languages"]), Counter(row["labels"]), Counter(row["edits"]))

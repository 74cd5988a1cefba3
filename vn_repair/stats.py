"""What each detector cost and found: `vn-repair detect --stats`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import process_time_ns
from typing import Any

from vn_repair.types import Severity, Span

CUTTING = "(segments and tokens)"  # what all detectors share; its time is nobody's own


@dataclass(slots=True)
class DetectorStats:
    """One detector's sums over all articles that it ran on.

    `seconds` is processor time of all threads, without `loading` lists or a model at the first call; `bytes` is the
    UTF-8 length of what it read. `found` counts all its spans, `shown` and what follows those that are left after
    ignore lists, threshold and merging.
    """

    seconds: float = 0.0
    loading: float = 0.0
    articles: int = 0
    bytes: int = 0
    found: int = 0
    shown: int = 0
    characters: int = 0
    severities: dict[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))

    @property
    def ms_per_mb(self) -> float:
        """Milliseconds of processor time for a million bytes."""
        return 1e9 * self.seconds / self.bytes if self.bytes else 0.0


class Stats:
    """Collects costs and finds, detector by detector; give one to `detect_article`."""

    def __init__(self) -> None:
        self.detectors: dict[str, DetectorStats] = {}
        self._size: tuple[str, int] = ("", 0)

    def timed(self, detector: str, text: str, find: Callable[[], Iterable[Span]]) -> list[Span]:
        """The spans that `find` gives for `text`, with the time it took and their number put down to `detector`."""
        if self._size[0] is not text:
            self._size = text, len(text.encode("utf-8", "surrogatepass"))
        row = self.detectors.get(detector)
        first = 0
        if row is None:  # the first call loads lists or a model; made twice, it tells how long that takes
            row = self.detectors[detector] = DetectorStats()
            start = process_time_ns()
            list(find())
            first = process_time_ns() - start
        start = process_time_ns()
        spans = list(find())
        taken = process_time_ns() - start
        row.seconds += taken / 1e9
        row.loading += max(0, first - taken) / 1e9
        row.articles += 1
        row.bytes += self._size[1]
        row.found += len(spans)
        return spans

    def show(self, spans: Iterable[Span]) -> None:
        """Count the spans that an article is left with."""
        for span in spans:
            row = self.detectors.setdefault(span.detector, DetectorStats())
            row.shown += 1
            row.characters += span.end - span.start
            row.severities[span.severity] += 1

    def rows(self) -> list[tuple[str, DetectorStats]]:
        """The detectors, the dearest first."""
        return sorted(self.detectors.items(), key=lambda item: (-item[1].seconds, item[0]))

    def record(self) -> dict[str, Any]:
        """All of it as JSON holds it."""
        return {name: {"cpu_ms": round(1000 * row.seconds, 3), "load_ms": round(1000 * row.loading, 3),
                       "ms_per_mb": round(row.ms_per_mb, 2), "articles": row.articles, "bytes": row.bytes,
                       "found": row.found, "shown": row.shown, "characters": row.characters,
                       "severity": {str(s): n for s, n in row.severities.items()}}
                for name, row in self.rows()}


def work_out(view: object) -> tuple[Span, ...]:
    """Make an object work out all its cached properties: what detectors share of a view is then the cost of none."""
    for name, value in vars(type(view)).items():
        if isinstance(value, cached_property):
            getattr(view, name)
    return ()


HEADS = ("detector", "CPU ms", "load ms", "ms/MB", "articles", "found", "shown", "characters", *Severity)


def table(stats: Stats) -> list[tuple[str, ...]]:
    """The heads, a row a detector, and a row of sums, as text."""
    def row(name: str, s: DetectorStats) -> tuple[str, ...]:
        times = (1000 * s.seconds, 1000 * s.loading, s.ms_per_mb)
        counts = (s.articles, s.found, s.shown, s.characters)
        return (name, *(f"{time:.1f}" for time in times), *(str(count) for count in counts),
                *(str(s.severities[severity]) for severity in Severity))

    rows = stats.rows()
    total = DetectorStats(sum(s.seconds for _, s in rows), sum(s.loading for _, s in rows),
                          max((s.articles for _, s in rows), default=0), max((s.bytes for _, s in rows), default=0),
                          sum(s.found for _, s in rows), sum(s.shown for _, s in rows),
                          sum(s.characters for _, s in rows),
                          {level: sum(s.severities[level] for _, s in rows) for level in Severity})
    return [HEADS, *(row(name, s) for name, s in rows), row("all", total)]


def lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table as lines of text, the first column left, the others right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(cell.ljust(w) if at == 0 else cell.rjust(w)
                      for at, (cell, w) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]

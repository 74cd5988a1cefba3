"""How often each detector is right, and the table that corrects its scores: `vn_repair/data/detector_scores.tsv`.

Two counts: spans on development references (right if gold spans cover at least half of it), and spans on news of the
public sources that a person read (`eval/news_reads.tsv`). Rules were written with the development references in
view, so those counts are the upper end; news is nearly clean, so its counts are the lower. Both are pooled, and the
hand-set score counts as `PRIOR` spans more, so that a few spans move little. A detector's scores are moved only where
the 90 % interval of its pooled counts leaves the hand-set mean out, and up only on the word of news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from vn_repair.evaluate.outputs import split_spans
from vn_repair.evaluate.references import Document
from vn_repair.types import InputError, Span

PRIOR = 10.0
LEAST = 5  # counted spans below which no score is moved, and spans read in news below which none is moved up
COLUMNS = ("detector", "hand_set", "dev_spans", "dev_right", "news_read", "news_right", "low", "high", "score",
           "odds_factor")


@dataclass
class Count:
    """What was counted of a detector."""

    scores: list[float] = field(default_factory=list)
    dev_right: int = 0
    news_read: int = 0
    news_right: int = 0

    @property
    def spans(self) -> int:
        """All that was counted."""
        return len(self.scores) + self.news_read

    @property
    def right(self) -> int:
        """What of it was right."""
        return self.dev_right + self.news_right


def count_dev(found: Iterable[tuple[Document, Sequence[Span]]]) -> dict[str, Count]:
    """Counts on references; `found` pairs each document with all spans of all detectors, unmerged, hand-set scores."""
    counts: dict[str, Count] = defaultdict(Count)
    for document, spans in found:
        for item, own in zip(document.items, split_spans(document, spans), strict=True):
            gold = {at for span in item.spans for at in range(span.start, span.end)}
            for span in own:
                row = counts[span.detector]
                row.scores.append(span.score)
                row.dev_right += 2 * sum(at in gold for at in range(span.start, span.end)) >= span.end - span.start
    return counts


def add_news(counts: dict[str, Count], path: Path) -> None:
    """Add the counts of a file of hand-read spans (`detector`, `read`, `right`). Raises `InputError` for a bad row."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        try:
            name, read, right = line.split("\t")
            row = counts[name]
            row.news_read, row.news_right = int(read), int(right)
        except ValueError:
            raise InputError(f"{path}:{number}: not “detector, read, right” with tabs between; mend the row") from None


def interval(right: int, total: int) -> tuple[float, float]:
    """The central 90 % of Beta(right + 1, wrong + 1): where the share may lie (Bayes, uniform prior)."""
    import numpy as np

    drawn = np.random.default_rng(1).beta(right + 1, total - right + 1, size=20_000)
    low, high = np.percentile(drawn, [5, 95])
    return float(low), float(high)


def table(counts: Mapping[str, Count], hand_set: Mapping[str, float]) -> Iterator[dict[str, str]]:
    """A row a detector, sorted by id; `hand_set` gives a mean score for those without a span on references."""
    for name in sorted(counts):
        row = counts[name]
        mean = fmean(row.scores) if row.scores else hand_set.get(name)
        if mean is None:
            continue
        low, high = interval(row.right, row.spans)
        score = (PRIOR * mean + row.right) / (PRIOR + row.spans)
        moves = row.spans >= LEAST and (mean > high or (mean < low and row.news_read >= LEAST))
        factor = score / (1 - score) / (mean / (1 - mean)) if moves else 1.0
        values = (name, f"{mean:.2f}", len(row.scores), row.dev_right, row.news_read, row.news_right, f"{low:.2f}",
                  f"{high:.2f}", f"{score if moves else mean:.2f}", f"{factor:.3g}")
        yield dict(zip(COLUMNS, map(str, values), strict=True))


def text_of(rows: Iterable[Mapping[str, str]]) -> str:
    """The table as tab-separated text."""
    return "".join("\t".join(line) + "\n" for line in [COLUMNS, *([row[c] for c in COLUMNS] for row in rows)])

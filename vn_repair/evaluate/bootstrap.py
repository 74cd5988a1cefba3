"""Confidence intervals and paired tests by resampling articles (or, where an item stands alone, items).

Koehn (2004), Statistical significance tests for machine translation evaluation; the paired p-value is computed as in
sacrebleu. All from summed statistics: a resample is a weight for each article.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SEED = 12345
RESAMPLES = 1000

Scores = Callable[[Sequence[float]], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with its 95 % interval."""

    value: float
    low: float
    high: float


class Sums:
    """Statistics summed by unit (article)."""

    def __init__(self) -> None:
        self.units: dict[str, list[float]] = {}

    def add(self, unit: str, vector: Sequence[float]) -> None:
        """Add one item's statistics. Raises `ValueError` if their number differs from earlier ones."""
        row = self.units.setdefault(unit, [0.0] * len(vector))
        if len(row) != len(vector):
            raise ValueError(f"{len(vector)} statistics after {len(row)}")
        for at, value in enumerate(vector):
            row[at] += value

    def total(self) -> list[float]:
        """The sum over all units."""
        return [sum(column) for column in zip(*self.units.values(), strict=True)]

    def __bool__(self) -> bool:
        """Whether anything was added."""
        return bool(self.units)


def weights(count: int, resamples: int = RESAMPLES, seed: int = SEED) -> Any:
    """How often each of `count` units is drawn in each resample: an array resamples × units."""
    import numpy as np

    return np.random.default_rng(seed).multinomial(count, [1 / count] * count, size=resamples)


def estimate(sums: Sums, scores: Scores, resamples: int = RESAMPLES) -> dict[str, Estimate]:
    """Each score with its percentile interval."""
    import numpy as np

    point = scores(sums.total())
    drawn = weights(len(sums.units), resamples) @ np.array(list(sums.units.values()), dtype=float)
    samples = [scores(row) for row in drawn.tolist()]
    out = {}
    for name, value in point.items():
        low, high = np.percentile([s[name] for s in samples], [2.5, 97.5])
        out[name] = Estimate(float(value), float(low), float(high))
    return out


@dataclass(frozen=True, slots=True)
class Comparison:
    """First system minus second: the difference, its 95 % interval, and p for no difference."""

    difference: float
    low: float
    high: float
    p: float


def compare(
    first: Mapping[str, Sequence[float]],
    second: Mapping[str, Sequence[float]],
    score: Callable[[Sequence[float]], float],
    resamples: int = RESAMPLES,
) -> Comparison:
    """Paired bootstrap of one score over the same units. Raises `ValueError` if the units differ."""
    import numpy as np

    if first.keys() != second.keys():
        raise ValueError("the two runs have different articles")
    names = sorted(first)
    a, b = (np.array([side[n] for n in names], dtype=float) for side in (first, second))
    drawn = weights(len(names), resamples)
    observed = score(a.sum(axis=0).tolist()) - score(b.sum(axis=0).tolist())
    pairs = zip((drawn @ a).tolist(), (drawn @ b).tolist(), strict=True)
    samples = np.array([score(x) - score(y) for x, y in pairs])
    beyond = int((np.abs(samples - samples.mean()) >= abs(observed) - 1e-12).sum())
    low, high = np.percentile(samples, [2.5, 97.5])
    return Comparison(observed, float(low), float(high), (beyond + 1) / (resamples + 1))

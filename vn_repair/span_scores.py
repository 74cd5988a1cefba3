"""Scores of spans, corrected by how often each detector was found right: `vn_repair/data/detector_scores.tsv`.

A detector gives each span a score by hand. Where counts on development data and on news contradict it, the table
moves all scores of that detector by one factor on their odds, s/(1 - s), so that strong and weak evidence keep their
order. A detector without a row, or with the factor 1, keeps its scores. `eval/detector_scores.py` makes the table.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from vn_repair.phrase_rules import read_table
from vn_repair.types import Span

TABLE = "detector_scores.tsv"
CERTAIN = 0.995  # no score goes beyond, so that odds stay finite


@cache
def odds_factors() -> dict[str, float]:
    """The factors by detector id, those of 1 left out; raises `ValueError` for a row that holds no positive number."""
    factors = {}
    for row in read_table(TABLE):
        factor = float(row["odds_factor"])
        if factor <= 0:
            raise ValueError(f"{TABLE}: the factor of {row['detector']} is {factor}; it must be above 0")
        if factor != 1.0:
            factors[row["detector"]] = factor
    return factors


def moved(score: float, factor: float) -> float:
    """`score` with its odds multiplied by `factor`."""
    score = min(max(score, 1 - CERTAIN), CERTAIN)
    odds = factor * score / (1 - score)
    return round(odds / (1 + odds), 4)


def calibrated(span: Span) -> Span:
    """The span with its corrected score; the same object if its detector needs no correction."""
    factor = odds_factors().get(span.detector)
    return span if factor is None else replace(span, score=moved(span.score, factor))

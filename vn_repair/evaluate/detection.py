"""Scorers of detection: how well predicted spans agree with gold ones. Each gives counts that can be summed.

Spans with evidence `source_only` are neutral: missing them is no miss, and marking them no false alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Protocol

import regex

from vn_repair.evaluate.references import GoldSpan
from vn_repair.types import Label, Severity

TOKEN = regex.compile(r"[\w\p{M}]+|[^\w\s]")


class Marked(Protocol):
    """A span with a label and a severity: gold or predicted."""

    @property
    def start(self) -> int:
        """First index."""
        ...

    @property
    def end(self) -> int:
        """Index after the last."""
        ...

    @property
    def label(self) -> Label:
        """What is wrong."""
        ...

    @property
    def severity(self) -> Severity:
        """How badly."""
        ...


def covered(spans: Iterable[Marked], length: int) -> set[int]:
    """Indices inside any span. Raises `ValueError` for a span outside a text of `length` code points."""
    out: set[int] = set()
    for span in spans:
        if not 0 <= span.start <= span.end <= length:
            raise ValueError(f"span {span.start}:{span.end} lies outside a text of {length} characters")
        out.update(range(span.start, span.end))
    return out


def split_gold(gold: Sequence[GoldSpan], length: int) -> tuple[set[int], set[int]]:
    """Characters that should be marked, and neutral ones (only in `source_only` spans)."""
    wanted = covered((s for s in gold if s.visible), length)
    return wanted, covered((s for s in gold if not s.visible), length) - wanted


def character_counts(gold: Sequence[GoldSpan], predicted: Sequence[Marked], length: int) -> tuple[int, int, int]:
    """(found, false, missed) characters; overlap of any label counts."""
    wanted, neutral = split_gold(gold, length)
    marked = covered(predicted, length) - neutral
    found = len(wanted & marked)
    return found, len(marked) - found, len(wanted) - found


def span_counts(gold: Sequence[GoldSpan], predicted: Sequence[Marked], length: int) -> tuple[int, int, int]:
    """(found, false, missed) spans; both ends must agree, the label need not."""
    wanted_chars, neutral = split_gold(gold, length)
    wanted = {(s.start, s.end) for s in gold if s.visible}
    marked = set()
    for span in predicted:
        chars = covered([span], length)
        if not (chars & neutral and not chars & wanted_chars):
            marked.add((span.start, span.end))
    found = len(wanted & marked)
    return found, len(marked) - found, len(wanted) - found


def token_counts(text: str, gold: Sequence[GoldSpan], predicted: Sequence[Marked]) -> tuple[int, int, int, int]:
    """(true bad, false bad, true good, false good) tokens; a token that a span touches is bad.

    Tokens are words and single marks; those in neutral characters alone are left out.
    """
    wanted, neutral = split_gold(gold, len(text))
    marked = covered(predicted, len(text))
    counts = [0, 0, 0, 0]
    for token in TOKEN.finditer(text):
        chars = set(range(token.start(), token.end()))
        bad, said = bool(chars & wanted), bool(chars & marked)
        if not bad and chars & neutral:
            continue
        counts[(0 if bad else 1) if said else (3 if bad else 2)] += 1
    return counts[0], counts[1], counts[2], counts[3]


def label_counts(gold: Sequence[GoldSpan], predicted: Sequence[Marked], length: int) -> dict[Label, tuple[int, ...]]:
    """For each gold label (characters, found with any label, found with this label, spans, spans mostly found)."""
    marked = covered(predicted, length)
    out: dict[Label, list[int]] = {}
    for span in gold:
        if not span.visible:
            continue
        own = covered((p for p in predicted if p.label == span.label), length)
        chars = set(range(span.start, span.end))
        row = out.setdefault(span.label, [0] * 5)
        found = len(chars & marked)
        for at, add in enumerate((len(chars), found, len(chars & own), 1, int(2 * found >= len(chars)))):
            row[at] += add
    return {label: tuple(row) for label, row in out.items()}


def wmt_counts(gold: Sequence[GoldSpan], predicted: Sequence[Marked], length: int) -> tuple[float, int]:
    """(F1 of the segment, 1): the macro variant of WMT's fine-grained error-span task.

    Character F1 of one segment with half credit where the severities differ (`major` and `critical` count as one);
    1 if nothing is wrong and nothing is marked, 0 if only one of both is so. The corpus score is the mean.
    """
    _, neutral = split_gold(gold, length)
    serious = {Severity.MAJOR, Severity.CRITICAL}
    want = {i: s.severity in serious for s in gold if s.visible for i in range(s.start, s.end)}
    said = {i: s.severity in serious for s in predicted for i in range(s.start, s.end) if i not in neutral}
    if not want and not said:
        return 1.0, 1
    credit = sum(1.0 if said[i] == want[i] else 0.5 for i in want.keys() & said.keys())
    return f_score(credit, len(said) - credit, len(want) - credit), 1


def ratio(part: float, whole: float) -> float:
    """`part / whole`, 0 if there is no whole."""
    return part / whole if whole else 0.0


def f_score(found: float, false: float, missed: float, beta: float = 1.0) -> float:
    """F-beta of counts; 0 where it is undefined."""
    weighted = (1 + beta * beta) * found
    return ratio(weighted, weighted + beta * beta * missed + false)


def precision_recall_f1(sums: Sequence[float]) -> dict[str, float]:
    """Precision, recall and F1 of summed (found, false, missed)."""
    found, false, missed = sums
    return {
        "precision": ratio(found, found + false),
        "recall": ratio(found, found + missed),
        "f1": f_score(found, false, missed),
    }


def matthews(sums: Sequence[float]) -> float:
    """Matthews correlation of summed (true bad, false bad, true good, false good); 0 where it is undefined."""
    tp, fp, tn, fn = (float(x) for x in sums)
    return ratio(tp * tn - fp * fn, sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))


def per_ten_thousand(sums: Sequence[float]) -> float:
    """Of summed (marked, all) characters, the marked ones in 10,000."""
    return 10_000 * ratio(sums[0], sums[1])

"""chrF2++, BLEU and TER by sacrebleu, from its own per-segment statistics, so that sums give exact corpus scores.

chrF leaves a segment out whose reference is empty (a block to delete); BLEU and TER count what is left there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from vn_repair.evaluate.checks import require_comparable

METRICS = ("chrf", "bleu", "ter")


@cache
def metric(name: str) -> Any:
    """sacrebleu's metric: `chrf` is chrF2++ (word order 2), `bleu` tokenises with 13a, `ter` is tercom's."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    if name == "chrf":
        return CHRF(word_order=2)
    if name == "bleu":
        return BLEU(tokenize="13a", force=True)
    if name == "ter":
        return TER()
    raise ValueError(f"no such metric: {name}; use one of {', '.join(METRICS)}")


def statistics(name: str, hypotheses: Sequence[str], references: Sequence[str]) -> list[list[float]]:
    """sacrebleu's statistics of each segment; they can be summed.

    Raises `InputError` for unequal lengths, for nothing to score and for text that is not NFC.
    """
    require_comparable(hypotheses, references)
    # The methods are sacrebleu's own, with a leading underscore; its paired tests use them in the same way.
    found: list[list[float]] = metric(name)._extract_corpus_statistics(list(hypotheses), [list(references)])
    return found


def score(name: str, sums: Sequence[float]) -> float:
    """The corpus score of summed statistics, 0–100 (TER can exceed 100; lower is better)."""
    return float(metric(name)._compute_score_from_stats(list(sums)).score)


def signature(name: str) -> str:
    """sacrebleu's signature, with the metric's name."""
    chosen = metric(name)
    if not hasattr(chosen, "num_refs"):
        chosen._cache_references([["a"]])  # the signature names the number of references
    return f"{name}|{chosen.get_signature()}"

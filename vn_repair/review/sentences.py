"""Which sentences of a paragraph stand for which of its translation."""

from __future__ import annotations

import math
from collections.abc import Sequence

# How often so many sentences stand for so many: Gale and Church, "A Program for Aligning Sentences in Bilingual
# Corpora", Computational Linguistics 19(1), 1993, table 5; the deletion and insertion share is split evenly.
BEADS = {(1, 1): 0.89, (1, 0): 0.00495, (0, 1): 0.00495, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
VARIANCE = 6.8  # of the length of what a character is translated to, ibid.
MOST = 200  # sentences of a paragraph; the table of longer ones would grow too large

Bead = tuple[list[int], list[int]]


def align_sentences(left: Sequence[int], right: Sequence[int]) -> list[Bead]:
    """Groups of indices that belong together, in order, from the sentences' lengths in characters.

    Where both sides have as many sentences they are taken one by one: the translation was made so.
    The method is that of Gale and Church (1993), with the two texts' own length ratio.
    """
    if len(left) == len(right):
        return [([i], [i]) for i in range(len(left))]
    if not left or not right or max(len(left), len(right)) > MOST:
        return [(list(range(len(left))), list(range(len(right))))]
    ratio = max(sum(right), 1) / max(sum(left), 1)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            for (down, across), share in BEADS.items():
                came = (i - down, j - across)
                if came in best and came != (i, j):
                    cost = best[came][0] + _cost(sum(left[i - down : i]), sum(right[j - across : j]), share, ratio)
                    if (i, j) not in best or cost < best[i, j][0]:
                        best[i, j] = cost, (down, across)
    out: list[Bead] = []
    i, j = len(left), len(right)
    while i or j:
        down, across = best[i, j][1]
        out.append((list(range(i - down, i)), list(range(j - across, j))))
        i, j = i - down, j - across
    return out[::-1]


def _cost(left: int, right: int, share: float, ratio: float) -> float:
    """Minus the log of the chance that `right` characters stand for `left`."""
    mean = (left + right / ratio) / 2
    delta = 0.0 if mean == 0 else (right - left * ratio) / math.sqrt(mean * VARIANCE)
    return -math.log(share) - math.log(max(math.erfc(abs(delta) / math.sqrt(2)), 1e-300))

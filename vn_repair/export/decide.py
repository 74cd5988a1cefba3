"""Where every article goes: its split, or why it is left out; from numbers alone, for all articles at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vn_repair.export.grams import Hashes
from vn_repair.export.leakage import TestSets
from vn_repair.export.near_duplicates import find_clusters
from vn_repair.export.splits import TRAIN, Splits
from vn_repair.export.spool import Spool

LEAKED, DUPLICATE = -1, -2


class NearDuplicates(StrEnum):
    """What becomes of articles that nearly repeat an earlier one."""

    ONE_SPLIT = "one-split"
    DROP = "drop"
    KEEP = "keep"


class Leaked(StrEnum):
    """What becomes of articles that hold text of a test set."""

    DROP = "drop"
    FAIL = "fail"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Fates:
    """For each article its split (`LEAKED` or `DUPLICATE` if left out), the first article like it, and its leaks."""

    splits: NDArray[np.int8]
    first_like: NDArray[np.int64]
    leaks: dict[int, list[int]]

    @property
    def near_duplicates(self) -> int:
        """Articles that nearly repeat an earlier one."""
        return int((self.first_like != np.arange(len(self.first_like))).sum())


def decide(spool: Spool, splits: Splits, near_duplicates: NearDuplicates, *, similarity: float, test_sets: TestSets,
           drop_leaked: bool, progress: Callable[[int], None] = lambda done: None) -> Fates:
    """The fate of every article in `spool`.

    Near-duplicates that stay together go where the first of them goes, so that articles added at the end move none.
    """
    count = spool.articles
    leaks = find_leaks(spool, test_sets)
    leaked = np.zeros(count, np.bool_)
    if drop_leaked and leaks:
        leaked[list(leaks)] = True
    own = np.arange(count)
    first = own
    if near_duplicates != NearDuplicates.KEEP:
        roots = find_clusters(count, spool.band, spool.signature, similarity, progress)
        # The first one that stays, for a leaked one is gone.
        kept = np.full(count, count)
        np.minimum.at(kept, roots[~leaked], own[~leaked])
        first = np.where(leaked, own, kept[roots])
    out = splits.of(spool.numbers("draws"))[first]
    if near_duplicates == NearDuplicates.DROP:
        out[first != own] = DUPLICATE
    out[leaked] = LEAKED
    return Fates(out, first, leaks)


def find_leaks(spool: Spool, test_sets: TestSets) -> dict[int, list[int]]:
    """The runs of words of test sets that articles have, by article; formulas do not count."""
    rows, hits = spool.numbers("hit_rows"), spool.numbers("hits")
    articles_with = np.bincount(hits, minlength=len(test_sets.hashes)).astype(np.int32)
    real = test_sets.leaks(articles_with)[hits] if len(hits) else np.empty(0, np.bool_)
    out: dict[int, list[int]] = {}
    for row, hit in zip(rows[real].tolist(), hits[real].tolist(), strict=True):
        out.setdefault(row, []).append(hit)
    return out


class HeldOut:
    """Sentences of the splits that are not for training, as a sorted file of numbers."""

    def __init__(self, spool: Spool, splits: Splits, fates: Fates, path: Path) -> None:
        self.path = path
        counts, first = spool.numbers("pairs"), 0
        held_out = np.isin(fates.splits, splits.held_out)
        parts: list[Hashes] = []
        for number, chunk in enumerate(spool.chunks):
            rows = slice(first, first + chunk.articles)
            mine = np.repeat(held_out[rows], counts[rows])
            if mine.any():
                parts.append(np.unique(spool.keys(number)[mine]))
            first += chunk.articles
        keys = np.unique(np.concatenate([np.empty(0, np.uint64), *parts]))
        np.save(path, keys[keys != 0])
        self.keys = np.load(path, mmap_mode="r")
        self.train = splits.names.index(TRAIN) if TRAIN in splits.names else -1

    def repeated(self, keys: Hashes) -> NDArray[np.bool_]:
        """Which pairs (three keys each) have a sentence that a held-out pair has."""
        if not len(self.keys) or not len(keys):
            return np.zeros(len(keys), np.bool_)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        found: NDArray[np.bool_] = (self.keys[at] == keys).any(axis=1)
        return found

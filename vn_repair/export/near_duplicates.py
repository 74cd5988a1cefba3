"""Articles that nearly repeat one another, from their MinHash signatures, by locality-sensitive hashing.

Memory is a few numbers an article, whatever its length; signatures stay in files. Bands are gone through one after
another (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from vn_repair.export.grams import BANDS, Hashes

# Articles that share a band with many others (a common frame of the page) are compared with so many of them.
MOST_COMPARED = 16

Signatures = Callable[[int], NDArray[np.uint32]]


def find_clusters(count: int, band: Callable[[int], Hashes], signature: Signatures, similarity: float,
                  progress: Callable[[int], None] = lambda done: None) -> NDArray[np.int64]:
    """For each of `count` articles the first one of its cluster (itself, if it is alone).

    `band(number)` gives that band of all articles, `signature(row)` the whole signature of one. Two articles are in a
    cluster if a chain of pairs of at least `similarity` (0–1, the Jaccard index of 5-word shingles, as estimated)
    joins them.
    """
    parent = np.arange(count, dtype=np.int64)
    for number in range(BANDS):
        progress(number)
        values = band(number)
        order = np.argsort(values, kind="stable")
        values = values[order]
        starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1]))[:count])
        sizes = np.diff(np.append(starts, count))
        for at, size in zip(starts, sizes, strict=True):
            if size > 1:
                _join_similar(parent, order[at : at + size], signature, similarity)
    for row in range(count):  # parents come first, so one step leads to the root
        parent[row] = parent[parent[row]]
    return parent


def _join_similar(parent: NDArray[np.int64], rows: Iterable[int], signature: Signatures, similarity: float) -> None:
    """Join each row to the first rows of other clusters in its band that it resembles."""
    seen: list[tuple[int, NDArray[np.uint32]]] = []
    for row in map(int, rows):
        own: NDArray[np.uint32] | None = None
        alone = True
        for other, known in seen:
            if _root(parent, other) == _root(parent, row):
                alone = False
                continue
            own = signature(row) if own is None else own
            if float((own == known).mean()) >= similarity:
                _join(parent, other, row)
                alone = False
        if alone and len(seen) < MOST_COMPARED:
            seen.append((row, signature(row) if own is None else own))


def _root(parent: NDArray[np.int64], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = int(parent[row])
    return row


def _join(parent: NDArray[np.int64], a: int, b: int) -> None:
    """Make the earlier of the two roots that of both."""
    first, second = sorted((_root(parent, a), _root(parent, b)))
    parent[second] = first

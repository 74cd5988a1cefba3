"""Words as numbers: n-grams and MinHash signatures of a text, by numpy.

Own code because the libraries cost more than they bring here: datasketch needs scipy (over 100 MB), and datatrove's
deduplication works on its own pipelines and files. All hashes are the same in every process and on every machine.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

WORD = re.compile(r"\w+")
SHINGLE = 5  # words
# A pair of articles is looked at if any band agrees: 99 % of those that share 0.7 of their shingles, 55 % at 0.5.
BANDS, ROWS = 25, 5
AT_ONCE = 2**13


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


_word_hash = lru_cache(2**17)(_hash)


def words(text: str) -> Hashes:
    """A number for each word of `text`, case and punctuation aside. In Vietnamese a word here is a syllable."""
    return np.fromiter(map(_word_hash, WORD.findall(text.casefold())), np.uint64)


def ngrams(numbers: Hashes, n: int) -> Hashes:
    """A number for each run of `n` words, in order; none if there are fewer."""
    count = len(numbers) - n + 1
    if count < 1:
        return np.empty(0, np.uint64)
    out = np.full(count, n, np.uint64)
    for at in range(n):
        out *= np.uint64(0x9E3779B97F4A7C15)
        out += numbers[at : at + count]
    return _mixed(out)


def whole(text: str) -> tuple[int, int]:
    """A number for all the words of `text` together (0 if there are none), and how many they are."""
    found = WORD.findall(text.casefold())
    return _hash(" ".join(found)) if found else 0, len(found)


def signature(numbers: Hashes) -> NDArray[np.uint32]:
    """The MinHash signature of a text's 5-word shingles (Broder 1997), `BANDS` × `ROWS` numbers.

    The share of places where two signatures agree estimates the Jaccard index of the two sets of shingles, with a
    standard error of at most 0.045. A text of fewer than five words is one shingle.
    """
    shingles = ngrams(numbers, min(SHINGLE, max(len(numbers), 1)))
    factors, terms = _permutations()
    out = np.full(BANDS * ROWS, 2**32 - 1, np.uint32)
    for at in range(0, len(shingles), AT_ONCE):  # a book in one piece would need gigabytes
        table = shingles[at : at + AT_ONCE, None] * factors + terms
        np.minimum(out, (table >> np.uint64(32)).min(axis=0).astype(np.uint32), out=out)
    return out


def bands(signatures: NDArray[np.uint32]) -> Hashes:
    """A number for each band of each signature, as an array of `BANDS` rows."""
    parts = signatures.reshape(len(signatures), BANDS, ROWS).astype(np.uint64)
    out = np.zeros(parts.shape[:2], np.uint64)
    for row in range(ROWS):
        out = _mixed(out + parts[:, :, row] + np.uint64(row + 1))
    return np.ascontiguousarray(out.T)


@cache
def _permutations() -> tuple[Hashes, Hashes]:
    """Odd factors and terms of the multiply-shift hashes (Dietzfelbinger et al. 1997) that stand for permutations."""
    numbers = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return numbers[::2] | np.uint64(1), numbers[1::2]


def _mixed(numbers: Hashes) -> Hashes:
    """The finaliser of SplitMix64: every bit of a number depends on all its bits."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))

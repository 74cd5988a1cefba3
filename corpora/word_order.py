"""Count which word order is right: `python corpora/word_order.py FOLDER` writes vn_repair/data/word_order.tsv.gz.

FOLDER holds clean Vietnamese as `*vi_*.jsonl.gz` (one object a line with `text`). Kept are phrases of two
parts, syllable + syllable, word + syllable, syllable + word and word + word, that are frequent in one order and
never or hardly ever stand in the other. A "word" is a pair of syllables that sticks together (by pointwise mutual
information).
Only phrases and counts are written, no text.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from array import array
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\s\w]|\n")
OUT = Path(__file__).parent.parent / "vn_repair" / "data" / "word_order.tsv.gz"
WORD_COUNT, WORD_PMI = 60, 3.0
LEAST = {"1+1": 30, "2+1": 45, "1+2": 45, "2+2": 22}  # how often the right order must stand
RARER = 500  # how many times rarer the other order must be

Ints = NDArray[np.int64]


def read(folder: Path) -> tuple[Ints, NDArray[np.bool_], list[str]]:
    """Syllable ids of all texts (0 = number or mark), which of them are capitalised, and the syllables."""
    ids: dict[str, int] = {}
    out = array("i")
    for path in sorted(folder.glob("*vi_*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                out.append(0)
                for token in TOKEN.findall(json.loads(line)["text"]):
                    lower = token.lower()
                    if not token.isalpha():
                        out.append(0)
                        continue
                    number = ids.setdefault(lower, len(ids) + 1)
                    # A name has a capital; an acronym (NTM) stands where a common word would.
                    out.append(number if lower == token or (token.isupper() and len(token) > 1) else -number)
    tokens = np.frombuffer(out, dtype=np.int32).astype(np.int64)
    return np.abs(tokens), tokens < 0, ["", *ids]


def count(keys: Ints, mask: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The different keys under `mask`, sorted, and how often each stands."""
    return np.unique(keys[mask], return_counts=True)


def look_up(keys: Ints, counts: Ints, wanted: Ints) -> Ints:
    """The count of each wanted key, 0 where it does not stand."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, counts[at], 0)


def main(folder: Path) -> None:
    """Count and write."""
    ids, capital, names = read(folder)
    size = len(names)
    following = np.roll(ids, -1)
    pair = ids * size + following
    inside = (ids > 0) & (following > 0) & ~np.roll(capital, -1)  # all but the first in lower case: no names
    keys, counts = count(pair, inside)
    single = np.bincount(ids, minlength=size).astype(float)
    pmi = np.log(counts * single.sum() / (single[keys // size] * single[keys % size]))
    words = keys[(counts >= WORD_COUNT) & (pmi > WORD_PMI)]
    at = np.minimum(np.searchsorted(words, pair), len(words) - 1)
    is_word = (words[at] == pair) & inside
    lower_next = (following > 0) & ~np.roll(capital, -1)

    def part(length: int, shift: int) -> tuple[Ints, NDArray[np.bool_]]:
        """Ids of the part of `length` syllables that begins `shift` syllables on, and where there is one."""
        if length == 1:
            here = np.roll(ids, -shift)
            return here, (here > 0) & ((shift == 0) | ~np.roll(capital, -shift))
        ok = np.roll(is_word, -shift)
        return np.roll(at, -shift), ok if shift == 0 else ok & np.roll(lower_next, 1 - shift)

    def text(length: int, number: int) -> str:
        if length == 1:
            return names[number]
        return f"{names[words[number] // size]} {names[words[number] % size]}"

    rows = []
    big = size + len(words)
    for kind, least in LEAST.items():
        left, right = int(kind[0]), int(kind[2])
        (a, a_ok), (b, b_ok) = part(left, 0), part(right, left)
        found, times = count(a * big + b, a_ok & b_ok)
        (c, c_ok), (d, d_ok) = part(right, 0), part(left, right)
        flipped, flipped_times = count(d * big + c, c_ok & d_ok)
        keep = (times >= least) & (look_up(flipped, flipped_times, found) * RARER <= times)
        if left == right:
            keep &= found // big != found % big
        if kind == "1+1":
            keep &= np.isin((found // big) * size + found % big, keys[pmi > 0])  # no chance neighbours
        rows += [(f"{text(left, k // big)}|{text(right, k % big)}", n)
                 for k, n in zip(found[keep].tolist(), times[keep].tolist(), strict=True)]
        print(kind, int(keep.sum()), file=sys.stderr)
    with gzip.GzipFile(OUT, "wb", mtime=0) as out:
        out.write("".join(f"{phrase}\t{n}\n" for phrase, n in sorted(rows)).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

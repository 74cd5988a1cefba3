"""Word and phrase tables of the parallel data: what a Vietnamese word becomes in English, and on the way back.

Words are aligned by IBM model 1 (Brown et al. 1993) with the fixed diagonal prior of fast_align (Dyer et
al. 2013), in both directions; links found both ways count. A round trip through the tables that ends at
another word is a calque when the two words are translated differently, a synonym when they are not.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from vn_repair.training.garble import WORD

LONGEST = 45  # tokens a side; longer pairs are left out of the alignment
SYNONYM, DIFFERENT = 0.55, 0.35  # cosine of the translation distributions
Table = dict[str, dict[str, float]]


def compounds(words: Sequence[str], known: dict[str, int]) -> list[str]:
    """Lower-case syllables joined to listed words of up to four, by longest match from the left."""
    out, at = [], 0
    while at < len(words):
        for length in (4, 3, 2):
            surface = " ".join(words[at : at + length])
            if at + length <= len(words) and surface in known:
                break
        else:
            length, surface = 1, words[at]
        out.append(surface)
        at += length
    return out


def align(sources: list[np.ndarray], targets: list[np.ndarray], rounds: int = 5) -> list[np.ndarray]:
    """For each pair, the source position of every target token (-1: none), by model 1 after `rounds` of EM."""
    spread = []
    for s, t in zip(sources, targets, strict=True):
        i, j = np.arange(len(s)) / len(s), np.arange(len(t)) / len(t)
        spread.append(np.exp(-4 * np.abs(j[:, None] - i[None, :])).ravel().astype(np.float32))
    prior = np.concatenate(spread)
    width = max(int(t.max()) for t in targets) + 1
    keys = np.concatenate(
        [(s[None, :].astype(np.int64) * width + t[:, None]).ravel() for s, t in zip(sources, targets, strict=True)]
    )
    kinds, inverse = np.unique(keys, return_inverse=True)
    del keys
    inverse = inverse.astype(np.int32)
    of_source = (kinds // width).astype(np.int64)
    sizes = np.repeat([len(s) for s in sources], [len(t) for t in targets])
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chance = np.ones(len(kinds), np.float32)
    for _ in range(rounds):
        p = chance[inverse] * prior
        p /= np.repeat(np.add.reduceat(p, begins), sizes)
        counts = np.bincount(inverse, p, len(kinds))
        chance = (counts / np.bincount(of_source, counts)[of_source]).astype(np.float32)
    p = chance[inverse] * prior
    best = np.repeat(np.maximum.reduceat(p, begins), sizes) == p
    place = np.arange(len(p)) - np.repeat(begins, sizes)
    found = np.full(len(begins), -1)
    owner = np.repeat(np.arange(len(begins)), sizes)
    found[owner[best][::-1]] = place[best][::-1]  # the first of equals
    return np.split(found, np.cumsum([len(t) for t in targets])[:-1])


def _ids(rows: list[list[str]]) -> list[np.ndarray]:
    number: dict[str, int] = {}
    return [np.array([number.setdefault(w, len(number)) for w in row]) for row in rows]


class PivotTables:
    """Translation counts of words and phrases, Vietnamese to English and back."""

    def __init__(self, words: dict[str, dict[str, int]], phrases: dict[str, dict[str, int]]) -> None:
        self.words = words
        self.phrases = phrases

    @classmethod
    def count(cls, pairs: Iterable[tuple[str, str]], known: dict[str, int]) -> PivotTables:
        """Align `pairs` (Vietnamese, English) and count; `known` holds the listed Vietnamese words."""
        vi: list[list[str]] = []
        en: list[list[str]] = []
        for left, right in pairs:
            a = compounds([m.group() for m in WORD.finditer(left.lower())], known)
            b = [m.group() for m in WORD.finditer(right)]
            b[:1] = [w if w.isupper() else w.lower() for w in b[:1]]
            if 0 < len(a) <= LONGEST and 0 < len(b) <= LONGEST:
                vi.append(a)
                en.append(b)
        lower = [[w.lower() for w in row] for row in en]
        to_en = align(_ids(vi), _ids(lower))
        to_vi = align(_ids(lower), _ids(vi))
        words: dict[str, Counter[str]] = defaultdict(Counter)
        phrases: dict[str, Counter[str]] = defaultdict(Counter)
        for a, b, c, forth, back in zip(vi, en, lower, to_en, to_vi, strict=True):
            links = [int(j) if forth[j] == i else -1 for i, j in enumerate(back)]
            for i, j in enumerate(links):
                if j >= 0:
                    words[a[i]][c[j]] += 1
            _phrases(a, b, links, phrases)
        return cls(
            {k: {w: n for w, n in v.items() if n > 1} for k, v in words.items()},
            {k: {w: n for w, n in v.most_common(4) if n > 1} for k, v in phrases.items()},
        )

    def save(self, path: Path) -> None:
        """Write both tables as gzip JSON, empty rows left out."""
        part = path.with_name(path.name + ".part")
        with gzip.open(part, "wt", encoding="utf-8", compresslevel=5) as out:
            json.dump(
                {
                    "words": {k: v for k, v in self.words.items() if v},
                    "phrases": {k: v for k, v in self.phrases.items() if v},
                },
                out,
                ensure_ascii=False,
            )
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> PivotTables:
        """Read what `save` wrote."""
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            held: dict[str, Any] = json.load(lines)
        return cls(held["words"], held["phrases"])

    @cached_property
    def english(self) -> Table:
        """p(English word | Vietnamese word), the likely ones."""
        return _normalised(self.words)

    @cached_property
    def vietnamese(self) -> Table:
        """p(Vietnamese word | English word), the likely ones."""
        turned: dict[str, dict[str, int]] = defaultdict(dict)
        for vi, row in self.words.items():
            for en, n in row.items():
                turned[en][vi] = n
        return _normalised(turned)

    def likeness(self, a: str, b: str, side: str = "vi") -> float:
        """Cosine of the translation distributions of two words of one language (0 where one is unknown)."""
        p, q = (
            (self._stems(a), self._stems(b))
            if side == "vi"
            else (self.vietnamese.get(a, {}), self.vietnamese.get(b, {}))
        )
        if not p or not q:
            return 0.0
        dot = sum(x * q.get(w, 0.0) for w, x in p.items())
        return float(dot / np.sqrt(sum(x * x for x in p.values()) * sum(x * x for x in q.values())))

    def _stems(self, vietnamese: str) -> dict[str, float]:
        """English words of a Vietnamese one with their chances, inflections added up (by the first five letters)."""
        out: dict[str, float] = {}
        for word, chance in self.english.get(vietnamese, {}).items():
            out[word[:5]] = out.get(word[:5], 0.0) + chance
        return out

    def round_trips(self, word: str, side: str = "vi") -> tuple[list[tuple[str, float]], list[str]]:
        """(calques with weights, synonyms) of `word` by way of the other language."""
        forth, back = (self.english, self.vietnamese) if side == "vi" else (self.vietnamese, self.english)
        reach: dict[str, float] = defaultdict(float)
        for pivot, p in forth.get(word, {}).items():
            for other, q in back.get(pivot, {}).items():
                if other != word:
                    reach[other] += p * q
        calques, synonyms = [], []
        for other, weight in sorted(reach.items(), key=lambda x: -x[1])[:24]:
            alike = self.likeness(word, other, side)
            if alike >= SYNONYM:
                synonyms.append(other)
            elif alike <= DIFFERENT and weight >= 0.002:
                calques.append((other, weight))
        return calques, synonyms


def _normalised(counts: dict[str, dict[str, int]]) -> Table:
    out: Table = {}
    for word, row in counts.items():
        total = sum(row.values())
        likely = {w: n / total for w, n in row.items() if n >= 2 and n / total >= 0.02}
        if total >= 4 and likely:
            out[word] = likely
    return out


def _phrases(vi: list[str], en: list[str], links: list[int], out: dict[str, Counter[str]]) -> None:
    """Count phrase pairs of two to four Vietnamese words that no link leaves (Och and Ney 2004)."""
    reverse = {j: i for i, j in enumerate(links) if j >= 0}
    for first in range(len(vi)):
        if links[first] < 0:
            continue
        low = high = links[first]
        for last in range(first + 1, min(first + 4, len(vi))):
            if links[last] < 0:
                continue
            low, high = min(low, links[last]), max(high, links[last])
            if high - low > 6:
                break
            if all(first <= reverse.get(j, first) <= last for j in range(low, high + 1)):
                out[" ".join(vi[first : last + 1])][" ".join(en[low : high + 1])] += 1

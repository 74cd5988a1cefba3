"""Word lists for the garbler, read from a local folder of public sources and never shipped.

`vi_words.tsv.gz` (word, frequency), `vi_en_dict.tsv.gz` (vi, pos, en) and `en_vi_dict.tsv.gz`
(en, pos, vi): see corpora/recipes/sources.yaml for origin and licence. With the tables counted from
parallel data (`garble_pivot.py`) words also go through the other language as translators use them.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import regex

from vn_repair.training.garble_pivot import PivotTables

PLAIN_GLOSS = regex.compile(r"^[a-z][a-z -]{1,28}$")


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a gzip TSV file with a header."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


class LexicalData:
    """The word lists under `folder` (a `lexicon/` directory), loaded when first asked for."""

    def __init__(self, folder: Path, pivot: PivotTables | None = None) -> None:
        """`pivot` holds counts of parallel data; without it the dictionaries stand alone."""
        self.folder = folder
        self.pivot = pivot or PivotTables({}, {})
        self._calques: dict[tuple[str, str], tuple[list[tuple[str, float]], list[str]]] = {}
        self._confusable: dict[str, list[tuple[str, float]]] = {}

    @cached_property
    def frequency(self) -> dict[str, int]:
        """Vietnamese words of one to four syllables with their corpus frequency."""
        return {
            r["word"].lower(): int(r["corpus_freq"])
            for r in rows(self.folder / "vi_words.tsv.gz")
            if int(r["n_syllables"]) <= 4 and int(r["corpus_freq"]) > 0
        }

    @cached_property
    def sharing(self) -> dict[str, list[tuple[str, int]]]:
        """For each syllable, two-syllable words that hold it, with frequency, most frequent first."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for word, count in self.frequency.items():
            parts = word.split()
            if len(parts) == 2 and count >= 30:
                for part in set(parts):
                    found[part].append((word, count))
        return {k: sorted(v, key=lambda x: -x[1])[:60] for k, v in found.items()}

    @cached_property
    def glosses(self) -> dict[str, list[str]]:
        """English glosses of Vietnamese words, short ones only, in dictionary order."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in rows(self.folder / "vi_en_dict.tsv.gz"):
            for gloss in row["en"].replace(";", ",").split(","):
                plain = gloss.strip().lower().removeprefix("to ").strip()
                if PLAIN_GLOSS.match(plain) and len(plain.split()) <= 3 and plain not in found[row["vi"].lower()]:
                    found[row["vi"].lower()].append(plain)
        return {k: v for k, v in found.items() if v}

    @cached_property
    def vietnamese_of(self) -> dict[str, list[str]]:
        """Vietnamese words for an English gloss."""
        found: dict[str, list[str]] = defaultdict(list)
        for vi, glosses in self.glosses.items():
            if self.frequency.get(vi, 0) >= 40:
                for gloss in glosses[:4]:
                    found[gloss].append(vi)
        for row in rows(self.folder / "en_vi_dict.tsv.gz"):
            vi = row["vi"].strip().lower()
            if (
                row["source"] != "inverted-VE"
                and self.frequency.get(vi, 0) >= 40
                and PLAIN_GLOSS.match(row["en"].lower())
            ):
                found[row["en"].lower()].append(vi)
        return {k: list(dict.fromkeys(v)) for k, v in found.items()}

    def likeness(self, a: str, b: str, side: str = "vi") -> float:
        """How much two words of one language are translated alike, 0 to 1, by parallel counts or by the dictionary."""
        table = self.glosses if side == "vi" else self.vietnamese_of
        mine, theirs = set(table.get(a, ())), set(table.get(b, ()))
        shared = len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
        return max(shared, self.pivot.likeness(a, b, side))

    def synonymous(self, a: str, b: str) -> bool:
        """Whether one Vietnamese word may stand for another: no error to teach."""
        return self.likeness(a, b) >= 0.34 or (b in self.synonyms_of(a))

    def _round_trips(self, word: str, side: str) -> tuple[list[tuple[str, float]], list[str]]:
        """(calques with weights, synonyms) through parallel counts and dictionaries together."""
        if (word, side) in self._calques:
            return self._calques[word, side]
        calques, synonyms = self.pivot.round_trips(word, side)
        found = dict(calques)
        forth, back = (self.glosses, self.vietnamese_of) if side == "vi" else (self.vietnamese_of, self.glosses)
        for gloss in forth.get(word, ())[:5]:
            for other in back.get(gloss, ())[:12]:
                if other == word or other in synonyms or other in found or (side == "en" and " " in other):
                    continue
                alike = self.likeness(word, other, side)
                if alike > 0.4:
                    synonyms.append(other)
                elif alike <= 0.2 and len(back.get(other, forth.get(other, ()))) >= 1:
                    found[other] = 0.01
        known = {w: c for w, c in found.items() if self._usable(word, w, side)}
        best = sorted(known.items(), key=lambda x: -x[1])[:14]
        self._calques[word, side] = best, [s for s in synonyms if self._usable(word, s, side, inside=True)][:8]
        return self._calques[word, side]

    def _usable(self, word: str, other: str, side: str, inside: bool = False) -> bool:
        """Whether `other` is a plain word that does not just add to `word` (nghèo, nghèo đói) or inflect it."""
        if side == "en":
            stem = word[: max(3, len(word) - 3)]
            return other.isascii() and other.islower() and other.isalpha() and (inside or not other.startswith(stem))
        if self.frequency.get(other, 0) < 20 or not other.islower():
            return False
        return inside or not (word in other.split() or other in word.split() or f" {word} " in f" {other} ")

    def calques_of(self, word: str, side: str = "vi") -> list[tuple[str, float]]:
        """Wrong words that a round trip through the other language may leave, with weights."""
        return self._round_trips(word, side)[0]

    def synonyms_of(self, word: str, side: str = "vi") -> list[str]:
        """Words translated alike."""
        return self._round_trips(word, side)[1]

    def confusable(self, word: str) -> list[tuple[str, float]]:
        """Two-syllable words sharing a syllable with `word`, near it in frequency, synonyms left out, with weights."""
        if word in self._confusable:
            return self._confusable[word]
        mine = self.frequency.get(word, 1)
        calques = dict(self.calques_of(word))
        turned = " ".join(reversed(word.split()))
        out: list[tuple[str, float]] = []
        for syllable in dict.fromkeys(word.split()):
            for other, count in self.sharing.get(syllable, ()):
                if other == word or (other != turned and self.synonymous(word, other)):
                    continue
                near = min(count, mine) / max(count, mine)
                out.append((other, near**0.3 * (6.0 if other in calques or self.likeness(word, other) > 0.02 else 1.0)))
        self._confusable[word] = out
        return out

    def phrases(self, vietnamese: str) -> list[tuple[str, float]]:
        """English phrases for a run of Vietnamese words, with counts; empty where none was seen."""
        return [(p, float(c)) for p, c in self.pivot.phrases.get(vietnamese, {}).items()]

    @cached_property
    def phrases_back(self) -> dict[str, str]:
        """The Vietnamese phrase most often behind an English one of two to five words."""
        best: dict[str, tuple[int, str]] = {}
        for vi, row in self.pivot.phrases.items():
            for en, count in row.items():
                if 1 < len(en.split()) < 6 and en.islower() and count > best.get(en, (1, ""))[0]:
                    best[en] = (count, vi)
        return {en: vi for en, (_, vi) in best.items()}

    def english_of(self, vietnamese: str, rng: random.Random) -> str:
        """An English word for a Vietnamese one, by parallel counts or the dictionary; empty if there is none."""
        row = self.pivot.english.get(vietnamese)
        if row and rng.random() < 0.8:
            return rng.choices(list(row), list(row.values()))[0]
        glosses = self.glosses.get(vietnamese)
        return rng.choice(glosses[:3]) if glosses else ""

    def vietnamese_for(self, english: str, rng: random.Random) -> str:
        """A Vietnamese word for an English one; empty if there is none."""
        row = self.pivot.vietnamese.get(english)
        if row:
            return rng.choices(list(row), list(row.values()))[0]
        words = self.vietnamese_of.get(english)
        return rng.choice(words[:2]) if words else ""

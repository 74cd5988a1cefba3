"""Word lists for the garbler, read from a local folder of public sources and never shipped.

`vi_words.tsv.gz` (word, frequency), `vi_en_dict.tsv.gz` (vi, pos, en) and `en_vi_dict.tsv.gz`
(en, pos, vi): see corpora/recipes/sources.yaml for origin and licence.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import regex

PLAIN_GLOSS = regex.compile(r"^[a-z][a-z -]{1,28}$")
TOO_COMMON = 6


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a gzip TSV file with a header."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


class LexicalData:
    """The word lists under `folder` (a `lexicon/` directory), loaded when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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

    @cached_property
    def calques(self) -> dict[str, list[str]]:
        """vi → en → another vi, near-synonyms left out: the pair shares one gloss among several."""
        found: dict[str, list[str]] = {}
        for vi, glosses in self.glosses.items():
            if self.frequency.get(vi, 0) < 20:
                continue
            mine = set(glosses)
            others: list[str] = []
            for gloss in glosses[:5]:
                for other in self.vietnamese_of.get(gloss, ()):
                    theirs = set(self.glosses.get(other, ()))
                    if other != vi and len(mine & theirs) / len(mine | theirs) <= 0.2 and len(theirs) >= 2:
                        others.append(other)
            if others:
                found[vi] = list(dict.fromkeys(others))[:8]
        return found

    @cached_property
    def english_calques(self) -> dict[str, list[str]]:
        """en → vi → another en of one word: what a spinner or a round trip puts in its place."""
        found: dict[str, list[str]] = {}
        for gloss, words in self.vietnamese_of.items():
            if " " in gloss:
                continue
            others = [g for w in words[:4] for g in self.glosses.get(w, [])[:4] if g != gloss and " " not in g]
            if others:
                found[gloss] = list(dict.fromkeys(others))[:TOO_COMMON]
        return found

"""What the Vietnamese operations share: the words of a sentence and swaps that leave names alone."""

from __future__ import annotations

import random
from collections.abc import Sequence

from vn_repair.training.garble import Change, Sentence, match_case
from vn_repair.training.garble_surface import DECIMAL_VI, THOUSANDS_VI, SurfaceOperations
from vn_repair.training.lexical_data import LexicalData
from vn_repair.types import Label


class VietnameseBase(SurfaceOperations):
    """Operations of a language whose words are runs of syllables."""

    decimal, thousands = DECIMAL_VI, THOUSANDS_VI
    comma_decimal = True

    def __init__(self, data: LexicalData) -> None:
        self.data = data

    def parts(self, sentence: Sentence) -> list[tuple[int, int, str]]:
        """(first word, number of words, lower-case surface) of listed words, by longest match from the left."""
        if sentence.compounds is None:
            sentence.compounds = self._longest_match(sentence)
        return sentence.compounds

    def compounds(self, sentence: Sentence, size: int) -> list[tuple[int, str]]:
        """(first word, lower-case surface) of listed words of `size` syllables."""
        return [(at, surface) for at, length, surface in self.parts(sentence) if length == size]

    def _longest_match(self, sentence: Sentence) -> list[tuple[int, int, str]]:
        out: list[tuple[int, int, str]] = []
        at, words = 0, [w.text.lower() for w in sentence.words]
        known = self.data.frequency
        while at < len(words):
            for length in (4, 3, 2, 1):
                if at + length > len(words):
                    continue
                surface = " ".join(words[at : at + length])
                if surface in known and sentence.joined(at, at + length - 1):
                    out.append((at, length, surface))
                    break
            else:
                length = 1
            at += length
        return out

    def borders(self, sentence: Sentence) -> frozenset[int]:
        """Offsets at which words (not syllables) begin and end."""
        inside = {w.start for w in sentence.words} | {w.end for w in sentence.words}
        for first, size, _ in self.parts(sentence):
            for word, after in zip(sentence.words[first : first + size - 1], sentence.words[first + 1 :], strict=False):
                inside -= {word.end, after.start}
        return frozenset(inside)

    def swap(self, sentence: Sentence, first: int, count: int, text: str, label: Label) -> Change | None:
        """Words `first` to `first + count` become `text`; `None` where they hold a name or a mark."""
        if first + count > len(sentence.words) or not sentence.plain(first, first + count - 1):
            return None
        words = sentence.words[first : first + count]
        surface = sentence.text[words[0].start : words[-1].end]
        return Change(words[0].start, words[-1].end, match_case(surface, text), label)


def pick(found: Sequence[tuple[str, float]], rng: random.Random, power: float = 1.0) -> str:
    """One of (word, weight), by weight to `power`."""
    return rng.choices([w for w, _ in found], [c**power for _, c in found])[0]

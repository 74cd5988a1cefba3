"""How often each operation is drawn, and how many errors a sentence gets: the dials of the garbler.

The rates are set so that the label mix of garbled news is near that of the hand-fixed dev references
(eval/GARBLER.md has both side by side); an operation that often finds nothing to work on has a higher one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from vn_repair.training.garble import Operation

VIETNAMESE_RATES = {
    "homonym": 4.5,
    "term": 25.0,
    "spin": 2.2,
    "shared_syllable": 2.2,
    "calque": 1.7,
    "syllable_calque": 1.8,
    "phrase_calque": 2.2,
    "rough_phrase": 6.5,
    "extra_syllable": 1.0,
    "lost_negation": 1.6,
    "particle": 1.2,
    "flip_words": 2.6,
    "flip_syllables": 1.8,
    "move_head": 4.0,
    "move_word": 1.8,
    "genitive": 1.6,
    "move_acronym": 1.6,
    "title": 1.5,
    "english_run": 4.0,
    "leaked_word": 1.6,
    "leaked_content": 1.8,
    "stray_english": 1.5,
    "nonsense": 0.2,
    "lost_syllable": 2.0,
    "drop": 1.8,
    "cut_end": 0.9,
    "splice_stop": 1.4,
    "empty_quotes": 0.8,
    "doubled_syllable": 1.4,
    "twin": 2.2,
    "collapse": 2.6,
    "repeat": 1.2,
    "echo": 0.4,
    "strip_marks": 0.6,
    "misspell": 1.4,
    "name_case": 5.0,
    "name_translated": 1.3,
    "spacing": 1.6,
    "footnote": 0.4,
    "figure": 6.0,
    "encoding": 1.0,
}
ENGLISH_RATES = {
    "spin": 3.8,
    "calque": 1.0,
    "phrase_calque": 5.0,
    "rough_clause": 11.0,
    "terms": 80.0,
    "prepositions": 1.1,
    "agreement": 1.1,
    "article": 1.2,
    "stray_word": 0.35,
    "lost_negation": 1.2,
    "linker": 0.8,
    "lost_subject": 1.4,
    "false_friend": 5.0,
    "flip": 1.3,
    "of_chain": 0.8,
    "collapse": 2.2,
    "twin": 0.8,
    "repeat": 0.6,
    "echo": 0.4,
    "splice_stop": 1.2,
    "drop": 1.2,
    "cut_end": 0.4,
    "vietnamese_word": 1.2,
    "vietnamese_run": 0.5,
    "footnote": 0.6,
    "figure": 18.0,
    "leading_zero": 2.5,
    "spacing": 1.3,
    "misspell": 1.0,
    "name_translated": 3.0,
    "encoding": 4.0,
}
MOST_ERRORS = 6  # in a sentence
# Errors in a hundred words of an article are drawn from a gamma distribution: many light, few heavy ones.
ERRORS_PER_100, SHAPE = 8.0, 1.0


def rated(
    owner: object, measured: Mapping[str, float], rates: Mapping[str, float] | None
) -> list[tuple[Operation, float]]:
    """The methods of `owner` named in `measured` with their rates, `rates` laid over.

    Raises `ValueError` for a name in `rates` that is none of `measured`.
    """
    unknown = set(rates or {}) - set(measured)
    if unknown:
        raise ValueError(f"no operation {', '.join(sorted(unknown))}; there are {', '.join(measured)}")
    merged = {**measured, **(rates or {})}
    return [(getattr(owner, name), rate) for name, rate in merged.items() if rate > 0]


class ArticleErrors:
    """The errors of one article: how dense they are, and which kinds it has more of than others."""

    def __init__(
        self,
        operations: Sequence[tuple[Operation, float]],
        rng: random.Random,
        per_100: float = ERRORS_PER_100,
        clean: float = 0.0,
    ) -> None:
        """`per_100` is the mean number of errors in a hundred words, `clean` the share of articles without any."""
        self.density = 0.0 if rng.random() < clean else rng.gammavariate(SHAPE, per_100 / SHAPE)
        self.operations = [(o, w * rng.lognormvariate(0.0, 0.5)) for o, w in operations]

    def count(self, text: str, rng: random.Random) -> int:
        """Errors for a sentence: Poisson, by its number of words, at most `MOST_ERRORS`."""
        mean = self.density * (text.count(" ") + 1) / 100
        count, left = 0, rng.expovariate(1.0)
        while left < mean and count < MOST_ERRORS:
            count += 1
            left += rng.expovariate(1.0)
        return count

"""From how suspicious a phrase looks to the chance that an editor would change it.

A logistic function of a few features, fitted on hand-made references and clean news by
vn_repair/training/calibrate_tagger.py, one for each language. What the tagger thinks of the rest of the sentence
counts too, and what rules have found in it and around: garbled text is garbled in several places.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log1p
from pathlib import Path
from typing import Any

from vn_repair.fluency.tagger import Word
from vn_repair.types import InputError

FILE = "dial.json"
FEATURES = ("peak", "mean", "length", "sentence", "capital", "figure", "sign", "rules here", "rules around")
LEAST, MOST = 0.00001, 0.99999
PRIOR_WORDS = 30.0  # a sentence this long says as much of itself as the average text does
PRIOR_CHANCE = 0.02
RULES_PER_WORDS = 100.0  # findings of rules around are counted for so many words of the article


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a phrase: words of the article, and findings of rules in the segment and outside it."""

    words: int = 0
    rules_here: int = 0
    rules_around: int = 0


@dataclass(frozen=True, slots=True)
class Dial:
    """Which runs of words are phrases (`peak`, `edge`) and the weights of the features, the constant first."""

    peak: float
    edge: float
    weights: tuple[float, ...]

    def chance(self, features: Sequence[float]) -> float:
        """The chance (0–1) of a phrase with these features."""
        score = self.weights[0] + sum(w * f for w, f in zip(self.weights[1:], features, strict=True))
        return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def logit(chance: float) -> float:
    """Log-odds of a chance, kept off the ends."""
    kept = min(MOST, max(LEAST, chance))
    return log(kept / (1 - kept))


def suspicion(words: Sequence[Word], but: Sequence[Word] = ()) -> float:
    """Log-odds of the mean chance of words, those of a phrase left out, drawn towards that of the average text."""
    total = sum(w.chance for w in words) - sum(w.chance for w in but) + PRIOR_WORDS * PRIOR_CHANCE
    return logit(total / (len(words) - len(but) + PRIOR_WORDS))


def features(text: str, run: Sequence[Word], sentence: Sequence[Word], around: Surroundings) -> list[float]:
    """The features of a phrase (`run`) of the segment `text`, in the order of `FEATURES`."""
    surface = text[run[0].start : run[-1].end]
    return [
        logit(max(w.chance for w in run)),
        logit(sum(w.chance for w in run) / len(run)),
        log(len(run)),
        suspicion(sentence, run),
        float(any(c.isupper() for c in surface)),
        float(any(c.isdigit() for c in surface)),
        float(not any(c.isalnum() for c in surface)),
        log1p(around.rules_here),
        log1p(around.rules_around / max(1.0, around.words / RULES_PER_WORDS)),
    ]


def load_dials(folder: Path) -> dict[str, Dial]:
    """The dials of a tagger folder by language; raises `InputError` if they cannot be read."""
    path = folder / FILE
    try:
        held: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["dials"]
        dials = {lang: Dial(d["peak"], d["edge"], tuple(map(float, d["weights"]))) for lang, d in held.items()}
        if any(len(d.weights) != len(FEATURES) + 1 for d in dials.values()):
            raise ValueError("wrong number of weights")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a readable dial ({error}); reinstall vn-repair, or make it again with "
                         "vn_repair.training.calibrate_tagger") from error  # fmt: skip
    return dials

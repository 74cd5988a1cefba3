"""The token tagger beside the repair model's keep-probability: how well each, and both, tell wrong words from right.

    python eval/keep_probability.py [--model DIR] [--threads 2]

Keep-probability: the model is made to give each segment back unchanged (task rewrite, `score_batch`); a word is as
likely to be kept as its least likely piece. Words of the development references that the tagger was not fine-tuned on
(fold b); the mix is a logistic function fitted on one half of them and measured on the other, both ways.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vn_repair.fluency.dial import logit
from vn_repair.fluency.tagger import Tagger, pieces
from vn_repair.markers import REWRITE, TARGET
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.segment import segment
from vn_repair.training.calibrate_tagger import DIAL_FOLD, NOT_CONTENT, fit
from vn_repair.training.reference_shards import fold_of
from vn_repair.types import Article

ROOT = Path(__file__).resolve().parents[1]
FLOOR = -12.0  # log-probability below which all words are alike


@dataclass(frozen=True, slots=True)
class Scored:
    """A word of the references: its language, half, truth, tagger's log-odds and log-probability of being kept."""

    lang: str
    half: int
    wrong: bool
    tagger: float
    kept: float


def keep_scores(model: EmbeddedModel, texts: Sequence[str], lang: str) -> list[list[tuple[int, int, float]]]:
    """For each text its pieces as (start, end, log-probability of being given back)."""
    rows = [pieces(model.processor, text) for text in texts]
    targets = [[model.processor.id_to_piece(i) for i in ids] for ids, _ in rows]
    sources = [model.pieces([TARGET[lang], REWRITE, text]) for text in texts]
    scored = model.translator.score_batch(sources, targets, max_batch_size=16)
    return [
        [(a, b, value) for (a, b), value in zip(places, found.log_probs, strict=False)]
        for (_, places), found in zip(rows, scored, strict=True)
    ]


def words(references: Path, tagger: Tagger, model: EmbeddedModel) -> Iterator[Scored]:
    """Every word of the fold's items."""
    with references.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if fold_of(row) != DIAL_FOLD:
                continue
            parts = segment(Article(row["id"], row["text"], row["lang"], "references"))
            texts = [row["text"][p.start : p.end] for p in parts]
            gold = [(s["start"], s["end"]) for s in row["spans"] if s["label"] not in NOT_CONTENT]
            half = zlib.crc32(str(row.get("article", row["id"])).encode()) >> 5 & 1  # other bits than the fold
            scores = keep_scores(model, texts, row["lang"])
            for part, tagged, kept in zip(parts, tagger.tag(texts), scores, strict=True):
                for word in tagged:
                    start, end = part.start + word.start, part.start + word.end
                    over = [v for a, b, v in kept if a < word.end and word.start < max(b, a + 1)]
                    yield Scored(row["lang"], half, any(a < end and start < b for a, b in gold), logit(word.chance),
                                 max(FLOOR, min(over, default=0.0)))


def quality(scores: Any, truth: Any) -> tuple[float, float]:
    """Average precision and best F1, percent."""
    hits = truth[np.argsort(-scores, kind="stable")].cumsum()
    precision, recall = hits / np.arange(1, len(truth) + 1), hits / max(1, truth.sum())
    gained = np.diff(np.concatenate([[0.0], recall]))
    f1 = 2 * precision * recall / (precision + recall + 1e-9)
    return 100 * float((precision * gained).sum()), 100 * float(f1.max())


def features(rows: Sequence[Scored]) -> Any:
    """Both scores and their product."""
    return np.array([[r.tagger, r.kept, r.tagger * r.kept] for r in rows])


def mixed_scores(own: Sequence[Scored], other: Sequence[Scored]) -> Any:
    """Scores of `own` by a logistic function fitted on `other`."""
    constant, *weights = fit(features(other), [w.wrong for w in other], [1.0] * len(other))
    return constant + features(own) @ np.array(weights)


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    found = list(words(ROOT / "eval/references/dev.jsonl", Tagger(given.model, given.threads),
                       EmbeddedModel(given.model, given.threads)))
    print("| language | words | wrong, % | score | average precision | best F1 |")
    print("| --- | ---: | ---: | --- | ---: | ---: |")
    for lang in ("vi", "en"):
        halves = [[w for w in found if w.lang == lang and w.half == half] for half in (0, 1)]
        rows = [*halves[0], *halves[1]]
        truth = np.array([w.wrong for w in rows])
        mixed = np.concatenate([mixed_scores(*halves), mixed_scores(*halves[::-1])])
        for name, scores in (("tagger", np.array([w.tagger for w in rows])),
                             ("keep-probability", -np.array([w.kept for w in rows])), ("both", mixed)):
            precision, f1 = quality(scores, truth)
            print(f"| {lang} | {len(rows):,} | {100 * truth.mean():.1f} | {name} | {precision:.1f} | {f1:.1f} |")


if __name__ == "__main__":
    main()

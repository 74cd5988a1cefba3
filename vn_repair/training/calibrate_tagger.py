"""Fit the tagger's dial: from the features of a phrase to the chance that an editor would change it.

    python -m vn_repair.training.calibrate_tagger models/default --references eval/references/dev.jsonl \
        --clean clean.jsonl.gz [--clean …]

Logistic regression with a small ridge (Newton's method), one for each language. A phrase of the references
counts as right if gold spans cover at least half of its characters; every phrase of a clean text counts as
wrong. The borders (`peak`, `edge`) are those of the best character F1 over the references. Rows of `--clean`
are articles with `text` and perhaps `lang`. Only the fold of the references that the tagger was not fine-tuned
on is read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from vn_repair.fluency.dial import FEATURES, FILE, Dial
from vn_repair.fluency.spans import Phrase, find_phrases
from vn_repair.fluency.tagger import FOLDER, Tagger
from vn_repair.pipeline import detect_article
from vn_repair.propose.model_files import write_manifest
from vn_repair.segment import segment
from vn_repair.training.reference_shards import fold_of
from vn_repair.types import Article, Span

NOT_CONTENT = {"boilerplate", "duplicate"}
EDGES = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
PEAKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
LOWEST_PEAK = 0.15  # phrases below it are never shown, whatever the dial
ENOUGH = 0.5
RIDGE = 1.0
# Log-odds taken off every chance: set so that the balanced dial (0.5) marks no more than 5 characters in 10,000 of the
# clean development items, and of clean news.
PRIOR_SHIFT = {"vi": -0.09, "en": -0.53}
DIAL_FOLD = "b"  # the references that the tagger was not fine-tuned on


def clean_articles(path: Path, lang: str | None, count: int) -> Iterator[Article]:
    """The first `count` articles of a .jsonl(.gz) file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, count)):
            row = json.loads(line)
            yield Article(str(number), row["text"], row.get("lang") or lang or "vi", str(path))


def gold(row: dict[str, Any]) -> list[tuple[int, int]]:
    """Places of a reference that an editor changed, blocks that are no content left out."""
    return [(s["start"], s["end"]) for s in row["spans"] if s["label"] not in NOT_CONTENT]


def covered(phrase: Phrase, places: Sequence[tuple[int, int]]) -> int:
    """How many characters of a phrase lie in gold places."""
    return sum(max(0, min(phrase.end, b) - max(phrase.start, a)) for a, b in places)


def fit(rows: Sequence[Sequence[float]], right: Sequence[bool], weight: Sequence[float]) -> list[float]:
    """Weights of a logistic regression, the constant first (Newton's method, ridge on all but the constant)."""
    x = np.column_stack([np.ones(len(rows)), np.array(rows, dtype=float).reshape(len(rows), -1)])
    y, w = np.array(right, dtype=float), np.array(weight, dtype=float)
    beta = np.zeros(x.shape[1])
    ridge = np.diag([0.0, *[RIDGE] * (x.shape[1] - 1)])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (w * (y - p)) - ridge @ beta
        curvature = (x * (w * p * (1 - p))[:, None]).T @ x + ridge + 1e-9 * np.eye(x.shape[1])
        beta = beta + np.linalg.solve(curvature, gradient)
    return [round(float(b), 4) for b in beta]


def best_borders(tagger: Tagger, rows: Sequence[dict[str, Any]]) -> tuple[float, float, float]:
    """(peak, edge, F1) with the best character F1 over references, every phrase shown."""
    best = (0.0, 0.0, 0.0)
    for edge in EDGES:
        tables = [list(phrases_of(tagger, row, edge, edge)) for row in rows]
        total = sum(b - a for row in rows for a, b in gold(row))
        for peak in (p for p in PEAKS if p >= edge):
            shown = [[f for f in found if max(w.chance for w in f.words) >= peak] for found in tables]
            hits = sum(covered(f, gold(row)) for row, found in zip(rows, shown, strict=True) for f in found)
            size = sum(f.end - f.start for found in shown for f in found)
            best = max(best, (2 * hits / max(1, size + total), peak, edge))
    return best[1], best[2], best[0]


def phrases_of(tagger: Tagger, row: dict[str, Any], peak: float, edge: float) -> Iterator[Phrase]:
    """The phrases of a reference item, taken as an article of its own."""
    article = Article(row["id"], row["text"], row["lang"], "references")
    return find_phrases(article, segment(article), tagger, (peak, edge), by_rules(row["text"], row["lang"]))


@cache
def by_rules(text: str, lang: str) -> list[Span]:
    """What rules find in a text."""
    return detect_article(Article("calibrate", text, lang, "calibrate"), rules_only=True)


def is_new(phrase: Phrase, text: str, lang: str) -> bool:
    """Whether less than half of a phrase of `text` is found by rules too; only what is beside that is ever shown."""
    return covered(phrase, [(s.start, s.end) for s in by_rules(text, lang)]) < ENOUGH * (phrase.end - phrase.start)


class Cached(Tagger):
    """A tagger that remembers what it has read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, threads=1)
        self.seen: dict[str, Any] = {}

    def tag(self, texts: Sequence[str]) -> list[Any]:
        """As `Tagger.tag`, each text read once."""
        new = [t for t in dict.fromkeys(texts) if t not in self.seen]
        self.seen.update(zip(new, super().tag(new), strict=True))
        return [self.seen[t] for t in texts]


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--clean", type=Path, action="append", default=[])
    parser.add_argument("--clean-en", type=Path, action="append", default=[])
    parser.add_argument("--articles", type=int, default=200, help="of each clean file")
    parser.add_argument("--prior-shift", type=float, default=PRIOR_SHIFT["vi"], help="log-odds taken off, Vietnamese")
    parser.add_argument("--prior-shift-en", type=float, default=PRIOR_SHIFT["en"], help="log-odds taken off, English")
    parser.add_argument("--clean-weight", type=float, default=0.3, help="of a phrase of a clean article")
    args = parser.parse_args()
    with args.references.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if fold_of(row) == DIAL_FOLD]
    tagger = Cached(args.model)
    dials: dict[str, Any] = {}
    shifts = {"vi": args.prior_shift, "en": args.prior_shift_en}
    for lang, paths in (("vi", args.clean), ("en", args.clean_en)):
        own = [r for r in rows if r["lang"] == lang]
        peak, edge, f1 = best_borders(tagger, own)
        table = [(p, covered(p, gold(row)) >= ENOUGH * (p.end - p.start), 1.0) for row in own
                 for p in phrases_of(tagger, row, LOWEST_PEAK, edge) if is_new(p, row["text"], lang)]  # fmt: skip
        for path in paths:
            for article in clean_articles(path, lang, args.articles):
                found = find_phrases(
                    article, segment(article), tagger, (LOWEST_PEAK, edge), by_rules(article.text, lang)
                )
                table += [(p, False, args.clean_weight) for p in found if is_new(p, article.text, lang)]
        weights = fit([p.features for p, _, _ in table], [r for _, r, _ in table], [w for _, _, w in table])
        weights[0] = round(weights[0] - shifts[lang], 4)
        dials[lang] = {"peak": LOWEST_PEAK, "edge": edge, "weights": weights}
        dial = Dial(LOWEST_PEAK, edge, tuple(weights))
        report = {"lang": lang, "best peak": peak, "edge": edge, "f1 all shown": round(f1, 4), "phrases": len(table),
                  "weights": dict(zip(("constant", *FEATURES), weights, strict=True))}  # fmt: skip
        for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            shown = [(right, weight) for p, right, weight in table if dial.chance(p.features) >= threshold]
            clean = sum(weight != 1.0 for _, weight in shown)
            good = sum(right for right, _ in shown)
            report[str(threshold)] = f"{good} right, {len(shown) - clean - good} wrong, {clean} in clean articles"
        print(json.dumps(report, indent=1), file=sys.stderr)
    identity = json.loads((args.model / "manifest.json").read_text(encoding="utf-8"))["id"]
    file = args.model / FOLDER / FILE
    part = file.with_suffix(".part")
    part.write_text(
        json.dumps({"references": args.references.name, "dials": dials, "prior_shift": shifts}, indent=1)
        + "\n",
        encoding="utf-8",
    )
    os.replace(part, file)
    write_manifest(args.model, identity)


if __name__ == "__main__":
    main()

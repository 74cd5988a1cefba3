"""Make shards for the token tagger: garbled and clean segments, a class for every piece.

    python -m vn_repair.training.tagging_shards corpora/recipes/second.yaml --data DIR --out .train

A shard of kind `tagging` in the recipe names its language, sources and number of segments. It is an .npz
with `ids` (uint16 pieces, flat), `off` (int64, n + 1) and `label` (uint8, one a piece: 0 fine, then the
labels in the order of `vn_repair.types.Label`). Segments are as `vn_repair.segment` cuts them, headings
and short lines too.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece

from vn_repair.training.build_shards import articles, pivot_tables
from vn_repair.training.garble import Garbled, Operation, garble
from vn_repair.training.garble_en import EnglishOperations
from vn_repair.training.garble_files import read_garbled
from vn_repair.training.garble_rates import ERRORS_PER_100, ArticleErrors
from vn_repair.training.garble_vi import VietnameseOperations
from vn_repair.training.lexical_data import LexicalData
from vn_repair.training.sources import load_recipe
from vn_repair.training.tagging import PieceLabels

LONGEST = 900  # characters of a segment


def examples(
    entry: dict[str, Any], data: Path, rng: random.Random, operations: list[tuple[Operation, float]]
) -> Iterator[Garbled]:
    """Segments of the entry's articles, garbled with a density of its own for every article; `limit` of them."""
    made = 0
    for article in articles(entry, data, entry["lang"]):
        errors = ArticleErrors(
            operations, rng, float(entry.get("per_100", ERRORS_PER_100)), float(entry.get("clean", 0.1))
        )
        for text in article:
            if 1 < len(text) <= LONGEST:
                yield garble(text, errors.operations, errors.count(text, rng), rng)
                made += 1
                if made >= int(entry["limit"]):
                    return


def with_round_trips(entry: dict[str, Any], folder: Path, found: Iterator[Garbled]) -> Iterator[Garbled]:
    """The sentences of the entry's `round_trips` files in `folder`, if it names any, then `found`."""
    for name in entry.get("round_trips", []):
        yield from read_garbled(folder / name)
    yield from found


def write_tagging(found: Iterator[Garbled], encoder: PieceLabels, path: Path) -> dict[str, Any]:
    """Write a shard; returns counts of segments, clean segments, pieces, and spans by label."""
    ids, off, label = array("H"), array("q", [0]), array("B")
    counts, labels = Counter[str](), Counter[str]()
    for garbled in found:
        numbers, classes = encoder.labelled(garbled.text, [(s.start, s.end, s.label) for s in garbled.spans])
        ids.extend(numbers)
        label.extend(classes)
        off.append(len(ids))
        counts["segments"] += 1
        counts["clean"] += not garbled.spans
        labels.update(str(s.label) for s in garbled.spans)
    counts["pieces"] = len(ids)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as out:
        np.savez_compressed(
            out,
            ids=np.frombuffer(ids, np.uint16),
            off=np.frombuffer(off, np.int64),
            label=np.frombuffer(label, np.uint8),
        )
    os.replace(part, path)
    return {**counts, "spans": dict(labels.most_common())}


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=None, help="names of shards to make")
    args = parser.parse_args()
    recipe = load_recipe(args.recipe)
    tokenizer = args.data / recipe["tokenizer"]
    if not tokenizer.exists():
        sys.exit(f"{tokenizer}: no such file; --data must hold the sources that corpora/recipes names")
    encoder = PieceLabels(sentencepiece.SentencePieceProcessor(model_file=str(tokenizer)))
    args.out.mkdir(parents=True, exist_ok=True)
    lexical = LexicalData(args.data / "lexicon", pivot_tables(recipe, args.data, args.out))
    makers = {"vi": VietnameseOperations(lexical).weighted, "en": EnglishOperations(lexical).weighted}
    for name, entry in recipe["shards"].items():
        if entry["kind"] != "tagging" or (args.only is not None and name not in args.only):
            continue
        began = time.monotonic()
        operations = makers[entry["lang"]](entry.get("rates"))
        rng = random.Random(f"{recipe.get('seed', 1)} {name}")
        found = with_round_trips(entry, args.out, examples(entry, args.data, rng, operations))
        counts = write_tagging(found, encoder, args.out / f"{name}.npz")
        print(name, counts, f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

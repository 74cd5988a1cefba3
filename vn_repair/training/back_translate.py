"""Back-translation: text of one language, translated by our own model, as source for the other direction.

    python -m vn_repair.training.back_translate corpora/recipes/third.yaml --data DIR --out .train --limit 6000

Of each shard entry of kind `back_translation` (`lang`: the language of the real text, `documents`, `limit`), sentences
are sampled by the embedded model (sampling: Edunov et al. 2018) and packed as translation examples whose source begins
with a tag (Caswell et al. 2019), so that the model can tell real from made source text. Numbers, dates and names travel
as placeholders; a sentence that loses one, or whose length is far off, is left out.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vn_repair.markers import PLACEHOLDERS, TARGET
from vn_repair.placeholders import mask, slots
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.training.build_shards import articles, sentences
from vn_repair.training.pack import Example, pack
from vn_repair.training.round_trip import sample
from vn_repair.training.sources import load_recipe
from vn_repair.types import EN, VI

TAG = "§"  # a piece of the vocabulary that no news text begins with
BATCH = 256
LONGEST = 300  # characters
RATIO = 2.0  # pieces of one side to pieces of the other


def examples(model: EmbeddedModel, texts: Sequence[str], lang: str, temperature: float) -> Iterator[Example]:
    """Tagged examples into `lang` of real `texts` in `lang`; those that did not come through are left out."""
    other = EN if lang == VI else VI
    masked = [mask(t, slots(t, lang)[: len(PLACEHOLDERS)])[0] for t in texts]
    sources = [model.pieces([TARGET[other], *parts]) for parts in masked]
    for parts, source, made in zip(masked, sources, sample(model, sources, temperature), strict=True):
        wanted = sorted(p for p in parts if p in PLACEHOLDERS)
        close = len(source) < RATIO * len(made) + 8 and len(made) < RATIO * len(source) + 8
        if not close or sorted(p for p in made if p in PLACEHOLDERS) != wanted:
            continue
        back = [
            piece
            for is_mark, run in itertools.groupby(made, lambda p: p in PLACEHOLDERS)
            for piece in (run if is_mark else [model.processor.decode(list(run))])
        ]
        yield Example(f"translate_{lang}", (TARGET[lang], TAG, *back), tuple(parts))


def of_entry(entry: dict[str, Any], data: Path, model: EmbeddedModel, limit: int) -> Iterator[Example]:
    """Examples of an entry's documents, at most `limit` sentences read."""
    rng = random.Random(17)
    found = itertools.islice(
        (s for article in articles(entry, data, entry["lang"]) for s in sentences(article, rng, 30, LONGEST)), limit
    )
    while batch := list(itertools.islice(found, BATCH)):
        yield from examples(model, batch, entry["lang"], float(entry.get("temperature", 0.7)))


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=10**9, help="sentences to translate, of each entry")
    args = parser.parse_args()
    model = EmbeddedModel(threads=1)
    recipe = load_recipe(args.recipe)
    for name, entry in recipe["shards"].items():
        if entry["kind"] != "back_translation":
            continue
        began = time.monotonic()
        limit = min(args.limit, int(entry["limit"]))
        counts = pack(of_entry(entry, args.data, model, limit), model.processor, args.out / f"{name}.npz")
        print(name, counts, f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""Real garbling: sentences sent to the other language and back by the embedded model, sampled at a temperature.

    python -m vn_repair.training.round_trip corpora/recipes/second.yaml --data DIR --shard tagging_vi \\
        --limit 200 --temperature 0.6 1.0 --out round_trips_vi.jsonl

Numbers, dates and names travel as placeholders, so that they are kept. A result is kept where it still
aligns with the original (chrF, length, every placeholder once); wrong spans are then found word by word.
Words that both languages' counts call synonyms are put back, or the labels would teach over-editing.
One JSON object a line: `text`, `clean`, `spans` as [start, end, label, correction]. The shard builders
read such files by `round_trips: [FILE]` in a shard's entry.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vn_repair.markers import PLACEHOLDERS, TARGET
from vn_repair.placeholders import mask, slots, unmask
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.training.build_shards import articles, pivot_tables
from vn_repair.training.garble import Garbled
from vn_repair.training.garble_files import write_garbled
from vn_repair.training.garble_rates import MOST_ERRORS
from vn_repair.training.lexical_data import LexicalData
from vn_repair.training.sources import load_recipe
from vn_repair.training.word_diff import Harmless, diff
from vn_repair.types import EN, VI

BATCH = 32
TOP = 50  # pieces to sample from


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a round trip must keep to be used: sentence chrF (0–100), length ratio, share of words in wrong spans."""

    lowest: float = 40.0
    highest: float = 96.0
    ratio: float = 1.4
    wrong: float = 0.55


def sample(model: EmbeddedModel, sources: Sequence[list[str]], temperature: float) -> list[list[str]]:
    """One sampled output for each source, in order; at temperature 0 the most likely one (beam 2)."""
    out: list[list[str]] = [[] for _ in sources]
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for at in range(0, len(order), BATCH):
        group = order[at : at + BATCH]
        results = model.translator.translate_batch(
            [sources[i] for i in group],
            beam_size=2 if temperature == 0 else 1,
            sampling_topk=1 if temperature == 0 else TOP,
            sampling_temperature=temperature or 1.0,
            max_decoding_length=2 * max(len(sources[i]) for i in group) + 12,
            disable_unk=True,
        )
        for i, result in zip(group, results, strict=True):
            out[i] = result.hypotheses[0]
    return out


def round_trips(model: EmbeddedModel, texts: Sequence[str], lang: str, temperature: float) -> list[str | None]:
    """What each text comes back as; `None` where a placeholder was lost or doubled on either way."""
    other = EN if lang == VI else VI
    masked = [mask(t, slots(t, lang)[: len(PLACEHOLDERS)]) for t in texts]
    there = sample(model, [model.pieces([TARGET[other], *parts]) for parts, _ in masked], temperature)
    back = sample(model, [["<s>", TARGET[lang], *pieces, "</s>"] for pieces in there], temperature)
    out: list[str | None] = []
    for text, (_, table), forth, pieces in zip(texts, masked, there, back, strict=True):
        marks = sorted(table)
        if any(sorted(p for p in run if p in PLACEHOLDERS) != marks for run in (forth, pieces)):
            out.append(None)
            continue
        parts = [
            part
            for is_mark, run in itertools.groupby(pieces, lambda p: p in PLACEHOLDERS)
            for part in (run if is_mark else [model.processor.decode(list(run))])
        ]
        out.append(unmask(parts, {m: text[s.start : s.end] for m, s in table.items()}))
    return out


def aligned(clean: str, came: str, bounds: Bounds) -> bool:
    """Whether a round trip still says nearly the same as the original."""
    from sacrebleu.metrics.chrf import CHRF

    longer = max(len(clean), len(came)) / max(1, min(len(clean), len(came)))
    if longer > bounds.ratio:
        return False
    return bool(bounds.lowest <= CHRF().sentence_score(came, [clean]).score <= bounds.highest)


def as_garbled(clean: str, came: str, bounds: Bounds, harmless: Harmless | None = None) -> Garbled | None:
    """The round trip as a garbled sentence of one to `MOST_ERRORS` spans, or `None` where it cannot be used."""
    if not aligned(clean, came, bounds):
        return None
    found = diff(clean, came, harmless)
    words = sum(found.text[s.start : s.end].count(" ") + 1 for s in found.spans)
    if not 0 < len(found.spans) <= MOST_ERRORS or words > bounds.wrong * (found.text.count(" ") + 1):
        return None
    return found


def synonyms(data: LexicalData, lang: str) -> Harmless:
    """Whether two runs of words differ only by words that are translated alike."""

    def harmless(made: str, meant: str) -> bool:
        a, b = made.lower(), meant.lower()
        if not a or not b:
            return False
        return data.likeness(a, b, lang) >= 0.34 or b in data.synonyms_of(a, lang) or a in data.synonyms_of(b, lang)

    return harmless


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shard", default="tagging_vi", help="shard of the recipe whose texts are sent")
    parser.add_argument("--limit", type=int, default=200, help="sentences to send")
    parser.add_argument("--temperature", type=float, nargs="+", default=[0.6, 1.0])
    parser.add_argument("--tables", type=Path, default=Path(".train"), help="folder of pivot.json.gz")
    parser.add_argument("--model", type=Path, default=None, help="model folder (default: the shipped one)")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    recipe = load_recipe(args.recipe)
    entry = recipe["shards"][args.shard]
    lang, model = entry["lang"], EmbeddedModel(args.model, threads=1)
    harmless = synonyms(LexicalData(args.data / "lexicon", pivot_tables(recipe, args.data, args.tables)), lang)
    fit = (t for article in articles(entry, args.data, lang) for t in article if 50 <= len(t) <= 350 and model.fits(t))
    texts = list(itertools.islice(fit, args.limit))
    rng, bounds, counts, began = random.Random(1), Bounds(), Counter[str](), time.monotonic()

    def kept() -> Iterator[Garbled]:
        for at in range(0, len(texts), 4 * BATCH):
            group = texts[at : at + 4 * BATCH]
            for text, came in zip(group, round_trips(model, group, lang, rng.choice(args.temperature)), strict=True):
                counts["sent"] += 1
                counts["lost a placeholder"] += came is None
                if came is None:
                    continue
                counts["came back the same"] += came == text
                counts["aligned"] += aligned(text, came, bounds)
                found = as_garbled(text, came, bounds, harmless)
                if found is not None:
                    counts.update(kept=1, spans=len(found.spans))
                    yield found
            print(dict(counts), f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    write_garbled(kept(), args.out)


if __name__ == "__main__":
    main()

"""Measure what the garbler makes beside the hand-fixed dev references, and print samples.

    python eval/garbler_mix.py --data DIR > eval/GARBLER.md

`--data` is the local folder of public sources (see corpora/recipes); only numbers are taken from it. The
samples are our own text: the domain grammar and the clean items of the dev references.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vn_repair.training.build_shards import articles, pivot_tables
from vn_repair.training.garble import Garbled, garble
from vn_repair.training.garble_en import EnglishOperations
from vn_repair.training.garble_rates import ERRORS_PER_100, ArticleErrors
from vn_repair.training.garble_vi import VietnameseOperations
from vn_repair.training.grammar import Grammar
from vn_repair.training.lexical_data import LexicalData
from vn_repair.training.sources import load_recipe
from vn_repair.types import EN, VI, Label

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT / "eval" / "references" / "dev.jsonl"
BLOCKS = (Label.DUPLICATE, Label.BOILERPLATE)  # whole blocks, found by rules: the garbler leaves them out
SEGMENTS = 3000
SAMPLES = 20  # a language


@dataclass
class Mix:
    """Counts over texts with marked spans."""

    labels: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    in_text: Counter[int] = field(default_factory=Counter)
    words: int = 0
    deletions: int = 0

    def add(self, text: str, spans: Iterable[tuple[int, int, str, str]]) -> None:
        """Count a text and its (start, end, label, correction) spans."""
        kept = [s for s in spans if s[2] not in BLOCKS]
        self.words += len(text.split())
        self.in_text[len(kept)] += 1
        for start, end, label, correction in kept:
            self.labels[label] += 1
            self.lengths[min(5, len(text[start:end].split()))] += 1
            self.deletions += not correction

    @property
    def spans(self) -> int:
        """Number of spans."""
        return sum(self.labels.values())


def reference_items(lang: str, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Dev items of a language and of the kinds `clean`, `garbled`."""
    for line in DEV.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["lang"] == lang and item["kind"] in kinds:
            yield item


def references(lang: str) -> Mix:
    """The garbled dev items, blocks of seeds 002 and 003 among them."""
    mix = Mix()
    for item in reference_items(lang, ("garbled",)):
        mix.add(item["text"], [(s["start"], s["end"], s["label"], s["correction"]) for s in item["spans"]])
    return mix


def garbled_news(lang: str, recipe: dict[str, Any], data: Path, operations: Any) -> Mix:
    """Segments of the recipe's tagging shard, garbled as that shard is."""
    mix, rng = Mix(), random.Random(11)
    for article in articles(recipe["shards"][f"tagging_{lang}"], data, lang):
        errors = ArticleErrors(operations, rng, ERRORS_PER_100, 0.1)
        for text in article:
            result = garble(text, errors.operations, errors.count(text, rng), rng)
            mix.add(result.text, [(s.start, s.end, s.label, s.correction) for s in result.spans])
        if sum(mix.in_text.values()) >= SEGMENTS:
            break
    return mix


def marked(result: Garbled) -> str:
    """The garbled text with its spans in brackets, label and correction after each."""
    out, at = "", 0
    for span in result.spans:
        wrong = result.text[span.start : span.end]
        out += f"{result.text[at : span.start]}**{wrong}** [{span.label}: {span.correction or '∅'}]"
        at = span.end
    return (out + result.text[at:]).replace("|", "\\|").replace("\n", " / ")


def samples(lang: str, operations: Any) -> Iterator[str]:
    """Our own sentences, garbled with one to six errors."""
    rng, grammar = random.Random(5), Grammar.load()
    clean = [
        i["text"] for i in reference_items(lang, ("clean",)) if 60 < len(i["text"]) < 260 and "\n" not in i["text"]
    ]
    texts = [grammar.sample(rng)[0 if lang == VI else 1] for _ in range(SAMPLES // 2)]
    texts += rng.sample(clean, SAMPLES - len(texts))
    for text in texts:
        yield marked(garble(text, operations, rng.choice((1, 2, 2, 3, 4, 6)), rng))


def percent(part: int, whole: int) -> str:
    """A share with one decimal."""
    return f"{100 * part / max(1, whole):.1f}"


def tables(mixes: dict[str, Mix]) -> Iterator[str]:
    """Markdown tables of the mixes, one column each."""
    names = list(mixes)
    yield "| label, % of spans | " + " | ".join(names) + " |"
    yield "|---|" + "---:|" * len(names)
    for label in Label:
        if label not in BLOCKS:
            yield f"| {label} | " + " | ".join(percent(m.labels[label], m.spans) for m in mixes.values()) + " |"
    yield ""
    yield "| | " + " | ".join(names) + " |"
    yield "|---|" + "---:|" * len(names)
    for length in range(1, 6):
        title = f"{length} word{'s' * (length > 1)}{' or more' * (length == 5)}, % of spans"
        yield f"| {title} | " + " | ".join(percent(m.lengths[length], m.spans) for m in mixes.values()) + " |"
    yield "| answer is empty, % of spans | " + " | ".join(percent(m.deletions, m.spans) for m in mixes.values()) + " |"
    yield "| spans in 100 words | " + " | ".join(percent(m.spans, m.words) for m in mixes.values()) + " |"
    totals = [sum(m.in_text.values()) for m in mixes.values()]
    yield (
        "| texts without a span, % | "
        + " | ".join(percent(m.in_text[0], t) for m, t in zip(mixes.values(), totals, strict=True))
        + " |"
    )
    yield (
        "| spans in a text that has any | "
        + " | ".join(f"{m.spans / max(1, t - m.in_text[0]):.1f}" for m, t in zip(mixes.values(), totals, strict=True))
        + " |"
    )
    yield "| spans counted | " + " | ".join(f"{m.spans:,}" for m in mixes.values()) + " |"


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--recipe", type=Path, default=ROOT / "corpora" / "recipes" / "second.yaml")
    parser.add_argument("--tables", type=Path, default=ROOT / ".train", help="folder of pivot.json.gz")
    args = parser.parse_args()
    recipe = load_recipe(args.recipe)
    lexical = LexicalData(args.data / "lexicon", pivot_tables(recipe, args.data, args.tables))
    operations = {VI: VietnameseOperations(lexical).weighted(), EN: EnglishOperations(lexical).weighted()}
    mixes: dict[str, Mix] = {}
    for lang in (VI, EN):
        mixes[f"{lang} references"] = references(lang)
        mixes[f"{lang} garbler"] = garbled_news(lang, recipe, args.data, operations[lang])
        print(f"{lang} measured", file=sys.stderr)
    print(HEAD, *tables(mixes), sep="\n")
    for lang, title in ((VI, "Vietnamese"), (EN, "English")):
        print(f"\n## Samples, {title}\n")
        print(*(f"{n}. {line}" for n, line in enumerate(samples(lang, operations[lang]), 1)), sep="\n")


HEAD = """# What the garbler makes

Made by `python eval/garbler_mix.py --data DIR > eval/GARBLER.md`.

Training text is garbled by `vn_repair/training/garble*.py`; its rates (`garble_rates.py`) are set by hand to come near
the mix of the hand-fixed dev references: written garbled items and the garbled blocks of seeds 002 (Vietnamese) and
003 (English). The garbler's columns are public news and grammar sentences of `corpora/recipes/second.yaml`, garbled as
the tagging shards are. Duplicates and boilerplate are whole blocks, found by rules, and left out on both sides.
References are denser than real pages on purpose; about half of the garbler's segments stay clean. Encodings are kept
rare, rules undo them. Where the garbler is still off: fewer long spans than editors mark, most of all in English, and
less terminology, because general news holds few terms of the domain.
"""

if __name__ == "__main__":
    main()

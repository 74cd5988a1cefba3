"""Make training shards from public sources as a recipe says.

    python -m vn_repair.training.build_shards corpora/recipes/first.yaml --data DIR --out .train

`--data` is the local folder with `parallel/`, `mono/`, `lexicon/` and the starting checkpoint's
tokenizer; nothing of it is copied into the project. Every shard has its own seed, so that one can
be made again alone (`--only NAME`).
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import regex
import sentencepiece

from vn_repair.glossary import terms
from vn_repair.training.garble import Operation, garble
from vn_repair.training.garble_en import EnglishOperations
from vn_repair.training.garble_vi import VietnameseOperations
from vn_repair.training.grammar import Grammar
from vn_repair.training.lexical_data import LexicalData
from vn_repair.training.pack import Example, pack
from vn_repair.training.sources import documents, load_recipe, pairs
from vn_repair.training.tasks import denoise_example, infill_example, rewrite_example, translate_examples

SENTENCE = regex.compile(r"(?<=[.!?…][\"”’)]?)\s+(?=[\p{Lu}\d\"“(])|\n+")


def sentences(texts: Iterator[str], shortest: int, longest: int) -> Iterator[str]:
    """Sentences of `shortest` to `longest` characters, now and then two neighbours joined."""
    for text in texts:
        pieces = [p.strip() for p in SENTENCE.split(text)]
        for number, piece in enumerate(pieces):
            if shortest <= len(piece) <= longest:
                yield piece
                if number % 9 == 0 and number + 1 < len(pieces) and len(piece) + len(pieces[number + 1]) < longest:
                    yield f"{piece} {pieces[number + 1]}"


def clean_texts(entry: dict[str, Any], data: Path, lang: str) -> Iterator[str]:
    """Clean sentences of one language from the documents and pairs that `entry` names."""
    streams: list[Iterator[str]] = []
    for name, limit in entry.get("documents", {}).items():
        streams.append(sentences(documents(data / "mono" / f"{name}.jsonl.gz", limit), 30, 700))
    column = 0 if lang == "vi" else 1
    for name in entry.get("pairs", []):
        streams.append(
            p[column]
            for p in pairs(data / "parallel" / f"{name}.tsv.gz", bool(entry.get("held_out")))
            if len(p[column]) > 25
        )
    for row in itertools.zip_longest(*streams):
        yield from (r for r in row if r is not None)


def translation(entry: dict[str, Any], data: Path, rng: random.Random) -> Iterator[Example]:
    """Parallel pairs, shuffled, in the directions that `entry` asks for."""
    rows = [
        p for name in entry["pairs"] for p in pairs(data / "parallel" / f"{name}.tsv.gz", bool(entry.get("held_out")))
    ]
    rng.shuffle(rows)
    wanted = set(entry.get("directions", ["translate_en", "translate_vi"]))
    for vi, en in rows:
        masked = rng.random() < float(entry.get("masked", 0.0))
        yield from (e for e in translate_examples(vi, en, masked) if e.task in wanted)


def domain(
    entry: dict[str, Any], rng: random.Random, operations: dict[str, list[tuple[Operation, float]]]
) -> Iterator[Example]:
    """Glossary terms, then sentences of the synchronous grammar: translated both ways, and garbled for infilling."""
    for term in terms():
        yield from translate_examples(term.vi, term.en)
    grammar = Grammar.load()
    while True:
        vi, en = grammar.sample(rng)
        yield from translate_examples(vi, en, rng.random() < float(entry["masked"]))
        for lang, clean, share in (("vi", vi, 0.6), ("en", en, 0.25)):
            if rng.random() < share:
                example = infill_example(garble(clean, operations[lang], rng.randint(1, 4), rng), lang, rng)
                if example is not None:
                    yield example


def garbled(
    entry: dict[str, Any],
    data: Path,
    rng: random.Random,
    operations: list[tuple[Operation, float]],
    labels: Counter[str],
) -> Iterator[Example]:
    """Infill, rewrite and denoise examples of clean text; label counts go into `labels`."""
    lang = entry["lang"]
    shares = entry["tasks"]
    for clean in clean_texts(entry, data, lang):
        task = rng.choices(list(shares), list(shares.values()))[0]
        example: Example | None
        if task == "denoise":
            example = denoise_example(clean, lang, rng)
        else:
            identity = rng.random() < float(entry.get("identity", 0.12))
            most = 1 + min(7, len(clean) // 45)
            result = garble(clean, operations, 0 if identity else rng.randint(1, most), rng)
            labels.update(str(s.label) for s in result.spans)
            example = (
                rewrite_example(result, lang)
                if task == "rewrite"
                else infill_example(result, lang, rng, false_alarm=0.9 if identity else 0.25)
            )
        if example is not None:
            yield example


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=None, help="names of shards to make")
    args = parser.parse_args()
    recipe = load_recipe(args.recipe)
    tokenizer = args.data / recipe["tokenizer"]
    if not tokenizer.exists():
        sys.exit(f"{tokenizer}: no such file; --data must hold the sources that corpora/recipes names")
    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    lexical = LexicalData(args.data / "lexicon")
    operations = {"vi": VietnameseOperations(lexical).weighted(), "en": EnglishOperations(lexical).weighted()}
    for name, entry in recipe["shards"].items():
        if args.only is not None and name not in args.only:
            continue
        rng = random.Random(f"{recipe.get('seed', 1)} {name}")
        began, labels = time.monotonic(), Counter[str]()
        stream = (
            translation(entry, args.data, rng)
            if entry["kind"] == "translation"
            else domain(entry, rng, operations)
            if entry["kind"] == "domain"
            else garbled(entry, args.data, rng, operations[entry["lang"]], labels)
        )
        counts = pack(
            itertools.islice(stream, entry.get("limit")),
            processor,
            args.out / f"{name}.npz",
            int(recipe.get("max_length", 400)),
        )
        print(
            name, counts, dict(labels.most_common()), f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
        )


if __name__ == "__main__":
    main()

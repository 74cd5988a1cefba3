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

import sentencepiece

from vn_repair.glossary import terms
from vn_repair.segment import segment
from vn_repair.training.garble import Operation, garble
from vn_repair.training.garble_en import EnglishOperations
from vn_repair.training.garble_files import read_garbled
from vn_repair.training.garble_pivot import PivotTables
from vn_repair.training.garble_rates import ERRORS_PER_100, ArticleErrors
from vn_repair.training.garble_vi import VietnameseOperations
from vn_repair.training.grammar import Grammar
from vn_repair.training.lexical_data import LexicalData
from vn_repair.training.pack import Example, pack
from vn_repair.training.sources import documents, load_recipe, pairs
from vn_repair.training.tasks import (
    Marking,
    denoise_example,
    infill_example,
    rewrite_example,
    translate_examples,
)
from vn_repair.types import EN, VI, Article

PAIRS_AN_ARTICLE = 12  # neighbouring rows of a parallel file that share a density of errors
OTHER_MAKERS = {"tagging", "back_translation"}  # kinds of tagging_shards.py and back_translate.py


def mono(name: str, entry: Any, data: Path) -> Iterator[list[str]]:
    """Documents as lists of segments; `entry` is a number of documents or [first, last) of them."""
    first, last = (0, int(entry)) if isinstance(entry, int) else map(int, entry)
    path = data / "mono" / f"{name}.jsonl.gz"
    for text in itertools.islice(documents(path, last), first, None):
        article = Article(name, text, EN if name.startswith("en_") else VI, str(path))
        yield [text[s.start : s.end] for s in segment(article)]


def articles(entry: dict[str, Any], data: Path, lang: str) -> Iterator[list[str]]:
    """Clean articles of one language, segment by segment, from the documents and pairs that `entry` names in turn.

    `grammar: share` puts in sentences of the synchronous grammar, as that share of the articles.
    """
    streams = [mono(name, limit, data) for name, limit in entry.get("documents", {}).items()]
    column = 0 if lang == "vi" else 1
    for name in entry.get("pairs", []):
        rows = (p[column] for p in pairs(data / "parallel" / f"{name}.tsv.gz", bool(entry.get("held_out"))))
        streams.append(_grouped(rows))
    share, rng, grammar = float(entry.get("grammar", 0.0)), random.Random(7), Grammar.load()
    for row in itertools.zip_longest(*streams):
        for article in row:
            if article is not None:
                yield article
                if rng.random() < share:
                    yield [grammar.sample(rng)[column] for _ in range(PAIRS_AN_ARTICLE)]


def _grouped(rows: Iterator[str]) -> Iterator[list[str]]:
    while group := list(itertools.islice(rows, PAIRS_AN_ARTICLE)):
        yield group


def sentences(article: list[str], rng: random.Random, shortest: int = 12, longest: int = 700) -> Iterator[str]:
    """Segments of a fit length, now and then two neighbours joined."""
    for piece, after in itertools.zip_longest(article, article[1:], fillvalue=""):
        if shortest <= len(piece) <= longest:
            yield piece
            if after and len(piece) + len(after) < longest and piece[-1:] in ".!?" and rng.random() < 0.1:
                yield f"{piece} {after}"


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
    """Infill, rewrite and denoise examples of clean text; label counts go into `labels`.

    Sentences that come out without an error stay as they are in rewriting; in infilling they have false alarms.
    """
    lang, shares = entry["lang"], entry["tasks"]
    for article in articles(entry, data, lang):
        errors = ArticleErrors(operations, rng, float(entry.get("per_100", 1.3 * ERRORS_PER_100)))
        for clean in sentences(article, rng):
            task = rng.choices(list(shares), list(shares.values()))[0]
            example: Example | None
            if task == "denoise":
                example = denoise_example(clean, lang, rng)
            else:
                count = errors.count(clean, rng)
                if task == "infill" and not count and rng.random() < float(entry.get("fill", 0.8)):
                    count = 1
                result = garble(clean, errors.operations, count, rng)
                labels.update(str(s.label) for s in result.spans)
                marking = Marking() if result.spans else Marking(false_alarm=0.95)
                example = (
                    rewrite_example(result, lang) if task == "rewrite" else infill_example(result, lang, rng, marking)
                )
            if example is not None:
                yield example


def of_round_trips(entry: dict[str, Any], folder: Path, rng: random.Random) -> Iterator[Example]:
    """Infill and rewrite examples of the sentences in the entry's `round_trips` files (see round_trip.py)."""
    for name in entry.get("round_trips", []):
        for found in read_garbled(folder / name):
            example = infill_example(found, entry["lang"], rng) if rng.random() < 0.75 else None
            yield example or rewrite_example(found, entry["lang"])


def pivot_tables(recipe: dict[str, Any], data: Path, out: Path) -> PivotTables:
    """The tables of the recipe's `pivot` pairs, counted once and kept in `out`."""
    names = recipe.get("pivot", [])
    path = out / "pivot.json.gz"
    if not names:
        return PivotTables({}, {})
    if not path.exists():
        known = LexicalData(data / "lexicon").frequency
        rows = (p for name in names for p in pairs(data / "parallel" / f"{name}.tsv.gz"))
        PivotTables.count(rows, known).save(path)
    return PivotTables.load(path)


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
    args.out.mkdir(parents=True, exist_ok=True)
    lexical = LexicalData(args.data / "lexicon", pivot_tables(recipe, args.data, args.out))
    operations = {"vi": VietnameseOperations(lexical).weighted(), "en": EnglishOperations(lexical).weighted()}
    for name, entry in recipe["shards"].items():
        if entry["kind"] in OTHER_MAKERS or (args.only is not None and name not in args.only):
            continue
        rng = random.Random(f"{recipe.get('seed', 1)} {name}")
        began, labels = time.monotonic(), Counter[str]()
        stream = (
            translation(entry, args.data, rng)
            if entry["kind"] == "translation"
            else domain(entry, rng, operations)
            if entry["kind"] == "domain"
            else itertools.chain(
                of_round_trips(entry, args.out, rng), garbled(entry, args.data, rng, operations[entry["lang"]], labels)
            )
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

"""Whether articles hold text of named test sets: runs of n words in common, as usual in the field.

The rule is that of Brown et al. 2020 (appendix C): an article leaks when it shares a run of 13 words (case and
punctuation aside) with a test set; a run that more than ten articles or more than ten test items have is a formula, not
a leak. Vietnamese is written in syllables, about one and a half to a word, and its office style is full of names of
programmes and committees that are longer than 13 of them: there the run is 20 syllables. A test item shorter than that
leaks when it is a whole sentence of the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vn_repair.export.grams import Hashes, ngrams, whole, words
from vn_repair.read.limits import DEFAULT_LIMITS, problem
from vn_repair.read.sources import PARQUET, ROWS, opened
from vn_repair.segment import guess_language
from vn_repair.types import EN, VI

NGRAM = 13
SYLLABLES = 1.5  # in a Vietnamese word
FORMULA = 10  # more articles or test items than this have a formula
SHORTEST = 6  # words; a shorter item ("Ảnh: Mai Hoa") says nothing


@dataclass(slots=True)
class TestSets:
    """The runs of words of all test sets: `hashes`, sorted, and the place (`places[where[i]]`) of each."""

    __test__ = False  # no test, whatever pytest thinks of its name

    hashes: Hashes
    where: NDArray[np.int32]
    items_with: NDArray[np.int32]
    places: list[str]
    n: int = NGRAM
    items: dict[str, int] = field(default_factory=dict)
    too_short: int = 0

    def hits(self, texts: Iterable[str], sentences: Iterable[str]) -> NDArray[np.int64]:
        """Places in `hashes` of the runs that an article of these texts and sentences has, each once."""
        if not len(self.hashes):
            return np.empty(0, np.int64)
        lengths = {run_length(self.n, lang) for lang in (VI, EN)}
        found = [ngrams(numbers, n) for numbers in map(words, texts) for n in lengths]
        short = [number for number, count in map(whole, sentences) if SHORTEST <= count < max(lengths)]
        wanted = np.unique(np.concatenate([*found, np.array(short, np.uint64)]))
        at = np.searchsorted(self.hashes, wanted)
        at[at == len(self.hashes)] = 0
        found_at: NDArray[np.int64] = at[self.hashes[at] == wanted].astype(np.int64)
        return found_at

    def leaks(self, articles_with: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which runs are a leak and no formula; `articles_with` says how many articles have each."""
        return (articles_with <= FORMULA) & (self.items_with <= FORMULA)

    def place(self, hit: int) -> str:
        """`file:line` of the first test item that has a run."""
        return self.places[int(self.where[hit])]


def run_length(n: int, lang: str) -> int:
    """How many of what stands between spaces make a run of `n` words."""
    return round(n * SYLLABLES) if lang == VI else n


def read_test_sets(files: Sequence[str], n: int = NGRAM) -> TestSets:
    """The runs of `n` words in all text of these files, whatever their columns are called.

    A text file has an item a line (a column of a TSV is one), JSONL and Parquet one a text in a row. Raises
    `InputError` for a file that cannot be read.
    """
    hashes: list[Hashes] = []
    where: list[NDArray[np.int32]] = []
    sets = TestSets(np.empty(0, np.uint64), np.empty(0, np.int32), np.empty(0, np.int32), [], n)
    for file in files:
        items = 0
        for place, text in _items(file):
            numbers = words(text)
            if len(numbers) < SHORTEST:
                sets.too_short += 1
                continue
            runs = ngrams(numbers, run_length(n, guess_language(text)))
            found = np.unique(runs) if len(runs) else np.array([whole(text)[0]], np.uint64)
            items += 1
            if not sets.places or sets.places[-1] != place:
                sets.places.append(place)
            hashes.append(found)
            where.append(np.full(len(found), len(sets.places) - 1, np.int32))
        sets.items[PurePath(file).name] = items
    if hashes:
        everything, places = np.concatenate(hashes), np.concatenate(where)
        order = np.lexsort((places, everything))
        sets.hashes, first = np.unique(everything[order], return_index=True)
        sets.where = places[order][first]
        pairs = np.unique(np.stack((everything.view(np.int64), places.astype(np.int64))), axis=1)
        sets.items_with = np.bincount(np.searchsorted(sets.hashes, pairs[0].view(np.uint64)),
                                      minlength=len(sets.hashes)).astype(np.int32)
    return sets


def _items(file: str) -> Iterator[tuple[str, str]]:
    """`file:line` and text of each item."""
    name = PurePath(file).name
    with opened(file, None, DEFAULT_LIMITS) as (stream, kind):
        if kind == PARQUET:
            rows = _parquet_rows(stream, file)
        elif kind == ROWS:
            rows = _json_rows(stream, file)
        else:
            rows = ((number, _decoded(line, file, number).split("\t")) for number, line in enumerate(stream, 1))
        for number, row in rows:
            for text in _texts(row):
                yield f"{name}:{number}", text


def _decoded(line: bytes, file: str, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise problem(f"{file}:{number}", f"is not UTF-8 (byte {error.start + 1})", "save it as UTF-8") from None


def _json_rows(stream: Iterable[bytes], file: str) -> Iterator[tuple[int, Any]]:
    import json

    for number, line in enumerate(stream, 1):
        if not line.isspace():
            try:
                yield number, json.loads(_decoded(line, file, number))
            except (ValueError, RecursionError):
                raise problem(f"{file}:{number}", "the row is not JSON", "write one object a line") from None


def _parquet_rows(stream: Any, file: str) -> Iterator[tuple[int, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        number = 0
        for batch in pq.ParquetFile(stream).iter_batches(batch_size=64, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except pa.ArrowException as error:
        raise problem(file, f"damaged or no Parquet ({str(error).splitlines()[0][:200]})",
                      "write the file again") from None


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)

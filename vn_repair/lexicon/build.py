"""Compute the lexicon's counts from the public texts listed in corpora/recipes, read from a local folder.

    python -m vn_repair.lexicon.build --data DIR

`DIR` holds `mono/` (gzip JSONL, one `{"id", "text"}` a line), `parallel/` (gzip `vi<TAB>en`) and
`gazetteer/` (`person_name_parts.tsv.gz`, `place_names.tsv.gz`, both MIT). Only counts and name parts are
written; development sets are skipped. A pair of capitalised words is counted only where it is a place
name, so no person's name comes out as a pair.
"""

from __future__ import annotations

import argparse
import gzip
import json
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import regex

from vn_repair.lexicon.syllables import syllables

OUT = Path(__file__).parent / "data"
# One pass over a text: words, and marks that break a pair.
UNIT = regex.compile(r"[\p{L}\p{M}]+(?:['’\-][\p{L}\p{M}]+)*|[^\s]")
WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
LATIN = regex.compile(r"[\p{Latin}\p{M}'’]+")
VI_MIN, FOREIGN_MIN, EN_MIN, PAIR_MIN = 5, 5, 3, 15
HELD_OUT_TAIL = {"alt_wikinews.tsv.gz": 1000}
HELD_OUT_FILES = {"vlsp2020_news_dev.tsv.gz"}
# Parallel sources whose Vietnamese was written by people for newspapers: the others hold software English.
VI_NEWS_PAIRS = {"evbcorpus_evbnews.tsv.gz", "alt_wikinews.tsv.gz", "vlsp2020_news_train.tsv.gz",
                 "baosongngu_news.tsv.gz"}


def documents(path: Path) -> Iterator[str]:
    """NFC texts of a gzip JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield unicodedata.normalize("NFC", json.loads(line)["text"])


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """NFC pairs of a gzip TSV file, development rows left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [unicodedata.normalize("NFC", line.rstrip("\n")).split("\t") for line in lines]
    for row in rows[: len(rows) - HELD_OUT_TAIL.get(path.name, 0)]:
        if len(row) == 2:
            yield row[0], row[1]


def vietnamese_texts(data: Path) -> Iterator[str]:
    """All clean Vietnamese: documents, and the Vietnamese side of newspaper pairs."""
    for path in sorted((data / "mono").glob("vi_*.jsonl.gz")):
        yield from documents(path)
    for path in sorted((data / "parallel").glob("*.tsv.gz")):
        if path.name in VI_NEWS_PAIRS:
            yield from (vi for vi, _ in pairs(path))


def english_texts(data: Path) -> Iterator[str]:
    """All English: documents, and the English side of every pair."""
    for path in sorted((data / "mono").glob("en_*.jsonl.gz")):
        yield from documents(path)
    for path in sorted((data / "parallel").glob("*.tsv.gz")):
        if path.name not in HELD_OUT_FILES:
            yield from (en for _, en in pairs(path))


def names(data: Path) -> tuple[set[str], set[tuple[str, str]]]:
    """Single name parts (cased), and the syllable pairs of place names (lower case)."""
    parts: set[str] = set()
    place_pairs: set[tuple[str, str]] = set()
    for file, column, place in (("person_name_parts", 1, False), ("place_names", 0, True)):
        with gzip.open(data / "gazetteer" / f"{file}.tsv.gz", "rt", encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                words = WORD.findall(unicodedata.normalize("NFC", line.split("\t")[column]))
                parts.update(w for w in words if w[:1].isupper())
                if place:
                    low = [w.lower() for w in words]
                    place_pairs.update(pairwise(low))
    return parts, place_pairs


def count_vietnamese(
    texts: Iterable[str], place_pairs: set[tuple[str, str]]
) -> tuple[Counter[str], Counter[str], Counter[tuple[str, str]]]:
    """Counts of words in any case, of words written in lower case, and of syllable pairs."""
    known = syllables()
    total: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    couples: Counter[tuple[str, str]] = Counter()
    for text in texts:
        last, last_upper = "", False
        for unit in UNIT.findall(text):
            if not unit[0].isalpha():
                last = ""
                continue
            word = unit.lower()
            total[word] += 1
            upper = unit[0].isupper()
            if not upper:
                lower[word] += 1
            if word not in known:
                last = ""
                continue
            if last and not (upper and last_upper and (last, word) not in place_pairs):
                couples[last, word] += 1
            last, last_upper = word, upper
    return total, lower, couples


def write_words(name: str, total: Counter[str], lower: Counter[str], keep: Iterable[str]) -> None:
    """Write `word, count in any case, count in lower case`, most frequent first; row one is the token total."""
    rows = sorted(keep, key=lambda w: (-total[w], w))
    body = f"\t{total.total()}\t{lower.total()}\n" + "".join(f"{w}\t{total[w]}\t{lower[w]}\n" for w in rows)
    with gzip.GzipFile(OUT / name, "wb", 9, mtime=0) as out:
        out.write(body.encode())


def write_pairs(couples: Counter[tuple[str, str]], order: list[str]) -> int:
    """Write syllable pairs as columns: for each first syllable its number of pairs, then seconds, then counts.

    Numbers are little-endian uint16 (counts cut at 65535); syllables are numbered as in `order`.
    """
    index = {word: i for i, word in enumerate(order)}
    rows: dict[int, list[tuple[int, int]]] = {}
    for (first, second), count in couples.items():
        if count >= PAIR_MIN and first in index and second in index:
            rows.setdefault(index[first], []).append((index[second], min(count, 65535)))
    sizes, seconds, counts = array("H"), array("H"), array("H")
    for i in range(len(order)):
        row = sorted(rows.get(i, ()))
        sizes.append(len(row))
        seconds.extend(second for second, _ in row)
        counts.extend(count for _, count in row)
    with gzip.GzipFile(OUT / "vi_pairs.bin.gz", "wb", 9, mtime=0) as out:
        out.write(sizes.tobytes() + seconds.tobytes() + counts.tobytes())
    return len(seconds)


def main() -> None:
    """Read the texts under `--data` and write every file of `vn_repair/lexicon/data`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with mono/, parallel/ and gazetteer/")
    data = parser.parse_args().data
    OUT.mkdir(exist_ok=True)
    known = syllables()
    parts, place_pairs = names(data)
    total, lower, couples = count_vietnamese(vietnamese_texts(data), place_pairs)
    order = sorted((w for w in total if w in known and total[w] >= VI_MIN), key=lambda w: (-total[w], w))
    write_words("vi_syllables.tsv.gz", total, lower, order)
    foreign = [w for w, n in total.items() if w not in known and n >= FOREIGN_MIN and LATIN.fullmatch(w)]
    write_words("vi_foreign.tsv.gz", total, lower, foreign)
    number = write_pairs(couples, order)
    english: Counter[str] = Counter()
    english_lower: Counter[str] = Counter()
    for text in english_texts(data):
        found = WORD.findall(text)
        english.update(w.lower() for w in found)
        english_lower.update(w for w in found if w.islower())
    words = [w for w, n in english.items() if n >= EN_MIN and LATIN.fullmatch(w) and len(w) <= 24]
    write_words("en_words.tsv.gz", english, english_lower, words)
    with gzip.GzipFile(OUT / "name_parts.txt.gz", "wb", 9, mtime=0) as out:
        out.write("\n".join(sorted(parts)).encode())
    print(f"{len(order)} syllables, {len(foreign)} foreign words, {number} pairs, {len(words)} English words, "
          f"{len(parts)} name parts")


if __name__ == "__main__":
    main()

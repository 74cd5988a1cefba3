"""Articles on their way into a dataset: chunks of finished rows on disk, each with the numbers that decide its fate.

A chunk is four files and a note in JSON, written last, that makes it count. An interrupted run goes on after the last
chunk that counts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vn_repair.export.features import ARTICLES, CONFIGURATIONS, PAIRS, arrow_schema
from vn_repair.export.grams import BANDS, ROWS, Hashes, bands
from vn_repair.types import Article, InputError
from vn_repair.write.files import atomic

CHUNK_ARTICLES, CHUNK_CHARACTERS, CHUNK_SECONDS = 500, 8_000_000, 60.0


@dataclass(slots=True)
class Entry:
    """An article's row and pairs; its signature, draw and overlap with test sets; three keys for each pair."""

    row: dict[str, Any]
    pairs: list[dict[str, Any]]
    signature: NDArray[np.uint32]
    draw: int
    hits: NDArray[np.int64]
    keys: Hashes


@dataclass(slots=True)
class Progress:
    """What has been read: items (articles and errors), their checksum, errors, articles left out as unchanged."""

    items: int = 0
    checksum: str = ""
    bad: int = 0
    unchanged: int = 0

    def see(self, item: Article | InputError) -> None:
        """Count an item that was read."""
        self.items += 1
        told = str(item) if isinstance(item, InputError) else f"{item.id}\n{item.text}"
        self.checksum = sha256((self.checksum + told).encode("utf-8", "replace")).hexdigest()


@dataclass(slots=True)
class Chunk:
    """A chunk as its note tells of it: rows, pairs, and the progress when it was closed."""

    articles: int
    pairs: int
    progress: Progress


class Spool:
    """The chunks in a folder. `add` and `close_chunk` write; the rest reads what was closed."""

    def __init__(self, folder: Path, fields: Sequence[str] = ()) -> None:
        self.folder, self.fields = folder, tuple(fields)
        self.chunks: list[Chunk] = []
        self._waiting: list[Entry] = []
        self._characters, self._since = 0, time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        while self._path("note", ".json").exists():
            note = json.loads(self._path("note", ".json").read_text(encoding="utf-8"))
            self.chunks.append(Chunk(note["articles"], note["pairs"], Progress(**note["progress"])))

    @property
    def articles(self) -> int:
        """Articles in closed chunks."""
        return sum(chunk.articles for chunk in self.chunks)

    @property
    def progress(self) -> Progress:
        """How far the closed chunks go."""
        return replace(self.chunks[-1].progress) if self.chunks else Progress()

    def _path(self, name: str, ending: str, number: int | None = None) -> Path:
        return self.folder / f"{name}-{len(self.chunks) if number is None else number:06}{ending}"

    def add(self, entry: Entry, progress: Progress) -> None:
        """Add an article; the chunk is closed when it is large or old enough."""
        self._waiting.append(entry)
        self._characters += len(entry.row["text"])
        if (len(self._waiting) >= CHUNK_ARTICLES or self._characters >= CHUNK_CHARACTERS
                or time.monotonic() - self._since >= CHUNK_SECONDS):
            self.close_chunk(progress)

    def close_chunk(self, progress: Progress) -> None:
        """Write what is waiting. Raises `InputError` when it cannot be written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        entries, pairs = self._waiting, [pair for entry in self._waiting for pair in entry.pairs]
        try:
            tables = {ARTICLES: [entry.row for entry in entries], PAIRS: pairs}
            for name, rows in tables.items():
                schema = arrow_schema(name, self.fields if name == ARTICLES else ())
                pq.write_table(pa.Table.from_pylist(rows, schema), self._path(name, ".parquet"), compression="zstd",
                               compression_level=1)
            signatures = np.array([e.signature for e in entries], np.uint32).reshape(len(entries), BANDS * ROWS)
            np.save(self._path("signatures", ".npy"), signatures)
            np.save(self._path("bands", ".npy"), bands(signatures))
            np.savez(self._path("numbers", ".npz"), draws=np.array([e.draw for e in entries], np.int64),
                     pairs=np.array([len(e.pairs) for e in entries], np.int64),
                     hit_rows=np.repeat(np.arange(len(entries)), [len(e.hits) for e in entries]),
                     hits=np.concatenate([np.empty(0, np.int64), *(e.hits for e in entries)]),
                     keys=np.concatenate([np.empty((0, 3), np.uint64), *(e.keys for e in entries)]))
        except OSError as error:
            raise InputError(f"{self.folder}: cannot write ({error.strerror}); make room and run again with "
                             "--resume") from error
        with atomic(self._path("note", ".json")) as file:
            json.dump({"articles": len(entries), "pairs": len(pairs), "progress": asdict(progress)}, file)
        self.chunks.append(Chunk(len(entries), len(pairs), replace(progress)))
        self._waiting, self._characters, self._since = [], 0, time.monotonic()

    def numbers(self, name: str) -> NDArray[Any]:
        """An array of all chunks, one after another: `draws`, `pairs`, `hit_rows` (counted through) or `hits`."""
        parts, first = [], 0
        for number, chunk in enumerate(self.chunks):
            with np.load(self._path("numbers", ".npz", number)) as arrays:
                parts.append(arrays[name] + (first if name == "hit_rows" else 0))
            first += chunk.articles
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def keys(self, number: int) -> Hashes:
        """The keys of the pairs of a chunk, three a pair."""
        with np.load(self._path("numbers", ".npz", number)) as arrays:
            keys: Hashes = arrays["keys"]
            return keys

    def band(self, which: int) -> Hashes:
        """A band of all articles' signatures."""
        parts = [np.load(self._path("bands", ".npy", i), mmap_mode="r")[which] for i in range(len(self.chunks))]
        return np.concatenate([np.empty(0, np.uint64), *parts])

    def signature(self, row: int) -> NDArray[np.uint32]:
        """The signature of an article."""
        starts = self._starts()
        number = int(np.searchsorted(starts, row, side="right")) - 1
        return np.array(_mapped(self._path("signatures", ".npy", number))[row - starts[number]])

    def _starts(self) -> NDArray[np.int64]:
        return _starts(tuple(chunk.articles for chunk in self.chunks))

    def tables(self, number: int) -> dict[str, Any]:
        """The Arrow tables of a chunk, by configuration."""
        import pyarrow.parquet as pq

        return {name: pq.read_table(self._path(name, ".parquet", number), use_threads=False)
                for name in CONFIGURATIONS}

    def names(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, str, str]]:
        """(row, article id, file and line) of `rows`, which are sorted."""
        import pyarrow.parquet as pq

        starts = self._starts()
        for number, chunk in enumerate(self.chunks):
            low, high = np.searchsorted(rows, (starts[number], starts[number] + chunk.articles))
            inside = rows[low:high]
            if len(inside):
                table = pq.read_table(self._path(ARTICLES, ".parquet", number), columns=["id", "origin"])
                for row in map(int, inside):
                    at = row - int(starts[number])
                    yield row, table["id"][at].as_py(), table["origin"][at].as_py()


@lru_cache(64)
def _mapped(path: Path) -> NDArray[np.uint32]:
    array: NDArray[np.uint32] = np.load(path, mmap_mode="r")
    return array


@lru_cache(2)
def _starts(sizes: tuple[int, ...]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64) if sizes else np.empty(0, np.int64)

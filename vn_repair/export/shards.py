"""Parquet shards: a fixed number of articles each, with the pairs of the same articles beside them.

What a shard holds depends only on the articles, not on how they were spooled, so a run that was interrupted writes the
same bytes, and shards that were finished before need not be written again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vn_repair.export.decide import Fates, HeldOut
from vn_repair.export.features import ARTICLES, CONFIGURATIONS, PAIRS, arrow_schema
from vn_repair.export.splits import Splits
from vn_repair.export.spool import Spool
from vn_repair.export.statistics import Counts
from vn_repair.types import InputError
from vn_repair.write.files import atomic

if TYPE_CHECKING:
    import pyarrow as pa

# Rows of a group: enough to compress well, few enough that a reader of one row (the Hub's viewer) fetches little.
GROUP = {ARTICLES: 500, PAIRS: 10_000}
FOLDERS = {ARTICLES: "data", PAIRS: "pairs"}  # as `push_to_hub` names them


@dataclass(frozen=True, slots=True)
class Shard:
    """A finished shard: its split, number, rows, bytes and SHA-256 by configuration, and what was counted."""

    split: str
    number: int
    rows: dict[str, int]
    sizes: dict[str, int]
    memory: dict[str, int]
    checksums: dict[str, str]
    repeated: int
    counts: Counts

    def as_json(self) -> dict[str, Any]:
        """The note of the shard."""
        return {"split": self.split, "number": self.number, "rows": self.rows, "sizes": self.sizes,
                "memory": self.memory, "checksums": self.checksums, "repeated": self.repeated,
                "counts": self.counts.as_json()}


class ShardWriter:
    """Writes the two files of a shard in `folder`; its note, written last, makes it count."""

    def __init__(self, folder: Path, split: str, number: int, fields: tuple[str, ...]) -> None:
        import pyarrow.parquet as pq

        self.folder, self.split, self.number = folder, split, number
        self.counts, self.repeated = Counts(), 0
        self._waiting: dict[str, list[pa.Table]] = {name: [] for name in CONFIGURATIONS}
        self._rows = dict.fromkeys(CONFIGURATIONS, 0)
        self._files = {
            name: pq.ParquetWriter(shard_path(folder, name, split, number),
                                   arrow_schema(name, fields if name == ARTICLES else ()), compression="zstd",
                                   write_page_index=True, use_content_defined_chunking=True)
            for name in CONFIGURATIONS
        }

    def add(self, articles: pa.Table, pairs: pa.Table, repeated: int) -> None:
        """Add articles and their pairs; `repeated` pairs were left out."""
        self.counts.add_articles(articles)
        self.counts.add_pairs(pairs)
        self.repeated += repeated
        for name, table in ((ARTICLES, articles), (PAIRS, pairs)):
            self._waiting[name].append(table)
            self._write(name, GROUP[name])

    def _write(self, name: str, group: int) -> None:
        import pyarrow as pa

        if sum(table.num_rows for table in self._waiting[name]) < group:
            return
        table = pa.concat_tables(self._waiting[name]).combine_chunks()
        whole = table.num_rows - table.num_rows % group
        for start in range(0, whole, group):
            self._write_group(name, table.slice(start, group))
        self._waiting[name] = [table.slice(whole)] if whole < table.num_rows else []

    def _write_group(self, name: str, table: pa.Table) -> None:
        self._files[name].write_table(table, row_group_size=GROUP[name])
        self._rows[name] += table.num_rows

    def close(self) -> Shard:
        """Finish the files and return what they are."""
        for name in CONFIGURATIONS:
            if self._waiting[name]:
                self._write(name, max(1, sum(t.num_rows for t in self._waiting[name])))
            self._files[name].close()
        paths = {name: shard_path(self.folder, name, self.split, self.number) for name in CONFIGURATIONS}
        sizes = {name: path.stat().st_size for name, path in paths.items()}
        memory = {name: _uncompressed(path) for name, path in paths.items()}
        checksums = {name: checksum(path) for name, path in paths.items()}
        shard = Shard(self.split, self.number, self._rows, sizes, memory, checksums, self.repeated, self.counts)
        with atomic(_note(self.folder, self.split, self.number)) as file:
            json.dump(shard.as_json(), file, ensure_ascii=False)
        return shard


def write_shards(spool: Spool, splits: Splits, fates: Fates, held_out: HeldOut, folder: Path, *,
                 shard_articles: int, progress: Callable[[int], None] = lambda done: None) -> list[Shard]:
    """Write the shards of all splits to `folder`; those that are finished there are kept. In order of splits.

    Raises `InputError` when they cannot be written.
    """
    import pyarrow as pa

    folder.mkdir(parents=True, exist_ok=True)
    pair_counts = spool.numbers("pairs")
    position = _positions(fates, len(splits.names))
    duplicates = _duplicate_ids(spool, fates)
    finished: dict[tuple[int, int], Shard] = {}
    open_shards: dict[int, ShardWriter] = {}
    first = 0
    try:
        for number, chunk in enumerate(spool.chunks):
            rows = np.arange(first, first + chunk.articles)
            wanted: dict[tuple[int, int], np.ndarray[Any, np.dtype[np.int64]]] = {}
            for split in range(len(splits.names)):
                mine = rows[fates.splits[rows] == split]
                for shard in np.unique(position[mine] // shard_articles).tolist():
                    key = (split, shard)
                    if key not in finished and (known := read_note(folder, splits.names[split], shard)):
                        finished[key] = known
                    if key not in finished:
                        wanted[key] = mine[position[mine] // shard_articles == shard]
            if wanted:
                tables, keys = spool.tables(number), spool.keys(number)
                tables[ARTICLES] = _with_duplicates(tables[ARTICLES], [duplicates.get(r) for r in rows.tolist()])
                starts = np.concatenate(([0], np.cumsum(pair_counts[rows])))
            for (split, shard), mine in wanted.items():
                writer = open_shards.get(split)
                if writer is None or writer.number != shard:
                    if writer is not None:
                        finished[split, writer.number] = writer.close()
                    writer = ShardWriter(folder, splits.names[split], shard, spool.fields)
                    open_shards[split] = writer
                inside = mine - first
                places = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in inside.tolist()])
                repeated = held_out.repeated(keys[places]) if split == held_out.train else np.zeros(len(places), bool)
                writer.add(tables[ARTICLES].take(pa.array(inside)), tables[PAIRS].take(pa.array(places[~repeated])),
                           int(repeated.sum()))
            first += chunk.articles
            pa.default_memory_pool().release_unused()  # else what it keeps for later adds up to some 50 MB
            progress(first)
        for split, writer in open_shards.items():
            finished[split, writer.number] = writer.close()
    except OSError as error:
        raise InputError(f"{folder}: cannot write ({error.strerror or error}); make room and run again with "
                         "--resume") from error
    return [finished[key] for key in sorted(finished)]


def _positions(fates: Fates, splits: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place of each article in its split."""
    out = np.zeros(len(fates.splits), np.int64)
    for split in range(splits):
        mine = fates.splits == split
        out[mine] = np.arange(int(mine.sum()))
    return out


def _duplicate_ids(spool: Spool, fates: Fates) -> dict[int, str]:
    """The id of the first article like it, for each article that has one."""
    rows = np.flatnonzero(fates.first_like != np.arange(len(fates.first_like)))
    ids = {row: name for row, name, _ in spool.names(np.unique(fates.first_like[rows]))}
    return {row: ids[int(fates.first_like[row])] for row in rows.tolist()}


def _with_duplicates(table: pa.Table, ids: Sequence[str | None]) -> pa.Table:
    import pyarrow as pa

    place = table.schema.get_field_index("duplicate_of")
    return table.set_column(place, table.schema.field(place), pa.array(ids, pa.string()))


def shard_path(folder: Path, name: str, split: str, number: int, of: int | None = None) -> Path:
    """The file of a shard: while it is written in `folder`, and with `of` in the finished data set."""
    if of is None:
        return folder / f"{name}-{split}-{number:05}.parquet"
    return folder / FOLDERS[name] / f"{split}-{number:05}-of-{of:05}.parquet"


def _note(folder: Path, split: str, number: int) -> Path:
    return folder / f"{split}-{number:05}.json"


def read_note(folder: Path, split: str, number: int) -> Shard | None:
    """The finished shard, if it is there."""
    try:
        data = json.loads(_note(folder, split, number).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Shard(**{**data, "counts": Counts.from_json(data["counts"])})


def _uncompressed(path: Path) -> int:
    """Bytes of a Parquet file's pages before compression."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    return sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))


def checksum(path: Path) -> str:
    """SHA-256 of a file; it is on the disk after this."""
    total = sha256()
    with open(path, "rb") as file:
        while part := file.read(2**20):
            total.update(part)
        os.fsync(file.fileno())
    return total.hexdigest()

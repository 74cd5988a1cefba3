"""Parquet by pyarrow: column `text`, and optionally `id` and `lang`; read in small batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from vn_repair.read.limits import Limits, problem
from vn_repair.read.names import stem
from vn_repair.read.rows import Row, article_of
from vn_repair.types import Article, InputError

BATCH = 16


def read_parquet(
    stream: BinaryIO, source: str, lang: str | None, limits: Limits, *, others: bool
) -> Iterator[tuple[Article, Row] | InputError]:
    """Each row's article with its other columns (left unread unless `others`), or that row's error.

    Rows are counted from 1 in `file:row`. Raises `InputError` where the file as a whole is unusable.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not stream.seekable():
        raise problem(source, "Parquet cannot be read from a pipe", "name the file")
    try:
        file = pq.ParquetFile(stream)
        schema = file.schema_arrow
        if "text" not in schema.names:
            raise problem(source, f"has no column text (it has {', '.join(schema.names)[:200]})", "rename the column")
        kind: Any = schema.field("text").type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view()):
            raise problem(source, f"its column text holds {kind}, not text", "convert the column to string")
        _check_row_groups(file, source, limits)
        wanted = None if others else [name for name in ("id", "lang", "text") if name in schema.names]
        number = 0
        for batch in file.iter_batches(batch_size=BATCH, columns=wanted, use_threads=False):
            for index in range(batch.num_rows):
                number += 1
                place = f"{source}:{number}"
                try:
                    row = {name: batch.column(name)[index].as_py() for name in batch.schema.names}
                    yield article_of(row, place, f"{stem(source)}-{number}", lang, limits)
                except UnicodeDecodeError:
                    yield problem(place, "the row is not UTF-8", "write the text as UTF-8")
                except InputError as error:
                    yield error
        if number == 0:
            raise problem(source, "has no rows", "give a file with articles in it")
    except (pa.ArrowException, OSError) as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise problem(source, f"damaged or no Parquet ({reason})", "write the file again") from None


def _check_row_groups(file: Any, source: str, limits: Limits) -> None:
    """Raise `InputError` if a row group, unpacked, holds more than all its rows may: it would be read whole."""
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        if group.total_byte_size > max(group.num_rows, 1) * limits.article_bytes:
            raise problem(source, f"its row group {number + 1} unpacks to {group.total_byte_size // 2**20:,} MiB in "
                          f"{group.num_rows:,} rows", "split the articles and write the file again")

"""Read articles from files of any kind, one after another, and report what cannot be read.

`read(source)` yields an `Article` for each one that is sound and an `InputError` (as an object, not raised) for each
that is not: a bad row, or the rest of a file that cannot be read on. So a batch goes on after bad input:

    for item in read("news.jsonl"):
        if isinstance(item, InputError):
            print(item, file=sys.stderr)  # one line: <file>[:line]: <what is wrong>; <remedy>
        else:
            repair(item)

Text is decoded (see `encodings.decode`), put into NFC and otherwise left as it is: no line end, space or Markdown is
changed, and a byte-order mark alone is left out. A UTF-8 file in NFC gives its own bytes back when encoded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from typing import Any

from vn_repair.read.limits import DEFAULT_LIMITS, Limits
from vn_repair.read.markdown import protected_ranges
from vn_repair.read.names import UniqueNames, safe_name
from vn_repair.read.protected import protected
from vn_repair.read.sources import HTML, PARQUET, ROWS, opened
from vn_repair.types import EN, VI, Article, InputError

__all__ = ["DEFAULT_LIMITS", "Limits", "UniqueNames", "protected", "protected_ranges", "read", "safe_name"]


def read(
    source: str | os.PathLike[str],
    *,
    lang: str | None = None,
    kind: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    extras: MutableMapping[str, dict[str, Any]] | None = None,
) -> Iterator[Article | InputError]:
    """Articles and errors of a path, or of standard input if `source` is `-`, in order, one held at a time.

    `kind` is `text`, `markdown`, `html`, `jsonl` or `parquet`; without it the ending decides, then the first bytes;
    gzip is seen through. `lang` (`vi` or `en`) stands where a row has none; otherwise it is guessed. If `extras` is
    given, a row's other keys are put into it under the article's `source` just before the article is yielded; the
    caller takes them out. Ids are kept as they are, doubled ones too: `UniqueNames` gives file names for them.
    Raises `ValueError` for a wrong `lang` or `kind`.
    """
    if lang not in (None, VI, EN):
        raise ValueError(f"lang is {lang!r}, not 'vi' or 'en'")
    if kind not in (None, "text", "markdown", HTML, ROWS, PARQUET):
        raise ValueError(f"kind is {kind!r}, not 'text', 'markdown', 'html', 'jsonl' or 'parquet'")
    name = os.fspath(source)
    try:
        with opened(name, kind, limits) as (stream, found):
            if found == ROWS:
                from vn_repair.read.rows import read_rows

                rows = read_rows(stream, name, lang, limits)
            elif found == PARQUET:
                from vn_repair.read.parquet import read_parquet

                rows = read_parquet(stream, name, lang, limits, others=extras is not None)
            else:
                if found == HTML:
                    from vn_repair.read.page import read_page as read_one
                else:
                    from vn_repair.read.plain import read_plain as read_one
                yield read_one(stream, name, lang, limits)
                return
            for row in rows:
                if isinstance(row, InputError):
                    yield row
                    continue
                article, others = row
                if extras is not None:
                    extras[article.source] = others
                yield article
    except InputError as error:
        yield error

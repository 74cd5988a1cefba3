"""A repair record checked and made ready for the decisions file."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from itertools import islice
from typing import Any

import regex

from vn_repair.placeholders import unaccented
from vn_repair.types import InputError, Repair, check_spans
from vn_repair.write.record import read_record
from vn_repair.write.visible import one_line

WORD = regex.compile(r"\p{L}{2,}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record as it is stored."""

    repair: Repair
    id: str
    digest: str
    title: str
    words: str
    blob: bytes
    record_digest: str


def prepare(record: dict[str, Any]) -> Prepared:
    """A repair record (of `vn_repair.records`) made ready. Raises `InputError` if its offsets are wrong."""
    repair = read_record(record)
    article = repair.article
    try:
        check_spans(article.text, (*repair.spans, *repair.edits))
    except ValueError as error:
        raise InputError(f"{one_line(article.id)}: {error}; make the record again with vn-repair repair") from error
    # ASCII: a record may hold a lone surrogate, which no UTF-8 can.
    raw = json.dumps(record, sort_keys=True).encode("ascii")
    name = one_line(title(article.text) or article.id, 160)
    return Prepared(repair, storable(article.id), digest(article.text), storable(name),
                    fold(f"{article.id}\n{article.text}"), zlib.compress(raw, 1), sha256(raw).hexdigest())


def title(text: str) -> str:
    """The first line that reads like a headline (four words or more), else the first that is not blank."""
    lines = list(islice((line.strip() for line in StringIO(text) if line.strip()), 8))
    return next((line for line in lines if len(WORD.findall(line)) >= 4), lines[0] if lines else "")


def digest(text: str) -> str:
    """A checksum of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    """`text` with lone surrogates, which SQLite cannot hold, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def fold(text: str) -> str:
    """What is searched: no case, no diacritics, nothing that ends a C string."""
    return unaccented(storable(text)).lower().replace("\0", " ")

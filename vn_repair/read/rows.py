"""JSONL: one object a line with `text`, and optionally `id` and `lang`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from vn_repair.read.encodings import binary_kind
from vn_repair.read.limits import Limits, checked_text, problem
from vn_repair.read.names import stem
from vn_repair.segment import guess_language
from vn_repair.types import EN, VI, Article, InputError

Row = dict[str, Any]


def read_rows(
    stream: BinaryIO, source: str, lang: str | None, limits: Limits
) -> Iterator[tuple[Article, Row] | InputError]:
    """Each row's article with its other keys, or the error that row is refused with; blank lines are skipped.

    A line is read only up to `limits.row_bytes`, so a huge one costs no memory. Raises `InputError` where the file
    as a whole is no JSONL.
    """
    _check_head(stream, source)
    empty = True
    for number, line in _lines(stream, limits.row_bytes):
        place = f"{source}:{number}"
        if line is None:
            empty = False
            yield problem(place, f"the row is longer than {limits.row_bytes // 2**20} MiB", "split the article")
        elif not line.isspace():
            empty = False
            try:
                yield article_of(_parsed(line, number, place), place, f"{stem(source)}-{number}", lang, limits)
            except InputError as error:
                yield error
    if empty:
        raise problem(source, "is empty", "give one JSON object a line, each with a text")


def _check_head(stream: BinaryIO, source: str) -> None:
    peek = getattr(stream, "peek", None)
    head: bytes = peek(4096)[:4096] if peek else b""
    kind = binary_kind(head)
    if kind:
        raise problem(source, f"this is {kind}, not JSONL", "give it the ending of what it is, or JSONL as UTF-8")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        raise problem(source, "is not UTF-8", "save the JSONL as UTF-8")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        raise problem(source, "is a JSON array, not JSONL", "write one object a line (jq -c '.[]' does it)")


def _lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Number (from 1) and bytes of each line; None for a line longer than `limit`, which is read over."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line
            continue
        del line
        while (rest := stream.readline(2**20)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def _parsed(line: bytes, number: int, place: str) -> Row:
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise problem(place, f"the row is not UTF-8 (byte {error.start + 1})", "save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise problem(place, f"the row is not JSON ({error.msg} at character {error.pos + 1})",
                      "write one whole object a line") from None
    except (RecursionError, ValueError):
        raise problem(place, "the row is not usable JSON (nested too deep, or a number too long)",
                      "keep to id, lang and text") from None
    if not isinstance(row, dict):
        raise problem(place, f"the row is {_json_type(row)}, not an object", 'write {"id": …, "text": …}')
    return row


def article_of(row: Row, place: str, default_id: str, lang: str | None, limits: Limits) -> tuple[Article, Row]:
    """The article in a row and the row's other keys. Raises `InputError`.

    `id` may be text or a whole number (kept as text); without one it is `default_id`. A row's own `lang` goes before
    `lang`, and that before a guess.
    """
    text = row.get("text")
    if not isinstance(text, str):
        wrong = f"its text is {_json_type(text)}, not text" if "text" in row else "the row has no text"
        raise problem(place, wrong, 'give it a "text" of words')
    identifier = row.get("id")
    if identifier is None or identifier == "":
        identifier = default_id
    elif isinstance(identifier, bool) or not isinstance(identifier, str | int):
        raise problem(place, f"its id is {_json_type(identifier)}", "make it text or a whole number, or leave it out")
    identifier = str(identifier)
    if len(identifier) > 1000 or any(0xD800 <= ord(c) < 0xE000 for c in identifier):
        raise problem(place, "its id is longer than 1,000 characters or not whole Unicode", "give it a shorter id")
    own = row.get("lang")
    if own is not None and own not in (VI, EN):
        raise problem(place, f"its lang is {str(own)[:40]!r}", 'use "vi" or "en", or leave it out')
    text = checked_text(text, place, limits)
    article = Article(identifier, text, own or lang or guess_language(text), place)
    return article, {key: value for key, value in row.items() if key not in ("id", "text", "lang")}


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else "something else")

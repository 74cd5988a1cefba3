"""Plain text and Markdown: one file, one article, its text as it stands (NFC, line ends kept)."""

from __future__ import annotations

from typing import BinaryIO

from vn_repair.read.encodings import DecodeError, decode
from vn_repair.read.limits import Limits, checked_text, problem
from vn_repair.read.names import stem
from vn_repair.read.sources import read_all
from vn_repair.segment import guess_language
from vn_repair.types import Article


def read_plain(stream: BinaryIO, source: str, lang: str | None, limits: Limits) -> Article:
    """The article in `stream`. Raises `InputError` (empty, binary, unknown encoding, over the limits)."""
    data = read_all(stream, source, limits)
    if not data:
        raise problem(source, "is empty", "give a file with an article in it")
    try:
        text, _ = decode(data)
    except DecodeError as error:
        raise problem(source, error.wrong, error.remedy) from None
    del data
    text = checked_text(text, source, limits)
    return Article(stem(source), text, lang or guess_language(text), source)

"""Opening what was named: a path or standard input, compressed or not, and telling what kind of input it is."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, cast

from vn_repair.read.limits import Limits, article_too_long, line_too_long, problem
from vn_repair.types import InputError

TEXT, MARKDOWN, HTML, ROWS, PARQUET = "text", "markdown", "html", "jsonl", "parquet"
KINDS = {
    ".txt": TEXT, ".text": TEXT, ".md": MARKDOWN, ".markdown": MARKDOWN, ".html": HTML, ".htm": HTML, ".xhtml": HTML,
    ".jsonl": ROWS, ".ndjson": ROWS, ".json": ROWS, ".parquet": PARQUET, ".pq": PARQUET,
}
CHUNK = 2**20
HTML_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL
)
ROW_HEAD = re.compile(rb"\s*\{\s*\"")


@contextmanager
def opened(source: str, kind: str | None, limits: Limits) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of `source` (`-` is standard input), unpacked if gzip, and their kind (`kind` if given).

    Raises `InputError` for all that can go wrong while the file is opened or read within the `with` block.
    """
    with ExitStack() as stack:
        try:
            stream = _open(source, stack)
            packed = stream.peek(2)[:2] == b"\x1f\x8b"
            if packed:
                stream = io.BufferedReader(cast(io.RawIOBase, stack.enter_context(gzip.GzipFile(fileobj=stream))))
            kind = kind or _kind(source, stream.peek(4096))
            if kind in (TEXT, MARKDOWN, HTML) and not packed:
                _check_size(stream, source, limits)
            yield cast(BinaryIO, stream), kind
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise problem(source, f"damaged gzip data ({error})", "compress the file again") from None
        except OSError as error:
            raise _os_problem(source, error) from None


def _open(source: str, stack: ExitStack) -> io.BufferedReader:
    if source == "-":
        return cast(io.BufferedReader, sys.stdin.buffer)
    if os.path.isdir(source):
        raise problem(source, "is a directory", "name the files in it")
    return stack.enter_context(open(source, "rb"))


def _os_problem(source: str, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        remedy = "download the page first and name the file" if "://" in source else "check the path"
        return problem(source, "no such file", remedy)
    if isinstance(error, PermissionError):
        return problem(source, "may not be read (permission denied)", "change its permissions or copy it")
    return problem(source, f"cannot be read ({error.strerror or error})", "check the file and the disk")


def _check_size(stream: io.BufferedReader, source: str, limits: Limits) -> None:
    """Refuse a file that is certainly too long before any of it is read."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:
        return  # not a file of the system's
    if stat.S_ISREG(status.st_mode) and status.st_size > limits.article_bytes:
        raise article_too_long(source, limits)


def _kind(source: str, head: bytes) -> str:
    """By ending, else by the first bytes; text if nothing else fits."""
    name = source.lower().removesuffix(".gz")
    known = KINDS.get(os.path.splitext(name)[1])
    if known:
        return known
    if head.startswith(b"PAR1"):
        return PARQUET
    head = head.removeprefix(b"\xef\xbb\xbf")
    if HTML_HEAD.match(head):
        return HTML
    return ROWS if ROW_HEAD.match(head) else TEXT


def read_all(stream: BinaryIO, place: str, limits: Limits) -> bytes:
    """All bytes of `stream`; stops with `InputError` as soon as they are certainly too many in all or in one line."""
    chunks: list[bytes] = []
    total = run = 0
    lines = 1
    while chunk := stream.read(CHUNK):
        chunks.append(chunk)
        total += len(chunk)
        if total > limits.article_bytes:
            raise article_too_long(place, limits)
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        run = run + len(chunk) if last < 0 else len(chunk) - last - 1
        if run > limits.line_bytes:
            raise line_too_long(place, lines + sum(c.count(b"\n") for c in chunks), limits)
    return b"".join(chunks)

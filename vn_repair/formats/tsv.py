"""Fields of a tab-separated file that survive every text and a trip through a spreadsheet.

Written are bare fields, no quotes around them: a backslash is doubled; tab, line feed and carriage return are `\\t`,
`\\n`, `\\r`; other controls, line separators and lone surrogates `\\u001b`; and a field that begins with `=`, `+`, `-`,
`@`, a quote or an apostrophe has an apostrophe before it, so that no spreadsheet takes it for a formula or for quoted
(OWASP, "CSV Injection"). `unescaped` takes exactly that back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from vn_repair.types import InputError

NAMED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
SPECIAL = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
PLAIN = {"t": "\t", "n": "\n", "r": "\r"}
DANGEROUS = tuple("=+-@\"'")
MAX_FIELD = 16_000_000


def escaped(text: str, also: re.Pattern[str] | None = None) -> str:
    """`text` as a field; a backslash goes before what `also` finds, too."""
    text = SPECIAL.sub(lambda m: NAMED.get(m.group()) or f"\\u{ord(m.group()):04x}", text)
    return also.sub(lambda m: "\\" + m.group(), text) if also else text


def guarded(field: str) -> str:
    """The field with an apostrophe before it if a spreadsheet could take it for more than text."""
    return "'" + field if field.startswith(DANGEROUS) else field


def unguarded(field: str) -> str:
    """The field without the apostrophe of `guarded`."""
    return field.removeprefix("'")


def unescaped(field: str) -> str:
    """What `escaped` was given."""
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else PLAIN.get(m[2], m[2]), field)


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, fields by column) of a file with a heading, as written or as a spreadsheet saved it.

    Fields in quotes are read as spreadsheets write them; UTF-8 with or without a byte order mark, and UTF-16 with
    one. Raises `InputError` when it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            mark = file.read(2)
        encoding = "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        csv.field_size_limit(MAX_FIELD)
        with open(path, encoding=encoding, newline="") as file:
            reader = csv.reader(_no_nul(file, path), delimiter="\t")
            heading = next(reader, None)
            if heading is None:
                raise InputError(f"{path}: is empty; give a file with a heading line")
            for fields in reader:
                if fields:
                    yield reader.line_num, dict(zip(heading, fields, strict=False))
    except UnicodeError as error:
        raise InputError(f"{path}: is no UTF-8 text; save it as UTF-8") from error
    except csv.Error as error:
        raise InputError(f"{path}: is no tab-separated text ({error}); save it as such") from error
    except OSError as error:
        raise InputError(f"{path}: cannot read ({error.strerror}); give a file that exists") from error


def _no_nul(file: io.TextIOBase | Iterator[str], path: Path) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        if "\0" in line:
            raise InputError(f"{path}:{number}: holds a NUL character; save it as tab-separated text")
        yield line

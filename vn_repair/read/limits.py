"""What the readers accept, and the one-line messages they refuse with."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from vn_repair.types import InputError


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes above which input is refused, so that memory stays bounded whatever is given.

    `row_bytes` is the longest JSONL line held in memory. Characters are code points. Of a web page `page` counts
    the characters with the markup, `elements` its elements and `attributes` those of one element. `marks` are combining
    marks in a row: putting them in order takes quadratic time (Unicode's stream-safe text format, UAX #15, allows 30).
    """

    article: int = 20_000_000
    line: int = 5_000_000
    row_bytes: int = 32 * 2**20
    page: int = 5_000_000
    elements: int = 40_000
    attributes: int = 10_000
    marks: int = 1_000

    @property
    def article_bytes(self) -> int:
        """Bytes that certainly hold more than `article` characters, in UTF-8 or UTF-16."""
        return 4 * self.article

    @property
    def line_bytes(self) -> int:
        """Bytes that certainly hold more than `line` characters."""
        return 4 * self.line


DEFAULT_LIMITS = Limits()


def shown(name: str) -> str:
    """A file name as it can stand in a one-line message."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def problem(place: str, wrong: str, remedy: str) -> InputError:
    """The error `<place>: <what is wrong>; <remedy>`; `place` is a file or `file:line`."""
    return InputError(f"{shown(place)}: {shown(wrong)}; {remedy}")


def article_too_long(place: str, limits: Limits) -> InputError:
    """The error for a text over `limits.article`."""
    return problem(place, f"longer than {limits.article:,} characters", "split it into articles")


def line_too_long(place: str, line: int, limits: Limits) -> InputError:
    """The error for a line over `limits.line`; `line` counts from 1."""
    return problem(place, f"line {line} of the text is longer than {limits.line:,} characters",
                   "break it into lines (one paragraph each)")


def checked_text(text: str, place: str, limits: Limits) -> str:
    """`text` in NFC, if it can be repaired and written out again.

    Raises `InputError` for a text that is blank, holds NUL, half a surrogate pair or a heap of combining marks, or is
    over the limits.
    """
    if len(text) > limits.article:
        raise article_too_long(place, limits)
    if not text or text.isspace():
        raise problem(place, "the text is empty", "leave it out or give it its words")
    if "\0" in text:
        raise problem(place, f"the text holds a NUL character (character {text.index(chr(0)) + 1})", "remove it")
    if len(text) > limits.line:
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > limits.line:
                raise line_too_long(place, number, limits)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise problem(place, f"the text holds half a surrogate pair (character {error.start + 1})",
                      "write the whole character") from None
    if (run := _marks_in_a_row(text, limits.marks)) is not None:
        raise problem(place, f"over {limits.marks:,} combining marks follow each other (character {run + 1})",
                      "remove them; a letter has a few at most")
    return unicodedata.normalize("NFC", text)


def _marks_in_a_row(text: str, most: int) -> int | None:
    """Where the first found run of over `most` combining marks begins; every such run is hit by looking in steps."""
    step = most // 2 + 1
    for hit in (i * step for i, c in enumerate(text[::step]) if unicodedata.combining(c)):
        start = end = hit
        while start > 0 and hit - start <= most and unicodedata.combining(text[start - 1]):
            start -= 1
        while end < len(text) and end - start <= most and unicodedata.combining(text[end]):
            end += 1
        if end - start > most:
            return start
    return None

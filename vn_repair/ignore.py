"""What a user wants left alone: words, regular expressions, and places marked in the text.

A span is dropped if ignored words cover it (all of it but white space), or if it touches a marked place. Marks are
comments in Markdown or HTML:

    <!-- vn-repair: ignore -->          in a line of text: that line; alone in its line: the block that follows
    <!-- vn-repair: ignore-start -->    from here …
    <!-- vn-repair: ignore-end -->      … to here; without it, to the end of the text

Ids or families of detectors may follow the command (`ignore number.scale, terminology`): then only those are silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vn_repair.by_place import ByPlace
from vn_repair.types import InputError, Span

COMMENT = re.compile(
    r"<!--\s{0,20}vn-repair:\s{0,20}(?P<command>ignore(?:-start|-end)?)(?P<ids>(?:[\s,]{1,20}[\w.]{1,60}){0,50})"
    r"[\s,]{0,20}-->", re.IGNORECASE)
BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n|\Z)")
SECONDS = 2.0  # the longest a user's regular expression may take for one text


@dataclass(frozen=True, slots=True)
class Ignore:
    """Words and phrases (any case, whole words) and regular expressions (as the `regex` module reads them)."""

    words: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()

    def adding(self, words: Iterable[str], regexes: Iterable[str], place: str) -> Ignore:
        """With further ones. Raises `InputError`, naming `place`, for what is no regular expression."""
        regexes = tuple(regexes)
        for expression in regexes:
            _compiled(expression, place)
        clean = [" ".join(unicodedata.normalize("NFC", word).split()) for word in words]
        return Ignore(tuple(dict.fromkeys((*self.words, *filter(None, clean)))),
                      tuple(dict.fromkeys((*self.regexes, *regexes))))

    def adding_lines(self, lines: Sequence[str], place: str) -> Ignore:
        """With what each line holds: a word or phrase, or a regular expression between slashes."""
        regexes = [line[1:-1] for line in lines if _between_slashes(line)]
        return self.adding([line for line in lines if not _between_slashes(line)], regexes, place)

    def merged(self, other: Ignore) -> Ignore:
        """Both together."""
        return Ignore(tuple(dict.fromkeys((*self.words, *other.words))),
                      tuple(dict.fromkeys((*self.regexes, *other.regexes))))

    def matches(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of all that is ignored in `text`; may overlap.

        Raises `InputError` for a regular expression that takes over two seconds for this text.
        """
        if self.words:
            from vn_repair.folding import fold

            for match in _words(self.words).finditer(fold(text)):
                yield match.span()
        for expression in self.regexes:
            try:
                for match in _compiled(expression, "").finditer(text, timeout=SECONDS):
                    if match.end() > match.start():
                        yield match.span()
            except TimeoutError:
                raise InputError(f"the ignored /{expression}/ takes over {SECONDS:g} s for one text; write it without "
                                 "nested repeats") from None


def _between_slashes(line: str) -> bool:
    return len(line) > 2 and line[0] == line[-1] == "/"


@cache
def _words(words: tuple[str, ...]) -> Any:
    import regex

    from vn_repair.folding import fold

    return regex.compile(r"(?<!\w)\L<words>(?!\w)", words=[fold(word) for word in words])


@cache
def _compiled(expression: str, place: str) -> Any:
    import regex

    try:
        return regex.compile(expression)
    except regex.error as error:
        raise InputError(f"{place}: /{expression}/ is no regular expression ({error}); mend or remove it") from None


def read_ignore_file(path: Path) -> Ignore:
    """The ignore list in a file: a word, a phrase or a /regular expression/ a line; `#` begins a comment line.

    Raises `InputError` naming file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); an ignore list is a text file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; save it as UTF-8") from None
    found = Ignore()
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if _between_slashes(bare):
            found = found.adding((), (bare[1:-1],), f"{path}:{number}")
    return found.adding([line for raw in lines if (line := raw.strip()) and not line.startswith("#")
                         and not _between_slashes(line)], (), str(path))


@dataclass(frozen=True, slots=True)
class Marked:
    """A place marked in a text: `[start, end)`, and the detectors that are silent there (none named: all)."""

    start: int
    end: int
    detectors: frozenset[str] = frozenset()

    def silences(self, span: Span) -> bool:
        """Whether the span touches the place and its detector is silent there."""
        if span.end <= self.start or self.end <= span.start:
            return False
        return not self.detectors or not self.detectors.isdisjoint((span.detector, span.detector.partition(".")[0]))


def marked_places(text: str) -> list[Marked]:
    """The places that comments in `text` mark, the comments among them, in order of their beginnings."""
    if "<!--" not in text:  # the rule, in all texts but a few
        return []
    out: list[Marked] = []
    opened: tuple[int, frozenset[str]] | None = None
    for match in COMMENT.finditer(text):
        out.append(Marked(*match.span()))
        ids = frozenset(re.split(r"[\s,]+", match["ids"].strip(" \t\r\n,"))) - {""}
        command = match["command"].lower()
        if command == "ignore-start" and opened is None:
            opened = match.start(), ids
        elif command == "ignore-end" and opened is not None:
            out.append(Marked(opened[0], match.end(), opened[1]))
            opened = None
        elif command == "ignore":
            out.append(Marked(*_line_or_block(text, *match.span()), ids))
    if opened is not None:
        out.append(Marked(opened[0], len(text), opened[1]))
    return sorted(out, key=lambda place: place.start)


def _line_or_block(text: str, start: int, end: int) -> tuple[int, int]:
    """The line of the comment `[start, end)`, or if nothing else stands in it, the block that follows."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    if text[first:start].strip() or text[end:last].strip():
        return first, last
    while last < len(text) and text[last].isspace():
        last += 1
    blank = BLANK_LINE.search(text, last)
    return start, blank.start() if blank else len(text)


def not_ignored(text: str, spans: Iterable[Span], ignore: Ignore, marked: Sequence[Marked] = ()) -> list[Span]:
    """The spans that neither ignored words cover nor a mark silences, in their order.

    `marked` are places known otherwise than by comments in `text` (see `page_marks`).
    """
    kept = list(spans)
    places = [*marked_places(text), *marked]
    if places:
        marks = ByPlace(places)
        kept = [span for span in kept
                if not any(place.silences(span) for place in marks.touching(span.start, span.end))]
    if kept and (ignore.words or ignore.regexes):
        covered = bytearray(len(text))
        for start, end in ignore.matches(text):
            covered[start:end] = b"\1" * (end - start)
        kept = [span for span in kept
                if not all(covered[i] or text[i].isspace() for i in range(span.start, span.end))]
    return kept

"""A space on the wrong side of a mark: "tới ,", "capital) , foreign", "( NTM" (error classes 1.9 and 2.21)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

# Patterns begin with a plain set of marks: those are searched for many times as fast as a space.
CLOSING = re.compile(r"[,;.?!:)\]”](?<=[ \xa0].)(?![^\s,;)”\"’])(?! \.)(?!(?<=:)\))")
OPENING = re.compile(r"[(\[“](?=[ \xa0]\w)(?<!\w.)")
ELLIPSIS = re.compile(r"(?:…|[.](?=\.\.(?!\.)))(?<=\w[ \xa0].)")
# A chunk that begins with a closing mark or an ellipsis, or ends with an opening one.
CHUNK_SIGN = re.compile(r"^[,;.?!:)\]”](?![^,;)”\"’])|[(\[“](?<!\w.)\Z|^…|^\.\.\.(?!\.)")
BLANK = " \xa0\t"
OPENERS = "(“\"'‘[«"
BEFORE = frozenset(")”%’\"")
LONGEST = 30  # a longer run before the mark is an address or a code, not a word


def word_before(text: str, end: int) -> int:
    """Where the word that ends at `end` begins, opening marks left out."""
    start = end
    while start and not text[start - 1].isspace():
        start -= 1
    while start < end and text[start] in OPENERS:
        start += 1
    return start


def spaced_closing(text: str, mark: int, width: int) -> tuple[int, int, str] | None:
    """(start, end, correction) for the mark of `width` characters that stands after a space, if it is a slip."""
    end = mark
    while end and text[end - 1] in BLANK:
        end -= 1
    start = word_before(text, end)
    previous = text[end - 1 : end]
    if not (previous.isalnum() or previous in BEFORE) or not 0 < end - start <= LONGEST:
        return None
    if text[mark] in ")]”" and not text[start:end].strip(")”%’\"").isalnum():
        return None
    return start, mark + width, text[start:end] + text[mark : mark + width]


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk has a mark at its edge that belongs to the next chunk."""
    return CHUNK_SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the word and the mark; the suggestion leaves the space out."""
    text = view.text
    for match in CLOSING.finditer(text):
        found = spaced_closing(text, match.start(), 1)
        if found:
            score = 0.6 if match.group() == ":" else 0.9
            yield Span(found[0], found[1], Label.PUNCTUATION, Severity.MINOR, score, DETECTOR.id,
                       f"a space before “{match.group()}”", found[2])
    for match in OPENING.finditer(text):
        at = match.start() + 2
        while at < len(text) and (text[at].isalnum() or text[at] in "-–'’"):
            at += 1
        yield Span(match.start(), at, Label.PUNCTUATION, Severity.MINOR, 0.7, DETECTOR.id,
                   f"a space after “{match.group()}”", match.group() + text[match.start() + 1 : at].lstrip(BLANK))
    # English printers set an ellipsis between spaces; Vietnamese ones join it to the word.
    for match in ELLIPSIS.finditer(text) if view.lang == VI else ():
        found = spaced_closing(text, match.start(), 1 if match.group() == "…" else 3)
        if found:
            yield Span(found[0], found[1], Label.PUNCTUATION, Severity.MINOR, 0.55, DETECTOR.id,
                       "a space before the ellipsis", found[2])


DETECTOR = Detector("punctuation.spacing", frozenset({VI, EN}), "a space before a stop or inside a bracket",
                    find, sign, needs_mark=True)

"""A hyphen or a stroke with a space on one side or on both: "kinh tế- xã hội", "socio -economic", "tiêu chí / xã"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

LETTER = r"[^\W\d_]"
HYPHEN = re.compile(rf"-(?:(?<={LETTER}-)(?= {LETTER})|(?<={LETTER} -)(?={LETTER}))")
STROKE = re.compile(rf"/(?<={LETTER}{LETTER} /)(?= {LETTER}{LETTER})")
# "318 / QD-TTg", "142 /BC-UBND": the number of a document; "đồng/ người": one space too many.
DOCUMENT = re.compile(r"/(?:(?<=\d /) ?|(?<=\d/) )"
                      r"(?=(?:Q[ĐD]|N[QĐD]|C[TVĐD]|TT|BC|KH|TB|UBND|H[ĐD]|TTLT|BKH|BNN)(?:-|\b))")
ONE_SIDED = re.compile(rf"/(?<={LETTER}{LETTER}/)(?= {LETTER}{LETTER})")
# A hyphen at the edge of a chunk of letters, a stroke at the edge of any.
CHUNK_SIGN = re.compile(rf"{LETTER}-\Z|^-{LETTER}|^/|[^\W_]/\Z")
# "two- and three-year", "-ing": a hyphen that waits for its word.
WAITING = frozenset("and or to but nor than và hoặc hay đến ing ed s es ly er tion".split())
# English prefixes that are joined to the next word; other hyphens with a space may stand for dashes.
PREFIXES = frozenset("socio co self non pre post anti multi inter sub semi ex mid agro eco bio cross".split())


def around(text: str, at: int) -> tuple[int, int]:
    """(start, end) of the words on both sides of the mark at `at`, the spaces between included."""
    start = at - (text[at - 1] == " ")
    end = at + 1 + (text[at + 1] == " ")
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk begins or ends with a hyphen or a stroke."""
    return CHUNK_SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over both words; Vietnamese sets a dash between two spaces and a stroke between none."""
    text = view.text
    for match in HYPHEN.finditer(text):
        start, end = around(text, match.start())
        left, right = text[start : match.start()].strip(), text[match.end() : end].strip()
        if right.lower() in WAITING or (view.lang == EN and left.lower() not in PREFIXES):
            continue
        better = f"{left} - {right}" if view.lang == VI else f"{left}-{right}"
        yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.55, DETECTOR.id,
                   "a space on one side of the hyphen only", better)
    for match in DOCUMENT.finditer(text):
        start, end = match.start() - (text[match.start() - 1] == " "), match.end()
        while start and text[start - 1].isdigit():
            start -= 1
        while end < len(text) and (text[end].isalnum() or text[end] == "-"):
            end += 1
        yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.75, DETECTOR.id,
                   "a space in the number of a document", text[start:end].replace(" ", ""))
    if view.lang != VI:
        return
    for match in ONE_SIDED.finditer(text):
        start, end = around(text, match.start())
        left, right = text[start : match.start()], text[match.end() : end].strip()
        if left.islower() and right.islower():
            yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.6, DETECTOR.id,
                       "a space on one side of the stroke only", f"{left}/{right}")
    for match in STROKE.finditer(text):
        start, end = around(text, match.start())
        left, right = text[start : match.start()].strip(), text[match.end() : end].strip()
        if left.islower() and right.islower():
            yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.55, DETECTOR.id,
                       "spaces around the stroke of a rate", f"{left}/{right}")


DETECTOR = Detector("punctuation.dash_spacing", frozenset({VI, EN}), "uneven spaces around a hyphen or stroke",
                    find, sign, needs_mark=True)

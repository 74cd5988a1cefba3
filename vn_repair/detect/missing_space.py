"""No space after a mark: "trong nước.Do đó", "xã,huyện", "mới(NTM)" (error class 1.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import is_vietnamese_syllable
from vn_repair.types import EN, VI, Label, Severity, Span

LETTER = r"[^\W\d_]"
GLUED = re.compile(rf"[.,;?!](?<={LETTER}{LETTER}.)(?={LETTER}{LETTER})")
BRACKET = re.compile(rf"[(](?<={LETTER}{LETTER}.)(?={LETTER}{{3}})|[)](?<={LETTER}{LETTER}.)(?={LETTER}{LETTER})")
INSIDE = frozenset("'’-–")
# Part of an address, a path, a file name or an entity (`&egrave;`) when one of these is in the same run.
NOT_PROSE = frozenset("@/\\_=&#:<>{}|~*+%$")
ABBREVIATIONS = frozenset("""
tp tx tt ts ths bs ks gs pgs tskh nxb st mr mrs ms dr no vs pte inc ltd co corp jr sr www cf ed eds vol fig node asp
""".split())
SUFFIXES = frozenset("""
vn com net org edu gov info biz js html htm php pdf doc docx xls xlsx jpg jpeg png gif mp mov uk us au jp kr tv io
ltd llc inc co
""".split())


LONGEST_RUN = 60  # characters without white space; a longer run is no prose


def run_around(text: str, at: int) -> tuple[int, int]:
    """(start, end) of the characters without white space around offset `at`; cut where over `LONGEST_RUN`."""
    start = end = at
    while start and at - start <= LONGEST_RUN and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and end - at <= LONGEST_RUN and not text[end].isspace():
        end += 1
    return start, end


def words_around(text: str, at: int) -> tuple[int, int]:
    """(start, end) from the start of the word before the mark at `at` to the end of the word after it."""
    start, end = at, at + 1
    while start and (text[start - 1].isalnum() or text[start - 1] in INSIDE):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] in INSIDE):
        end += 1
    return start, end


def is_slip(text: str, at: int, lang: str) -> bool:
    """Whether the mark at `at` between two letters should be followed by a space."""
    first, last = run_around(text, at)
    if last - first > LONGEST_RUN or not NOT_PROSE.isdisjoint(text[first:last]):
        return False
    start, end = words_around(text, at)
    left, right, mark = text[start:at], text[at + 1 : end], text[at]
    if mark == ".":
        if left.lower() in ABBREVIATIONS or right.lower() in SUFFIXES or text[first:last].count(".") > 2:
            return False
        # "trong nước.Do", not "Node.Js" or "Le.Minh": the stop ends a word in small letters.
        if not (right[0].isupper() and right[1:].islower()):
            return False
        return left.islower() or (lang == VI and is_vietnamese_syllable(left) and not left.isascii())
    if mark == ";":
        return "&" not in text[first:last]
    return not (left.isupper() and right.isupper())


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a mark that should be followed by a space, or a bracket without its space."""
    if lang == VI and BRACKET.search(chunk) and len(chunk) <= LONGEST_RUN and NOT_PROSE.isdisjoint(chunk):
        return True
    return any(is_slip(chunk, match.start(), lang) for match in GLUED.finditer(chunk))


def find(view: View) -> Iterator[Span]:
    """Yield a span over both words; the suggestion sets a space after the mark."""
    text = view.text
    for match in GLUED.finditer(text):
        at = match.start()
        if is_slip(text, at, view.lang):
            start, end = words_around(text, at)
            yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.85, DETECTOR.id,
                       f"no space after “{text[at]}”", f"{text[start : at + 1]} {text[at + 1 : end]}")
    if view.lang != VI:  # English writes "commune(s)", "function(x)"
        return
    for match in BRACKET.finditer(text):
        at = match.start()
        first, last = run_around(text, at)
        if last - first > LONGEST_RUN or not NOT_PROSE.isdisjoint(text[first:last]):
            continue
        start, end = words_around(text, at)
        cut = at if text[at] == "(" else at + 1
        yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.7, DETECTOR.id,
                   "no space beside the bracket", f"{text[start:cut]} {text[cut:end]}")


DETECTOR = Detector("punctuation.missing_space", frozenset({VI, EN}), "no space after a stop or beside a bracket",
                    find, sign, needs_mark=True)

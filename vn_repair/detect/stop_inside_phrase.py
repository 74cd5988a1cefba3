"""A full stop in the middle of a sentence: "procedures. investment projects", "law. in accordance" (class 2.12).

Also a figure that stands alone between two stops: "at the end of December 2022. 47.3%."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

LETTER = r"[^\W\d_]"
# A stop after a word, bracket or figure, then a small letter. Starts with a plain character, which is fast to search.
STOP = re.compile(rf"[.](?<=[^\W_.)”\"%]\.)(?= ({LETTER}{LETTER}+)(?![\w.@]))")
AFTER_BRACKET = re.compile(rf"[.](?<=[)”%]\.)(?= ({LETTER}{LETTER}+)(?![\w.@]))")
ALONE = re.compile(r"(?<=\. )(\d+[.,]\d+)( ?%)?\.(?=\s|$)")
FIGURE = re.compile(r"\d+[.,]\d+ ?%?(?:\.\s|\.?\Z)")  # the same at the head of what follows ". "
ABBREVIATIONS = frozenset("""
v.v vv tp tx tt ts ths th.s bs ks gs pgs tskh nxb tr st mr mrs ms dr prof no nos vs etc eg ie e.g i.e viz cf al ca
approx jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun inc ltd co corp dept est fig vol ed
eds p pp par art sec ch a.m p.m am pm u.s u.k u.n d.c ave blvd rd jr sr ph.d m.sc b.sc q h x ad bc km ha kg dr.c esp
incl max min int resp ref refs tel fax ext var spp sp ssp subsp cv et cert
""".split())
WORD_BEFORE = re.compile(r"[^\s(“\"‘'\[]+\Z")
# Small letters that do begin a sentence or a name: "de Gaulle", "van der", "iPhone" (its capital follows).
NAMES = frozenset("de da di du van von der den la le al el bin ibn y".split())
DECIMAL = re.compile(r"\d+[.,]\d+%?\Z")
FAR = 100_000  # characters in which the other numbers of a list of sections are looked for
SECTION = re.compile(r"(\d+)[.,](\d+)\Z")


def is_slip(text: str, at: int, after: str) -> bool:
    """Whether the stop at `at`, before the word `after` in small letters, stands inside a sentence."""
    found = WORD_BEFORE.search(text[max(0, at - 40) : at])
    if found is None or not after.islower() or after in NAMES:
        return False
    before = found.group()
    start = at - len(before)
    if "." in before and not DECIMAL.match(before):
        return False
    if before.lower().strip(")”%") in ABBREVIATIONS or "/" in before or "@" in before:
        return False
    if len(before) == 1 or (before[0].isupper() and len(before) <= 3):
        return False  # an initial or a short form: "T. an", "Au. afarensis"
    # "1. xây dựng", "2021. xã": a figure that numbers an entry begins its line.
    return not (before[0].isdigit() and (start == 0 or text[start - 1] == "\n" or len(before) <= 2))


def words_around(text: str, at: int, after: str) -> tuple[int, int]:
    """(start, end) of the word before the stop at `at` and the word `after` it."""
    found = WORD_BEFORE.search(text[max(0, at - 40) : at])
    return at - len(found.group()) if found else at, at + 2 + len(after)


def lone_figures(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of figures that stand between two stops and number no section."""
    for match in ALONE.finditer(text):
        before = text[match.start() - 3 : match.start() - 2]
        if not (before.isalnum() or before in ")%”"):
            continue
        if match.group(2) is None:
            if not before.islower():
                continue
            section = SECTION.match(match.group(1))
            assert section is not None
            head, number = section.group(1), int(section.group(2))
            # "3.5. … 3.6. …": a section number has a brother.
            low, high = max(0, match.start() - FAR), match.start() + FAR
            if any(text.find(f"{head}.{n}{mark}", low, high) >= 0
                   for n in (number - 1, number + 1) if n > 0 for mark in ". "):
                continue
        yield match.start(), match.end()


def find(view: View) -> Iterator[Span]:
    """Yield a span over the words on both sides of the stop, or over the figure between two stops."""
    text = view.text
    sentences = text.split(". ")[1:]
    cut = any(s[:1].isalnum() and not s[0].isupper() and not s[0].isdecimal() for s in sentences)
    for pattern in (STOP, AFTER_BRACKET) if cut else ():
        for match in pattern.finditer(text):
            after = match.group(1)
            if is_slip(text, match.start(), after):
                start, end = words_around(text, match.start(), after)
                yield Span(start, end, Label.FRAGMENT, Severity.MINOR, 0.85, DETECTOR.id,
                           "a full stop inside a sentence")
    alone = any(s[:1].isdecimal() and FIGURE.match(s) for s in sentences)
    for start, end in lone_figures(text) if alone else ():
        yield Span(start, end, Label.FRAGMENT, Severity.MAJOR, 0.75, DETECTOR.id, "a figure cut off from its sentence")


DETECTOR = Detector("fragment.stop_inside_phrase", frozenset({VI, EN}), "a full stop in the middle of a sentence", find)

"""Text in TCVN3 or VNI fonts or in VIQR, shown as it is: "®Ò ¸n n«ng th«n míi", "noâng thoân môùi".

Each scheme has signs that no other text puts inside words; a stretch of words is reported if reading it by
the scheme turns it into Vietnamese syllables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon.legacy import (
    TCVN3_HINTS,
    TCVN3_SIGN,
    VIQR_HINTS,
    VIQR_SIGN,
    VNI_HINTS,
    VNI_SIGN,
    from_tcvn3,
    from_viqr,
    from_vni,
    syllable_share,
)
from vn_repair.lexicon.verbatim import line_bounds
from vn_repair.types import EN, VI, Label, Severity, Span

SCHEMES: tuple[tuple[str, tuple[str, ...], re.Pattern[str], Callable[[str], str]], ...] = (
    ("TCVN3 (ABC)", TCVN3_HINTS, TCVN3_SIGN, from_tcvn3),
    ("VNI", VNI_HINTS, VNI_SIGN, from_vni),
    ("VIQR", VIQR_HINTS, VIQR_SIGN, from_viqr),
)
CHUNK = re.compile(r"\S+")
GAP = 2  # so many words without a mark may stand between two marked ones
AT_LEAST = 2  # words that only the scheme explains; one alone is chance
EDGE = ".,;:!?()\"“”"


@lru_cache(maxsize=1 << 14)
def _reads(chunk: str, convert: Callable[[str], str]) -> bool:
    """Whether the scheme makes syllables of `chunk`."""
    return syllable_share(convert(chunk)) > 0.99


@lru_cache(maxsize=1 << 14)
def _converts(chunk: str, convert: Callable[[str], str]) -> bool:
    """Whether reading `chunk` by the scheme makes syllables of what was none."""
    if any(map(str.isdigit, chunk)):
        return False  # 3×2
    foreign = syllable_share(chunk) < 0.99 or not chunk.strip(EDGE).isalpha()
    return foreign and _reads(chunk, convert)


def _stretches(text: str, sign: re.Pattern[str], convert: Callable[[str], str]) -> Iterator[tuple[int, int, int]]:
    """(start, end, words explained) of stretches on one line that the scheme reads as Vietnamese."""
    line_end = -1
    for first in sign.finditer(text):
        if first.start() < line_end:
            continue
        line_start, end_of_line = line_bounds(text, first.start())
        line_start, line_end = max(line_start, line_end), end_of_line
        start, end, number, gap = -1, -1, 0, 0
        for chunk in CHUNK.finditer(text, line_start, line_end):
            if _converts(chunk.group(), convert):
                start = chunk.start() if start < 0 else start
                end, number, gap = chunk.end(), number + 1, 0
            elif start >= 0 and (gap := gap + (not _reads(chunk.group(), convert))) > GAP:
                yield start, end, number
                start, number, gap = -1, 0, 0
        if start >= 0:
            yield start, end, number


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a sign of one of the schemes."""
    if chunk.isascii():
        return VIQR_SIGN.search(chunk)
    return any(sign.search(chunk) for _, _, sign, _ in SCHEMES)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each stretch of legacy text, with its Unicode reading as suggestion."""
    for name, hints, sign, convert in SCHEMES:
        if not any(hint in view.text for hint in hints) or not sign.search(view.text):
            continue
        for first, last, number in _stretches(view.text, sign, convert):
            start, end = first, last
            while end > start and view.text[end - 1] in EDGE:
                end -= 1
            while start < end and view.text[start] in EDGE:
                start += 1
            surface = view.text[start:end]
            fixed = convert(surface)
            signs = len(sign.findall(surface))
            if number < AT_LEAST or signs + (number > AT_LEAST) < AT_LEAST or syllable_share(fixed) < 0.8:
                continue
            yield Span(start, end, Label.MOJIBAKE, Severity.MAJOR, 0.95, DETECTOR.id,
                       f"text in the {name} encoding", fixed)
            break


DETECTOR = Detector("mojibake.legacy_encoding", frozenset({VI, EN}), "TCVN3, VNI or VIQR text left unconverted",
                    find, sign)

"""A caption, title, paragraph or sentence given twice (error classes 1.10 and 2.25); the first copy is clean.

Copies may differ in case, marks and a photo credit. Short lines count only next to each other, so that tables keep
their rows; in a text of short lines (a poem, a table) only neighbours count, so that refrains stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.page_lines import Kind, kind_of
from vn_repair.types import EN, VI, Label, Severity, Span

CREDIT = re.compile(r"[\s.(\[–—|-]*(?:ảnh|photo|tin và ảnh|bài và ảnh|image)\s*(?:\d+|:.*)?\W*\Z")
WORD = re.compile(r"\w+")
STOP = re.compile(r"[.!?…][\"”’)]*\Z")
ARTICLE = re.compile(r"^(?:Điều|Article) \d+[.:]", re.M)  # three such lines: a decree, which repeats its formulas
LISTED = re.compile(r"(?:[-+–•*]|\w{1,3}[.)])\s|.*[;:]\Z", re.S)  # an entry of a list or of a decree
FEW_WORDS = 6  # a line of fewer words is no evidence when its copy stands far away
FAR_WORDS = 20  # a sentence of fewer words may be said twice in an article
TITLE_LINES = 2  # a title stands here; its copies are captions made by a machine
LEDE_LINES = 4  # what stands here may be a summary of the text, whose words come again
SHORT = 70  # a text whose lines are mostly shorter than this is a poem, a table or a list
NEARLY = 96  # percent of similarity at which two neighbouring lines are copies with a typing error
LONG_LINE, LONGEST_CAPTION = 60, 300


def key_of(line: str) -> str:
    """What copies of a line share: the words in lower case, without marks and a photo credit at the end."""
    low = line.lower()
    if len(low) > LONGEST_CAPTION:
        return low
    if "ảnh" in low or "photo" in low or "image" in low:
        low = CREDIT.sub("", low)
    return " ".join(WORD.findall(low))


def nearly_equal(first: str, second: str) -> bool:
    """Whether two keys are the same but for a letter or two; figures must agree ("Photo 1", "Photo 2")."""
    if min(len(first), len(second)) < LONG_LINE or abs(len(first) - len(second)) > 6 or first[:8] != second[:8]:
        return False
    from rapidfuzz.fuzz import ratio

    return ratio(first, second) >= NEARLY and re.findall(r"\d+", first) == re.findall(r"\d+", second)


def neighbour_score(line: str, running: bool) -> float | None:
    """Confidence that a line that repeats the one before it is a copy; a poem or a table may repeat itself."""
    words = line.count(" ") + 1
    if words < 2 or (words < FEW_WORDS and not running) or (words < 12 and ":" in line and line[-1] == ";"):
        return None
    return 0.9


def far_score(line: str, first: int, copies: int) -> float | None:
    """Confidence that a line that repeats line number `first` is a copy; `copies` counts those before it."""
    words = line.count(" ") + 1
    if words < FEW_WORDS or LISTED.match(line):
        return None
    if STOP.search(line) is None:
        return 0.9 if first < TITLE_LINES or copies > 1 else None
    return 0.7 if words >= FAR_WORDS and first >= LEDE_LINES else None


def line_copies(lines: list[str], decree: bool) -> dict[int, float]:
    """Lines that repeat an earlier one: index → score. In a decree only neighbours count."""
    marks: dict[int, float] = {}
    seen: dict[str, list[int]] = {}
    # Copies begin alike; what begins like no other line need not be looked at.
    heads = [line[:8].lower() for line in lines]
    if len(set(heads)) == len(heads):
        return marks
    running = sum(len(line) > SHORT for line in lines) * 3 >= len(lines) or len(lines) <= 3
    before = ""
    counted = Counter(heads)
    for i, line in enumerate(lines):
        if counted[heads[i]] == 1:
            before = ""
            continue
        key = key_of(line)
        places = seen.setdefault(key, [])
        if before and (key == before or nearly_equal(before, key)):
            score = neighbour_score(line, running)
        elif places and running and not decree:
            score = far_score(line, places[0], len(places))
        else:
            score = None
        if score is not None and kind_of(line) in (None, Kind.BYLINE) and any(map(str.isalpha, key)):
            marks[i] = score
        places.append(i)
        before = key
    return marks


def sentence_copies(view: View, taken: set[int]) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of sentences inside paragraphs that repeat an earlier one, letter for letter.

    `taken` holds the starts of lines already marked; what follows them on the line is not looked at.
    """
    surfaces = view.segment_texts
    if len(set(surfaces)) == len(surfaces):
        return
    line_starts = [start for start, _ in view.lines]
    lede = line_starts[LEDE_LINES] if len(line_starts) > LEDE_LINES else 0
    starts = frozenset(line_starts)
    seen: dict[str, int] = {}
    before, skipped = "", False
    for segment, surface in zip(view.segments, surfaces, strict=True):
        if segment.start in starts:
            before, skipped = "", segment.start in taken
        if skipped or len(surface) < 20 or surface[-1].isalnum():
            before = ""
            continue
        first = seen.setdefault(surface, segment.start)
        if surface == before and surface.count(" ") >= FEW_WORDS - 1:
            yield segment.start, segment.end, 0.9
        elif lede <= first < segment.start and surface.count(" ") >= FAR_WORDS - 1 and not LISTED.match(surface):
            yield segment.start, segment.end, 0.55
        before = surface


def find(view: View) -> Iterator[Span]:
    """Yield a span over the second and later copies, to be deleted."""
    places = view.lines
    decree = ("Điều " in view.text or "Article " in view.text) and len(ARTICLE.findall(view.text)) >= 3
    marks = line_copies(view.line_texts, decree)
    for i in sorted(marks):
        start, end = places[i]
        yield Span(start, end, Label.DUPLICATE, Severity.MINOR, marks[i], DETECTOR.id, "this line stood before", "")
    for start, end, score in () if decree else sentence_copies(view, {places[i][0] for i in marks}):
        yield Span(start, end, Label.DUPLICATE, Severity.MINOR, score, DETECTOR.id, "this sentence stood before", "")


DETECTOR = Detector("duplicate.block", frozenset({VI, EN}), "a caption, paragraph or sentence given twice", find)

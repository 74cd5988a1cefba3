"""Vietnamese without its marks in a Vietnamese article: "Xay dung nong thon moi tai tinh Quang Tri".

A word speaks for lost marks if its marked forms are far commoner than itself ("nong", "thon"). A stretch is
reported where such words stand together and the pair counts restore them; the restored words are the suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import english_frequency, vietnamese_pair
from vn_repair.lexicon.odds import ASCII_WORD, is_english, occurrences
from vn_repair.lexicon.restore import like, lost_odds, marked_forms, restore
from vn_repair.lexicon.verbatim import VERBATIM, LineCover, line_bounds
from vn_repair.types import VI, Label, Severity, Span

SPEAKS_FROM = 1.9  # log10 odds from which a lower-case word speaks for lost marks
WORD = re.compile(r"[^\W\d_]+")
# Two words and more without a mark, and what may stand between them.
UNMARKED = re.compile(r"(?<!\w)[A-Za-z]+(?!\w)(?:(?: |, | - | – |-)[A-Za-z]+(?!\w))+")
BRACKETED = re.compile(r"\([^()\n]{0,200}\)|\[[^\[\]\n]{0,200}\]")
FAR = 400  # characters looked back for the beginning of a stretch
PAIR_FROM = 60  # occurrences of a restored pair that prove a stretch of two words
SHORT_PAIR_FROM = 600  # the same, for two to four words, which may be a rare word that has no marks ("thong dong")
BEFORE, AFTER = re.compile(r"([^\W\d_]+) \Z"), re.compile(r" ([^\W\d_]+)")
PARTICLES = frozenset({"de", "la", "du", "da", "do", "di", "el", "van", "von", "en", "le"})  # of foreign names
TOTAL_FROM = 3.0  # summed log10 odds that make up for a second word that speaks
LONG = 4


@lru_cache(maxsize=65536)
def _speaks(word: str) -> bool:
    """Whether a lower-case word of A–Z all but never stands without marks, and is no English word."""
    return lost_odds(word) >= SPEAKS_FROM and not is_english(word) and english_frequency(word) < 20.0


def _telling(chunk: str) -> list[str]:
    """The words of a chunk that speak for lost marks."""
    return [w for w in ASCII_WORD.findall(chunk) if w.islower() and _speaks(w)]


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a word that speaks for lost marks."""
    return _telling(chunk)


def _stretches(text: str, speaking: set[str]) -> Iterator[list[re.Match[str]]]:
    """Stretches of two and more neighbouring unmarked syllables that hold at least one word that speaks."""
    done = 0
    for at in occurrences(text, speaking):
        if at < done:
            continue
        line_start, line_end = line_bounds(text, at)
        start = max(done, line_start)
        if at - start > FAR:
            start = max(start, text.find(" ", at - FAR))
        for run in UNMARKED.finditer(text, start, line_end):
            if run.start() > at:
                break
            if run.end() > at:
                yield from _syllables(text, run)
            done = run.end()


def _syllables(text: str, run: re.Match[str]) -> Iterator[list[re.Match[str]]]:
    """The parts of a run of unmarked words that hold syllables only, two or more of them."""
    stretch: list[re.Match[str]] = []
    for word in WORD.finditer(text, *run.span()):
        if marked_forms(word.group()):
            stretch.append(word)
            continue
        if len(stretch) > 1:
            yield stretch
        stretch = []
    if len(stretch) > 1:
        yield stretch


def _trimmed(words: list[str], restored: list[str]) -> tuple[int, int]:
    """First and last index of the words that change: outer ones that stay as they are belong to the clean text."""
    changed = [i for i, (a, b) in enumerate(zip(words, restored, strict=True)) if a.lower() != b]
    return (changed[0], changed[-1]) if changed else (0, -1)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each stretch of unmarked Vietnamese, with the marks restored as suggestion."""
    text = view.text
    speaking = {word for chunk in view.signs[DETECTOR.id] for word in _telling(chunk)}
    stretches = list(_stretches(text, speaking))
    if not stretches:
        return
    apart = LineCover(text, VERBATIM, BRACKETED)
    for stretch in stretches:
        if stretch[0].start() in apart:
            continue
        words = [m.group() for m in stretch]
        if all(w.lower() in PARTICLES for w in words):
            continue
        before, after = BEFORE.search(text[max(0, stretch[0].start() - 12) : stretch[0].start()]), AFTER.match(
            text, stretch[-1].end())
        restored = restore([marked_forms(w) for w in words], before.group(1).lower() if before else "",
                           after.group(1).lower() if after else "")
        first, last = _trimmed(words, restored)
        sure = sum(w.islower() and _speaks(w) for w in words[first : last + 1])
        pairs = [vietnamese_pair(a, b) for a, b in pairwise(restored[first : last + 1])]
        proved = sum(p >= (PAIR_FROM if len(pairs) >= LONG else SHORT_PAIR_FROM) for p in pairs)
        total = sum(max(0.0, lost_odds(w)) for w in words[first : last + 1] if w.islower())
        if last - first + 1 < 2 or not proved or proved < 0.4 * len(pairs):
            continue
        if sure < 2 and (total < TOTAL_FROM or proved < len(pairs)):
            continue
        start, end = stretch[first].start(), stretch[last].end()
        pieces = [text[stretch[i].end() : stretch[i + 1].start()] for i in range(first, last)] + [""]
        marked = map(like, words[first : last + 1], restored[first : last + 1])
        suggestion = "".join(word + piece for word, piece in zip(marked, pieces, strict=True))
        yield Span(start, end, Label.LOST_DIACRITICS, Severity.MAJOR if last - first >= LONG else Severity.MINOR,
                   round(min(0.97, 0.6 + 0.06 * total), 2), DETECTOR.id,
                   "Vietnamese words without their marks", suggestion)


DETECTOR = Detector("lost_diacritics.stretch", frozenset({VI}), "words that lost their marks", find, sign)

"""Vietnamese without its marks in a Vietnamese article: "Xay dung nong thon moi tai tinh Quang Tri".

A word speaks for lost marks if its marked forms are far commoner than itself ("nong", "thon"). A stretch is
reported where such words stand together and the pair counts restore them; the restored words are the suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import english_frequency, vietnamese_pair
from vn_repair.lexicon.evidence import ENCLOSED, VERBATIM, ascii_words, is_english, occurrences
from vn_repair.lexicon.restore import like, lost_odds, marked_forms, restore
from vn_repair.types import VI, Label, Severity, Span

SPEAKS_FROM = 1.5  # log10 odds from which a lower-case word speaks for lost marks
WORD = re.compile(r"[^\W\d_]+")
JOINT = re.compile(r" |, | - | – |-")  # what may stand between two words of one stretch
PAIR_FROM = 60  # occurrences of a restored pair that prove a stretch of two words
TOTAL_FROM = 3.0  # summed log10 odds that make up for a second word that speaks
LONG = 4


def _speaks(word: str) -> bool:
    """Whether a lower-case word of A–Z all but never stands without marks, and is no English word."""
    return lost_odds(word) >= SPEAKS_FROM and not is_english(word) and english_frequency(word) < 20.0


def _stretches(text: str) -> Iterator[list[re.Match[str]]]:
    """Stretches of neighbouring unmarked syllables that hold at least one word that speaks."""
    speaking = {w for w in ascii_words(text) if w.islower() and _speaks(w)}
    done = 0
    for at in sorted(occurrences(text, speaking)):
        if at < done:
            continue
        line_start = max(done, text.rfind("\n", 0, at) + 1, at - 300)
        stretch: list[re.Match[str]] = []
        for word in WORD.finditer(text, line_start, min(len(text), at + 3000)):
            joined = not stretch or JOINT.fullmatch(text, stretch[-1].end(), word.start())
            bare = word.group().isascii() and len(marked_forms(word.group())) > 0
            if joined and bare:
                stretch.append(word)
            elif word.start() > at:
                break
            else:
                stretch = [word] if bare else []
        if stretch and stretch[0].start() <= at < stretch[-1].end():
            done = stretch[-1].end()
            yield stretch


def _trimmed(words: list[str], restored: list[str]) -> tuple[int, int]:
    """First and last index of the words that change: outer ones that stay as they are belong to the clean text."""
    changed = [i for i, (a, b) in enumerate(zip(words, restored, strict=True)) if a.lower() != b]
    return (changed[0], changed[-1]) if changed else (0, -1)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each stretch of unmarked Vietnamese, with the marks restored as suggestion."""
    text = view.text
    stretches = list(_stretches(text))
    if not stretches:
        return
    apart = [m.span() for m in VERBATIM.finditer(text)]
    apart += [m.span() for m in ENCLOSED.finditer(text) if m.group()[0] in "([*_"]
    for stretch in stretches:
        if any(a <= stretch[0].start() < b for a, b in apart):
            continue
        words = [m.group() for m in stretch]
        restored = restore([marked_forms(w) for w in words])
        first, last = _trimmed(words, restored)
        sure = sum(w.islower() and _speaks(w) for w in words[first : last + 1])
        pairs = [vietnamese_pair(a, b) for a, b in zip(restored[first:last], restored[first + 1 : last + 1], strict=True)]
        proved = sum(p >= PAIR_FROM for p in pairs)
        total = sum(max(0.0, lost_odds(w)) for w in words[first : last + 1] if w.islower())
        if last - first + 1 < 2 or not proved or proved < 0.4 * len(pairs):
            continue
        if sure < 2 and (total < TOTAL_FROM or proved < len(pairs)):
            continue
        start, end = stretch[first].start(), stretch[last].end()
        pieces = [text[stretch[i].end() : stretch[i + 1].start()] for i in range(first, last)] + [""]
        suggestion = "".join(like(words[first + i], restored[first + i]) + pieces[i] for i in range(last - first + 1))
        yield Span(start, end, Label.LOST_DIACRITICS, Severity.MAJOR if last - first >= LONG else Severity.MINOR,
                   round(min(0.97, 0.6 + 0.06 * total), 2), DETECTOR.id, "Vietnamese words without their marks", suggestion)


DETECTOR = Detector("lost_diacritics.stretch", frozenset({VI}), "Vietnamese words that lost their marks", find)

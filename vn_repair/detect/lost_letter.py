"""Letters turned into "?" or U+FFFD inside Vietnamese words: "n?ng th?n m?i", "Tiêm ch?ng".

The suggestion fills each gap with the syllables that fit and takes the likeliest chain by pair counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import vietnamese_pair
from vn_repair.lexicon.restore import fillings, like, restore, without_marks
from vn_repair.lexicon.verbatim import VERBATIM, LineCover
from vn_repair.types import EN, VI, Label, Severity, Span

# Written to begin with a plain set, which is searched for ten times faster.
GAP = re.compile(r"[?\ufffd](?:(?<=\ufffd)|(?<=[^\W\d_].)(?=[^\W\d_A-ZĐ])|(?<!\S.)(?=[a-zà-ỹ])"
                 r"|(?<=\b[b-df-hj-np-tv-xzđ].)(?= [a-zà-ỹ]))")
# The same in a chunk, which the word after it is not part of.
CHUNK_GAP = re.compile(r"\ufffd|[^\W\d_]\?[^\W\d_A-ZĐ]|^\?[a-zà-ỹ]|\b[b-df-hj-np-tv-xzđ]\?\Z")
# A word with a gap, and words with gaps after it.
WORD = r"[^\W\d_]{0,8}[?\ufffd]{1,3}[^\W\d_]{0,8}(?:[?\ufffd]{1,3}[^\W\d_]{1,8})*"
STRETCH = re.compile(rf"{WORD}(?: {WORD})*")
MARK, NEXT_MARKED = re.compile(r"[?\ufffd]"), re.compile(r"[^\s?\ufffd]*[?\ufffd]")
VOWEL = re.compile(r"[aeiouyà-ỹ]", re.IGNORECASE)
NEIGHBOUR_BEFORE, NEIGHBOUR_AFTER = re.compile(r"([^\W\d_]+) $"), re.compile(r" ([^\W\d_]+)")


def sign(chunk: str, lang: str) -> object:
    """Whether a letter may be lost in the chunk or at its edge."""
    return CHUNK_GAP.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each stretch of words with lost letters, with the likeliest words as suggestion."""
    text = view.text
    verbatim = LineCover(text, VERBATIM)
    for match in _stretches(text):
        start, end = match.span()
        if text[end - 1] == "?" and VOWEL.search(text[start : end - 1].split(" ")[-1]):
            end -= 1  # the last mark is a question mark
        surface = text[start:end]
        gap = GAP.search(text, start, end + 2)  # it looks two characters on, and never to the end of the text
        if gap is None or gap.start() >= end or not any(map(str.isalpha, surface)):
            continue
        if start in verbatim:
            continue
        words = surface.split(" ")
        gapped = [w.lower().replace("\ufffd", "?") for w in words]
        candidates = [fillings(w) for w in gapped]
        sure = "\ufffd" in surface
        if not all(candidates):
            if sure:
                yield _span(start, end, 0.9, None)
            continue
        before, after = NEIGHBOUR_BEFORE.search(text[max(0, start - 20) : start]), NEIGHBOUR_AFTER.match(text, end)
        left, right = before.group(1).lower() if before else "", after.group(1).lower() if after else ""
        chain = restore([c[:40] for c in candidates], left, right)
        proof = any(vietnamese_pair(a, b) for a, b in zip([left, *chain], [*chain, right], strict=True) if a and b)
        if sure or proof:
            suggestion = " ".join(map(like, words, chain))
            # English copy writes Vietnamese names without marks, unless this article keeps them.
            suggestion = without_marks(suggestion) if view.lang == EN and surface.isascii() else suggestion
            yield _span(start, end, 0.95 if proof else 0.85, suggestion)


def _stretches(text: str) -> Iterator[re.Match[str]]:
    """The matches of `STRETCH`, looked for only where words with a mark stand."""
    done = 0
    for mark in MARK.finditer(text):
        if mark.start() < done:
            continue
        start, end = mark.span()
        while start > done and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and (not text[end].isspace() or (text[end] == " " and NEXT_MARKED.match(text, end + 1))):
            end += 1
        yield from STRETCH.finditer(text, start, end)
        done = end


def _span(start: int, end: int, score: float, suggestion: str | None) -> Span:
    return Span(start, end, Label.MOJIBAKE, Severity.MINOR if suggestion else Severity.MAJOR, score, DETECTOR.id,
                "letters of Vietnamese words were lost in a conversion", suggestion)


DETECTOR = Detector("mojibake.lost_letter", frozenset({VI, EN}), "letters lost to ? or U+FFFD inside words",
                    find, sign, needs_mark=True)

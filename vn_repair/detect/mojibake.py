"""UTF-8 read as Windows-1252, Latin-1 or Windows-1258: "nÃ´ng thÃ´n má»›i", "nĂ´ng thĂ´n".

ftfy undoes the Western decodings; Windows-1258, which it does not know, is undone here. A stretch is
reported only where the decoded words are plain Vietnamese or punctuation, so it carries its own proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon.legacy import syllable_share
from vn_repair.lexicon.verbatim import line_bounds
from vn_repair.types import EN, VI, Label, Severity, Span

# The first bytes of Vietnamese letters and of typographic marks in UTF-8 (C3 C4 C5 C6 E1 E2), each followed by what a
# continuation byte looks like in the code page. Capital letters of real words are followed by letters instead.
TRAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u0300-\u0323₫"
SIGN = re.compile(rf"[ÃĂÄÅÆ][{TRAIL}]|[áâ][º»€][{TRAIL}]|á[º»](?=\s)|Ã(?=\s|$)|Â[\u00a0-\u00bf]")
# The same in a chunk, where the last byte may look like white space.
CHUNK_SIGN = re.compile(rf"[ÃĂÄÅÆ](?:[{TRAIL}]|\Z)|[áâ][º»€]|Â(?:[\u00a0-\u00bf]|\Z)")
CHUNK = re.compile(r"[^ \n]+")
PLAIN = re.compile(r"[A-Za-z0-9.,/%-]+")  # a word without letters that break may stand inside a stretch
MARKS = "“”‘’–—…•·°²³%©®™§«»"


def _decode(garbled: str) -> str | None:
    """The text that was meant, or `None` if no decoding makes Vietnamese or plain marks of it."""
    from ftfy import fix_encoding

    try:
        fixed: str = garbled.encode("cp1258").decode("utf-8")
    except UnicodeError:
        fixed = fix_encoding(garbled)
    if SIGN.search(fixed) or "\ufffd" in fixed:
        return None
    words = [w for w in re.findall(r"[^\W\d_]+", fixed) if w.isalpha() and not w.isascii()]
    if not words:
        return fixed if any(mark in fixed for mark in MARKS) else None
    return fixed if syllable_share(" ".join(words)) >= 0.6 else None


def _stretches(text: str) -> Iterator[list[tuple[int, int]]]:
    """Neighbouring words on one line that hold a sign, with plain words between them, as offsets."""
    done = 0
    for sign in SIGN.finditer(text):
        if sign.start() < done:
            continue
        line_start, line_end = line_bounds(text, sign.start())
        start = max(done, line_start, text.rfind(" ", line_start, sign.start()) + 1)
        stretch: list[tuple[int, int]] = []
        size = 0
        for chunk in CHUNK.finditer(text, start, line_end):
            if SIGN.search(text, *chunk.span()):
                stretch.append(chunk.span())
                size = len(stretch)
            elif PLAIN.fullmatch(chunk.group()) and len(stretch) < size + 2:
                stretch.append(chunk.span())
            else:
                break
        if size:
            done = stretch[size - 1][1]
            yield stretch[:size]


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds the first two bytes of a letter, or the first alone at its end."""
    return CHUNK_SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each mis-decoded stretch of words, with the decoded words as suggestion."""
    text = view.text
    for stretch in _stretches(text):
        start, end = stretch[0][0], stretch[-1][1]
        fixed = _decode(text[start:end])
        if fixed is not None:
            yield _span(text, start, end, fixed)
            continue
        # A byte was lost somewhere in the stretch: decode it word by word.
        for start, end in stretch:
            fixed = _decode(text[start:end]) if SIGN.search(text, start, end) else None
            if fixed is not None:
                yield _span(text, start, end, fixed)


def _span(text: str, start: int, end: int, fixed: str) -> Span:
    """A span without the outer marks that the decoding leaves alone."""
    while start < end and text[end - 1] == fixed[-1:] and text[end - 1] in ".,;:!?)\"”":
        end, fixed = end - 1, fixed[:-1]
    while start < end and text[start] == fixed[:1] and text[start] in "(\"“":
        start, fixed = start + 1, fixed[1:]
    return Span(start, end, Label.MOJIBAKE, Severity.MAJOR, 0.97, DETECTOR.id,
                "UTF-8 text read in the wrong encoding", fixed)


DETECTOR = Detector("mojibake.decoding", frozenset({VI, EN}), "UTF-8 read as Windows-1252, Latin-1 or -1258",
                    find, sign)

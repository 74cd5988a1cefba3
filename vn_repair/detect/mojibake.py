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
from vn_repair.types import EN, VI, Label, Severity, Span

# The first bytes of Vietnamese letters and of typographic marks in UTF-8 (C3 C4 C5 C6 E1 E2), each followed by what a
# continuation byte looks like in the code page. Capital letters of real words are followed by letters instead.
TRAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u0300-\u0323₫"
SIGN = re.compile(rf"[ÃĂÄÅÆ][{TRAIL}]|[áâ][º»€][{TRAIL}]|á[º»](?=\s)|Ã(?=\s|$)|Â[\u00a0-\u00bf]")
STRETCH = re.compile(rf"\S*(?:{SIGN.pattern})\S*(?:[ \u00a0](?:\S*(?:{SIGN.pattern})\S*|[A-Za-z0-9.,/%-]+(?= ?\S*"
                     rf"(?:{SIGN.pattern}))))*")
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


def find(view: View) -> Iterator[Span]:
    """Yield a span over each mis-decoded stretch of words, with the decoded words as suggestion."""
    if not SIGN.search(view.text):
        return
    for match in STRETCH.finditer(view.text):
        fixed = _decode(match.group())
        if fixed is not None:
            yield _span(view.text, *match.span(), fixed)
            continue
        # A byte was lost somewhere in the stretch: decode it word by word.
        for word in re.finditer(r"[^ ]+", match.group()):
            fixed = _decode(word.group()) if SIGN.search(word.group()) else None
            if fixed is not None:
                yield _span(view.text, match.start() + word.start(), match.start() + word.end(), fixed)


def _span(text: str, start: int, end: int, fixed: str) -> Span:
    """A span without the outer marks that the decoding leaves alone."""
    while start < end and text[end - 1] == fixed[-1:] and text[end - 1] in ".,;:!?)\"”":
        end, fixed = end - 1, fixed[:-1]
    while start < end and text[start] == fixed[:1] and text[start] in "(\"“":
        start, fixed = start + 1, fixed[1:]
    return Span(start, end, Label.MOJIBAKE, Severity.MAJOR, 0.97, DETECTOR.id,
                "UTF-8 text read in the wrong encoding", fixed)


DETECTOR = Detector("mojibake.decoding", frozenset({VI, EN}), "UTF-8 read as Windows-1252, Latin-1 or -1258", find)

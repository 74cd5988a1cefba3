"""Terms with their parts in the wrong order: "mẫu kiểu NTM", "sản xuất giá trị" (classes 1.5, 1.7).

Two sources of evidence:

- `data/word_order_phrases.tsv` and the glossary: flipped forms of known terms, certain by themselves;
- `data/word_order.tsv.gz` (counts of our own, see corpora/word_order.py): two-part phrases that are frequent in
  clean text in one order and 500 times rarer, or never, in the other. A pair of words can still meet in that order
  by chance across a border of phrases ("báo điện tử | thông tin"), so the words around decide: the turned order
  must fit them better, by log counts of syllable pairs, than the order that stands.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from math import log1p
from typing import Any

from vn_repair.detect.merge import Taken
from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.glossary import forbidden, same_words
from vn_repair.lexicon import vietnamese_pair
from vn_repair.phrase_rules import PhraseFinder, PhraseRule, in_case_of, load_rules
from vn_repair.types import VI, Label, Severity, Span

# By number of syllables: how much better (natural log) the turned order must fit. On a quarter of our clean text
# held out from the counts these let through about 0.25, 0.2 and 0.3 characters in 10,000, some of them real slips,
# and find 79, 75 and 72 % of phrases that were turned on purpose.
LEAST_GAIN = {2: 2.0, 3: 1.5, 4: 1.0}
BOTH_WAYS = frozenset({"dựng xây", "tỏ bày", "đảo hải", "tỏa lan", "đắm say"})  # rare, poetic, right
WORD_BEFORE, WORD_AFTER = re.compile(r"([^\W\d_]+) $"), re.compile(r" ([^\W\d_]+)")


@cache
def known() -> PhraseFinder:
    """Flipped forms of known terms."""
    rules = []
    for form, right, _ in forbidden(VI):
        if same_words(form, right):
            words = right.replace("nông thôn mới", "NTM") if "NTM" in form else right
            rules.append(PhraseRule(form.lower(), words, Label.WORD_ORDER, Severity.MAJOR, 0.95,
                                    note=f"the words of “{words}” in the wrong order"))
    return PhraseFinder([*load_rules("word_order_phrases.tsv"), *rules])


@cache
def flipped() -> dict[str, str]:
    """Flipped phrases, lower case → the right order."""
    out = {}
    packed = files("vn_repair").joinpath("data", "word_order.tsv.gz").read_bytes()
    for row in gzip.decompress(packed).decode().splitlines():
        phrase = row.split("\t", 1)[0]
        first, second = phrase.split("|")
        turned = f"{second} {first}"
        if turned not in BOTH_WAYS:
            out[turned] = f"{first} {second}"
    return out


def phrases(lang: str) -> dict[str, list[Any]]:
    """All flipped phrases: those of `known` with its entries, the others with the right order."""
    out: dict[str, list[Any]] = {phrase: list(entries) for phrase, entries in known().entries.items()}
    for phrase, right in flipped().items():
        out.setdefault(phrase, []).append(right)
    return out


def gain(text: str, start: int, end: int, right: str) -> float:
    """How much better `right` fits the words around `text[start:end]` than what stands there (log counts)."""
    stands, turned = text[start:end].split(" "), right.split(" ")
    total = 0.0
    if before := WORD_BEFORE.search(text, max(0, start - 12), start):
        word = before[1]
        total += log1p(vietnamese_pair(word, turned[0])) - log1p(vietnamese_pair(word, stands[0]))
    if after := WORD_AFTER.match(text, end):
        word = after[1]
        total += log1p(vietnamese_pair(turned[-1], word)) - log1p(vietnamese_pair(stands[-1], word))
    return total


def find(view: View) -> Iterator[Span]:
    """Yield a span over each flipped phrase with the right order as its suggestion; the longest where they overlap."""
    spans = list(known().find(view, DETECTOR.id))
    yield from spans
    text = view.folded
    found = []
    for start, end, right in view.phrases.get(DETECTOR.id, ()):
        if not isinstance(right, str):
            continue
        surface = view.text[start:end]
        if any(word[0].isupper() and not word.isupper() for word in surface.split()[1:]) or surface.isupper():
            continue
        if (better := gain(text, start, end, right)) > LEAST_GAIN[right.count(" ") + 1]:
            found.append((start, end, right, better))
    taken = Taken((span.start, span.end) for span in spans)
    for start, end, right, better in sorted(found, key=lambda f: (f[0] - f[1], -f[3])):
        if not taken.add(start, end):
            continue
        surface = view.text[start:end]
        capitals = {word.lower(): word for word in surface.split() if len(word) > 1 and word.isupper()}
        suggestion = in_case_of(surface, " ".join(capitals.get(word, word) for word in right.split()))
        yield Span(start, end, Label.WORD_ORDER, Severity.MINOR, min(0.95, 0.55 + 0.05 * better), DETECTOR.id,
                   f"“{right}” is the usual order; clean text has this one hardly ever", suggestion)


DETECTOR = Detector("word_order.flipped_term", frozenset({VI}), "a term whose parts stand in the wrong order", find,
                    phrases=phrases)
"""The detector."""

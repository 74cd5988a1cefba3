"""Turn clean, garbled and parallel text into training examples of the five tasks.

Infilling shows the model spans as detectors mark them: some shifted by a word or two, some that are
false alarms (the answer is the text itself), some with nothing to put in their place.
"""

from __future__ import annotations

import random

from vn_repair.markers import CLOSERS, MAX_SPANS, OPENERS, REWRITE, TARGET, mark
from vn_repair.placeholders import renumber, shared_masks
from vn_repair.training.garble import WORD, Garbled, GarbledSpan
from vn_repair.training.pack import Example


def translate_examples(vi: str, en: str, masked: bool = False) -> list[Example]:
    """One pair as two examples, one for each direction.

    With `masked`, numbers, dates and names that both sides share stand as placeholders (see
    `vn_repair.placeholders`); pairs that share none come plain.
    """
    sides = shared_masks(vi, en) if masked else None
    if sides is None:
        return [Example("translate_en", ("<2en>", vi), (en,)), Example("translate_vi", ("<2vi>", en), (vi,))]
    to_en, to_vi = renumber(*sides), renumber(sides[1], sides[0])
    return [
        Example("translate_en", ("<2en>", *to_en[0]), tuple(to_en[1])),
        Example("translate_vi", ("<2vi>", *to_vi[0]), tuple(to_vi[1])),
    ]


def rewrite_example(garbled: Garbled, lang: str) -> Example:
    """The whole garbled sentence to the clean one."""
    return Example("rewrite", (TARGET[lang], REWRITE, garbled.text), (garbled.clean,))


def widen(garbled: Garbled, span: GarbledSpan, words: tuple[int, int], bounds: tuple[int, int]) -> GarbledSpan:
    """`span` taken further by (left, right) whole words, inside `bounds` (offsets into the garbled text)."""
    left, right = words
    floor, ceiling = bounds
    before = [m.start() for m in WORD.finditer(garbled.text, floor, span.start)]
    after = [m.end() for m in WORD.finditer(garbled.text, span.end, ceiling)]
    start = before[-left] if 0 < left <= len(before) else span.start
    end = after[right - 1] if 0 < right <= len(after) else span.end
    correction = garbled.text[start : span.start] + span.correction + garbled.text[span.end : end]
    return GarbledSpan(start, end, span.label, correction)


def as_detected(garbled: Garbled, rng: random.Random, false_alarm: float, shift: float) -> list[GarbledSpan]:
    """At most four spans as a detector would mark them: shifted, and with false alarms among them."""
    spans = list(garbled.spans)
    if len(spans) > MAX_SPANS:
        spans = sorted(rng.sample(spans, MAX_SPANS), key=lambda s: s.start)
    out: list[GarbledSpan] = []
    for i, span in enumerate(spans):
        floor = out[-1].end if out else 0
        all_after = [s.start for s in garbled.spans if s.start >= span.end]
        ceiling = min(all_after, default=len(garbled.text))
        floor = max([floor, *[s.end for s in garbled.spans if s.end <= span.start]])
        if rng.random() < shift:
            reach = (rng.choice((0, 1, 1, 2)), rng.choice((0, 1, 1, 2)))
            out.append(widen(garbled, span, reach, (floor, ceiling)))
        else:
            out.append(span)
        if i + 1 >= MAX_SPANS:
            break
    while len(out) < MAX_SPANS and rng.random() < false_alarm:
        words = list(WORD.finditer(garbled.text))
        if len(words) < 4:
            break
        first = rng.randrange(len(words) - 1)
        last = min(len(words) - 1, first + rng.choice((0, 1, 1, 2, 3)))
        start, end = words[first].start(), words[last].end()
        if all(end < s.start or start > s.end for s in [*out, *garbled.spans]):
            out.append(
                GarbledSpan(
                    start,
                    end,
                    garbled.spans[0].label if garbled.spans else "mistranslation",  # type: ignore[arg-type]
                    garbled.text[start:end],
                )
            )
    return sorted(out, key=lambda s: s.start)


def infill_example(
    garbled: Garbled, lang: str, rng: random.Random, false_alarm: float = 0.25, shift: float = 0.3
) -> Example | None:
    """Marked spans in their sentence to the replacements; `None` when there is no span to mark."""
    spans = as_detected(garbled, rng, false_alarm, shift)
    if not spans:
        return None
    target: list[str] = []
    for opener, span in zip(OPENERS, spans, strict=False):
        target += [opener, span.correction]
    return Example("infill", tuple(mark(garbled.text, [(s.start, s.end) for s in spans], lang)), tuple(target))


def denoise_example(clean: str, lang: str, rng: random.Random) -> Example | None:
    """A sentence with word runs cut out to the runs: infilling with nothing to hold on to but context."""
    words = list(WORD.finditer(clean))
    if len(words) < 6:
        return None
    spans: list[tuple[int, int]] = []
    for _ in range(rng.randint(1, MAX_SPANS)):
        first = rng.randrange(len(words) - 1)
        last = min(len(words) - 1, first + rng.choice((0, 0, 1, 1, 2)))
        start, end = words[first].start(), words[last].end()
        if all(end < s or start > e for s, e in spans):
            spans.append((start, end))
    spans.sort()
    source: list[str] = [TARGET[lang]]
    target: list[str] = []
    at = 0
    for (start, end), opener, closer in zip(spans, OPENERS, CLOSERS, strict=False):
        source += [clean[at:start], opener, closer]
        target += [opener, clean[start:end]]
        at = end
    source.append(clean[at:])
    return Example("denoise", tuple(source), tuple(target))

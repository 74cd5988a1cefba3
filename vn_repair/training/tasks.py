"""Turn clean, garbled and parallel text into training examples of the five tasks.

Infilling shows the model spans as detectors mark them: some shifted by a word or two, some that are
false alarms (the answer is the text itself), some with nothing to put in their place.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from vn_repair.markers import CLOSERS, MAX_SPANS, OPENERS, REWRITE, TARGET, mark
from vn_repair.placeholders import renumber, shared_masks
from vn_repair.training.garble import WORD, Garbled, GarbledSpan
from vn_repair.training.pack import Example
from vn_repair.types import Label


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


@dataclass(frozen=True, slots=True)
class Marking:
    """How detectors mark: chances for each of what they do wrong.

    `missed`: a wrong span goes unmarked; `wide`: a word or two too many; `narrow`: a word too few, where the rest tells
    what to put; `merged`: two neighbours under one mark; `false_alarm`: sound words marked as well, again and again.
    """

    missed: float = 0.12
    wide: float = 0.3
    narrow: float = 0.1
    merged: float = 0.12
    false_alarm: float = 0.28


PLAIN_MARKING = Marking(0.0, 0.0, 0.0, 0.0, 0.0)


def widen(garbled: Garbled, span: GarbledSpan, words: tuple[int, int], bounds: tuple[int, int]) -> GarbledSpan:
    """`span` taken further by (left, right) whole words, inside `bounds` (offsets into the garbled text)."""
    left, right = words
    floor, ceiling = bounds
    before = [m.start() for m in WORD.finditer(garbled.text, floor, span.start)]
    after = [m.end() for m in WORD.finditer(garbled.text, span.end, ceiling)]
    if right and not span.correction:
        left = max(left, 1)  # or the space before what is deleted would be left over
        right = right if before else 0
    start = before[-left] if 0 < left <= len(before) else before[0] if left and before else span.start
    end = after[right - 1] if 0 < right <= len(after) else span.end
    return _joined(garbled, start, span, end)


def _joined(garbled: Garbled, start: int, span: GarbledSpan, end: int) -> GarbledSpan:
    """The span from `start` to `end` around `span`; where `span` is a deletion its space goes too."""
    head = garbled.text[start : span.start]
    text = head + span.correction if span.correction else head.removesuffix(" ")
    tail = garbled.text[span.end : end]
    return GarbledSpan(start, end, span.label, (text + tail) if text else tail.lstrip())


def _narrowed(garbled: Garbled, span: GarbledSpan) -> GarbledSpan:
    """`span` without the words at its ends that its correction keeps, if anything is left of both."""
    wrong, right = garbled.text[span.start : span.end].split(" "), span.correction.split(" ")
    head = tail = 0
    while head < min(len(wrong), len(right)) - 1 and wrong[head] == right[head]:
        head += 1
    while tail < min(len(wrong), len(right)) - 1 - head and wrong[-1 - tail] == right[-1 - tail]:
        tail += 1
    start = span.start + sum(len(w) + 1 for w in wrong[:head])
    end = span.end - sum(len(w) + 1 for w in wrong[len(wrong) - tail :])
    return GarbledSpan(start, end, span.label, " ".join(right[head : len(right) - tail]))


def _merged(garbled: Garbled, spans: list[GarbledSpan], rng: random.Random, chance: float) -> list[GarbledSpan]:
    """Neighbours with at most three words between them brought under one mark, by chance."""
    out: list[GarbledSpan] = []
    for span in spans:
        near = bool(out) and garbled.text.count(" ", out[-1].end, span.start) <= 4
        if near and out[-1].correction and rng.random() < chance:
            before = out.pop()
            text = _joined(garbled, before.start, before, span.start).correction
            text = text + span.correction if span.correction else text.removesuffix(" ")
            out.append(GarbledSpan(before.start, span.end, before.label, text))
        else:
            out.append(span)
    return out


def as_detected(garbled: Garbled, rng: random.Random, marking: Marking) -> list[GarbledSpan]:
    """At most four spans as detectors would mark them."""
    spans = [s for s in garbled.spans if rng.random() >= marking.missed]
    if len(spans) > MAX_SPANS:
        first = rng.randrange(len(spans) - MAX_SPANS + 1)  # the pipeline asks for four neighbours at a time
        spans = spans[first : first + MAX_SPANS]
    spans = _merged(garbled, spans, rng, marking.merged)
    taken = sorted([(s.start, s.end) for s in (*garbled.spans, *spans)])
    out: list[GarbledSpan] = []
    for span in spans:
        kind = rng.random()
        if kind < marking.wide:
            floor = max([e for _, e in taken if e <= span.start] + [out[-1].end if out else 0])
            ceiling = min([s for s, _ in taken if s >= span.end], default=len(garbled.text))
            reach = rng.choice(((0, 1), (1, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 2), (3, 1), (1, 3)))
            out.append(widen(garbled, span, reach, (floor, ceiling)))
        elif kind < marking.wide + marking.narrow:
            out.append(_narrowed(garbled, span))
        else:
            out.append(span)
    words = list(WORD.finditer(garbled.text)) if rng.random() < 2 * marking.false_alarm else []
    while len(out) < MAX_SPANS and len(words) > 3 and rng.random() < marking.false_alarm:
        first = rng.randrange(len(words))
        last = min(len(words) - 1, first + rng.choice((0, 0, 1, 1, 2, 3, 5)))
        start, end = words[first].start(), words[last].end()
        if all(end < s.start or start > s.end for s in (*out, *garbled.spans)):
            out.append(GarbledSpan(start, end, Label.MISTRANSLATION, garbled.text[start:end]))
    return sorted(out, key=lambda s: s.start)


def infill_example(garbled: Garbled, lang: str, rng: random.Random, marking: Marking | None = None) -> Example | None:
    """Marked spans in their sentence to the replacements; `None` when there is no span to mark."""
    spans = as_detected(garbled, rng, marking or Marking())
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

"""Gold spans of a hand-corrected text: its word-by-word difference from the source, in the form of the references.

A span is whole words without white space at its edges, and never empty: an insertion takes a neighbouring word along.
The text with every span replaced by its correction is the reference, where an empty correction takes the space or line
break along that it would leave behind (see `close_gap`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from vn_repair.evaluate.edits import TOKEN, Change
from vn_repair.formats.differences import differences
from vn_repair.placeholders import unaccented
from vn_repair.types import Label, Severity


@dataclass(frozen=True, slots=True)
class Correction:
    """`text[start:end]` should read `text`."""

    start: int
    end: int
    text: str


def close_gap(left: str, right: str) -> tuple[str, str]:
    """Both sides of a deletion without the space or line break left over, as eval/references/compile.py has it."""
    if not right or (right[0] == "\n" and left[-1:] not in ("", "\n")):
        return left.rstrip(" \n"), right
    if not left or left[-1] == "\n":
        return left, right.lstrip(" \n")
    if left[-1] == " " and right[0] in " ,.;:!?)…”":
        return left[:-1], right
    return left, right


def rebuilt(text: str, corrections: Sequence[Correction]) -> str:
    """The reference that corrections (sorted, disjoint) make of `text`."""
    out, at, deleted = "", 0, False
    for correction in corrections:
        between = text[at : correction.start]
        if deleted:
            out, between = close_gap(out, between)
        out += between + correction.text
        at, deleted = correction.end, not correction.text
    rest = text[at:]
    if deleted:
        out, rest = close_gap(out, rest)
    return out + rest


def corrections(text: str, reference: str) -> list[Correction]:
    """The smallest corrections of `text` for which `rebuilt` gives `reference`.

    Neither may have white space at an end, and `text` may not be empty.
    """
    if text == reference:
        return []
    if not reference:
        return [Correction(0, len(text), "")]
    tokens = [m.span() for m in TOKEN.finditer(text) if not m.group().isspace()]
    found: list[tuple[Change, Correction]] = []
    for difference in differences(text, reference):
        change, shaped = difference, _shaped(text, tokens, difference)
        while found and min(change.start, shaped.start) < max(found[-1][0].end, found[-1][1].end):
            before = found.pop()[0]
            between = text[before.end : change.start]
            change = Change(before.start, change.end, before.text + between + change.text)
            shaped = _shaped(text, tokens, change)
        found.append((change, shaped))
    out = [shaped for _, shaped in found]
    return out if rebuilt(text, out) == reference else [Correction(0, len(text), reference)]


def _shaped(text: str, tokens: Sequence[tuple[int, int]], change: Change) -> Correction:
    """A change as whole words: cut down to them where it deletes, else widened by neighbouring ones."""
    start, end, new = change.start, change.end, change.text
    surface = text[start:end]
    if not new.strip() and surface.strip():
        low, high = start + len(surface) - len(surface.lstrip()), end - (len(surface) - len(surface.rstrip()))
        left, right = close_gap(text[:low], text[high:])
        if left + right == text[:start] + new + text[end:] and not _cuts(text, low) and not _cuts(text, high):
            return Correction(low, high, "")
    while start < end and new and text[start] == new[0] and text[start].isspace():
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1] and text[end - 1].isspace():
        end, new = end - 1, new[:-1]
    while True:
        surface = text[start:end]
        bare = surface[:1].isspace() or new[:1].isspace() or _cuts(text, start) or not new
        if start and (bare or (not surface and (end == len(text) or not text[start - 1].isspace()))):
            to = tokens[bisect_left(tokens, (start, 0)) - 1][0]
            start, new = to, text[to:start] + new
        elif end < len(text) and (surface[-1:].isspace() or new[-1:].isspace() or _cuts(text, end)
                                  or not surface or not new):
            to = tokens[bisect_right(tokens, end, key=lambda t: t[1])][1]
            end, new = to, new + text[end:to]
        else:
            return Correction(start, end, new)


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def guess(surface: str, correction: str) -> tuple[Label, Severity]:
    """A label for a correction of words that nothing and nobody has labelled, from what changed alone."""
    old, new = _letters(surface), _letters(correction)
    if old == new:
        return Label.PUNCTUATION, Severity.MINOR
    if correction and old.casefold() == new.casefold():
        return Label.SPELLING, Severity.MINOR
    if correction and unaccented(old).casefold() == unaccented(new).casefold():
        bare = old == unaccented(old)
        return (Label.LOST_DIACRITICS if bare else Label.SPELLING), Severity.MINOR
    if correction and regex.sub(r"\d", "", old) == regex.sub(r"\d", "", new):
        return Label.NUMBER_FORMAT, Severity.MAJOR
    words = sorted(surface.split()), sorted(correction.split())
    if words[0] == words[1]:
        return Label.WORD_ORDER, Severity.MINOR
    if len(set(words[0])) < len(words[0]) and set(words[1]) == set(words[0]):
        return Label.REPETITION, Severity.MINOR
    return Label.MISTRANSLATION, Severity.MAJOR


def _letters(text: str) -> str:
    return "".join(regex.findall(r"[\p{L}\p{M}\p{N}]+", text))

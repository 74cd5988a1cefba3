"""Labelled wrong spans between a garbled sentence and its clean text, by comparing their words."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

import regex

from vn_repair.training.garble import WORD, Change, Garbled, apply_changes
from vn_repair.types import Label

TOKEN = regex.compile(rf"{WORD.pattern}|[^\s\p{{L}}\p{{M}}\p{{N}}]+")
Harmless = Callable[[str, str], bool]
Piece = tuple[int, int, int, int]  # first and last token of the clean text, first and last of the other


def _joined(pieces: list[Piece], gap: int) -> list[Piece]:
    """Differences with at most `gap` equal tokens between them brought together."""
    out: list[Piece] = []
    for piece in pieces:
        if out and piece[0] - out[-1][1] <= gap:
            out[-1] = (out[-1][0], piece[1], out[-1][2], piece[3])
        else:
            out.append(piece)
    return out


def _label(wrong: str, right: str) -> Label:
    made, meant = wrong.lower().split(), right.lower().split()
    if sorted(made) == sorted(meant):
        return Label.WORD_ORDER
    if set(made) < set(meant):
        return Label.FRAGMENT
    if set(made) <= set(meant) or any(a == b for a, b in zip(made, made[1:], strict=False)):
        return Label.REPETITION
    return Label.MISTRANSLATION


def diff(clean: str, other: str, harmless: Harmless | None = None, gap: int = 1) -> Garbled:
    """`other` as a garbling of `clean`, its spans found word by word.

    Differences of marks and capitals alone are taken over from `clean`, as are those for which `harmless` (other
    words, clean words) holds. What `other` lacks is marked on the word before (after, at the beginning). The result's
    text is therefore near `other`, not always equal to it.
    """
    a, b = list(TOKEN.finditer(clean)), list(TOKEN.finditer(other))
    matcher = SequenceMatcher(None, [t.group().lower() for t in a], [t.group().lower() for t in b], autojunk=False)
    pieces = [(i, j, k, n) for tag, i, j, k, n in matcher.get_opcodes() if tag != "equal"]
    changes: list[Change] = []
    for i, j, k, n in _joined(pieces, gap):
        made = other[b[k].start() : b[n - 1].end()] if n > k else ""
        meant = clean[a[i].start() : a[j - 1].end()] if j > i else ""
        if not WORD.search(made + meant) or (harmless is not None and harmless(made, meant)):
            continue
        if made and meant:
            changes.append(Change(a[i].start(), a[j - 1].end(), made, _label(made, meant)))
        elif made:
            if i == 0 or clean[a[i - 1].end() : a[i - 1].end() + 1] not in (" ", ""):
                continue
            changes.append(Change(a[i - 1].end(), a[i - 1].end(), made, Label.REPETITION))
        else:
            first, last = (i - 1, j - 1) if i else (i, j)
            if last >= len(a):
                continue
            kept = a[first] if i else a[last]
            changes.append(Change(a[first].start(), a[last].end(), kept.group(), Label.FRAGMENT))
    return apply_changes(clean, [c for at, c in enumerate(changes) if at == 0 or c.start > changes[at - 1].end])

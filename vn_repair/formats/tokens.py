"""Sentences as tokens: words, numbers and marks, and how the tokens of a correction differ from those of its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vn_repair.evaluate.edits import TOKEN
from vn_repair.formats.units import Sentence
from vn_repair.types import Label


@dataclass(frozen=True, slots=True)
class Token:
    """`text` at `start:end` of the sentence."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class TokenEdit:
    """Source tokens `start:end` become `tokens`; `label` is that of a span it answers."""

    start: int
    end: int
    tokens: tuple[str, ...]
    label: Label | None


def tokenized(text: str) -> list[Token]:
    """Runs of letters, figures and their diacritics, and single other characters; no white space."""
    return [Token(m.start(), m.end(), m.group()) for m in TOKEN.finditer(text) if not m.group().isspace()]


def opcodes(source: Sequence[str], target: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """(operation, i, j, k, m) of the shortest edit script: source tokens i:j become target tokens k:m."""
    from rapidfuzz.distance import Levenshtein

    return [(o.tag, o.src_start, o.src_end, o.dest_start, o.dest_end) for o in Levenshtein.opcodes(source, target)]


def apply_token_edits(source: Sequence[str], edits: Sequence[TokenEdit]) -> list[str]:
    """The tokens with sorted, disjoint edits applied."""
    out: list[str] = []
    at = 0
    for edit in edits:
        out += [*source[at : edit.start], *edit.tokens]
        at = edit.end
    return [*out, *source[at:]]


def token_edits(sentence: Sentence, source: str) -> list[TokenEdit]:
    """The sentence's applied edits over its tokens, in order; `source` is its text as it was.

    Each is cut down to the tokens that differ; one that changes only white space is none. Together they give the
    tokens of the corrected sentence.
    """
    tokens = tokenized(source)
    words = [t.text for t in tokens]
    wanted = [t.text for t in tokenized(sentence.target)]
    found = _widened(sentence, source, tokens)
    if apply_token_edits(words, found) != wanted:  # an edit glues its words to their neighbours: compare the tokens
        found = []
        for tag, i, j, k, m in opcodes(words, wanted):
            if tag != "equal" and found and found[-1].end == i:
                found[-1] = replace(found[-1], end=j, tokens=(*found[-1].tokens, *wanted[k:m]))
            elif tag != "equal":
                found.append(TokenEdit(i, j, tuple(wanted[k:m]), None))
    out = []
    for edit in (_trimmed(e, words) for e in found):
        if edit.start < edit.end or edit.tokens:
            out.append(replace(edit, label=_label(sentence, tokens, edit)))
    return out


def _widened(sentence: Sentence, source: str, tokens: Sequence[Token]) -> list[TokenEdit]:
    """The edits, each widened to the borders of the tokens that it cuts."""
    windows: list[tuple[int, int, list[tuple[int, int, str]]]] = []
    for edit in sentence.changed:
        start, end = edit.start - sentence.start, edit.end - sentence.start
        first = next((i for i, t in enumerate(tokens) if t.end > start), len(tokens))
        last = next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i].start < end), -1) + 1
        last = max(first, last)
        if windows and first < windows[-1][1]:
            windows[-1] = (windows[-1][0], max(last, windows[-1][1]), [*windows[-1][2], (start, end, edit.replacement)])
        else:
            windows.append((first, last, [(start, end, edit.replacement)]))
    out = []
    for first, last, parts in windows:
        low = min([parts[0][0]] + ([tokens[first].start] if first < last else []))
        high = max([parts[-1][1]] + ([tokens[last - 1].end] if first < last else []))
        text, at = "", low
        for start, end, new in parts:
            text += source[at:start] + new
            at = end
        text += source[at:high]
        out.append(TokenEdit(first, last, tuple(t.text for t in tokenized(text)), None))
    return out


def _trimmed(edit: TokenEdit, words: Sequence[str]) -> TokenEdit:
    """Without the tokens at its ends that stay."""
    start, end, new = edit.start, edit.end, list(edit.tokens)
    while start < end and new and words[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and words[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return TokenEdit(start, end, tuple(new), None)


def _label(sentence: Sentence, tokens: Sequence[Token], edit: TokenEdit) -> Label | None:
    """The label of the span that overlaps the edit most; of an insertion, of one that it borders or lies in."""
    if edit.start < edit.end:
        start, end = tokens[edit.start].start, tokens[edit.end - 1].end
    else:
        start = tokens[edit.start - 1].end if edit.start else 0
        end = tokens[edit.start].start if edit.start < len(tokens) else start
    best: tuple[int, Label] | None = None
    for span in sentence.spans:
        low, high = span.start - sentence.start, span.end - sentence.start
        shared = min(end, high) - max(start, low)
        if shared >= 0 and (best is None or shared > best[0]):
            best = shared, span.label
    return best[1] if best else None

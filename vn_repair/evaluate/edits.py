"""Scorers of edits: which gold spans came out exactly right, and what was changed besides.

All systems are judged by their text alone. Its difference from the source is taken word by word, so it does not matter
how a system cut its edits, and gold spans and edits that touch are judged together: over their common window the
output must read exactly as the reference does (runs of white space count as one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from vn_repair.evaluate.detection import f_score, ratio
from vn_repair.evaluate.references import GoldSpan
from vn_repair.types import Label

TOKEN = regex.compile(r"[\w\p{M}]+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Change:
    """`source[start:end]` became `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class EditCounts:
    """Gold spans fixed exactly, wrong changes (outside spans, or spans changed to something else), spans not fixed."""

    fixed: int
    wrong: int
    unfixed: int
    by_label: dict[Label, tuple[int, int]]  # (spans, fixed)

    @property
    def vector(self) -> tuple[int, int, int]:
        """(fixed, wrong, unfixed), to be summed."""
        return self.fixed, self.wrong, self.unfixed


def squeeze(text: str) -> str:
    """`text` with every run of white space made one space and none at its ends."""
    return " ".join(text.split())


def changes(source: str, target: str) -> list[Change]:
    """The word-level difference, in order; changes with nothing but a space between them are one.

    Offsets into `source`. Shortest edit script over words, marks and runs of white space.
    """
    from rapidfuzz.distance import Levenshtein

    a = [(m.start(), m.end(), m.group()) for m in TOKEN.finditer(source)]
    b = [(m.start(), m.end(), m.group()) for m in TOKEN.finditer(target)]
    blocks: list[list[int]] = []  # source tokens i:j became target tokens k:m
    script = Levenshtein.opcodes([" " if t[2].isspace() else t[2] for t in a],
                                 [" " if t[2].isspace() else t[2] for t in b])
    for op in script:
        if op.tag == "equal":
            continue
        last = blocks[-1] if blocks else None
        gap = a[last[1] : op.src_start] if last else []
        if last and (not gap or (len(gap) == 1 and gap[0][2].isspace())):
            last[1], last[3] = op.src_end, op.dest_end
        else:
            blocks.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    out = []
    for i, j, k, m in blocks:
        before = a[i - 1][1] if i else 0
        start, end = (a[i][0], a[j - 1][1]) if j > i else (before, before)
        if m == k and j - i > 1:  # of deleted words the space that goes along belongs to neither neighbour
            if a[j - 1][2].isspace() and (start == 0 or source[start - 1].isspace()):
                end = a[j - 1][0]
            elif a[i][2].isspace() and (end == len(source) or source[end].isspace()):
                start = a[i][1]
        out.append(Change(start, end, target[b[k][0] : b[m - 1][1]] if m > k else ""))
    return out


def window_text(text: str, start: int, end: int, edits: Sequence[Change]) -> str:
    """`text[start:end]` with the edits (sorted, inside the window) applied, white space squeezed."""
    out, at = [], start
    for edit in edits:
        out += [text[at : edit.start], edit.text]
        at = edit.end
    out.append(text[at:end])
    return squeeze("".join(out))


def groups(text: str, gold: Sequence[GoldSpan], made: Sequence[Change], *, near: bool) -> list[tuple[list[int], ...]]:
    """Indices of gold spans and of changes that touch, directly or by way of others.

    With `near`, only white space between them counts as touching too.
    """
    owner = list(range(len(gold) + len(made)))

    def root(n: int) -> int:
        while owner[n] != n:
            n = owner[n]
        return n

    for g, span in enumerate(gold):
        for m, change in enumerate(made):
            low, high = sorted(((span.start, span.end), (change.start, change.end)))
            between = text[low[1] : high[0]]
            if high[0] <= low[1] or (near and between.isspace()):
                owner[root(len(gold) + m)] = root(g)
    out: dict[int, tuple[list[int], list[int]]] = {}
    for n in range(len(owner)):
        pair = out.setdefault(root(n), ([], []))
        if n < len(gold):
            pair[0].append(n)
        else:
            pair[1].append(n - len(gold))
    return list(out.values())


def edit_counts(source: str, gold: Sequence[GoldSpan], output: str) -> EditCounts:
    """Judge `output` against the gold spans of `source`."""
    made = changes(source, output)
    wanted = [Change(s.start, s.end, s.correction) for s in gold]
    fixed: set[int] = set()
    used: set[int] = set()
    for near in (False, True):
        # A deletion of either copy of a doubled word reads the same: a change just beside a span may be its fix.
        open_gold = [g for g in range(len(gold)) if g not in fixed]
        open_made = [m for m in range(len(made)) if m not in used]
        for gs, ms in groups(source, [gold[g] for g in open_gold], [made[m] for m in open_made], near=near):
            if not gs or not ms:
                continue
            spans = [open_gold[g] for g in gs]
            edits = [open_made[m] for m in ms]
            start = min([wanted[g].start for g in spans] + [made[m].start for m in edits])
            end = max([wanted[g].end for g in spans] + [made[m].end for m in edits])
            right = {window_text(source, start, end, [wanted[g] for g in spans])}
            right.add(window_text(source, start, end, [wanted[g] for g in spans if gold[g].visible]))
            if window_text(source, start, end, [made[m] for m in edits]) in right:
                fixed.update(spans)
                used.update(edits)
    by_label: dict[Label, tuple[int, int]] = {}
    for number, span in enumerate(gold):
        if span.visible:
            spans_, fixed_ = by_label.get(span.label, (0, 0))
            by_label[span.label] = (spans_ + 1, fixed_ + (number in fixed))
    touched = 0
    for gs, ms in groups(source, gold, made, near=False):
        left = [m for m in ms if m not in used]
        attempted = [g for g in gs if g not in fixed]
        if left and attempted:
            touched += sum(gold[g].visible for g in attempted)
        else:
            touched += len(left)
    seen = [n for n, span in enumerate(gold) if span.visible]
    right_spans = sum(n in fixed for n in seen)
    return EditCounts(right_spans, touched, len(seen) - right_spans, by_label)


def edit_scores(sums: Sequence[float]) -> dict[str, float]:
    """Precision, recall (the share of spans fixed exactly) and F0.5 of summed (fixed, wrong, unfixed)."""
    fixed, wrong, unfixed = sums
    return {
        "precision": ratio(fixed, fixed + wrong),
        "recall": ratio(fixed, fixed + unfixed),
        "f0.5": f_score(fixed, wrong, unfixed, beta=0.5),
    }


def over_edit_counts(source: str, output: str) -> tuple[int, int, int, int]:
    """(1 if a clean text was changed, 1, its characters in changes, its characters)."""
    made = changes(source, output)
    size = sum(max(c.end - c.start, len(c.text)) for c in made)
    return int(bool(made)), 1, size, len(source)

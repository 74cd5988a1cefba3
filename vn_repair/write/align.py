"""An article laid out for a reader: paragraph beside paragraph, cut into marked pieces."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vn_repair.types import VI, Edit, Repair, Span, Status

LINE = re.compile(r"\S(?:[^\n\r]*\S)?")
LINE_END = re.compile(r"[\n\r]")


@dataclass(frozen=True, slots=True)
class Finding:
    """An edit with the spans it answers, or a span that no edit answers; numbered from 1 in text order."""

    number: int
    start: int
    end: int
    spans: tuple[Span, ...]
    edit: Edit | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph, bare or marked.

    `kind` is `plain`, `span` (source side), `accepted`, `removed` (an accepted edit that leaves
    nothing) or `review` (the source's own words, for which another reading is proposed).
    """

    text: str
    kind: str = "plain"
    finding: Finding | None = None
    span: Span | None = None


Mark = tuple[int, int, Piece]


@dataclass(slots=True)
class Block:
    """A paragraph of the source, the same paragraph repaired, and its lines in the other language."""

    start: int
    end: int
    source: list[Piece] = field(default_factory=list)
    repaired: list[Piece] = field(default_factory=list)
    other: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks in order; `rest` is the other language's text where it has another number of lines.

    `repaired_text` stands for the repaired pieces where they do not add up to the text that was
    written (some other step changed it), else it is `None`.
    """

    blocks: list[Block]
    findings: list[Finding]
    rest: str
    repaired_text: str | None


def find_findings(spans: Sequence[Span], edits: Sequence[Edit]) -> list[Finding]:
    """Each edit with the spans it touches, and each span left over, in text order."""
    spans = sorted(spans, key=lambda s: (s.start, s.end))
    found: list[tuple[int, int, tuple[Span, ...], Edit | None]] = []
    answered: set[int] = set()
    for edit in edits:
        # Spans do not overlap, so their ends are sorted as well. An insertion also touches a span it borders.
        insertion = edit.start == edit.end
        i = bisect_right(spans, edit.start - insertion, key=lambda s: s.end)
        touched = []
        while i < len(spans) and spans[i].start < edit.end + insertion:
            touched.append(i)
            i += 1
        answered.update(touched)
        found.append((edit.start, edit.end, tuple(spans[i] for i in touched), edit))
    found += [(s.start, s.end, (s,), None) for i, s in enumerate(spans) if i not in answered]
    found.sort(key=lambda f: (f[0], f[1]))
    return [Finding(number, *parts) for number, parts in enumerate(found, 1)]


def lay_out(repair: Repair) -> Layout:
    """The article of a repair as blocks, each with its source, repaired and translated side."""
    text = repair.article.text
    findings = find_findings(repair.spans, repair.edits)
    by_span = {id(span): f for f in reversed(findings) for span in f.spans}
    span_marks = [(s.start, s.end, Piece("", "span", by_span[id(s)], s)) for s in repair.spans]
    edit_marks = [(f.start, f.end, _edit_piece(f)) for f in findings
                  if f.edit is not None and f.edit.status is not Status.REJECTED]
    kept = _without_overlaps(edit_marks)

    blocks = _blocks(text, [(s, e) for s, e, _ in span_marks + kept])
    for block in blocks:
        block.source = _pieces(text, block, span_marks, keep_text=True)
        block.repaired = _pieces(text, block, kept, keep_text=False)
    own, other = (repair.vi, repair.en) if repair.article.lang == VI else (repair.en, repair.vi)
    made = [line for block in blocks for line in _lines("".join(p.text for p in block.repaired))]
    rest = _share_out(blocks, other)
    return Layout(blocks, findings, rest, None if not own or made == _lines(own) else own)


def _edit_piece(finding: Finding) -> Piece:
    assert finding.edit is not None
    if finding.edit.status is Status.REVIEW:
        return Piece("", "review", finding)
    return Piece(finding.edit.replacement, "accepted" if finding.edit.replacement.strip() else "removed", finding)


def _without_overlaps(marks: Iterable[Mark]) -> list[Mark]:
    """The marks in text order; of two that overlap the accepted one, for its words are those written."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m[2].kind == "review", m[0], m[1])):
        i = bisect_right(kept, mark[0], key=lambda m: m[0])
        if (i == 0 or kept[i - 1][1] <= mark[0]) and (i == len(kept) or mark[1] <= kept[i][0]):
            kept.insert(i, mark)
    return kept


def _blocks(text: str, marks: Iterable[tuple[int, int]]) -> list[Block]:
    """The lines that are not blank; those that one mark holds together are one block."""
    lines = [match.span() for match in LINE.finditer(text)]
    starts = [start for start, _ in lines]
    joined = [False] * len(lines)  # joined[i]: line i belongs with the line before it
    for start, end in marks:
        surface = text[start:end]
        core = surface.strip()
        if LINE_END.search(core):
            first = start + surface.index(core[0])
            for i in range(bisect_right(starts, first), bisect_right(starts, first + len(core) - 1)):
                joined[i] = True
    blocks: list[Block] = []
    for (start, end), with_last in zip(lines, joined, strict=True):
        if with_last and blocks:
            blocks[-1].end = end
        else:
            blocks.append(Block(start, end))
    return blocks


def _pieces(text: str, block: Block, marks: Sequence[Mark], *, keep_text: bool) -> list[Piece]:
    """The block's text cut at the marks inside it; a mark that starts inside the one before is left out."""
    out: list[Piece] = []
    at = block.start
    # Marks are sorted by start and never reach into two blocks but for white space.
    for start, end, piece in marks[_first_at(marks, block.start):]:
        if start > block.end:
            break
        first, last = max(start, block.start), min(end, block.end)
        if first < at or last < first or (last == first and start < end):
            continue
        if first > at:
            out.append(Piece(text[at:first]))
        shown = text[first:last] if keep_text or piece.kind == "review" else piece.text
        out.append(Piece(shown, piece.kind, piece.finding, piece.span))
        at = last
    if at < block.end:
        out.append(Piece(text[at : block.end]))
    return out


def _first_at(marks: Sequence[Mark], offset: int) -> int:
    """Index of the first mark that may reach `offset`; the one before it may end after its start."""
    index = bisect_right(marks, offset, key=lambda m: m[0])
    while index > 0 and marks[index - 1][1] >= offset:
        index -= 1
    return index


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _share_out(blocks: Sequence[Block], other: str) -> str:
    """Give each block as many lines of `other` as it has repaired lines; the whole of it back if they differ."""
    lines = [line.strip() for line in other.splitlines() if line.strip()]
    wanted = [len(_lines("".join(p.text for p in block.repaired))) for block in blocks]
    if sum(wanted) != len(lines):
        return other
    at = 0
    for block, count in zip(blocks, wanted, strict=True):
        block.other = "\n".join(lines[at : at + count])
        at += count
    return ""

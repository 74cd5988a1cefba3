"""A repair cut into blocks and sentences, as translators' tools want it, with its edits inside the cuts.

A block is a line of the article, a sentence a segment of it. What a span or an edit holds together stays together:
sentences, or whole lines, that one of them reaches across are one. So the corrected text of a block is made of the
corrected texts of its sentences and of the untouched white space between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, Edit, Repair, Span, Status, apply_edits

LINE_END = re.compile(r"[\n\r]")
Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` of the article, and `target`, the same corrected.

    `spans` lie inside, `edits` too (of any status; sorted by start).
    """

    start: int
    end: int
    target: str
    spans: tuple[Span, ...]
    edits: tuple[Edit, ...]

    @property
    def changed(self) -> tuple[Edit, ...]:
        """The edits that were applied."""
        return tuple(e for e in self.edits if e.status is Status.ACCEPTED)

    @property
    def open_spans(self) -> tuple[Span, ...]:
        """Spans that no applied edit answers: a person should look."""
        return tuple(s for s in self.spans if not any(touches(e, s) for e in self.changed))

    @property
    def open_edits(self) -> tuple[Edit, ...]:
        """Edits left for review."""
        return tuple(e for e in self.edits if e.status is Status.REVIEW)

    @property
    def open(self) -> bool:
        """Whether anything is left for a person to decide."""
        return bool(self.open_edits or self.open_spans)


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the article (or lines that an edit joins).

    `source` is `text[start:end]`, `target` the same corrected, `other` the block in the other language: `None`
    where there is none, or where its lines cannot be told apart.
    """

    start: int
    end: int
    source: str
    target: str
    sentences: tuple[Sentence, ...]
    other: str | None

    def gap(self, number: int) -> str:
        """The white space before sentence `number` (of the first: none)."""
        if number == 0:
            return ""
        before, after = self.sentences[number - 1], self.sentences[number]
        return self.source[before.end - self.start : after.start - self.start]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence or a block (`whole`) in both languages; `start:end` is where it stood in the article's text."""

    start: int
    end: int
    own: str
    other: str
    whole: bool


def touches(edit: Edit, span: Span) -> bool:
    """Whether an edit changes something of a span; an insertion also where it borders it."""
    if edit.start == edit.end:
        return span.start <= edit.start <= span.end
    return edit.start < span.end and span.start < edit.end


def other_language(lang: str) -> str:
    """`"en"` for `"vi"` and the other way round."""
    return EN if lang == VI else VI


def own_text(repair: Repair) -> str:
    """The corrected text in the article's own language."""
    return repair.vi if repair.article.lang == VI else repair.en


def applied(repair: Repair) -> list[Edit]:
    """The edits that turn the article into its corrected text, sorted.

    These are the accepted ones, unless the corrected text was changed by some other step: then it is compared word
    by word with the article.
    """
    text, own = repair.article.text, own_text(repair)
    accepted = sorted((e for e in repair.edits if e.status is Status.ACCEPTED), key=lambda e: (e.start, e.end))
    if apply_edits(text, accepted) == own:
        return accepted
    from vn_repair.formats.differences import differences

    return [Edit(d.start, d.end, d.text, "difference", 1.0, Status.ACCEPTED) for d in differences(text, own)]


def blocks(repair: Repair) -> list[Block]:
    """The article's blocks in order. All that is not white space lies in one of them."""
    article, text = repair.article, repair.article.text
    atoms = [(s.start, s.end) for s in segment(article)]
    if not atoms:
        return []
    edits = applied(repair)
    waiting = [e for e in repair.edits if e.status is Status.REVIEW]
    joins = [j for e in edits if (j := _joined_by_edit(text, atoms, e))]
    ranges = [(s.start, s.end) for s in repair.spans] + [(e.start, e.end) for e in waiting]
    joins += [j for start, end in ranges if (j := _touched(atoms, start, end)) and j[1] > j[0]]
    groups = _merge(atoms, joins)
    rejected = [e for e in repair.edits if e.status is Status.REJECTED]
    homes = [g[0] for g in groups]
    inside: list[tuple[list[Span], list[Edit]]] = [([], []) for _ in groups]
    for span in repair.spans:
        if touched := _touched(atoms, span.start, span.end):
            home = bisect_right(homes, atoms[touched[0]][0]) - 1
            start, end = max(span.start, groups[home][0]), min(span.end, groups[home][1])
            inside[home][0].append(replace(span, start=start, end=end))
    for edit in (*edits, *waiting, *rejected):
        joined = _joined_by_edit(text, atoms, edit) or _touched(atoms, edit.start, edit.end)
        if joined:
            home = bisect_right(homes, atoms[joined[0]][0]) - 1
            inside[home][1].append(_clipped(edit, groups[home]))
    sentences = []
    for (start, end), (spans, own) in zip(groups, inside, strict=True):
        shifted = [replace(e, start=e.start - start, end=e.end - start) for e in own if e.status is Status.ACCEPTED]
        sentences.append(Sentence(start, end, apply_edits(text[start:end], shifted),
                                  tuple(sorted(spans, key=lambda s: (s.start, s.end))),
                                  tuple(sorted(own, key=lambda e: (e.start, e.end)))))
    return _with_other(repair, _lines(text, sentences))


def pairs(block: Block, lang: str) -> list[Pair]:
    """The block in both languages, sentence by sentence where both have as many; none without the other language.

    `lang` is that of the article.
    """
    if not block.other or not block.target.strip():
        return []
    theirs = _sentences(block.other, other_language(lang))
    own = [s for s in block.sentences if s.target.strip()]
    if len(own) == len(theirs):
        whole = len(own) == len(block.sentences) == 1
        return [Pair(s.start, s.end, s.target, t, whole) for s, t in zip(own, theirs, strict=True)]
    return [Pair(block.start, block.end, block.target, block.other, True)]


def _sentences(text: str, lang: str) -> list[str]:
    return [text[s.start : s.end] for s in segment(Article("", text, lang, ""))]


def _touched(atoms: Sequence[Bounds], start: int, end: int) -> tuple[int, int] | None:
    """First and last atom that a range overlaps (an empty range: that it borders)."""
    point = start == end
    first = bisect_left(atoms, start, key=lambda a: a[1]) if point else bisect_right(atoms, start, key=lambda a: a[1])
    last = (bisect_right(atoms, end, key=lambda a: a[0]) if point else bisect_left(atoms, end, key=lambda a: a[0])) - 1
    return (first, last) if first <= last else None


def _joined_by_edit(text: str, atoms: Sequence[Bounds], edit: Edit) -> tuple[int, int] | None:
    """First and last atom that must be one because of an edit: `None` if all it does is in the space between lines."""
    touched = _touched(atoms, edit.start, edit.end)
    new = edit.replacement
    if touched is None:
        after = bisect_left(atoms, edit.end, key=lambda a: a[0])
        before = after - 1
        outside = before < 0 or after == len(atoms)
        if not new.strip() and (outside or LINE_END.search(
                text[atoms[before][1] : edit.start] + new + text[edit.end : atoms[after][0]])):
            return None
        return max(before, 0), min(after, len(atoms) - 1)
    first, last = touched
    head = new[: len(new) - len(new.lstrip())]
    tail = new[len(new.rstrip()) :]
    spared_left = edit.start > atoms[first][0] or bool(new.strip())
    spared_right = edit.end < atoms[last][1] or bool(new.strip())
    joined_first, joined_last = first, last
    before_at = atoms[first - 1][1] if first else None
    after_at = atoms[last + 1][0] if last + 1 < len(atoms) else None
    whole_left = before_at is not None and edit.start <= before_at < atoms[first][0]
    whole_right = after_at is not None and edit.end >= after_at > atoms[last][1]
    if before_at is not None and edit.start < atoms[first][0]:
        same_line = not LINE_END.search(text[before_at : atoms[first][0]])
        if same_line or (whole_left and (spared_right or whole_right) and not LINE_END.search(head)):
            joined_first -= 1
    if after_at is not None and edit.end > atoms[last][1]:
        same_line = not LINE_END.search(text[atoms[last][1] : after_at])
        if same_line or (whole_right and (spared_left or whole_left) and not LINE_END.search(tail)):
            joined_last += 1
    return joined_first, joined_last


def _merge(atoms: Sequence[Bounds], joins: Iterable[tuple[int, int]]) -> list[Bounds]:
    """The atoms, those of a join as one."""
    reach = list(range(len(atoms)))
    for first, last in joins:
        reach[first] = max(reach[first], last)
    out: list[Bounds] = []
    i = 0
    while i < len(atoms):
        last, k = reach[i], i
        while k < last:
            k += 1
            last = max(last, reach[k])
        out.append((atoms[i][0], atoms[last][1]))
        i = last + 1
    return out


def _clipped(edit: Edit, home: Bounds) -> Edit:
    """The edit without the white space around `home` that it also covers."""
    start, end = home
    new = edit.replacement
    if edit.start < start:
        new = new.lstrip()
    if edit.end > end:
        new = new.rstrip()
    low, high = min(max(edit.start, start), end), max(min(edit.end, end), start)
    return replace(edit, start=low, end=max(low, high), replacement=new)


def _lines(text: str, sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences, those of a line together."""
    out: list[list[Sentence]] = []
    for sentence in sentences:
        if out and not LINE_END.search(text, out[-1][-1].end, sentence.start):
            out[-1].append(sentence)
        else:
            out.append([sentence])
    return out


def _with_other(repair: Repair, lines: Sequence[Sequence[Sentence]]) -> list[Block]:
    text = repair.article.text
    out = []
    for line in lines:
        target, at = "", line[0].start
        for sentence in line:
            target += text[at : sentence.start] + sentence.target
            at = sentence.end
        out.append(Block(line[0].start, at, text[line[0].start : at], target, tuple(line), None))
    other = [line.strip() for line in (repair.en if repair.article.lang == VI else repair.vi).splitlines()
             if line.strip()]
    wanted = [sum(bool(line.strip()) for line in block.target.splitlines()) for block in out]
    if not other or sum(wanted) != len(other):
        return out
    at = 0
    for i, count in enumerate(wanted):
        if count:
            out[i] = replace(out[i], other="\n".join(other[at : at + count]))
        at += count
    return out

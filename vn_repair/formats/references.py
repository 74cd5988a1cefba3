"""Post-edited texts as hand-fixed references, anchored anew on the articles that they came from.

A reference is a line of an article (lines that a unit of the file joins are one) in the form of
eval/references/DATASHEET.md: `id, lang, theme, kind, text, spans, vi_ref, en_ref, remark, article, block, action`.
"""

from __future__ import annotations

import os
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from vn_repair.formats.gold_spans import close_gap, corrections, guess, rebuilt
from vn_repair.formats.post_edits import Line, Mark, PostEdit, lines_of, uncovered
from vn_repair.formats.units import Block, Sentence, blocks
from vn_repair.formats.xml_parts import name_of
from vn_repair.types import MQM_CATEGORY, VI, InputError, Repair, Span

Reference = dict[str, Any]
Marked = TypeVar("Marked", Mark, Span)


@dataclass
class Tally:
    """Counts of what `references` made."""

    changed: int = 0
    unchanged: int = 0
    not_reviewed: int = 0
    guessed: int = 0
    spans: int = 0


@dataclass
class _Article:
    """A record and where its text has been corrected to what."""

    repair: Repair
    blocks: list[Block]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences, in order."""
        return [s for b in self.blocks for s in b.sentences]

    def machine(self, start: int, end: int) -> str | None:
        """The repaired text of `text[start:end]`; `None` if these are no bounds of sentences."""
        first = bisect_left(self.sentences, start, key=lambda s: s.start)
        last = bisect_left(self.sentences, end, key=lambda s: s.end)
        parts = self.sentences[first : last + 1]
        if not parts or parts[0].start != start or parts[-1].end != end:
            return None
        out, at = "", start
        for part in parts:
            out += self.repair.article.text[at : part.start] + part.target
            at = part.end
        return out


@dataclass
class _Edited:
    own: list[PostEdit] = field(default_factory=list)
    translations: dict[tuple[int, int], PostEdit] = field(default_factory=dict)


def references(post_edits: Iterable[PostEdit | InputError], repairs: Iterable[Repair | InputError], *,
               reviewed_only: bool = False, tally: Tally | None = None) -> Iterator[Reference | InputError]:
    """A reference for every line that the files give, in the order of the articles there; errors in between.

    `repairs` are the records that the files were written from; those that no file names are not kept. With
    `reviewed_only` a line counts only if all its units are signed off.
    """
    tally = tally or Tally()
    by_article: dict[str, _Edited] = {}
    for item in post_edits:
        if isinstance(item, InputError):
            yield item
            continue
        edited = by_article.setdefault(item.article, _Edited())
        if not item.translation:
            edited.own.append(item)
        elif edited.translations.setdefault((item.start, item.end), item) is not item:
            yield InputError(f"{item.place}: is given twice; leave one out")
    known: dict[str, list[Repair]] = {name: [] for name in by_article}
    for record in repairs:
        if isinstance(record, InputError):
            yield record
        elif (name := name_of(record.article.id)) in known:
            known[name].append(record)
    for name, edited in by_article.items():
        first = (edited.own or list(edited.translations.values()))[0]
        if not known[name]:
            yield InputError(f"{first.place}: article {name!r} is in none of the records given with --against; add "
                             "its .repair.jsonl")
            continue
        yield from _article_references(_fitting(known[name], edited.own), edited, reviewed_only, tally)


def _fitting(repairs: Sequence[Repair], own: Sequence[PostEdit]) -> _Article:
    """Of records with one id the one whose text the units stand in."""
    best = max(repairs, key=lambda r: sum(_same(r.article.text[e.start : e.end], e.source) for e in own))
    return _Article(best, blocks(best))


def _same(a: str, b: str) -> bool:
    return a == b or _plain(a) == _plain(b)


def _plain(text: str) -> str:
    """NFC with line feeds: what tools change and nobody means."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _article_references(article: _Article, edited: _Edited, reviewed_only: bool,
                        tally: Tally) -> Iterator[Reference | InputError]:
    text = article.repair.article.text
    good: list[PostEdit] = []
    for edit in sorted(edited.own, key=lambda e: (e.start, e.end)):
        if edit.end > len(text) or not _same(text[edit.start : edit.end], edit.source):
            yield InputError(f"{edit.place}: its source is not what the record has at {edit.start}:{edit.end}; give "
                             "the records that the file was written from, and leave sources as they are")
        elif good and edit.start < good[-1].end:
            yield InputError(f"{edit.place}: stands where {good[-1].place} stands; leave one out")
        else:
            good.append(edit)
    used: set[tuple[int, int]] = set()
    for line in lines_of(text, good):
        missing = uncovered(text, line)
        if missing:
            yield InputError(f"{line.parts[0].place}: of its line {line.start}:{line.end}, the sentence at {missing} "
                             "is not in the file or was refused; a reference needs the whole line")
            continue
        used.add((line.start, line.end))
        if reviewed_only and not all(p.reviewed for p in line.parts):
            tally.not_reviewed += 1
            continue
        try:
            yield _reference(article, line, edited.translations.get((line.start, line.end)), tally)
        except InputError as error:
            yield error
    for bounds, edit in edited.translations.items():
        if bounds not in used:
            yield InputError(f"{edit.place}: there is no repair of this line beside its translation; give the file of "
                             "repairs, too")


def _reference(article: _Article, line: Line, translation: PostEdit | None, tally: Tally) -> Reference:
    """The reference of a line. Raises `InputError` for texts that leave open what was meant."""
    repair, parts = article.repair, line.parts
    text = repair.article.text[line.start : line.end]
    machine = article.machine(line.start, line.end)
    targets = [_target(article, part) for part in parts]
    by_hand = any(target != article.machine(p.start, p.end) for p, target in zip(parts, targets, strict=True))
    own = _put_together(article, line, targets) if by_hand or machine is None else machine
    own = unicodedata.normalize("NFC", own).strip()
    other = _other(article, line, translation, by_hand=by_hand)
    spans, guessed = _spans(article, line, own)
    remark = f"post-edited in {os.path.basename(parts[0].file)}"
    if guessed:
        remark += f"; the labels of {guessed} of {len(spans)} spans are guesses"
    tally.changed += by_hand
    tally.unchanged += not by_hand
    tally.guessed += guessed
    tally.spans += len(spans)
    identifier, lang = repair.article.id, repair.article.lang
    refs = {"vi_ref": own, "en_ref": other} if lang == VI else {"vi_ref": other, "en_ref": own}
    return {"id": f"{identifier}:{line.number}", "lang": lang, "theme": identifier,
            "kind": "garbled" if spans else "clean", "text": text, "spans": spans, **refs, "remark": remark,
            "article": identifier, "block": line.number,
            "action": "keep" if not spans else "fix" if own else "delete"}


def _target(article: _Article, part: PostEdit) -> str:
    """What the person wrote: of several readings of one text the one that is not the machine's."""
    machine = article.machine(part.start, part.end)
    new = list(dict.fromkeys(_as_was(article, part, t, machine) for t in (part.target, *part.variants)))
    if len(new) > 1:
        new = [target for target in new if target != machine]
    if len(new) > 1:
        raise InputError(f"{part.place}: its rows read differently; make them the same")
    return new[0]


def _as_was(article: _Article, part: PostEdit, target: str, machine: str | None) -> str:
    """The target with the line ends of the article, which tools change."""
    if machine is not None and _plain(target) == _plain(machine):
        return machine
    return target.replace("\n", "\r\n") if "\r\n" in part.source and "\r" not in target else target


def _put_together(article: _Article, line: Line, targets: Sequence[str]) -> str:
    """The line of its sentences; one that was emptied by hand takes the space beside it along."""
    out, at, emptied = "", line.start, False
    for part, target in zip(line.parts, targets, strict=True):
        gap = article.repair.article.text[at : part.start]
        if emptied:
            out, gap = close_gap(out, gap)
        out += gap
        emptied = not target and article.machine(part.start, part.end) != ""
        if emptied:
            out = out.rstrip()
        out += target
        at = part.end
    return out


def _other(article: _Article, line: Line, translation: PostEdit | None, *, by_hand: bool) -> str | None:
    """The line in the other language; a machine's translation of words that were since changed by hand is none."""
    if translation is None:
        return None
    machine = article.machine(line.start, line.end)
    if machine is None or translation.source.split() != machine.split():
        raise InputError(f"{translation.place}: its source is not the repaired text in the record; give the records "
                         "that the file was written from")
    home = bisect_left(article.blocks, line.start, key=lambda b: b.start)
    same = home < len(article.blocks) and article.blocks[home].end == line.end
    written = article.blocks[home].other if same else None
    target = unicodedata.normalize("NFC", translation.target).strip()
    untouched = written is not None and target.split() == written.split()
    if untouched and by_hand and not translation.reviewed:
        return None
    return (unicodedata.normalize("NFC", written or "") if untouched else target) or None


def _spans(article: _Article, line: Line, own: str) -> tuple[list[dict[str, Any]], int]:
    """The gold spans of a line and how many labels are guesses."""
    text = article.repair.article.text[line.start : line.end]
    made = corrections(text, own)
    if rebuilt(text, made) != own:
        raise AssertionError(f"{line.parts[0].place}: spans do not give the reference")
    marks = [m for p in line.parts for m in p.marks or ()]
    out, guessed = [], 0
    for correction in made:
        low, high = line.start + correction.start, line.start + correction.end
        mark, span = _most(marks, low, high), _most(article.repair.spans, low, high)
        known = mark or span
        if known is not None:
            label, severity = known.label, known.severity
            if mark and not mark.sure and span and MQM_CATEGORY[mark.label] == MQM_CATEGORY[span.label]:
                label = span.label
        else:
            label, severity = guess(text[correction.start : correction.end], correction.text)
            guessed += 1
        out.append({"start": correction.start, "end": correction.end, "label": str(label), "severity": str(severity),
                    "evidence": "surface" if span else "context", "correction": correction.text})
    return out, guessed


def _most(marks: Sequence[Marked], start: int, end: int) -> Marked | None:
    """The mark that shares most characters with `start:end`; `None` if none shares any."""
    best: tuple[int, Marked] | None = None
    for mark in marks:
        shared = min(mark.end, end) - max(mark.start, start)
        if shared > 0 and (best is None or shared > best[0]):
            best = shared, mark
    return best[1] if best else None


__all__ = ["Reference", "Tally", "references"]

"""An article laid out for the page: rows of source, corrected text and translation, as escaped HTML."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vn_repair.review.interface import Words
from vn_repair.review.items import ACCEPTED, REJECTED, TRANSLATION, Item, edits_in_force
from vn_repair.review.marks import (
    Mark,
    Paragraph,
    Region,
    corrected_mark,
    put_in,
    shown,
    source_mark,
    source_run,
)
from vn_repair.review.sentences import align_sentences
from vn_repair.review.store import Stored
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, Repair, apply_edits
from vn_repair.write.align import Block, lay_out


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph `text[start:end]`: its source, corrected text and translation, ready to be shown.

    `stale` says that the translation was made from other words than now stand in the corrected text,
    `by_person` that a person wrote it.
    """

    index: int
    start: int
    end: int
    source: Markup
    corrected: Markup
    other: Markup
    corrected_text: str
    other_text: str
    stale: bool
    by_person: bool


@dataclass(frozen=True, slots=True)
class View:
    """All rows; `rest` is a translation whose lines are not those of the text."""

    rows: list[Row]
    items: list[Item]
    rest: str
    other_lang: str
    has_other: bool


def machine_blocks(repair: Repair) -> tuple[list[Block], str]:
    """The paragraphs as the machine left them, and the translation where it has other paragraphs."""
    layout = lay_out(repair)
    return layout.blocks, layout.rest


def view(stored: Stored, words: Words) -> View:
    """The article as it stands with all decisions."""
    repair, text = stored.repair, stored.repair.article.text
    items = stored.items
    source = _source_regions(items)
    corrected = _corrected_regions(text, items)
    blocks, rest = machine_blocks(repair)
    written = {(d.start, d.end): d.replacement for d in stored.decisions if d.kind == TRANSLATION}
    other_lang = EN if repair.article.lang == VI else VI
    starts = [s.start for s in segment(repair.article)]
    seen: set[int] = set()
    rows: list[Row] = []
    sentence = 0
    for block in blocks:
        cuts = (block.start, *starts[bisect_right(starts, block.start) : bisect_right(starts, block.end - 1)])
        paragraph = Paragraph(text, block.start, block.end, cuts, sentence)
        left = put_in(paragraph, source, _source_mark(text, words), lambda a, b: source_run(text, a, b))
        right, now = _corrected(paragraph, corrected, words, seen)
        place = block.start, block.end
        other = written.get(place, block.other)
        stale = bool(other) and place not in written and now != "".join(p.text for p in block.repaired)
        rows.append(Row(len(rows), *place, left, right, _other(paragraph, other, other_lang), now, other, stale=stale,
                        by_person=place in written))
        sentence += len(cuts)
    return View(rows, items, rest, other_lang, bool(rest) or any(r.other_text for r in rows))


def _source_mark(text: str, words: Words) -> Mark:
    return lambda region, a, b, first: source_mark(region, (a, b), text, words, first=first)


def _corrected(block: Paragraph, regions: Sequence[Region], words: Words, seen: set[int]) -> tuple[Markup, str]:
    """The corrected side of a paragraph and its text; `seen` are the regions already shown in full."""
    made: list[str] = []

    def mark(region: Region, a: int, b: int, _first: bool) -> str:
        new = region.item.status == ACCEPTED
        if new and id(region) in seen:
            return ""
        seen.add(id(region))
        made.append(region.replacement if new else block.text[a:b])
        return corrected_mark(region, made[-1], words)

    def run(a: int, b: int) -> str:
        made.append(block.text[a:b])
        return shown(block.text[a:b])

    return put_in(block, regions, mark, run), "".join(made)


def corrected_text(stored: Stored) -> str:
    """The article's own text with all edits in force."""
    text = stored.repair.article.text
    return apply_edits(text, edits_in_force(text, stored.items))


def _source_regions(items: Sequence[Item]) -> list[Region]:
    """Where the source is marked: an item's spans, or its own words; no two overlap, decided ones first."""
    kept: list[Region] = []
    for item in sorted(items, key=lambda i: (i.status != ACCEPTED or not i.decided, i.start)):
        whole = not item.spans or item.relabelled
        places = [(item.start, item.end, None)] if whole else [(s.start, s.end, s) for s in item.spans]
        for start, end, span in places:
            _keep(kept, Region(start, end, item, span))
    return kept


def _corrected_regions(text: str, items: Sequence[Item]) -> list[Region]:
    """Where the corrected text is marked: edits in force, then what waits or was turned down."""
    kept: list[Region] = []
    accepted = [i for i in items if i.status == ACCEPTED]
    for item, edit in zip(accepted, edits_in_force(text, items), strict=True):
        _keep(kept, Region(edit.start, edit.end, item, None, edit.replacement))
    for item in items:
        if item.status != ACCEPTED and not (item.status == REJECTED and not item.decided and not item.spans):
            _keep(kept, Region(item.start, item.end, item, None))
    return kept


def _keep(kept: list[Region], region: Region) -> None:
    """Add a region unless it overlaps one that is there."""
    i = bisect_right(kept, (region.start, region.end), key=lambda r: (r.start, r.end))
    if (i == 0 or kept[i - 1].end <= region.start) and (i == len(kept) or region.end <= kept[i].start):
        kept.insert(i, region)


def _other(block: Paragraph, other: str, lang: str) -> Markup:
    """The translation of a paragraph, each sentence with the numbers of the source's."""
    if not other:
        return Markup("")
    bounds = [*block.cuts, block.end]
    lengths = [len(block.text[a:b].strip()) for a, b in zip(bounds, bounds[1:], strict=False)]
    starts = [0, *(s.start for s in segment(Article("", other, lang, ""))[1:]), len(other)]
    parts = [other[a:b] for a, b in zip(starts, starts[1:], strict=False)]
    out = []
    for sources, targets in align_sentences(lengths, [len(p.strip()) for p in parts]):
        names = " ".join(str(block.first + i) for i in sources)
        out += [f'<span class="s" data-s="{names}">{shown(parts[t])}</span>' for t in targets]
    return Markup("".join(out))


__all__ = ["Row", "View", "corrected_text", "machine_blocks", "view"]

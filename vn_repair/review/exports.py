"""What came of a review: repair records with the decisions in them, and clean text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from vn_repair.read.names import UniqueNames, safe_name
from vn_repair.review.items import ACCEPTED, OVERLAP, PERSON, TRANSLATION, Item, edits_in_force, overlap
from vn_repair.review.store import Store, Stored
from vn_repair.review.view import corrected_text, machine_blocks
from vn_repair.types import EN, VI, Edit, Repair, Span, Status
from vn_repair.write.record import full_record

AT_ONCE = 100


def stored_articles(store: Store) -> Iterator[Stored]:
    """All articles in their order, a few held at a time; those that come in meanwhile included."""
    last = 0
    while numbers := store.rows("SELECT number FROM articles WHERE number > ? ORDER BY number LIMIT ?",
                                (last, AT_ONCE)):
        for (number,) in numbers:
            yield store.article(number)
        last = numbers[-1][0]


def reviewed_record(stored: Stored) -> dict[str, Any]:
    """The article's `.repair.jsonl` record as decided, with how far the review went under `made_by.review`.

    Keys of the record that are not vn-repair's own are kept.
    """
    old = stored.record.get("made_by")
    items = stored.items
    review = {"done": stored.done, "decided": sum(i.decided for i in items), "items": len(items)}
    made_by = {**(old if isinstance(old, dict) else {}), "review": review}
    own = full_record(reviewed_repair(stored), made_by)
    return {**{key: value for key, value in stored.record.items() if key not in own}, **own}


def reviewed_repair(stored: Stored) -> Repair:
    """The repair with each decision as the status of an edit and the first of its reasons.

    Spans whose words a person found right are left out; spans that a person marked or relabelled have
    the detector `person`.
    """
    repair, items = stored.repair, stored.items
    text = repair.article.text
    in_force = dict(zip([i.key for i in items if i.status == ACCEPTED], edits_in_force(text, items), strict=True))
    edits = tuple(sorted((e for i in items if (e := _edit(i, in_force.get(i.key), text)) is not None),
                         key=lambda e: (e.start, e.end)))
    own, other = corrected_text(stored), other_text(stored)
    stale = stale_paragraphs(stored)
    vi, en = (own, other) if repair.article.lang == VI else (other, own)
    notes = repair.notes
    if stale and other:
        notes += (f"{EN if repair.article.lang == VI else VI}: {stale} paragraphs are translated from the text before "
                  "the review",)
    return Repair(repair.article, tuple(_spans(repair.spans, items)), edits, vi, en, notes)


def _edit(item: Item, applied: Edit | None, text: str) -> Edit | None:
    """The item as an edit: what is applied, or what was proposed and not; `None` for a span alone."""
    decision = item.decision
    if decision is None and item.edit is None:
        return None
    said: tuple[str, ...] = ()
    if decision is not None:
        what = "the words are right" if decision.verdict != ACCEPTED else (
            "accepted" if item.edit and item.edit.replacement == decision.replacement else "written")
        if decision.because == OVERLAP:
            what = "an overlapping edit was accepted"
        said = (f"{PERSON}: {what}" + (f" by {decision.reviewer}" if decision.reviewer else ""),)
        said += (f"{PERSON}: {decision.note}",) if decision.note else ()
    proposed = item.edit or Edit(item.start, item.end, text[item.start : item.end], PERSON, 1.0)
    if applied is not None:
        others = tuple(c for c in item.choices if c[0] != applied.replacement)
        return replace(applied, reasons=(*said, *(item.edit.reasons if item.edit else ())), alternatives=others)
    status = Status.REJECTED if item.decided or item.status == Status.REJECTED else Status.REVIEW
    return replace(proposed, start=item.start, end=item.end, status=status, reasons=(*said, *proposed.reasons))


def _spans(spans: tuple[Span, ...], items: list[Item]) -> Iterator[Span]:
    marked = [i for i in items if i.relabelled and i.status == ACCEPTED]
    right = [i for i in items if i.decision and i.decision.verdict != ACCEPTED and i.decision.because != OVERLAP]
    kept = [s for s in spans
            if not any(overlap((s.start, s.end), (i.start, i.end)) for i in marked)
            and not any(s in i.spans for i in right)]
    by_person = [Span(i.start, i.end, i.label, i.severity, 1.0, PERSON, i.decision.note if i.decision else "",
                      i.decision.replacement if i.decision else None) for i in marked]
    yield from sorted([*kept, *by_person], key=lambda s: (s.start, s.end))


def other_text(stored: Stored) -> str:
    """The translation with the paragraphs that a person wrote; those of a text not translated stand alone."""
    repair = stored.repair
    machine = repair.en if repair.article.lang == VI else repair.vi
    written = {(d.start, d.end): d.replacement for d in stored.decisions if d.kind == TRANSLATION}
    if not written:
        return machine
    blocks, rest = machine_blocks(repair)
    if rest:
        return machine
    lines = [written.get((b.start, b.end), b.other) for b in blocks]
    return "\n\n".join(line for line in lines if line.strip()) + "\n"


def stale_paragraphs(stored: Stored) -> int:
    """How many paragraphs were changed after they were translated."""
    from vn_repair.review.interface import words
    from vn_repair.review.view import view

    return sum(row.stale for row in view(stored, words(EN)).rows)


def texts(stored: Stored) -> dict[str, str]:
    """The corrected text and the translation, by language; without those that are empty."""
    own, other = corrected_text(stored), other_text(stored)
    lang = stored.repair.article.lang
    both = {VI: own, EN: other} if lang == VI else {VI: other, EN: own}
    return {name: text for name, text in both.items() if text.strip()}


def text_files(store: Store) -> Iterator[tuple[str, str]]:
    """(file name, text) of all articles: `NAME.vi.txt` and `NAME.en.txt`, each name once."""
    names = UniqueNames()
    for stored in stored_articles(store):
        name = names.name(safe_name(stored.repair.article.id))
        for lang, text in texts(stored).items():
            yield f"{name}.{lang}.txt", text


def write_zip(store: Store, file: IO[bytes]) -> None:
    """All texts as a ZIP archive."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in text_files(store):
            archive.writestr(name, text.encode("utf-8", "backslashreplace"))


__all__ = ["reviewed_record", "reviewed_repair", "stored_articles", "text_files", "texts", "write_zip"]

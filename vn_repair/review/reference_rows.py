"""Reviewed paragraphs as hand-fixed references, in the schema of `eval/references`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from vn_repair.evaluate.gold import put_in
from vn_repair.evaluate.references import GoldSpan
from vn_repair.read.names import UniqueNames
from vn_repair.review.exports import stored_articles
from vn_repair.review.interface import words
from vn_repair.review.items import ACCEPTED, EDIT, TRANSLATION, Item, edits_in_force
from vn_repair.review.store import Store, Stored
from vn_repair.review.view import Row, view
from vn_repair.types import EN, VI, Edit


@dataclass(slots=True)
class Tally:
    """How many paragraphs became references, and how many did not and why."""

    written: int = 0
    undecided: int = 0
    not_nfc: int = 0
    articles: set[int] = field(default_factory=set)

    def summary(self) -> str:
        """One line for the terminal."""
        parts = [f"{self.written} paragraphs of {len(self.articles)} articles written"]
        if self.undecided:
            parts.append(f"{self.undecided} paragraphs left out that nobody decided in full (decide their items, or "
                         "mark the article as done)")
        if self.not_nfc:
            parts.append(f"{self.not_nfc} left out that are not in Unicode NFC")
        return "; ".join(parts)


def reference_rows(store: Store, tally: Tally) -> Iterator[dict[str, Any]]:
    """A row a paragraph: of articles marked as done all, of others those whose every item a person decided."""
    names = UniqueNames()
    for stored in stored_articles(store):
        base = names.name(stored.repair.article.id)
        for row in article_rows(stored, base, tally):
            tally.articles.add(stored.number)
            yield row


def article_rows(stored: Stored, base: str, tally: Tally) -> Iterator[dict[str, Any]]:
    """The rows of an article, whose id is to be `base`."""
    article = stored.repair.article
    items = stored.items
    accepted = [i for i in items if i.status == ACCEPTED]
    in_force = list(zip(accepted, edits_in_force(article.text, items), strict=True))
    by_hand = {(d.start, d.end): d for d in stored.decisions if d.kind == TRANSLATION}
    for row in view(stored, words(EN)).rows:
        inside = [i for i in items if i.start <= row.end and row.start <= i.end and (
            (i.start < row.end and row.start < i.end) or i.start == i.end)]
        if not stored.done and not (inside and all(i.decided for i in inside)):
            tally.undecided += 1
            continue
        text = article.text[row.start : row.end]
        spans = gold_spans(article.text, row, in_force)
        reference = put_in(text, [(s, s.correction) for s in spans]).strip()
        shown = row.corrected_text.strip()
        if reference != shown:
            reference = shown
        other = by_hand.get((row.start, row.end))
        own, translated = reference, other.replacement if other else None
        if not all(unicodedata.is_normalized("NFC", t) for t in (text, own, translated or "")):
            tally.not_nfc += 1
            continue
        notes = [i.decision.note for i in inside if i.decision and i.decision.note]
        vi, en = (own, translated) if article.lang == VI else (translated, own)
        tally.written += 1
        yield {
            "id": f"{base}-p{row.index:03}", "lang": article.lang, "theme": "review",
            "kind": "garbled" if spans or reference != text else "clean", "text": text,
            "spans": [{"start": s.start, "end": s.end, "label": str(s.label), "severity": str(s.severity),
                       "evidence": s.evidence, "correction": s.correction} for s in spans],
            "vi_ref": vi, "en_ref": en, "remark": "; ".join(notes) or None,
            "article": base, "block": row.index,
            "action": "delete" if not reference else "fix" if spans or reference != text else "keep"}


def gold_spans(text: str, row: Row, in_force: list[tuple[Item, Edit]]) -> list[GoldSpan]:
    """The edits in force in a paragraph as spans of it: trimmed to the words, insertions given a word to hold to."""
    out: list[GoldSpan] = []
    for item, edit in in_force:
        start, end = max(edit.start, row.start), min(edit.end, row.end)
        if start > end or (start == end and edit.start != edit.end):
            continue
        new = edit.replacement if edit.start >= row.start or not text[edit.start : row.start].strip() else ""
        start, end, new = _trim(text, start, end, new)
        if start == end:
            start, end, new = _hold(text, row, start, new)
        floor = out[-1].end + row.start if out else row.start
        if start < floor or start >= end or text[start:end] == new:
            continue
        evidence = item.decision.evidence if item.decision and item.decision.evidence else "surface"
        out.append(GoldSpan(start - row.start, end - row.start, item.label, item.severity, evidence, new))
    return out


def _trim(text: str, start: int, end: int, new: str) -> tuple[int, int, str]:
    """The same change without white space at its ends."""
    while start < end and text[start].isspace() and (not new or new[0] == text[start]):
        start, new = start + 1, new[1:]
    while start < end and text[end - 1].isspace() and (not new or new[-1] == text[end - 1]):
        end, new = end - 1, new[:-1]
    return start, end, new


def _hold(text: str, row: Row, at: int, new: str) -> tuple[int, int, str]:
    """An insertion as the replacement of the word before it, or after it where there is none."""
    start = at
    while start > row.start and text[start - 1].isspace():
        start -= 1
    while start > row.start and not text[start - 1].isspace():
        start -= 1
    if text[start:at].strip():
        stripped = text[start:at].rstrip()
        gap = text[start + len(stripped) : at]
        return start, at - len(gap), (stripped + gap + new).rstrip()
    end = at
    while end < row.end and text[end].isspace():
        end += 1
    while end < row.end and not text[end].isspace():
        end += 1
    return at, end, new + text[at:end]


__all__ = ["EDIT", "Tally", "article_rows", "gold_spans", "reference_rows"]

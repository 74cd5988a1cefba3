"""Which edits of a repair are applied in the data, and the texts that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from vn_repair.formats.units import applied, own_text
from vn_repair.types import VI, Article, Edit, Repair, Status, apply_edits

# The mark of an edit that was left for review and is applied all the same: to all that works on repairs it is accepted.
APPLIED = "applied at export"

# The translation of an article (its corrected text) and notes on what it lost.
Translate = Callable[[Article], tuple[str, tuple[str, ...]]]


class Edits(StrEnum):
    """Which edits are applied."""

    ACCEPTED = "accepted"
    REVIEWED = "accepted+review"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A repair whose accepted edits are those to apply, and all its edits in text order."""

    repair: Repair
    edits: tuple[Edit, ...]

    @property
    def changed(self) -> bool:
        """Whether any edit is applied."""
        return any(e.status is Status.ACCEPTED for e in self.edits)


def choose_edits(repair: Repair, edits: Edits, translate: Translate | None = None) -> Chosen:
    """The repair with these edits applied.

    With `accepted+review`, edits left for review are applied too, the surer first, unless they meet one that is
    applied already. The text in the other language is then made anew by `translate`; without it, it is left empty, for
    the old one says something else. Where the record's corrected text is not what its accepted edits make (a person
    changed it), the edits are the differences of the two texts.
    """
    done = applied(repair)
    rest = [e for e in repair.edits if e.status is not Status.ACCEPTED]
    if edits == Edits.REVIEWED:
        waiting = sorted((e for e in rest if e.status is Status.REVIEW), key=lambda e: (-e.score, e.start, e.end))
        added: list[Edit] = []
        for edit in waiting:
            if _is_free(edit, (*done, *added)):
                rest.remove(edit)
                added.append(replace(edit, status=Status.ACCEPTED, reasons=(*edit.reasons, APPLIED)))
        if added:
            done = sorted((*done, *added), key=lambda e: (e.start, e.end))
            repair = _remade(repair, done, translate)
    together = tuple(sorted((*done, *rest), key=lambda e: (e.start, e.end)))
    return Chosen(replace(repair, edits=together), together)


def true_status(edit: Edit) -> Status:
    """What was decided about an edit, whether or not it is applied."""
    return Status.REVIEW if APPLIED in edit.reasons else edit.status


def _is_free(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether no edit in `taken` changes the same words, or inserts at the same place."""
    return not any((e.start < edit.end and edit.start < e.end) or (e.start, e.end) == (edit.start, edit.end)
                   for e in taken)


def _remade(repair: Repair, edits: Sequence[Edit], translate: Translate | None) -> Repair:
    own = apply_edits(repair.article.text, edits)
    if own == own_text(repair):
        return repair
    other, notes = translate(replace(repair.article, text=own)) if translate else ("", ())
    vi, en = (own, other) if repair.article.lang == VI else (other, own)
    return replace(repair, vi=vi, en=en, notes=notes)

"""What there is to decide in an article, and what decisions make of it; nothing here is stored or shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vn_repair.propose.rules import deletion_bounds
from vn_repair.types import Edit, Label, Repair, Severity, Span, Status
from vn_repair.write.align import find_findings

PERSON = "person"
EDIT, TRANSLATION, DONE = "edit", "translation", "done"
ACCEPTED, REJECTED, REVIEW, UNANSWERED = "accepted", "rejected", "review", "unanswered"
STATUSES = (REVIEW, UNANSWERED, ACCEPTED, REJECTED)
OVERLAP = "overlap"
SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about `text[start:end]` of an article.

    `kind` is `edit`; or `translation`: `replacement` is the other language's text of the paragraph
    there; or `done`: the article was read to its end (offsets 0). `verdict` is `accepted`
    (`replacement` stands in the corrected text) or `rejected` (the source's words are right).
    `because` is `overlap` where an accepted neighbour took the words. Empty fields were not given.
    """

    kind: str
    start: int
    end: int
    verdict: str
    replacement: str = ""
    label: str = ""
    severity: str = ""
    evidence: str = ""
    note: str = ""
    because: str = ""
    reviewer: str = ""
    made_at: str = ""

    @property
    def place(self) -> tuple[str, int, int]:
        """What it is about; a later decision about the same replaces it."""
        return self.kind, self.start, self.end


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal, a span that nothing is proposed for, or words that a person marked.

    `status` is what holds now: `accepted`, `rejected`, `review` (a proposal waits) or `unanswered`
    (a span without one). `number` counts from 1 in text order.
    """

    number: int
    start: int
    end: int
    spans: tuple[Span, ...]
    edit: Edit | None
    decision: Decision | None
    status: str

    @property
    def key(self) -> str:
        """Its address, `start-end`."""
        return f"{self.start}-{self.end}"

    @property
    def decided(self) -> bool:
        """Whether a person decided about it."""
        return self.decision is not None

    @property
    def open(self) -> bool:
        """Whether it waits for a person."""
        return not self.decided and self.status in (REVIEW, UNANSWERED)

    @property
    def proposal(self) -> str | None:
        """The replacement that is in force or proposed; `None` where there is none."""
        if self.decision is not None and self.decision.verdict == ACCEPTED:
            return self.decision.replacement
        if self.edit is not None:
            return self.edit.replacement
        return next((s.suggestion for s in self.spans if s.suggestion is not None), None)

    @property
    def choices(self) -> tuple[tuple[str, float], ...]:
        """All candidates with their scores, the first one first."""
        if self.edit is None:
            return ()
        return ((self.edit.replacement, self.edit.score), *self.edit.alternatives)

    @property
    def worst(self) -> Span | None:
        """Its most severe span, the first of several."""
        return max(self.spans, key=lambda s: SEVERITIES.index(s.severity), default=None)

    @property
    def label(self) -> Label:
        """What is wrong, as the person said or as it was found."""
        if self.decision is not None and self.decision.label:
            return Label(self.decision.label)
        return self.worst.label if self.worst else Label.MISTRANSLATION

    @property
    def severity(self) -> Severity:
        """How bad, as the person said or as it was found."""
        if self.decision is not None and self.decision.severity:
            return Severity(self.decision.severity)
        return self.worst.severity if self.worst else Severity.MINOR

    @property
    def relabelled(self) -> bool:
        """Whether the person's label or severity is not the one found."""
        found = self.worst
        return self.decision is not None and (
            found is None or self.label != found.label or self.severity != found.severity)


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two (start, end) share characters, or an insertion lies inside the other."""
    return a[0] < b[1] and b[0] < a[1]


def find_items(repair: Repair, decisions: Iterable[Decision]) -> list[Item]:
    """All items of an article in text order, each with what was decided about it.

    Of accepted edits that overlap, a person's stand and then the first; the others count as rejected.
    """
    by_place = {(d.start, d.end): d for d in decisions if d.kind == EDIT}
    found: dict[tuple[int, int], tuple[tuple[Span, ...], Edit | None]] = {}
    for finding in find_findings(repair.spans, repair.edits):
        place = finding.start, finding.end
        spans, edit = found.get(place, (finding.spans, finding.edit))
        if place in found and edit is not None and finding.edit is not None:
            # Two proposals for the same words are one item with a choice.
            others = ((finding.edit.replacement, finding.edit.score), *finding.edit.alternatives)
            edit = replace(edit, alternatives=(*edit.alternatives, *others))
        found[place] = spans, edit or finding.edit
    for place in by_place:
        found.setdefault(place, ((), None))
    drafts = []
    for place in sorted(found):
        spans, edit = found[place]
        decision = by_place.get(place)
        status = decision.verdict if decision else str(edit.status) if edit else UNANSWERED
        drafts.append(Item(0, *place, spans, edit, decision, status))
    taken: list[tuple[int, int]] = []
    lost: set[tuple[int, int]] = set()
    # `taken` is sorted and free of overlaps, as machine edits mostly are: the search is short.
    for item in sorted((i for i in drafts if i.status == ACCEPTED), key=lambda i: (not i.decided, i.start, i.end)):
        place = item.start, item.end
        if _collides(taken, place):
            lost.add(place)
        else:
            _insert(taken, place)
    return [replace(item, number=number, status=REJECTED if (item.start, item.end) in lost else item.status)
            for number, item in enumerate(drafts, 1)]


def _collides(taken: Sequence[tuple[int, int]], place: tuple[int, int]) -> bool:
    from bisect import bisect_left

    at = bisect_left(taken, place)
    return any(overlap(other, place) for other in taken[max(0, at - 2) : at + 2])


def _insert(taken: list[tuple[int, int]], place: tuple[int, int]) -> None:
    from bisect import insort

    insort(taken, place)


def edits_in_force(text: str, items: Sequence[Item]) -> list[Edit]:
    """The edits that make the corrected text, in order, none overlapping.

    A person's deletion takes the space along that would be left over, where no other edit stands there.
    """
    places = [(i.start, i.end) for i in items if i.status == ACCEPTED]
    out: list[Edit] = []
    for item in items:
        if item.status != ACCEPTED:
            continue
        start, end = item.start, item.end
        new = item.proposal or ""
        machine = item.edit is not None and item.edit.replacement == new
        if not new and not machine and start < end:
            wide = deletion_bounds(text, start, end)
            if not any(overlap(wide, p) for p in places if p != (start, end)):
                start, end = wide
        start = max(start, out[-1].end if out else 0)
        proposer = item.edit.proposer if machine and item.edit else PERSON
        score = item.edit.score if machine and item.edit else 1.0
        out.append(Edit(start, max(start, end), new, proposer, score, Status.ACCEPTED))
    return out


def settle(items: Sequence[Item], decision: Decision) -> list[Decision]:
    """The decision, and one for each other item whose words it takes when it is accepted."""
    if decision.kind != EDIT or decision.verdict != ACCEPTED:
        return [decision]
    place = decision.start, decision.end
    beaten = [i for i in items if (i.start, i.end) != place and overlap((i.start, i.end), place)
              and (i.status != REJECTED or not i.decided)]
    return [decision, *(Decision(EDIT, i.start, i.end, REJECTED, because=OVERLAP, reviewer=decision.reviewer,
                                 made_at=decision.made_at) for i in beaten)]


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """`start:end` without white space at its ends and with the words that it cuts made whole."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end

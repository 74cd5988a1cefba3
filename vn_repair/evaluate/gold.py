"""Repair with the gold spans given: how good are the proposer's replacements where detection is perfect?

The proposer is asked directly, without gates. Blocks and words that are to go because of what they are (boilerplate,
duplicates) are no task for it and stay out of both text and counts; so do `source_only` spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from vn_repair.evaluate.edits import Change, EditCounts, edit_counts
from vn_repair.evaluate.references import Document, GoldSpan
from vn_repair.markers import MAX_SPANS
from vn_repair.propose.request import Candidate, InfillRequest, Proposer
from vn_repair.propose.rules import deletion_bounds
from vn_repair.segment import segment
from vn_repair.types import Article, Label

NOT_ASKED = {Label.BOILERPLATE, Label.DUPLICATE}
ITEMS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class GoldRepair:
    """An item's text with the proposer's first candidates put in, beside the text that was wanted."""

    item: str
    source: str
    output: str
    wanted: str
    counts: EditCounts
    among: int  # spans whose correction is any of the candidates
    kept: int  # spans that the proposer would leave as they are


def asked(spans: Sequence[GoldSpan]) -> list[GoldSpan]:
    """The spans that a proposer is asked about."""
    return [s for s in spans if s.visible and s.label not in NOT_ASKED]


def requests(article: Article, spans: Sequence[GoldSpan]) -> list[tuple[InfillRequest, list[GoldSpan]]]:
    """One request for up to four spans of a segment; a span across segments takes them all along."""
    homes = segment(article)
    out: list[tuple[int, int, list[GoldSpan]]] = []
    for span in spans:
        touched = [h for h in homes if h.start < span.end and span.start < h.end]
        start = min([h.start for h in touched] + [span.start])
        end = max([h.end for h in touched] + [span.end])
        if out and start < out[-1][1] and len(out[-1][2]) < MAX_SPANS:
            first, last, group = out[-1]
            out[-1] = (min(first, start), max(last, end), [*group, span])
        else:
            out.append((start, end, [span]))
    return [
        (InfillRequest(article.text[a:b], tuple((s.start - a, s.end - a) for s in group), article.lang), group)
        for a, b, group in out
    ]


def repair_gold(documents: Sequence[Document], proposer: Proposer) -> tuple[list[GoldRepair], float]:
    """The repairs of all items that have spans to ask about, and the seconds that the proposer took."""
    items = [(item, spans) for d in documents for item in d.items if (spans := asked(item.spans))]
    out: list[GoldRepair] = []
    seconds = 0.0
    for at in range(0, len(items), ITEMS_AT_ONCE):
        batch = items[at : at + ITEMS_AT_ONCE]
        tasks = [requests(Article(i.id, i.text, i.lang, i.id), spans) for i, spans in batch]
        start = perf_counter()
        found = iter(proposer.infill([request for task in tasks for request, _ in task]))
        seconds += perf_counter() - start
        for (item, spans), task in zip(batch, tasks, strict=True):
            answers: list[tuple[GoldSpan, list[Candidate]]] = []
            for _, group in task:
                answers += zip(group, next(found), strict=True)
            output = put_in(item.text, [(s, c[0].text) for s, c in answers if c])
            wanted = put_in(item.text, [(s, s.correction) for s in spans])
            among = sum(any(c.text == s.correction for c in cs) for s, cs in answers)
            kept = sum(bool(cs) and cs[0].text == item.text[s.start : s.end] for s, cs in answers)
            counts = edit_counts(item.text, spans, output)
            out.append(GoldRepair(item.id, item.text, output, wanted, counts, among, kept))
    return out, seconds


def put_in(text: str, replacements: Sequence[tuple[GoldSpan, str]]) -> str:
    """`text` with each span replaced; an empty replacement takes a neighbouring space along."""
    made, floor = [], 0
    for span, new in replacements:
        start, end = deletion_bounds(text, span.start, span.end) if not new else (span.start, span.end)
        start = max(start, floor)
        made.append(Change(start, max(start, end), new))
        floor = made[-1].end
    return apply_changes(text, made)


def apply_changes(text: str, made: Sequence[Change]) -> str:
    """`text` with changes (sorted, not overlapping) applied, all other white space as it is."""
    out, at = [], 0
    for change in made:
        out += [text[at : change.start], change.text]
        at = change.end
    return "".join([*out, text[at:]])


__all__ = ["GoldRepair", "asked", "put_in", "repair_gold", "requests"]

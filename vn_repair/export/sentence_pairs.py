"""Sentence pairs of an article: the sentence as it was, and what it became in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from vn_repair.export.chosen import Chosen, true_status
from vn_repair.export.features import edit_row, span_row
from vn_repair.formats.units import Block, Sentence, blocks, other_language, own_text
from vn_repair.review.sentences import align_sentences
from vn_repair.segment import segment
from vn_repair.types import VI, Article, Repair, Status

# As `propose.translate_text` words it; offsets are of the corrected text.
LOST = re.compile(r"(?:vi|en): .* lost its place in the translation of (\d+):(\d+) and ", re.DOTALL)


def pair_rows(chosen: Chosen, source: str | None, licence: str | None) -> Iterator[dict[str, Any]]:
    """The rows of an article's sentence pairs, in order.

    A pair holds one sentence, or as many as belong together: those that a span or an edit reaches across, and those
    that the translation made into others. Sentences that an edit deletes, or whose line has no counterpart in the other
    language, have no pair.
    """
    repair = chosen.repair
    lost = [(int(m[1]), int(m[2])) for note in repair.notes if (m := LOST.match(note))]
    index = 0
    for block, begin in _placed(repair):
        for group, other, how in _aligned(block, other_language(repair.article.lang)):
            first, last = group[0], group[-1]
            text = repair.article.text[first.start : last.end]
            own = _joined(repair.article.text, group)
            at = begin + len(_joined(repair.article.text, block.sentences[: block.sentences.index(first)]))
            spans = [s for part in group for s in part.spans]
            edits = [e for part in group for e in part.edits]
            scores = [e.score for e in edits if e.status is Status.ACCEPTED]
            vi, en = (own, other) if repair.article.lang == VI else (other, own)
            yield {
                "id": f"{repair.article.id}#{index}", "article_id": repair.article.id, "index": index,
                "lang": str(repair.article.lang), "text": text, "start": first.start, "end": last.end,
                "vi": vi, "en": en, "spans": [span_row(s, first.start) for s in spans],
                "edits": [edit_row(e, first.start) for e in edits], "status": _status(group),
                "score": min(scores) if scores else None, "alignment": how,
                "complete": not any(start < at + len(own) + 1 and at < end for start, end in lost),
                "source": source, "licence": licence,
            }
            index += 1


def _placed(repair: Repair) -> Iterator[tuple[Block, int]]:
    """Each block with the place of its corrected text in the whole."""
    whole, at = own_text(repair), 0
    for block in blocks(repair):
        found = whole.find(block.target, at)
        at = found if found >= 0 else at
        yield block, at
        at += len(block.target)


def _aligned(block: Block, other: str) -> Iterator[tuple[Sequence[Sentence], str, str]]:
    """Sentences of the block, what stands for them in the other language, and how that is known."""
    own = [s for s in block.sentences if s.target.strip()]
    if not own or not block.other or not block.other.strip():
        return
    theirs = _sentences(block.other, other)
    counts = [1] * len(own)
    if len(own) != len(theirs):  # one that an edit joined may be several for the translator
        counts = [len(_sentences(s.target, other_language(other))) for s in own]
    if sum(counts) == len(theirs):
        at = 0
        for sentence, count in zip(own, counts, strict=True):
            start, end = theirs[at][0], theirs[at + count - 1][1]
            yield [sentence], block.other[start:end], "sentence"
            at += count
        return
    for ours, its in _beads([len(s.target) for s in own], [end - start for start, end in theirs]):
        yield own[ours[0] : ours[-1] + 1], block.other[theirs[its[0]][0] : theirs[its[-1]][1]], "length"


def _beads(own: Sequence[int], theirs: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """Groups of sentences by their lengths; one that has no counterpart goes to the group before it."""
    out: list[tuple[list[int], list[int]]] = []
    for ours, its in align_sentences(own, theirs):
        if out and (not ours or not its or not out[-1][0] or not out[-1][1]):
            out[-1] = (out[-1][0] + ours, out[-1][1] + its)
        else:
            out.append((ours, its))
    return out


def _sentences(text: str, lang: str) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in segment(Article("", text, lang, "-"))]


def _joined(text: str, group: Sequence[Sentence]) -> str:
    """The corrected text of sentences that follow one another, with what stands between them."""
    out = ""
    for before, part in zip((None, *group), group, strict=False):
        out += (text[before.end : part.start] if before else "") + part.target
    return out.strip()


def _status(group: Sequence[Sentence]) -> str:
    """Whether nothing was found, all that was found was edited, or something was left."""
    if any(part.open for part in group):
        return "review"
    edits = [e for part in group for e in part.edits if e.status is Status.ACCEPTED]
    if any(true_status(e) is Status.REVIEW for e in edits):
        return "review"
    return "repaired" if edits else "clean"

"""Translate a whole article segment by segment, its lines and spacing kept."""

from __future__ import annotations

import regex

from vn_repair.propose.request import Proposer, Translation
from vn_repair.segment import segment
from vn_repair.types import Article

LETTER = regex.compile(r"\p{L}")
CLAUSE = regex.compile(r"[;:]\s|,\s")


def split_clause(text: str) -> tuple[str, str] | None:
    """`text` cut in two after the clause mark nearest its middle; `None` when a half would be too short."""
    marks = [m.end() for m in CLAUSE.finditer(text)]
    if not marks:
        return None
    at = min(marks, key=lambda m: abs(m - len(text) / 2))
    left, right = text[:at].rstrip(), text[at:]
    return (left, right) if min(len(left), len(right)) >= 12 else None


def translate_whole(texts: list[str], to: str, proposer: Proposer, depth: int = 2) -> list[Translation]:
    """Translations of `texts`; one that lost a number, date or name is tried again in two halves."""
    found = proposer.translate(texts, to)
    again = [(i, halves) for i, t in enumerate(found) if t.lost and depth and (halves := split_clause(texts[i]))]
    if not again:
        return found
    flat = translate_whole([half for _, halves in again for half in halves], to, proposer, depth - 1)
    for number, (i, _) in enumerate(again):
        left, right = flat[2 * number], flat[2 * number + 1]
        if len(left.lost) + len(right.lost) < len(found[i].lost):
            rest = right.text
            if again[number][1][1][:1].islower():
                rest = rest[:1].lower() + rest[1:]
            found[i] = Translation(
                f"{left.text.rstrip('.')} {rest}", min(left.score, right.score), left.lost + right.lost
            )
    return found


def translate_text(article: Article, to: str, proposer: Proposer) -> tuple[str, tuple[str, ...]]:
    """The article's text in language `to`, and notes on what a translation lost.

    White space between segments is kept as it is, so lines stay lines; a segment that already is in
    `to`, or holds no letters, is copied.
    """
    segments = segment(article)
    wanted = [s for s in segments if s.lang != to and LETTER.search(article.text, s.start, s.end)]
    texts = [article.text[s.start : s.end] for s in wanted]
    done = dict(zip(wanted, translate_whole(texts, to, proposer) if texts else [], strict=True))
    out: list[str] = []
    notes: list[str] = []
    at = 0
    for part in segments:
        out.append(article.text[at : part.start])
        if part in done:
            out.append(done[part].text)
            notes += [
                f"{to}: {lost} is missing in the translation of {part.start}:{part.end}" for lost in done[part].lost
            ]
        else:
            out.append(article.text[part.start : part.end])
        at = part.end
    out.append(article.text[at:])
    return "".join(out), tuple(notes)

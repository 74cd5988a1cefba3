"""Translate a whole article segment by segment, its lines and spacing kept."""

from __future__ import annotations

import regex

from vn_repair.placeholders import render, slots, unaccented
from vn_repair.propose.abbreviations import write_out
from vn_repair.propose.request import Proposer, Translation
from vn_repair.segment import segment
from vn_repair.types import EN, Article

LETTER = regex.compile(r"\p{L}")
ITEM = regex.compile(r"(?<=;)\s+")
LONG_SENTENCE = 220  # characters
HALVINGS = 3
WORD = regex.compile(r"\p{L}+")
CLAUSE = regex.compile(r"[;:]\s|,\s")


def split_clause(text: str) -> tuple[str, str] | None:
    """`text` cut in two after the clause mark nearest its middle; `None` when a half would be too short."""
    marks = [m.end() for m in CLAUSE.finditer(text)]
    if not marks:
        return None
    at = min(marks, key=lambda m: abs(m - len(text) / 2))
    left, right = text[:at].rstrip(), text[at:]
    return (left, right) if min(len(left), len(right)) >= 12 else None


def list_items(text: str) -> list[str]:
    """A long sentence cut after each semicolon into the items of the list that it is; others whole."""
    return [t for t in ITEM.split(text) if t.strip()] if len(text) > LONG_SENTENCE else [text]


def translate_whole(texts: list[str], to: str, proposer: Proposer) -> list[Translation]:
    """Translations of `texts`; a long list goes item by item, what lost a number, date or name in halves."""
    items = [list_items(write_out(text) if to == EN else text) for text in texts]
    done = iter(_in_halves([item.rstrip("; ") for group in items for item in group], to, proposer, HALVINGS))
    out = []
    for group in items:
        parts = [next(done) for _ in group]
        inner = [p.text.rstrip(".;, ") for p in parts[:-1]]
        lost = tuple(slot for p in parts for slot in p.lost)
        out.append(Translation("; ".join([*inner, parts[-1].text]), min(p.score for p in parts), lost))
    return out


def _in_halves(texts: list[str], to: str, proposer: Proposer, depth: int) -> list[Translation]:
    found = list(proposer.translate(texts, to)) if texts else []
    again = [(i, halves) for i, t in enumerate(found) if t.lost and depth and (halves := split_clause(texts[i]))]
    if not again:
        return found
    flat = _in_halves([half for _, halves in again for half in halves], to, proposer, depth - 1)
    for number, (i, (_, second)) in enumerate(again):
        left, right = flat[2 * number], flat[2 * number + 1]
        if len(left.lost) + len(right.lost) < len(found[i].lost):
            rest = _inside(right.text, second)
            score = min(left.score, right.score)
            found[i] = Translation(f"{left.text.rstrip('.')} {rest}", score, left.lost + right.lost)
    return found


def _inside(translated: str, source: str) -> str:
    """A translation as the second part of a sentence: a small first letter, unless it begins with a name."""
    first = WORD.match(translated)
    if first is None or not source[:1].islower() or first[0][1:].isupper():
        return translated
    if first[0] in WORD.findall(unaccented(source)):  # written so in the source too, in the middle of a sentence
        return translated
    return translated[:1].lower() + translated[1:]


def render_figures(text: str, lang: str, to: str) -> str:
    """A text without words, its dates and numbers written as language `to` writes them."""
    out, at = "", 0
    for slot in slots(text, lang):
        out += text[at : slot.start] + render(text, slot, to)
        at = slot.end
    return out + text[at:]


def with_lost(translation: Translation, lang: str, to: str) -> str:
    """The translation, and in square brackets after it the numbers, dates and names that it lost.

    A fact in the wrong place can be put right by a reader; one that is gone cannot.
    """
    if not translation.lost:
        return translation.text
    lost = []
    for surface in dict.fromkeys(translation.lost):
        found = slots(surface, lang)
        lost.append(render(surface, found[0], to) if found else surface)
    return f"{translation.text} [{'; '.join(lost)}]"


def translate_text(article: Article, to: str, proposer: Proposer) -> tuple[str, tuple[str, ...]]:
    """The article's text in language `to`, and notes on what a translation lost.

    White space between segments is kept as it is, so lines stay lines; a segment that already is in
    `to` is copied, and of one that holds no letters the dates and numbers are written anew.
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
            out.append(with_lost(done[part], part.lang, to))
            where = f"the translation of {part.start}:{part.end} and stands in brackets after it"
            notes += [f"{to}: {lost} lost its place in {where}" for lost in done[part].lost]
        elif part.lang != to:
            out.append(render_figures(article.text[part.start : part.end], part.lang, to))
        else:
            out.append(article.text[part.start : part.end])
        at = part.end
    out.append(article.text[at:])
    return "".join(out), tuple(notes)

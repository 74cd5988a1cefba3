"""An article's page and its parts, which are sent alone when they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from vn_repair.review.actions import EVIDENCE, BadRequest, find_item, read_place, select
from vn_repair.review.interface import Words
from vn_repair.review.items import ACCEPTED, OVERLAP, REJECTED, STATUSES, Item
from vn_repair.review.listing import Query, neighbours
from vn_repair.review.pages import checks, difference, render
from vn_repair.review.store import Store, Stored
from vn_repair.review.view import Row, View, view
from vn_repair.types import Edit, Label, Status, apply_edits

Given = Mapping[str, str]


def article_page(store: Store, stored: Stored, seen: View, words: Words, given: Given) -> Markup:
    """The whole page."""
    query = Query.read(given)
    before, after = neighbours(store, query, stored.number)
    article = stored.repair.article
    return render(
        "article.html.j2", words.lang, stored=stored, article=article, seen=seen, query=query, before=before,
        after=after, progress=progress_html(stored, seen, words), card=card_html(stored, words, given, seen),
        rows=[row_html(row, seen, stored, words) for row in seen.rows], said=words.or_own(given.get("said", ""), ""),
        labels=Counter(str(i.label) for i in seen.items).most_common(), statuses=STATUSES,
        order=[[i.key, str(i.label), i.status, i.open, i.decided] for i in seen.items])


def row_html(row: Row, seen: View, stored: Stored, words: Words) -> Markup:
    """A paragraph."""
    return render("row.html.j2", words.lang, row=row, seen=seen, lang=stored.repair.article.lang)


def progress_html(stored: Stored, seen: View, words: Words) -> Markup:
    """How many items are decided and open."""
    return render("progress.html.j2", words.lang, done=stored.done, items=len(seen.items),
                  decided=sum(i.decided for i in seen.items), open=sum(i.open for i in seen.items))


def card_html(stored: Stored, words: Words, given: Given, seen: View | None = None) -> Markup:
    """The panel: `item=start-end`, `new=start-end` for selected words, or `row=n` for a translation.

    Without any of them it is the first open item. Raises `BadRequest` for what is not there.
    """
    if row := given.get("row"):
        return _translation(stored, words, row, seen)
    text = stored.repair.article.text
    items = seen.items if seen else stored.items
    item: Item | None = None
    new = False
    if selected := given.get("new"):
        place = select(text, selected)
        item = find_item(items, place)
        if item is None:
            item = Item(0, *place, (), None, None, REJECTED)
            new = True
    elif key := given.get("item"):
        item = find_item(items, read_place(key, text))
    if item is None:
        item = next((i for i in items if i.open), items[0] if items else None)
    if item is None:
        return render("card.html.j2", words.lang, item=None, stored=stored, count=0)
    surface = text[item.start : item.end]
    proposal = item.proposal
    failed, passed, other = checks(item, words)
    return render(
        "card.html.j2", words.lang, item=item, new=new, stored=stored, count=len(items), surface=surface,
        proposal=proposal, difference=difference(surface, proposal) if proposal is not None else "",
        failed=failed, passed=passed, other=other, evidences=EVIDENCE, text_lang=stored.repair.article.lang,
        draft=_draft(text, items, item, new=new), editing=new or given.get("edit") == "1",
        overlapped=bool(item.decision and item.decision.because == OVERLAP))


def _draft(text: str, items: list[Item], item: Item, *, new: bool) -> str:
    """What a person begins to edit from: the proposal, or the selected words with the edits in force in them."""
    if not new:
        return item.proposal if item.proposal is not None else text[item.start : item.end]
    inside = [Edit(i.start - item.start, i.end - item.start, i.proposal or "", "", 1.0, Status.ACCEPTED)
              for i in items if i.status == ACCEPTED and item.start <= i.start and i.end <= item.end]
    return apply_edits(text[item.start : item.end], inside)


def _translation(stored: Stored, words: Words, key: str, seen: View | None) -> Markup:
    rows = (seen or view(stored, words)).rows
    if not (key.isascii() and key.isdigit() and len(key) < 9 and int(key) < len(rows)):
        raise BadRequest("row")
    row = rows[int(key)]
    lang = stored.repair.article.lang
    values: dict[str, Any] = {"row": row, "stored": stored, "lang": lang, "other_lang": "en" if lang == "vi" else "vi"}
    return render("translation.html.j2", words.lang, **values)


__all__ = ["Label", "article_page", "card_html", "progress_html", "row_html"]

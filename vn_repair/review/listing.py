"""The list of articles: a page of it, searched and filtered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import regex

from vn_repair.review.prepare import fold
from vn_repair.review.store import Store
from vn_repair.types import EN, VI, Label

PAGE = 50
STATES = ("open", "started", "done", "untouched")
ORDERS = ("given", "open", "changed")
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[._/-][\p{L}\p{M}\p{N}]+)*")
_STATE = {"open": "open > 0", "started": "decided > 0 AND NOT done", "done": "done",
          "untouched": "decided = 0 AND NOT done"}
_ORDER = {"given": "number", "open": "open DESC, number", "changed": "changed_at DESC, number"}


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; empty fields ask for nothing. `page` counts from 1."""

    words: str = ""
    label: str = ""
    state: str = ""
    lang: str = ""
    order: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Query:
        """The query of an address; values that it cannot have are left out."""
        def one_of(key: str, allowed: tuple[str, ...]) -> str:
            return value if (value := given.get(key, "")) in allowed else ""

        page = given.get("page", "1")
        return cls(given.get("q", "").strip()[:200], one_of("label", tuple(Label)), one_of("state", STATES),
                   one_of("lang", (VI, EN)), one_of("order", ORDERS[1:]),
                   max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1)

    def address(self, **changes: Any) -> str:
        """`?q=…` with some fields changed; `""` when it asks for nothing."""
        new = replace(self, **changes)
        pairs = {"q": new.words, "label": new.label, "state": new.state, "lang": new.lang, "order": new.order,
                 "page": str(new.page) if new.page > 1 else ""}
        kept = {key: value for key, value in pairs.items() if value}
        return "?" + urlencode(kept) if kept else ""

    def where(self) -> tuple[str, list[Any]]:
        """The SQL condition, without the word, and its values."""
        tests, values = [], list[Any]()
        # Each word as a phrase of its own, so that nothing in it is an operator; the last may go on.
        if found := WORD.findall(fold(self.words)):
            tests.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(" ".join(f'"{word}"*' for word in found))
        elif self.words:
            tests.append("0")
        if self.label:
            tests.append("labels LIKE ?")
            values.append(f'%"{self.label}"%')
        if self.state:
            tests.append(_STATE[self.state])
        if self.lang:
            tests.append("lang = ?")
            values.append(self.lang)
        return " AND ".join(tests) or "1", values


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list."""

    number: int
    id: str
    title: str
    lang: str
    items: int
    open: int
    decided: int
    done: bool
    labels: dict[str, int]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all articles."""

    articles: int
    items: int
    open: int
    decided: int
    done: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `matches` counts the articles on all pages."""

    rows: list[Listed]
    matches: int
    number: int
    pages: int


def totals(store: Store) -> Totals:
    """Sums over all articles."""
    return Totals(*store.rows("SELECT count(*), coalesce(sum(items), 0), coalesce(sum(open), 0), "
                              "coalesce(sum(decided), 0), coalesce(sum(done), 0) FROM articles")[0])


def find_page(store: Store, query: Query) -> Page:
    """The articles that `query` asks for; a page past the last gives the last."""
    where, values = query.where()
    (matches,) = store.rows(f"SELECT count(*) FROM articles WHERE {where}", values)[0]
    pages = max(1, -(-matches // PAGE))
    number = min(query.page, pages)
    rows = store.rows(
        "SELECT number, id, title, lang, items, open, decided, done, labels FROM articles "
        f"WHERE {where} ORDER BY {_ORDER[query.order or 'given']} LIMIT ? OFFSET ?",
        [*values, PAGE, (number - 1) * PAGE])
    listed = [Listed(*(*row[:7], bool(row[7]), json.loads(row[8]))) for row in rows]
    return Page(listed, matches, number, pages)


def neighbours(store: Store, query: Query, number: int) -> tuple[int | None, int | None]:
    """Numbers of the articles before and after `number` among those that `query` asks for, as given."""
    where, values = query.where()
    (before,) = store.rows(f"SELECT max(number) FROM articles WHERE number < ? AND {where}", [number, *values])[0]
    (after,) = store.rows(f"SELECT min(number) FROM articles WHERE number > ? AND {where}", [number, *values])[0]
    return before, after

"""What a person may do to an article, from the fields of a request to the store."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from vn_repair.review.items import ACCEPTED, DONE, EDIT, REJECTED, TRANSLATION, Decision, Item, whole_words
from vn_repair.review.store import Store, Stored
from vn_repair.review.times import now
from vn_repair.review.view import machine_blocks
from vn_repair.types import Label, Severity
from vn_repair.write.align import Block

EVIDENCE = ("surface", "context", "source_only")
ACTIONS = ("accept", "reject", "edit", "clear", "undo", "redo", "done", "reopen", "translate")
MOST = 100_000  # characters of a replacement
Fields = Mapping[str, str]


class BadRequest(Exception):
    """The request asks for what cannot be; the message is a key of the interface's words, or a reason."""


def read_place(key: str, text: str) -> tuple[int, int]:
    """The offsets of an item's key, `start-end`. Raises `BadRequest` if they lie outside `text`."""
    first, _, last = key.partition("-")
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit() and len(key) < 40):
        raise BadRequest(f"item {key[:40]!r}")
    start, end = int(first), int(last)
    if not start <= end <= len(text):
        raise BadRequest(f"item {key}")
    return start, end


def select(text: str, key: str) -> tuple[int, int]:
    """A person's selection as whole words. Raises `BadRequest` if it is none or reaches over a line's end."""
    start, end = whole_words(text, *read_place(key, text))
    if start == end:
        raise BadRequest("error.nothing")
    if "\n" in text[start:end] or "\r" in text[start:end]:
        raise BadRequest("error.several_paragraphs")
    return start, end


def read_version(fields: Fields) -> int:
    """The version that the page shows. Raises `BadRequest`."""
    given = fields.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise BadRequest("version")
    return int(given)


def typed(text: str) -> str:
    """What a person typed, as it is stored: NFC, line feeds, nothing that no file can hold."""
    if len(text) > MOST:
        raise BadRequest(f"more than {MOST} characters")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))


def find_item(items: list[Item], place: tuple[int, int]) -> Item | None:
    """The item at a place."""
    return next((i for i in items if (i.start, i.end) == place), None)


def find_block(stored: Stored, key: str) -> Block:
    """The paragraph with this number, from 0. Raises `BadRequest`."""
    blocks, _ = machine_blocks(stored.repair)
    if not (key.isascii() and key.isdigit() and len(key) < 9 and int(key) < len(blocks)):
        raise BadRequest("row")
    return blocks[int(key)]


def act(store: Store, number: int, fields: Fields, reviewer: str = "") -> tuple[str, tuple[int, int] | None]:
    """Do what the fields ask; the message to show (a key) and the place of the item it was about, if any.

    Raises `BadRequest`, and from the store `Conflict` and `Missing`.
    """
    action, version = fields.get("action", ""), read_version(fields)
    if action not in ACTIONS:
        raise BadRequest("action")
    if action in ("undo", "redo"):
        place = store.undo(number, version, redo=action == "redo")
        if place is None:
            return "done.nothing", None
        return ("done.redone" if action == "redo" else "done.undone"), place[1:] if place[0] == EDIT else None
    if action == "done":
        store.decide(number, version, Decision(DONE, 0, 0, ACCEPTED, reviewer=reviewer, made_at=now()))
        return "done.done", None
    if action == "reopen":
        store.clear(number, version, DONE, 0, 0)
        return "done.reopened", None
    stored = store.article(number)
    if action == "translate":
        block = find_block(stored, fields.get("row", ""))
        new = typed(fields.get("replacement", "")).strip()
        if new == block.other:
            store.clear(number, version, TRANSLATION, block.start, block.end)
        else:
            store.decide(number, version, Decision(TRANSLATION, block.start, block.end, ACCEPTED, new,
                                                   reviewer=reviewer, made_at=now()))
        return "done.translated", None
    return _about_item(store, stored, version, fields, reviewer)


def _about_item(store: Store, stored: Stored, version: int, fields: Fields,
                reviewer: str) -> tuple[str, tuple[int, int]]:
    text, action = stored.repair.article.text, fields["action"]
    place = read_place(fields.get("item", ""), text)
    item = find_item(stored.items, place)
    if item is None:
        if action != "edit":
            raise BadRequest(f"item {fields.get('item', '')}")
        place = select(text, fields["item"])
        item = find_item(stored.items, place)
    if action == "clear":
        store.clear(stored.number, version, EDIT, *place)
        return "done.cleared", place
    decision = replace(_details(fields, item), start=place[0], end=place[1], reviewer=reviewer, made_at=now())
    if action == "reject":
        new = None
    elif action == "edit":
        new = typed(fields.get("replacement", "")).rstrip("\n")
    else:
        assert item is not None
        new = _chosen(item, fields.get("choice", ""))
    surface = text[place[0] : place[1]]
    if new is None or new == surface:
        if item is None or (item.edit is None and not item.spans):
            # Words that a person marked and now finds right: nothing is left to decide.
            if item is None:
                raise BadRequest("error.same")
            store.clear(stored.number, version, EDIT, *place)
            return "done.cleared", place
        store.decide(stored.number, version, replace(decision, verdict=REJECTED))
        return "done.rejected", place
    store.decide(stored.number, version, replace(decision, replacement=new))
    return ("done.edited" if action == "edit" else "done.accepted"), place


def _chosen(item: Item, choice: str) -> str:
    """The replacement that is accepted: a candidate by its number, else what is proposed."""
    if choice:
        if not (choice.isascii() and choice.isdigit() and len(choice) < 6 and int(choice) < len(item.choices)):
            raise BadRequest("choice")
        return item.choices[int(choice)][0]
    if item.proposal is None:
        raise BadRequest("replacement")
    return item.proposal


def _details(fields: Fields, item: Item | None) -> Decision:
    """A decision with label, severity, evidence and note as given now or before, and nothing else yet."""
    old = item.decision if item else None
    given = {name: fields.get(name, getattr(old, name) if old else "") for name in
             ("label", "severity", "evidence", "note")}
    for name, allowed in (("label", tuple(Label)), ("severity", tuple(Severity)), ("evidence", EVIDENCE)):
        if given[name] and given[name] not in allowed:
            raise BadRequest(name)
    note = " ".join(typed(given["note"]).split())[:2000]
    return Decision(EDIT, 0, 0, ACCEPTED, "", given["label"], given["severity"], given["evidence"], note)

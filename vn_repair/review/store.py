"""Articles and decisions in one SQLite file: every decision is on the disk before the page hears of it."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vn_repair.review.items import DONE, Decision, Item, find_items, settle
from vn_repair.review.prepare import Prepared, digest, prepare, storable
from vn_repair.review.times import now
from vn_repair.types import InputError, Repair
from vn_repair.write.record import read_record

SCHEMA = 1
TABLES = """
CREATE TABLE articles (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, digest TEXT NOT NULL, lang TEXT NOT NULL, title TEXT NOT NULL,
  record BLOB NOT NULL, record_digest TEXT NOT NULL, labels TEXT NOT NULL DEFAULT '{}',
  items INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0, decided INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1, changed_at TEXT NOT NULL DEFAULT '',
  UNIQUE (id, digest));
CREATE TABLE decisions (
  article INTEGER NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (article, kind, start, end)) WITHOUT ROWID;
CREATE TABLE actions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL, undone INTEGER NOT NULL DEFAULT 0,
  before TEXT NOT NULL, after TEXT NOT NULL, made_at TEXT NOT NULL);
CREATE INDEX actions_of ON actions (article, undone, number);
CREATE INDEX articles_open ON articles (open DESC, number);
CREATE INDEX articles_changed ON articles (changed_at DESC, number);
CREATE VIRTUAL TABLE words USING fts5 (body, content='', tokenize='unicode61');
"""
RECORDS_KEPT = 16


class Conflict(Exception):
    """The article has changed since the version that a page shows."""


class Missing(Exception):
    """There is no such article."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article with its decisions; `version` counts its changes."""

    number: int
    version: int
    record: dict[str, Any]
    repair: Repair
    decisions: tuple[Decision, ...]
    can_undo: bool
    can_redo: bool

    @property
    def items(self) -> list[Item]:
        """What there is to decide, see `find_items`."""
        return find_items(self.repair, self.decisions)

    @property
    def done(self) -> bool:
        """Whether a person said that it was read to its end."""
        return any(d.kind == DONE for d in self.decisions)


class Store:
    """A decisions file. Safe to use from many threads, and from several processes at once.

    Raises `InputError` when the file cannot be opened, is no decisions file, or is of a newer version.
    """

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        self.path = path
        if must_exist and not path.is_file():
            raise InputError(f"{path}: there is no such decisions file; give one that vn-repair review made")
        self._lock = threading.RLock()
        self._read: OrderedDict[tuple[int, str], tuple[dict[str, Any], Repair]] = OrderedDict()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
            self.db = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = FULL")
            with self._writing():
                self._prepare()
        except (sqlite3.DatabaseError, OSError) as error:
            raise InputError(f"{path}: cannot be used for decisions ({error}); give another file with "
                             "--decisions") from error

    def _prepare(self) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        tables = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and tables == 0:
            for statement in TABLES.split(";\n"):
                self.db.execute(statement)
            self.db.execute(f"PRAGMA user_version = {SCHEMA}")
        elif version != SCHEMA:
            raise InputError(f"{self.path}: is no decisions file of this version; give another with --decisions")

    def close(self) -> None:
        """Close the file; all is already in it."""
        with self._lock:
            self.db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, read under the lock."""
        with self._lock:
            return self.db.execute(query, values).fetchall()

    def add(self, records: Iterable[dict[str, Any]]) -> int:
        """Take in repair records in one transaction; how many were new or changed.

        An article that is there already keeps its decisions. Raises `InputError` for a bad record.
        """
        ready = [prepare(record) for record in records]
        changed = 0
        with self._writing():
            for record in ready:
                changed += self._add(record)
        return changed

    def _add(self, new: Prepared) -> bool:
        article = new.repair.article
        known = self.db.execute("SELECT number, record_digest FROM articles WHERE id = ? AND digest = ?",
                                (new.id, new.digest)).fetchone()
        if known and known[1] == new.record_digest:
            return False
        if known:
            number = known[0]
            self.db.execute("UPDATE articles SET record = ?, record_digest = ?, version = version + 1 WHERE number = ?",
                            (new.blob, new.record_digest, number))
        else:
            number = self.db.execute(
                "INSERT INTO articles (id, digest, lang, title, record, record_digest) VALUES (?, ?, ?, ?, ?, ?)",
                (new.id, new.digest, article.lang, new.title, new.blob, new.record_digest)).lastrowid
            self.db.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (number, new.words))
        self._count(number, new.repair, self._decisions(number))
        return True

    def holds(self, id_: str, text: str) -> bool:
        """Whether the article is there already."""
        return bool(self.rows("SELECT 1 FROM articles WHERE id = ? AND digest = ?", (storable(id_), digest(text))))

    def article(self, number: int) -> Stored:
        """An article by its number. Raises `Missing`."""
        with self._lock:
            row = self.db.execute("SELECT version, record_digest FROM articles WHERE number = ?",
                                  (number,)).fetchone()
            if row is None:
                raise Missing(number)
            record, repair = self._record(number, row[1])
            undone = {flag for (flag,) in self.db.execute(
                "SELECT DISTINCT undone FROM actions WHERE article = ?", (number,))}
            return Stored(number, row[0], record, repair, self._decisions(number), 0 in undone, 1 in undone)

    def _record(self, number: int, of: str) -> tuple[dict[str, Any], Repair]:
        key = number, of
        if key not in self._read:
            (blob,) = self.db.execute("SELECT record FROM articles WHERE number = ?", (number,)).fetchone()
            record = json.loads(zlib.decompress(blob))
            self._read[key] = record, read_record(record)
            if len(self._read) > RECORDS_KEPT:
                self._read.popitem(last=False)
        return self._read[key]

    def _decisions(self, number: int) -> tuple[Decision, ...]:
        rows = self.db.execute("SELECT body FROM decisions WHERE article = ? ORDER BY kind, start, end", (number,))
        return tuple(Decision(**json.loads(body)) for (body,) in rows)

    def decide(self, number: int, version: int, decision: Decision) -> None:
        """Record a decision, and what follows from it for items that it overlaps, as one action.

        Raises `Conflict` if the article is no longer at `version`, and `Missing`.
        """
        with self._writing():
            stored = self._expect(number, version)
            self._act(stored, {d.place: d for d in settle(stored.items, decision)})

    def clear(self, number: int, version: int, kind: str, start: int, end: int) -> None:
        """Take a decision back as an action of its own; errors as for `decide`."""
        with self._writing():
            stored = self._expect(number, version)
            if any(d.place == (kind, start, end) for d in stored.decisions):
                self._act(stored, {(kind, start, end): None})

    def _expect(self, number: int, version: int) -> Stored:
        stored = self.article(number)
        if stored.version != version:
            raise Conflict(number)
        return stored

    def _act(self, stored: Stored, wanted: dict[tuple[str, int, int], Decision | None]) -> None:
        known = {d.place: d for d in stored.decisions}
        before = {place: known.get(place) for place in wanted}
        self.db.execute("DELETE FROM actions WHERE article = ? AND undone = 1", (stored.number,))
        self.db.execute("INSERT INTO actions (article, before, after, made_at) VALUES (?, ?, ?, ?)",
                        (stored.number, _dump(before), _dump(wanted), now()))
        self._put(stored, wanted)

    def _put(self, stored: Stored, wanted: dict[tuple[str, int, int], Decision | None]) -> None:
        for place, decision in wanted.items():
            if decision is None:
                self.db.execute("DELETE FROM decisions WHERE article = ? AND kind = ? AND start = ? AND end = ?",
                                (stored.number, *place))
            else:
                self.db.execute("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?)",
                                (stored.number, *place, json.dumps(asdict(decision))))
        self.db.execute("UPDATE articles SET version = version + 1, changed_at = ? WHERE number = ?",
                        (now(), stored.number))
        self._count(stored.number, stored.repair, self._decisions(stored.number))

    def undo(self, number: int, version: int, *, redo: bool = False) -> tuple[str, int, int] | None:
        """Take the last action back, or with `redo` do the last one taken back again.

        Returns the place that it was about, `None` when there was none. Errors as for `decide`.
        """
        with self._writing():
            stored = self._expect(number, version)
            row = self.db.execute(
                "SELECT number, before, after FROM actions WHERE article = ? AND undone = ? "
                f"ORDER BY number {'ASC' if redo else 'DESC'} LIMIT 1", (number, int(redo))).fetchone()
            if row is None:
                return None
            places = _load(row[2] if redo else row[1])
            self.db.execute("UPDATE actions SET undone = ? WHERE number = ?", (int(not redo), row[0]))
            self._put(stored, places)
            return next(iter(places))

    def _count(self, number: int, repair: Repair, decisions: Sequence[Decision]) -> None:
        items = find_items(repair, decisions)
        labels = Counter(str(item.label) for item in items)
        done = any(d.kind == DONE for d in decisions)
        self.db.execute(
            "UPDATE articles SET items = ?, open = ?, decided = ?, done = ?, labels = ? WHERE number = ?",
            (len(items), 0 if done else sum(i.open for i in items), sum(i.decided for i in items), done,
             json.dumps(dict(labels.most_common())), number))


def _dump(places: dict[tuple[str, int, int], Decision | None]) -> str:
    return json.dumps([[*place, asdict(d) if d else None] for place, d in places.items()])


def _load(text: str) -> dict[tuple[str, int, int], Decision | None]:
    return {(kind, start, end): Decision(**body) if body else None for kind, start, end, body in json.loads(text)}

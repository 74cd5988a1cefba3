"""Decisions are kept: through a kill, by two windows at once, and back and forth by undo and redo."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review_records import TEXT, hostile, many, place, repair

from vn_repair.review.items import ACCEPTED, DONE, EDIT, REJECTED, TRANSLATION, Decision
from vn_repair.review.listing import Query, find_page, neighbours, totals
from vn_repair.review.store import Conflict, Missing, Store
from vn_repair.review.view import corrected_text
from vn_repair.types import InputError
from vn_repair.write.record import full_record

ORDER = place(TEXT, "mẫu kiểu NTM")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "d.db")
    made.add([full_record(repair())])
    return made


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """120 articles, one done and one begun."""
    made = Store(tmp_path_factory.mktemp("db") / "d.db")
    made.add(many(120))
    made.decide(3, 1, Decision(DONE, 0, 0, ACCEPTED))
    first = made.article(5).items[0]
    made.decide(5, 1, Decision(EDIT, first.start, first.end, ACCEPTED, "x"))
    return made


def accept(words: str = "mẫu kiểu NTM", new: str = "NTM kiểu mẫu") -> Decision:
    return Decision(EDIT, *place(TEXT, words), ACCEPTED, new)


def test_what_is_decided_is_there_when_the_file_is_opened_again(store: Store) -> None:
    store.decide(1, 1, accept())
    store.close()
    again = Store(store.path, must_exist=True)
    assert corrected_text(again.article(1)) == TEXT.replace("Xã xã", "Xã").replace("mẫu kiểu NTM", "NTM kiểu mẫu")
    assert (store.path.stat().st_mode & 0o077) == 0


def test_decisions_survive_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    code = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from review_records import repair
from test_review_store import accept
from vn_repair.review.store import Store
from vn_repair.write.record import full_record
store = Store(Path({str(path)!r}))
store.add([full_record(repair())])
for n in range(50):
    store.decide(1, n + 1, accept(new=f"NTM {{n}}"))
    print(n, flush=True)
os.kill(os.getpid(), {int(signal.SIGKILL)})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          cwd=Path(__file__).parents[1])
    assert done.returncode == -signal.SIGKILL, done.stderr
    stored = Store(path).article(1)
    assert stored.version == 51
    assert [d.replacement for d in stored.decisions] == [f"NTM {done.stdout.split()[-1]}"]


def test_a_second_window_is_told(store: Store) -> None:
    store.decide(1, 1, accept())
    with pytest.raises(Conflict):
        store.decide(1, 1, accept(new="khác"))
    with pytest.raises(Conflict):
        store.undo(1, 1)
    with pytest.raises(Missing):
        store.decide(7, 1, accept())
    assert store.article(1).decisions[0].replacement == "NTM kiểu mẫu"


def test_of_many_at_once_one_wins(store: Store) -> None:
    won, lost = [], []

    def decide(n: int) -> None:
        own = Store(store.path)
        try:
            own.decide(1, 1, accept(new=str(n)))
            won.append(n)
        except Conflict:
            lost.append(n)
        finally:
            own.close()

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and len(lost) == 5
    assert store.article(1).decisions[0].replacement == str(won[0])


def test_undo_and_redo_go_through_all_kinds(store: Store) -> None:
    actions = [accept(), Decision(EDIT, *place(TEXT, "Xã xã"), REJECTED), Decision(TRANSLATION, 0, 19, ACCEPTED, "A"),
               Decision(EDIT, 21, 50, ACCEPTED, "Xã đạt"), Decision(DONE, 0, 0, ACCEPTED)]
    states = [store.article(1).decisions]
    for action in actions:
        store.decide(1, store.article(1).version, action)
        states.append(store.article(1).decisions)
    for wanted in states[-2::-1]:
        assert store.undo(1, store.article(1).version)
        assert store.article(1).decisions == wanted
    assert store.undo(1, store.article(1).version) is None
    for wanted in states[1:]:
        assert store.undo(1, store.article(1).version, redo=True)
        assert store.article(1).decisions == wanted
    assert store.undo(1, store.article(1).version, redo=True) is None
    store.undo(1, store.article(1).version)
    store.decide(1, store.article(1).version, accept(new="mới"))
    assert not store.article(1).can_redo


@settings(max_examples=10, deadline=None)
@given(moves=st.lists(st.sampled_from(["accept", "reject", "whole", "undo", "redo", "clear", "done"]), max_size=12))
def test_history_is_a_line(tmp_path_factory: pytest.TempPathFactory, moves: list[str]) -> None:
    store = Store(tmp_path_factory.mktemp("db") / "d.db")
    store.add([full_record(repair())])
    history, now = [store.article(1).decisions], 0
    for move in moves:
        version = store.article(1).version
        if move == "undo":
            assert (store.undo(1, version) is not None) == (now > 0)
            now = max(0, now - 1)
        elif move == "redo":
            assert (store.undo(1, version, redo=True) is not None) == (now + 1 < len(history))
            now = min(len(history) - 1, now + 1)
        elif move == "clear" and not any(d.place == (EDIT, *ORDER) for d in history[now]):
            store.clear(1, version, EDIT, *ORDER)  # nothing to clear is no action
        else:
            if move == "clear":
                store.clear(1, version, EDIT, *ORDER)
            else:
                store.decide(1, version, {"accept": accept(), "reject": Decision(EDIT, *ORDER, REJECTED),
                                          "whole": Decision(EDIT, 21, 50, ACCEPTED, "x"),
                                          "done": Decision(DONE, 0, 0, ACCEPTED)}[move])
            history, now = [*history[: now + 1], store.article(1).decisions], now + 1
        assert store.article(1).decisions == history[now]
    store.close()


def test_records_that_come_again_keep_their_decisions(store: Store) -> None:
    store.decide(1, 1, accept())
    assert store.add([full_record(repair())]) == 0
    anew = full_record(repair())
    anew["edits"] = anew["edits"][:1]
    assert store.add([anew, full_record(repair(text=TEXT + " Thêm."))]) == 2
    assert totals(store).articles == 2
    stored = store.article(1)
    assert len(stored.repair.edits) == 1 and stored.version == 3
    assert "NTM kiểu mẫu" in corrected_text(stored)


@pytest.mark.parametrize(("query", "wanted"), [
    (Query(), 120), (Query("an phu 7"), 11), (Query("AN PHÚ 7"), 11), (Query("bài-77"), 1), (Query('"'), 0),
    (Query("x* OR NEAR("), 0), (Query("phu -an"), 120), (Query("phú an AND"), 0),
    (Query(label="word_order"), 120), (Query(label="mojibake"), 0),
    (Query(state="open"), 119), (Query(state="done"), 1), (Query(state="started"), 1), (Query(state="untouched"), 118),
    (Query(lang="en"), 0), (Query("an phu", "untranslated", "open", "vi"), 119),
])
def test_search_and_filters(hundred: Store, query: Query, wanted: int) -> None:
    assert find_page(hundred, query).matches == wanted


def test_pages_and_neighbours(hundred: Store) -> None:
    store = hundred
    assert [len(find_page(store, Query(page=n)).rows) for n in (1, 2, 3, 99)] == [50, 50, 20, 20]
    assert find_page(store, Query(page=99)).number == 3
    assert neighbours(store, Query(), 1) == (None, 2)
    found = [r.number for r in find_page(store, Query("an phu 11")).rows]
    assert neighbours(store, Query("an phu 11"), found[1]) == (found[0], found[2])


@pytest.mark.parametrize(("given", "wanted"), [
    ({"q": " a ", "label": "nonsense", "state": "open", "page": "2", "order": "given"}, Query("a", "", "open", page=2)),
    ({"page": "-1"}, Query()), ({"page": "²"}, Query()), ({"page": "9" * 40, "lang": "fr"}, Query()),
])
def test_addresses_ask_only_what_can_be(given: dict[str, str], wanted: Query) -> None:
    assert Query.read(given) == wanted


def test_hostile_records_are_stored(tmp_path: Path) -> None:
    store = Store(tmp_path / "d.db")
    store.add([full_record(hostile())])
    assert store.article(1).repair == hostile()


def test_bad_records_and_files_are_refused(tmp_path: Path) -> None:
    bad = full_record(repair())
    bad["edits"][0]["end"] = 10**6
    store = Store(tmp_path / "d.db")
    with pytest.raises(InputError, match="lie outside"):
        store.add([full_record(repair()), bad])
    assert totals(store).articles == 0  # all or nothing
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE mine (x)")
    text = tmp_path / "text.db"
    text.write_text("no database at all, but long enough to be looked at as one" * 40)
    for path in (other, text, tmp_path / "missing" / os.devnull.strip("/")):
        with pytest.raises(InputError, match=r"--decisions|no such"):
            Store(path, must_exist=True)

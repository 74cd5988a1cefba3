"""Finding files and cutting them into units: all articles once, in order, from any point on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vn_repair.batch.sources import Source, count_articles, find_sources
from vn_repair.batch.tally import Outcome, Tally, read_tally
from vn_repair.batch.units import MOST_TASKS, Planner, Position
from vn_repair.write.files import plan_targets

ROW = json.dumps({"text": "Xã đạt chuẩn."}, ensure_ascii=False) + "\n"


def make(root: Path, names: str) -> None:
    for name in names.split():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("Xã đạt chuẩn.\n", "utf-8")


@pytest.mark.parametrize(("names", "output", "expected", "left_out"), [
    ("b.txt a.txt", "out", "a.txt b.txt", {}),
    ("z/a.txt b/c/d.html b/x.md a.txt", "out", "a.txt b/x.md b/c/d.html z/a.txt", {}),
    ("a.jsonl.gz a.parquet a.NDJSON a.pq a.HTM", "out", "a.HTM a.NDJSON a.jsonl.gz a.parquet a.pq", {}),
    ("a.txt b.jpg c.jpg README d.css.gz", "out", "a.txt", {".jpg": 2, "no ending": 1, ".css": 1}),
    (".hidden.txt .git/x.txt a.txt", "out", "a.txt", {}),
    ("a.txt a.repair.jsonl a.report.html", "out", "a.txt", {}),
    ("a.txt out/b.txt out/c/d.txt", "in/out", "a.txt", {}),
])
def test_files_of_a_folder(tmp_path: Path, names: str, output: str, expected: str, left_out: dict[str, int]) -> None:
    make(tmp_path / "in", names)
    found = find_sources([str(tmp_path / "in")], tmp_path / output)
    assert [str(Path(s.path).relative_to(tmp_path / "in")) for s in found.sources] == expected.split()
    assert dict(found.left_out) == left_out
    assert not found.empty


def test_links_named_files_and_empty_folders(tmp_path: Path) -> None:
    make(tmp_path, "in/a.txt other/b.txt notes.xyz")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "other/b.txt")
    (tmp_path / "in/broken.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "empty").mkdir()
    arguments = [str(tmp_path / n) for n in ("notes.xyz", "in", "empty", "in/a.txt", "missing.txt")]
    found = find_sources(arguments)
    assert [(Path(s.path).name, s.argument) for s in found.sources] == [
        ("notes.xyz", 0), ("a.txt", 1), ("link.txt", 1), ("missing.txt", 4)]
    assert [str(e).split(": ")[1][:30] for e in found.empty] == ["is a directory without article"]


def test_results_lie_as_the_files_do(tmp_path: Path) -> None:
    make(tmp_path / "in", "a.txt b/a.txt b/c.jsonl")
    found = find_sources([str(tmp_path / "in")])
    targets = plan_targets([s.path for s in found.sources], Path("out"), {s.path: s.folder for s in found.sources})
    assert [str(t.path("")) for t in targets.values()] == ["out/a", "out/b/a", "out/b/c"]


@pytest.mark.parametrize(("name", "data", "expected"), [
    ("a.jsonl", (ROW * 3).encode(), 3), ("a.jsonl.gz", gzip.compress((ROW * 5).encode()), 5), ("a.txt", b"x", 1),
    ("a.jsonl.gz", b"\x1f\x8bdamaged", 0), ("a.parquet", b"none", 0), ("missing.jsonl", None, 0),
])
def test_count(tmp_path: Path, name: str, data: bytes | None, expected: int) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert count_articles(Source(str(tmp_path / name), 0)) == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=st.lists(st.one_of(st.none(), st.lists(st.integers(0, 60), max_size=12)), max_size=6),
       size=st.integers(1, 200))
def test_units_hold_every_article_once_and_go_on_from_anywhere(
        shape: list[list[int] | None], size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A shape is a file each: `None` is a text, else a row of so many letters (0: one that cannot be read)."""
    root = tmp_path_factory.mktemp("units")
    sources = []
    expected = []
    for number, rows in enumerate(shape):
        path = root / f"{number}.{'txt' if rows is None else 'jsonl'}"
        path.write_text("Xã đạt chuẩn." if rows is None else
                        "".join(json.dumps({"text": "x" * n}) + "\n" for n in rows), "utf-8")
        sources.append(Source(str(path), 0))
        expected += [str(path)] if not rows else [f"{path}:{n}" for n in range(1, len(rows) + 1)]
    units = list(Planner(sources, None, "vi", size).units(Position()))
    assert [task.place for unit in units for task in unit.tasks] == expected
    for unit in units:
        assert len(unit.tasks) <= MOST_TASKS
        assert sum(len(t.article.text) for t in unit.tasks[:-1] if t.article) < size
    for number, unit in enumerate(units):
        at = Position(unit.source + 1) if unit.ends else Position(unit.source, unit.rows, unit.checksum)
        assert list(Planner(sources, None, "vi", size).units(at)) == units[number + 1:]


def test_an_input_that_results_would_replace_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "a.txt a.vi.txt")
    paths = [str(tmp_path / "a.txt"), str(tmp_path / "a.vi.txt")]
    planner = Planner([Source(p, 0) for p in paths], plan_targets(paths, tmp_path), None, 1000)
    [unit] = planner.units(Position())
    first, second = unit.tasks
    assert "a.vi.txt: is an input, and results are never written over one" in str(first.wrong)
    assert second.wrong is None


def test_tallies_add_up_and_travel() -> None:
    tally = Tally()
    tally.add(Outcome("{}", None, "vi", 100, 0.5, {"spelling": 2}, {"accepted": 1, "review": 3}, 4))
    tally.add(Outcome(failure="no"))
    twice = read_tally(json.loads(json.dumps(tally.record())))
    twice.merge(tally)
    assert twice.record() == {"articles": 2, "failed": 2, "characters": 200, "languages": {"vi": 2},
                              "labels": {"spelling": 4}, "edits": {"accepted": 2, "review": 6, "rejected": 0},
                              "files": 8, "seconds": 1.0}

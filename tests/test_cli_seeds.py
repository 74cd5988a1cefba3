"""The command line over the seed articles with the real rules, and the installed console script."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from vn_repair.cli import run
from vn_repair.read import read
from vn_repair.types import Article, apply_edits
from vn_repair.write.record import read_record

ROOT = Path(__file__).resolve().parents[1]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
SCRIPT = Path(sys.executable).with_name("vn-repair")


def text_of(seed: Path) -> str:
    [article] = read(seed)
    assert isinstance(article, Article)
    return article.text


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_detect_cuts_out_every_surface(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detect", "--json", "--rules-only", *map(str, SEEDS)]) == 1
    found = rows(capsys.readouterr().out)
    assert [row["id"] for row in found] == [seed.stem for seed in SEEDS]
    assert [row["lang"] for row in found] == ["en", "en", "vi", "en", "vi"]
    for row, seed in zip(found, SEEDS, strict=True):
        assert row["text"] == text_of(seed)
        bounds = [(s["start"], s["end"]) for s in row["spans"]]
        assert bounds == sorted(bounds)
        assert all(end <= start for (_, end), (start, _) in pairwise(bounds))
        surfaces = [row["text"][start:end] for start, end in bounds]
        assert all(s and s == s.strip() for s in surfaces)
    assert "enable with the low variable variable" in {
        row["text"][s["start"]:s["end"]] for row in found for s in row["spans"]}


def test_repair_changes_nothing_outside_accepted_edits(tmp_path: Path) -> None:
    assert run(["repair", "--rules-only", "--output", str(tmp_path), *map(str, SEEDS)]) == 0
    for seed in SEEDS:
        row = json.loads((tmp_path / f"{seed.stem}.repair.jsonl").read_text("utf-8"))
        repair = read_record(row)
        own = repair.article.lang
        assert (tmp_path / f"{seed.stem}.{own}.txt").read_bytes().decode() == row[own]
        assert apply_edits(text_of(seed), repair.edits) == row[own]
        page = (tmp_path / f"{seed.stem}.report.html").read_text("utf-8")
        assert page.count("<mark class=\"m ") == len(repair.spans)
        assert seed.stem in page


def test_a_line_of_50_mb_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    big = tmp_path / "big.txt"
    big.write_bytes(b"nong thon moi " * (50 * 2**20 // 14))
    assert run(["detect", "--rules-only", str(big)]) == 2
    complaint, summary = capsys.readouterr().err.splitlines()
    assert complaint.startswith(f"vn-repair: {big}: ")
    assert summary == "0 articles, 0 spans; 1 bad input"


@pytest.mark.skipif(not SCRIPT.exists(), reason="vn-repair is not installed in this environment")
def test_the_installed_script_carries_all_its_files(tmp_path: Path) -> None:
    done = subprocess.run([str(SCRIPT), "repair", "--rules-only", str(SEEDS[2]), "--output", "out"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name[len(SEEDS[2].stem):] for p in (tmp_path / "out").iterdir()) == [
        ".repair.jsonl", ".report.html", ".vi.txt"]
    assert "accepted" in done.stderr


@pytest.mark.skipif(not SCRIPT.exists(), reason="vn-repair is not installed in this environment")
def test_output_cut_short_ends_quietly(tmp_path: Path) -> None:
    command = f"'{SCRIPT}' detect --rules-only --json {' '.join(map(str, SEEDS))} | head -c 10"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == '{"id": "00'
    assert "Traceback" not in done.stderr

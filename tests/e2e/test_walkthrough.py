"""The walk-through of docs/review.md: from the seeds to a dataset, and to ten decisions that end as references."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = "002_8e0d3666a40ef5d6"
pytestmark = pytest.mark.long


def run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "vn_repair.cli", *arguments], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def repaired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`vn-repair repair seeds/*.txt --output out`."""
    out = tmp_path_factory.mktemp("walk") / "out"
    seeds = sorted(map(str, (ROOT / "seeds").glob("*.txt")))
    run("repair", *seeds, "--output", str(out), *(["--rules-only"] if os.environ.get("VN_REPAIR_RULES_ONLY") else []))
    return out


def test_seeds_become_a_dataset(repaired: Path, tmp_path: Path) -> None:
    records = sorted(repaired.glob("*.repair.jsonl"))
    assert len(records) == 5
    run("export", *map(str, records), "--output", str(tmp_path / "dataset"))
    from datasets import load_dataset

    loaded = load_dataset(str(tmp_path / "dataset"), cache_dir=str(tmp_path / "cache"))
    rows = [row for split in loaded.values() for row in split]
    wanted = {json.loads(path.read_text(encoding="utf-8"))["text"] for path in records}
    assert len(rows) == 5 and {row["text"] for row in rows} == wanted


def test_ten_decisions_become_references(browser: Any, serve: Callable[..., Any], repaired: Path,
                                         tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.db"
    server = serve(*map(str, sorted(repaired.glob("*.repair.jsonl"))), "--decisions", str(decisions))
    page = browser.new_context(locale="vi-VN").new_page()
    page.set_default_timeout(60_000)
    page.goto(server.url)
    page.locator(".name", has_text="Hội nghị toàn quốc").first.click()
    page.wait_for_selector(".card")
    keys = [item[0] for item in json.loads(page.locator("body").get_attribute("data-items"))][:10]
    for count, item in enumerate(keys, 1):
        page.goto(f"{page.url.split('?')[0]}?item={item}")
        page.keyboard.press("a" if page.locator('.decide [data-key="a"]').count() else "r")
        page.locator("#progress", has_text=f"đã quyết {count}/").wait_for()
    server.kill()

    references = tmp_path / "references.jsonl"
    run("review", "--decisions", str(decisions), "--export", "references", "--output", str(references))
    from vn_repair.evaluate.references import load_references

    found = load_references(references)
    assert 1 <= len(found.items) <= 10 and {item.unit for item in found.items} == {ARTICLE}
    source = (ROOT / "seeds" / f"{ARTICLE}.txt").read_text(encoding="utf-8")
    for item in found.items:
        assert item.text in source
    assert any(item.spans for item in found.items)

    # What was decided also goes on to a dataset.
    reviewed = tmp_path / "reviewed.repair.jsonl"
    run("review", "--decisions", str(decisions), "--export", "records", "--output", str(reviewed))
    run("export", str(reviewed), "--output", str(tmp_path / "dataset"))
    assert len(reviewed.read_text(encoding="utf-8").splitlines()) == 5

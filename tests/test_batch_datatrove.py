"""The same stages on datatrove's local executor: the same bytes as the run on one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_batch_crashes import contents, write
from test_batch_run import ARTICLES

from vn_repair.cli import run

pytest.importorskip("datatrove", reason="needs the extra scale")
ROOT = Path(__file__).resolve().parents[1]


def test_the_local_executor_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in/b").mkdir(parents=True)
    write("in/a.jsonl", [{"id": f"bài {n}", "text": text} for n, text in enumerate(ARTICLES)] + [{"id": "no text"}])
    write("in/b/c.jsonl", [{"text": text} for text in ARTICLES[::-1]])
    Path("in/b/x.md").write_text(ARTICLES[0], "utf-8")
    Path("in/empty.txt").write_text("")
    command = [sys.executable, str(ROOT / "corpora/datatrove_pipeline.py"), "in", "--output", "out", "--rules-only",
               "--tasks", "3", "--workers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr[-2000:]
    assert run(["repair", "in", "--output", "one", "--rules-only", "--workers", "1"]) == 2
    one, many = contents("one"), contents("out")
    summary, failed = json.loads(one.pop("summary.json")), one.pop("failed.jsonl")
    reasons = sorted(json.loads(line)["reason"] for line in failed.decode().splitlines())
    failed_here = [json.loads(line) for name in sorted(many) if name.startswith("failed/")
                   for line in many.pop(name).decode().splitlines()]
    assert sorted(row["reason"] for row in failed_here) == reasons
    assert len(reasons) == 2
    stats = many.pop(".datatrove/stats.json")
    assert {n: d for n, d in many.items() if not n.startswith(".datatrove/")} == one
    [repair] = [step["stats"] for step in json.loads(stats) if "vn-repair" in step["name"] and "🔧" in step["name"]]
    assert total(repair["articles"]) == summary["articles"] == 9
    assert total(repair["characters"]) == summary["characters"]
    for label, count in summary["labels"].items():
        assert total(repair[f"span/{label}"]) == count


def total(stat: object) -> int:
    return int(stat["total"] if isinstance(stat, dict) else stat)  # type: ignore[call-overload]


def test_documents_of_other_readers() -> None:
    from datatrove.data import Document

    from vn_repair.batch.datatrove_steps import FAILURE, LANG, RECORD, RepairArticles
    from vn_repair.batch.setup import Setup

    documents = [Document(ARTICLES[2], "một"), Document("  ", "trống"),
                 Document(ARTICLES[1], "hai", metadata={LANG: "en"})]
    first, blank, second = RepairArticles(Setup(rules_only=True)).run(iter(documents))
    assert first.metadata[RECORD]["id"] == "một"
    assert first.metadata[RECORD]["text"] == ARTICLES[2]
    assert first.text == first.metadata[RECORD]["vi"]
    assert "the text is empty" in blank.metadata[FAILURE]
    assert blank.text == "  "
    assert second.text == second.metadata[RECORD]["en"] != ARTICLES[1]
    assert second.metadata[LANG] == "en"

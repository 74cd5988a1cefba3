"""The gate: detection, repair gain and over-editing on `dev` may not fall below `eval/floors.json`."""

from __future__ import annotations

from pathlib import Path

import pytest

from vn_repair.cli import run

ROOT = Path(__file__).resolve().parents[1]


def test_scores_hold_their_floors(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = run(["evaluate", "--check-floors"])
    told = capsys.readouterr()
    assert code == 0, told.out + told.err
    assert "detection all f1" in told.out

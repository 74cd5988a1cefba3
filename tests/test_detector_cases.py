"""Every detector against the cases that stand beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import vn_repair.detect
from vn_repair.detect.registry import NO_DETECTOR, detectors
from vn_repair.detect.view import View
from vn_repair.segment import segment
from vn_repair.types import Article

CASES = Path(vn_repair.detect.__path__[0]) / "cases"


def rows() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            case = json.loads(line)
            marks = [pytest.mark.xfail(strict=True, reason="known failure")] if case["kind"] == "known_failure" else []
            yield pytest.param(path.stem, case, id=f"{path.stem}-{number}-{case['kind']}", marks=marks)


@pytest.mark.parametrize(("module", "case"), list(rows()))
def test_case(module: str, case: dict[str, Any]) -> None:
    import importlib

    detector = importlib.import_module(f"vn_repair.detect.{module}").DETECTOR
    article = Article("case", case["text"], case["lang"], "case")
    found = list(detector.find(View(article, segment(article))))
    for span in found:
        assert 0 <= span.start < span.end <= len(article.text)
        assert span.detector == detector.id
    got = sorted((article.text[s.start : s.end], str(s.label)) for s in found)
    assert got == sorted((surface, label) for surface, label in case.get("spans", []))


def test_every_detector_has_positive_and_negative_cases() -> None:
    modules = {p.stem for p in Path(vn_repair.detect.__path__[0]).glob("*.py")} - NO_DETECTOR - {"__init__"}
    assert len(modules) == len(detectors())
    for module in modules:
        kinds = [json.loads(line)["kind"] for line in (CASES / f"{module}.jsonl").read_text("utf-8").splitlines()]
        assert kinds.count("positive") >= 2, module
        assert "negative" in kinds, module

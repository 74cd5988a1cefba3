"""The table that turns a model's raw confidence into the chance that its edit is right for the better part."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from vn_repair.types import InputError

FILE = "calibration.json"


def load_calibration(path: Path) -> Callable[[float], float]:
    """A rising function of the raw score (0–1), linear between the table's knots; without a table, the score itself.

    Raises `InputError` if the table cannot be read or does not rise.
    """
    if not path.exists():
        return lambda raw: raw
    try:
        knots = [(float(raw), float(chance)) for raw, chance in json.loads(path.read_text(encoding="utf-8"))["knots"]]
    except (ValueError, KeyError, TypeError, OSError):
        knots = []
    if not knots or knots != sorted(knots) or any(a[1] > b[1] for a, b in zip(knots, knots[1:], strict=False)):
        raise InputError(f"{path}: not a rising table of knots; make it again with vn_repair.training.calibrate")
    raws = [raw for raw, _ in knots]

    def chance(raw: float) -> float:
        at = bisect_right(raws, raw)
        if at == 0:
            return knots[0][1] * max(raw, 0.0) / raws[0] if raws[0] else knots[0][1]
        if at == len(knots):
            return knots[-1][1]
        (x0, y0), (x1, y1) = knots[at - 1], knots[at]
        return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)

    return chance

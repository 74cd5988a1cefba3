"""Raw confidence becomes the chance of an improvement."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.propose.calibration import load_calibration
from vn_repair.training.calibrate import isotonic
from vn_repair.types import InputError


def table(folder: Path, knots: object) -> Path:
    (folder / "c.json").write_text(json.dumps({"knots": knots}), encoding="utf-8")
    return folder / "c.json"


@pytest.mark.parametrize(
    ("raw", "chance"), [(0.0, 0.0), (0.1, 0.05), (0.2, 0.1), (0.4, 0.2), (0.6, 0.3), (0.8, 0.7), (1.0, 0.7)]
)
def test_linear_between_knots(tmp_path: Path, raw: float, chance: float) -> None:
    function = load_calibration(table(tmp_path, [[0.2, 0.1], [0.6, 0.3], [0.8, 0.7]]))
    assert function(raw) == pytest.approx(chance)


def test_without_a_table_the_score_stands(tmp_path: Path) -> None:
    assert load_calibration(tmp_path / "none.json")(0.37) == 0.37


@pytest.mark.parametrize("knots", [[], [[0.5, 0.5], [0.2, 0.6]], [[0.2, 0.5], [0.5, 0.4]], "x", [[1]]])
def test_a_bad_table_is_one_clear_line(tmp_path: Path, knots: object) -> None:
    with pytest.raises(InputError, match="make it again") as caught:
        load_calibration(table(tmp_path, knots))
    assert "\n" not in str(caught.value)


def test_isotonic_pools_what_falls() -> None:
    points = [(i / 100, False) for i in range(12)] + [(0.3 + i / 100, True) for i in range(12)]
    points += [(0.6 + i / 100, i % 2 == 0) for i in range(12)]
    assert isotonic(points) == [(0.055, 0.0), (0.505, 0.75)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=12, max_size=120))
def test_isotonic_rises(points: list[tuple[float, bool]]) -> None:
    knots = isotonic(points)
    assert knots == sorted(knots)
    assert all(a[1] <= b[1] and 0 <= a[1] <= 1 for a, b in zip(knots, knots[1:], strict=False))

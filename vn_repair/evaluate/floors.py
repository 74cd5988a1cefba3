"""The gate: scores that must not fall. Floors stand in `eval/floors.json` and are raised by a command, never lowered.

`{"references": "references/dev.jsonl", "systems": {"rules-only": {"detection all f1": {"floor": 0.4},
"clean all over_edited": {"ceiling": 0.03}}}}`: paths are relative to the file; a score is named by family, slice and
name, as in run files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vn_repair.evaluate.record import Run
from vn_repair.types import InputError

# What is held when a system gets its first floors, and how much a score may give way to another machine's arithmetic.
HELD = {"detection all f1": "floor", "detection written f1": "floor", "repair all chrf_gain": "floor",
        "clean all over_edited": "ceiling", "clean all flagged_per_10k": "ceiling"}
SLACK = {"detection all f1": 0.005, "detection written f1": 0.005, "repair all chrf_gain": 0.1,
         "clean all over_edited": 0.0047, "clean all flagged_per_10k": 2.0}


@dataclass(frozen=True, slots=True)
class Check:
    """One bound and the value that a run has."""

    system: str
    score: str
    side: str
    bound: float
    value: float | None

    @property
    def holds(self) -> bool:
        """Whether the value is on the right side; a score that the run lacks is not."""
        if self.value is None:
            return False
        return self.value >= self.bound if self.side == "floor" else self.value <= self.bound

    def line(self) -> str:
        """One line for a person."""
        sign = "at least" if self.side == "floor" else "at most"
        value = "none" if self.value is None else f"{self.value:.4f}"
        return f"{'ok    ' if self.holds else 'FAILED'} {self.system}: {self.score} {value}, {sign} {self.bound:.4f}"


def load_floors(path: Path) -> dict[str, Any]:
    """The floors file. Raises `InputError` if it cannot be read."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found["systems"], dict) or not isinstance(found["references"], str):
            raise ValueError("systems or references have the wrong form")
        return found
    except OSError as error:
        raise InputError(f"{path}: cannot read ({error.strerror}); give the floors file with --floors") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a floors file ({error})") from None


def value_of(run: Run, score: str) -> float | None:
    """The value of a score named by family, slice and name."""
    family, part, name = score.split(" ")
    return run.score(family, part, name)


def check(floors: Mapping[str, Any], runs: Sequence[Run]) -> list[Check]:
    """All bounds of the systems that were run."""
    out = []
    for run in runs:
        for score, bounds in floors["systems"].get(run.system, {}).items():
            for side in ("floor", "ceiling"):
                if side in bounds:
                    out.append(Check(run.system, score, side, bounds[side], value_of(run, score)))
    return out


def raised(floors: Mapping[str, Any], runs: Sequence[Run], *, force: bool = False) -> dict[str, Any]:
    """Floors as tight as the runs allow; none is loosened unless `force`.

    Each bound stands a little off the value that was measured (`SLACK`), since int8 arithmetic differs between
    processors. Scores that a system has no bound for yet get one if they are in `HELD`.
    """
    systems: dict[str, Any] = {name: dict(bounds) for name, bounds in floors["systems"].items()}
    for run in runs:
        held = systems.setdefault(run.system, {})
        for score, side in HELD.items():
            value = value_of(run, score)
            if value is None:
                continue
            slack = SLACK[score]
            bound = round(max(0.0, value - slack) if side == "floor" else value + slack, 4)
            old = held.get(score, {}).get(side)
            if old is None or force or (bound > old if side == "floor" else bound < old):
                held[score] = {side: bound}
    data = {run.data["name"]: run.data["sha256"] for run in runs}
    return {**floors, "sha256": next(iter(data.values()), floors.get("sha256")), "systems": systems}


def write_floors(floors: Mapping[str, Any], path: Path) -> None:
    """Write the floors file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)

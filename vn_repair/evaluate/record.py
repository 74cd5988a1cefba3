"""The run file: one system on one data set, as JSON that two machines write alike but for the seconds."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vn_repair import __version__
from vn_repair.evaluate.bootstrap import RESAMPLES, Estimate
from vn_repair.evaluate.text_metrics import signature
from vn_repair.types import InputError

FORMAT = "vn-repair run 1"
REPAIR, TRANSLATION = "repair", "translation"
NORMALISATION = "nfc"


@dataclass
class Run:
    """What a run file holds.

    `scores` is family → slice → score → `[value, low, high]`; `units` is unit → statistics by scorer, for paired
    tests; `labels`, `curve` (spans by score), `edit_curve` (edits by confidence) and `seconds` are plain numbers.
    """

    kind: str
    system: str
    info: dict[str, Any]
    data: dict[str, Any]
    scores: dict[str, dict[str, dict[str, list[float]]]]
    units: dict[str, dict[str, list[float]]]
    labels: dict[str, dict[str, float]] = field(default_factory=dict)
    curve: list[dict[str, float]] = field(default_factory=list)
    edit_curve: list[dict[str, float]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def score(self, family: str, part: str, name: str) -> float | None:
        """The value of a score, `None` where the run has none."""
        found = self.scores.get(family, {}).get(part, {}).get(name)
        return found[0] if found else None

    @property
    def signature(self) -> dict[str, str]:
        """What must be equal for two scores to be comparable, and what was run."""
        own = [f"data:{self.data['name']}", f"sha256:{self.data['sha256'][:12]}", f"norm:{NORMALISATION}",
               f"bs:{RESAMPLES}", f"system:{self.system}"]
        own += [f"{short}:{self.info[key]}" for key, short in
                (("model", "model"), ("checksum", "checksum"), ("min_confidence", "dial")) if self.info.get(key)]
        own.append(f"version:{__version__}")
        return {"vn-repair": "|".join(own), **{name: signature(name) for name in ("chrf", "bleu", "ter")}}


def numbers(estimates: Mapping[str, Estimate]) -> dict[str, list[float]]:
    """Estimates as `[value, low, high]`, rounded to five places."""
    return {name: [round(e.value, 5), round(e.low, 5), round(e.high, 5)] for name, e in estimates.items()}


def machine() -> dict[str, Any]:
    """Where a run was made; seconds only compare on one machine."""
    return {"version": __version__, "python": platform.python_version(), "machine": platform.machine(),
            "cores": os.cpu_count()}


def write_run(run: Run, path: Path) -> None:
    """Write a run file whole or not at all."""
    head = {"format": FORMAT, "kind": run.kind, "system": run.system, "signature": run.signature, "info": run.info,
            "data": run.data, "made": run.made, "seconds": run.seconds, "scores": run.scores, "labels": run.labels,
            "curve": run.curve, "edit_curve": run.edit_curve}
    parts = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()
             if key not in ("scores", "labels", "curve", "edit_curve")]
    parts += [f" {json.dumps(key)}: {_rows(head[key])}" for key in ("scores", "labels", "curve", "edit_curve")]
    parts.append(f' "units": {_rows({u: {k: _whole(v) for k, v in row.items()} for u, row in run.units.items()})}')
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    os.replace(part, path)


def _rows(value: Any) -> str:
    """JSON with one entry a line, so that a change of a run file can be read as a diff."""
    if isinstance(value, dict):
        rows = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False, separators=(',', ':'))}"
                for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"
    rows = [f"  {json.dumps(v)}" for v in value]
    return "[\n" + ",\n".join(rows) + "\n ]" if rows else "[]"


def _whole(vector: Sequence[float]) -> list[float]:
    return [int(v) if float(v).is_integer() else round(v, 4) for v in vector]


def read_run(path: Path) -> Run:
    """A run file. Raises `InputError` if it is none."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["format"] != FORMAT:
            raise ValueError(f"format {row['format']!r}")
        return Run(row["kind"], row["system"], row["info"], row["data"], row["scores"], row["units"], row["labels"],
                   row["curve"], row["edit_curve"], row["seconds"], row["made"])
    except OSError as error:
        raise InputError(f"{path}: cannot read ({error.strerror}); give a run file of vn-repair evaluate") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a run file ({error}); make it again with vn-repair evaluate") from None


def write_items(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Per-item details as Parquet, whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    names = list(dict.fromkeys(name for row in rows for name in row))  # the first row may lack columns
    table = pa.Table.from_pydict({name: [row.get(name) for row in rows] for name in names})
    pq.write_table(table, part, compression="zstd")
    os.replace(part, path)

"""Garbled sentences as files: one JSON object a line, `text`, `clean`, `spans` as [start, end, label, correction]."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from vn_repair.training.garble import Garbled, GarbledSpan
from vn_repair.types import Label


def read_garbled(path: Path) -> Iterator[Garbled]:
    """The garbled sentences of a file that `write_garbled` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Garbled(
                row["text"], row["clean"], tuple(GarbledSpan(a, b, Label(name), c) for a, b, name, c in row["spans"])
            )


def write_garbled(found: Iterable[Garbled], path: Path) -> int:
    """Write garbled sentences under a temporary name, then rename; returns their number."""
    part, count = path.with_name(path.name + ".part"), 0
    with part.open("w", encoding="utf-8") as out:
        for garbled in found:
            spans = [[s.start, s.end, str(s.label), s.correction] for s in garbled.spans]
            row = {"text": garbled.text, "clean": garbled.clean, "spans": spans}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    os.replace(part, path)
    return count

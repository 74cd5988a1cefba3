"""The seed articles are the ones their manifest describes, byte for byte."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from vn_repair.read import read
from vn_repair.types import Article

SEEDS = Path(__file__).parent.parent / "seeds"


def test_manifest() -> None:
    with (SEEDS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row["file"] for row in rows] == sorted(path.name for path in SEEDS.glob("*.txt"))
    assert len(rows) == 5
    for row in rows:
        data = (SEEDS / row["file"]).read_bytes()
        assert len(data) == int(row["bytes"])
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        [article] = read(SEEDS / row["file"])
        assert isinstance(article, Article)
        assert article.lang == row["language"]
        assert row["kind"] and row["description"]

"""Read the public training texts from a local folder; what to read is named in corpora/recipes/*.yaml."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# The last rows of this file are a development set and never trained on.
HELD_OUT_TAIL = {"alt_wikinews.tsv.gz": 1000}
HELD_OUT_FILES = {"vlsp2020_news_dev.tsv.gz"}


def load_recipe(path: Path) -> dict[str, Any]:
    """The recipe file as a dictionary; raises `ValueError` naming the file if it is no mapping."""
    recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(recipe, dict):
        raise ValueError(f"{path}: a recipe is a YAML mapping; see corpora/recipes/README.md")
    return recipe


def pairs(path: Path, held_out: bool = False) -> Iterator[tuple[str, str]]:
    """Vietnamese–English pairs of a `vi<TAB>en` gzip file, NFC.

    Development rows (see `HELD_OUT_TAIL`, `HELD_OUT_FILES`) are left out, or with `held_out` are
    the only ones given.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    tail = len(rows) if path.name in HELD_OUT_FILES else HELD_OUT_TAIL.get(path.name, 0)
    cut = len(rows) - tail
    for row in rows[cut:] if held_out else rows[:cut]:
        if len(row) == 2:
            yield unicodedata.normalize("NFC", row[0]), unicodedata.normalize("NFC", row[1])


def documents(path: Path, limit: int | None = None) -> Iterator[str]:
    """Texts of a gzip JSONL file with a `text` field, NFC, at most `limit` of them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            yield unicodedata.normalize("NFC", json.loads(line)["text"])

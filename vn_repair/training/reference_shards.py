"""Tagging shards of the development references, in two folds: one to fine-tune the tagger on, one to set its dial by.

    python -m vn_repair.training.reference_shards eval/references/dev.jsonl --tokenizer sentencepiece.model --out .train

Items of one article go to one fold, by a checksum of its name. The test references are never read.
"""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from vn_repair.fluency.tagger import LABELS, pieces
from vn_repair.segment import segment
from vn_repair.types import Article

FOLDS = "ab"
NOT_CONTENT = {"boilerplate", "duplicate"}
CLASS_OF = {str(label): number for number, label in enumerate(LABELS, 1)}


def fold_of(row: dict[str, Any]) -> str:
    """`a` (training) or `b` (the dial) for an item of the references."""
    return FOLDS[zlib.crc32(str(row.get("article", row["id"])).encode()) % len(FOLDS)]


def labelled(row: dict[str, Any], processor: Any) -> list[tuple[list[int], list[int]]]:
    """Piece ids and classes of every segment of an item."""
    out = []
    for part in segment(Article(row["id"], row["text"], row["lang"], "references")):
        ids, places = pieces(processor, row["text"][part.start : part.end])
        classes = [0] * len(ids)
        for gold in row["spans"]:
            if gold["label"] in NOT_CONTENT:
                continue
            for number, (start, end) in enumerate(places):
                if part.start + start < gold["end"] and gold["start"] < part.start + max(end, start + 1):
                    classes[number] = CLASS_OF[gold["label"]]
        out.append((ids, classes))
    return out


def main() -> None:
    """Command line; see the top of this file."""
    import sentencepiece

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("references", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(args.tokenizer))
    shards: dict[str, list[tuple[list[int], list[int]]]] = {}
    with args.references.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            shards.setdefault(f"references_{row['lang']}_{fold_of(row)}", []).extend(labelled(row, processor))
    for name, rows in shards.items():
        np.savez_compressed(
            args.out / f"{name}.npz",
            ids=np.concatenate([np.array(ids, np.uint16) for ids, _ in rows]),
            label=np.concatenate([np.array(classes, np.uint8) for _, classes in rows]),
            off=np.cumsum([0, *(len(ids) for ids, _ in rows)]),
        )


if __name__ == "__main__":
    main()

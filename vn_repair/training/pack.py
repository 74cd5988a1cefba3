"""Tokenise training examples into the compact shards that `train.py` reads."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from vn_repair.markers import END_ID, MARKER_IDS, START_ID

TASKS = ("translate_en", "translate_vi", "rewrite", "infill", "denoise")


@dataclass(frozen=True)
class Example:
    """One training pair; `source` and `target` are runs of text and markers, in order."""

    task: str
    source: tuple[str, ...]
    target: tuple[str, ...]


def encode(parts: Iterable[str], processor: sentencepiece.SentencePieceProcessor) -> list[int]:
    """Ids of runs of text and markers; a marker stands for itself, every run is encoded alone."""
    ids: list[int] = []
    for part in parts:
        if part in MARKER_IDS:
            ids.append(MARKER_IDS[part])
        elif part.strip():
            ids.extend(processor.encode(part.strip()))
    return ids


def pack(
    examples: Iterable[Example], processor: sentencepiece.SentencePieceProcessor, path: Path, max_length: int = 400
) -> dict[str, int]:
    """Write a shard; returns the number of examples and tokens by task, longer ones left out and counted."""
    src, tgt = array("H"), array("H")
    src_off, tgt_off, task = array("q", [0]), array("q", [0]), array("B")
    counts: dict[str, int] = {}
    for example in examples:
        source = [START_ID, *encode(example.source, processor), END_ID]
        target = [*encode(example.target, processor), END_ID]
        if max(len(source), len(target)) > max_length:
            counts["too long"] = counts.get("too long", 0) + 1
            continue
        src.extend(source)
        tgt.extend(target)
        src_off.append(len(src))
        tgt_off.append(len(tgt))
        task.append(TASKS.index(example.task))
        counts[example.task] = counts.get(example.task, 0) + 1
    counts["tokens"] = len(src) + len(tgt)
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as out:
        np.savez_compressed(
            out,
            src=np.frombuffer(src, np.uint16),
            tgt=np.frombuffer(tgt, np.uint16),
            src_off=np.frombuffer(src_off, np.int64),
            tgt_off=np.frombuffer(tgt_off, np.int64),
            task=np.frombuffer(task, np.uint8),
        )
    os.replace(part, path)
    return counts

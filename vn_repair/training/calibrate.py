"""Turn the model's raw confidence into the chance that its edit is right for the better part.

    python -m vn_repair.training.calibrate models/default --references eval/references/dev.jsonl

Every marked span of the development references is put to the model with its neighbours, as a
detector would; the best candidate that differs from the text counts as right for the better part
if it closes at least half of the distance to the reference (sacrebleu's chrF2++ against leaving the
span as it is). Isotonic regression (pool adjacent violators; Barlow et al. 1972) over the raw
scores gives the table `ctranslate2/calibration.json`, which the embedded model reads.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vn_repair.markers import MAX_SPANS
from vn_repair.propose.calibration import FILE, load_calibration
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.propose.model_files import write_manifest
from vn_repair.propose.request import InfillRequest
from vn_repair.propose.rules import deletion_bounds

# What rules repair, and what no model should be asked about.
BY_RULE = {"duplicate", "boilerplate", "mojibake", "number_format", "footnote_residue", "lost_diacritics"}
LEAST_IN_A_BIN = 12
ENOUGH = 0.5  # share of the distance to the reference


def isotonic(points: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(raw, chance) knots, both rising, from (raw, right) points; bins hold at least a dozen points."""
    blocks: list[list[float]] = []  # sum of raw, number right, number
    pending = [0.0, 0.0, 0.0]
    for raw, good in sorted(points):
        pending = [pending[0] + raw, pending[1] + good, pending[2] + 1]
        if pending[2] < LEAST_IN_A_BIN:
            continue
        blocks.append(pending)
        pending = [0.0, 0.0, 0.0]
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return [(round(s / n, 4), round(good / n, 4)) for s, good, n in blocks]


def trials(model: EmbeddedModel, rows: Sequence[dict[str, Any]]) -> list[tuple[float, bool]]:
    """(raw score, whether the edit is right for the better part) for every marked span with a candidate of its own."""
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF(word_order=2)
    requests: list[InfillRequest] = []
    wanted: list[list[str]] = []
    for row in rows:
        text, at, spans, corrections = "", 0, [], []
        for span in row["spans"]:
            text += row["text"][at : span["start"]]
            start = len(text)
            if span["label"] in BY_RULE:
                text += span["correction"]
            else:
                text += row["text"][span["start"] : span["end"]]
                spans.append((start, len(text)))
                corrections.append(span["correction"])
            at = span["end"]
        text += row["text"][at:]
        if 0 < len(spans) <= MAX_SPANS:
            requests.append(InfillRequest(text, tuple(spans), row["lang"]))
            wanted.append(corrections)
    out = []
    for request, corrections, answers in zip(requests, wanted, model.infill(requests), strict=True):
        for number, ((start, end), candidates) in enumerate(zip(request.spans, answers, strict=True)):
            if not candidates or candidates[0].text == request.text[start:end]:
                continue
            reference = put_in(request.text, start, end, corrections[number])
            edited = put_in(request.text, start, end, candidates[0].text)
            before = metric.sentence_score(request.text, [reference]).score
            after = metric.sentence_score(edited, [reference]).score
            better = after - before >= ENOUGH * (100 - before)
            out.append((candidates[0].score, better))
    return out


def put_in(text: str, start: int, end: int, replacement: str) -> str:
    """`text` with a span replaced; a deletion takes a neighbouring space along."""
    if not replacement:
        start, end = deletion_bounds(text, start, end)
    return text[:start] + replacement + text[end:]


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--references", type=Path, required=True)
    args = parser.parse_args()
    with args.references.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [r for r in rows if r["kind"] == "garbled" and "article" not in r]
    file = args.model / "ctranslate2" / FILE
    file.unlink(missing_ok=True)
    identity = json.loads((args.model / "manifest.json").read_text(encoding="utf-8"))["id"]
    write_manifest(args.model, identity)
    model = EmbeddedModel(args.model)
    points = trials(model, rows)
    table = {"references": args.references.name, "edits": len(points), "right": sum(g for _, g in points),
             "knots": isotonic(points)}  # fmt: skip
    part = file.with_suffix(".part")
    part.write_text(json.dumps(table) + "\n", encoding="utf-8")
    os.replace(part, file)
    write_manifest(args.model, identity)
    print(json.dumps(table), file=sys.stderr)
    load_calibration(file)


if __name__ == "__main__":
    main()

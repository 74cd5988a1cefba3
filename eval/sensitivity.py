"""Write eval/SENSITIVITY.md and eval/sensitivity.html: precision and recall of detection as `--sensitivity` turns.

By rules and with the model detector, on that half of eval/references/dev.jsonl which the model was not trained on.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vn_repair.evaluate.dials import STEPS, settings_of_dial
from vn_repair.evaluate.references import ReferenceSet, load_references
from vn_repair.evaluate.sensitivity import pages
from vn_repair.pipeline import Fluency, Repairer, gather_spans
from vn_repair.segment import segment
from vn_repair.settings import SENSITIVITIES, Settings
from vn_repair.training.reference_shards import fold_of

ROOT = Path(__file__).resolve().parents[1]


HELD_OUT = "b"  # the fold that vn_repair.training.reference_shards leaves to the dial


def held_out(references: ReferenceSet) -> ReferenceSet:
    """The items of the fold on which only the dial was set."""
    items = tuple(item for item in references.items if fold_of({"id": item.unit}) == HELD_OUT)
    checksum = hashlib.sha256(f"{references.sha256} fold {HELD_OUT}".encode()).hexdigest()
    return replace(references, name=f"{references.name}, fold {HELD_OUT}", sha256=checksum, items=items)


def main() -> None:
    """Measure and write."""
    references = held_out(load_references(ROOT / "eval/references/dev.jsonl"))
    systems: dict[str, Fluency | None] = {"rules": None}
    model = Repairer().fluency
    if model is not None:
        systems["rules and model"] = model
    thresholds = sorted({*STEPS, *SENSITIVITIES.values()})
    measured = {}
    for name, fluency in systems.items():
        gathered = [(document, gather_spans(document.article, segment(document.article), Settings(), fluency))
                    for document in references.documents]
        measured[name] = settings_of_dial(gathered, thresholds)
    for path, content in zip((ROOT / "eval/SENSITIVITY.md", ROOT / "eval/sensitivity.html"),
                             pages(references, measured), strict=True):
        part = path.with_name(path.name + ".part")
        part.write_text(content, encoding="utf-8")
        part.replace(path)
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

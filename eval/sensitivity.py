"""Write eval/SENSITIVITY.md and eval/sensitivity.html: precision and recall of detection as `--sensitivity` turns.

From eval/references/dev.jsonl alone, by rules and, where the installed version has one, with the model detector.
"""

from __future__ import annotations

from pathlib import Path

from vn_repair.evaluate.dials import STEPS, settings_of_dial
from vn_repair.evaluate.references import load_references
from vn_repair.evaluate.sensitivity import pages
from vn_repair.pipeline import Fluency, Repairer, gather_spans
from vn_repair.segment import segment
from vn_repair.settings import SENSITIVITIES, Settings

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and write."""
    references = load_references(ROOT / "eval/references/dev.jsonl")
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

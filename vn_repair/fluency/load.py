"""The shipped fluency detector, or that of another model folder."""

from __future__ import annotations

from pathlib import Path

from vn_repair.fluency.dial import load_dials
from vn_repair.fluency.spans import FluencyDetector
from vn_repair.fluency.tagger import FOLDER, Tagger
from vn_repair.propose.model_files import check_model, default_model


def load_fluency(folder: Path | None = None, threads: int = 2) -> FluencyDetector | None:
    """The fluency detector of a model folder (default: the shipped one); `None` if it has no tagger.

    Raises `InputError` if files are missing or damaged.
    """
    folder = folder or default_model()
    manifest = check_model(folder)
    if not any(name.startswith(FOLDER + "/") for name in manifest["files"]):
        return None
    return FluencyDetector(Tagger(folder, threads), load_dials(folder / FOLDER))

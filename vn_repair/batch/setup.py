"""How a repairer is set up, in a form that travels to other processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vn_repair import __version__
from vn_repair.settings import Settings

if TYPE_CHECKING:
    from vn_repair.pipeline import Repairer


@dataclass(frozen=True, slots=True)
class Setup:
    """A model (a folder, `hf:…`, `endpoint:…`; `None` is the embedded one), settings, and cores for the model.

    `threads` of `None` leaves the number of cores to the model.
    """

    model: str | None = None
    rules_only: bool = False
    settings: Settings = field(default_factory=Settings)
    threads: int | None = None

    def repairer(self) -> Repairer:
        """A repairer, its weights not loaded yet. Raises `InputError` for a model that cannot be had."""
        from vn_repair.pipeline import Repairer
        from vn_repair.propose.open_model import open_model, open_model_or_folder

        if self.rules_only:
            return Repairer(rules_only=True, min_confidence=self.settings.min_confidence, settings=self.settings)
        if self.threads is not None:
            return Repairer(proposer=open_model_or_folder(self.model, self.threads), settings=self.settings)
        proposer = open_model(self.model) if self.model and ":" in self.model else None
        folder = Path(self.model) if self.model and proposer is None else None
        return Repairer(folder, min_confidence=self.settings.min_confidence, proposer=proposer, settings=self.settings)

    def made_by(self, info: dict[str, Any]) -> dict[str, Any]:
        """Version, model, rules and settings, for the records: with others the results would differ.

        `info` is what `Repairer.info()` tells.
        """
        from vn_repair.records import rules_checksum

        model = None if self.rules_only else info.get("checksum") or info.get("model") or info.get("backend")
        return {"version": __version__, "model": model, "rules": rules_checksum(), "rules_only": self.rules_only,
                **self.settings.record()}

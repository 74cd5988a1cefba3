"""The proposer that a name on a command line stands for."""

from __future__ import annotations

from pathlib import Path

from vn_repair.propose.request import Proposer

MODEL_FORMS = "embedded[:DIR], hf:CHECKPOINT or endpoint:[MODEL@]URL"


def open_model(spec: str | None, threads: int = 2) -> Proposer | None:
    """The proposer behind `embedded[:DIR]`, `hf:CHECKPOINT` or `endpoint:[MODEL@]URL`; `None` for any other text.

    No `spec` is the embedded model. `threads` is the number of cores of the embedded model. Nothing is downloaded or
    sent by opening. Raises `InputError` for a missing or damaged model, a backend that is not installed, or an address
    that is none.
    """
    kind, _, rest = (spec or "embedded").partition(":")
    if kind == "embedded":
        from vn_repair.propose.embedded import EmbeddedModel

        return EmbeddedModel(Path(rest) if rest else None, threads=threads)
    if kind == "hf" and rest:
        from vn_repair.propose.huggingface import HuggingFaceProposer

        return HuggingFaceProposer(rest)
    if kind == "endpoint" and rest:
        from vn_repair.propose.endpoint import EndpointProposer

        model, _, url = rest.rpartition("@")
        return EndpointProposer(url, model)
    return None


def open_model_or_folder(spec: str | None, threads: int = 2) -> Proposer:
    """As `open_model`, where any other text is the folder of a converted model (`repair --model DIR`)."""
    found = open_model(spec, threads)
    if found is None:
        found = open_model(f"embedded:{spec}", threads)
    assert found is not None
    return found


def uses_network(spec: str | None) -> str | None:
    """One line that says what of the text goes where, if the model is asked over the network; else `None`."""
    kind, _, rest = (spec or "").partition(":")
    if kind != "endpoint" or not rest:
        return None
    return f"the sentences to repair and translate are sent to {rest.rpartition('@')[2]}"

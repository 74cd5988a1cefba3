"""The systems that can be evaluated, by name.

`do-nothing`, `flag-everything`, `rules-only`, `embedded` (or `embedded:<model folder>`), `hf:<checkpoint>`,
`endpoint:<url>` (or `endpoint:<model>@<url>`), and `dir:<folder>` of outputs that some other program wrote.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from vn_repair.evaluate.checks import require_nfc, require_same_source
from vn_repair.evaluate.outputs import ItemOutput, Output
from vn_repair.evaluate.references import Document
from vn_repair.propose.open_model import open_model
from vn_repair.propose.request import Candidate, InfillRequest, Proposer, Translation
from vn_repair.types import EN, VI, InputError, Label, Severity, Span

FORMS = "do-nothing, flag-everything, rules-only, embedded[:DIR], hf:CHECKPOINT, endpoint:[MODEL@]URL or dir:FOLDER"


class System(Protocol):
    """What is evaluated: documents in, outputs out."""

    name: str

    @property
    def proposer(self) -> Proposer | None:
        """The model behind it, for repair with gold spans given."""
        ...

    def run(self, document: Document) -> Output:
        """The system's answer."""
        ...

    def info(self) -> dict[str, Any]:
        """Model, checksum, dial: what makes this run different from another."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """How the product's own systems are set up; `None` leaves the product's default.

    Without `translate`, no text in the other language is made, which is much faster.
    """

    min_confidence: float | None = None
    off: tuple[str, ...] = ()
    threads: int = 2
    translate: bool = True


@dataclass
class Measured:
    """A proposer that counts the seconds of its translations, or makes none; all else is the model's."""

    inner: Proposer
    name: str
    translates: bool = True
    seconds: float = 0.0

    def can(self, task: str) -> bool:
        """Whether the model does a task; one that does not tell its tasks does all."""
        tasks = self.inner.info().get("tasks")
        return tasks is None or task in tasks

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        """The model's translations; empty ones if switched off, or not among its tasks."""
        if not self.translates or not self.can(f"translate_{to}"):
            return [Translation("", 1.0) for _ in texts]
        start = perf_counter()
        found = self.inner.translate(texts, to)
        self.seconds += perf_counter() - start
        return found

    def rewrite(self, texts: Sequence[str], lang: str) -> list[list[Candidate]]:
        """The model's rewritings."""
        return self.inner.rewrite(texts, lang)

    def infill(self, requests: Sequence[InfillRequest]) -> list[list[list[Candidate]]]:
        """The model's replacements."""
        return self.inner.infill(requests)

    def info(self) -> dict[str, Any]:
        """The model's id, checksum, backend and device."""
        return self.inner.info()


class DoNothing:
    """Leaves every text as it is: what any repair must beat."""

    name, proposer = "do-nothing", None

    def run(self, document: Document) -> Output:
        """No spans, the text itself."""
        return Output((), document.text, None, ())

    def info(self) -> dict[str, Any]:
        """Nothing to tell."""
        return {}


class FlagEverything:
    """Marks every item as a whole: what any detection must beat."""

    name, proposer = "flag-everything", None

    def run(self, document: Document) -> Output:
        """One span an item, no repair."""
        return Output(tuple(Span(a, b, Label.MISTRANSLATION, Severity.MAJOR, 1.0, self.name, "") for a, b
                            in document.bounds if a < b))

    def info(self) -> dict[str, Any]:
        """Nothing to tell."""
        return {}


class Product:
    """vn-repair itself, with a proposer or by rules only."""

    def __init__(self, name: str, proposer: Proposer | None, options: Options) -> None:
        from vn_repair.pipeline import MIN_CONFIDENCE, Repairer

        self.name = name
        self.proposer = Measured(proposer, proposer.name, options.translate) if proposer else None
        self.translates = options.translate
        dial = MIN_CONFIDENCE if options.min_confidence is None else options.min_confidence
        self.repairer = Repairer(rules_only=proposer is None, off=options.off, min_confidence=dial,
                                 proposer=self.proposer)

    def run(self, document: Document) -> Output:
        """Detect, repair and, unless switched off, translate."""
        found = self.repairer.repair(document.article)
        own, other, target = (found.vi, found.en, EN) if document.lang == VI else (found.en, found.vi, VI)
        translated = self.translates and self.proposer is not None and self.proposer.can(f"translate_{target}")
        return Output(found.spans, own, other if translated else None, found.edits)

    def info(self) -> dict[str, Any]:
        """Model, checksum, dial, number of detectors."""
        told = dict(self.repairer.info())
        told["detectors"] = len(told.get("detectors", ()))
        return told


class Folder:
    """Outputs that another program wrote: JSONL files of `{"id", "text"?, "spans"?, "vi"?, "en"?}`.

    An id is that of a document (`vn-repair evaluate --inputs` writes them all) or of an item; what
    `vn-repair repair --json` prints is right. `NAME.vi.txt` and `NAME.en.txt` give a document's texts too.
    Raises `InputError` for a missing document, another source text, or text that is not NFC.
    """

    proposer = None

    def __init__(self, folder: Path) -> None:
        self.name, self.folder = f"dir:{folder.name}", folder
        self.rows: dict[str, dict[str, Any]] = {}
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder; give dir:FOLDER one with JSONL outputs")
        for path in sorted(folder.glob("*.jsonl")):
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                if line.strip():
                    try:
                        row = json.loads(line)
                        self.rows[str(row["id"])] = row
                    except (ValueError, KeyError, TypeError):
                        raise InputError(f"{path}:{number}: not an object with an id; write one a line") from None
        for path in sorted(folder.glob("*.txt")):
            stem, _, lang = path.stem.rpartition(".")
            if lang in ("vi", "en"):
                self.rows.setdefault(stem, {})[lang] = path.read_text(encoding="utf-8")

    def run(self, document: Document) -> Output:
        """The stored answer."""
        if document.id in self.rows:
            return self._output(document.id, document.text, document.lang)
        parts = []
        for item in document.items:
            part = self._output(item.id, item.text, item.lang)
            parts.append(ItemOutput(part.spans, part.text, part.other))
        return Output(parts=tuple(parts))

    def _output(self, key: str, text: str, lang: str) -> Output:
        row = self.rows.get(key)
        if row is None:
            raise InputError(f"{self.folder}: no output for {key}; `vn-repair evaluate --inputs` writes all inputs")
        if "text" in row:
            require_same_source(text, row["text"], f"{self.folder}: {key}")
        for name in ("vi", "en"):
            require_nfc(row.get(name) or "", f"{self.folder}: {key}: {name}")
        spans = None
        if "spans" in row:
            spans = tuple(Span(s["start"], s["end"], Label(s["label"]), Severity(s.get("severity", "major")),
                               float(s.get("score", 1.0)), s.get("detector", self.name), "") for s in row["spans"])
        own, other = row.get(lang), row.get("en" if lang == VI else "vi")
        return Output(spans, own, other or None)

    def info(self) -> dict[str, Any]:
        """The folder's name and how many outputs it holds."""
        return {"folder": self.folder.name, "outputs": len(self.rows)}


def load_proposer(spec: str, threads: int = 2) -> Proposer:
    """The proposer behind `embedded[:DIR]`, `hf:CHECKPOINT` or `endpoint:[MODEL@]URL`; `InputError` for another."""
    found = open_model(spec, threads) if spec else None
    if found is not None:
        return found
    raise InputError(f"--system {spec}: no such system; give {FORMS}")


def load_system(spec: str, options: Options) -> System:
    """The system of that name. Raises `InputError` for a name or a model that does not exist."""
    if spec == "do-nothing":
        return DoNothing()
    if spec == "flag-everything":
        return FlagEverything()
    if spec == "rules-only":
        return Product(spec, None, options)
    if spec.startswith("dir:"):
        return Folder(Path(spec[4:]))
    proposer = load_proposer(spec, options.threads)
    return Product(short_name(spec), proposer, options)


def short_name(spec: str) -> str:
    """The name that run files give: of a folder its name alone, its path is this machine's affair."""
    kind, _, rest = spec.partition(":")
    return f"{kind}:{Path(rest).name}" if rest and Path(rest).is_dir() else spec

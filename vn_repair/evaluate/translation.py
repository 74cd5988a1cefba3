"""The machine-translation half: a system's translations of any parallel set, vi→en and en→vi.

A parallel set is a TSV file (Vietnamese, tab, English), a file of hand-fixed references (its corrected texts), two
files of equally many lines, or a folder in the layout of the FLORES dev sets: `vi-en.vi`, `vi-en.en` (source and
reference of vi→en), `en-vi.en`, `en-vi.vi`, and outputs of public systems as `vi-en.SYSTEM.en`, `en-vi.SYSTEM.vi`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from vn_repair.evaluate import text_metrics
from vn_repair.evaluate.bootstrap import Sums, estimate
from vn_repair.evaluate.checks import require_comparable
from vn_repair.evaluate.facts import fact_counts
from vn_repair.evaluate.record import TRANSLATION, Run, machine, numbers
from vn_repair.evaluate.run import SCORES
from vn_repair.evaluate.systems import load_proposer, short_name
from vn_repair.types import EN, VI, InputError

DIRECTIONS = {"vi-en": (VI, EN), "en-vi": (EN, VI)}


@dataclass(frozen=True, slots=True)
class Parallel:
    """Lines to translate and their references, by direction."""

    name: str
    sets: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    folder: Path | None = None

    def sample(self, lines: int) -> Parallel:
        """That many lines of each direction, spread evenly, as a set of another name; stored outputs do not fit it."""
        sets = {}
        for name, (source, reference) in self.sets.items():
            size = min(lines, len(source))
            kept = [n * len(source) // size for n in range(size)]
            sets[name] = tuple(source[n] for n in kept), tuple(reference[n] for n in kept)
        return Parallel(f"{self.name}-sample-{lines}", sets)

    @property
    def sha256(self) -> str:
        """Checksum of all lines."""
        whole = json.dumps(self.sets, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


def lines_of(path: Path) -> tuple[str, ...]:
    """Lines of a UTF-8 file. Raises `InputError` if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot read ({error}); give UTF-8 text, a segment a line") from None
    return tuple(text.removesuffix("\n").split("\n"))


def load_parallel(paths: Sequence[Path]) -> Parallel:
    """A parallel set from one path (TSV, references, FLORES-like folder) or two (Vietnamese, then English)."""
    if len(paths) == 2:
        vi, en = lines_of(paths[0]), lines_of(paths[1])
        return _both(paths[0].stem, vi, en, f"{paths[0]} and {paths[1]}")
    if len(paths) != 1:
        raise InputError("--parallel: give one path (TSV, references or folder) or two (Vietnamese, English)")
    path = paths[0]
    if path.is_dir():
        sets = {}
        for name, (source, target) in DIRECTIONS.items():
            files = path / f"{name}.{source}", path / f"{name}.{target}"
            if all(f.is_file() for f in files):
                sets[name] = (lines_of(files[0]), lines_of(files[1]))
                require_comparable(*sets[name], what=str(files[0]))
        if not sets:
            raise InputError(f"{path}: holds no vi-en.vi and vi-en.en, nor en-vi.en and en-vi.vi; give such a folder")
        return Parallel(path.name, sets, path)
    if path.suffix == ".jsonl":
        from vn_repair.evaluate.references import load_references

        pairs = [(i.vi_ref, i.en_ref) for i in load_references(path).items if i.vi_ref and i.en_ref]
        flat = [(" ".join(vi.split()), " ".join(en.split())) for vi, en in pairs]
        return _both(path.stem, tuple(vi for vi, _ in flat), tuple(en for _, en in flat), str(path))
    rows = [line.split("\t") for line in lines_of(path)]
    for number, row in enumerate(rows, 1):
        if len(row) < 2:
            raise InputError(f"{path}:{number}: no tab; write Vietnamese, a tab, English on each line")
    return _both(path.stem, tuple(r[0] for r in rows), tuple(r[1] for r in rows), str(path))


def _both(name: str, vi: tuple[str, ...], en: tuple[str, ...], what: str) -> Parallel:
    require_comparable(vi, en, what)
    return Parallel(name, {"vi-en": (vi, en), "en-vi": (en, vi)})


class Translator(Protocol):
    """What translates a direction of a set."""

    name: str

    def translate(self, direction: str, lines: Sequence[str]) -> list[str] | None:
        """A line for a line, `None` if the direction is not done."""
        ...

    def info(self) -> dict[str, Any]:
        """Model and checksum."""
        ...


class CopySource:
    """Gives the source back: the do-nothing of translation."""

    name = "do-nothing"

    def translate(self, direction: str, lines: Sequence[str]) -> list[str] | None:
        """The lines themselves."""
        return list(lines)

    def info(self) -> dict[str, Any]:
        """Nothing to tell."""
        return {}


class Model:
    """A proposer, through the same path as `vn-repair translate`."""

    def __init__(self, spec: str, threads: int) -> None:
        from vn_repair.pipeline import Repairer

        self.name = short_name(spec)
        self.proposer = load_proposer(spec, threads)
        self.repairer = Repairer(proposer=self.proposer)

    def translate(self, direction: str, lines: Sequence[str]) -> list[str] | None:
        """Translations, each on one line; `None` if the model does not translate into that language."""
        task = f"translate_{DIRECTIONS[direction][1]}"
        if task not in self.proposer.info().get("tasks", [task]):
            return None
        return [" ".join(line.split()) for line in self.repairer.translate(lines, DIRECTIONS[direction][1])]

    def info(self) -> dict[str, Any]:
        """Model, checksum, backend."""
        return self.proposer.info()


class Files:
    """Translations in files `DIRECTION.SYSTEM.LANG`, or `DIRECTION.LANG` in a folder of their own."""

    def __init__(self, folder: Path, system: str | None) -> None:
        self.folder, self.system = folder, system
        self.name = system or f"dir:{folder.name}"

    def translate(self, direction: str, lines: Sequence[str]) -> list[str] | None:
        """The stored lines, `None` if there is no such file."""
        target = DIRECTIONS[direction][1]
        path = self.folder / (f"{direction}.{self.system}.{target}" if self.system else f"{direction}.{target}")
        return list(lines_of(path)) if path.is_file() else None

    def info(self) -> dict[str, Any]:
        """Where they were found."""
        return {"folder": self.folder.name}


def stored_systems(parallel: Parallel) -> list[str]:
    """Names of the systems whose outputs lie in the set's folder."""
    if parallel.folder is None:
        return []
    found = {p.name.split(".", 1)[1].rsplit(".", 1)[0] for d in parallel.sets for p in parallel.folder.glob(f"{d}.*.*")}
    return sorted(found)


def load_translator(spec: str, parallel: Parallel, threads: int = 2) -> Translator:
    """The translator of that name: a system of `vn_repair.evaluate.systems`, or one stored in the set's folder."""
    if spec == "do-nothing":
        return CopySource()
    if spec.startswith("dir:"):
        return Files(Path(spec[4:]), None)
    if parallel.folder is not None and spec in stored_systems(parallel):
        return Files(parallel.folder, spec)
    return Model(spec, threads)


def evaluate_translation(translator: Translator, parallel: Parallel,
                         directions: Sequence[str] = ()) -> tuple[Run, list[dict[str, Any]]]:
    """Score a translator; the run, and a row a line with the translations.

    Raises `InputError` for outputs of another length or not in NFC, and if no direction was translated.
    """
    scores: dict[str, dict[str, dict[str, list[float]]]] = {"translation": {}}
    units: dict[str, dict[str, list[float]]] = {}
    rows: list[dict[str, Any]] = []
    seconds: dict[str, float] = {}
    characters = 0
    for direction, (source, reference) in parallel.sets.items():
        if directions and direction not in directions:
            continue
        langs = DIRECTIONS[direction]
        start = perf_counter()
        output = translator.translate(direction, source)
        took = perf_counter() - start
        if output is None:
            continue
        require_comparable(output, reference, f"{translator.name} {direction}")
        seconds[direction] = round(took, 3)
        characters += sum(map(len, source))
        sums = {name: Sums() for name in ("chrf", "bleu", "facts")}
        found = {name: text_metrics.statistics(name, output, reference) for name in ("chrf", "bleu")}
        for number, (src, out, ref) in enumerate(zip(source, output, reference, strict=True)):
            unit = f"{number + 1}"
            for name in found:
                sums[name].add(unit, found[name][number])
            sums["facts"].add(unit, fact_counts((ref, langs[1]), (out, langs[1]), (src, langs[0])))
            units.setdefault(unit, {})[f"chrf {direction}"] = found["chrf"][number]
            rows.append({"direction": direction, "line": number + 1, "source": src, "output": out, "reference": ref,
                         "chrf": text_metrics.score("chrf", found["chrf"][number])})
        scores["translation"][direction] = {
            name: value
            for key, each in sums.items()
            for name, value in numbers(estimate(each, SCORES[key])).items()
            # open-domain text has too few of our dates and names
            if key != "facts" or name in {"numbers_kept", "sound_facts_kept"}
        }
    if not seconds:
        raise InputError(f"{translator.name}: has no translations for {parallel.name}")
    data = {"name": parallel.name, "sha256": parallel.sha256, "characters": characters,
            "items": sum(len(parallel.sets[d][0]) for d in seconds)}
    timed = seconds if isinstance(translator, Model) else {}
    return Run(TRANSLATION, translator.name, translator.info(), data, scores, units, seconds=timed,
               made=machine()), rows

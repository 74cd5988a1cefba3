"""Output files: named after the input, never over it, whole or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from vn_repair.read.names import stem
from vn_repair.types import InputError, Repair
from vn_repair.write.record import full_record, line
from vn_repair.write.report import report

RECORDS, REPORT = ".repair.jsonl", ".report.html"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the results of one input go: `path(suffix)` is `folder/name` + suffix."""

    folder: Path
    name: str

    def path(self, suffix: str) -> Path:
        """The output file with this suffix."""
        return self.folder / f"{self.name}{suffix}"


def plan_targets(sources: Sequence[str], output: Path | None) -> dict[str, Target]:
    """The target of every input: its file name without its ending, under `output` or beside the input.

    Where two inputs would share a name, both keep their ending. Raises `InputError` if they share a
    name even so, if standard input has no `output` to go to, or if `output` is not a folder.
    """
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"{output}: is not a folder; give --output a folder")
    clash = ("", "")
    for keep_ending in (False, True):
        targets = {source: _target(source, output, keep_ending) for source in dict.fromkeys(sources)}
        owners: dict[str, str] = {}  # some file systems ignore case
        for source, target in targets.items():
            owner = owners.setdefault(str(target.path("")).casefold(), source)
            if owner != source:
                clash = (owner, source)
        if len(owners) == len(targets):
            return targets
    raise InputError(f"{clash[1]}: its results would overwrite those of {clash[0]}; repair the two with different "
                     "--output folders")


def _target(source: str, output: Path | None, keep_ending: bool) -> Target:
    if source == "-":
        if output is None:
            raise InputError("-: standard input has no folder of its own; add --output DIR or --json")
        return Target(output, "stdin")
    path = Path(source)
    return Target(path.parent if output is None else output, path.name if keep_ending else stem(source))


@contextmanager
def atomic(path: Path) -> Iterator[TextIO]:
    """A UTF-8 text file that appears as `path` when the block ends well; on any exception nothing is left.

    Raises `InputError` when it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # backslashreplace: a lone surrogate, which no UTF-8 file can hold, must not lose the rest.
        with open(part, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise InputError(f"{path}: cannot write ({error.strerror}); give --output a folder that can be "
                         "written to") from error
    finally:
        with suppress(OSError):
            part.unlink()


def write_article(target: Target, repair: Repair, made_by: dict[str, Any], inputs: Sequence[str]) -> list[Path]:
    """Write the files of an article and return them, the record last: it is the sign that all are there.

    A language that there is no text in (`--rules-only` translates nothing) gets no file, and an earlier
    run's is removed lest it be taken for this one's. Raises `InputError` when a file cannot be written or
    would replace one of `inputs`.
    """
    paths = [target.path(suffix) for suffix in (".vi.txt", ".en.txt", REPORT, RECORDS)]
    spare_inputs(paths, inputs)
    contents: list[Iterable[str]] = [[repair.vi], [repair.en],
                                     report([repair], f"vn-repair report: {repair.article.id}"),
                                     [line(full_record(repair, made_by))]]
    written = []
    for path, parts in zip(paths, contents, strict=True):
        if parts == [""]:
            with suppress(OSError):
                path.unlink()
            continue
        with atomic(path) as file:
            file.writelines(parts)
        written.append(path)
    return written


def spare_inputs(paths: Sequence[Path], inputs: Sequence[str]) -> None:
    """Raise `InputError` if any of `paths` is one of the input files, under whatever name."""
    for path in paths:
        for source in inputs:
            if source != "-" and path.exists() and os.path.exists(source) and path.samefile(source):
                raise InputError(f"{source}: is an input, and results are never written over one; "
                                 "give another --output")

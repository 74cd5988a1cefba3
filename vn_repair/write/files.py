"""Output files: named after the input, never over it, whole or not there at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from vn_repair.read.names import stem
from vn_repair.types import InputError, Repair
from vn_repair.write.record import full_record, line
from vn_repair.write.report import report

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
RECORDS, REPORT = ".repair.jsonl", ".report.html"


class CannotWrite(InputError):
    """Results cannot be written: a full disk, a folder without permission. No article's fault."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the results of one input go: `path(suffix)` is `folder/name` + suffix."""

    folder: Path
    name: str

    def path(self, suffix: str) -> Path:
        """The output file with this suffix."""
        return self.folder / f"{self.name}{suffix}"


def plan_targets(sources: Sequence[str], output: Path | None,
                 folders: Mapping[str, str] | None = None) -> dict[str, Target]:
    """The target of every input: its file name without its ending, under `output` or beside the input.

    `folders` names, for inputs found in a folder, where below `output` their results go. Where two inputs would share
    a name, all keep their ending. Raises `InputError` if they share a
    name even so, if standard input has no `output` to go to, or if `output` is not a folder.
    """
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"{output}: is not a folder; give --output a folder")
    clash = ("", "")
    for keep_ending in (False, True):
        targets = {source: _target(source, output, keep_ending, (folders or {}).get(source, ""))
                   for source in dict.fromkeys(sources)}
        owners: dict[str, str] = {}  # some file systems ignore case
        for source, target in targets.items():
            owner = owners.setdefault(str(target.path("")).casefold(), source)
            if owner != source:
                clash = (owner, source)
        if len(owners) == len(targets):
            return targets
    raise InputError(f"{clash[1]}: its results would overwrite those of {clash[0]}; repair the two with different "
                     "--output folders")


def _target(source: str, output: Path | None, keep_ending: bool, folder: str) -> Target:
    if source == "-":
        if output is None:
            raise InputError("-: standard input has no folder of its own; add --output DIR or --json")
        return Target(output, "stdin")
    path = Path(source)
    return Target(path.parent if output is None else output / folder, path.name if keep_ending else stem(source))


def no_links(path: str, flags: int) -> int:
    """An `opener` for `open` that raises `OSError` for a symbolic link in place of writing what it points to."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def refuse_link(path: Path) -> None:
    """Raise `CannotWrite` if `path` is a symbolic link; for a file that grows in place, which `atomic` cannot make."""
    if path.is_symlink():
        raise CannotWrite(f"{path}: is a link, and results are written to no file that one points to; remove it")


@contextmanager
def atomic(path: Path) -> Iterator[TextIO]:
    """A UTF-8 text file that appears as `path` when the block ends well; on any exception nothing is left.

    Raises `CannotWrite`.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # backslashreplace: a lone surrogate, which no UTF-8 file can hold, must not lose the rest.
        with open(part, "w", encoding="utf-8", errors="backslashreplace", newline="", opener=no_links) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        remedy = "make room" if error.errno in NO_ROOM else "give --output a folder that can be written to"
        raise CannotWrite(f"{path}: cannot write ({error.strerror}); {remedy}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def write_article(target: Target, repair: Repair, made_by: dict[str, Any], inputs: Sequence[str], *,
                  page: bool = True) -> list[Path]:
    """Write the files of an article and return them, the record last: it is the sign that all are there.

    A language that there is no text in (`--rules-only` translates nothing) gets no file, nor does the report
    without `page`; an earlier run's is removed lest it be taken for this one's. Raises `CannotWrite`, and
    `InputError` when a file would replace one of `inputs`.
    """
    paths = [target.path(suffix) for suffix in (".vi.txt", ".en.txt", REPORT, RECORDS)]
    spare_inputs(paths, inputs)
    contents: list[Iterable[str]] = [[repair.vi], [repair.en],
                                     report([repair], f"vn-repair report: {repair.article.id}") if page else [""],
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
        if not path.exists():
            continue
        for source in inputs:
            if source != "-" and os.path.exists(source) and path.samefile(source):
                raise InputError(f"{source}: is an input, and results are never written over one; "
                                 "give another --output")

"""`vn-repair import`: post-edited XLIFF and MQM files as new hand-fixed references."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vn_repair.cli.terminal import BAD_INPUT, ProgressBar, complain
from vn_repair.types import InputError

if TYPE_CHECKING:
    from vn_repair.formats.post_edits import PostEdit
    from vn_repair.formats.references import Tally


def import_(
    files: Annotated[list[Path], typer.Argument(
        metavar="FILE", help="XLIFF 2.0 or 1.2 or MQM TSV files that vn-repair export wrote, edited since.")],
    *,
    against: Annotated[list[str], typer.Option(
        "--against", metavar="JSONL", help="The repair records that the files were written from. May be given again.")],
    output: Annotated[Path, typer.Option(
        "--output", metavar="JSONL", help="The references to write; - is standard output.")],
    reviewed_only: Annotated[bool, typer.Option(
        "--reviewed-only", help="Take only lines that are signed off: XLIFF 2.0 state reviewed or final, 1.2 final, "
        "signed-off or approved, MQM a rater's own name.")] = False,
) -> int:
    """Make hand-fixed references of files that a translator has post-edited.

    What does not match the records is refused with the reason, a line each, and the rest is kept. Exit code 0: all
    was taken; 2: some was refused.
    """
    from vn_repair.formats.references import Tally, references
    from vn_repair.records import repairs
    from vn_repair.write.files import atomic, spare_inputs
    from vn_repair.write.record import line

    bad, made, tally = 0, 0, Tally()
    to_stdout = str(output) == "-"
    if not to_stdout:
        spare_inputs([output], [*map(str, files), *against])
    seen: set[str] = set()
    with ProgressBar(len(files)) as bar, nullcontext(sys.stdout) if to_stdout else atomic(output) as out:
        for item in references(_read(files, bar), repairs(against), reviewed_only=reviewed_only, tally=tally):
            if isinstance(item, InputError):
                bad += 1
                complain(str(item))
            elif item["id"] in seen:
                bad += 1
                complain(f"{item['id']}: two articles have this id; import them one by one")
            else:
                seen.add(item["id"])
                made += 1
                out.write(line(item))
    _report(made, tally, bad, reviewed_only)
    return BAD_INPUT if bad else 0


def _read(files: list[Path], bar: ProgressBar) -> Iterator[PostEdit | InputError]:
    """All units of all files; what stops a file is an error in its place."""
    from vn_repair.formats import read_post_edits

    for number, path in enumerate(files):
        bar.at(number, str(path))
        try:
            yield from read_post_edits(path)
        except InputError as error:
            yield error


def _report(made: int, tally: Tally, bad: int, reviewed_only: bool) -> None:
    parts = [f"{made} references: {tally.changed} changed by hand, {tally.unchanged} as repaired; {tally.spans} spans"]
    if tally.guessed:
        parts.append(f"labels of {tally.guessed} spans are guesses")
    if reviewed_only:
        parts.append(f"{tally.not_reviewed} lines were not signed off")
    if bad:
        parts.append(f"{bad} refused")
    print("; ".join(parts), file=sys.stderr)

"""`vn-repair translate`: a line in, a line out, for machine-translation benchmarks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from vn_repair.cli.options import Language, Model
from vn_repair.types import InputError

if TYPE_CHECKING:
    from vn_repair.pipeline import Repairer

LINES_AT_ONCE = 64


def translate(
    to: Annotated[Language, typer.Option("--to", help="The language to translate into.")],
    model: Model = None,
    accents: Annotated[bool, typer.Option("--accents", help="Keep the accents of names in English.")] = False,
) -> int:
    """Translate standard input line by line.

    A line in gives a line out; an empty line stays one.
    """
    from vn_repair.pipeline import Repairer

    repairer = Repairer(model)
    lines = stdin_lines()
    at_once = 1 if sys.stdin.isatty() else LINES_AT_ONCE
    while batch := list(islice(lines, at_once)):
        for line in translate_batch(repairer, batch, str(to), accents=accents):
            print(line)
        sys.stdout.flush()
    return 0


def translate_batch(repairer: Repairer, lines: list[str], to: str, *, accents: bool = False) -> list[str]:
    """The translation of each line, itself on one line; `""` for a blank one."""
    translated = iter(list(repairer.translate([line for line in lines if line.strip()], to, accents=accents)))
    return [" ".join(next(translated).split()) if line.strip() else "" for line in lines]


def stdin_lines() -> Iterator[str]:
    """Lines of standard input, line ends left out. Raises `InputError` at a line that is not UTF-8."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"-:{number}: byte {error.start + 1} is not UTF-8; convert the text first, "
                             "for example with iconv") from error
        yield line.rstrip("\r\n")

"""Arguments and options that several commands share."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """The languages of articles."""

    VI = "vi"
    EN = "en"


Files = Annotated[list[str], typer.Argument(
    metavar="FILE", help="Text, Markdown, HTML, JSONL or Parquet files; - is standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an article on standard output.")]
RulesOnly = Annotated[bool, typer.Option("--rules-only", help="Leave the model out.")]
Off = Annotated[list[str] | None, typer.Option(
    "--off", metavar="ID", help="Switch a detector off (ids: vn-repair info). May be given again.")]
Lang = Annotated[Language | None, typer.Option(
    "--lang", help="Language of all articles; without it, it is found out for each.")]
Model = Annotated[Path | None, typer.Option(
    "--model", metavar="DIR", help="Folder of a converted model in place of the embedded one.")]


def check_detectors(off: Sequence[str]) -> None:
    """Raise a usage error if `off` names a detector that does not exist."""
    if not off:
        return
    from vn_repair.detect.registry import detectors

    known = [detector.id for detector in detectors()]
    for name in off:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            raise typer.BadParameter(f"there is no detector {name!r}{meant} (vn-repair info lists them)",
                                     param_hint="--off")

"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vn_repair.settings import Settings


class Language(StrEnum):
    """The languages of articles."""

    VI = "vi"
    EN = "en"


Files = Annotated[list[str], typer.Argument(
    metavar="FILE", help="Text, Markdown, HTML, JSONL or Parquet files; - is standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an article on standard output.")]
RulesOnly = Annotated[bool, typer.Option("--rules-only", help="Leave the model out.")]
Lang = Annotated[Language | None, typer.Option(
    "--lang", help="Language of all articles; without it, it is found out for each.")]
Model = Annotated[Path | None, typer.Option(
    "--model", metavar="DIR", help="Folder of a converted model in place of the embedded one.")]


Off = Annotated[list[str] | None, typer.Option(
    "--off", metavar="ID", help="Switch a detector or family of them off (ids: vn-repair info). May be given again.")]
On = Annotated[list[str] | None, typer.Option(
    "--on", metavar="ID", help="Switch a detector on that the configuration switches off. May be given again.")]
Only = Annotated[list[str] | None, typer.Option(
    "--only", metavar="ID", help="Run this detector or family and no other. May be given again.")]
Sensitivity = Annotated[str | None, typer.Option(
    "--sensitivity", metavar="LEVEL", show_default="balanced",
    help="How much is shown: strict, balanced, picky, or the least score of a span, 0 to 1.")]
Ignored = Annotated[list[str] | None, typer.Option(
    "--ignore", metavar="WORD", help="Leave a word, phrase or /regular expression/ alone. May be given again.")]
IgnoreFiles = Annotated[list[Path] | None, typer.Option(
    "--ignore-file", metavar="FILE", help="The same, one a line of a file. May be given again.")]
Config = Annotated[Path | None, typer.Option(
    "--config", metavar="FILE", show_default=".vn-repair.toml or pyproject.toml, found upwards",
    help="Take the settings from this file.")]


def settings_of(config: Path | None, *, sensitivity: str | None = None, off: Sequence[str] | None = None,
                on: Sequence[str] | None = None, only: Sequence[str] | None = None,
                ignore: Sequence[str] | None = None, ignore_file: Sequence[Path] | None = None,
                min_confidence: float | None = None) -> Settings:
    """The settings of the configuration file with the options of a command line laid over them.

    Raises `InputError` for a bad file or value, naming file and key, or the option.
    """
    from vn_repair.settings import changed, load_settings

    return changed(load_settings(config), sensitivity=sensitivity, min_confidence=min_confidence, off=off or (),
                   on=on or (), only=only or (), ignore=ignore or (), ignore_files=ignore_file or ())


def check_detectors(off: Sequence[str]) -> None:
    """Raise `InputError` if `off` names a detector that does not exist."""
    from vn_repair.settings import check_names

    check_names(off, "--off")

"""The command line, `vn-repair`: commands are declared here, each with its work in a module of its own.

Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from vn_repair import __version__
from vn_repair.cli.detect import detect
from vn_repair.cli.evaluate import evaluate
from vn_repair.cli.export import export
from vn_repair.cli.import_ import import_
from vn_repair.cli.info import info
from vn_repair.cli.leaderboard import leaderboard
from vn_repair.cli.repair import repair
from vn_repair.cli.review import review
from vn_repair.cli.terminal import BAD_INPUT, complain
from vn_repair.cli.translate import translate
from vn_repair.types import InputError

app = typer.Typer(name="vn-repair", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
                  help="Find and repair garbled (machine-translated, back-translated, spun) Vietnamese news text.")
app.command()(detect)
app.command()(repair)
app.command()(translate)
app.command()(info)
app.command()(evaluate)
app.command()(leaderboard)
app.command()(export)
app.command("import")(import_)
app.command()(review)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vn-repair {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True,
                                          help="Print the version and leave.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(BAD_INPUT)


def run(arguments: Sequence[str]) -> int:
    """Run the command line with `arguments` and return its exit code.

    0 is well, 1 findings (`detect`), 2 bad input or usage, 130 interrupted. An error of the caller is one
    line on stderr; any other exception is a defect of vn-repair and goes through.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # whatever the locale, what is printed is UTF-8
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return int(app(args=list(arguments), prog_name="vn-repair", standalone_mode=False) or 0)
    except InputError as error:
        complain(str(error))
    except typer.Abort:
        return 130
    except Exception as error:
        # Typer's usage errors have no common public name in all its versions; they alone have this method.
        if not hasattr(error, "format_message"):
            raise
        context = getattr(error, "ctx", None)
        complain(f"{' '.join(error.format_message().split()).rstrip('.')}; see {_help_of(context)}")
    return BAD_INPUT


def _help_of(context: typer.Context | None) -> str:
    return f"{context.command_path if context else 'vn-repair'} --help"


def main() -> None:
    """The console script: exits with the code of `run`."""
    if hasattr(signal, "SIGPIPE"):  # `vn-repair detect … | head` ends quietly, as other filters do
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(run(sys.argv[1:]))

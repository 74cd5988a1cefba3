"""`vn-repair review`: go through proposed repairs on a local page, and write what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vn_repair.cli.options import Lang, RulesOnly, settings_of
from vn_repair.cli.terminal import BAD_INPUT, complain
from vn_repair.types import InputError

if TYPE_CHECKING:
    from vn_repair.review.load import Loading
    from vn_repair.review.store import Store


class Form(StrEnum):
    """What `--export` writes."""

    REFERENCES = "references"
    RECORDS = "records"
    TEXT = "text"


def review(
    files: Annotated[list[str] | None, typer.Argument(
        metavar="[FILE]...", help="Records of vn-repair repair (.repair.jsonl), or articles, which are repaired first. "
        "None: the articles that the decisions file holds.")] = None,
    *,
    decisions: Annotated[Path | None, typer.Option(
        "--decisions", metavar="DB", help="File that keeps articles and decisions (default: beside the first FILE, "
        "NAME.decisions.db). Made if it is not there.")] = None,
    port: Annotated[int | None, typer.Option(
        "--port", min=0, max=65535, help="Port on 127.0.0.1 (default: the first free from 8765 on; 0: any).")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    reviewer: Annotated[str, typer.Option(
        "--reviewer", metavar="NAME", help="Name that decisions are signed with in records.")] = "",
    export: Annotated[Form | None, typer.Option(
        "--export", help="Serve no page; write hand-fixed references, repair records or clean text.")] = None,
    output: Annotated[Path | None, typer.Option(
        "--output", metavar="PATH", help="With --export: the file (default standard output), or for text the "
        "folder.")] = None,
    rules_only: RulesOnly = False,
    model: Annotated[str | None, typer.Option(
        "--model", help="For articles: folder of a converted model, hf:CHECKPOINT, or endpoint:[MODEL@]URL (sends text "
        "there).", show_default="the embedded one")] = None,
    lang: Lang = None,
) -> int:
    """Review proposed repairs on a page in the browser, served on this machine alone.

    Exit code 0: stopped, or written; 2: some input was bad (the rest was taken in).
    """
    settings = settings_of(None)
    sources = files or []
    path = decisions or _beside(sources)
    _check(sources)
    from vn_repair.batch.setup import Setup
    from vn_repair.review.load import Loading
    from vn_repair.review.store import Store

    store = Store(path, must_exist=not sources)
    loading = Loading(store, sources, lang=lang, complain=complain,
                      make_repairer=Setup(model, rules_only, settings).repairer)
    try:
        if export:
            loading.run()
            _write(store, export, output)
        else:
            _serve(store, loading, port, reviewer, open_browser=open_browser)
    finally:
        loading.stop()
        store.close()
    return BAD_INPUT if loading.bad else 0


def _beside(sources: list[str]) -> Path:
    """The decisions file of the first input."""
    from vn_repair.read.names import stem

    if not sources:
        raise typer.BadParameter("name a FILE to review, or a decisions file with --decisions")
    if sources[0] == "-":
        raise typer.BadParameter("standard input has no folder of its own; name a file", param_hint="--decisions")
    name = stem(sources[0]).removesuffix(".repair")
    return Path(sources[0]).parent / f"{name}.decisions.db"


def _check(sources: list[str]) -> None:
    """Raise `InputError` at once for a file that is not there."""
    for source in sources:
        if source != "-" and not Path(source).is_file():
            raise InputError(f"{source}: no such file; check the path")


def _missing(error: ImportError) -> InputError:
    return InputError(f"vn-repair review needs {error.name}; install it with: pip install 'vn-repair[review]'")


def _serve(store: Store, loading: Loading, port: int | None, reviewer: str, *, open_browser: bool) -> None:
    try:
        import uvicorn  # noqa: F401

        from vn_repair.review.app import Review
        from vn_repair.review.serve import open_socket, serve
    except ImportError as error:
        raise _missing(error) from error
    sock = open_socket(port)

    def announce(address: str) -> None:
        print(address, flush=True)
        print(f"decisions are kept in {store.path}; open the address in a browser, stop with Ctrl-C", file=sys.stderr,
              flush=True)
        if open_browser:
            import webbrowser

            webbrowser.open(address)

    loading.start()
    serve(Review(store, loading, reviewer), sock, announce)


def _write(store: Store, form: Form, output: Path | None) -> None:
    from vn_repair.review.exports import text_files
    from vn_repair.review.lines import lines
    from vn_repair.review.reference_rows import Tally
    from vn_repair.write.files import atomic

    if form is Form.TEXT:
        _write_texts(text_files(store), output)
        return
    tally = Tally()
    if output is None:
        for part in lines(store, form, tally):
            sys.stdout.write(part)
        sys.stdout.flush()
    else:
        with atomic(output) as file:
            file.writelines(lines(store, form, tally))
        print(f"wrote {output}", file=sys.stderr)
    if form is Form.REFERENCES:
        print(tally.summary(), file=sys.stderr)


def _write_texts(texts: Iterator[tuple[str, str]], output: Path | None) -> None:
    from vn_repair.write.files import atomic

    if output is None:
        raise typer.BadParameter("name the folder for the texts", param_hint="--output")
    if output.exists() and not output.is_dir():
        raise InputError(f"{output}: is not a folder; give --output a folder")
    count = 0
    for name, text in texts:
        with atomic(output / name) as file:
            file.write(text)
        count += 1
    print(f"wrote {count} files to {output}", file=sys.stderr)

"""`vn-repair leaderboard`: run files to tables and plots."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from vn_repair.cli.evaluate import RUNS, file_name
from vn_repair.types import InputError

SYSTEMS = ("do-nothing", "flag-everything", "rules-only", "embedded")
REFERENCES = (Path("eval/references/dev.jsonl"), Path("eval/references/test.jsonl"))


def leaderboard(
    *,
    runs: Annotated[Path, typer.Option("--runs", metavar="DIR", help="Folder of run files.")] = RUNS,
    output: Annotated[Path, typer.Option(
        "--output", metavar="DIR", help="Folder for LEADERBOARD.md and leaderboard.html.")] = Path("eval"),
    run: Annotated[bool, typer.Option("--run", help="First run the systems anew.")] = False,
    system: Annotated[list[str] | None, typer.Option(
        "--system", metavar="NAME", help="With --run: a system, as for vn-repair evaluate. May be given again.",
        show_default=", ".join(SYSTEMS))] = None,
    references: Annotated[list[Path] | None, typer.Option(
        "--references", metavar="FILE", help="With --run: a set of references. May be given again.",
        show_default="dev and test")] = None,
    flores: Annotated[Path | None, typer.Option(
        "--flores", metavar="DIR", help="Also score translation on this folder (FLORES dev layout), with the outputs "
                                        "of public systems that lie there.")] = None,
    threads: Annotated[int, typer.Option("--threads", metavar="N", min=1, help="Cores for the model.")] = 2,
) -> int:
    """Write the leaderboard from run files.

    Without --run no system is run, but outputs of public systems in the folder of --flores are scored.
    """
    from vn_repair.evaluate.leaderboard import boards, load_runs
    from vn_repair.evaluate.leaderboard_pages import markdown, page

    systems = system or list(SYSTEMS)
    if run:
        for path in references or REFERENCES:
            run_systems(path, systems, runs, threads)
    if flores is not None:
        run_translations(flores, [s for s in systems if run and s not in ("flag-everything", "rules-only")], runs,
                         threads)
    found = boards(load_runs(runs))
    for path, text in ((output / "LEADERBOARD.md", markdown(found)), (output / "leaderboard.html", page(found))):
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_text(text, encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            raise InputError(f"{path}: cannot write ({error.strerror}); give --output another folder") from error
        print(path)
    return 0


def run_systems(references: Path, systems: list[str], runs: Path, threads: int) -> None:
    """Evaluate each system on a set of references, a run file each."""
    from vn_repair.evaluate.record import write_items, write_run
    from vn_repair.evaluate.references import load_references
    from vn_repair.evaluate.run import evaluate
    from vn_repair.evaluate.systems import Options, load_system

    found = load_references(references)
    for name in systems:
        print(f"{name} on {found.name}", file=sys.stderr)
        result = evaluate(load_system(name, Options(threads=threads)), found)
        path = runs / f"{found.name}.{file_name(result.run.system)}.json"
        write_run(result.run, path)
        write_items(result.rows, path.with_suffix(".parquet"))


def run_translations(folder: Path, systems: list[str], runs: Path, threads: int) -> None:
    """Score the outputs stored in a parallel set's folder, and the given systems on it."""
    from vn_repair.evaluate.record import write_run
    from vn_repair.evaluate.translation import evaluate_translation, load_parallel, load_translator, stored_systems

    pairs = load_parallel([folder])
    for name in [*stored_systems(pairs), *systems]:
        print(f"{name} on {pairs.name}", file=sys.stderr)
        run, _ = evaluate_translation(load_translator(name, pairs, threads), pairs)
        write_run(run, runs / f"{pairs.name}.{file_name(run.system)}.json")

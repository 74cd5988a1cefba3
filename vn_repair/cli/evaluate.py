"""`vn-repair evaluate`: one system on one reference set, scored; and the gate that scores must pass."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vn_repair.cli.options import Language, Off, check_detectors
from vn_repair.cli.terminal import ProgressBar
from vn_repair.types import InputError

if TYPE_CHECKING:
    from vn_repair.evaluate.record import Run

BELOW_FLOORS = 1
REFERENCES = Path("eval/references/dev.jsonl")
RUNS = Path("eval/runs")
FLOORS = Path("eval/floors.json")


def evaluate(
    *,
    system: Annotated[str | None, typer.Option(
        "--system", metavar="NAME",
        help="do-nothing, flag-everything, rules-only, embedded[:DIR], hf:CHECKPOINT, endpoint:[MODEL@]URL or "
             "dir:FOLDER of outputs.", show_default="embedded")] = None,
    references: Annotated[Path, typer.Option("--references", metavar="FILE", help="Hand-fixed references.")
                          ] = REFERENCES,
    parallel: Annotated[list[Path] | None, typer.Option(
        "--parallel", metavar="PATH",
        help="Score translation on a parallel set instead: a TSV (Vietnamese, English), references, a folder in the "
             "layout of FLORES dev; or give it twice, Vietnamese then English.")] = None,
    to: Annotated[Language | None, typer.Option("--to", help="With --parallel: only translations into it.")] = None,
    output: Annotated[Path | None, typer.Option(
        "--output", metavar="FILE", help="Run file; per-item details go beside it as Parquet.",
        show_default="eval/runs/SET.SYSTEM.json")] = None,
    errors: Annotated[int, typer.Option("--errors", metavar="N", help="Print the N worst items.")] = 0,
    translation: Annotated[bool, typer.Option(
        "--translation/--no-translation", help="Also score the text in the other language.")] = True,
    gold: Annotated[bool, typer.Option("--gold/--no-gold", help="Also score repair with the gold spans given.")] = True,
    min_confidence: Annotated[float | None, typer.Option(
        "--min-confidence", metavar="X", min=0, max=1, help="The dial of vn-repair repair.")] = None,
    off: Off = None,
    limit: Annotated[int | None, typer.Option(
        "--limit", metavar="N", min=1, help="Only N documents or lines, spread over the set.")] = None,
    threads: Annotated[int, typer.Option("--threads", metavar="N", min=1, help="Cores for the model.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as one JSON object.")] = False,
    inputs: Annotated[Path | None, typer.Option(
        "--inputs", metavar="FILE", help="Only write the documents of the references as JSONL, for another program."),
    ] = None,
    check_floors: Annotated[bool, typer.Option(
        "--check-floors", help="Run the systems that have floors; exit code 1 if a score is below its floor.")] = False,
    raise_floors: Annotated[bool, typer.Option(
        "--raise-floors", help="Run them and raise the floors to what they reach; none is lowered.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --raise-floors: lower floors too.")] = False,
    floors: Annotated[Path, typer.Option("--floors", metavar="FILE", help="The floors file.")] = FLOORS,
) -> int:
    """Score a system against hand-fixed references.

    Exit code 0: scored; 1: a score is below its floor; 2: bad input.
    """
    from vn_repair.evaluate.systems import Options

    check_detectors(off or ())
    options = Options(min_confidence, tuple(off or ()), threads, translation)
    if inputs is not None:
        return write_inputs(references, inputs)
    if check_floors or raise_floors:
        return gate(floors, system, threads, raise_floors=raise_floors, force=force)
    system = system or "embedded"
    if parallel:
        return translate_and_score(system, parallel, to, output, errors=errors, as_json=as_json, limit=limit,
                                   threads=threads)
    from vn_repair.evaluate.record import write_items, write_run
    from vn_repair.evaluate.references import load_references
    from vn_repair.evaluate.run import evaluate as run_evaluation
    from vn_repair.evaluate.systems import load_system
    from vn_repair.evaluate.worst import describe, worst

    found = load_references(references)
    found = found.sample(limit) if limit else found
    chosen = load_system(system, options)
    with ProgressBar(len(found.documents)) as bar:
        result = run_evaluation(chosen, found, gold=gold, progress=bar.at)
    path = output or RUNS / f"{found.name}.{file_name(result.run.system)}.json"
    write_run(result.run, path)
    write_items(result.rows, path.with_suffix(".parquet"))
    show(result.run, as_json)
    if errors:
        for line in describe(worst(result.rows, errors), found):
            print(line)
    print(f"wrote {path} and {path.with_suffix('.parquet').name}", file=sys.stderr)
    return 0


def file_name(system: str) -> str:
    """A system's name as part of a file name."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in system)


def write_inputs(references: Path, target: Path) -> int:
    """Write `{"id", "lang", "text"}` of each document, one a line."""
    from vn_repair.evaluate.references import load_references

    found = load_references(references)
    lines = [json.dumps({"id": d.id, "lang": d.lang, "text": d.text}, ensure_ascii=False) for d in found.documents]
    try:
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{target}: cannot write ({error.strerror}); give --inputs a file that can be "
                         "written") from error
    return 0


def show(run: Run, as_json: bool) -> None:
    """Print a run's scores."""
    if as_json:
        print(json.dumps({"system": run.system, "signature": run.signature, "seconds": run.seconds,
                          "scores": run.scores, "labels": run.labels}, ensure_ascii=False))
        return
    for family, parts in run.scores.items():
        for part, scores in parts.items():
            for name, (value, low, high) in scores.items():
                print(f"{family:<12} {part:<6} {name:<18} {value:9.4f}   [{low:.4f}, {high:.4f}]")
    for text in run.signature.values():
        print(text)


def translate_and_score(system: str, paths: list[Path], to: Language | None, output: Path | None, *,
                        errors: int, as_json: bool, limit: int | None, threads: int) -> int:
    """Score a system's translations of a parallel set."""
    from vn_repair.evaluate.record import write_items, write_run
    from vn_repair.evaluate.translation import DIRECTIONS, evaluate_translation, load_parallel, load_translator
    from vn_repair.evaluate.worst import inline_diff

    pairs = load_parallel(paths)
    pairs = pairs.sample(limit) if limit else pairs
    wanted = [name for name, (_, target) in DIRECTIONS.items() if to is None or target == to]
    run, rows = evaluate_translation(load_translator(system, pairs, threads), pairs, wanted)
    path = output or RUNS / f"{pairs.name}.{file_name(run.system)}.json"
    write_run(run, path)
    write_items(rows, path.with_suffix(".parquet"))
    show(run, as_json)
    for row in sorted(rows, key=lambda r: r["chrf"])[:errors]:
        print(f"{row['direction']} line {row['line']}, chrF2++ {row['chrf']:.1f}")
        for name in ("source", "output", "reference"):
            print(f"   {name:<10} {row[name]}")
        print(f"   difference {inline_diff(row['output'], row['reference'])}\n")
    print(f"wrote {path} and {path.with_suffix('.parquet').name}", file=sys.stderr)
    return 0


def gate(path: Path, system: str | None, threads: int, *, raise_floors: bool, force: bool) -> int:
    """Run the systems that have floors, without translation, and check or raise the floors.

    With `system`, that one alone, which also gives a new system its first floors.
    """
    from vn_repair.evaluate.floors import check, load_floors, raised, write_floors
    from vn_repair.evaluate.references import load_references
    from vn_repair.evaluate.run import evaluate as run_evaluation
    from vn_repair.evaluate.systems import Options, load_system

    floors: dict[str, Any] = {"references": "references/dev.jsonl", "systems": {}}
    if path.exists() or not (raise_floors and system):
        floors = load_floors(path)
    found = load_references(path.parent / floors["references"])
    runs = []
    for name in [system] if system else floors["systems"]:
        chosen = load_system(name, Options(threads=threads, translate=False))
        with ProgressBar(len(found.documents)) as bar:
            runs.append(run_evaluation(chosen, found, gold=False, progress=bar.at).run)
    if raise_floors:
        floors = raised(floors, runs, force=force)
        write_floors(floors, path)
    if floors.get("sha256") != found.sha256:
        print(f"note: {found.path} has changed since the floors were set", file=sys.stderr)
    checks = check(floors, runs)
    for each in checks:
        print(each.line())
    return 0 if all(c.holds for c in checks) else BELOW_FLOORS

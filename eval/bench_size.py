"""Memory and time against the size of the input: both tables should show straight lines.

    python eval/bench_size.py [--input FILE] [--sizes 1,10] [--one-text 1,4] [--full]

`--sizes` are JSONL files of so many megabytes, articles of about 3,000 characters again and again under new ids (made
up, or those of `--input`); `--one-text` are single texts of so many megabytes. "Step" is how much longer a row took
than the one before it, divided by how much larger its input is: 1 is a straight line, less says that starting counts.
`--full` is 1, 10, 100 and 1,000 MB, and single texts of 1, 4 and 16 MB.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from bench_common import (
    articles,
    megabytes,
    options,
    print_machine,
    print_table,
    run_main,
    run_program,
    say,
    source_of_texts,
)

from vn_repair.types import VI, InputError

COMMAND = [sys.executable, "-m", "vn_repair.cli"]
POOL = 4.0  # megabytes of different articles; larger inputs take them again
COLUMNS = ("command", "MB", "wall s", "CPU s", "step", "MB/CPU s", "peak MB")


def write_rows(path: Path, texts: Sequence[str], size: float) -> float:
    """Articles of `size` megabytes as JSONL; how many megabytes of text they are."""
    total = 0.0
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(cycle(texts)):
            file.write(json.dumps({"id": f"a{number}", "lang": VI, "text": text}, ensure_ascii=False) + "\n")
            total += megabytes([text])
            if total >= size:
                return total
    return total


def write_text(path: Path, texts: Sequence[str], size: float) -> float:
    """One text of `size` megabytes, a paragraph a line; how many megabytes it is."""
    total = 0.0
    with path.open("w", encoding="utf-8") as file:
        for text in cycle(texts):
            file.write(text)
            total += megabytes([text])
            if total >= size:
                return total
    return total


def rows(name: str, options_of: Sequence[str], inputs: Sequence[tuple[Path, float]],
         folder: Path) -> Iterator[tuple[object, ...]]:
    """A row an input, in order of size."""
    before: tuple[float, float] | None = None
    for path, size in inputs:
        extra = ["--output", str(folder / f"out-{path.stem}")] if options_of[0] == "repair" else []
        say(f"{name}: {size:.0f} MB")
        run = run_program([*COMMAND, *options_of, *extra, str(path)], folder / "stdout")
        if run.code not in (0, 1):
            yield name, f"{size:.0f}", "failed: " + run.output.strip().splitlines()[-1][:100], "", "", "", ""
            return
        step = f"{(run.cpu / before[0]) / (size / before[1]):.2f}" if before else ""
        yield (name, f"{size:.0f}", f"{run.wall:.1f}", f"{run.cpu:.1f}", step, f"{size / run.cpu:.2f}",
               f"{run.peak:.0f}")
        before = run.cpu, size


def numbers(listed: str, option: str) -> list[float]:
    """Megabytes, given as "1,10"; raises `InputError` for anything else."""
    try:
        out = sorted(float(part) for part in listed.split(",") if part.strip())
    except ValueError:
        out = [-1.0]
    if any(size <= 0 for size in out):
        raise InputError(f"{option} {listed}: give megabytes with commas between them, such as 1,10")
    return out


def main() -> None:
    """Print both tables."""
    given = options(__doc__, sizes=("1,4,16", "megabytes of the JSONL files"),
                    one_text=("1,4", "megabytes of the single texts; empty: none")).parse_args()
    sizes = [1.0, 10.0, 100.0, 1000.0] if given.full else numbers(given.sizes, "--sizes")
    singles = [1.0, 4.0, 16.0] if given.full else numbers(given.one_text, "--one-text")
    texts = [article.text for article in articles(given.input, VI, POOL)]
    if not texts:
        raise InputError(f"{given.input}: holds no Vietnamese article; name a file that does")
    print_machine("Size of the input", source_of_texts(given.input))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [(folder / f"rows-{size:g}.jsonl", size) for size in sizes]
        files = [(path, write_rows(path, texts, size)) for path, size in files]
        one = [(folder / f"text-{size:g}.txt", size) for size in singles]
        one = [(path, write_text(path, texts, size)) for path, size in one]
        commands = (("detect --rules-only", ["detect", "--rules-only", "--json"]),
                    ("repair --rules-only --no-report", ["repair", "--rules-only", "--no-report"]))
        for label, inputs in (("", files), (", one text", one)):
            if inputs:
                print_table(COLUMNS, (row for what, command in commands
                                      for row in rows(what + label, command, inputs, folder)))


if __name__ == "__main__":
    run_main(main)

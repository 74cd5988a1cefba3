"""What the benchmarks share: texts, timing, tables.

Texts are made by the grammar of the domain (`corpora/grammar`), unless `--input FILE` names a file that vn-repair
reads; its articles then are the texts. Times are processor time of all threads, which other work on the machine
changes least; of several runs the quickest counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))

from vn_repair.types import EN, VI, Article, InputError  # noqa: E402

LANGUAGES = (VI, EN)


def options(description: str | None, **more: tuple[object, str]) -> argparse.ArgumentParser:
    """A parser with `--input`, `--full` and, from `more`, options with a default and a help text."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", help="a file of articles in place of made-up ones")
    parser.add_argument("--full", action="store_true", help="longer runs: minutes in place of seconds")
    for name, (default, text) in more.items():
        kind = type(default) if default is not None else str
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, help=f"{text} ({default})")
    return parser


def processor() -> str:
    """The processor's name."""
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def print_machine(what: str, texts: str = "") -> None:
    """A heading and a line that says on what machine and which `texts` was measured, before the tables."""
    print(f"## {what}\n\n{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"load {os.getloadavg()[0]:.1f} at the start{'; ' + texts if texts else ''}\n", flush=True)


def say(progress: str) -> None:
    """A line of progress, on standard error."""
    print(progress, file=sys.stderr, flush=True)


def source_of_texts(source: str | None) -> str:
    """What the texts are, for the heading."""
    return f"articles of {Path(source).name}" if source else "made-up articles"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A Markdown table; the first column is text, the others are figures. Rows appear as they are done."""
    print("| " + " | ".join(columns) + " |")
    print("| --- |" + " ---: |" * (len(columns) - 1), flush=True)
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print()


def cpu_seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Processor seconds of the quickest of some runs."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def megabytes(texts: Iterable[str]) -> float:
    """Their size in UTF-8, in millions of bytes."""
    return sum(len(text.encode()) for text in texts) / 1e6


def made_articles(lang: str, seed: int = 1) -> Iterator[Article]:
    """Clean articles of about 3,000 characters, without end; the same for the same seed."""
    from vn_repair.training.grammar import Grammar

    grammar, rng, number = Grammar.load(ROOT / "corpora" / "grammar"), random.Random(seed), 0
    side = 0 if lang == VI else 1
    while True:
        number += 1
        lines = [" ".join(grammar.sample(rng)[side] for _ in range(rng.randint(1, 4)))
                 for _ in range(rng.randint(7, 12))]
        yield Article(f"made-{lang}-{number}", "\n".join(lines) + "\n", lang, "made")


def articles(source: str | None, lang: str, size: float) -> list[Article]:
    """Articles in `lang` of about `size` megabytes in all: of the file `source`, or made up.

    Raises `InputError` if the file cannot be read or nothing in it.
    """
    found = made_articles(lang) if source is None else read_articles(source, lang)
    out: list[Article] = []
    total = 0.0
    for article in found:
        out.append(article)
        total += megabytes([article.text])
        if total >= size:
            break
    return out


def read_articles(source: str, lang: str) -> Iterator[Article]:
    """The articles of a file that are in `lang`; raises the `InputError` of a file without any article at all."""
    from vn_repair.read import read

    bad: InputError | None = None
    some = False
    for item in read(source):
        if isinstance(item, Article):
            some = True
            if item.lang == lang:
                yield item
        else:
            bad = bad or item
    if bad is not None and not some:
        raise bad


def seeds() -> list[Article]:
    """The seed articles."""
    from vn_repair.read import read

    return [item for path in sorted((ROOT / "seeds").glob("*.txt"))
            for item in read(path) if isinstance(item, Article)]


@dataclass(frozen=True, slots=True)
class Run:
    """What a program took: seconds by the clock and of the processor, the most memory held (MB), exit code, output."""

    wall: float
    cpu: float
    peak: float
    code: int
    output: str


MEASURE = """import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[2:], stdout=open(sys.argv[1], "wb"), stderr=subprocess.PIPE)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.returncode,
                  done.stderr.decode(errors="replace")[-2000:]]))"""


def run_program(command: Sequence[str], output: str | Path = os.devnull) -> Run:
    """Run a program, its standard output in a file, and measure it apart from all others.

    A process between measures it: what a process has waited for cannot be told apart. The working folder is the
    repository's root.
    """
    done = subprocess.run([sys.executable, "-c", MEASURE, str(output), *command], capture_output=True, text=True,
                          check=True, cwd=ROOT)
    wall, cpu, peak, code, error = json.loads(done.stdout)
    return Run(wall, cpu, peak, code, error)


def peak_mb() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)


def run_main(main: Callable[[], None]) -> None:
    """Run a benchmark; bad input is one line and exit code 2."""
    try:
        main()
    except InputError as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        sys.exit(2)

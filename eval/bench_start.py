"""Start-up: what `vn-repair` takes before it does anything, and what loading its lists and models adds.

    python eval/bench_start.py [--runs N]

Each row is a program of its own; of several runs the quickest counts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench_common import ROOT, options, print_machine, print_table, run_main, run_program

SEED = str(ROOT / "seeds" / "004_feb9eb52b2a79e80.txt")
COMMAND = [sys.executable, "-m", "vn_repair.cli"]
SHORT = "Xã đạt chuẩn nông thôn mới."
PROGRAMS = (
    ("Python itself", [sys.executable, "-c", "pass"]),
    ("vn-repair --version", [*COMMAND, "--version"]),
    ("vn-repair --help", [*COMMAND, "--help"]),
    ("vn-repair repair --help", [*COMMAND, "repair", "--help"]),
    ("import vn_repair.pipeline", [sys.executable, "-c", "import vn_repair.pipeline"]),
    ("detect --rules-only, one Vietnamese article", [*COMMAND, "detect", "--rules-only", "--json", SEED]),
    ("detect, the same", [*COMMAND, "detect", "--json", SEED]),
    ("load the seq2seq model", [sys.executable, "-c", "from vn_repair.propose.embedded import EmbeddedModel as M; "
                                "m = M(); m.processor; m.translator"]),
    ("load the tagger", [sys.executable, "-c", "from vn_repair.fluency.tagger import Tagger; t = Tagger(); "
                         "t.processor; t.encoder; t.head"]),
    ("translate --to en, one line", [sys.executable, "-c", "from vn_repair.pipeline import Repairer; "
                                     f"print(*Repairer().translate(['{SHORT}'], 'en'))"]),
)


def rows(runs: int) -> Iterator[tuple[object, ...]]:
    """A row a program: the quickest run, and the least peak of memory."""
    for name, command in PROGRAMS:
        done = [run_program(command) for _ in range(runs)]
        if any(run.code not in (0, 1) for run in done):
            yield name, "failed", "", ""
            continue
        wall, cpu, peak = min(r.wall for r in done), min(r.cpu for r in done), min(r.peak for r in done)
        yield name, f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}"


def main() -> None:
    """Print the table."""
    given = options(__doc__, runs=(3, "runs of which the quickest counts")).parse_args()
    print_machine("Start-up")
    print_table(("program", "wall s", "CPU s", "peak MB"), rows(given.runs * (3 if given.full else 1)))


if __name__ == "__main__":
    run_main(main)

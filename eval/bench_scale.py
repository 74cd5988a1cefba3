"""Time and memory of `vn-repair repair` by number of workers: python eval/bench_scale.py CORPUS.jsonl

Prints a row for rules and one for the model at each number of workers: wall time, processor time of all processes,
articles a second by the wall clock, processor seconds a megabyte of text, and whether the records are the same bytes as
those of the run without workers. Processor time is the figure to trust on a machine that does other work too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path


def measured(corpus: Path, folder: Path, options: list[str]) -> tuple[float, float, str]:
    """Wall seconds, processor seconds and the checksum of the records."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "vn_repair.cli", "repair", str(corpus), "--no-report", "--output",
                           str(folder), *options], capture_output=True, text=True, check=False,
                          env={**os.environ, "OMP_NUM_THREADS": "1"})
    if done.returncode not in (0, 2):
        sys.exit(done.stderr)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    [records] = folder.glob("*.repair.jsonl")
    return wall, cpu, hashlib.sha256(records.read_bytes()).hexdigest()


def main() -> None:
    """Make the corpora, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="JSONL with a text a line")
    parser.add_argument("--articles", type=int, default=300, help="how many to repair by rules (default 300)")
    parser.add_argument("--with-model", type=int, default=300, help="how many with the model; 0: none (default 300)")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2], help="default 1 2")
    options = parser.parse_args()
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| what | articles | MB | workers | wall s | CPU s | articles/s | CPU s/MB | same bytes |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as name:
        for what, count, more in (("rules", options.articles, ["--rules-only"]), ("model", options.with_model, [])):
            if not count:
                continue
            with options.corpus.open(encoding="utf-8") as file:
                lines = list(islice(file, count))
            corpus = Path(name, f"{what}.jsonl")
            corpus.write_text("".join(lines), "utf-8")
            size = sum(len(json.loads(line)["text"].encode()) for line in lines) / 1e6
            first = ""
            for workers in (0, *options.workers):
                wall, cpu, checksum = measured(corpus, Path(name, f"{what}{workers}"),
                                               [*more, *(["--workers", str(workers)] if workers else [])])
                first = first or checksum
                print(f"| {what} | {len(lines)} | {size:.2f} | {workers or 'without'} | {wall:.1f} | {cpu:.1f} | "
                      f"{len(lines) / wall:.1f} | {cpu / size:.1f} | {'yes' if checksum == first else 'NO'} |",
                      flush=True)


if __name__ == "__main__":
    main()

"""Repair a corpus on one machine or many, with datatrove (pip install 'vn-repair[scale]').

    python corpora/datatrove_pipeline.py CORPUS/ --output OUT --tasks 64 --workers 8
    python corpora/datatrove_pipeline.py CORPUS/ --output OUT --tasks 512 --executor slurm --partition cpu
    python corpora/datatrove_pipeline.py CORPUS/ --output OUT --tasks 512 --executor ray --workers 128

A task takes every N-th file (N is the number of tasks), so a corpus should have at least as many files as tasks; cut
larger ones first (`split -C 64m news.jsonl`). With Slurm and Ray all machines must see the same CORPUS and OUT. Run
again, it does the tasks that are not done; a task that was cut short does its files again. The results are those of
`vn-repair repair CORPUS/ --output OUT`, byte for byte, but failures lie in OUT/failed/TASK.jsonl and counts in
OUT/.datatrove/stats.json.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="FILE", help="files, or folders of them")
    parser.add_argument("--output", required=True, metavar="DIR")
    parser.add_argument("--tasks", type=int, default=1, help="shares that the files are dealt into (default 1)")
    parser.add_argument("--workers", type=int, default=-1, help="tasks at a time (default: as many as there are)")
    parser.add_argument("--executor", choices=("local", "slurm", "ray"), default="local")
    parser.add_argument("--partition", help="Slurm partition")
    parser.add_argument("--time", default="24:00:00", help="Slurm time limit of a task (default 24:00:00)")
    parser.add_argument("--memory", type=int, default=2, metavar="GB", help="memory of a task (default 2)")
    parser.add_argument("--rules-only", action="store_true", help="leave the model out")
    parser.add_argument("--model", help="as for vn-repair repair")
    parser.add_argument("--config", type=Path, help="settings file, as for vn-repair repair")
    parser.add_argument("--lang", choices=("vi", "en"))
    parser.add_argument("--no-report", action="store_true", help="write no HTML reports")
    parser.add_argument("--anew", action="store_true", help="do tasks again that are done")
    options = parser.parse_args()
    if options.executor == "slurm" and not options.partition:
        parser.error("--executor slurm needs --partition")
    return options


def executor(options: argparse.Namespace) -> Any:
    """The pipeline on the executor that was asked for."""
    from vn_repair.batch.datatrove_steps import ReadArticles, RepairArticles, WriteResults, clear_logs
    from vn_repair.batch.setup import Setup
    from vn_repair.settings import load_settings

    setup = Setup(options.model, options.rules_only, load_settings(options.config), threads=1)
    steps = [ReadArticles(options.inputs, options.output, options.lang), RepairArticles(setup, options.lang),
             WriteResults(options.inputs, options.output, pages=not options.no_report)]
    logs = Path(options.output, ".datatrove")
    if options.anew:
        clear_logs(logs)
    if options.executor == "slurm":
        from datatrove.executor import SlurmPipelineExecutor

        return SlurmPipelineExecutor(steps, tasks=options.tasks, workers=options.workers, time=options.time,
                                     partition=options.partition, mem_per_cpu_gb=options.memory,
                                     logging_dir=str(logs), job_name="vn-repair")
    if options.executor == "ray":
        from datatrove.executor import RayPipelineExecutor

        return RayPipelineExecutor(steps, tasks=options.tasks, workers=options.workers,
                                   mem_per_cpu_gb=options.memory, logging_dir=str(logs))
    from datatrove.executor import LocalPipelineExecutor

    return LocalPipelineExecutor(steps, tasks=options.tasks, workers=options.workers, logging_dir=str(logs))


if __name__ == "__main__":
    executor(arguments()).run()

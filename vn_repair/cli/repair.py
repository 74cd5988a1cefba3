"""`vn-repair repair`: corrected Vietnamese, clean English, records and a report for every article."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vn_repair.cli.options import (
    AsJson,
    Config,
    Ignored,
    IgnoreFiles,
    Lang,
    Off,
    On,
    Only,
    RulesOnly,
    Sensitivity,
    settings_of,
)
from vn_repair.cli.terminal import BAD_INPUT, ProgressBar, SummaryRow, complain, print_summary, print_written, read_all
from vn_repair.types import Article, InputError, Repair, Status

if TYPE_CHECKING:
    from vn_repair.pipeline import Repairer
    from vn_repair.write.files import Target
    from vn_repair.write.rows import RowWriter


def repair(
    files: Annotated[list[str], typer.Argument(
        metavar="FILE", help="Text, Markdown, HTML, JSONL or Parquet files, or folders of them; - is standard input.")],
    *,
    output: Annotated[Path | None, typer.Option(
        "--output", metavar="DIR", help="Folder for the results; without it they go beside each input.")] = None,
    as_json: AsJson = False,
    rules_only: RulesOnly = False,
    min_confidence: Annotated[float | None, typer.Option(
        "--min-confidence", min=0.0, max=1.0, show_default="0.5",
        help="The dial: edits below it are left for review. Higher changes less.")] = None,
    model: Annotated[str | None, typer.Option(
        "--model", metavar="MODEL", show_default="the embedded one",
        help="Folder of a converted model, hf:CHECKPOINT, or endpoint:[MODEL@]URL (sends text there).")] = None,
    sensitivity: Sensitivity = None,
    off: Off = None,
    on: On = None,
    only: Only = None,
    ignore: Ignored = None,
    ignore_file: IgnoreFiles = None,
    config: Config = None,
    lang: Lang = None,
    workers: Annotated[int | None, typer.Option(
        "--workers", metavar="N", min=1, show_default="for a folder, one a core",
        help="Repair in N processes, with a journal in --output.")] = None,
    time_limit: Annotated[float | None, typer.Option(
        "--time-limit", metavar="SECONDS", min=0.0, show_default="600",
        help="With workers: give an article up that takes longer; 0: never.")] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no HTML reports.")] = False,
    resume: Annotated[bool, typer.Option(
        "--resume", help="Go on after an interrupted run: leave out what it finished.")] = False,
) -> int:
    """Write the repaired articles and a report of each.

    Of each article: corrected Vietnamese, clean English, a record in JSON and an HTML report.

    Exit code 0: all written; 2: some input was bad (the rest was still repaired); 129, 130 or 143: stopped by a signal.
    """
    if as_json and (output or resume or no_report):
        raise typer.BadParameter("with --json nothing is written to files; leave out --output, --resume and "
                                 "--no-report", param_hint="--json")
    settings = settings_of(config, sensitivity=sensitivity, off=off, on=on, only=only, ignore=ignore,
                           ignore_file=ignore_file, min_confidence=min_confidence)
    from vn_repair.batch.setup import Setup
    from vn_repair.propose.open_model import uses_network
    from vn_repair.write.files import plan_targets

    files = list(dict.fromkeys(files))
    sent = None if rules_only else uses_network(model)
    if sent:
        complain(sent)
    empty: list[InputError] = []
    if workers or any(map(os.path.isdir, files)):
        from vn_repair.batch.sources import find_sources

        found = find_sources(files, output)
        if workers or any(source.path not in files for source in found.sources):
            from vn_repair.cli.corpus import Corpus, cores

            corpus = Corpus(files, found, Setup(model, rules_only, settings, threads=1), lang,
                            workers=workers or cores(), time_limit=600.0 if time_limit is None else time_limit)
            return corpus.print_records() if as_json else corpus.write(output, resume=resume, pages=not no_report)
        empty = list(found.empty)
        files = [source.path for source in found.sources]
    if time_limit is not None:
        raise typer.BadParameter("needs --workers (another process keeps the time)", param_hint="--time-limit")
    setup = Setup(model, rules_only, settings)
    targets = {} if as_json else plan_targets(files, output)
    repairer = setup.repairer()
    run = _Run(repairer, files, lang, targets=targets, resume=resume, made_by=setup.made_by(repairer.info()),
               pages=not no_report)
    for error in empty:
        run.complain(error)
    run.print_records() if as_json else run.write_files()
    print_summary(run.rows)
    print_written(run.written)
    return BAD_INPUT if run.bad else 0


class _Run:
    """Goes through the inputs one article at a time; a bad one is complained of and the rest goes on."""

    def __init__(self, repairer: Repairer, files: list[str], lang: str | None, *,
                 targets: dict[str, Target], resume: bool, made_by: dict[str, Any], pages: bool = True) -> None:
        self.repairer, self.files, self.lang, self.targets = repairer, files, lang, targets
        self.resume, self.made_by, self.pages = resume, made_by, pages
        self.bad = 0
        self.rows: list[SummaryRow] = []
        self.written: list[Path] = []

    def print_records(self) -> None:
        from vn_repair.write.record import line, repair_record

        with ProgressBar(len(self.files)) as bar:
            for number, source in enumerate(self.files):
                row = _Tally(source)
                for _, article in read_all([source], self.lang):
                    bar.at(number, f"{source} {article.id if isinstance(article, Article) else ''}")
                    repaired = self._repair(article, row)
                    if repaired:
                        sys.stdout.write(line(repair_record(repaired)))
                        sys.stdout.flush()
                self.rows += row.summary()

    def write_files(self) -> None:
        from vn_repair.write.rows import finished

        with ProgressBar(len(self.files)) as bar:
            for number, source in enumerate(self.files):
                bar.at(number, source)
                target = self.targets[source]
                if self.resume and finished(target, source, self.made_by):
                    self.rows.append(SummaryRow(f"{source} (done before)", "", "", 0, 0, 0, 0.0))
                    continue
                row = _Tally(source)
                try:
                    self._write_source(source, target, row, bar, number)
                except InputError as error:
                    self.complain(error)
                self.rows += row.summary()

    def _write_source(self, source: str, target: Target, row: _Tally, bar: ProgressBar, number: int) -> None:
        """Four files for an input that is one article; records and an index for one of many rows."""
        from vn_repair.write.files import write_article
        from vn_repair.write.rows import RowWriter

        writer: RowWriter | None = None
        try:
            for _, article in read_all([source], self.lang):
                if isinstance(article, Article) and article.source == source:
                    repaired = self._repair(article, row)
                    if repaired:
                        self.written += write_article(target, repaired, self.made_by, self.files, page=self.pages)
                    continue
                if isinstance(article, Article):
                    writer = writer or RowWriter(target, self.made_by, self.files, resume=self.resume,
                                                 pages=self.pages)
                    bar.at(number, f"{source} {article.id}")
                    if writer.done(article):
                        row.done_before += 1
                        continue
                repaired = self._repair(article, row)
                if repaired and writer:
                    writer.write(repaired)
            if writer:
                self.written += writer.finish()
        finally:
            if writer:
                writer.close()

    def _repair(self, article: Article | InputError, row: _Tally) -> Repair | None:
        """The repair, counted; `None` after a complaint if there is none."""
        start = time.perf_counter()
        try:
            if isinstance(article, InputError):
                raise article
            repaired: Repair = self.repairer.repair(article)
        except InputError as error:
            self.complain(error)
            return None
        row.add(repaired, time.perf_counter() - start)
        return repaired

    def complain(self, error: InputError) -> None:
        """Say what is wrong and count it."""
        self.bad += 1
        complain(str(error))


class _Tally:
    """Sums up the articles of one input for its line of the summary."""

    def __init__(self, source: str) -> None:
        self.source, self.articles, self.done_before, self.seconds = source, 0, 0, 0.0
        self.languages: Counter[str] = Counter()
        self.labels: Counter[str] = Counter()
        self.statuses: Counter[Status] = Counter()

    def add(self, repaired: Repair, seconds: float) -> None:
        from vn_repair.write.report import count_labels

        self.articles += 1
        self.seconds += seconds
        self.languages[repaired.article.lang] += 1
        self.labels.update(count_labels(repaired.spans))
        self.statuses.update(edit.status for edit in repaired.edits)

    def summary(self) -> list[SummaryRow]:
        """The line, or none if no article could be read."""
        from vn_repair.write.report import top_labels

        if not self.articles + self.done_before:
            return []
        remarks = [f"{self.articles} articles"] if self.articles != 1 else []
        if self.done_before:
            remarks.append(f"{self.done_before} done before")
        name = f"{self.source} ({', '.join(remarks)})" if remarks else self.source
        accepted, review, rejected = (self.statuses[status] for status in Status)
        return [SummaryRow(name, "+".join(sorted(self.languages)), top_labels(self.labels), accepted, review, rejected,
                           self.seconds)]

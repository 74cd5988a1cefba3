"""`vn-repair detect`: say what is garbled, as a compiler would."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from vn_repair.cli.options import (
    AsJson,
    Config,
    Files,
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
from vn_repair.cli.terminal import BAD_INPUT, ProgressBar, complain, read_all
from vn_repair.stats import Stats
from vn_repair.types import Article, InputError, Severity, Span

if TYPE_CHECKING:
    from vn_repair.settings import Settings

FINDINGS = 1
COLOURS = {Severity.MINOR: "cyan", Severity.MAJOR: "yellow", Severity.CRITICAL: "bold red"}


class Format(StrEnum):
    """What `detect` prints."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


def detect(
    files: Files,
    *,
    as_json: AsJson = False,
    form: Annotated[Format | None, typer.Option(
        "--format", help="One line a span (text), one page (html), or the same as --json (jsonl).",
        show_default="text")] = None,
    rules_only: RulesOnly = False,
    sensitivity: Sensitivity = None,
    off: Off = None,
    on: On = None,
    only: Only = None,
    ignore: Ignored = None,
    ignore_file: IgnoreFiles = None,
    config: Config = None,
    lang: Lang = None,
    with_stats: Annotated[bool, typer.Option(
        "--stats", help="Say on standard error what each detector cost and found (JSON beside --json).")] = False,
) -> int:
    """Print the garbled spans of articles.

    Exit code 0: all clean; 1: something was found; 2: some input was bad (the rest was still looked at).
    """
    if as_json and form not in (None, Format.JSONL):
        raise typer.BadParameter(f"--json and --format {form} exclude each other; leave one out", param_hint="--json")
    settings = settings_of(config, sensitivity=sensitivity, off=off, on=on, only=only, ignore=ignore,
                           ignore_file=ignore_file)
    form = Format.JSONL if as_json else form or Format.TEXT
    stats = Stats() if with_stats else None
    run = _Run(files, lang, rules_only, settings, stats)
    if form is Format.HTML:
        from vn_repair.write.report import detect_report

        for part in detect_report(run.found(), "vn-repair: what was found"):
            sys.stdout.write(part)
    else:
        show: Callable[[Article, Sequence[Span]], None] = print_json
        if form is Format.TEXT:
            show = print_coloured if sys.stdout.isatty() else print_plain
        for article, spans in run.found():
            show(article, spans)
    sys.stdout.flush()
    print(run.summary(), file=sys.stderr)
    if stats is not None:
        print_stats(stats, as_json=form is Format.JSONL)
    return BAD_INPUT if run.bad else FINDINGS if run.labels else 0


class _Run:
    """Goes through the inputs, complains of bad ones, and counts."""

    def __init__(self, files: Sequence[str], lang: str | None, rules_only: bool, settings: Settings,
                 stats: Stats | None) -> None:
        self.files, self.lang, self.rules_only, self.settings, self.stats = files, lang, rules_only, settings, stats
        self.articles = self.bad = 0
        self.labels: Counter[str] = Counter()

    def found(self) -> Iterator[tuple[Article, list[Span]]]:
        from vn_repair.fluency.load import load_fluency
        from vn_repair.pipeline import detect_article

        fluency = None if self.rules_only else load_fluency()
        with ProgressBar(len(self.files)) as bar:
            for source, article in read_all(self.files, self.lang):
                bar.at(self.files.index(source), source)
                try:
                    if isinstance(article, InputError):
                        raise article
                    spans = detect_article(article, rules_only=self.rules_only, settings=self.settings,
                                           fluency=fluency, stats=self.stats)
                except InputError as error:
                    self.bad += 1
                    complain(str(error))
                    continue
                self.articles += 1
                self.labels.update(str(span.label) for span in spans)
                yield article, spans

    def summary(self) -> str:
        bad = f"; {count(self.bad, 'bad input')}" if self.bad else ""
        labels = ", ".join(f"{label} {number}" for label, number in self.labels.most_common())
        return f"{count(self.articles, 'article')}, {count(self.labels.total(), 'span')}" \
               f"{': ' + labels if labels else ''}{bad}"


def count(number: int, noun: str) -> str:
    """`1 span`, `2 spans`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def print_stats(stats: Stats, *, as_json: bool) -> None:
    """What each detector cost and found, on standard error: a table, or one line of JSON."""
    from vn_repair.stats import lines, table

    if as_json:
        print(json.dumps({"stats": stats.record()}), file=sys.stderr)
    else:
        print("", *lines(table(stats)), sep="\n", file=sys.stderr)


def print_json(article: Article, spans: Sequence[Span]) -> None:
    """One line of JSON."""
    from vn_repair.write.record import detect_record, line

    sys.stdout.write(line(detect_record(article, spans)))
    sys.stdout.flush()


def print_plain(article: Article, spans: Sequence[Span]) -> None:
    """A line a span: `file:line:column: severity label: "surface" — message [detector]`."""
    for place, severity, rest in _lines(article, spans):
        print(f"{place}: {severity} {rest}")


def print_coloured(article: Article, spans: Sequence[Span]) -> None:
    """The same, coloured by severity."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for place, severity, rest in _lines(article, spans):
        console.print(Text.assemble((f"{place}: ", "bold"), (str(severity), COLOURS[severity]), f" {rest}"))


def _lines(article: Article, spans: Sequence[Span]) -> Iterator[tuple[str, Severity, str]]:
    """(place, severity, rest) of each span; lines and columns count from 1, columns in characters."""
    from vn_repair.write.visible import one_line

    text = article.text
    line, start, at = 1, 0, 0
    for span in spans:
        line += text.count("\n", at, span.start)
        start = text.rfind("\n", 0, span.start) + 1
        at = span.start
        surface = one_line(text[span.start : span.end])
        yield (f"{one_line(article.source, 400)}:{line}:{span.start - start + 1}", span.severity,
               f'{span.label}: "{surface}" — {one_line(span.message, 400)} [{span.detector}]')

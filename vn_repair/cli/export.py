"""`vn-repair export`: repaired articles as a Hugging Face dataset, or in the formats of translators."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vn_repair.cli.options import (
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
from vn_repair.cli.terminal import BAD_INPUT, ProgressBar, complain, print_written
from vn_repair.types import Article, InputError, Repair

if TYPE_CHECKING:
    from vn_repair.batch.setup import Setup
    from vn_repair.export.dataset import Report
    from vn_repair.export.options import ExportOptions
    from vn_repair.pipeline import Repairer

DATASET = "dataset"


def export(
    files: Annotated[list[str], typer.Argument(
        metavar="FILE", help="Records of vn-repair repair (.repair.jsonl), or articles, which are repaired first; a "
        "folder stands for the records in it, or else its articles; - is standard input.")],
    *,
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder for the result.")],
    format_: Annotated[str, typer.Option(
        "--format", metavar="NAME",
        help="dataset (Hugging Face), tmx, xliff2, xliff12, mqm, wmt-tags or m2.")] = DATASET,
    edits: Annotated[str, typer.Option(
        "--edits", metavar="WHICH", help="Edits to apply: accepted, or accepted+review.")] = "accepted",
    unchanged: Annotated[str, typer.Option(
        "--unchanged", metavar="keep|drop", help="Articles in which nothing was changed.")] = "keep",
    splits: Annotated[str, typer.Option(
        "--splits", metavar="NAME=SHARE,…", help="Splits and their shares.")] = "train=90,validation=5,test=5",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the split.")] = 0,
    near_duplicates: Annotated[str, typer.Option(
        "--near-duplicates", metavar="one-split|drop|keep",
        help="Articles that nearly repeat an earlier one: into its split, left out, or not looked for.")] = "one-split",
    similarity: Annotated[float, typer.Option(
        "--similarity", min=0.0, max=1.0, help="Jaccard index from which articles are near-duplicates.")] = 0.7,
    check_against: Annotated[list[str] | None, typer.Option(
        "--check-against", metavar="FILE", help="A test set (text, TSV, JSONL, Parquet) whose text must not be in the "
        "data. May be given again.")] = None,
    leaked: Annotated[str, typer.Option(
        "--leaked", metavar="drop|fail|keep", help="Articles that hold text of a test set.")] = "drop",
    ngram: Annotated[int, typer.Option(
        "--ngram", metavar="N", min=2,
        help="Words in a row that make a leak (in Vietnamese half as many syllables more).")] = 13,
    source: Annotated[str | None, typer.Option(
        "--source", help="Where the text was published, for rows that do not tell.")] = None,
    source_field: Annotated[str | None, typer.Option(
        "--source-field", metavar="KEY", show_default="url, source_url, source",
        help="Key of the rows that tells it.")] = None,
    licence: Annotated[str | None, typer.Option(
        "--licence", help="Licence of the text, for rows that do not tell.")] = None,
    licence_field: Annotated[str | None, typer.Option(
        "--licence-field", metavar="KEY", show_default="licence, license",
        help="Key of the rows that tells it.")] = None,
    field: Annotated[list[str] | None, typer.Option(
        "--field", metavar="KEY", help="Another key of the rows to keep as a column. May be given again.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Title of the data set card.")] = None,
    shard_articles: Annotated[int, typer.Option(
        "--shard-articles", metavar="N", min=1, help="Articles in a shard.")] = 20_000,
    workers: Annotated[int, typer.Option(
        "--workers", metavar="N", min=1, help="Processes that make rows of records.")] = 1,
    push: Annotated[str | None, typer.Option(
        "--push", metavar="REPO", help="Then push it to this dataset repository of the Hugging Face Hub.")] = None,
    public: Annotated[bool, typer.Option("--public", help="With --push: a public repository.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interrupted run.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as one JSON object.")] = False,
    rules_only: RulesOnly = False,
    model: Annotated[str | None, typer.Option(
        "--model", metavar="MODEL", show_default="the embedded one",
        help="For articles: folder of a converted model, hf:CHECKPOINT, or endpoint:[MODEL@]URL (sends text "
        "there).")] = None,
    min_confidence: Annotated[float | None, typer.Option(
        "--min-confidence", min=0.0, max=1.0, show_default="0.5",
        help="For articles: edits below it are left for review.")] = None,
    sensitivity: Sensitivity = None,
    off: Off = None,
    on: On = None,
    only: Only = None,
    ignore: Ignored = None,
    ignore_file: IgnoreFiles = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Write repaired articles as a dataset that `datasets.load_dataset` reads, or in a format of translators.

    Exit code 0: written; 2: some input was bad (the rest was still written).
    """
    from vn_repair.batch.setup import Setup
    from vn_repair.export.chosen import Edits
    from vn_repair.export.decide import Leaked, NearDuplicates
    from vn_repair.export.options import ExportOptions, Unchanged, choice
    from vn_repair.propose.open_model import uses_network

    settings = settings_of(config, sensitivity=sensitivity, off=off, on=on, only=only, ignore=ignore,
                           ignore_file=ignore_file, min_confidence=min_confidence)
    setup = Setup(model, rules_only, settings)
    options = ExportOptions(
        edits=choice("--edits", edits, Edits), unchanged=choice("--unchanged", unchanged, Unchanged), splits=splits,
        seed=seed, near_duplicates=choice("--near-duplicates", near_duplicates, NearDuplicates), similarity=similarity,
        check_against=tuple(check_against or ()), ngram=ngram, leaked=choice("--leaked", leaked, Leaked), source=source,
        source_field=source_field, licence=licence, licence_field=licence_field, fields=tuple(field or ()),
        shard_articles=shard_articles, name=name)
    options.check()
    if public and not push:
        raise typer.BadParameter("needs --push REPO", param_hint="--public")
    if push:
        from vn_repair.export.push import check_push

        if format_ != DATASET:
            raise typer.BadParameter(f"a {format_} file is no dataset; leave out --format", param_hint="--push")
        check_push(push)
    sent = None if rules_only else uses_network(model)
    if sent:
        complain(sent)
    run = _Run(record_files(files, output), setup, options, lang)
    if format_ != DATASET:
        run.write_format(format_, output, as_json=as_json)
    else:
        run.write_dataset(output, workers=workers, resume=resume, as_json=as_json)
        if push:
            run.push(output, push, public=public)
    return BAD_INPUT if run.bad else 0


def record_files(arguments: list[str], output: Path) -> list[str]:
    """The files behind the arguments: of a folder the records in it, or else its articles, by name.

    Raises `InputError` for a folder with neither.
    """
    from vn_repair.batch.sources import find_sources
    from vn_repair.write.files import RECORDS

    out: list[str] = []
    for argument in dict.fromkeys(arguments):
        if not os.path.isdir(argument):
            out.append(argument)
            continue
        found = [str(path) for ending in (RECORDS, f"{RECORDS}.gz") for path in Path(argument).rglob(f"*{ending}")]
        if not found:
            sources = find_sources([argument], output)
            if sources.empty:
                raise sources.empty[0]
            found = [source.path for source in sources.sources]
        out += sorted(found)
    return out


class _Run:
    """An export as the command line runs it."""

    def __init__(self, files: list[str], setup: Setup, options: ExportOptions, lang: str | None) -> None:
        self.files, self.setup, self.options, self.lang = files, setup, options, lang
        self.bad = 0
        self.signature = ""
        self._repairer: Repairer | None = None

    def repairer(self) -> Repairer:
        """What repairs articles, made once."""
        if self._repairer is None:
            self._repairer = self.setup.repairer()
        return self._repairer

    def translate(self, article: Article) -> tuple[str, tuple[str, ...]]:
        """The text of an article in the other language, and notes."""
        from vn_repair.propose.translate_text import translate_text
        from vn_repair.types import EN, VI

        return translate_text(article, EN if article.lang == VI else VI, self.repairer().proposer)

    def write_dataset(self, output: Path, *, workers: int, resume: bool, as_json: bool) -> None:
        """Write the folder."""
        from vn_repair.export.collect import Input
        from vn_repair.export.dataset import Terminal, export_dataset

        given = Input(self.files, self.repairer, self.lang, None if self.setup.rules_only else self.translate,
                      self.setup.made_by, workers)
        with _Bars() as bars:
            report = export_dataset(given, self.options, output, made_by=self._settings(), resume=resume,
                                    terminal=Terminal(complain, bars.at))
        self.bad = report.bad
        _tell(report, as_json)
        self.signature = report.manifest["signature"]

    def push(self, output: Path, repo: str, *, public: bool) -> None:
        """Push the folder."""
        from vn_repair.export.push import push

        print(f"pushed to {push(output, repo, public=public, message=self.signature)}", file=sys.stderr)

    def write_format(self, name: str, output: Path, *, as_json: bool) -> None:
        """Write the files of a translators' format."""
        from vn_repair.formats import write

        with _Bars() as bars:
            paths = write(name, self._repairs(bars.at), output)
        if as_json:
            _print_json({"format": name, "files": [str(path) for path in paths]})
        print_written(paths)

    def _repairs(self, at: Any) -> Iterator[Repair]:
        from vn_repair.export.chosen import choose_edits
        from vn_repair.export.options import Unchanged
        from vn_repair.records import records

        translate = None if self.setup.rules_only else self.translate
        for number, file in enumerate(self.files):
            at(number, len(self.files), file)
            for item in records([file], self.repairer, lang=self.lang):
                if isinstance(item, InputError):
                    self.bad += 1
                    complain(str(item))
                    continue
                chosen = choose_edits(item.repair, self.options.edits, translate)
                if chosen.changed or self.options.unchanged == Unchanged.KEEP:
                    yield chosen.repair

    def _settings(self) -> dict[str, Any]:
        """How articles are repaired; the model is named by what was asked for, lest it be loaded for records."""
        return {"model": self.setup.model, "rules_only": self.setup.rules_only, **self.setup.settings.record()}


class _Bars:
    """A progress bar for each stage."""

    def __init__(self) -> None:
        self._bar: ProgressBar | None = None
        self._of = -1

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *error: Any) -> None:
        self._close()

    def at(self, done: int, of: int, what: str) -> None:
        """Show `done` of `of`; another total is another stage."""
        if self._bar is None or of != self._of:
            self._close()
            self._bar, self._of = ProgressBar(of), of
            self._bar.__enter__()
        self._bar.at(done, what)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar = None


def _tell(report: Report, as_json: bool) -> None:
    """What was written: on stderr in words, and with `--json` the manifest on stdout."""
    manifest = report.manifest
    if as_json:
        _print_json(manifest)
    for name, rows in manifest["rows"].items():
        told = ", ".join(f"{split} {count:,}" for split, count in rows.items()) or "none"
        print(f"{name}: {told}", file=sys.stderr)
    dropped = {key.replace("_", " "): count for key, count in manifest["left_out"].items() if count}
    if dropped:
        print("left out: " + ", ".join(f"{key} {count:,}" for key, count in dropped.items()), file=sys.stderr)
    print_written(report.files)
    print(manifest["signature"], file=sys.stderr)


def _print_json(data: dict[str, Any]) -> None:
    import json

    print(json.dumps(data, ensure_ascii=False))

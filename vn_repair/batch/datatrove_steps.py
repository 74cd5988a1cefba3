"""The stages as steps of a datatrove pipeline, for a corpus on many machines; needs the extra `scale`.

    ReadArticles → RepairArticles → WriteResults

write what `vn-repair repair` writes, byte for byte: each task takes whole files, so that no two write to one result.
`RepairArticles` also works after any reader of datatrove and before any of its writers. corpora/datatrove_pipeline.py
runs them with datatrove's local, Slurm and Ray executors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from vn_repair.batch.setup import Setup
from vn_repair.batch.sources import find_sources
from vn_repair.batch.worker import Repairs, failure_of
from vn_repair.types import VI, Article, InputError
from vn_repair.write.files import Target, atomic, plan_targets, write_article
from vn_repair.write.record import full_record, line, read_record
from vn_repair.write.rows import drop_pages, write_pages

# Keys of a document's metadata.
LANG, SOURCE, REMOVED, FILE, RECORD, FAILURE = "lang", "source", "removed", "file", "repair", "failure"


class ReadArticles(PipelineStep):
    """Reads the articles of files and folders of them, as `vn-repair repair` does; a task reads every N-th file.

    What cannot be read becomes an empty document with the reason in its metadata (`failure`).
    """

    name = "vn-repair articles"
    type = "📖 - READER"

    def __init__(self, inputs: Sequence[str], output: str | None = None, lang: str | None = None) -> None:
        super().__init__()
        self.inputs, self.output, self.lang = list(inputs), output, lang

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The articles of this task's share of the files, after those of `data`."""
        from vn_repair.read import read

        yield from data or ()
        sources = find_sources(self.inputs, Path(self.output) if self.output else None).sources
        for source in sources[rank::world_size]:
            self.stat_update("files")
            for item in read(source.path, lang=self.lang):
                if isinstance(item, InputError):
                    yield Document("", source.path, metadata={FILE: source.path, FAILURE: str(item)})
                else:
                    yield Document(item.text, item.id, metadata={
                        FILE: source.path, LANG: item.lang, SOURCE: item.source, REMOVED: item.removed})


class RepairArticles(PipelineStep):
    """Repairs documents: `text` becomes the corrected Vietnamese, `metadata["repair"]` the whole record.

    An English document that no Vietnamese was made of (rules only) keeps its language. A document that cannot be
    repaired goes on as it is, with the reason in `metadata["failure"]`. `build` makes a repairer in place of `setup`.
    Statistics: articles, characters, failures, spans by label and edits by status.
    """

    name = "vn-repair"
    type = "🔧 - REPAIR"

    def __init__(self, setup: Setup, lang: str | None = None, build: Callable[[], Repairs] | None = None) -> None:
        super().__init__()
        self.setup, self.lang, self.build = setup, lang, build

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents, in their order."""
        repairer = self.build() if self.build else self.setup.repairer()
        made_by = self.setup.made_by(repairer.info() if hasattr(repairer, "info") else {})
        for document in data or ():
            if FAILURE not in document.metadata:
                with self.track_time():
                    self._repair(document, repairer, made_by)
            self.stat_update("failed" if FAILURE in document.metadata else "articles")
            yield document

    def _repair(self, document: Document, repairer: Repairs, made_by: dict[str, Any]) -> None:
        try:
            repair = repairer.repair(self._article(document))
        except ImportError:
            raise
        except Exception as error:  # as in `worker.do`, no article's failure stops a corpus
            document.metadata[FAILURE] = failure_of(error, str(document.metadata.get(SOURCE, document.id)))
            return
        self.stat_update("characters", value=len(repair.article.text))
        for span in repair.spans:
            self.stat_update(f"span/{span.label}")
        for edit in repair.edits:
            self.stat_update(f"edit/{edit.status}")
        document.metadata[RECORD] = full_record(repair, made_by)
        document.text = repair.vi or repair.en
        document.metadata[LANG] = VI if repair.vi else repair.article.lang

    def _article(self, document: Document) -> Article:
        """The article in a document of ours, or of any other reader. Raises `InputError`."""
        from vn_repair.read.limits import DEFAULT_LIMITS
        from vn_repair.read.rows import article_of

        known = document.metadata
        if SOURCE in known:
            return Article(document.id, document.text, known[LANG], known[SOURCE], tuple(known[REMOVED]))
        place = str(known.get("file_path") or document.id)
        row = {"id": str(document.id), "text": document.text}
        return article_of(row, place, place, self.lang or known.get(LANG), DEFAULT_LIMITS)[0]


class WriteResults(PipelineStep):
    """Writes what `vn-repair repair` does for each file that `ReadArticles` read, and failures to `failed/TASK.jsonl`.

    Documents of other readers go to `TASK.repair.jsonl`. `pages` tells whether HTML reports are written too.
    """

    name = "vn-repair results"
    type = "💽 - WRITER"

    def __init__(self, inputs: Sequence[str], output: str, pages: bool = True) -> None:
        super().__init__()
        self.inputs, self.output, self.pages = list(inputs), output, pages

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents, after their results are written."""
        output = Path(self.output)
        sources = find_sources(self.inputs, output).sources
        targets = plan_targets([s.path for s in sources], output, {s.path: s.folder for s in sources})
        failed = output / "failed" / f"{rank:05}.jsonl"
        failures = 0
        with atomic(failed) as list_of_failures:
            for file, documents in groupby(data or (), key=lambda d: d.metadata.get(FILE)):
                for document in self._written(targets.get(file) or Target(output, f"{rank:05}"), file, documents):
                    if FAILURE in document.metadata:
                        failures += 1
                        list_of_failures.write(line({"file": file, "id": document.id,
                                                     "reason": document.metadata[FAILURE], "text": document.text}))
                    yield document
        if not failures:
            failed.unlink()

    def _written(self, target: Target, file: str | None, documents: Iterator[Document]) -> Iterator[Document]:
        """The documents of one file, its results whole on the disk after the last."""
        rows = 0
        part: Any = None
        path = target.path(".repair.jsonl")
        try:
            with atomic(path) as part:
                for document in documents:
                    record = document.metadata.get(RECORD)
                    if record is not None and record["source"] == file:
                        self.stat_update("files written", value=len(write_article(
                            target, read_record(record), record["made_by"], self.inputs, page=self.pages)))
                    elif record is not None:
                        rows += 1
                        part.write(line(record))
                    yield document
                if not rows:
                    raise _NoRows
        except _NoRows:
            return
        if self.pages:
            write_pages(target)
        else:
            drop_pages(target)


class _NoRows(Exception):
    """There is no file of rows to write."""


def clear_logs(folder: Path) -> None:
    """Forget which tasks are done, so that the next run does all again."""
    for name in ("completions", "stats"):
        for file in (folder / name).glob("*"):
            with suppress(OSError):
                file.unlink()

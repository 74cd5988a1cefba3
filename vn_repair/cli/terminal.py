"""What a person at the terminal sees on stderr: errors, progress, the summary."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from vn_repair.types import Article, InputError

if TYPE_CHECKING:
    from rich.progress import Progress

BAD_INPUT = 2


def complain(message: str) -> None:
    """Print `message` as one line on stderr."""
    from vn_repair.write.visible import one_line

    print(f"vn-repair: {one_line(message, 1000)}", file=sys.stderr, flush=True)


def read_all(sources: Sequence[str], lang: str | None) -> Iterator[tuple[str, Article | InputError]]:
    """(source, article) of every input in order, with an `InputError` in the place of what cannot be read."""
    from vn_repair.read import read

    for source in sources:
        for item in read(source, lang=lang):
            yield source, item


class ProgressBar:
    """A bar on stderr, if that is a terminal and the work lasts over two seconds."""

    DELAY = 2.0

    def __init__(self, total: int) -> None:
        self._bar: Progress | None = None
        self._timer: threading.Timer | None = None
        if not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                             console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=total)
        self._timer = threading.Timer(self.DELAY, self._bar.start)
        self._timer.daemon = True

    def __enter__(self) -> ProgressBar:
        """Start to wait."""
        if self._timer:
            self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Take the bar away."""
        if self._timer and self._bar:
            self._timer.cancel()
            self._timer.join()
            self._bar.stop()

    def at(self, done: int, what: str) -> None:
        """Say that `done` inputs are done and `what` is being worked on."""
        if self._bar:
            from rich.markup import escape

            from vn_repair.write.visible import one_line

            self._bar.update(self._task, completed=done, description=escape(one_line(what, 40)))


@dataclass(slots=True)
class SummaryRow:
    """One line of the summary: an input, what was found in it and what was done."""

    article: str
    language: str
    labels: str
    accepted: int
    review: int
    rejected: int
    seconds: float


def print_summary(rows: Sequence[SummaryRow]) -> None:
    """The summary table, on stderr."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from vn_repair.write.visible import one_line

    console = Console(file=sys.stderr, width=None if sys.stderr.isatty() else 140)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("article", overflow="fold")
    table.add_column("lang")
    table.add_column("spans", overflow="fold", min_width=20)
    for name, style in (("accepted", "green"), ("review", "yellow"), ("rejected", "dim"), ("seconds", "")):
        table.add_column(name, justify="right", style=style, no_wrap=True, min_width=len(name))
    for row in rows:
        table.add_row(Text(one_line(row.article, 60)), row.language, row.labels, str(row.accepted), str(row.review),
                      str(row.rejected), f"{row.seconds:.1f}")
    console.print(table)


def print_written(paths: Sequence[Path], most: int = 4) -> None:
    """The files written, on stderr; of more than `most` their number and folders."""
    if len(paths) > most:
        folders = dict.fromkeys(str(path.parent) for path in paths)
        shown = list(folders)[:most] + ["…"] * (len(folders) > most)
        print(f"wrote {len(paths)} files to {', '.join(shown)}", file=sys.stderr)
    else:
        for path in paths:
            print(f"wrote {path}", file=sys.stderr)

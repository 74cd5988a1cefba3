"""Repair: seconds an article and articles a second, by stage, for the seeds and for news.

    python eval/bench_repair.py [--input FILE] [--articles N] [--rules-only] [--full]

Stages: read, detect (segments and spans), propose (the model's answers to marked spans), verify (the gates, which ask
the rules again), translate, write (all four files). "Other" is the rest. `--full` takes 1,000 articles.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench_common import (
    articles,
    megabytes,
    options,
    peak_mb,
    print_machine,
    print_table,
    run_main,
    say,
    seeds,
    source_of_texts,
)

from vn_repair import pipeline
from vn_repair.read import read
from vn_repair.types import VI, Article, InputError
from vn_repair.write.files import Target, write_article

STAGES = ("read", "detect", "propose", "verify", "translate", "write")
ARTICLE_BYTES = 3500


class Watch:
    """Processor seconds by stage; a stage within another counts for the outer one alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside = False

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Put the time of the block down to a stage."""
        if self._inside:
            yield
            return
        self._inside, start = True, time.process_time()
        try:
            yield
        finally:
            self.seconds[name] += time.process_time() - start
            self._inside = False

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, timed as a stage."""
        def run(*given: Any, **named: Any) -> Any:
            with self.stage(name):
                return work(*given, **named)

        return run


@contextmanager
def watched(repairer: pipeline.Repairer, watch: Watch) -> Iterator[None]:
    """Time the stages of a repairer while the block runs."""
    held = {name: getattr(pipeline, name) for name in ("segment", "detect_article", "choose", "translate_text")}
    stages = {"segment": "detect", "detect_article": "detect", "choose": "verify", "translate_text": "translate"}
    for name, work in held.items():
        setattr(pipeline, name, watch.timed(stages[name], work))
    if not repairer.rules_only:
        model = repairer.proposer
        model.infill = watch.timed("propose", model.infill)  # type: ignore[method-assign]
        model.rewrite = watch.timed("propose", model.rewrite)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for name, work in held.items():
            setattr(pipeline, name, work)


def read_again(texts: Sequence[Article], folder: Path, watch: Watch) -> Iterator[Article]:
    """The articles as the reader gives them from a JSONL file."""
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps({"id": a.id, "lang": a.lang, "text": a.text}) + "\n" for a in texts), "utf-8")
    items = iter(read(str(path)))
    while True:
        with watch.stage("read"):
            item = next(items, None)
        if item is None:
            return
        assert isinstance(item, Article)
        yield item


def rows(groups: dict[str, Sequence[Article]], rules_only: bool) -> Iterator[tuple[object, ...]]:
    """A row a group of articles."""
    repairer = pipeline.Repairer(rules_only=rules_only)
    repairer.repair(Article("warm-up", "Xã Quảng trị đạt chuẩn to plan to the top.", VI, "-"))
    for name, texts in groups.items():
        say(f"{name}: {len(texts)} articles")
        watch = Watch()
        cpu, wall = time.process_time(), time.perf_counter()
        with watched(repairer, watch), tempfile.TemporaryDirectory() as folder:
            for number, article in enumerate(read_again(texts, Path(folder), watch)):
                done = repairer.repair(article)
                with watch.stage("write"):
                    write_article(Target(Path(folder), str(number)), done, {}, ())
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        size = megabytes(a.text for a in texts)
        parts = [watch.seconds[stage] for stage in STAGES]
        yield (name, len(texts), f"{size:.3f}", f"{len(texts) / wall:.2f}", f"{len(texts) / cpu:.2f}",
               *(f"{part:.2f}" for part in parts), f"{cpu - sum(parts):.2f}", f"{cpu / size:.0f}", f"{peak_mb():.0f}")


def main() -> None:
    """Print the table."""
    parser = options(__doc__, articles=(6, "how many articles beside the seeds; with --full 1000"))
    parser.add_argument("--rules-only", action="store_true", help="leave the model out")
    given = parser.parse_args()
    wanted = 1000 if given.full else given.articles
    news = articles(given.input, VI, wanted * ARTICLE_BYTES * 4 / 1e6)[:wanted] if wanted else []
    if wanted and not news:
        raise InputError(f"{given.input}: holds no Vietnamese article; name a file that does")
    print_machine("Repair, rules alone" if given.rules_only else "Repair", source_of_texts(given.input))
    groups: dict[str, Sequence[Article]] = {Path(seed.id).name: [seed] for seed in seeds()}
    if given.rules_only:
        groups = {"seeds": seeds()}
    if news:
        groups["news"] = news
    print_table(("articles", "number", "MB", "articles/s", "articles/CPU s", *(f"{s} CPU s" for s in STAGES),
                 "other CPU s", "CPU s/MB", "peak MB so far"), rows(groups, given.rules_only))


if __name__ == "__main__":
    run_main(main)

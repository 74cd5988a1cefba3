"""Detection: megabytes of text a second on one core, beside two peers, and segments a second with the model.

    python eval/bench_detect.py [--input FILE] [--full]

Peers: lingua, which says of each part of a text which language it is in (`pip install 'vn-repair[bench]'`), and one
pass of a regular expression over the words, which is the least that any program must do. "New text" is each article
looked at for the first time; "again" the same ones with all their words seen before.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from bench_common import (
    LANGUAGES,
    articles,
    cpu_seconds,
    megabytes,
    options,
    print_machine,
    print_table,
    run_main,
    seeds,
    source_of_texts,
)

from vn_repair.types import Article

WORD = re.compile(r"\w+")


def warm_up(lang: str) -> None:
    """Load all lists that the rules read, on an article that is not among those measured."""
    from vn_repair.pipeline import detect_article

    for article in seeds():
        detect_article(Article("warm-up", article.text, lang, "-"), rules_only=True)


def rule_rows(lang: str, texts: list[Article], size: float, runs: int) -> Iterator[tuple[object, ...]]:
    """What the rules take on new text and again."""
    from vn_repair.pipeline import detect_article

    def all_texts() -> None:
        for article in texts:
            detect_article(article, rules_only=True)

    warm_up(lang)
    start = time.process_time()
    all_texts()
    new = time.process_time() - start
    again = cpu_seconds(all_texts, runs)
    yield lang, "vn-repair, rules, new text", len(texts), f"{size:.2f}", f"{size / new:.2f}", "1"
    yield lang, "vn-repair, rules, again", len(texts), f"{size:.2f}", f"{size / again:.2f}", f"{new / again:.2f}"
    yield from peer_rows(lang, texts, size, new, runs)


def peer_rows(lang: str, texts: Sequence[Article], size: float, ours: float, runs: int) -> Iterator[tuple[object, ...]]:
    """What the peers take."""
    plain = cpu_seconds(lambda: [WORD.findall(article.text) for article in texts], runs)
    yield lang, r"re.findall(r'\w+')", len(texts), f"{size:.2f}", f"{size / plain:.2f}", f"{ours / plain:.2f}"
    try:
        from lingua import Language, LanguageDetectorBuilder
    except ImportError:
        yield lang, "lingua: not installed", "", "", "", ""
        return  # pip install 'vn-repair[bench]'
    detector = LanguageDetectorBuilder.from_languages(Language.VIETNAMESE, Language.ENGLISH).build()
    detector.detect_multiple_languages_of("Xã đạt chuẩn. The commune met the criteria.")
    lingua = cpu_seconds(lambda: [detector.detect_multiple_languages_of(article.text) for article in texts], runs)
    yield lang, "lingua, vi and en", len(texts), f"{size:.2f}", f"{size / lingua:.2f}", f"{ours / lingua:.2f}"


def model_rows(groups: dict[str, list[Article]]) -> Iterator[tuple[object, ...]]:
    """Segments a second by rules alone and with the model, on texts whose words the rules have seen."""
    from vn_repair.pipeline import Repairer
    from vn_repair.segment import segment

    for name, texts in groups.items():
        count = sum(len(segment(article)) for article in texts)
        for what, repairer in (("rules", Repairer(rules_only=True)), ("rules and model", Repairer())):
            repairer.detect(texts[0])
            wall, start = time.perf_counter(), time.process_time()
            for article in texts:
                repairer.detect(article)
            cpu, wall = time.process_time() - start, time.perf_counter() - wall
            yield name, what, len(texts), count, f"{count / cpu:.0f}", f"{count / wall:.0f}"


def main() -> None:
    """Print both tables."""
    given = options(__doc__, size=(1.0, "megabytes a language"), runs=(3, "runs of which the quickest counts"),
                    segments=(400, "about how many segments the model sees a language; 0: no model")
                    ).parse_args()
    size = given.size * (10 if given.full else 1)
    print_machine("Detection", source_of_texts(given.input))
    groups = {lang: articles(given.input, lang, size) for lang in LANGUAGES}
    rows = (row for lang, texts in groups.items() if texts
            for row in rule_rows(lang, texts, megabytes(a.text for a in texts), given.runs))
    print_table(("language", "what", "articles", "MB", "MB/s a core", "times our speed"), rows)
    if given.segments:
        share = max(1, int(given.segments * (5 if given.full else 1) / 35))  # an article has about 35 segments
        some = {f"{lang} articles": texts[:share] for lang, texts in groups.items() if texts}
        print_table(("texts", "what", "articles", "segments", "segments/CPU s", "segments/s"),
                    model_rows({"seeds": seeds(), **some}))


if __name__ == "__main__":
    run_main(main)

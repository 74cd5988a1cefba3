"""Write vn_repair/data/detector_scores.tsv anew from eval/references/dev.jsonl and eval/news_reads.tsv.

`python eval/detector_scores.py --news FILE…` writes nothing: of each detector, up to 20 of the spans that it finds in
those files are printed, for a person to read and count.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from vn_repair.detect.registry import find_spans
from vn_repair.detect.view import View
from vn_repair.evaluate.references import load_references
from vn_repair.evaluate.score_table import add_news, count_dev, table, text_of
from vn_repair.read import read
from vn_repair.segment import segment
from vn_repair.types import Article, Span

ROOT = Path(__file__).resolve().parents[1]
SHOWN, AROUND = 20, 50


def spans_of(article: Article) -> list[Span]:
    """All spans of all detectors with their hand-set scores, unmerged."""
    return list(find_spans(View(article, segment(article))))


def print_news(files: list[str]) -> None:
    """Up to 20 spans of each detector, spread evenly over the files, with what stands around them."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in files:
        for article in read(name):
            if not isinstance(article, Article):
                sys.exit(str(article))
            text = article.text
            for span in spans_of(article):
                around = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
                surface = text[span.start : span.end]
                found[span.detector].append(f"{article.id}: {around[0]}[{surface}]{around[1]}".replace("\n", " / "))
    for detector in sorted(found):
        lines = found[detector]
        print(f"## {detector}: {len(lines)} spans")
        print(*lines[:: max(1, len(lines) // SHOWN)][:SHOWN], sep="\n")


def main() -> None:
    """Write the table, or print what a person should read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", nargs="+", metavar="FILE")
    files = parser.parse_args().news
    if files:
        print_news(files)
        return
    documents = load_references(ROOT / "eval/references/dev.jsonl").documents
    counts = count_dev((document, spans_of(document.article)) for document in documents)
    add_news(counts, ROOT / "eval/news_reads.tsv")
    out = ROOT / "vn_repair/data/detector_scores.tsv"
    # What the few detectors without a span on the references give by hand.
    rows = list(table(counts, {"mojibake.decomposed_accent": 0.9, "punctuation.glued_words": 0.8,
                               "terminology.acronym": 0.85}))
    part = out.with_suffix(".part")
    part.write_text(text_of(rows), encoding="utf-8")
    part.replace(out)
    moved = [row["detector"] for row in rows if row["odds_factor"] != "1"]
    print(f"wrote {out.relative_to(ROOT)}: {len(rows)} detectors, scores moved of {', '.join(moved) or 'none'}")


if __name__ == "__main__":
    main()

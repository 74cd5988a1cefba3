"""Shards of the hand-marked training text, for the seq2seq model and for the token tagger.

    python -m vn_repair.training.marked_shards corpora/marked --tokenizer sentencepiece.model --out .train

Writes `marked_vi.npz`, `marked_en.npz` (infilling with the spans as detectors would mark them, rewriting, and
translation of the clean and of the garbled text; several different ones of every item) and
`tagging_marked_vi.npz`, `tagging_marked_en.npz`. The language of a file is the first part of its name.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import sentencepiece

from vn_repair.segment import segment
from vn_repair.training.garble import Garbled, GarbledSpan
from vn_repair.training.marked import read_marked
from vn_repair.training.pack import Example, pack
from vn_repair.training.tagging import PieceLabels
from vn_repair.training.tagging_shards import write_tagging
from vn_repair.training.tasks import PLAIN_MARKING, Marking, infill_example, rewrite_example, translate_examples
from vn_repair.types import Article

INFILLS = 5  # of an item, each marked in another way
Item = tuple[Garbled, str]


def segments(item: Garbled, lang: str) -> Iterator[Garbled]:
    """The item cut as the pipeline cuts text; a span over a cut leaves both its segments out."""
    for part in segment(Article("marked", item.text, lang, "marked")):
        inside = [s for s in item.spans if s.start < part.end and part.start < s.end]
        if all(part.start <= s.start and s.end <= part.end for s in inside):
            spans = tuple(GarbledSpan(s.start - part.start, s.end - part.start, s.label, s.correction) for s in inside)
            cut = Garbled(item.text[part.start : part.end], "", spans)
            yield Garbled(cut.text, cut.corrected(), spans)


def seq2seq_examples(items: Sequence[Item], lang: str, rng: random.Random) -> Iterator[Example]:
    """Examples of all tasks: infilling of whole items and of their segments, rewriting, translation both ways."""
    for item, other in items:
        parts = [item, *(s for s in segments(item, lang) if s.text != item.text)]
        for number in range(INFILLS):
            part = item if number % 2 else rng.choice(parts)
            marking = PLAIN_MARKING if number == 0 else Marking() if part.spans else Marking(false_alarm=0.95)
            example = infill_example(part, lang, rng, marking)
            if example is not None:
                yield example
        yield rewrite_example(rng.choice(parts), lang)
        if other:
            away = "translate_en" if lang == "vi" else "translate_vi"
            for masked in (False, True):
                for text in dict.fromkeys((item.text, item.clean)):
                    pair = (text, other) if lang == "vi" else (other, text)
                    yield from (
                        e
                        for e in translate_examples(*pair, masked)
                        # damaged text is only ever read, never asked for
                        if text == item.clean or e.task == away
                    )


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(args.tokenizer))
    labels = PieceLabels(processor)
    for lang in ("vi", "en"):
        items = [item for path in sorted(args.folder.glob(f"{lang}_*.tsv")) for item in read_marked(path)]
        if not items:
            sys.exit(f"{args.folder}: no {lang}_*.tsv in it; name the folder of marked text")
        rng = random.Random(f"marked {lang}")
        print(
            lang,
            pack(seq2seq_examples(items, lang, rng), processor, args.out / f"marked_{lang}.npz"),
            write_tagging(
                (part for item, _ in items for part in segments(item, lang)),
                labels,
                args.out / f"tagging_marked_{lang}.npz",
            ),
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()

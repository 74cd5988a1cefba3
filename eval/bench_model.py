"""Translation by the embedded model (CTranslate2, int8) beside the same weights in transformers (PyTorch, float32).

    python eval/bench_model.py [--input FILE] [--segments N] [--threads N] [--full]

Both get the same pieces, placeholders in place of numbers and names, in batches of the same size, with the same limits
of length. "Equal" is the share of segments whose pieces are the same as those of transformers with the same beam; int8
rounds weights, so that some differ. Needs the extra `transformers`; without it only the embedded model is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench_common import (
    LANGUAGES,
    ROOT,
    articles,
    options,
    print_machine,
    print_table,
    run_main,
    say,
    source_of_texts,
)

from vn_repair.markers import PLACEHOLDERS, TARGET
from vn_repair.placeholders import mask, slots
from vn_repair.propose.embedded import BATCH, LONGEST_SOURCE, EmbeddedModel
from vn_repair.segment import segment
from vn_repair.types import EN, VI

BEAMS = (1, 2, 4)
SHIPPED_BEAM = 2
Decode = Callable[[list[list[str]], int, int, list[int]], list[list[Any]]]


def sources(model: EmbeddedModel, source: str | None, lang: str, count: int) -> list[list[str]]:
    """The pieces of `count` segments in `lang`, as `translate` gives them to the model."""
    out = []
    to = EN if lang == VI else VI
    for article in articles(source, lang, count * 200 / 1e6 + 0.02):
        for part in segment(article):
            text = article.text[part.start : part.end]
            parts, _ = mask(text, slots(text, lang)[: len(PLACEHOLDERS)])
            out.append(model.pieces([TARGET[to], *parts])[:LONGEST_SOURCE])
    return out[:count]


def transformers_model() -> tuple[Decode, str] | None:
    """The decoder of the shipped checkpoint in transformers and its name; `None` where that is not installed."""
    try:
        import torch
        import transformers  # noqa: F401
    except ImportError:
        return None
    from vn_repair.propose import huggingface

    huggingface.BATCH = BATCH
    own = huggingface.HuggingFaceProposer(ROOT / "models" / "default" / "transformers").own
    assert own is not None
    own.checkpoint.model.float()
    return own.decode, f"transformers, torch {torch.__version__}, float32"


def rows(model: EmbeddedModel, texts: dict[str, list[list[str]]], threads: int) -> Iterator[tuple[object, ...]]:
    """A row a language, system and beam."""
    peer = transformers_model()
    if peer is not None:
        import torch

        torch.set_num_threads(threads)
    for lang, pieces in texts.items():
        longest = [min(LONGEST_SOURCE, 2 * len(s) + 12) for s in pieces]
        for beam in BEAMS:
            say(f"{lang}, beam {beam}")
            ours, wall, cpu = timed(model.decode, pieces, beam, longest)
            name = f"embedded, int8{' (as shipped)' if beam == SHIPPED_BEAM else ''}"
            if peer is None:
                yield lang, beam, name, *speeds(pieces, wall, cpu), "", ""
                yield lang, beam, "transformers: not installed (extra `transformers`)", "", "", "", ""
                continue
            theirs, wall_peer, cpu_peer = timed(peer[0], pieces, beam, longest)
            equal = sum(a[0].pieces == b[0].pieces for a, b in zip(ours, theirs, strict=True)) / len(pieces)
            yield lang, beam, name, *speeds(pieces, wall, cpu), f"{cpu_peer / cpu:.1f}", f"{equal:.0%}"
            yield lang, beam, peer[1], *speeds(pieces, wall_peer, cpu_peer), "1", ""


def timed(decode: Decode, pieces: list[list[str]], beam: int,
          longest: list[int]) -> tuple[list[list[Any]], float, float]:
    """The output, wall seconds and processor seconds, after a short batch that loads the weights."""
    decode(pieces[:2], beam, 1, longest[:2])
    wall, cpu = time.perf_counter(), time.process_time()
    out = decode(pieces, beam, 1, longest)
    return out, time.perf_counter() - wall, time.process_time() - cpu


def speeds(pieces: Sequence[object], wall: float, cpu: float) -> tuple[str, str]:
    """Segments a second by the clock and by the processor."""
    return f"{len(pieces) / wall:.1f}", f"{len(pieces) / cpu:.1f}"


def main() -> None:
    """Print the table."""
    given = options(__doc__, segments=(64, "segments a language; with --full 500"),
                    threads=(2, "cores for each of the two")).parse_args()
    count = 500 if given.full else given.segments
    model = EmbeddedModel(threads=given.threads)
    texts = {lang: pieces for lang in LANGUAGES if (pieces := sources(model, given.input, lang, count))}
    print_machine("Translation",
                  f"{count} segments a language, {given.threads} threads, {source_of_texts(given.input)}")
    print_table(("from", "beam", "system", "segments/s", "segments/CPU s", "times as fast (CPU)", "equal"),
                rows(model, texts, given.threads))


if __name__ == "__main__":
    run_main(main)

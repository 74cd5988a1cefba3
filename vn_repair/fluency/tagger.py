"""The token tagger on CTranslate2, int8: for each word the chance that an editor would change it, and why.

The encoder reads one segment at a time (a sentence or a block), as in training, see
vn_repair/training/train_tagger.py. Weights lie in `tagger/` of the model folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import regex

from vn_repair.propose.model_files import default_model
from vn_repair.types import Label

FOLDER = "tagger"
BATCH = 16
LONGEST = 300  # pieces a segment; what lies beyond is read in a further window
LABELS = tuple(Label)
SPACE = "\u2581"  # SentencePiece's mark of a word's start
WRITTEN = regex.compile(r"\S+")
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign of a text: offsets, the chance (0–1) that it is wrong, and of each label."""

    start: int
    end: int
    chance: float
    labels: tuple[float, ...]


class Tagger:
    """The tagger of a model folder (default: the shipped one); weights load at the first use."""

    def __init__(self, folder: Path | None = None, threads: int = 2) -> None:
        self.folder, self.threads = (folder or default_model()) / FOLDER, threads

    @cached_property
    def processor(self) -> Any:
        """The SentencePiece model, the same as the seq2seq model's."""
        import sentencepiece

        path = self.folder.parent / "ctranslate2" / "sentencepiece.model"
        return sentencepiece.SentencePieceProcessor(model_file=str(path))

    @cached_property
    def encoder(self) -> Any:
        """The encoder, one worker a core."""
        import ctranslate2

        return ctranslate2.Encoder(
            str(self.folder), device="cpu", compute_type="int8", inter_threads=max(1, self.threads), intra_threads=1
        )

    @cached_property
    def head(self) -> tuple[Any, Any]:
        """Weights (17 × width) and bias of the linear head."""
        import numpy as np

        with np.load(self.folder / "head.npz", allow_pickle=False) as data:
            return data["weight"], data["bias"]

    def tag(self, texts: Sequence[str]) -> list[list[Word]]:
        """The words of each text, in order."""
        windows: list[tuple[int, list[int], list[tuple[int, int]]]] = []
        for number, text in enumerate(texts):
            ids, places = pieces(self.processor, text)
            for at in range(0, len(ids), LONGEST):
                windows.append((number, ids[at : at + LONGEST], places[at : at + LONGEST]))
        order = sorted(range(len(windows)), key=lambda i: len(windows[i][1]))
        found: list[list[tuple[int, int, Any]]] = [[] for _ in texts]
        groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        results: list[Any] = [None] * len(windows)
        asked = [[windows[i][1] for i in group] for group in groups]
        if self.threads > 1 and len(groups) > 1:
            _ = self.encoder, self.head  # loaded once, not by each thread
            with ThreadPoolExecutor(self.threads) as pool:
                answers = list(pool.map(self._classes, asked))
        else:
            answers = list(map(self._classes, asked))
        for group, answer in zip(groups, answers, strict=True):
            for i, chances in zip(group, answer, strict=True):
                results[i] = chances
        for (number, _, places), chances in zip(windows, results, strict=True):
            found[number] += [(a, b, row) for (a, b), row in zip(places, chances, strict=True)]
        return [words(text, scored) for text, scored in zip(texts, found, strict=True)]

    def _classes(self, rows: Sequence[Sequence[int]]) -> list[Any]:
        """Class probabilities of every piece of every row."""
        import numpy as np

        weight, bias = self.head
        output = self.encoder.forward_batch([[0, *row, 2] for row in rows])
        states = np.array(output.last_hidden_state)
        scores = states @ weight.T + bias
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        chances = scores / scores.sum(-1, keepdims=True)
        return [chances[i, 1 : len(row) + 1] for i, row in enumerate(rows)]


def pieces(processor: Any, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Piece ids of a text and the offsets of each in it (white space never counted in).

    A word that the model's normaliser rewrites, or spells in bytes, is covered as a whole by each of
    its pieces.
    """
    words = [match.span() for match in WRITTEN.finditer(text)]
    spelt = processor.encode(text, out_type=str)
    starts = [i for i, piece in enumerate(spelt) if piece.startswith(SPACE)]
    if len(starts) != len(words) or starts[:1] != [0]:
        # Control characters and the like: word by word, since no piece crosses white space.
        own = [processor.encode(text[a:b], out_type=str) for a, b in words]
    else:
        own = [spelt[a:b] for a, b in zip(starts, [*starts[1:], len(spelt)], strict=True)]
    places: list[tuple[int, int]] = []
    for (start, end), group in zip(words, own, strict=True):
        if "".join(group) != SPACE + text[start:end]:
            places += [(start, end)] * len(group)
            continue
        borders = list(accumulate((len(piece.lstrip(SPACE)) for piece in group), initial=start))
        places += zip(borders[:-1], borders[1:], strict=True)
    return [processor.piece_to_id(piece) for group in own for piece in group], places


def words(text: str, scored: Sequence[tuple[int, int, Any]]) -> list[Word]:
    """Words from pieces: a word is as suspicious as its most suspicious piece."""
    out: list[Word] = []
    at = 0
    for match in WORD.finditer(text):
        start, end = match.span()
        while at < len(scored) and scored[at][1] <= start:
            at += 1
        over = []
        for a, b, row in scored[at:]:
            if a >= end:
                break
            if a < end and start < b:
                over.append(row)
        if over:
            worst = min(over, key=lambda row: float(row[0]))
            out.append(Word(start, end, 1 - float(worst[0]), tuple(float(c) for c in worst[1:])))
    return out

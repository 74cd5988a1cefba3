"""Pieces of a garbled sentence with a class each, for the token tagger.

SentencePiece joins runs of white space and normalises some characters, so offsets are our own: no piece
of the vocabulary crosses white space, hence each run of other characters is encoded alone and its pieces
are laid along it. Where normalisation has changed a run, every piece of it covers the whole run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sentencepiece

from vn_repair.types import Label

RUN = re.compile(r"\S+")
SPACE = "\u2581"
CLASS_OF = {label: number for number, label in enumerate(Label, 1)}


class PieceLabels:
    """Encodes text as the model's tokenizer does, with the offsets of every piece; runs are remembered."""

    def __init__(self, processor: sentencepiece.SentencePieceProcessor) -> None:
        self.processor = processor
        self.known: dict[str, list[tuple[int, int, int]]] = {}

    def _run(self, run: str) -> list[tuple[int, int, int]]:
        """(id, start, end) of the pieces of a run without white space; offsets into the run."""
        if (found := self.known.get(run)) is not None:
            return found
        ids, pieces = self.processor.encode(run), self.processor.encode(run, out_type=str)
        bare = [p.replace(SPACE, "") for p in pieces]
        out, at = [], 0
        exact = "".join(bare) == run
        for number, piece in zip(ids, bare, strict=True):
            out.append((number, at, at + len(piece)) if exact else (number, 0, len(run)))
            at += len(piece)
        if len(self.known) < 200_000:
            self.known[run] = out
        return out

    def pieces(self, text: str) -> list[tuple[int, int, int]]:
        """(id, start, end) of every piece of `text`; offsets into it. A lone space mark covers nothing."""
        return [(i, m.start() + a, m.start() + b) for m in RUN.finditer(text) for i, a, b in self._run(m.group())]

    def labelled(self, text: str, spans: Sequence[tuple[int, int, Label]]) -> tuple[list[int], list[int]]:
        """Ids of the pieces of `text` and their classes: 0 fine, else `CLASS_OF` of the span that they overlap.

        `spans` are sorted (start, end, label) that do not overlap. An empty piece (the lone space mark before a run)
        goes with the piece after it.
        """
        ids: list[int] = []
        classes: list[int] = []
        at = 0
        for number, start, end in self.pieces(text):
            while at < len(spans) and spans[at][1] <= start:
                at += 1
            ids.append(number)
            hit = at < len(spans) and spans[at][0] < max(end, start + 1)
            classes.append(CLASS_OF[spans[at][2]] if hit else 0)
        return ids, classes

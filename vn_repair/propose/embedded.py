"""The embedded model: translate, rewrite and infill on CTranslate2, int8, no torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from pathlib import Path
from typing import Any

import regex

from vn_repair.markers import MARKER_IDS, OPENERS, PLACEHOLDERS, REWRITE, TARGET, mark
from vn_repair.placeholders import Slot, mask, render, slots, unmask
from vn_repair.propose.calibration import FILE, load_calibration
from vn_repair.propose.long_texts import translate_in_parts, window
from vn_repair.propose.lost_slots import lost_slots
from vn_repair.propose.model_files import check_model, default_model
from vn_repair.propose.request import Candidate, InfillRequest, Translation

LETTER = regex.compile(r"\p{L}")
LONGEST_SOURCE = 400  # pieces; positions end at 510
BATCH = 32


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Decoded pieces and the mean log-probability a piece."""

    pieces: list[str]
    score: float


class EmbeddedModel:
    """The model in `folder` (default: the shipped one); weights load at the first use.

    `threads` is the number of CPU cores. Raises `InputError` if files are missing or damaged.
    """

    name = "embedded"

    def __init__(self, folder: Path | None = None, threads: int = 2) -> None:
        self.folder = folder or default_model()
        self.threads = threads
        self.manifest = check_model(self.folder)

    @cached_property
    def processor(self) -> Any:
        """The SentencePiece model."""
        import sentencepiece

        return sentencepiece.SentencePieceProcessor(model_file=str(self.folder / "ctranslate2" / "sentencepiece.model"))

    @cached_property
    def translator(self) -> Any:
        """The CTranslate2 model, one worker a core."""
        import ctranslate2

        return ctranslate2.Translator(
            str(self.folder / "ctranslate2"),
            device="cpu",
            compute_type="int8",
            inter_threads=max(1, self.threads),
            intra_threads=1,
        )

    @cached_property
    def chance(self) -> Callable[[float], float]:
        """From raw confidence to the chance that an edit is right for the better part (measured on infilling)."""
        return load_calibration(self.folder / "ctranslate2" / FILE)

    def info(self) -> dict[str, Any]:
        """Model id, checksum, backend and device, for `vn-repair info` and run signatures."""
        return {
            "model": self.manifest["id"],
            "checksum": self.manifest["checksum"],
            "backend": "ctranslate2 int8",
            "device": "cpu",
            "threads": self.threads,
        }

    def pieces(self, parts: Sequence[str]) -> list[str]:
        """Source pieces of runs of text and markers, begin and end pieces included."""
        out = ["<s>"]
        for part in parts:
            if part in MARKER_IDS:
                out.append(part)
            elif part.strip():
                out.extend(self.processor.encode(part.strip(), out_type=str))
        return [*out, "</s>"]

    def decode(self, sources: list[list[str]], beam: int, count: int, longest: list[int]) -> list[list[Hypothesis]]:
        """n-best hypotheses for each source; sources of like length share a batch.

        `longest` bounds the output of each source in pieces, so that a loop ends early.
        """
        out: list[list[Hypothesis]] = [[] for _ in sources]
        order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
        under_way: list[tuple[list[int], Any]] = []
        for at in range(0, len(order), BATCH):
            group = order[at : at + BATCH]
            # All batches are handed over before the first is waited for: each core takes one.
            results = self.translator.translate_batch(
                [sources[i] for i in group],
                beam_size=beam,
                num_hypotheses=min(count, beam),
                return_scores=True,
                max_decoding_length=max(longest[i] for i in group),
                max_batch_size=BATCH,
                batch_type="examples",
                repetition_penalty=1.0,
                no_repeat_ngram_size=0,
                disable_unk=True,
                asynchronous=True,
            )
            under_way.append((group, results))
        for group, results in under_way:
            for i, waiting in zip(group, results, strict=True):
                result = waiting.result()
                out[i] = [Hypothesis(p, s) for p, s in zip(result.hypotheses, result.scores, strict=True)]
        return out

    def translate(self, texts: Sequence[str], to: str, beam: int = 2) -> list[Translation]:
        """One translation a text, in order; numbers, dates and names travel as placeholders.

        Of the hypotheses, the best that carries all placeholders over is taken; where none does,
        the best of all is, and `lost` says what is missing. Too long a text is translated in parts.
        """
        return translate_in_parts(texts, self.fits, lambda parts: self._translate(parts, to, beam))

    def fits(self, text: str) -> bool:
        """Whether the model takes `text` whole, with a few markers."""
        room = LONGEST_SOURCE - 4
        return len(text.encode()) <= room or len(self.pieces([text])) <= room

    def _translate(self, texts: Sequence[str], to: str, beam: int) -> list[Translation]:
        masked = [mask(t, slots(t, "en" if to == "vi" else "vi")[: len(PLACEHOLDERS)]) for t in texts]
        # A line of names and figures alone (a byline, a date) needs no model.
        wanted = [i for i, (parts, _) in enumerate(masked) if LETTER.search("".join(set(parts) - set(PLACEHOLDERS)))]
        sources = [self.pieces([TARGET[to], *masked[i][0]])[:LONGEST_SOURCE] for i in wanted]
        found = self.decode(sources, beam, beam, [min(LONGEST_SOURCE, 2 * len(s) + 12) for s in sources])
        out = [
            Translation("".join(render(text, table[p], to) if p in table else p for p in parts), 1.0)
            for text, (parts, table) in zip(texts, masked, strict=True)
        ]
        for i, hypotheses in zip(wanted, found, strict=True):
            out[i] = self._best(hypotheses, masked[i][1], texts[i], to)
        return out

    def _best(self, hypotheses: list[Hypothesis], table: dict[str, Slot], text: str, to: str) -> Translation:
        def missing(h: Hypothesis) -> int:
            return sum(h.pieces.count(marker) != 1 for marker in table) + sum(
                p in PLACEHOLDERS and p not in table for p in h.pieces
            )

        best = min(hypotheses, key=lambda h: (missing(h), -h.score))
        parts: list[str] = []
        run: list[str] = []
        for piece in [*best.pieces, ""]:
            if piece and piece not in PLACEHOLDERS:
                run.append(piece)
                continue
            parts += [self.processor.decode(run), piece]
            run = []
        plain = unmask(parts, {marker: render(text, slot, to) for marker, slot in table.items()})
        lost = tuple(text[s.start : s.end] for m, s in table.items() if best.pieces.count(m) != 1)
        if len(table) == len(PLACEHOLDERS):  # further ones went through the model as they are
            lost = lost_slots(text, plain, to)
        return Translation(plain, exp(best.score), lost)

    def rewrite(self, texts: Sequence[str], lang: str, beam: int = 4) -> list[list[Candidate]]:
        """n-best rewritings of whole garbled segments; none of one that is too long."""
        taken = [i for i, text in enumerate(texts) if self.fits(text)]
        sources = [self.pieces([TARGET[lang], REWRITE, texts[i]]) for i in taken]
        out: list[list[Candidate]] = [[] for _ in texts]
        found = self.decode(sources, beam, beam, [int(1.3 * len(s)) + 8 for s in sources])
        for i, hypotheses in zip(taken, found, strict=True):
            out[i] = [Candidate(self.processor.decode(h.pieces), self.chance(exp(h.score))) for h in hypotheses]
        return out

    def infill(self, requests: Sequence[InfillRequest], beam: int = 4) -> list[list[list[Candidate]]]:
        """For each request and each of its spans, candidate replacements, best first, no two equal.

        A request marks at most four spans; a candidate equal to the marked text says that the model
        would keep it.
        """
        sources, limits = [], []
        for request in requests:
            source = self.pieces(mark(request.text, request.spans, request.lang))
            if len(source) > LONGEST_SOURCE:
                near = window(request)
                source = self.pieces(mark(near.text, near.spans, near.lang))
            sources.append(source[:LONGEST_SOURCE])
            inside = sum(len(self.processor.encode(request.text[a:b])) for a, b in request.spans)
            limits.append(2 * inside + 8 * len(request.spans) + 8)
        found = self.decode(sources, beam, beam, limits)
        return [self._by_span(hypotheses, len(r.spans)) for hypotheses, r in zip(found, requests, strict=True)]

    def _by_span(self, hypotheses: list[Hypothesis], count: int) -> list[list[Candidate]]:
        out: list[list[Candidate]] = [[] for _ in range(count)]
        for hypothesis in hypotheses:
            runs: dict[int, list[str]] = {}
            at = -1
            for piece in hypothesis.pieces:
                if piece in OPENERS:
                    at = OPENERS.index(piece)
                    runs.setdefault(at, [])
                elif at >= 0:
                    runs[at].append(piece)
            for span, pieces in runs.items():
                text = self.processor.decode([p for p in pieces if p not in MARKER_IDS]).strip()
                if span < count and all(c.text != text for c in out[span]):
                    out[span].append(Candidate(text, self.chance(exp(hypothesis.score))))
        return out

"""The stages in order: segment → detect → propose → verify, for one article at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from vn_repair.detect.merge import merge_spans
from vn_repair.detect.registry import detectors, find_spans
from vn_repair.detect.view import View
from vn_repair.markers import MAX_SPANS
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.propose.request import Candidate, InfillRequest, Proposer
from vn_repair.propose.rules import rule_edits
from vn_repair.propose.translate_text import translate_text, translate_whole
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, Edit, InputError, Repair, Segment, Span, Status, apply_edits
from vn_repair.verify.decide import choose, decide
from vn_repair.verify.gates import Case

MIN_CONFIDENCE = 0.5
# A segment of which this share is suspicious is rewritten whole; a span that strong stays one even if the model would
# keep it.
REWRITE_SHARE = 0.6
SURE = 0.75
LINES_AT_ONCE = 64
SEGMENTS_KEPT = 2000


def detect_article(article: Article, *, rules_only: bool = False, off: Iterable[str] = ()) -> list[Span]:
    """Spans of an article, sorted, no two overlapping; `off` names detectors to leave out.

    Detection is by rules throughout in this version; `rules_only` is here for callers that must not
    load a model whatever comes.
    """
    spans = merge_spans(article.text, find_spans(View(article, segment(article)), off))
    for span in spans:
        if not 0 <= span.start < span.end <= len(article.text):
            raise AssertionError(f"{span.detector}: offsets {span.start}:{span.end} lie outside the text")
    return spans


def _says_something(candidate: str, surface: str) -> bool:
    """Whether a model's answer can stand for `surface`: other text, on one line, no deletion."""
    return bool(candidate.strip()) and candidate != surface and len(candidate.splitlines()) == 1


class Repairer:
    """Repairs articles and translates lines with one model, loaded at the first use.

    `model_dir` is a model folder (default: the shipped one), `rules_only` leaves the model out,
    `off` names detectors to leave out, `min_confidence` (0–1) is the dial below which an edit is
    left for review. Raises `InputError` for a missing or damaged model or an unknown detector id.
    """

    def __init__(
        self,
        model_dir: Path | None = None,
        rules_only: bool = False,
        off: Iterable[str] = (),
        min_confidence: float = MIN_CONFIDENCE,
        proposer: Proposer | None = None,
    ) -> None:
        self.rules_only, self.off, self.min_confidence = rules_only, tuple(off), min_confidence
        self.model_dir, self._given = model_dir, proposer
        self._found: dict[tuple[str, str], list[Span]] = {}
        known = {d.id for d in detectors()}
        for name in self.off:
            if name not in known:
                raise InputError(f"--off {name}: no such detector; `vn-repair info` lists their ids")

    @cached_property
    def proposer(self) -> Proposer:
        """The model behind repairs and translations."""
        return self._given or EmbeddedModel(self.model_dir)

    def detect(self, article: Article) -> list[Span]:
        """Spans of an article, see `detect_article`."""
        return detect_article(article, rules_only=self.rules_only, off=self.off)

    def repair(self, article: Article) -> Repair:
        """The article with its spans, decided edits, corrected Vietnamese and clean English.

        With `rules_only` the language that the article is not in stays empty.
        """
        segments = segment(article)
        spans = self.detect(article)
        cases = [
            [self._case(article, segments, edit, self._answered(edit, spans))]
            for edit in rule_edits(article.text, spans)
        ]
        kept_spans = spans
        if not self.rules_only:
            taken = [c[0].edit for c in cases]
            model_cases, dropped = self._model_cases(article, segments, spans, taken)
            kept_spans = [s for s in spans if s not in dropped]
            cases += model_cases
        edits = sorted((choose(c) for c in cases), key=lambda e: e.start)
        corrected = apply_edits(article.text, edits)
        other, notes = "", tuple[str, ...]()
        if not self.rules_only:
            target = EN if article.lang == VI else VI
            # A proposer that cannot do all tasks says which it can.
            if f"translate_{target}" in self.proposer.info().get("tasks", (f"translate_{target}",)):
                other, notes = translate_text(replace(article, text=corrected), target, self.proposer)
            else:
                notes = (f"{target}: {self.proposer.name} does not translate to {target}",)
        vi, en = (corrected, other) if article.lang == VI else (other, corrected)
        return Repair(article, tuple(kept_spans), tuple(edits), vi, en, tuple(notes))

    def _answered(self, edit: Edit, spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(s for s in spans if s.start < edit.end and edit.start < s.end)

    def _case(self, article: Article, segments: Sequence[Segment], edit: Edit, spans: tuple[Span, ...]) -> Case:
        home = next(
            (s for s in segments if s.start <= edit.start and edit.end <= s.end),
            Segment(edit.start, edit.end, article.lang),
        )
        return Case(article, edit, spans, home, self.min_confidence, self._find)

    def _find(self, article: Article) -> list[Span]:
        """Spans of a segment before or after an edit; the segment before is asked for again and again."""
        key = (article.lang, article.text)
        if key not in self._found:
            if len(self._found) >= SEGMENTS_KEPT:
                self._found.clear()
            self._found[key] = self.detect(article)
        return self._found[key]

    def _model_cases(
        self, article: Article, segments: Sequence[Segment], spans: Sequence[Span], taken: Sequence[Edit]
    ) -> tuple[list[list[Case]], set[Span]]:
        """Cases for the model's proposals, and spans that the model clears as false alarms."""
        requests: list[tuple[Segment, list[Span]]] = []
        rewrites: list[tuple[Segment, list[Span]]] = []
        for home in segments:
            inside = [s for s in spans if home.start <= s.start and s.end <= home.end]
            known = [s for s in inside if any(e.start < s.end and s.start < e.end for e in taken)]
            unknown = [s for s in inside if s not in known]
            if not unknown:
                continue
            # A rule's edit may reach in from a span that crosses the segment's border.
            free = not any(e.start < home.end and home.start < e.end for e in taken)
            if free and sum(s.end - s.start for s in unknown) > REWRITE_SHARE * (home.end - home.start):
                rewrites.append((home, unknown))
                continue
            for at in range(0, len(unknown), MAX_SPANS):
                requests.append((home, unknown[at : at + MAX_SPANS]))
        cases: list[list[Case]] = []
        dropped: set[Span] = set()
        answers = (
            self.proposer.infill(
                [
                    InfillRequest(
                        article.text[h.start : h.end],
                        tuple((s.start - h.start, s.end - h.start) for s in group),
                        article.lang,
                    )
                    for h, group in requests
                ]
            )
            if requests
            else []
        )
        for (_, group), by_span in zip(requests, answers, strict=True):
            for span, candidates in zip(group, by_span, strict=True):
                surface = article.text[span.start : span.end]
                if candidates and candidates[0].text == surface and span.score < SURE:
                    dropped.add(span)
                    continue
                options = [
                    self._case(article, segments, edit, (span,)) for edit in self._edits(article.text, span, candidates)
                ]
                if options:
                    cases.append(options)
        texts = [article.text[h.start : h.end] for h, _ in rewrites]
        found = self.proposer.rewrite(texts, article.lang) if texts else []
        for (home, group), candidates in zip(rewrites, found, strict=True):
            options = [
                self._case(
                    article, segments, Edit(home.start, home.end, c.text, self.proposer.name, c.score), tuple(group)
                )
                for c in candidates
                if _says_something(c.text, article.text[home.start : home.end])
            ]
            if options:
                cases.append(options)
        return cases, dropped

    def _edits(self, text: str, span: Span, candidates: Sequence[Candidate]) -> Iterator[Edit]:
        for candidate in candidates:
            if _says_something(candidate.text, text[span.start : span.end]):
                yield Edit(span.start, span.end, candidate.text, self.proposer.name, candidate.score)

    def translate(self, lines: Iterable[str], to: str) -> Iterator[str]:
        """One line of the other language a line, in order; a blank line stays one.

        `to` is `"en"` or `"vi"`; anything else raises `InputError`.
        """
        if to not in (EN, VI):
            raise InputError(f"--to {to}: no such target language; use --to en or --to vi")
        lines = iter(lines)
        while batch := list(islice(lines, LINES_AT_ONCE)):
            full = [line.strip() for line in batch if line.strip()]
            done = iter(translate_whole(full, to, self.proposer) if full else [])
            for line in batch:
                yield next(done).text if line.strip() else ""

    def info(self) -> dict[str, Any]:
        """Model id, checksum, backend, device and the detectors that are on."""
        on = [d.id for d in detectors() if d.id not in self.off]
        model = {"model": None, "backend": "rules only"} if self.rules_only else self.proposer.info()
        return {**model, "detectors": on, "min_confidence": self.min_confidence}


__all__ = ["MIN_CONFIDENCE", "Repairer", "Status", "decide", "detect_article"]

"""The stages in order: segment → detect → propose → verify, for one article at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

from vn_repair.by_place import ByPlace
from vn_repair.detect.merge import beside, merge_spans
from vn_repair.detect.registry import detectors, running
from vn_repair.detect.view import View
from vn_repair.fluency.load import load_fluency
from vn_repair.ignore import Marked, marked_places, not_ignored
from vn_repair.markers import MAX_SPANS
from vn_repair.page_marks import as_marked
from vn_repair.placeholders import plain_names
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.propose.request import Candidate, InfillRequest, Proposer
from vn_repair.propose.rules import deletion_bounds, rule_edits
from vn_repair.propose.translate_text import translate_text, translate_whole
from vn_repair.read.protected import outside
from vn_repair.segment import segment
from vn_repair.settings import DEFAULT_MIN_CONFIDENCE, MODEL_DETECTORS, Settings, changed
from vn_repair.span_scores import calibrated
from vn_repair.stats import CUTTING, Stats, work_out
from vn_repair.types import EN, VI, Article, Edit, InputError, Repair, Segment, Span, Status, apply_edits
from vn_repair.verify.decide import choose, decide
from vn_repair.verify.gates import Case

MIN_CONFIDENCE = DEFAULT_MIN_CONFIDENCE
# A segment of which this share is suspicious is rewritten whole; a span that strong stays one even if the model would
# keep it.
REWRITE_SHARE = 0.6
SURE = 0.75
KNOWN = 0.5  # score of a rule's span from which it speaks of the text around it
LINES_AT_ONCE = 64
FLUENCY_THREADS = 2  # cores for the tagger, unless the model was given its own
SEGMENTS_KEPT = 2000


# A detector that needs a model: spans of an article cut into segments, for all segments at once; told what rules found.
Fluency = Callable[[Article, Sequence[Segment], Sequence[Span]], list[Span]]


def gather_spans(article: Article, segments: Sequence[Segment], settings: Settings, fluency: Fluency | None = None,
                 stats: Stats | None = None) -> list[Span]:
    """The spans of all detectors that are on, with calibrated scores; they may overlap, and come in no order.

    `fluency` is asked too if one of `MODEL_DETECTORS` is on.
    """
    view = View(article, segments)
    text = article.text
    found: list[Span] = []
    if stats is not None:
        stats.timed(CUTTING, text, partial(work_out, view))
    for detector in running(view.lang, tuple(settings.off), tuple(settings.on), tuple(settings.only)):
        found += stats.timed(detector.id, text, partial(detector.find, view)) if stats else detector.find(view)
    if fluency is not None and any(settings.runs(name) for name in MODEL_DETECTORS):
        ask = partial(fluency, article, segments, [span for span in found if span.score >= KNOWN])
        told = stats.timed(MODEL_DETECTORS[0], text, ask) if stats else ask()
        found += [span for span in told if settings.runs(span.detector)]
    return outside(article, [calibrated(span) for span in found])


def select_spans(text: str, spans: Iterable[Span], settings: Settings, marked: Sequence[Marked] = ()) -> list[Span]:
    """The spans of `text` that are shown: not ignored, of a sufficient score; sorted, no two overlapping.

    `marked` are ignored places that no comment in `text` tells.

    The threshold goes before the merging, so that a weak span never hides a strong one that it overlaps.
    """
    strong = [span for span in spans if span.score >= settings.threshold]
    left = not_ignored(text, strong, settings.ignore, marked)
    known = merge_spans(text, [span for span in left if span.detector not in MODEL_DETECTORS])
    doubts = beside(text, [span for span in left if span.detector in MODEL_DETECTORS], known)
    return sorted([*known, *doubts], key=lambda span: span.start)


def _marked_in_source(article: Article) -> list[Marked]:
    """Places that were marked as ignored in the page that the article was read from."""
    return as_marked(article.ignored)


def detect_article(article: Article, *, rules_only: bool = False, off: Iterable[str] = (),
                   settings: Settings | None = None, fluency: Fluency | None = None,
                   stats: Stats | None = None) -> list[Span]:
    """Spans of an article, sorted, no two overlapping.

    `settings` say what to look for and how much to show (default: `Settings()`, no file is read); `off` names further
    detectors to leave out. `fluency` finds spans by a model, unless `rules_only`; `stats` collects what each detector
    cost and found. Raises `InputError` for an ignored regular expression that does not come to an end.
    """
    settings = settings or Settings()
    if off:
        settings = replace(settings, off=(*settings.off, *off))
    found = gather_spans(article, segment(article), settings, None if rules_only else fluency, stats)
    spans = select_spans(article.text, found, settings, _marked_in_source(article))
    for span in spans:
        if not 0 <= span.start < span.end <= len(article.text):
            raise AssertionError(f"{span.detector}: offsets {span.start}:{span.end} lie outside the text")
    if stats is not None:
        stats.show(spans)
    return spans


def _says_something(candidate: str, surface: str) -> bool:
    """Whether a model's answer can stand for `surface`: other text on one line, or nothing at all (a deletion)."""
    return not candidate or (bool(candidate.strip()) and candidate != surface and len(candidate.splitlines()) == 1)


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order; a deletion that took along a space which the edit before it took too gives that back."""
    out: list[Edit] = []
    floor = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        out.append(replace(edit, start=max(edit.start, floor)) if not edit.replacement else edit)
        floor = max(floor, edit.end)
    return out


class Repairer:
    """Repairs articles and translates lines with one model, loaded at the first use.

    `model_dir` is a model folder (default: the shipped one), `rules_only` leaves the model out. `settings` say what to
    look for, how much to show and what to leave alone (default: `Settings()`); over them go `off`, detectors to leave
    out, and `min_confidence` (0–1), the dial below which an edit is left for review. `fluency` finds spans by a model
    (default: the tagger of the model folder).
    Raises `InputError` for a missing or damaged model or an unknown detector id.
    """

    def __init__(
        self,
        model_dir: Path | None = None,
        rules_only: bool = False,
        off: Iterable[str] = (),
        min_confidence: float | None = None,
        proposer: Proposer | None = None,
        *,
        settings: Settings | None = None,
        fluency: Fluency | None = None,
    ) -> None:
        self.settings = changed(settings or Settings(), off=off, min_confidence=min_confidence)
        self.rules_only, self.min_confidence = rules_only, self.settings.min_confidence
        self.model_dir, self._given, self._fluency = model_dir, proposer, fluency
        self._found: dict[tuple[str, str], list[Span]] = {}

    @cached_property
    def proposer(self) -> Proposer:
        """The model behind repairs and translations."""
        return self._given or EmbeddedModel(self.model_dir)

    @cached_property
    def fluency(self) -> Fluency | None:
        """What finds spans by a model: what was given, or the tagger of the model folder if it has one."""
        if self.rules_only:
            return None
        return self._fluency or load_fluency(self.model_dir, getattr(self._given, "threads", FLUENCY_THREADS))

    def detect(self, article: Article) -> list[Span]:
        """Spans of an article, see `detect_article`."""
        return detect_article(article, rules_only=self.rules_only, settings=self.settings, fluency=self.fluency)

    def repair(self, article: Article) -> Repair:
        """The article with its spans, decided edits, corrected Vietnamese and clean English.

        With `rules_only` the language that the article is not in stays empty.
        """
        segments = ByPlace(segment(article))
        spans = self.detect(article)
        by_place = ByPlace(spans)
        cases = [
            [self._case(article, segments, edit, tuple(by_place.touching(edit.start, edit.end)))]
            for edit in rule_edits(article.text, spans)
        ]
        kept_spans = spans
        if not self.rules_only:
            taken = [c[0].edit for c in cases]
            model_cases, dropped = self._model_cases(article, segments, spans, taken)
            kept_spans = [s for s in spans if s not in dropped]
            cases += model_cases
        edits = _apart(choose(c) for c in cases)
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

    def _case(self, article: Article, segments: ByPlace[Segment], edit: Edit, spans: tuple[Span, ...]) -> Case:
        home = segments.around(edit.start, edit.end) or Segment(edit.start, edit.end, article.lang)
        return Case(article, edit, spans, home, self.min_confidence, self._find)

    def _find(self, article: Article) -> list[Span]:
        """Spans of a segment before or after an edit, by rules; the segment before is asked for again and again."""
        key = (article.lang, article.text)
        if key not in self._found:
            if len(self._found) >= SEGMENTS_KEPT:
                self._found.clear()
            self._found[key] = detect_article(article, rules_only=True, settings=self.settings)
        return self._found[key]

    def _model_cases(
        self, article: Article, segments: ByPlace[Segment], spans: Sequence[Span], taken: Sequence[Edit]
    ) -> tuple[list[list[Case]], set[Span]]:
        """Cases for the model's proposals, and spans that the model clears as false alarms."""
        requests: list[tuple[Segment, list[Span]]] = []
        rewrites: list[tuple[Segment, list[Span]]] = []
        found_at, edited = ByPlace(spans), ByPlace(taken)
        protected = ByPlace([*marked_places(article.text), *_marked_in_source(article)])
        for home in segments.items:
            inside = list(found_at.inside(home.start, home.end))
            unknown = [s for s in inside if not any(edited.touching(s.start, s.end))]
            if not unknown:
                continue
            # A rule's edit may reach in from a span that crosses the segment's border,
            # and a place marked as ignored must not be rewritten.
            free = not any(edited.touching(home.start, home.end)) and not any(protected.touching(home.start, home.end))
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
                if c.text and _says_something(c.text, article.text[home.start : home.end])
            ]
            if options:
                cases.append(options)
        return cases, dropped

    def _edits(self, text: str, span: Span, candidates: Sequence[Candidate]) -> Iterator[Edit]:
        for candidate in candidates:
            if _says_something(candidate.text, text[span.start : span.end]):
                start, end = (span.start, span.end) if candidate.text else deletion_bounds(text, span.start, span.end)
                yield Edit(start, end, candidate.text, self.proposer.name, candidate.score)

    def translate(self, lines: Iterable[str], to: str, *, accents: bool = False) -> Iterator[str]:
        """One line of the other language a line, in order; a blank line stays one.

        Vietnamese names in English are written without accents, as most press English and all public test sets do,
        unless `accents`; the translations of articles keep them. `to` is `"en"` or `"vi"`; anything else raises
        `InputError`.
        """
        if to not in (EN, VI):
            raise InputError(f"--to {to}: no such target language; use --to en or --to vi")
        lines = iter(lines)
        while batch := list(islice(lines, LINES_AT_ONCE)):
            full = [line.strip() for line in batch if line.strip()]
            done = iter(translate_whole(full, to, self.proposer) if full else [])
            for line in batch:
                text = next(done).text if line.strip() else ""
                yield plain_names(text, line) if to == EN and not accents else text

    def info(self) -> dict[str, Any]:
        """Model id, checksum, backend, device and the detectors that are on."""
        on = [d.id for d in detectors() if self.settings.runs(d.id)]
        model = {"model": None, "backend": "rules only"} if self.rules_only else self.proposer.info()
        return {**model, "detectors": on, "sensitivity": self.settings.sensitivity,
                "min_confidence": self.min_confidence}


__all__ = ["MIN_CONFIDENCE", "Fluency", "Repairer", "Status", "decide", "detect_article", "gather_spans",
           "select_spans"]

"""English runs left in Vietnamese (error classes 1.1 and 1.2): two English words or more in a row.

Method: log-odds of each word between our Vietnamese and English counts, summed over the run
(`vn_repair.lexicon.evidence`). In 6.3 million words of clean news two English function words in a row
occur in titles of foreign works only.
"""

from __future__ import annotations

from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import ENGLISH_FUNCTION_WORDS
from vn_repair.lexicon.evidence import Run, anchors, english_runs
from vn_repair.lexicon.leaks import leak, rendering
from vn_repair.types import VI, Label, Severity, Span

AT_LEAST = 4.0  # summed log10 odds
TERM_AT_LEAST = 5.0  # the same, for a run without a function word: it may be a borrowed term
NEAR = 4000  # characters of an article that a repeated term is looked for in
CRITICAL_WORDS = 6  # from here on the sense of the clause is lost with the run


def is_run(run: Run) -> bool:
    """Whether the run holds two words that only English explains."""
    if run.words[-1].kind == "name":
        return True
    return len(run.sure) + sum((w.kind == "both" and w.odds > 0) or w.kind == "odd" for w in run.words) > 1 or (
        len(run.words) > 1 and run.odds >= AT_LEAST
    )


def _score(run: Run, repeated: bool) -> float:
    """Confidence that an editor would change the run; below 0.5 it is not reported."""
    function = sum(w.text.lower() in ENGLISH_FUNCTION_WORDS for w in run.words)
    if run.words[-1].text in {"up", "off", "in", "out"} and len(run.words) == 3 and run.words[1].text == "-":
        return 0.0  # start - up, check - in
    need = AT_LEAST if function else TERM_AT_LEAST
    if run.words[-1].kind == "name":
        return 0.8
    if run.odds < need or (not function and (repeated or run.words[0].opens)):
        return 0.0
    return min(0.99, 0.6 + 0.03 * run.odds + 0.05 * function)


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a word that a run is looked for around."""
    return anchors(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each whole run, with a suggestion where the run is a known phrase."""
    speaking = frozenset(word for chunk in view.signs[DETECTOR.id] for word in anchors(chunk))
    for run in english_runs(view.text, speaking):
        if not is_run(run):
            continue
        surface = view.text[run.start : run.end]
        score = _score(run, view.text.count(surface, max(0, run.start - NEAR), run.end + NEAR) > 1)
        if score < 0.5:
            continue
        left = run.before.text if run.before and not run.words[0].opens else ""
        row = leak(surface, left, run.after.text if run.after else "")
        severity = Severity.CRITICAL if len(run.words) >= CRITICAL_WORDS else Severity.MAJOR
        yield Span(run.start, run.end, Label.UNTRANSLATED, severity, round(score, 2), DETECTOR.id,
                   "English words in a row inside Vietnamese", rendering(row, surface) or None)


DETECTOR = Detector("untranslated.foreign_run", frozenset({VI}), "English runs inside Vietnamese text", find, sign)

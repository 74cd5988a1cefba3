"""From word scores to spans: phrases that respect word borders, each with a label and a calibrated score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vn_repair.fluency.tagger import LABELS, Tagger, Word
from vn_repair.types import Article, Label, Segment, Severity, Span

DETECTOR = "fluency.tagger"
MINOR = {Label.PUNCTUATION, Label.SPELLING, Label.NUMBER_FORMAT, Label.SPUN_SYNONYM, Label.FOOTNOTE_RESIDUE}
# Blocks that are not content are for rules; a sentence at a time shows nothing of them.
NOT_TAGGED = {Label.BOILERPLATE, Label.DUPLICATE}


@dataclass(frozen=True, slots=True)
class Borders:
    """Where a phrase starts and ends: it needs a word of at least `peak` and takes in neighbours from `edge` on."""

    peak: float = 0.3
    edge: float = 0.25


def phrases(words: Sequence[Word], borders: Borders) -> list[list[Word]]:
    """Runs of neighbouring suspicious words, none of them made of signs alone unless the sign is what is wrong."""
    out: list[list[Word]] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and word.chance >= borders.edge:
            run.append(word)
            continue
        if run and max(w.chance for w in run) >= borders.peak:
            out.append(run)
        run = []
    return out


def label_of(run: Sequence[Word]) -> Label:
    """The label with the greatest share of the run's suspicion."""
    sums = [sum(w.labels[i] for w in run) for i in range(len(LABELS))]
    return max(
        (s, -i, label) for i, (s, label) in enumerate(zip(sums, LABELS, strict=True)) if label not in NOT_TAGGED
    )[2]


def raw_score(run: Sequence[Word]) -> float:
    """How suspicious a run is, uncalibrated: the mean of its most suspicious word and of all its words."""
    return (max(w.chance for w in run) + sum(w.chance for w in run) / len(run)) / 2


class FluencyDetector:
    """Spans of an article by the tagger; `chance` turns raw scores into the share of such spans that are right."""

    def __init__(self, tagger: Tagger, borders: Borders, chance: Callable[[float, str], float]) -> None:
        self.tagger, self.borders, self.chance = tagger, borders, chance

    def __call__(self, article: Article, segments: Sequence[Segment]) -> list[Span]:
        """Spans in order, none overlapping another, each within one segment."""
        texts = [article.text[s.start : s.end] for s in segments]
        found = dict(zip(dict.fromkeys(texts), self.tagger.tag(list(dict.fromkeys(texts))), strict=True))
        out = []
        for segment, text in zip(segments, texts, strict=True):
            for run in phrases(found[text], self.borders):
                label = label_of(run)
                severity = Severity.MINOR if label in MINOR else Severity.MAJOR
                score = self.chance(raw_score(run), article.lang)
                out.append(
                    Span(
                        segment.start + run[0].start,
                        segment.start + run[-1].end,
                        label,
                        severity,
                        score,
                        DETECTOR,
                        f"reads like {str(label).replace('_', ' ')}: an editor would probably change this",
                    )
                )
        return out

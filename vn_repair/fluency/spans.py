"""From word scores to spans: phrases that respect word borders, each with a label and a calibrated score."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vn_repair.by_place import ByPlace
from vn_repair.fluency.dial import Dial, Surroundings, features
from vn_repair.fluency.tagger import LABELS, Tagger, Word
from vn_repair.lexicon import ENGLISH_FUNCTION_WORDS
from vn_repair.lexicon.counts import vietnamese_frequency
from vn_repair.lexicon.verbatim import ENCLOSED, VERBATIM, Cover
from vn_repair.types import VI, Article, Label, Segment, Severity, Span

DETECTOR = "fluency.tagger"
LOAN_FROM = 0.7  # uses in a million words of clean Vietnamese, small letters
MINOR = {Label.PUNCTUATION, Label.SPELLING, Label.NUMBER_FORMAT, Label.SPUN_SYNONYM, Label.FOOTNOTE_RESIDUE}
# Blocks that are not content are for rules; a sentence at a time shows nothing of them.
NOT_TAGGED = {Label.BOILERPLATE, Label.DUPLICATE}
# What clean articles hold as well.
ELSEWHERE_TOO = {
    *NOT_TAGGED, Label.PUNCTUATION, Label.MOJIBAKE, Label.LOST_DIACRITICS, Label.SPELLING, Label.FOOTNOTE_RESIDUE
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring suspicious words of one segment: offsets in the article, and the features that the dial reads."""

    start: int
    end: int
    words: tuple[Word, ...]
    features: tuple[float, ...]


def phrases(words: Sequence[Word], peak: float, edge: float) -> list[list[Word]]:
    """Runs of neighbouring words of at least `edge`, each with one of at least `peak`."""
    out: list[list[Word]] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and word.chance >= edge:
            run.append(word)
            continue
        if run and max(w.chance for w in run) >= peak:
            out.append(run)
        run = []
    return out


def label_of(run: Sequence[Word]) -> Label:
    """The label with the greatest share of the run's suspicion."""
    return max((label for label in LABELS if label not in NOT_TAGGED), key=lambda label: share(run, label))


def share(run: Sequence[Word], label: Label) -> float:
    """How much of a run's suspicion falls to a label."""
    return sum(w.labels[LABELS.index(label)] for w in run)


def telling(span: Span) -> bool:
    """Whether a finding of a rule speaks of bad translation: page furniture and typing slips are in sound text too."""
    return span.label not in ELSEWHERE_TOO and span.detector != DETECTOR


def borrowed(text: str) -> bool:
    """Whether every word of a Vietnamese phrase is an English one that clean Vietnamese uses ("show", "size")."""
    words = text.lower().split()
    return all(w.isascii() and w not in ENGLISH_FUNCTION_WORDS and vietnamese_frequency(w) >= LOAN_FROM for w in words)


def find_phrases(
    article: Article, segments: Sequence[Segment], tagger: Tagger, borders: tuple[float, float], known: Sequence[Span]
) -> Iterator[Phrase]:
    """The phrases of an article, in order; `borders` are peak and edge, `known` the findings of rules."""
    texts = [article.text[s.start : s.end] for s in segments]
    distinct = list(dict.fromkeys(texts))
    found = dict(zip(distinct, tagger.tag(distinct), strict=True))
    starts = sorted(span.start for span in known if telling(span))
    inside = [bisect_left(starts, s.end) - bisect_left(starts, s.start) for s in segments]
    count, places = sum(len(found[t]) for t in texts), ByPlace(known)
    for segment, text, rules in zip(segments, texts, inside, strict=True):
        own = found[text]
        for run in phrases(own, *borders):
            start, end = segment.start + run[0].start, segment.start + run[-1].end
            here = rules - sum(telling(span) for span in places.touching(start, end))
            around = Surroundings(count, max(0, here), len(starts) - rules)
            yield Phrase(start, end, tuple(run), tuple(features(text, run, own, around)))


class FluencyDetector:
    """Spans of an article by the tagger, as a callable; `dials` hold the borders and weights of each language."""

    def __init__(self, tagger: Tagger, dials: Mapping[str, Dial]) -> None:
        self.tagger, self.dials = tagger, dials

    def __call__(self, article: Article, segments: Sequence[Segment], known: Sequence[Span] = ()) -> list[Span]:
        """Spans in order, none overlapping another, each within one segment; none in a language without a dial.

        `known` are findings of rules: where there are many, doubts weigh more.
        """
        dial = self.dials.get(article.lang)
        if dial is None:
            return []
        out = []
        copied, quoted = Cover(article.text, VERBATIM), Cover(article.text, ENCLOSED)
        for phrase in find_phrases(article, segments, self.tagger, (dial.peak, dial.edge), known):
            label = label_of(phrase.words)
            # Words of another language in quotation marks or brackets may well be rightly there.
            if phrase.start in copied or (label is Label.UNTRANSLATED and phrase.start in quoted):
                continue
            if label is Label.UNTRANSLATED and article.lang == VI and borrowed(article.text[phrase.start : phrase.end]):
                continue
            severity = Severity.MINOR if label in MINOR else Severity.MAJOR
            message = f"reads like {str(label).replace('_', ' ')}: an editor would probably change this"
            chance = dial.chance(phrase.features)
            out.append(Span(phrase.start, phrase.end, label, severity, chance, DETECTOR, message))
        return out

"""Named checks that an edit must pass; each says in one line why it fails.

A hard gate rejects the edit, a soft one leaves it for review.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from vn_repair.placeholders import slots, unaccented
from vn_repair.types import VI, Article, Edit, Label, Segment, Span

WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
DIGITS = regex.compile(r"\d+")
# Of both languages: debris is replaced by words of the other. ("no" is a Vietnamese word of its own.)
NEGATION = regex.compile(r"\b(?:không|chưa|chẳng|chả|not|never|cannot|without|neither|nor)\b|n['’]t\b", regex.I)
ACRONYM = regex.compile(r"\b\p{Lu}{2,6}\b")
ABOUT_NUMBERS = {Label.NUMBER_FORMAT, Label.FOOTNOTE_RESIDUE}
REMOVALS = {Label.DUPLICATE, Label.BOILERPLATE}


@lru_cache(maxsize=4)
def _words(text: str) -> frozenset[str]:
    return frozenset(w.lower() for w in WORD.findall(text))


@lru_cache(maxsize=4)
def _plain(text: str) -> str:
    return unaccented(text).lower()


@dataclass(frozen=True, slots=True)
class Case:
    """An edit in its place: the article, the spans that it answers and the segment around it."""

    article: Article
    edit: Edit
    spans: tuple[Span, ...]
    segment: Segment
    min_confidence: float
    find: Callable[[Article], list[Span]]

    @property
    def surface(self) -> str:
        """The text that the edit replaces."""
        return self.article.text[self.edit.start : self.edit.end]

    @property
    def labels(self) -> set[Label]:
        """Labels of the spans that the edit answers."""
        return {s.label for s in self.spans}

    @property
    def by_rule(self) -> bool:
        """Whether a rule proposed the edit."""
        return self.edit.proposer.startswith("rule:")


@dataclass(frozen=True, slots=True)
class Gate:
    """A check: `why` gives the reason for failing, or `None`."""

    name: str
    hard: bool
    why: Callable[[Case], str | None]


@lru_cache(maxsize=4)
def _protected(article: Article) -> list[tuple[int, int]]:
    from vn_repair.read.protected import protected

    return protected(article)


def addresses_kept(case: Case) -> str | None:
    """Addresses, and in Markdown code, link targets and tags, stay as they are; a rule may remove them whole."""
    from vn_repair.read.protected import broken

    text, start, end = case.article.text, case.edit.start, case.edit.end
    if cut := broken(_protected(case.article), start, end):
        return f"“{text[slice(*cut)][:60]}” would be broken"
    if case.edit.replacement or not case.by_rule:
        for low, high in _protected(case.article):
            if start <= low and high <= end and text[low:high] not in case.edit.replacement:
                return f"“{text[low:high][:60]}” would be lost"
    return None


def numbers_kept(case: Case) -> str | None:
    """Digits before and after are the same in the same order, unless the edit is about numbers or removes a block."""
    if case.labels & (ABOUT_NUMBERS | REMOVALS) and case.by_rule:
        return None
    before = Counter(DIGITS.findall(case.surface))
    after = Counter(DIGITS.findall(case.edit.replacement))
    if lost := before - after:
        return f"{' '.join(lost)} would be lost"
    if added := after - before:
        return f"{' '.join(added)} stands nowhere in the source span"
    if DIGITS.findall(case.surface) != DIGITS.findall(case.edit.replacement):
        return f"{' '.join(DIGITS.findall(case.surface))} would change order"
    return None


def negation_kept(case: Case) -> str | None:
    """What is denied stays denied, and nothing else comes to be."""
    if case.by_rule:
        return None
    before, after = (bool(NEGATION.search(t)) for t in (case.surface, case.edit.replacement))
    if before != after:
        return "a negation would be lost" if before else "a negation would come in"
    return None


def references_kept(case: Case) -> str | None:
    """Dates and legal references stay as they are."""
    if case.labels & REMOVALS and case.by_rule:
        return None
    lang = case.article.lang
    for slot in slots(case.surface, lang, names=False):
        if slot.kind in {"date", "reference"}:
            written = case.surface[slot.start : slot.end]
            if written.lower() not in case.edit.replacement.lower():
                return f"{written} would be lost"
    return None


def names_kept(case: Case) -> str | None:
    """Names and acronyms of the span stay, and none comes in that the article does not hold."""
    if (case.labels & (REMOVALS | {Label.NAMED_ENTITY, Label.MOJIBAKE, Label.TERMINOLOGY})) and case.by_rule:
        return None
    after = unaccented(case.edit.replacement).lower()
    for slot in slots(case.surface, case.article.lang):
        if slot.kind == "name" and slot.key not in after:
            return f"{case.surface[slot.start : slot.end]} would be lost"
    for acronym in ACRONYM.findall(case.surface):
        if unaccented(acronym).lower() not in after and not case.by_rule:
            return f"{acronym} would be lost"
    whole = _plain(case.article.text)
    for slot in slots(case.edit.replacement, case.article.lang):
        if slot.kind == "name" and slot.key not in whole and not case.by_rule:
            return f"{slot.key} stands nowhere in the article"
    for acronym in ACRONYM.findall(case.edit.replacement):
        if acronym not in case.article.text and not case.by_rule:
            return f"{acronym} stands nowhere in the article"
    return None if case.by_rule else _cut_name(case)


def _cut_name(case: Case) -> str | None:
    """A name of the segment of which the edit covers a part and does not give it back letter for letter."""
    edit, home = case.edit, case.segment
    for slot in slots(case.article.text[home.start : home.end], case.article.lang):
        start, end = home.start + slot.start, home.start + slot.end
        part = case.article.text[max(start, edit.start) : min(end, edit.end)]
        if slot.kind == "name" and part and (start < edit.start or edit.end < end) and part not in edit.replacement:
            return f"a part of {case.article.text[start:end]} would be changed"
    return None


def language(case: Case) -> str | None:
    """Every new word belongs to the article's language."""
    from vn_repair.lexicon import ENGLISH_FUNCTION_WORDS, is_vietnamese_syllable, seen_in_english, seen_in_vietnamese

    if case.by_rule:
        return None
    known, before = _words(case.article.text), {w.lower() for w in WORD.findall(case.surface)}
    for word in WORD.findall(case.edit.replacement):
        low = word.lower()
        if case.article.lang == VI:
            fits = is_vietnamese_syllable(low) or (low not in before and low in known) or bool(seen_in_vietnamese(low))
            if low in ENGLISH_FUNCTION_WORDS and not is_vietnamese_syllable(low):
                fits = False
        else:
            fits = low in known or bool(seen_in_english(low))
        if not fits:
            return f"“{word}” is no {'Vietnamese' if case.article.lang == VI else 'English'} word"
    return None


def repetition(case: Case) -> str | None:
    """The replacement repeats no run of words and does not double its neighbours."""
    words = [w.lower() for w in WORD.findall(case.edit.replacement)]
    before = [w.lower() for w in WORD.findall(case.surface)]
    for size in (1, 2, 3):
        runs = [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]
        for a, b in zip(runs, runs[size:], strict=False):
            if a == b and not _has_run(before, list(a) * 2):
                return f"“{' '.join(a)}” is repeated"
    if case.by_rule or not words:
        return None
    text = case.article.text
    left = [w.lower() for w in WORD.findall(text[max(0, case.edit.start - 60) : case.edit.start])]
    right = [w.lower() for w in WORD.findall(text[case.edit.end : case.edit.end + 60])]
    if left and left[-1] == words[0] and (not before or before[0] != words[0]):
        return f"“{words[0]}” already stands before it"
    if right and right[0] == words[-1] and (not before or before[-1] != words[-1]):
        return f"“{words[-1]}” already stands after it"
    return None


def _has_run(words: list[str], run: list[str]) -> bool:
    return any(words[i : i + len(run)] == run for i in range(len(words) - len(run) + 1))


def new_spans(case: Case) -> Iterator[tuple[Label, str]]:
    """Label and surface of what the detectors find in the repaired segment and did not find before."""
    start, end = case.segment.start, case.segment.end
    if case.edit.start < start or case.edit.end > end or not case.edit.replacement:
        return
    text = case.article.text
    old = Article("before", text[start:end], case.article.lang, "")
    new = Article(
        "after",
        text[start : case.edit.start] + case.edit.replacement + text[case.edit.end : end],
        case.article.lang,
        "",
    )
    had = Counter(str(s.label) for s in case.find(old))
    at = case.edit.start - start
    for span in case.find(new):
        touches = span.start < at + len(case.edit.replacement) and at < span.end
        if touches and span.label not in REMOVALS:
            surface = new.text[span.start : span.end]
            if surface not in old.text or had[str(span.label)] == 0:
                yield span.label, surface


def glossary_obeyed(case: Case) -> str | None:
    """No rendering that the glossary forbids comes in."""
    surface = next((s for label, s in new_spans(case) if label is Label.TERMINOLOGY), None)
    return None if surface is None else f"“{surface}” is not the domain's term"


def no_new_span(case: Case) -> str | None:
    """The detectors find nothing else new in the repaired segment."""
    found = next(((label, s) for label, s in new_spans(case) if label is not Label.TERMINOLOGY), None)
    return None if found is None else f"“{found[1]}” would be {found[0]}"


def length_ratio(case: Case) -> str | None:
    """The replacement is neither far longer nor far shorter than what it replaces."""
    if case.by_rule:
        return None
    old, new = len(case.surface), len(case.edit.replacement)
    if new > 2.2 * old + 16:
        return f"{new} characters for {old}"
    if old > 24 and new < 0.3 * old:
        return f"only {new} characters for {old}"
    return None


def confidence(case: Case) -> str | None:
    """The proposer is sure enough."""
    if case.edit.score < case.min_confidence:
        return f"{case.edit.score:.2f} is below {case.min_confidence:.2f}"
    return None


GATES = (
    Gate("addresses", True, addresses_kept),
    Gate("numbers", True, numbers_kept),
    Gate("references", True, references_kept),
    Gate("names", True, names_kept),
    Gate("language", True, language),
    Gate("repetition", True, repetition),
    Gate("glossary", True, glossary_obeyed),
    Gate("new_span", True, no_new_span),
    Gate("negation", False, negation_kept),
    Gate("length", False, length_ratio),
    Gate("confidence", False, confidence),
)


def failures(case: Case) -> Iterator[tuple[Gate, str]]:
    """The gates that the edit does not pass, with their reasons."""
    for gate in GATES:
        why = gate.why(case)
        if why is not None:
            yield gate, why

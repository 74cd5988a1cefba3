"""Right phrases and their known wrong renderings: the package's rule tables and glossary read backwards."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from vn_repair.folding import fold
from vn_repair.glossary import forbidden, same_words
from vn_repair.phrase_rules import PhraseFinder, PhraseRule, alternatives, in_case_of, load_rules
from vn_repair.training.garble import Change, Sentence
from vn_repair.types import EN, VI, Label, Severity

RENDERINGS = Path(__file__).resolve().parents[2] / "corpora" / "garbler" / "renderings.tsv"
Triple = tuple[str, str, Label]  # right, wrong, label
MOST_FORMS = 12  # alternatives of one rule


class WrongRenderings:
    """Right words with what pipelines put in their place, found all at once."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """`triples` are (right, wrong, label); `[…]` in the right phrase marks the words that `wrong` replaces."""
        seen: dict[tuple[str, str], Label] = {}
        for right, wrong, label in triples:
            if wrong and right and fold(right.replace("[", "").replace("]", "")) != fold(wrong):
                seen.setdefault((fold(right), wrong), label)
        self.finder = PhraseFinder(
            PhraseRule(right, wrong, label, Severity.MINOR, 0.0) for (right, wrong), label in seen.items()
        )

    def change(self, sentence: Sentence, rng: random.Random, borders: frozenset[int] | None = None) -> Change | None:
        """One of the right phrases in `sentence`, rendered wrongly; every place is as likely as the next.

        With `borders` only phrases that begin and end at these offsets count (the borders of Vietnamese words, so
        that the xã of xã hội stays).
        """
        places: dict[tuple[int, int], list[PhraseRule]] = {}
        for found in self.finder.matches(sentence.text):
            if borders is None or (found.start in borders and found.end in borders):
                places.setdefault((found.start, found.end), []).append(found.rule)
        if not places:
            return None
        start, end = rng.choice(sorted(places))
        rule = rng.choice(places[start, end])
        return Change(start, end, in_case_of(sentence.text[start:end], rule.right or ""), rule.label)


def _glossary(lang: str) -> Iterable[Triple]:
    for form, right in ((f.strip(" ;,"), right) for f, right, _ in forbidden(lang)):
        if "[" in form:
            head, _, rest = form.partition("[")
            wrong, _, tail = rest.partition("]")
            yield f"{head}[{right}]{tail}", wrong, Label.TERMINOLOGY
        else:
            yield right, form, Label.WORD_ORDER if same_words(form, right) else Label.TERMINOLOGY


def _rules(name: str) -> Iterable[Triple]:
    for rule in load_rules(name):
        if rule.right is None or not rule.right.strip():
            continue
        wrong = rule.wrong[rule.wrong.index("[") + 1 : rule.wrong.index("]")] if "[" in rule.wrong else rule.wrong
        for form in alternatives(wrong)[:MOST_FORMS]:
            if form.strip():
                yield rule.right, " ".join(form.split()), rule.label


@cache
def _renderings() -> tuple[dict[str, str], ...]:
    with RENDERINGS.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _listed(operation: str, lang: str) -> Iterable[Triple]:
    """Rows of corpora/garbler/renderings.tsv."""
    for row in _renderings():
        if row["operation"] == operation and row["lang"] == lang:
            yield row["right"], row["wrong"], Label(row["label"])


@cache
def homonyms() -> WrongRenderings:
    """Vietnamese words and the wrong word that a round trip makes of them (tháo gỡ → gỡ bỏ)."""
    return WrongRenderings([*_listed("homonym", VI), *(r for r in _rules("homonyms.tsv") if " " in r[0])])


@cache
def term_renderings(lang: str) -> WrongRenderings:
    """Domain terms and renderings that lose the concept."""
    rules = _rules("terminology_en.tsv") if lang == EN else ()
    return WrongRenderings([*_listed("term", lang), *_glossary(lang), *rules])


@cache
def spun(lang: str) -> WrongRenderings:
    """Plain words and their mechanical synonyms."""
    rules = _rules("spun_synonyms.tsv") if lang == EN else ()
    return WrongRenderings([*_listed("spun", lang), *rules])


@cache
def false_friends() -> WrongRenderings:
    """English words and what the Vietnamese word behind them means elsewhere (village → version)."""
    return WrongRenderings(_listed("false_friend", EN))


@cache
def linkers() -> WrongRenderings:
    """English joints between clauses and their word-by-word forms."""
    return WrongRenderings(_listed("linker", EN))

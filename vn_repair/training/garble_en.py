"""Garbling operations for English machine translations of Vietnamese news, and for spun copies of them."""

from __future__ import annotations

import random

import regex

from vn_repair.training.garble import Change, Operation, Sentence, match_case
from vn_repair.training.garble_tables import SPUN, TERMS, VIETNAMESE
from vn_repair.training.lexical_data import LexicalData
from vn_repair.types import Label

NEGATED = regex.compile(r"\b(?:has|have|had|is|are|was|were|did|does|do|will|would|could|can|should)( not)\b")


class EnglishOperations:
    """Operations that need word lists; `weighted` gives them with their first rates."""

    def __init__(self, data: LexicalData) -> None:
        self.data = data

    def weighted(self) -> list[tuple[Operation, float]]:
        """Operations and rates, after the label mix of the hand-fixed references."""
        return [
            (self.spin, 2.5),
            (self.calque, 2.5),
            (self.terms, 2.0),
            (self.flip, 1.6),
            (self.collapse, 1.2),
            (self.splice_stop, 1.2),
            (self.repeat, 0.6),
            (self.drop, 1.2),
            (self.lost_negation, 0.5),
            (self.vietnamese_word, 0.8),
            (self.footnote, 0.3),
            (self.spacing, 0.4),
            (self.prepositions, 1.0),
        ]

    def spin(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A plain word becomes a mechanical synonym (about → regarding)."""
        found = [w for w in sentence.words if w.text.lower() in SPUN]
        if not found:
            return None
        word = rng.choice(found)
        return Change(
            word.start, word.end, match_case(word.text, rng.choice(SPUN[word.text.lower()])), Label.SPUN_SYNONYM
        )

    def calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word goes through a Vietnamese one to another English word."""
        found = [
            w for w in sentence.words if w.text.islower() and len(w.text) > 3 and w.text in self.data.english_calques
        ]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, rng.choice(self.data.english_calques[word.text]), Label.MISTRANSLATION)

    def terms(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A domain term becomes a rendering that loses the concept."""
        lower = sentence.text.lower()
        if len(lower) != len(sentence.text):
            return None
        for right, wrong in rng.sample(TERMS, len(TERMS)):
            at = lower.find(right)
            if (
                at >= 0
                and not lower[at - 1 : at].isalpha()
                and not lower[at + len(right) : at + len(right) + 1].isalpha()
            ):
                surface = sentence.text[at : at + len(right)]
                return Change(at, at + len(right), match_case(surface, rng.choice(wrong)), Label.TERMINOLOGY)
        return None

    def flip(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two neighbouring content words change places."""
        found = [
            i
            for i in range(1, len(sentence.words) - 1)
            if sentence.joined(i, i + 1)
            and all(w.text.islower() and len(w.text) > 3 for w in sentence.words[i : i + 2])
        ]
        if not found:
            return None
        a, b = sentence.words[(at := rng.choice(found)) : at + 2]
        return Change(a.start, b.end, f"{b.text} {a.text}", Label.WORD_ORDER)

    def collapse(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`A and B` becomes `A and A`."""
        found = [
            i
            for i, w in enumerate(sentence.words[1:-1], 1)
            if w.text == "and"
            and sentence.joined(i - 1, i + 1)
            and sentence.words[i - 1].text.islower()
            and sentence.words[i + 1].text.islower()
        ]
        if not found:
            return None
        at = rng.choice(found)
        a, b = sentence.words[at - 1], sentence.words[at + 1]
        twin = rng.choice((a.text, b.text))
        return Change(a.start, b.end, f"{twin} and {twin}", Label.REPETITION)

    def splice_stop(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A full stop cuts a phrase, the next word staying small."""
        if len(sentence.words) < 8:
            return None
        at = rng.randrange(2, len(sentence.words) - 2)
        a, b = sentence.words[at : at + 2]
        if not sentence.joined(at, at + 1) or not b.text.islower():
            return None
        return Change(a.start, b.end, f"{a.text}. {b.text}", Label.FRAGMENT)

    def repeat(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word is written twice."""
        found = [w for w in sentence.words if w.text.islower()]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, f"{word.text} {word.text}", Label.REPETITION)

    def drop(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A function word or a content word is lost."""
        if len(sentence.words) < 6:
            return None
        at = rng.randrange(len(sentence.words) - 1)
        if not sentence.joined(at, at + 1):
            return None
        a, b = sentence.words[at : at + 2]
        if any(w.text[:1].isupper() or w.text[:1].isdigit() for w in (a, b)):
            return None
        return Change(a.start, b.end, rng.choice((a, b)).text, Label.FRAGMENT)

    def lost_negation(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`has not met` becomes `has met`; the span is the verb left standing."""
        match = NEGATED.search(sentence.text)
        if match is None:
            return None
        return Change(match.start(), match.end(), match.group()[: -len(" not")], Label.MISTRANSLATION)

    def vietnamese_word(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A Vietnamese word is left in."""
        found = [w for w in sentence.words if w.text.lower() in VIETNAMESE]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, VIETNAMESE[word.text.lower()], Label.UNTRANSLATED)

    def footnote(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A footnote figure is glued to a word."""
        found = [w for w in sentence.words if w.text.isalpha() and len(w.text) > 3]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, f"{word.text}{rng.randint(1, 24)}", Label.FOOTNOTE_RESIDUE)

    def spacing(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A space before a comma, or two words run together."""
        if len(sentence.words) < 2:
            return None
        at = rng.randrange(len(sentence.words) - 1)
        a, b = sentence.words[at : at + 2]
        between = sentence.text[a.end : b.start]
        if between == ", ":
            return Change(a.start, b.end, f"{a.text} , {b.text}", Label.PUNCTUATION)
        return (
            Change(a.start, b.end, a.text + b.text, Label.PUNCTUATION)
            if between == " " and rng.random() < 0.4
            else None
        )

    def prepositions(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A preposition is the wrong one (the flat *của* of a round trip, too)."""
        usual = ("of", "in", "on", "at", "for", "to", "with", "by", "from")
        found = [w for w in sentence.words if w.text in usual]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, rng.choice([p for p in usual if p != word.text]), Label.MISTRANSLATION)

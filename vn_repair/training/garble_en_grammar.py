"""English broken in its joints: order, agreement, articles, prepositions, lost subjects, spelling."""

from __future__ import annotations

import random

import regex

from vn_repair.training.garble import Change, Sentence, match_case
from vn_repair.training.garble_en_meaning import inflected
from vn_repair.training.garble_surface import SurfaceOperations, capitalised
from vn_repair.training.garble_tables import STRAY_ENGLISH
from vn_repair.types import Label

NEGATED = regex.compile(r"\b(has|have|had|is|are|was|were|did|does|do|will|would|could|can|should|must|may)( not)\b")
AFFIRMED = regex.compile(r"\b(has|have|had|is|are|was|were|will|would|could|can|should|must)\b(?! not)(?=\s[a-z])")
PREPOSITIONS = ("of", "in", "on", "at", "for", "to", "with", "by", "from")
AGREEMENT = {
    "is": ("are", "be"),
    "are": ("is", "is be"),
    "was": ("were", "is"),
    "were": ("was",),
    "has": ("have", "is have"),
    "have": ("has", "is have"),
    "does": ("do",),
    "do": ("does",),
    "had": ("has",),
    "been": ("be",),
    "will be": ("will is",),
    "must": ("must to",),
    "can": ("can to",),
    "should": ("should to",),
    "this": ("these",),
    "these": ("this",),
    "its": ("their",),
}
SUBJECT = regex.compile(
    r"(?:^|(?<=[.;:,] ))(?:(?:They|He|She|It|We|they|he|she|it|we)|[Tt]he (?:\p{Ll}+ ){1,2}?)\s?"
    r"(?=(?:also |has |have |will |had |is |was |were |are |\p{Ll}+(?:ed|es)\b))"
)


class EnglishGrammar(SurfaceOperations):
    """Operations on the grammar of English."""

    def prepositions(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A preposition is another one, lost, or comes with a word that takes none (the flat *của* of a round trip)."""
        found = [i for i, w in enumerate(sentence.words) if w.text in PREPOSITIONS and i]
        if not found:
            return None
        at = rng.choice(found)
        word = sentence.words[at]
        other = rng.choice([p for p in PREPOSITIONS if p != word.text])
        before = sentence.words[at - 1]
        if not sentence.joined(at - 1, at) or capitalised(before):
            return Change(word.start, word.end, other, Label.MISTRANSLATION)
        kind = rng.random()
        text = before.text if kind < 0.3 else f"{before.text} {other}"
        if kind > 0.75:
            return Change(word.start, word.end, other, Label.MISTRANSLATION)
        return Change(before.start, word.end, text, Label.FRAGMENT if kind < 0.3 else Label.MISTRANSLATION)

    def agreement(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The verb does not go with its subject, the noun not with its number, the form not with its auxiliary."""
        found: list[tuple[int, int, str]] = []
        for i, w in enumerate(sentence.words):
            if w.text in AGREEMENT:
                found.append((w.start, w.end, rng.choice(AGREEMENT[w.text])))
            elif i and w.text.islower() and w.text.endswith(("s", "ed", "ing")) and (text := inflected(w.text, rng)):
                found.append((w.start, w.end, text))
        if not found:
            return None
        start, end, text = rng.choice(found)
        back = rng.random()
        label = Label.SPELLING if back < 0.15 else Label.MISTRANSLATION
        return Change(start, end, text, label)

    def article(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """An article is lost or stands where none belongs; the span holds the word beside it."""
        found = [
            i for i, w in enumerate(sentence.words[:-1]) if w.text in ("the", "a", "an") and sentence.joined(i, i + 1)
        ]
        if found and rng.random() < 0.6:
            a, b = sentence.words[(at := rng.choice(found)) : at + 2]
            return Change(a.start, b.end, b.text, Label.FRAGMENT)
        at = rng.randrange(len(sentence.words)) if sentence.words else 0
        if len(sentence.words) < 4 or not (word := sentence.words[at]).text.islower() or len(word.text) < 4:
            return None
        return Change(word.start, word.end, f"the {word.text}", Label.FRAGMENT)

    def stray_word(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A small word stands where none belongs, to be deleted."""
        if len(sentence.words) < 4:
            return None
        at = rng.randrange(len(sentence.words) - 1)
        stray = rng.choice(STRAY_ENGLISH)
        if not sentence.joined(at, at + 1) or stray in (sentence.words[at].text.lower(), sentence.words[at + 1].text):
            return None
        return Change(sentence.words[at].end, sentence.words[at].end, stray, Label.MISTRANSLATION)

    def lost_negation(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`has not met` becomes `has met` (or the other way); the span is the verb left standing."""
        if rng.random() < 0.75 and (found := list(NEGATED.finditer(sentence.text))):
            match = rng.choice(found)
            return Change(match.start(), match.end(), match.group(1), Label.MISTRANSLATION)
        found = list(AFFIRMED.finditer(sentence.text))
        if not found or rng.random() < 0.7:
            return None
        match = rng.choice(found)
        return Change(match.start(), match.end(), f"{match.group()} not", Label.MISTRANSLATION)

    def lost_subject(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A clause loses its subject; the span is the verb."""
        words = {w.start: w for w in sentence.words}
        found = [m for m in SUBJECT.finditer(sentence.text) if m.end() in words]
        if not found:
            return None
        match = rng.choice(found)
        verb = words[match.end()]
        return Change(match.start(), verb.end, match_case(match.group(), verb.text), Label.FRAGMENT)

    def flip(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two neighbouring words or two words and one change places; a figure goes behind its noun."""
        count = rng.choice((2, 2, 2, 3))
        found = [
            i
            for i in range(len(sentence.words) - count)
            if sentence.joined(i, i + count - 1)
            and all(w.text.islower() and len(w.text) > 3 for w in sentence.words[i + count - 2 : i + count])
            and not capitalised(sentence.words[i])
        ]
        figures = [
            i
            for i in range(len(sentence.words) - 1)
            if sentence.words[i].text.isdigit()
            and sentence.joined(i, i + 1)
            and sentence.words[i + 1].text.islower()
            and len(sentence.words[i + 1].text) > 3
        ]
        if figures and rng.random() < 0.25:
            a, b = sentence.words[(at := rng.choice(figures)) : at + 2]
            return Change(a.start, b.end, f"{b.text} {a.text}", Label.WORD_ORDER)
        if not found:
            return None
        at = rng.choice(found)
        words = [w.text for w in sentence.words[at : at + count]]
        words = [words[-1], *words[:-1]] if rng.random() < 0.7 else [*words[1:], words[0]]
        return Change(sentence.words[at].start, sentence.words[at + count - 1].end, " ".join(words), Label.WORD_ORDER)

    def of_chain(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`rural roads` becomes `roads of rural`, `A of B` becomes `B A`: the chains of của."""
        words = sentence.words
        chains = [
            i
            for i in range(1, len(words) - 1)
            if words[i].text == "of"
            and sentence.joined(i - 1, i + 1)
            and words[i - 1].text.islower()
            and words[i + 1].text.islower()
        ]
        if chains and rng.random() < 0.4:
            a, _, b = words[(at := rng.choice(chains)) - 1 : at + 2]
            return Change(a.start, b.end, f"{b.text} {a.text}", Label.WORD_ORDER)
        found = [
            i
            for i in range(len(words) - 1)
            if sentence.joined(i, i + 1) and all(w.text.islower() and len(w.text) > 4 for w in words[i : i + 2])
        ]
        if not found:
            return None
        a, b = words[(at := rng.choice(found)) : at + 2]
        return Change(a.start, b.end, f"{b.text} {rng.choice(('of', 'of the'))} {a.text}", Label.WORD_ORDER)

    def collapse(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`A and B` or `A, B` becomes `A and A`, `A, A`: two words, one translation."""
        words, found = sentence.words, []
        for i in range(1, len(words) - 1):
            if words[i].text in ("and", "or") and sentence.plain(i - 1, i + 1):
                found += [(words[i - 1], words[i + 1])] * 2
        for a, b in zip(words, words[1:], strict=False):
            if sentence.text[a.end : b.start] == ", " and a.text.islower() and b.text.islower():
                found.append((a, b))
        found = [(a, b) for a, b in found if a.text.lower() != b.text and min(len(a.text), len(b.text)) > 3]
        if not found:
            return None
        a, b = rng.choice(found)
        twin = rng.choice((a.text, b.text)).lower()
        return Change(
            a.start, b.end, match_case(a.text, twin) + sentence.text[a.end : b.start] + twin, Label.REPETITION
        )

    def misspell(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A letter is lost, doubled, or changes places with the next."""
        found = [
            w for w in sentence.words if w.text.isalpha() and w.text.islower() and len(w.text) > 4 and w.text.isascii()
        ]
        if not found:
            return None
        word = rng.choice(found)
        at = rng.randrange(1, len(word.text) - 1)
        t, kind = word.text, rng.random()
        if kind < 0.4:
            text = t[:at] + t[at + 1 :]
        elif kind < 0.6:
            text = t[:at] + t[at] + t[at:]
        elif kind < 0.8:
            text = t[:at] + t[at + 1] + t[at] + t[at + 2 :]
        else:
            text = t[:at] + rng.choice("aeiousntr") + t[at + 1 :]
        return Change(word.start, word.end, text, Label.SPELLING)

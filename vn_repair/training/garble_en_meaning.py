"""English words in a wrong sense: calques by way of Vietnamese, lost terms, mechanical synonyms."""

from __future__ import annotations

import random

from vn_repair.training.garble import Change, Sentence, match_case
from vn_repair.training.garble_phrases import false_friends, linkers, spun, term_renderings
from vn_repair.training.garble_surface import SurfaceOperations, capitalised
from vn_repair.training.garble_tables import VIETNAMESE
from vn_repair.training.lexical_data import LexicalData
from vn_repair.types import EN, Label

SMALL = ("the", "a", "of", "in", "on", "to", "for", "with", "by", "at", "from", "is", "are", "and", "that", "it")


def inflected(word: str, rng: random.Random) -> str:
    """A regular English word in another form; empty for a short or irregular one."""
    if len(word) < 5 or not word.isascii():
        return ""
    if word.endswith("ed"):
        bare = word[:-1] if word[-3] in "cgsvuiz" else word[:-2]
        return rng.choice((bare, f"{bare}ing".replace("eing", "ing"), f"did {word}", f"is {bare}"))
    if word.endswith("ing"):
        return rng.choice((word[:-3], f"the {word}"))
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return rng.choice((f"{word}s", f"is {word}", ""))


class EnglishMeaning(SurfaceOperations):
    """Fluent but wrong words, and words left in Vietnamese."""

    def __init__(self, data: LexicalData) -> None:
        self.data = data

    def spin(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A plain word becomes a mechanical synonym (about → regarding)."""
        return spun(EN).change(sentence, rng)

    def terms(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A domain term becomes a rendering that loses the concept."""
        return term_renderings(EN).change(sentence, rng)

    def false_friend(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word in another sense of the Vietnamese word behind it (village → version)."""
        return false_friends().change(sentence, rng)

    def linker(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The joint of two clauses, word by word (of which → in which)."""
        return linkers().change(sentence, rng)

    def calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word goes through a Vietnamese one to another English word."""
        found = [
            w for w in sentence.words if w.text.islower() and len(w.text) > 2 and self.data.calques_of(w.text, "en")
        ]
        if not found:
            return None
        word = rng.choice(found)
        words, weights = zip(*self.data.calques_of(word.text, "en"), strict=True)
        return Change(word.start, word.end, rng.choices(words, [w**0.5 for w in weights])[0], Label.MISTRANSLATION)

    def phrase_calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two to five words through the Vietnamese phrase behind them, word by word in its order."""
        words, places = sentence.words, []
        for first in rng.sample(range(len(words)), min(12, len(words))):
            for size in (6, 5, 4, 3, 2):
                if first + size <= len(words) and sentence.joined(first, first + size - 1):
                    surface = sentence.text[words[first].start : words[first + size - 1].end]
                    if (vi := self.data.phrases_back.get(surface)) is not None:
                        places.append((first, size, vi))
        if not places:
            return None
        first, size, vi = rng.choices(places, [p[1] ** 2 for p in places])[0]
        start, end = words[first].start, words[first + size - 1].end
        surface = sentence.text[start:end]
        made = [w for part in self._split(vi) if (w := self.data.english_of(part, rng))]
        text = " ".join(made)
        if len(made) < 2 or not text.isascii() or text == surface:
            return None
        same = sorted(text.split()) == sorted(surface.split())
        return Change(start, end, text, Label.WORD_ORDER if same else Label.MISTRANSLATION)

    def rough_clause(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Three to six words, each calqued, badly inflected or lost by chance: what needs rewriting as a whole."""
        size = rng.choice((3, 3, 4, 4, 5, 6))
        if len(sentence.words) < size + 1:
            return None
        first = rng.randrange(len(sentence.words) - size + 1)
        if not sentence.plain(first, first + size - 1):
            return None
        run = [w.text for w in sentence.words[first : first + size]]
        made: list[str] = []
        for word in run:
            kind = rng.random()
            if word in SMALL:
                made += [] if kind < 0.3 else [rng.choice(SMALL)] if kind < 0.5 else [word]
            elif kind < 0.35 and (calques := self.data.calques_of(word, "en")):
                made.append(rng.choice(calques)[0])
            elif kind < 0.55:
                made.append(inflected(word, rng) or word)
            else:
                made.append(word)
            if rng.random() < 0.1:
                made.append(rng.choice(("the", "of", "is", "it", "to", "for")))
        if len(made) > 2 and rng.random() < 0.3:
            at = rng.randrange(len(made) - 1)
            made[at : at + 2] = reversed(made[at : at + 2])
        # What came through at either end is no part of the span.
        while run and made and run[0] == made[0]:
            del run[0], made[0]
            first, size = first + 1, size - 1
        while run and made and run[-1] == made[-1]:
            del run[-1], made[-1]
            size -= 1
        if size < 2 or not made:
            return None
        words = sentence.words[first : first + size]
        label = Label.WORD_ORDER if sorted(run) == sorted(made) else Label.MISTRANSLATION
        return Change(words[0].start, words[-1].end, " ".join(made), label)

    def _split(self, vietnamese: str) -> list[str]:
        syllables, out, at = vietnamese.split(), [], 0
        while at < len(syllables):
            for size in (4, 3, 2, 1):
                part = " ".join(syllables[at : at + size])
                if size == 1 or (at + size <= len(syllables) and part in self.data.frequency):
                    break
            out.append(part)
            at += size
        return out

    def twin(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word stands beside its synonym (fewer → fewer less)."""
        found = [w for w in sentence.words if w.text.islower() and len(w.text) > 2]
        if not found:
            return None
        word = rng.choice(found)
        twins = [*self.data.synonyms_of(word.text, "en"), *(c for c, _ in self.data.calques_of(word.text, "en")[:2])]
        if not twins:
            return None
        twin = rng.choice(twins)
        text = f"{word.text} {twin}" if rng.random() < 0.6 else f"{twin} {word.text}"
        return Change(word.start, word.end, text, Label.REPETITION)

    def vietnamese_word(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A Vietnamese word is left in, in the place of the English one or beside it."""
        found = [w for w in sentence.words if w.text.islower()]
        listed = [w for w in found if w.text in VIETNAMESE]
        if not found:
            return None
        word = rng.choice(listed if listed and rng.random() < 0.5 else found)
        vi = (
            VIETNAMESE[word.text]
            if word.text in VIETNAMESE and rng.random() < 0.5
            else self.data.vietnamese_for(word.text, rng)
        )
        if not vi or vi.isascii():
            return None
        if rng.random() < 0.35:
            return Change(word.end, word.end, vi, Label.UNTRANSLATED)
        return Change(word.start, word.end, vi, Label.UNTRANSLATED)

    def vietnamese_run(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two to four words are left in Vietnamese."""
        count = rng.choice((2, 2, 3, 4))
        if len(sentence.words) < count + 3:
            return None
        first = rng.randrange(len(sentence.words) - count + 1)
        words = sentence.words[first : first + count]
        if not sentence.joined(first, first + count - 1) or any(map(capitalised, words)):
            return None
        surface = sentence.text[words[0].start : words[-1].end]
        vi = self.data.phrases_back.get(surface) or " ".join(self.data.vietnamese_for(w.text, rng) for w in words)
        vi = " ".join(vi.split())
        if not vi or vi.isascii():
            return None
        return Change(words[0].start, words[-1].end, match_case(surface, vi), Label.UNTRANSLATED)

    def name_translated(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A body's name loses a word or its capitals (People's Committee → People Committee)."""
        words = sentence.words
        found = [
            i
            for i in range(1, len(words))
            if words[i].text.istitle()
            and words[i - 1].text[:1].isupper()
            and words[i - 1].text[1:].islower()
            and sentence.joined(i - 1, i)
            and words[i].text.lower() in self.data.vietnamese_of
        ]
        if not found:
            return None
        at = rng.choice(found)
        a, b = words[at - 1], words[at]
        if a.text.endswith("'s"):
            return Change(a.start, b.end, f"{a.text[:-2]} {b.text}", Label.NAMED_ENTITY)
        calques = self.data.calques_of(b.text.lower(), "en")
        if not calques:
            return None
        return Change(b.start, b.end, rng.choice(calques)[0].capitalize(), Label.NAMED_ENTITY)

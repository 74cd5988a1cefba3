"""Vietnamese words that came back as other words: homonyms, calques by way of English, flattened terms."""

from __future__ import annotations

import random

from vn_repair.training.garble import Change, Sentence, match_case
from vn_repair.training.garble_phrases import homonyms, spun, term_renderings
from vn_repair.training.garble_tables import NEGATIONS, STRAY_PARTICLES
from vn_repair.training.garble_vi_base import VietnameseBase, pick
from vn_repair.types import VI, Label


class MeaningOperations(VietnameseBase):
    """Fluent but wrong words."""

    def homonym(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A listed homonym of the domain (sở dĩ → sở hữu, tháo gỡ → gỡ bỏ, tiêu chí → tiêu chuẩn)."""
        return homonyms().change(sentence, rng, self.borders(sentence))

    def term(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A glossary term in a rendering known to be wrong."""
        return term_renderings(VI).change(sentence, rng, self.borders(sentence))

    def spin(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A plain word becomes a mechanical synonym (khoảng → liên quan đến)."""
        return spun(VI).change(sentence, rng, self.borders(sentence))

    def shared_syllable(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A compound becomes another one with a syllable in common; valid synonyms are left out.

        Words that some English word stands for as well come first: those are what a round trip confuses.
        """
        found = self.compounds(sentence, 2)
        if not found:
            return None
        first, surface = rng.choice(found)
        choices = self.data.confusable(surface)
        if not choices:
            return None
        return self.swap(sentence, first, 2, pick(choices, rng), Label.MISTRANSLATION)

    def calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word goes through an English one to another Vietnamese word (nghèo → poor → kém)."""
        found = [p for p in self.parts(sentence) if self.data.calques_of(p[2])]
        if not found:
            return None
        first, size, surface = rng.choices(found, [p[1] for p in found])[0]
        return self.swap(sentence, first, size, pick(self.data.calques_of(surface), rng, 0.5), Label.MISTRANSLATION)

    def syllable_calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One syllable of a compound is read as a word of its own (nợ quá hạn → nợ quá khứ hạn)."""
        found = [p for p in self.parts(sentence) if p[1] in (2, 3)]
        if not found:
            return None
        first, size, surface = rng.choice(found)
        syllables = surface.split()
        at = rng.randrange(size)
        calques = self.data.calques_of(syllables[at])
        if not calques:
            return None
        syllables[at] = pick(calques, rng, 0.5)
        if rng.random() < 0.2:
            syllables.reverse()
        return self.swap(sentence, first, size, " ".join(syllables), Label.MISTRANSLATION)

    def phrase_calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two or three neighbouring words go out and back one by one, often in English order."""
        parts = self.parts(sentence)
        count = rng.choice((2, 2, 3))
        starts = [
            i
            for i in range(len(parts) - count + 1)
            if all(a[0] + a[1] == b[0] for a, b in zip(parts[i:], parts[i + 1 : i + count], strict=False))
        ]
        if not starts:
            return None
        run = parts[(at := rng.choice(starts)) : at + count]
        back = [pick(c, rng, 0.5) if (c := self.data.calques_of(p[2])) and rng.random() < 0.75 else p[2] for p in run]
        if sum(b != p[2] for b, p in zip(back, run, strict=True)) < 1:
            return None
        if rng.random() < 0.4:
            back.reverse()
        return self.swap(sentence, run[0][0], sum(p[1] for p in run), " ".join(back), Label.MISTRANSLATION)

    def rough_phrase(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two to four words, each calqued, lost, moved or given a particle by chance: to be rewritten as a whole."""
        parts = self.parts(sentence)
        count = rng.choice((2, 3, 3, 4))
        starts = [
            i
            for i in range(len(parts) - count + 1)
            if all(a[0] + a[1] == b[0] for a, b in zip(parts[i:], parts[i + 1 : i + count], strict=False))
        ]
        if not starts:
            return None
        at = rng.choice(starts)
        run = parts[at : at + count]
        made: list[str] = []
        for _, _, word in run:
            kind = rng.random()
            if kind < 0.4 and (calques := self.data.calques_of(word)):
                made.append(pick(calques, rng, 0.5))
            elif kind < 0.5 and len(made) > 0:
                continue
            elif kind < 0.6:
                made.append(f"{word} {rng.choice(('của', 'được', 'các', 'với', 'cho', 'là', 'và', 'để'))}")
            elif kind < 0.7 and (choices := self.data.confusable(word)):
                made.append(pick(choices, rng))
            else:
                made.append(word)
        if len(made) > 1 and rng.random() < 0.4:
            place = rng.randrange(len(made) - 1)
            made[place : place + 2] = reversed(made[place : place + 2])
        while run and made and run[0][2] == made[0]:
            del made[0]
            run = run[1:]
        while run and made and run[-1][2] == made[-1]:
            del made[-1]
            run = run[:-1]
        if len(run) < 2 or not made:
            return None
        label = Label.WORD_ORDER if sorted(p[2] for p in run) == sorted(made) else Label.MISTRANSLATION
        return self.swap(sentence, run[0][0], sum(p[1] for p in run), " ".join(made), label)

    def extra_syllable(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A single-syllable word grows into a compound (xã → xã hội, bản → phiên bản)."""
        found = [f for f in self.compounds(sentence, 1) if f[1] in self.data.sharing]
        if not found:
            return None
        first, surface = rng.choice(found)
        words = [(w, float(c)) for w, c in self.data.sharing[surface] if not self.data.synonymous(surface, w)]
        if not words:
            return None
        return self.swap(sentence, first, 1, pick(words, rng, 0.4), Label.MISTRANSLATION)

    def lost_negation(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """không / chưa is lost; the span is the word that it negated."""
        found = [
            i for i, w in enumerate(sentence.words[:-1]) if w.text.lower() in NEGATIONS and sentence.joined(i, i + 1)
        ]
        if not found:
            return None
        at = rng.choice(found)
        a, b = sentence.words[at : at + 2]
        return Change(a.start, b.end, match_case(a.text, b.text), Label.MISTRANSLATION)

    def particle(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A verb or noun takes along a particle of English origin (nói → nói với, là → là cái)."""
        found = [(at, size, s) for at, size, s in self.parts(sentence) if s in STRAY_PARTICLES or rng.random() < 0.12]
        if not found:
            return None
        at, size, surface = rng.choice(found)
        stray = rng.choice(STRAY_PARTICLES.get(surface, ("của", "được", "đã", "các", "với", "về", "là", "sự")))
        follow = sentence.words[at + size : at + size + 1]
        before = sentence.words[at - 1 : at] if at else []
        if stray in (w.text for w in (*follow, *before)):
            return None
        if stray in ("sự", "các", "đã", "được"):
            return self.swap(sentence, at, size, f"{stray} {surface}", Label.MISTRANSLATION)
        return self.swap(sentence, at, size, f"{surface} {stray}", Label.MISTRANSLATION)

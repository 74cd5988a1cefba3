"""English left in Vietnamese: runs of a page translator, leaked words, strays, words of neither language."""

from __future__ import annotations

import random

from vn_repair.training.garble import Change, Sentence, match_case
from vn_repair.training.garble_surface import capitalised, without_marks
from vn_repair.training.garble_tables import CHAINS, LEAKED, STRAY_ENGLISH
from vn_repair.training.garble_vi_base import VietnameseBase, pick
from vn_repair.types import Label


class ForeignOperations(VietnameseBase):
    """Words of the other language."""

    def english_run(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two to nine words become English in Vietnamese order, by aligned phrases, words and function-word chains."""
        count = rng.choice((2, 2, 3, 3, 4, 5, 6, 7, 9))
        if len(sentence.words) < count + 2:
            return None
        first = rng.randrange(len(sentence.words) - count + 1)
        if not sentence.joined(first, first + count - 1):
            return None
        chains, phrases = rng.choice((0.0, 0.08, 0.3)), rng.random() < 0.75
        out: list[str] = []
        at = first
        while at < first + count:
            size, english = self._longest(sentence, at, first + count - at, phrases, rng)
            if english:
                out.append(english)
            if chains and rng.random() < chains:
                out.append(rng.choice(CHAINS))
            elif chains and rng.random() < 0.06 and out:
                out.append(out[-1].split()[-1])
            at += size
        text = " ".join(out)
        if not text or not text.isascii():
            return None
        words = sentence.words[first : first + count]
        return Change(words[0].start, words[-1].end, match_case(words[0].text, text), Label.UNTRANSLATED)

    def _longest(self, sentence: Sentence, at: int, room: int, phrases: bool, rng: random.Random) -> tuple[int, str]:
        """(words used, English) for the longest known run at word `at`."""
        for size in range(min(6, room), 0, -1):
            words = sentence.words[at : at + size]
            if any(map(capitalised, words)) and at > 0:
                continue
            surface = " ".join(w.text for w in words).lower()
            if phrases and size > 1 and (found := self.data.phrases(surface)):
                return size, pick(found, rng)
            if english := self.data.english_of(surface, rng):
                return size, english
        text = sentence.words[at].text
        return 1, text if capitalised(sentence.words[at]) and text.isascii() else ""

    def leaked_word(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One function word stays English (trong khi → trong when)."""
        found = [w for w in sentence.words if w.text.lower() in LEAKED]
        if not found:
            return None
        word = rng.choice(found)
        text = match_case(word.text, rng.choice(LEAKED[word.text.lower()]))
        return Change(word.start, word.end, text, Label.UNTRANSLATED)

    def leaked_content(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One content word, or a syllable of it, stays English (giáo dục → education)."""
        found = [p for p in self.parts(sentence) if p[1] <= 3]
        if not found:
            return None
        first, size, surface = rng.choices(found, [p[1] for p in found])[0]
        english = self.data.english_of(surface, rng)
        if not english:
            return None
        if size == 2 and rng.random() < 0.2:
            a, b = surface.split()
            english = f"{english} {b}" if rng.random() < 0.5 else f"{a} {english}"
        return self.swap(sentence, first, size, english, Label.UNTRANSLATED)

    def stray_english(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """An English word stands beside what it means, or a particle without meaning: to be deleted."""
        found = [p for p in self.parts(sentence) if p[1] <= 2]
        if not found:
            return None
        first, size, surface = rng.choice(found)
        english = self.data.english_of(surface, rng) if rng.random() < 0.65 else rng.choice(STRAY_ENGLISH)
        if not english or " " in english:
            return None
        word = sentence.words[first + size - 1]
        return Change(word.end, word.end, english, Label.UNTRANSLATED)

    def nonsense(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """An English word glued to a fragment of another (Thứ nhất → Theestest)."""
        found = self.compounds(sentence, 2)
        if not found:
            return None
        first, surface = rng.choice(found)
        gloss = (self.data.english_of(surface, rng) or "the").split()[0]
        cut = rng.randint(1, max(1, len(gloss) - 1))
        text = without_marks(surface.split()[0]) + gloss[:cut] + gloss
        return self.swap(sentence, first, 2, text, Label.UNTRANSLATED)

"""Vietnamese syllables lost, doubled or misspelt."""

from __future__ import annotations

import random
import unicodedata

from vn_repair.training.garble import Change, Sentence, match_case
from vn_repair.training.garble_surface import capitalised, without_marks
from vn_repair.training.garble_tables import MISSPELT
from vn_repair.training.garble_vi_base import VietnameseBase
from vn_repair.types import Label

TONES = {"\u0301": "\u0300", "\u0300": "\u0301", "\u0309": "\u0303", "\u0303": "\u0309", "\u0323": "\u0301"}


class LossOperations(VietnameseBase):
    """Words broken in place."""

    def lost_syllable(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A compound loses a syllable (hoàn thành → hoàn)."""
        found = [p for p in self.parts(sentence) if p[1] in (2, 3)]
        if not found:
            return None
        first, size, surface = rng.choice(found)
        syllables = surface.split()
        del syllables[rng.randrange(size)]
        return self.swap(sentence, first, size, " ".join(syllables), Label.FRAGMENT)

    def doubled_syllable(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A compound has a syllable twice or in the wrong word (nghiêm trọng → nghiêm trọng trọng)."""
        found = self.compounds(sentence, 2)
        if not found:
            return None
        first, surface = rng.choice(found)
        a, b = surface.split()
        text = rng.choice((f"{a} {b} {b}", f"{a} {a} {b}", f"{a} {b} {a}", f"{b} {a} {b}"))
        return self.swap(sentence, first, 2, text, Label.REPETITION)

    def twin(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word stands beside a synonym or a word of the same beginning (kết luận → kết luận kết thúc)."""
        found = [p for p in self.parts(sentence) if p[1] <= 2]
        if not found:
            return None
        first, size, surface = rng.choice(found)
        twins = self.data.synonyms_of(surface)
        if twins and rng.random() < 0.8:
            twin = rng.choice(twins)
        else:
            sharing = [w for w, _ in self.data.sharing.get(surface.split()[0], ()) if w != surface]
            if not sharing:
                return None
            twin = rng.choice(sharing[:12])
        if rng.random() < 0.25 and size == 2:
            twin = twin.split()[-1]
        follow = " ".join(w.text for w in sentence.words[first + size : first + size + 2])
        if twin == surface or follow.startswith(twin):
            return None
        if rng.random() < 0.12:
            word = sentence.words[first + size - 1]
            return None if capitalised(word) else Change(word.end, word.end, twin, Label.REPETITION)
        text = f"{surface} {twin}" if rng.random() < 0.65 else f"{twin} {surface}"
        return self.swap(sentence, first, size, text, Label.REPETITION)

    def collapse(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`A và B`, `A, B` or `A B` becomes `A và A`, `A, A` or `A A`: two words, one translation."""
        parts = self.parts(sentence)
        spans = [(sentence.words[f].start, sentence.words[f + n - 1].end, f, n, s) for f, n, s in parts]
        found = []
        for a, b in zip(spans, spans[1:], strict=False):
            between = sentence.text[a[1] : b[0]]
            if (between == ", " and a[3] == b[3]) or (
                between == " " and a[3] == b[3] == 2 and self.data.likeness(a[4], b[4]) > 0.2
            ):
                found.append((a, between, b))
        for a, middle, b in zip(spans, spans[1:], spans[2:], strict=False):
            if middle[4] in ("và", "hoặc", "với", "hay") and a[1] + 1 == middle[0] and middle[1] + 1 == b[0]:
                found += [(a, f" {middle[4]} ", b)] * 3
        found = [f for f in found if f[0][4] != f[2][4] and (f[0][3] > 1 or f[2][3] > 1)]
        found = [f for f in found if all(sentence.plain(x[2], x[2] + x[3] - 1) for x in (f[0], f[2]))]
        if not found:
            return None
        a, between, b = rng.choice(found)
        twin = rng.choice((a[4], b[4]))
        return Change(a[0], b[1], match_case(sentence.text[a[0]], f"{twin}{between}{twin}"), Label.REPETITION)

    def strip_marks(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One to eight words lose their diacritics."""
        count = rng.choice((1, 1, 2, 2, 3, 5, 8))
        if len(sentence.words) <= count:
            return None
        first = rng.randrange(len(sentence.words) - count)
        a, b = sentence.words[first], sentence.words[first + count - 1]
        return Change(a.start, b.end, without_marks(sentence.text[a.start : b.end]), Label.LOST_DIACRITICS)

    def misspell(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A usual slip of the pen: s/x, ch/tr, hỏi/ngã, a lost hook, a lost letter."""
        at = rng.randrange(len(sentence.words)) if sentence.words else 0
        if not sentence.words or capitalised(word := sentence.words[at]) or len(word.text) < 2:
            return None
        text = word.text
        kind = rng.random()
        if kind < 0.4:
            found = [(a, b) for a, b in MISSPELT if text.startswith(a)]
            if not found:
                return None
            wrong, right = rng.choice(found)
            text = right + text[len(wrong) :]
        elif kind < 0.75:
            parts = unicodedata.normalize("NFD", text)
            places = [i for i, c in enumerate(parts) if c in TONES]
            if not places:
                return None
            place = rng.choice(places)
            text = unicodedata.normalize(
                "NFC", parts[:place] + rng.choice((TONES[parts[place]], "")) + parts[place + 1 :]
            )
        elif kind < 0.9:
            swaps = [
                (a, b)
                for a, b in (
                    ("ng", "n"),
                    ("n", "ng"),
                    ("c", "t"),
                    ("t", "c"),
                    ("i", "y"),
                    ("nh", "n"),
                    ("ươ", "ưo"),
                    ("uô", "uo"),
                )
                if text.endswith(a) or (len(a) > 1 and a in text)
            ]
            if not swaps:
                return None
            a, b = rng.choice(swaps)
            cut = text.rindex(a)
            text = text[:cut] + b + text[cut + len(a) :]
        else:
            cut = rng.randrange(len(text))
            text = text[:cut] + text[cut + 1 :]
        return Change(word.start, word.end, text, Label.SPELLING)

    def name_case(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A later syllable of a name is in small letters or without its marks (Quảng Trị → Quảng trị)."""
        words = sentence.words
        found = [
            i
            for i in range(1, len(words))
            if words[i].text.istitle()
            and words[i - 1].text.istitle()
            and sentence.joined(i - 1, i)
            and len(words[i].text) > 1
        ]
        if not found:
            return None
        at = rng.choice(found)
        a, b = words[at - 1], words[at]
        if rng.random() < 0.3:
            return Change(a.start, b.end, f"{a.text} {without_marks(b.text)}", Label.NAMED_ENTITY)
        return Change(a.start, b.end, f"{a.text} {b.text.lower()}", Label.NAMED_ENTITY)

    def name_translated(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A syllable of a name is taken for a word and stays English (Nguyễn Văn Xuân → Nguyễn Văn Spring)."""
        words = sentence.words
        found = [w for i, w in enumerate(words) if i and w.text.istitle() and words[i - 1].text.istitle()]
        if not found:
            return None
        word = rng.choice(found)
        english = self.data.english_of(word.text.lower(), rng)
        if not english or " " in english:
            return None
        return Change(word.start, word.end, english.capitalize(), Label.NAMED_ENTITY)

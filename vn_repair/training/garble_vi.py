"""Garbling operations for Vietnamese: what vi→en→vi round trips and page translators leave behind."""

from __future__ import annotations

import random
import unicodedata

from vn_repair.training.garble import Change, Operation, Sentence, match_case
from vn_repair.training.garble_tables import CHAINS, FLATTENED, LEAKED, NEGATIONS
from vn_repair.training.lexical_data import LexicalData
from vn_repair.types import Label


class VietnameseOperations:
    """Operations that need word lists; `weighted` gives them with their first rates."""

    def __init__(self, data: LexicalData) -> None:
        self.data = data

    def weighted(self) -> list[tuple[Operation, float]]:
        """Operations and rates, after the label mix of the hand-fixed references."""
        return [
            (self.shared_syllable, 3.0),
            (self.calque, 2.5),
            (self.flip_words, 2.2),
            (self.flip_syllables, 1.0),
            (self.english_run, 2.6),
            (self.leaked_word, 1.6),
            (self.flatten, 2.0),
            (self.drop, 1.2),
            (self.lost_negation, 0.4),
            (self.repeat, 0.7),
            (self.collapse, 0.5),
            (self.move_acronym, 0.6),
            (self.splice_stop, 0.4),
            (self.spacing, 0.4),
            (self.strip_marks, 0.3),
            (self.extra_syllable, 0.8),
            (self.nonsense, 0.2),
        ]

    def compounds(self, sentence: Sentence, size: int) -> list[tuple[int, str]]:
        """(first word, lower-case surface) of listed words of `size` syllables, by longest match from the left."""
        if sentence.compounds is None:
            sentence.compounds = self._longest_match(sentence)
        return [(at, surface) for at, length, surface in sentence.compounds if length == size]

    def _longest_match(self, sentence: Sentence) -> list[tuple[int, int, str]]:
        out: list[tuple[int, int, str]] = []
        at, words = 0, [w.text.lower() for w in sentence.words]
        while at < len(words):
            for length in (4, 3, 2, 1):
                surface = " ".join(words[at : at + length])
                if (
                    at + length <= len(words)
                    and surface in self.data.frequency
                    and sentence.joined(at, at + length - 1)
                ):
                    out.append((at, length, surface))
                    break
            else:
                length = 1
            at += length
        return out

    def _swap(self, sentence: Sentence, first: int, count: int, text: str, label: Label) -> Change | None:
        words = sentence.words[first : first + count]
        if any(w.text[:1].isupper() for w in words[1:]) or (first > 0 and words[0].text[:1].isupper()):
            return None  # names stay as they are
        surface = sentence.text[words[0].start : words[-1].end]
        return Change(words[0].start, words[-1].end, match_case(surface, text), label)

    def shared_syllable(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A compound becomes another compound with a syllable in common (sở dĩ → sở hữu)."""
        found = self.compounds(sentence, 2)
        if not found:
            return None
        first, surface = rng.choice(found)
        choices = [(w, c) for s in surface.split() for w, c in self.data.sharing.get(s, ()) if w != surface]
        if not choices:
            return None
        word = rng.choices([w for w, _ in choices], [c**0.4 for _, c in choices])[0]
        return self._swap(sentence, first, 2, word, Label.MISTRANSLATION)

    def calque(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word goes through an English gloss to another Vietnamese word."""
        size = rng.choices((1, 2, 3), (2, 6, 1))[0]
        found = [f for f in self.compounds(sentence, size) if f[1] in self.data.calques]
        if not found:
            return None
        first, surface = rng.choice(found)
        return self._swap(sentence, first, size, rng.choice(self.data.calques[surface]), Label.MISTRANSLATION)

    def flatten(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A domain term becomes the rendering that round trips give it (tiêu chí → tiêu chuẩn)."""
        lower = sentence.text.lower()
        if len(lower) != len(sentence.text):
            return None
        for right, wrong in rng.sample(FLATTENED, len(FLATTENED)):
            at = lower.find(right)
            end = at + len(right)
            if at >= 0 and not lower[max(0, at - 1) : at].isalpha() and not lower[end : end + 1].isalpha():
                surface = sentence.text[at:end]
                label = (
                    Label.TERMINOLOGY if wrong in {"tiêu chuẩn", "mô hình", "truyền thông"} else Label.MISTRANSLATION
                )
                return Change(at, end, match_case(surface, wrong), label)
        return None

    def flip_words(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two neighbouring words change places (quản lý môi trường → môi trường quản lý)."""
        sizes = rng.choice(((2, 2), (2, 1), (1, 2), (2, 2)))
        found = {at: s for size in set(sizes) for at, s in self.compounds(sentence, size)}
        starts = [
            a
            for a, s in found.items()
            if len(s.split()) == sizes[0]
            and a + sizes[0] in found
            and len(found[a + sizes[0]].split()) == sizes[1]
            and sentence.joined(a, a + sum(sizes) - 1)
        ]
        if not starts:
            return None
        at = rng.choice(starts)
        return self._swap(sentence, at, sum(sizes), f"{found[at + sizes[0]]} {found[at]}", Label.WORD_ORDER)

    def flip_syllables(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The syllables of a compound change places (kiểu mẫu → mẫu kiểu)."""
        found = [f for f in self.compounds(sentence, 2) if f[1].split()[0] != f[1].split()[1]]
        if not found:
            return None
        first, surface = rng.choice(found)
        a, b = surface.split()
        return self._swap(sentence, first, 2, f"{b} {a}", Label.WORD_ORDER)

    def english_run(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two to eight words become dictionary English in Vietnamese order, with function-word chains."""
        count = rng.randint(2, 8)
        if len(sentence.words) < count + 3:
            return None
        first = rng.randrange(len(sentence.words) - count)
        if not sentence.joined(first, first + count - 1):
            return None
        out: list[str] = []
        at = first
        while at < first + count:
            for length in (3, 2, 1):
                surface = " ".join(w.text for w in sentence.words[at : at + length])
                if at + length <= first + count and (glosses := self.data.glosses.get(surface.lower())):
                    out.append(rng.choice(glosses[:3]))
                    break
            else:
                length, surface = 1, sentence.words[at].text
                if surface[:1].isupper() or surface[:1].isdigit():
                    out.append(surface)
                elif surface.lower() in LEAKED:
                    out.append(rng.choice(LEAKED[surface.lower()]))
            if rng.random() < 0.3:
                out.append(rng.choice(CHAINS))
            elif rng.random() < 0.08 and out:
                out.append(out[-1].split()[-1])
            at += length
        if len(out) < 2:
            return None
        words = sentence.words[first : first + count]
        return Change(words[0].start, words[-1].end, match_case(words[0].text, " ".join(out)), Label.UNTRANSLATED)

    def leaked_word(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One function word stays English (trong khi → trong when)."""
        found = [w for w in sentence.words if w.text.lower() in LEAKED]
        if not found:
            return None
        word = rng.choice(found)
        return Change(
            word.start, word.end, match_case(word.text, rng.choice(LEAKED[word.text.lower()])), Label.UNTRANSLATED
        )

    def drop(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word or syllable is lost; the span stands on the neighbour that is left."""
        if len(sentence.words) < 6:
            return None
        first = rng.randrange(len(sentence.words) - 2)
        count = rng.choice((2, 2, 3))
        if not sentence.joined(first, min(first + count, len(sentence.words)) - 1):
            return None
        words = sentence.words[first : first + count]
        if any(w.text[:1].isupper() or w.text[:1].isdigit() for w in words):
            return None
        kept = words[0].text if rng.random() < 0.5 else words[-1].text
        return Change(words[0].start, words[-1].end, kept, Label.FRAGMENT)

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

    def repeat(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word is written twice."""
        found = self.compounds(sentence, rng.choice((1, 2)))
        if not found:
            return None
        first, surface = rng.choice(found)
        return self._swap(sentence, first, len(surface.split()), f"{surface} {surface}", Label.REPETITION)

    def collapse(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`A và B` or `A, B` becomes `A và A`: two words, one translation."""
        found = dict(self.compounds(sentence, 2))
        for at in rng.sample(list(found), len(found)):
            if at + 3 in found and sentence.words[at + 2].text == "và" and sentence.joined(at, at + 4):
                twin = rng.choice((found[at], found[at + 3]))
                return self._swap(sentence, at, 5, f"{twin} và {twin}", Label.REPETITION)
        return None

    def move_acronym(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """NTM (or another acronym) moves before its noun."""
        found = [i for i, w in enumerate(sentence.words) if i >= 1 and w.text.isupper() and len(w.text) >= 3]
        if not found:
            return None
        at = rng.choice(found)
        count = rng.choice((1, 2, 2))
        if at - count < 0 or not sentence.joined(at - count, at):
            return None
        words = sentence.words[at - count : at + 1]
        noun = sentence.text[words[0].start : words[-2].end]
        return Change(words[0].start, words[-1].end, f"{words[-1].text} {noun}", Label.WORD_ORDER)

    def splice_stop(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A full stop cuts a phrase."""
        if len(sentence.words) < 8:
            return None
        at = rng.randrange(2, len(sentence.words) - 2)
        if not sentence.joined(at, at + 1):
            return None
        a, b = sentence.words[at : at + 2]
        return Change(a.start, b.end, f"{a.text}. {b.text}", Label.FRAGMENT)

    def spacing(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A space before a comma, or two words run together."""
        at = rng.randrange(max(1, len(sentence.words) - 1))
        a, b = sentence.words[at], sentence.words[min(at + 1, len(sentence.words) - 1)]
        between = sentence.text[a.end : b.start]
        if between == ", ":
            return Change(a.start, b.end, f"{a.text} ,{rng.choice(('', ' '))}{b.text}", Label.PUNCTUATION)
        if between == " " and rng.random() < 0.5:
            return Change(a.start, b.end, a.text + b.text, Label.PUNCTUATION)
        return None

    def strip_marks(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Three to eight words lose their diacritics."""
        count = rng.randint(3, 8)
        if len(sentence.words) <= count:
            return None
        first = rng.randrange(len(sentence.words) - count)
        a, b = sentence.words[first], sentence.words[first + count - 1]
        return Change(a.start, b.end, without_marks(sentence.text[a.start : b.end]), Label.LOST_DIACRITICS)

    def extra_syllable(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A single-syllable word grows into a compound (xã → xã hội)."""
        found = [f for f in self.compounds(sentence, 1) if f[1] in self.data.sharing]
        if not found:
            return None
        first, surface = rng.choice(found)
        words = [(w, c) for w, c in self.data.sharing[surface] if w.startswith(surface + " ")]
        if not words:
            return None
        word = rng.choices([w for w, _ in words], [c**0.4 for _, c in words])[0]
        return self._swap(sentence, first, 1, word, Label.MISTRANSLATION)

    def nonsense(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """An English word glued to a fragment of another (Thứ nhất → Theestest)."""
        found = self.compounds(sentence, 2)
        if not found:
            return None
        first, surface = rng.choice(found)
        gloss = (self.data.glosses.get(surface) or ["the"])[0].split()[0]
        cut = rng.randint(1, max(1, len(gloss) - 1))
        return self._swap(
            sentence, first, 2, without_marks(surface.split()[0]) + gloss[:cut] + gloss, Label.UNTRANSLATED
        )


def without_marks(text: str) -> str:
    """`text` without Vietnamese diacritics (đ becomes d)."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return plain.replace("đ", "d").replace("Đ", "D")

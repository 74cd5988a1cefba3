"""Garbling operations of both languages: marks, figures, footnotes, encodings, doubled and lost words."""

from __future__ import annotations

import random
import unicodedata
from html.entities import codepoint2name

import regex

from vn_repair.training.garble import Change, Sentence, Word
from vn_repair.types import Label

DECIMAL_VI = regex.compile(r"(?<![\d.,/])\d+,\d{1,3}(?![\d.,/])%?")
THOUSANDS_VI = regex.compile(r"(?<![\d.,/])\d{1,3}(?:\.\d{3})+(?![\d.,/])")
DECIMAL_EN = regex.compile(r"(?<![\d.,/])\d+\.\d{1,3}(?![\d.,/])%?")
THOUSANDS_EN = regex.compile(r"(?<![\d.,/])\d{1,3}(?:,\d{3})+(?![\d.,/])")
SCALES = {"triệu": "tỷ", "tỷ": "triệu", "million": "billion", "billion": "million"}
YEAR = regex.compile(r"20[0-3]\d")
QUOTED = regex.compile(r"[“\"](?!\s)[^“”\"]{3,60}[”\"]")
AFTER_STOP = regex.compile(r"(?<=[\p{L}\p{N}”])([,;:.]) (?=[\p{L}“\"])")


def capitalised(word: Word) -> bool:
    """Whether a word begins with a capital or a figure: a name, an abbreviation, a number."""
    return word.text[:1].isupper() or word.text[:1].isdigit()


def without_marks(text: str) -> str:
    """`text` without Vietnamese diacritics (đ becomes d)."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return plain.replace("đ", "d").replace("Đ", "D")


class SurfaceOperations:
    """Operations that need no word list; `decimal` and `thousands` are the figures of the language."""

    decimal, thousands = DECIMAL_EN, THOUSANDS_EN
    comma_decimal = False

    def splice_stop(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A full stop (now and then a comma) cuts a phrase; the span is the word before it, or both words."""
        if len(sentence.words) < 6:
            return None
        at = rng.randrange(1, len(sentence.words) - 2)
        a, b = sentence.words[at : at + 2]
        if not sentence.joined(at, at + 1) or capitalised(b):
            return None
        if rng.random() < 0.15:
            return Change(a.start, a.end, f"{a.text},", Label.PUNCTUATION)
        if rng.random() < 0.6:
            return Change(a.start, a.end, f"{a.text}.", Label.FRAGMENT)
        return Change(a.start, b.end, f"{a.text}. {b.text}", Label.FRAGMENT)

    def cut_end(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The last words of the sentence are lost; the span is the last word that is left."""
        count = rng.choice((1, 1, 2, 2, 3, 4))
        if len(sentence.words) < count + 6:
            return None
        words = sentence.words[-count - 1 :]
        first = len(sentence.words) - count - 1
        if not sentence.plain(first, len(sentence.words) - 1):
            return None
        tail = sentence.text[words[-1].end :]
        kept = words[0].text + (rng.choice(("", ",", ".")) if not tail else "")
        return Change(words[0].start, words[-1].end, kept, Label.FRAGMENT)

    def repeat(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One to three words are written twice; sometimes only the second copy is the span."""
        count = rng.choice((1, 1, 1, 2, 2, 3))
        if len(sentence.words) < count + 2:
            return None
        first = rng.randrange(len(sentence.words) - count)
        if not sentence.plain(first, first + count - 1):
            return None
        start, end = sentence.words[first].start, sentence.words[first + count - 1].end
        surface = sentence.text[start:end]
        if rng.random() < 0.25:
            return Change(end, end, surface.lower(), Label.REPETITION)
        return Change(start, end, f"{surface} {surface.lower()}", Label.REPETITION)

    def echo(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A word of the words just before comes again in the wrong place, to be deleted."""
        if len(sentence.words) < 6:
            return None
        at = rng.randrange(3, len(sentence.words) - 1)
        back = sentence.words[at - rng.choice((2, 3))]
        if not sentence.joined(at, at + 1) or capitalised(back) or len(back.text) < 2:
            return None
        here = sentence.words[at]
        if here.text == back.text or sentence.words[at + 1].text == back.text:
            return None
        return Change(here.end, here.end, back.text, Label.REPETITION)

    def drop(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """One or two words are lost; the span stands on a neighbour that is left."""
        if len(sentence.words) < 6:
            return None
        count = rng.choice((1, 1, 1, 2))
        first = rng.randrange(len(sentence.words) - count - 1)
        if not sentence.joined(first, first + count) or any(
            map(capitalised, sentence.words[first + 1 : first + count])
        ):
            return None
        words = sentence.words[first : first + count + 1]
        kept, lost = (words[0], words[1:]) if rng.random() < 0.65 else (words[-1], words[:-1])
        if any(map(capitalised, lost)) or (capitalised(kept) and kept is words[-1]):
            return None
        return Change(words[0].start, words[-1].end, kept.text, Label.FRAGMENT)

    def empty_quotes(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """What stood in quotation marks is lost (“trắng” → “”)."""
        found = [m for m in QUOTED.finditer(sentence.text) if len(m.group().split()) <= 3]
        if not found:
            return None
        match = rng.choice(found)
        return Change(match.start(), match.end(), match.group()[0] + match.group()[-1], Label.FRAGMENT)

    def spacing(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A space before a mark, none after it, a mark lost, or two words run together."""
        kind = rng.choices(("before", "after", "lost", "glued"), (3, 1.5, 4, 2))[0]
        if kind == "glued":
            at = rng.randrange(max(1, len(sentence.words) - 1))
            if at + 1 >= len(sentence.words) or not sentence.joined(at, at + 1):
                return None
            a, b = sentence.words[at : at + 2]
            return Change(a.start, b.end, a.text + b.text, Label.PUNCTUATION)
        marks = [m for m in AFTER_STOP.finditer(sentence.text) if kind == "before" or m.group(1) in ",;"]
        words = {w.end: w for w in sentence.words}
        after = {w.start: w for w in sentence.words}
        marks = [m for m in marks if m.start() in words and (m.end() in after or kind != "after")]
        if not marks:
            return None
        mark = rng.choice(marks)
        word = words[mark.start()]
        if kind == "before":
            return Change(word.start, mark.start() + 1, f"{word.text} {mark.group(1)}", Label.PUNCTUATION)
        if kind == "lost":
            return Change(word.start, mark.start() + 1, word.text, Label.PUNCTUATION)
        then = after[mark.end()]
        return Change(word.start, then.end, f"{word.text}{mark.group(1)}{then.text}", Label.PUNCTUATION)

    def footnote(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A footnote figure is glued to a word."""
        found = [w for w in sentence.words if w.text.isalpha() and len(w.text) > 1]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, f"{word.text}{rng.randint(1, 24)}", Label.FOOTNOTE_RESIDUE)

    def figure(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A figure keeps the other language's separators, loses its point, or stands on the wrong scale."""
        kinds = ("decimal", "thousands", "percent", "scale", "year")
        for kind in sorted(kinds, key=lambda k: rng.random() / {"scale": 0.5, "year": 0.3}.get(k, 2.0)):
            if (change := self._figure(sentence, kind, rng)) is not None:
                return change
        return None

    def _figure(self, sentence: Sentence, kind: str, rng: random.Random) -> Change | None:
        if kind in ("scale", "year"):
            words = [w for w in sentence.words if (w.text in SCALES if kind == "scale" else YEAR.fullmatch(w.text))]
            if not words:
                return None
            word = rng.choice(words)
            spaced = word.text[0] + rng.choice(" ,") + word.text[1:]
            return Change(word.start, word.end, SCALES.get(word.text, spaced), Label.NUMBER_FORMAT)
        pattern = self.thousands if kind == "thousands" else self.decimal
        found = [m for m in pattern.finditer(sentence.text) if kind != "percent" or m.group().endswith("%")]
        if not found:
            return None
        match = rng.choice(found)
        turned = match.group().translate(str.maketrans(".,", ",."))
        if kind == "percent":
            turned = match.group()[:-1] + rng.choice((". %", ".%", ".", " . %"))
        return Change(match.start(), match.end(), turned, Label.NUMBER_FORMAT)

    def leading_zero(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A figure below ten gets a zero, as Vietnamese offices write it."""
        found = [w for w in sentence.words if len(w.text) == 1 and w.text.isdigit()]
        found = [
            w
            for w in found
            if sentence.text[w.end : w.end + 2][:1] == " " and sentence.text[w.start - 1 : w.start] == " "
        ]
        if not found:
            return None
        word = rng.choice(found)
        return Change(word.start, word.end, f"0{word.text}", Label.NUMBER_FORMAT)

    def encoding(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Some words come through a wrong decoding: Windows-1252, entities, question marks, look-alike letters."""
        count = rng.choice((1, 1, 2, 3, 5))
        places = [at for at in range(len(sentence.words) - count) if sentence.joined(at, at + count)]
        places = [at for at in places if not sentence.text[self._range(sentence, at, count)].isascii()]
        if not places:
            return None
        spot = self._range(sentence, rng.choice(places), count)
        surface = sentence.text[spot]
        kind = rng.choices(("cp1252", "entity", "loss", "hook"), (4, 2, 2, 1))[0]
        if kind == "cp1252":
            text = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in surface.encode())
        elif kind == "entity":
            text = "".join(c if c.isascii() else f"&{codepoint2name.get(ord(c), f'#{ord(c)}')};" for c in surface)
        elif kind == "loss":
            text = "".join(c if c.isascii() or rng.random() < 0.3 else "?" for c in surface)
        else:
            text = surface.replace("ư", "ƣ")
        text = text.strip()
        if text == surface or any(unicodedata.category(c) == "Cc" for c in text):
            return None
        return Change(spot.start, spot.stop, text, Label.MOJIBAKE)

    @staticmethod
    def _range(sentence: Sentence, first: int, count: int) -> slice:
        return slice(sentence.words[first].start, sentence.words[first + count - 1].end)

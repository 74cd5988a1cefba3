"""Vietnamese words in English order: flipped modifiers, moved heads, chains of của."""

from __future__ import annotations

import random

from vn_repair.training.garble import Change, Sentence
from vn_repair.training.garble_vi_base import VietnameseBase
from vn_repair.types import Label

MOVABLE = (
    "không",
    "chưa",
    "phải",
    "sẽ",
    "đã",
    "được",
    "có",
    "lại",
    "rất",
    "còn",
    "đang",
    "vào",
    "ra",
    "lên",
    "mới",
    "cả",
    "chỉ",
    "cũng",
    "đều",
    "vẫn",
    "từng",
    "mỗi",
    "nhất",
    "hơn",
    "mà",
    "là",
)
# Capitalised words that begin the name of a body; names of people and places keep their order.
BODIES = frozenset(
    "Tỉnh Huyện Thành Ủy Ban Viện Hội Sở Bộ Trường Liên Ngân Quỹ Cục Đảng Mặt Nghị Chi Trung Bí Phó Phòng "
    "Chủ Hợp Đoàn Công Tổng Chương".split()
)


class OrderOperations(VietnameseBase):
    """Right words in the wrong order."""

    def flip_words(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """Two neighbouring words change places (quản lý môi trường → môi trường quản lý)."""
        parts = self.parts(sentence)
        found = [
            (a, b)
            for a, b in zip(parts, parts[1:], strict=False)
            if a[0] + a[1] == b[0] and a[1] + b[1] >= 3 and a[2] != b[2]
        ]
        if not found:
            return None
        a, b = rng.choice(found)
        return self.swap(sentence, a[0], a[1] + b[1], f"{b[2]} {a[2]}", Label.WORD_ORDER)

    def flip_syllables(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The syllables of a compound change places (kiểu mẫu → mẫu kiểu)."""
        found = [f for f in self.compounds(sentence, 2) if f[1].split()[0] != f[1].split()[1]]
        found = [f for f in found if " ".join(reversed(f[1].split())) not in self.data.frequency] or found
        if not found:
            return None
        first, surface = rng.choice(found)
        a, b = surface.split()
        return self.swap(sentence, first, 2, f"{b} {a}", Label.WORD_ORDER)

    def move_head(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The head of a phrase of three to six syllables goes to its end, or all its words are turned round."""
        parts = self.parts(sentence)
        count = rng.choice((2, 3, 3, 4))
        starts = [
            i
            for i in range(len(parts) - count + 1)
            if all(a[0] + a[1] == b[0] for a, b in zip(parts[i:], parts[i + 1 : i + count], strict=False))
            and 3 <= sum(p[1] for p in parts[i : i + count]) <= 7
        ]
        if not starts:
            return None
        run = parts[(at := rng.choice(starts)) : at + count]
        words = [p[2] for p in run]
        kind = rng.random()
        if kind < 0.45:
            words = [*words[1:], words[0]]
        elif kind < 0.7:
            words.reverse()
        elif kind < 0.85:
            words = [words[-1], *words[:-1]]
        else:  # a syllable strays out of its word (đường dây hạ thế → hạ thế dây đường)
            words = " ".join(words).split()
            words = [*words[1:], words[0]] if rng.random() < 0.5 else [words[-1], *words[:-1]]
        return self.swap(sentence, run[0][0], sum(p[1] for p in run), " ".join(words), Label.WORD_ORDER)

    def move_word(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """A function word changes places with its neighbour (không phải → phải không, sẽ trở lại → trở lại sẽ)."""
        found = [i for i, w in enumerate(sentence.words) if w.text in MOVABLE]
        if not found:
            return None
        at = rng.choice(found)
        first = at if rng.random() < 0.6 else at - 1
        if first < 0 or first + 1 >= len(sentence.words):
            return None
        a, b = sentence.words[first : first + 2]
        return self.swap(sentence, first, 2, f"{b.text.lower()} {a.text.lower()}", Label.WORD_ORDER)

    def genitive(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """`A của B` becomes `B của A` or `B A`; `A B` becomes `A của B`."""
        parts = self.parts(sentence)
        found = [
            i
            for i in range(1, len(parts) - 1)
            if parts[i][2] == "của"
            and parts[i - 1][0] + parts[i - 1][1] == parts[i][0]
            and parts[i][0] + 1 == parts[i + 1][0]
        ]
        if found and rng.random() < 0.75:
            a, _, b = parts[(at := rng.choice(found)) - 1 : at + 2]
            text = f"{b[2]} của {a[2]}" if rng.random() < 0.4 else f"{b[2]} {a[2]}"
            return self.swap(sentence, a[0], a[1] + b[1] + 1, text, Label.WORD_ORDER)
        pairs = [
            (a, b) for a, b in zip(parts, parts[1:], strict=False) if a[0] + a[1] == b[0] and a[1] > 1 and b[1] > 1
        ]
        if not pairs:
            return None
        a, b = rng.choice(pairs)
        if rng.random() < 0.4:
            word = sentence.words[a[0] + a[1] - 1]
            return Change(word.end, word.end, "của", Label.WORD_ORDER)
        return self.swap(sentence, a[0], a[1] + b[1], f"{a[2]} của {b[2]}", Label.WORD_ORDER)

    def move_acronym(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """NTM (or another acronym) moves before its noun."""
        found = [i for i, w in enumerate(sentence.words) if i >= 1 and w.text.isupper() and len(w.text) >= 3]
        if not found:
            return None
        at = rng.choice(found)
        count = rng.choice((1, 2, 2, 3))
        if at - count < 0 or not sentence.joined(at - count, at):
            return None
        words = sentence.words[at - count : at + 1]
        if any(w.text[:1].isdigit() for w in words):
            return None
        if at + 2 < len(sentence.words) and rng.random() < 0.3 and sentence.plain(at + 1, at + 2):
            after = sentence.words[at + 1 : at + 3]
            text = f"{after[0].text} {words[-1].text} {after[1].text}"
            return Change(words[-1].start, after[-1].end, text, Label.WORD_ORDER)
        noun = sentence.text[words[0].start : words[-2].end]
        return Change(words[0].start, words[-1].end, f"{words[-1].text} {noun[:1].lower()}{noun[1:]}", Label.WORD_ORDER)

    def title(self, sentence: Sentence, rng: random.Random) -> Change | None:
        """The parts of a body's capitalised name change places (Tỉnh ủy Quảng Trị → Quảng Trị Tỉnh ủy)."""
        words = sentence.words
        starts = [
            i
            for i in range(len(words) - 2)
            if words[i].text in BODIES and (i == 0 or not words[i - 1].text[:1].isupper()) and sentence.joined(i, i + 2)
        ]
        if not starts:
            return None
        first = rng.choice(starts)
        last = first
        while (
            last + 1 < len(words)
            and sentence.joined(last, last + 1)
            and last - first < 6
            and (words[last + 1].text[:1].isupper() or (last == first and words[last + 1].text.islower()))
        ):
            last += 1
        if last - first < 2:
            return None
        run = [w.text for w in words[first : last + 1]]
        cut = rng.choice((1, 2)) if len(run) > 3 else 1
        return Change(
            words[first].start,
            words[last].end,
            " ".join([*run[cut:], *run[:cut]]),
            Label.WORD_ORDER if run[1].islower() else Label.NAMED_ENTITY,
        )

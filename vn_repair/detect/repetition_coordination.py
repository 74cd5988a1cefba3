"""Two near-synonyms that became one word: "sponsor and sponsor", "đào tạo và đào tạo" (error class 2.9).

Fixed phrases ("more and more"), lapses of time ("years and years") and comparatives are let be, and so are two terms
that share a word: "sustainable energy and energy efficiency", "khu công nghiệp và công nghiệp hỗ trợ".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import ENGLISH_FUNCTION_WORDS, is_vietnamese_syllable
from vn_repair.types import EN, VI, Label, Severity, Span

CONJUNCTIONS = {VI: (" và ", " and "), EN: (" and ", " or ", " & ")}
PHRASE = re.compile(r"([^\W\d_]{2,}+)(?: ([^\W\d_]{2,}+))?(?: ([^\W\d_]{2,}+))?")
BEFORE = re.compile(r"([^\W\d_]+) $")
AFTER = re.compile(r" ?([^\W\d_]+|\S)")
# Words of figures of speech: "again and again", "such and such", "hết sức và hết sức".
FIGURES = frozenset("""
more again over on round through by less such so many time times on up down on half side arm hand face all one two
some yes no who this that what when why there here is are be was do does did can may might should will would must have
years year hours hour days day weeks week months month decades centuries generations ages miles millions thousands
hundreds billions trillions dozens scores tons lots pages rows cats cousin deeper fewer further worse better yours mine
needed spend rejected act asked move try tried wait one two three four five six seven
nghìn ngàn triệu tỷ hơn nữa mãi nhiều xa ngày giờ năm tháng lần chỉ càng cứ yêu đi sống rất không có là một hai hay nếu
""".split())
COMPARATIVE = re.compile(r"(?!farmer|officer|member|leader|teacher|worker|minister|order|offer|water|power|number|"
                         r"border|consumer|partner|center|master|river|paper|matter|producer|player|owner)\w{2,}er")
# Forms that are hardly a first element of another term: what follows them does not matter.
VERBAL = re.compile(r"\w{3,}(?:ed|ship)")
# After these the second copy is no part of a longer term.
CLAUSE = frozenset("""
is are was were be has have had will would can could should must may to
và của cho trong để với tại là đã đang sẽ theo từ ở do về bằng được
""".split())
AFTER_TO = frozenset("to not will would can could should must may shall".split())
BEFORE_VI = CLAUSE | frozenset("các những công tác việc hoạt động và nhằm cần phải không ngừng tiếp tục chú trọng"
                               .split())
INSIDE = frozenset("'’&/-_")  # a word goes on over these
ENDS = frozenset(".,;:!?…)”\"|")


def same_on_both_sides(text: str, conjunction: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, X) of every "X and X", X being one to three words as they stand the second time."""
    at = text.find(conjunction)
    while at >= 0:
        right = at + len(conjunction)
        # X ends alike on both sides, which is the quickest to see.
        ahead = text[right : right + 60].lower()
        if ahead.count(" ") > 2 and text[at - 2 : at].lower() not in ahead:
            at = text.find(conjunction, at + 1)
            continue
        found = PHRASE.match(text, right)
        for group in range(1, found.lastindex + 1 if found and found.lastindex else 0):
            assert found is not None
            end = found.end(group)
            start = at - (end - right)
            phrase = text[right:end]
            if (start >= 0 and text[start:at].lower() == phrase.lower()
                    and text[start - 1 : start] not in INSIDE and not text[start - 1 : start].isalnum()
                    and text[end : end + 1] not in INSIDE and not text[end : end + 1].isalnum()):
                yield start, end, phrase
        at = text.find(conjunction, at + 1)


def in_english(first: str, words: list[str], before: str, after: str) -> bool:
    """Whether the English coordination says the same twice.

    `first` is the first copy as it stands; `before` and `after` are the neighbouring words or marks, lower case.
    """
    if not FIGURES.isdisjoint(words) or COMPARATIVE.fullmatch(words[-1]):
        return False
    if len(words[0]) < 4 or before in {"and", "between"}:
        return False
    if not first[1:].islower():
        return False
    if len(words) > 1:
        return after in ENDS and words[0] not in ENGLISH_FUNCTION_WORDS
    if after in ENDS or before in AFTER_TO:
        return True
    starts = not before or before in ENGLISH_FUNCTION_WORDS or not before.isalpha()
    return starts and (after in CLAUSE or VERBAL.fullmatch(words[0]) is not None)


def in_vietnamese(words: list[str], before: str, after: str) -> bool:
    """The same for Vietnamese: a word of two or three syllables that stands alone on both sides."""
    if len(words) < 2 or not FIGURES.isdisjoint(words):
        return False
    return (after in ENDS or after in CLAUSE) and (not before or not before.isalpha() or before in BEFORE_VI)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the whole coordination; what the lost word was is not known."""
    text = view.text
    for conjunction in CONJUNCTIONS[view.lang]:
        for start, end, phrase in same_on_both_sides(text, conjunction):
            words = phrase.lower().split()
            left = BEFORE.search(text[max(0, start - 20) : start])
            before = left.group(1).lower() if left else text[max(0, start - 2) : start].strip()[-1:]
            right = AFTER.match(text, end)
            after = right.group(1).lower() if right else "."
            if not phrase.islower():
                continue
            if conjunction == " và ":
                found = all(map(is_vietnamese_syllable, words)) and in_vietnamese(words, before, after)
            else:
                found = in_english(text[start:end], words, before, after)
            if found:
                yield Span(start, end, Label.REPETITION, Severity.MINOR, 0.75, DETECTOR.id,
                           "the same on both sides of the conjunction: one of two different words was lost")


DETECTOR = Detector("repetition.coordination", frozenset({VI, EN}), "two words collapsed into one: X and X", find)

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

WORD = r"[^\W\d_]{2,}+"
PAIR = re.compile(rf"(?<![\w'’&/-])({WORD}(?: {WORD}){{0,2}}?) (and|or|&|và|hoặc) (?i:\1)(?![\w'’/-])")
BEFORE = re.compile(r"([^\W\d_]+) $")
AFTER = re.compile(r" ?([^\W\d_]+|\S)")
# Words of figures of speech: "again and again", "such and such", "hết sức và hết sức".
FIGURES = frozenset("""
more again over on round through by less such so many time times on up down on half side arm hand face all one two
some yes no who this that what when why there here is are be was do does did can may might should will would must have
years year hours hour days day weeks week months month decades centuries generations ages miles millions thousands
hundreds billions trillions dozens scores tons lots pages rows cats cousin deeper fewer further worse better yours mine
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
BEFORE_VI = CLAUSE | frozenset("các những công tác việc hoạt động và nhằm cần phải không ngừng tiếp tục chú trọng".split())
ENDS = frozenset(".,;:!?…)”\"|")


def in_english(text: str, match: re.Match[str], words: list[str], before: str, after: str) -> bool:
    """Whether the English coordination says the same twice; `before` and `after` are the neighbours, lower case."""
    if not FIGURES.isdisjoint(words) or COMPARATIVE.fullmatch(words[-1]) or len(words[0]) < 4 or before == "between":
        return False
    if not text[match.start() + 1 : match.end()].islower():
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
    for match in PAIR.finditer(text):
        words = match.group(1).lower().split()
        left = BEFORE.search(text[max(0, match.start() - 20) : match.start()])
        line_start = match.start() == 0 or text[match.start() - 1] == "\n"
        before = left.group(1).lower() if left else "" if line_start else text[match.start() - 2 : match.start() - 1]
        right = AFTER.match(text, match.end())
        after = right.group(1).lower() if right else "."
        if match.group(2) in {"và", "hoặc"}:
            found = all(map(is_vietnamese_syllable, words)) and in_vietnamese(words, before, after)
        else:
            found = in_english(text, match, words, before, after)
        if found:
            yield Span(match.start(), match.end(), Label.REPETITION, Severity.MINOR, 0.75, DETECTOR.id,
                       "the same on both sides of the conjunction: one of two different words was lost")


DETECTOR = Detector("repetition.coordination", frozenset({VI, EN}), "two words collapsed into one: X and X", find)

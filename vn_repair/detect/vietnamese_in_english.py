"""Vietnamese words left in an English article: "holds 34 xã meetings", "walk two cây số".

Names (capitalised), quoted, bracketed and emphasised words stay, and so do the words of Vietnamese culture that
English press prints as they are (áo dài, phở), above all beside the English noun that explains them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import (
    english_frequency,
    is_vietnamese_syllable,
    seen_in_english,
    vietnamese_frequency,
    vietnamese_pair,
)
from vn_repair.lexicon.verbatim import ENCLOSED, VERBATIM, LineCover, line_bounds
from vn_repair.types import EN, Label, Severity, Span

MARKS = (
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩị"
    "òóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
)
MARKED = re.compile(f"[{MARKS}]", re.IGNORECASE)
MARKED_WORD = re.compile(rf"(?<![\w'’-])[^\W\d_]{{0,7}}[{MARKS}][^\W\d_]*", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
WESTERN = frozenset("àáãâèéêìíòóõôùúý")  # letters of Western European words too: no proof on their own
CULTURE = re.compile(
    r"áo (?:dài|bà ba|tứ thân)|phở|bánh (?:mì|chưng|tét|cuốn|xèo|đa|tráng|khọt|bèo|giầy|dày|ú|ít)|bún|nem|giò|chả"
    r"|nước mắm|nón lá|đờn ca tài tử|quan họ|ca trù|hát \w+|xòe|xoè|khèn|đàn \w+|cồng chiêng|chầu văn|ví giặm|ví dặm"
    r"|cải lương|chèo|tuồng|bài chòi|nhã nhạc|đình|chùa|nhà (?:rông|sàn|dài)|lì xì|mai|tết|dân ca|múa rối|tò he|cốm"
    r"|thắng cố|rượu \w+|chè|[àá]"
)
EXPLAINED = re.compile(
    r" (?:cakes?|dance|dances|dancing|singing|songs?|music|soup|instruments?|noodles?|rice|wine|tea|houses?|hats?"
    r"|dress|dresses|festivals?|sauce|theatre|theater|opera|trees?|ceremony|dishes|dish|flutes?)\b"
    r"|,? (?:\(|or |meaning |which means )"
)


def _stretch(text: str, at: re.Match[str], line_start: int, line_end: int) -> tuple[int, int]:
    """The marked word with the Vietnamese words beside it that carry no mark (`bao` in `bao bì`)."""
    start, end = at.span()
    last = at.group()
    while after := WORD.match(text, end + 1, line_end):
        if text[end] != " " or not (_belongs(last, after.group()) and is_vietnamese_syllable(after.group())):
            break
        end, last = after.end(), after.group()
    first = at.group()
    while text[start - 1 : start] == " " and (words := WORD.findall(text, max(line_start, start - 12), start - 1)):
        word = words[-1]
        if not text.endswith(word, line_start, start - 1) or not word.islower() or not _pairs(word, first):
            break
        start, first = start - 1 - len(word), word
    return start, end


def _belongs(first: str, second: str) -> bool:
    return second.islower() and (MARKED_WORD.fullmatch(second) is not None or _pairs(first, second))


def _pairs(first: str, second: str) -> bool:
    """Whether an unmarked word beside a Vietnamese one is Vietnamese too: a usual pair, no usual English word."""
    plain = first if first.isascii() else second
    return vietnamese_pair(first, second) > 0 and vietnamese_frequency(plain) > english_frequency(plain)


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a Vietnamese syllable with its marks, in small letters."""
    return not chunk.isascii() and any(
        word.islower() and is_vietnamese_syllable(word) for word in MARKED_WORD.findall(chunk))


def find(view: View) -> Iterator[Span]:
    """Yield a span over each stretch of lower-case Vietnamese in lines that are English."""
    text = view.text
    apart = LineCover(text, ENCLOSED, VERBATIM)
    done = 0
    for match in MARKED_WORD.finditer(text):
        if match.start() < done or not match.group().islower() or not is_vietnamese_syllable(match.group()):
            continue
        line_start, line_end = line_bounds(text, match.start(), 400)
        start, end = _stretch(text, match, line_start, line_end)
        done = end
        surface = text[start:end]
        if start in apart or CULTURE.fullmatch(surface) or EXPLAINED.match(text, end):
            continue
        if " " not in surface and seen_in_english(surface) and WESTERN.issuperset(MARKED.findall(surface)):
            continue
        if text[start - 1 : start] in {"-", "'", "’"} or _is_vietnamese_line(text[line_start:line_end]):
            continue
        yield Span(start, end, Label.UNTRANSLATED, Severity.MAJOR if " " in surface else Severity.MINOR, 0.9,
                   DETECTOR.id, "Vietnamese words left in English")


def _is_vietnamese_line(line: str) -> bool:
    """Whether a line is Vietnamese as a whole (a quotation, a slogan, a title): another language, not debris."""
    words = [w for w in WORD.findall(line) if w.islower()]
    return sum(MARKED_WORD.fullmatch(w) is not None for w in words) > 0.4 * len(words)


DETECTOR = Detector("untranslated.vietnamese_in_english", frozenset({EN}), "Vietnamese words left in English",
                    find, sign)

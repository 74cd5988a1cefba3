"""A footnote's figure glued to a word, quotation mark or bracket: "provinces8", "commune”9", "(NTM)1" (class 2.13)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon import english_frequency, is_vietnamese_syllable, vietnamese_frequency
from vn_repair.types import EN, VI, Label, Severity, Span

# Each begins with a figure or a bracket, which is fast to search.
END = r"(?=[\s,.;:)”\"]|\Z)(?![.,]\d)"
GLUED = re.compile(rf"\d(?:(?<=[^\W\d_][^\W\d_]\d)|(?<=[^\W\d_][”)]\d))\d?{END}")
IN_BRACKETS = re.compile(r"\[(?<=[^\W\d_\s]\[)\d{1,3}\]|\[(?<=[.,”)]\[)\d{1,3}\]")
SUPERSCRIPTS = "¹²³⁴⁵⁶⁷⁸⁹"
RAISED = re.compile(r"[¹²³⁴-⁹⁰](?<=[^\W\d_]{3}.)[¹²³⁴-⁹⁰]?")
AFTER_PERCENT = re.compile(r"% ?(\d\d?)(?=[.;](?:\s|\Z))|%(\d)(?=[\s,)])")
CHUNK_PERCENT = re.compile(r"%\d|^\d\d?[.;]\Z")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\Z")
REACH = 200  # characters on each side in which an address is looked for
IN_RUN = frozenset("@/\\_=&#+*-.")
# Words that take a number, which may be written on to them; measures; names of viruses, tools and the like.
TAKE_NUMBERS = frozenset("""
tháng ngày quý lớp số quận tổ thôn ấp khu khóa khoá kỳ đợt nhóm loại hạng tập cấp bậc vòng giờ năm xóm đội điều khoản
mục phần bài tuổi điểm phường hẻm ngõ kiệt tầng phòng câu hình bảng trang chương tiết cụm lô thửa đường km hơn gần đạt
khoảng được với từ đến và có là còn trên dưới tăng giảm chiếm chỉ thứ top cỡ giá tuần mùng mồng cả vùng tuyến ga cầu
pháo súng covid ncov sars mers nano omega mp web windows office chapter level grade type class group phase part page
figure table section article step model version zone unit block tier formula route highway line day week month year game
round match dm cm mm ha kg atm big catch world euro expo sea seagame apec asean asiad agribank vinamilk
""".split())


def run_is_plain(text: str, start: int, end: int) -> bool:
    """Whether the characters around `[start, end)` up to white space belong to no address, code or file name."""
    left, right = start, end
    while left and start - left < REACH and not text[left - 1].isspace():
        left -= 1
    while right < len(text) and right - end < REACH and not text[right].isspace():
        right += 1
    return IN_RUN.isdisjoint(text[left:start]) and IN_RUN.isdisjoint(text[end:right].rstrip(".,;:)”\""))


def takes_footnote(word: str, lang: str) -> bool:
    """Whether `word` is a plain word of the language that has no business with a figure at its end."""
    low = word.lower()
    if low in TAKE_NUMBERS:
        return False
    if not word.islower():  # "Decree3"; brands and codes are in capitals or no words
        if not word[1:].islower():
            return False
        return not word.isascii() and is_vietnamese_syllable(word) if lang == VI else \
            len(word) > 4 and english_frequency(low) > 3
    if lang == VI and is_vietnamese_syllable(word):
        return not word.isascii() or (len(word) >= 3 and vietnamese_frequency(word) > 50)
    return len(word) >= 4 and english_frequency(word) > 5


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a figure that may be a footnote's, or is one that may stand behind a percent sign."""
    if IN_BRACKETS.search(chunk) or RAISED.search(chunk) or CHUNK_PERCENT.search(chunk):
        return True
    for match in GLUED.finditer(chunk):
        at = match.start()
        if chunk[at - 1] in "”)":
            return True
        word = WORD.search(chunk[max(0, at - 30) : at])
        if word and takes_footnote(word.group(), lang):
            return True
    return False


def find(view: View) -> Iterator[Span]:
    """Yield a span over the word with its figure; the suggestion is the word alone."""
    text = view.text
    for match in GLUED.finditer(text):
        if text[match.start() - 1] in "”)":
            yield from after_mark(text, match)
            continue
        word = WORD.search(text[max(0, match.start() - 30) : match.start()])
        if word and takes_footnote(word.group(), view.lang):
            start = match.start() - len(word.group())
            if not text[start - 1 : start].isalnum() and run_is_plain(text, start, match.end()):
                yield span(text, start, match.start(), match.end(), 0.85)
    for match in IN_BRACKETS.finditer(text):
        yield from after_mark(text, match)
    for match in RAISED.finditer(text) if any(map(text.__contains__, SUPERSCRIPTS)) else ():
        word = WORD.search(text[max(0, match.start() - 30) : match.start()])
        if word and takes_footnote(word.group().lower(), view.lang):
            yield span(text, match.start() - len(word.group()), match.start(), match.end(), 0.8)
    for match in AFTER_PERCENT.finditer(text):
        start = match.end() - len(match.group(1) or match.group(2))
        yield Span(start, match.end(), Label.FOOTNOTE_RESIDUE, Severity.MINOR, 0.6, DETECTOR.id,
                   "a footnote's figure", "")


def after_mark(text: str, match: re.Match[str]) -> Iterator[Span]:
    """The span of a figure behind a closing mark, or of one in brackets, and of the word before it."""
    at = match.start()
    while at and not (text[at - 1].isalnum() or text[at - 1].isspace()):
        at -= 1
    word = WORD.search(text[max(0, at - 30) : at])
    if word is None or not run_is_plain(text, at, match.end()):
        return
    start = at - len(word.group())
    if text[match.start() - 1] == ")" and "(" not in text[max(0, start - 40) : start + 1]:
        return
    yield span(text, start, match.start(), match.end(), 0.8)


def span(text: str, start: int, figure: int, end: int, score: float) -> Span:
    """The span of a word from `start` whose footnote figure is `[figure, end)`."""
    return Span(start, end, Label.FOOTNOTE_RESIDUE, Severity.MINOR, score, DETECTOR.id,
                f"“{text[figure:end]}” is a footnote's figure", text[start:figure])


DETECTOR = Detector("footnote.residue", frozenset({VI, EN}), "a footnote's figure glued to a word",
                    find, sign, needs_mark=True)

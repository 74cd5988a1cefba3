"""Separators of the other language in a figure: "3.2 km" and "12,500 m3" in Vietnamese, "39,6%" in English.

Vietnamese has a decimal comma and dots between thousands, English the reverse. A figure is judged by what it counts:
a percentage has no thousands, people and communes have no decimals. Sums of money are judged by `number_scale`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

NUMBER = re.compile(r"\d(?<![\w.,/:-]\d)\d*(?:[.,]\d+)+(?![\w/:]|[.,]\d|-\d)")
LETTER_O = re.compile(r"O(?<=\dO)\d*(?!\w)")
BEFORE_O = re.compile(r"(?<![\w.,])\d+[.,]\d+\Z")
MEASURED = {
    VI: re.compile(r" ?(?:%|(?:km2?|m2|m3|ha|hecta|héc-ta|kg|tấn|tạ|lít|cm|mm|m|lần|độ|điểm phần trăm|tỷ|tỉ|triệu)\b)"),
    EN: re.compile(r"(?: ?%| (?:percent|per cent|km|kilomet\w+|ha|hectares?|tons?|tonnes?|kg|times|million|billion|"
                   r"trillion|square|cubic|lit(?:er|re)s?|met(?:er|re)s?)\b)"),
}
COUNTED = {
    VI: re.compile(r" (?:xã|hộ|người|thôn|bản|huyện|sản phẩm|học sinh|lao động|đảng viên|hội viên|đồng|đ|nhà|căn|con|"
                   r"cây|lượt|chiếc|doanh nghiệp|hợp tác xã|HTX|cơ sở|công trình|dự án|mô hình|tổ|đại biểu|giáo viên|"
                   r"sinh viên|hồ sơ|thành viên|cán bộ|tiêu chí|suất|ngày công|cuốn|trẻ em|phụ nữ|khách)\b"),
    EN: re.compile(r" (?:communes?|households?|people|persons?|villages?|districts?|products?|farmers?|members?|"
                   r"cooperatives?|enterprises?|businesses|workers?|students?|jobs|houses|visitors?|tourists?|"
                   r"projects?|models?|officials?|delegates?|families|VND|dong|children|women|schools?|cases|trees|"
                   r"eggs|chickens|pigs|cows|seedlings|laborers|labourers|inhabitants|residents)\b"),
}
DECIMAL = {VI: ",", EN: "."}
THOUSANDS = {VI: ".", EN: ","}
# A year with a thousands mark: "in 2,018".
YEAR = {
    VI: re.compile(r"(?<=năm )(?:1[.,]9|2[.,]0)\d\d(?![\w.,]*\d| (?:xã|hộ|người|tỷ|triệu|đồng|km|ha)\b)"),
    EN: re.compile(r"(?<=in )(?:1,9|2,0)\d\d(?=[;.)]? ?(?:\Z|\n)|[;,)] |\. [A-Z])|"
                   r"(?<=year )(?:1,9|2,0)\d\d(?![\w,]*\d)"),
}
YEAR_BEGINS = (" 2,0", " 1,9", "năm 2.0", "năm 1.9")
CHUNK_YEAR = re.compile(r"^(?:1[.,]9|2[.,]0)\d\d")
# "mục 3.2", "công nghiệp 4.0", "version 2.5": numbers of sections and versions.
NUMBERED = re.compile(r"(?:mục|điều|khoản|bảng|hình|phiên bản|chương|phần|section|table|figure|version|article|web|"
                      r"nghiệp|industry|windows|android|ios|no\.|số)\s*\Z", re.I)


def grouped(figure: str, mark: str) -> bool:
    """Whether the figure is groups of three digits held together by `mark`."""
    first, *rest = figure.split(mark)
    return first.isdigit() and 1 <= len(first) <= 3 and first != "0" and all(len(g) == 3 and g.isdigit() for g in rest)


def swapped(figure: str) -> str:
    """The figure with dots for commas and commas for dots."""
    return figure.translate(str.maketrans(".,", ",."))


class Habits:
    """How a text writes its other figures."""

    def __init__(self, text: str, lang: str) -> None:
        right, wrong = re.escape(DECIMAL[lang]), re.escape(THOUSANDS[lang])
        self.right = len(re.findall(rf"\d{right}\d{{1,2}}(?!\d)|\d{wrong}\d{{3}}(?!\d)", text))
        self.wrong = len(re.findall(rf"\d{wrong}\d{{1,2}}(?![\d{wrong}])", text))

    def score(self) -> float:
        """Confidence that a wrong decimal sign is a slip: a text that has it throughout has a style of its own."""
        if self.right:
            return 0.8 if self.right >= self.wrong else 0.6
        return 0.5 if self.wrong <= 2 else 0.0


def judge(figure: str, after: str, lang: str) -> tuple[str, bool] | None:
    """(corrected figure, certain) if the figure, followed by the text `after`, has the other language's marks.

    An empty correction means that the figure is impossible and cannot be read.
    """
    decimal, thousands = DECIMAL[lang], THOUSANDS[lang]
    measured, counted = MEASURED[lang].match(after), COUNTED[lang].match(after)
    if decimal in figure and thousands in figure:
        head, _, tail = figure.rpartition(thousands)
        if grouped(head, decimal) and tail.isdigit() and len(tail) != 3:
            return swapped(figure), True  # 1,234.5 in Vietnamese
        whole, _, tail = figure.rpartition(decimal)
        return None if (grouped(whole, thousands) and tail.isdigit()) or not (measured or counted) else ("", True)
    mark = decimal if decimal in figure else thousands
    groups = figure.split(mark)
    if len(groups) > 2:
        if grouped(figure, mark):
            return (swapped(figure), True) if mark == decimal else None
        return ("", True) if measured or (counted and len(groups[-1]) == 3) else None
    if mark == thousands:
        return (swapped(figure), False) if measured and len(groups[1]) <= 2 else None
    if len(groups[1]) != 3 or groups[0] == "0" or len(groups[0]) > 3:
        return None
    if counted:
        return swapped(figure), True
    money = re.match(r" ?(?:tỷ|tỉ|triệu|million|billion|trillion)", after)
    return (swapped(figure), True) if measured and lang == VI and figure.endswith("00") and not money \
        and "%" not in measured.group() else None


def may_be_wrong(figure: str, rest: str, lang: str) -> bool:
    """Whether `judge` says anything of the figure before some text that begins with the rest of its chunk."""
    decimal, thousands = DECIMAL[lang], THOUSANDS[lang]
    # A unit begins with a letter, which a figure is never joined to, or with a percent sign.
    unit_may_follow = not rest or rest[0] == "%"
    if decimal in figure and thousands in figure:
        head, _, tail = figure.rpartition(thousands)
        if grouped(head, decimal) and len(tail) != 3:
            return True
        whole, _, tail = figure.rpartition(decimal)
        return unit_may_follow and not (grouped(whole, thousands) and tail.isdigit())
    groups = figure.split(decimal if decimal in figure else thousands)
    if len(groups) > 2:
        return unit_may_follow or (decimal in figure and grouped(figure, decimal))
    return unit_may_follow and (len(groups[1]) == 3 if decimal in figure else len(groups[1]) <= 2)


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds a figure with marks that may be wrong."""
    return CHUNK_YEAR.search(chunk) or LETTER_O.search(chunk) or odd_figure(chunk, lang)


def odd_figure(chunk: str, lang: str) -> bool:
    """Whether the chunk holds a figure whose separators may be the other language's."""
    return any(may_be_wrong(match.group(), chunk[match.end() :], lang) for match in NUMBER.finditer(chunk))


def find(view: View) -> Iterator[Span]:
    """Yield a span over the figure; the suggestion has the article language's own marks."""
    text = view.text
    habits: Habits | None = None
    odd = any(odd_figure(chunk, view.lang) for chunk in view.signs[DETECTOR.id])
    for match in NUMBER.finditer(text) if odd else ():
        verdict = judge(match.group(), text[match.end() : match.end() + 24], view.lang)
        if verdict is None or NUMBERED.search(text[max(0, match.start() - 14) : match.start()]):
            continue
        better, certain = verdict
        habits = habits or Habits(text, view.lang)
        score = 0.85 if certain else habits.score()
        if score:
            yield Span(match.start(), match.end(), Label.NUMBER_FORMAT, Severity.MINOR, score, DETECTOR.id,
                       "the other language's decimal or thousands mark" if better else "an impossible figure",
                       better or None)
    for match in YEAR[view.lang].finditer(text) if any(map(text.__contains__, YEAR_BEGINS)) else ():
        yield Span(match.start(), match.end(), Label.NUMBER_FORMAT, Severity.MINOR, 0.8, DETECTOR.id,
                   "a thousands mark in a year", match.group().replace(",", "").replace(".", ""))
    for match in LETTER_O.finditer(text):
        left = text[max(0, match.start() - 12) : match.start()]
        figure = BEFORE_O.search(left)
        if figure:
            start = match.start() - len(figure.group())
            yield Span(start, match.end(), Label.NUMBER_FORMAT, Severity.MINOR, 0.8, DETECTOR.id,
                       "a letter O for a zero", text[start : match.end()].replace("O", "0"))


DETECTOR = Detector("number.separator", frozenset({VI, EN}), "decimal or thousands mark of the other language",
                    find, sign, needs_mark=True)

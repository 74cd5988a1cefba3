"""A figure that another figure of the same text contradicts (class 1.11); both places are named.

Figures are never judged by outside knowledge. What the text itself can prove: a share beside its fraction
("132/151 xã (67,9%)"), a rise to less or a fall to more ("tăng từ 12% lên 8%"), a part greater than its total, a
whole that is not the sum of its listed parts, a sentence given again with one other figure, a period of another
length than its two years, and a count of criteria without its stroke ("1919 tiêu chí" beside "19/19 tiêu chí").

Machine English keeps Vietnamese separators, so each figure is read in every way that its marks allow, and a
contradiction must hold for all of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Segment, Severity, Span

N = r"\d+(?:[.,]\d+)*"
FIGURE = rf"(?<![\d.,/-]){N}"
SCALES = {
    "nghìn": 3, "ngàn": 3, "thousand": 3, "triệu": 6, "million": 6, "tỷ": 9, "tỉ": 9, "billion": 9,
    "nghìn tỷ": 12, "nghìn tỉ": 12, "ngàn tỷ": 12, "trillion": 12,
}  # fmt: skip
SCALE = r"(?:(?:nghìn|ngàn) t[ỷỉ]|nghìn|ngàn|triệu|t[ỷỉ]|thousand|million|billion|trillion)"
MONEY_VI = rf"(?P<{{0}}>{FIGURE})\s(?P<{{0}}_scale>{SCALE})\s(?:đồng|VNĐ|VND|USD)"
MONEY_EN = (rf"(?:VND\s?(?P<{{0}}>{N})\s(?P<{{0}}_scale>{SCALE})|"
            rf"(?P<{{0}}>{FIGURE})\s(?P<{{0}}_scale>{SCALE})\s(?:VND|dong))")

# "132/151 xã đạt chuẩn (67,9%)", "6.001/8.211 xã (chiếm 73%)", ", đạt 87,4%".
SHARE = regex.compile(
    rf"(?<![\d.,/–-])(?<!\b(?:ngày|tháng|số|quý|on|No\.|dated) )(?P<part>{N})/(?P<whole>{N})(?![\d/]|/\p{{L}}|-\p{{L}})"
    rf"\s(?P<what>(?:[\p{{L}}\p{{M}}-]+\s?){{1,8}}?)\s?"
    rf"(?:\((?:chiếm |đạt |bằng |tỷ lệ |tương đương |accounting for |or |equal to |reaching )?|"
    rf", (?:chiếm |bằng |tương đương |đạt tỷ lệ |accounting for |equal to |equivalent to ))"
    rf"(?P<share>{N})\s?%(?!\s?(?:so với|kế hoạch|KH|tổng|của|trong|compared|of\b|higher|lower))", regex.I)

RANKS = r"(?:hạng|thứ|vị trí|top|bậc|số|khóa|rank\w*|place|No\.|grade)"
AFTER_RANK, RANK_REACH = regex.compile(rf"{RANKS}\s\Z"), 40
UNIT = rf"(?P<{{0}}_unit>\s?%|\s{SCALE}|)"
GAP = r"(?:\s(?!(?:lên|xuống|còn|đến|to|up|down|từ|from)\b)[\p{L}\p{M}/()-]+){0,4}"
MOVE_VI = (rf"(?P<way>tăng|giảm)(?: mạnh| nhanh| dần| đều| bình quân)? từ (?P<a>{N}){UNIT.format('a')}{GAP}"
           rf"(?: \(?năm \d{{4}}\)?)? (?P<to>lên|xuống còn|xuống|còn)(?: mức| tới| gần| hơn| khoảng| trên)? "
           rf"(?P<b>{N})(?![\d/]|\.\d){UNIT.format('b')}")
MOVE_EN = (rf"(?P<way>increas(?:ed|ing|es)|rose|rising|grew|fell|falling|decreas(?:ed|ing|es)|dropp(?:ed|ing)|"
           rf"reduced|cut) from (?:VND )?(?P<a>{N}){UNIT.format('a')}{GAP}(?: in \d{{4}})? (?P<to>to)"
           rf"(?: about| nearly| over| more than)? (?:VND )?(?P<b>{N})(?![\d/]|\.\d)"
           rf"{UNIT.format('b')}(?! [a-z]+ below\b)")
# The same with the verb between the figures: "từ 12% năm 2016 giảm xuống còn 3%".
TURN_VI = (rf"từ (?P<a>{N}){UNIT.format('a')}{GAP}(?: \(?năm \d{{4}}\)?)? (?P<way>tăng|giảm) "
           rf"(?P<to>lên|xuống còn|xuống|còn)(?: mức| tới| gần| hơn| khoảng| trên)? "
           rf"(?P<b>{N})(?![\d/]|\.\d){UNIT.format('b')}")
MOVES = {VI: [regex.compile(MOVE_VI, regex.I), regex.compile(TURN_VI, regex.I)], EN: [regex.compile(MOVE_EN, regex.I)]}
FALLS = ("giảm", "fell", "falling", "decreas", "dropp", "reduced", "cut")

WITHIN = {
    VI: regex.compile(r"(?P<list>: |, gồm |, bao gồm |, trong đó(?: có)? |; trong đó(?: có)? |\(trong đó(?: có)? )"),
    EN: regex.compile(r"(?P<list>: |, including |, of which |, in of which |, in which |, comprising )"),
}
MONEY = {VI: regex.compile(MONEY_VI.format("m"), regex.I), EN: regex.compile(MONEY_EN.format("m"), regex.I)}
MEANS_TOTAL = regex.compile(
    r"tổng|total|huy động|mobili[sz]ed|đầu tư|invest|kinh phí|vốn|capital|budget|ngân sách|fund", regex.I)
NOT_A_PART = regex.compile(r"tổng|total|lũy kế|cumulative|năm ngoái|năm trước|cùng kỳ|vượt|trên|last year|giai đoạn|"
                           r"period|bình quân|average|doanh thu|revenue|giá trị|value|dư nợ|nợ|kế hoạch|plan|dự toán|"
                           r"toàn|cả nước|whole", regex.I)

ALL_PARTS = (":", "gồm", "bao gồm", "comprising")  # what follows these is the whole list
ABOUT = regex.compile(r"\b(?:gần|hơn|trên|khoảng|ngót|about|nearly|over|some|around|approximately|more than|almost)\b",
                      regex.I)

PERIOD = regex.compile(
    r"(?<![\d.,/-])(?P<n>\d{1,2})(?: năm(?: thực hiện| xây dựng| triển khai| qua)?| years)[^.;()\d\n]{0,40}"
    r"\((?:giai đoạn |từ năm |từ |from |period )?(?P<y1>(?:19|20)\d\d)\s?(?:[-–]|đến|to)\s?(?P<y2>(?:19|20)\d\d)\)",
    regex.I)
ANY_FIGURE = regex.compile(r"\d+(?:[.,/]\d+)*")
NO_FIGURES = dict.fromkeys(map(ord, "0123456789.,/"))
ORDINAL = regex.compile(r"(?:ngày|tháng|năm|quý|dụ|số|điều|khoản|mục|bảng|hình|đợt|lần|thứ|khóa|no\.|day|phase|table|"
                        r"article|example)\s\Z", regex.I)
LEAST_LENGTH = 45  # of a sentence that is no mere row of a list
LOST_STROKE = regex.compile(r"(?<![\d.,/-])(?P<n>\d{1,2})(?P<of>19|18)(?= (?:tiêu chí|criteria)\b)", regex.I)


# What every match holds, in forms that are searched for fast.
FROM = {VI: re.compile(r"từ (?=\d)"), EN: re.compile(r"from (?=\d|VND \d)")}
SCALE_WORD = {VI: re.compile(r"triệu|t[ỷỉ]"), EN: re.compile(r"[mbr]illion")}
YEARS = re.compile(r"\((?=\D{0,12}(?:19|20)\d\d\s?(?:[-–]|đến|to))")


def near(text: str, anchor: re.Pattern[str], pattern: regex.Pattern[str], before: int, after: int
         ) -> Iterator[regex.Match[str]]:
    """Matches of a slow `pattern` around those of a fast `anchor`, at most so many characters away; none twice."""
    at = 0
    for found in anchor.finditer(text):
        match = pattern.search(text, max(at, found.start() - before), found.end() + after)
        if match is not None:
            at = match.end()
            yield match


def readings(figure: str) -> set[Decimal]:
    """Every value that a figure's marks allow: a last group of three digits may be thousands or decimals."""
    marks = [c for c in figure if c in ".,"]
    plain = figure.replace(".", "").replace(",", "")
    if not marks:
        return {Decimal(figure)}
    whole, _, last = figure.rpartition(marks[-1])
    decimal = Decimal(whole.replace(".", "").replace(",", "") + "." + last)
    if len(last) != 3:
        return {decimal}
    if len(marks) > 1:
        return {Decimal(plain)} if len(set(marks)) == 1 else {decimal}
    return {Decimal(plain), decimal} if not whole.startswith("0") else {decimal}


def places(figure: str) -> int:
    """How many digits follow the last mark of a figure."""
    return len(figure) - 1 - max(figure.rfind("."), figure.rfind(",")) if "." in figure or "," in figure else 0


def shares(text: str) -> Iterator[Span]:
    """Shares that their own fraction contradicts by more than rounding explains."""
    at = 0
    for sign in re.finditer("%", text):
        stroke = text.rfind("/", max(at, sign.start() - 110), sign.start())
        if stroke < 1 or not (text[stroke - 1].isdigit() and text[stroke + 1].isdigit()):
            continue
        match = SHARE.search(text, max(at, stroke - 12), sign.end() + 20)
        if match is None:
            continue
        at = match.end()
        share = min(readings(match["share"]))
        values = [100 * part / whole for part in readings(match["part"]) for whole in readings(match["whole"])
                  if 0 < part <= whole]
        slack = max(Decimal(1) / 10 ** places(match["share"]), Decimal("0.6"))
        if values and share <= 100 and all(abs(value - share) > slack for value in values):
            value = min(values, key=lambda v: abs(v - share))
            yield mark(match.span("share"), Severity.MAJOR, 0.75,
                       f"{match['part']}/{match['whole']} is {value:.1f} %, not {match['share']} %",
                       text, (match.start("part"), match.end("whole")))


def moves(text: str, lang: str) -> Iterator[Span]:
    """A rise to less, a fall to more."""
    for match in (found for pattern in MOVES[lang] for found in near(text, FROM[lang], pattern, 24, 120)):
        one, two = match["a_unit"].strip().lower(), match["b_unit"].strip().lower()
        start = match.start("a")
        if ("%" in (one, two) and one and one != two) or AFTER_RANK.search(text, max(0, start - RANK_REACH), start):
            continue
        one = one or two
        pairs = [(a.scaleb(SCALES.get(one, 0)), b.scaleb(SCALES.get(two, 0)))
                 for a in readings(match["a"]) for b in readings(match["b"])]
        falls = match["way"].lower().startswith(FALLS)
        if all(b > a if falls else b < a for a, b in pairs) and not two == "" != one:
            yield mark(match.span("b"), Severity.MAJOR, 0.7,
                       f"“{match['way']}” from {match['a']} to {match['b']}: one of them is wrong", text,
                       match.span("a"))


def parts(view: View) -> Iterator[Span]:
    """Sums of money of which one listed part is more than the whole, or all the parts are not the whole."""
    text = view.text
    scales = [match.start() for match in SCALE_WORD[view.lang].finditer(text)]
    for segment in view.segments if len(scales) > 1 else ():
        if bisect_left(scales, segment.end) - bisect_left(scales, segment.start) < 2:
            continue
        found = list(MONEY[view.lang].finditer(text, segment.start, segment.end))
        if len(found) < 2:
            continue
        total, rest = found[0], found[1:]
        lead = WITHIN[view.lang].search(text, total.end(), min(total.end() + 90, rest[0].start()))
        if lead is None or not MEANS_TOTAL.search(text, segment.start, total.start()):
            continue
        for part in rest:
            if NOT_A_PART.search(text, max(total.end(), part.start() - 60), part.start()):
                break
            if value(total, view.lang) < min(values(part)):
                yield unfit_total(text, total, part)
                break
        else:
            if lead["list"].strip(" ,") in ALL_PARTS and len(rest) > 1 and not ABOUT.search(
                    text, segment.start, segment.end):
                whole, listed = value(total, view.lang), sum(value(part, view.lang) for part in rest)
                if whole / 500 < abs(whole - listed) < whole / 10:
                    yield mark(total.span("m"), Severity.MAJOR, 0.5,
                               f"the listed parts do not add up to {total['m']} {total['m_scale']}", text,
                               (rest[0].start("m"), rest[-1].end("m_scale")))


def values(money: regex.Match[str]) -> set[Decimal]:
    """Readings of a sum of money with its scale."""
    return {reading.scaleb(SCALES[money["m_scale"].lower()]) for reading in readings(money["m"])}


def value(money: regex.Match[str], lang: str) -> Decimal:
    """A sum of money as the language writes it."""
    found = readings(money["m"])
    thousands = "." if lang == VI else ","
    pick = max(found) if thousands in money["m"] else min(found)
    return pick.scaleb(SCALES[money["m_scale"].lower()])


def unfit_total(text: str, total: regex.Match[str], part: regex.Match[str]) -> Span:
    """A span over what is wrong with a total that is less than its part: the mark in its figure, its scale, or both."""
    figure, scale, other = total["m"], total["m_scale"], part["m_scale"]
    why = f"the whole, {figure} {scale}, is less than its part, {part['m']} {other}"
    at, suggestion = (total.start("m"), total.end("m_scale")), None
    if max(values(total)) > max(values(part)):  # the other language's separator
        at, suggestion = total.span("m"), figure.translate({ord("."): ",", ord(","): "."})
    elif SCALES[other.lower()] > SCALES[scale.lower()] and max(readings(figure)) >= max(readings(part["m"])):
        at, suggestion = total.span("m_scale"), other
    return mark(at, Severity.CRITICAL, 0.75, why, text, (part.start("m"), part.end("m_scale")), suggestion)


def repeats(view: View) -> Iterator[Span]:
    """Sentences that come again word for word but for one figure, which is no date and no number of a list."""
    text = view.text
    seen: dict[str, Segment] = {}
    for segment in view.segments:
        if segment.end - segment.start < LEAST_LENGTH:
            continue
        # Of two such sentences the heads or the tails agree; to compare the rest costs more.
        head = text[segment.start : segment.start + 16]
        tail = text[segment.end - 16 : segment.end]
        twin = seen.get(head) or seen.get(tail)
        seen[head] = seen[tail] = segment
        if twin is None:
            continue
        sentence, before = text[segment.start : segment.end], text[twin.start : twin.end]
        if sentence == before or sentence.translate(NO_FIGURES) != before.translate(NO_FIGURES):
            continue
        here = list(ANY_FIGURE.finditer(text, segment.start, segment.end))
        there = list(ANY_FIGURE.finditer(text, twin.start, twin.end))
        others = [(a, b) for a, b in zip(there, here, strict=False) if a[0] != b[0]]
        if len(others) == 1 and len(here) == len(there):
            first, second = others[0]
            if "/" not in second[0] and not ORDINAL.search(text, segment.start, second.start()):
                yield mark(second.span(), Severity.MAJOR, 0.4,
                           f"the same sentence has {first[0]} before, and {second[0]} here", text, first.span())


def periods(text: str) -> Iterator[Span]:
    """Numbers of years that the two years in brackets contradict; both ways of counting are right."""
    for match in near(text, YEARS, PERIOD, 64, 30):
        length = int(match["y2"]) - int(match["y1"])
        if length > 0 and int(match["n"]) not in (length, length + 1):
            yield mark(match.span("n"), Severity.MAJOR, 0.7,
                       f"{match['y1']}–{match['y2']} is {length} years, not {match['n']}", text,
                       (match.start("y1"), match.end("y2")))


def strokes(text: str) -> Iterator[Span]:
    """Counts of criteria that lost their stroke, where the text has others with it."""
    for match in LOST_STROKE.finditer(text):
        other = text.find(f"/{match['of']} ")
        if other >= 0 and int(match["n"]) <= int(match["of"]):
            yield mark(match.span(), Severity.MINOR, 0.85, f"other counts are out of {match['of']}: a stroke is lost",
                       text, (other, other + 3), f"{match['n']}/{match['of']}")


@lru_cache(maxsize=2)
def _line_ends(text: str) -> list[int]:
    """Where the lines of a text end; asked for again with every finding in it."""
    return [m.start() for m in re.finditer("\n", text)]


def mark(  # noqa: PLR0917
    at: tuple[int, int], severity: Severity, score: float, why: str, text: str, other: tuple[int, int],
    suggestion: str | None = None,
) -> Span:
    """A span over one figure whose message names the other's place."""
    line = bisect_left(_line_ends(text), other[0]) + 1
    column = other[0] - text.rfind("\n", 0, other[0])
    message = f"{why} (see {text[other[0] : other[1]]} at {line}:{column})"
    return Span(at[0], at[1], Label.NUMBER_FORMAT, severity, score, DETECTOR.id, message, suggestion)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each figure that another one contradicts; the message says which and where."""
    text = view.text
    yield from shares(text)
    yield from moves(text, view.lang)
    yield from parts(view)
    yield from repeats(view)
    yield from periods(text)
    yield from strokes(text)


DETECTOR = Detector("number.contradiction", frozenset({VI, EN}), "a figure that another one in the text contradicts",
                    find)
"""The detector."""

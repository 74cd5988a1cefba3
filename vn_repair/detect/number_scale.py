"""A sum of money that its giver cannot have: "95,539 billion VND" from one province's sponsors (error class 2.14).

Vietnamese writes 95,539 tỷ for 95.539 billion; with the comma kept, English reads a thousandfold. Figures are never
corrected from outside knowledge, so only a sum far beyond the level of government that gives it is marked, and with
it the sums that add up to it. Sums of the whole country are right in hundreds of thousands of billions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

# Three digits after a comma. In Vietnamese that is a decimal comma, unless the digits end in a zero.
AMOUNT = {
    EN: re.compile(r"\d(?<![\d.,]\d)\d{0,2},\d{3}(?= billion\b)"),
    VI: re.compile(r"\d(?<![\d.,]\d)\d{0,2},\d\d0(?= (?:tỷ|tỉ)\b)"),
}
CHUNK_AMOUNT = {EN: re.compile(r"\d,\d{3}\Z"), VI: re.compile(r"\d,\d\d0\Z")}
CURRENCY = re.compile(r"VND|dong\b|đồng", re.I)
FOREIGN = re.compile(r"USD|dollar|EUR|euro|yen|yuan|won\b|đô la|đô-la|nhân dân tệ|baht")
NATION = re.compile(r"whole country|nationwide|across the country|entire country|throughout the country|the country|"
                    r"central budget|state budget|national budget|national assembly|cả nước|toàn quốc|"
                    r"ngân sách (?:trung ương|nhà nước)|quốc gia|63 (?:provinces|tỉnh)|toàn ngành|whole sector", re.I)
PROVINCE = re.compile(r"provinc\w*|\bcity\b|tỉnh|thành phố", re.I)
DISTRICT = re.compile(r"district|huyện|thị xã|\btown\b", re.I)
COMMUNE = re.compile(r"communes?\b|villages?\b|hamlets?\b|cooperatives?\b|\bxã\b|\bthôn\b|\bbản\b|\bấp\b|hợp tác xã",
                     re.I)
# Sums of a whole economy, or of large firms, whatever place they are named beside.
ECONOMY = re.compile(r"GDP|GRDP|revenue|turnover|export|import|credit|loan|deposit|outstanding|capitali[sz]ation|"
                     r"retail|corporation|group\b|bank|expressway|railway|airport|FDI|production value|output|"
                     r"industrial|doanh thu|doanh số|thu ngân sách|xuất khẩu|nhập khẩu|dư nợ|tín dụng|tiền gửi|"
                     r"huy động vốn|vốn hóa|bán lẻ|tập đoàn|tổng công ty|ngân hàng|cao tốc|đường sắt|sân bay|"
                     r"giá trị sản xuất|công nghiệp|chứng khoán|trái phiếu|nhà máy|dự án", re.I)
LIMITS = {"commune": 500, "district": 6_000, "province": 60_000}  # billions of đồng


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum: offsets of its figure, its value in billions as it reads, and who gives it (`None`: not said)."""

    start: int
    end: int
    value: int
    level: str | None
    exempt: bool


def level_of(sentence: str) -> str | None:
    """The highest level of government that a sentence names."""
    for level, pattern in (("nation", NATION), ("province", PROVINCE), ("district", DISTRICT), ("commune", COMMUNE)):
        if pattern.search(sentence):
            return level
    return None


def clause_around(text: str, start: int, end: int, at: int) -> str:
    """The part of the sentence `[start, end)` around offset `at` between two semicolons."""
    left = text.rfind(";", start, at) + 1 or start
    right = text.find(";", at, end)
    return text[left : right if right >= 0 else end]


def amounts(view: View) -> list[Amount]:
    """Every ambiguous sum of the article."""
    text = view.text
    starts = [segment.start for segment in view.segments]
    found = []
    for match in AMOUNT[view.lang].finditer(text):
        at = bisect_right(starts, match.start()) - 1
        start, end = (view.segments[at].start, view.segments[at].end) if at >= 0 else (0, len(text))
        near = text[max(start, match.start() - 12) : match.end() + 12]
        if not CURRENCY.search(near) and FOREIGN.search(near):
            continue
        clause = clause_around(text, start, end, match.start())
        value = int(re.sub(r"\D", "", match.group()))
        found.append(Amount(match.start(), match.end(), value, level_of(clause), ECONOMY.search(clause) is not None))
    return found


def too_large(amount: Amount, default: str | None) -> bool:
    """Whether the sum, read in English, is beyond its giver's means."""
    level = amount.level or default
    return not amount.exempt and level in LIMITS and amount.value > LIMITS[level]


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk ends with three digits after a comma."""
    return CHUNK_AMOUNT[lang].search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each figure that is too large, and over those whose sum is such a figure."""
    found = amounts(view) if view.lang == VI or " billion" in view.text else ()
    if not found:
        return
    text = view.text
    # The text as a whole is asked only where the giver of a sum that may be too large is not said beside it.
    unsaid = any(a.level is None and not a.exempt and a.value > min(LIMITS.values()) for a in found)
    # A text about the whole country names no smaller giver for its sums.
    default = level_of(text) if unsaid and len(NATION.findall(text)) <= 2 else None
    wrong = {a for a in found if too_large(a, default)}
    values = {a.value for a in found}
    for total in list(wrong):
        wrong |= {a for a in found if total.value - a.value in values and a.value < total.value}
    for amount in found if view.lang == VI else sorted(wrong, key=lambda a: a.start):
        figure = text[amount.start : amount.end]
        if view.lang == EN:
            better: str | None = figure.replace(",", ".")
        else:  # the English form came back: 41,800 tỷ is 41,8 for a commune, 41.800 for the country, or not known
            better = figure.rstrip("0").rstrip(",") if amount in wrong else None
        yield Span(amount.start, amount.end, Label.NUMBER_FORMAT, Severity.CRITICAL, 0.75, DETECTOR.id,
                   "the decimal comma was lost or kept: a thousand times too large for its giver", better)


DETECTOR = Detector("number.scale", frozenset({VI, EN}), "a sum of money far too large for its giver",
                    find, sign, needs_mark=True)

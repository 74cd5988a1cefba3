"""Numbers, dates, legal references and names travel around the translation model, not through it.

Before translation each such slot is replaced by one of eight marker pieces, which the model was
trained to carry over; afterwards the slot's own text is put back in the form of the other language
(separators swapped, month names written out; names keep their accents, which can be taken off later but not
put back). What the model never sees it cannot change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from vn_repair.detect.merge import Taken
from vn_repair.markers import PLACEHOLDERS
from vn_repair.types import EN, VI

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTH = "|".join(MONTHS)
DATES: dict[str, list[regex.Pattern[str]]] = {
    VI: [
        regex.compile(r"\b(?:ngày\s+)?(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})\b", regex.I),
        regex.compile(r"\bngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:\s+năm\s+(?P<y>\d{4}))?\b", regex.I),
        regex.compile(r"\bngày\s+(?P<d>\d{1,2})/(?P<m>\d{1,2})\b(?!/)", regex.I),
        # "Sáng 17/11": after a time of day a fraction is a date.
        regex.compile(r"(?<=\b(?:sáng|trưa|chiều|tối|đêm|hôm)\s)(?P<d>\d{1,2})/(?P<m>\d{1,2})\b(?!/)", regex.I),
        regex.compile(r"\btháng\s+(?P<m>\d{1,2})(?:\s?[/-]\s?|\s+năm\s+)(?P<y>\d{4})\b", regex.I),
    ],
    EN: [
        regex.compile(rf"\b(?P<m>{MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{{4}}))?\b"),
        regex.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{MONTH})(?:,?\s+(?P<y>\d{{4}}))?\b"),
        regex.compile(rf"\b(?P<m>{MONTH}),?\s+(?P<y>\d{{4}})\b"),
    ],
}
REFERENCE = regex.compile(r"\b\d+(?:/\d{4})?/[\p{Lu}][\p{L}\p{Lu}-]*[\p{L}]|\b\d+-[\p{Lu}]{2,}/[\p{Lu}]{2,}\b")
NUMBER = regex.compile(r"(?<![\p{L}\d.,]|\p{L}-)\d+(?:[.,]\d+)*(?:/\d+(?:[.,]\d+)*)*(?![\p{L}\d])")
WRITTEN = {
    VI: regex.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"),
    EN: regex.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"),
}
SWAPPED = str.maketrans(".,", ",.")
NAME = regex.compile(r"\b\p{Lu}[\p{L}'’]*(?:[ -]\p{Lu}[\p{L}'’]*)*")
# Vietnamese names of foreign countries and regions that look like names of people (no accents, lower case).
EXONYMS = frozenset(
    """trung quoc|han quoc|thai lan|an do|hoa ky|nhat ban|trieu tien|dai loan|hong kong|hong cong|ma cao
|dong nam a|chau a|chau au|chau phi|chau my|chau uc|dong a|nam a|tay au|dong au|trung dong|trung a|bac my|nam my|nam phi
|lien hop quoc|lien hiep quoc|anh quoc|bo dao nha|tay ban nha|ha lan|thuy dien|na uy|ba lan|dan mach|phan lan|ai cap
|mong co|thai binh duong|dai tay duong|an do duong|uc chau|phap quoc|lien xo|lien bang|nam tu|hy lap|tho nhi ky|a rap
|bac kinh|thuong hai|quang chau|quang dong|quang tay|van nam|ho bac|ho nam|vu han|tu xuyen|tan cuong|tay tang
|bac trieu tien|nam trieu tien|dong timor|cong hoa|quoc te|chinh phu|quoc hoi|trung uong|nha nuoc""".replace(
        "\n", ""
    ).split("|")
)
NAME_BELOW = 0.5  # uses in a million words in lower case
FORMS_OF_ADDRESS = frozenset({"Ông", "Bà", "Anh", "Chị", "Cô", "Chú", "Bác", "Cụ", "Em"})
ENGLISH_FORM = {"ha noi": "Hanoi", "viet nam": "Vietnam", "hai phong": "Hai Phong"}

TIGHT_AFTER = ("(", "[", "“", "‘", "«", "/", "$", "€", "£", "-", "–", "’", " ")
TIGHT_BEFORE = (",", ".", ";", ":", "!", "?", ")", "]", "”", "’", "»", "%", "/", "…", "'s")
DASHES = ("-", "–")


@dataclass(frozen=True, slots=True)
class Slot:
    """A protected piece of a text; `key` is equal for equal content in both languages."""

    start: int
    end: int
    kind: str
    key: str


def _plain_letters() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0xC0, 0x180), *range(0x1A0, 0x1B1), *range(0x1EA0, 0x1EFA)):
        plain = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        if len(plain) == 1 and plain.isascii():
            table.setdefault(code, plain)
    return table


PLAIN_LETTERS = _plain_letters()


def unaccented(text: str) -> str:
    """`text` (NFC) with Latin letters stripped of diacritics; đ becomes d, case and length are kept."""
    return text.translate(PLAIN_LETTERS)


def swap_separators(number: str, lang: str) -> str:
    """A number of `lang` with the other language's separators: 39.632,5 ↔ 39,632.5, each part of a fraction alone.

    What is no number of that language stays as it is: a telephone number, a version, a sign already of the other kind.
    """
    return "/".join(
        part.translate(SWAPPED) if WRITTEN[lang].fullmatch(part) else part for part in number.split("/")
    )


def number_key(number: str, lang: str) -> str:
    """Digits with a decimal point and without grouping, leading zeros dropped, each part of a fraction alone."""
    group = "." if lang == VI else ","
    parts = []
    for part in number.split("/"):
        plain = part.replace(group, "").replace(",", ".")
        parts.append(plain.lstrip("0") or "0")
    return "/".join(parts)


def date_key(match: regex.Match[str]) -> str | None:
    """day/month/year, day or year empty where it is not given; `None` if there is no such day or month."""
    parts = match.groupdict()
    month = MONTHS.index(parts["m"]) + 1 if parts["m"] in MONTHS else int(parts["m"])
    day = int(parts["d"]) if parts.get("d") else None
    if not 1 <= month <= 12 or not 1 <= (1 if day is None else day) <= 31:
        return None
    return f"{'' if day is None else day}/{month}/{parts.get('y') or ''}"


@cache
def _english_name_parts() -> frozenset[str]:
    from vn_repair.lexicon.counts import name_parts

    return frozenset(unaccented(part) for part in name_parts())


def _only_a_name(word: str) -> bool:
    """Whether a capitalised Vietnamese word can hardly be anything but a name."""
    from vn_repair.lexicon.counts import vietnamese_frequency

    return len(word) > 1 and word[1:].islower() and vietnamese_frequency(word.lower()) < NAME_BELOW


def name_runs(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the names inside a run of capitalised words ("PTNT Trần Thanh Nam": the last three).

    A name is two or more neighbouring words that are all parts of Vietnamese names (without accents
    in English), a form of address or an English function word at its head left out; in Vietnamese a last word may be
    one that is no word of the language ("Bùi Văn Nỉm"). Foreign countries have names of their own in English and are
    no slots.
    """
    from vn_repair.lexicon import ENGLISH_FUNCTION_WORDS, is_name_part

    known = is_name_part if lang == VI else _english_name_parts().__contains__
    words = list(regex.finditer(r"[^ ]+", text))
    first = 0
    while first < len(words):
        last = first
        while last < len(words) and known(words[last].group()):
            last += 1
        head = first
        if lang == EN:
            while head < last and words[head].group().lower() in ENGLISH_FUNCTION_WORDS:
                head += 1
        elif last - head >= 3 and words[head].group() in FORMS_OF_ADDRESS:
            head += 1
        if lang == VI and last - head >= 2 and last < len(words) and _only_a_name(words[last].group()):
            last += 1
        if last - head >= 2:
            start, end = words[head].start(), words[last - 1].end()
            if unaccented(text[start:end]).lower() not in EXONYMS:
                yield start, end
        first = max(last, first + 1)


def slots(text: str, lang: str, names: bool = True) -> list[Slot]:
    """Slots of `text` in order, not overlapping: dates, legal references, numbers, then names.

    A name is a run of two or more capitalised words that are all parts of Vietnamese names.
    """
    found: list[Slot] = []
    taken = Taken()

    def add(start: int, end: int, kind: str, key: str) -> None:
        if taken.add(start, end):
            found.append(Slot(start, end, kind, key))

    for pattern in DATES[lang]:
        for match in pattern.finditer(text):
            key = date_key(match)
            if key is not None:
                add(match.start(), match.end(), "date", key)
    for match in REFERENCE.finditer(text):
        add(match.start(), match.end(), "reference", unaccented(match.group()))
    for match in NUMBER.finditer(text):
        add(match.start(), match.end(), "number", number_key(match.group(), lang))
    if names:
        for match in NAME.finditer(text):
            for inner_start, inner_end in name_runs(match.group(), lang):
                start, end = match.start() + inner_start, match.start() + inner_end
                add(start, end, "name", unaccented(text[start:end]).lower())
    return sorted(found, key=lambda s: s.start)


def mask(text: str, chosen: Sequence[Slot]) -> tuple[list[str], dict[str, Slot]]:
    """Runs of text and placeholders, and which placeholder stands for which slot; at most eight slots."""
    parts: list[str] = []
    table: dict[str, Slot] = {}
    at = 0
    for marker, slot in zip(PLACEHOLDERS, chosen, strict=False):
        parts += [text[at : slot.start], marker]
        table[marker] = slot
        at = slot.end
    parts.append(text[at:])
    return parts, table


def shared_masks(vi: str, en: str) -> tuple[list[str], list[str]] | None:
    """A training pair with the slots that both sides hold masked alike; `None` where there is none."""
    keyed: dict[str, list[Slot]] = {}
    for slot in slots(en, EN, names=False):
        keyed.setdefault(slot.key, []).append(slot)
    plain_en = en.lower()
    left: list[Slot] = []
    right: list[Slot] = []
    for slot in slots(vi, VI):
        if slot.kind == "name":
            at = plain_en.find(slot.key)
            end = at + len(slot.key)
            if at < 0 or len(plain_en) != len(en) or plain_en[end : end + 1].isalpha() or plain_en.count(slot.key) > 1:
                continue
            twin = Slot(at, end, "name", slot.key)
        elif keyed.get(slot.key):
            twin = keyed[slot.key].pop(0)
        else:
            continue
        if all(twin.end <= s.start or twin.start >= s.end for s in right):
            left.append(slot)
            right.append(twin)
    if not left:
        return None
    left, right = left[: len(PLACEHOLDERS)], right[: len(PLACEHOLDERS)]
    source, _ = mask(vi, left)
    order = sorted(zip(right, PLACEHOLDERS, strict=False), key=lambda p: p[0].start)
    target: list[str] = []
    at = 0
    for slot, marker in order:
        target += [en[at : slot.start], marker]
        at = slot.end
    target.append(en[at:])
    return source, target


def renumber(source: Sequence[str], target: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both sides with placeholders numbered in the order of the source, as at translation time."""
    order: dict[str, str] = {}
    for part in source:
        if part in PLACEHOLDERS:
            order.setdefault(part, PLACEHOLDERS[len(order)])
    return [order.get(p, p) for p in source], [order.get(p, p) for p in target]


def render(text: str, slot: Slot, to: str) -> str:
    """The slot's text as the other language writes it; `text` is the text that the slot points into."""
    surface = text[slot.start : slot.end]
    if slot.kind == "number":
        return swap_separators(surface, VI if to == EN else EN)
    if slot.kind == "date":
        day, month, year = slot.key.split("/")
        if to == EN:
            name = MONTHS[int(month) - 1]
            return f"{name} {day}" + (f", {year}" if year else "") if day else f"{name} {year}"
        if not day:
            return f"tháng {month}/{year}"
        return f"ngày {day}/{month}" + (f"/{year}" if year else "")
    return ENGLISH_FORM.get(slot.key, surface) if to == EN else surface


def plain_names(translation: str, source: str) -> str:
    """An English translation with the names and references of its Vietnamese source written without accents."""
    for slot in slots(source, VI):
        if slot.kind in {"name", "reference"}:
            surface = source[slot.start : slot.end]
            translation = translation.replace(surface, unaccented(surface))
    return translation


def unmask(parts: Sequence[str], table: dict[str, str]) -> str:
    """Runs of text and placeholders as one line, each placeholder replaced by its text in `table`.

    Runs carry no spaces at their ends (see `vn_repair.training.pack`), so spacing around a
    placeholder follows the marks beside it; a placeholder that is not in `table` is left out.
    """
    out = ""
    after_slot = False
    for part in parts:
        text = table.get(part, "") if part in PLACEHOLDERS else part.strip()
        if not text:
            continue
        slot = part in PLACEHOLDERS
        tight = (
            out.endswith(TIGHT_AFTER) or text.startswith(TIGHT_BEFORE) or (out.count('"') % 2 == 1 and out[-1:] == '"')
        )
        if text in DASHES and after_slot:
            tight = True
        if after_slot and text[:1] == '"' and out.count('"') % 2 == 1:
            tight = True
        if out and not tight:
            out += " "
        out += text
        after_slot = slot
    return out

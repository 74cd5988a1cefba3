"""Numbers, dates, legal references and names of a source that its translation does not hold."""

from __future__ import annotations

from collections import Counter

import regex

from vn_repair.placeholders import MONTHS, slots, unaccented
from vn_repair.types import EN, VI

FIGURE = regex.compile(r"\d(?:[\d.,]*\d)?")
# A sentence's first word belongs to the run of capitals of a name, but is translated.
HONORIFIC = regex.compile(r"^(?:Ông|Bà|Anh|Chị|Cô|Chú|Bác|Em) (?=\S+ )")
MONTH_BEFORE = regex.compile(r"tháng\s+$", regex.IGNORECASE)


def lost_slots(source: str, translation: str, to: str) -> tuple[str, ...]:
    """Surfaces of the slots of `source` that `translation` (in language `to`) lacks, in order.

    For translators that know no placeholders. Numbers are compared without separators, so a figure
    that was regrouped counts as kept; a month may turn from figure to name.
    """
    have = Counter(slot.key for slot in slots(translation, to))
    figures = Counter(_digits(figure) for figure in FIGURE.findall(translation))
    plain = unaccented(translation).lower().replace(" ", "")
    lost = []
    for slot in slots(source, EN if to == VI else VI):
        surface = source[slot.start : slot.end]
        if slot.kind == "name":
            surface = HONORIFIC.sub("", surface)
        if have[slot.key]:
            have[slot.key] -= 1
            figures[_digits(surface)] -= 1
            continue
        if slot.kind == "number" and figures[_digits(surface)] > 0:
            figures[_digits(surface)] -= 1
            continue
        if slot.kind in {"name", "reference"} and unaccented(surface).lower().replace(" ", "") in plain:
            continue
        if slot.kind == "number" and to == EN and MONTH_BEFORE.search(source[: slot.start]):
            number = int(_digits(surface) or 0)
            if 1 <= number <= 12 and MONTHS[number - 1] in translation:
                continue
        lost.append(surface)
    return tuple(lost)


def _digits(figure: str) -> str:
    return "".join(c for c in figure if c.isdigit()).lstrip("0")

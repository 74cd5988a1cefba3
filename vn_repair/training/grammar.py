"""A synchronous grammar of the domain's formulaic sentences: `corpora/grammar/*.tsv` sampled without end.

A theme file holds templates, one a line: `id<TAB>vi<TAB>en`. `lists.tsv` holds the fillers: `name<TAB>vi<TAB>en`,
the English cell empty where it is the Vietnamese without accents. In a template

- `{n1:20-90}` is a slot: a kind, an index that tells equal kinds apart, and an argument; both sides hold the
  same slots, and a slot is filled once for both, each side in its language's form;
- `(a|b)` is a choice made once for both sides: the groups of the two sides belong together in order;
- `[a|b]` is a choice of wording on one side alone.

See `corpora/grammar/README.md` for the kinds of slot.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from vn_repair.phrase_rules import read_table
from vn_repair.placeholders import MONTHS, unaccented

FOLDER = Path(__file__).resolve().parents[2] / "corpora" / "grammar"
# Provinces and districts are named after these words; cities are in the lists `urban` and `urban_district`.
CENTRAL_CITIES = {"Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế"}
SLOT = re.compile(r"\{([a-z_]+)(\d*)(?::([^{}]+))?\}")
TOGETHER = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
ALONE = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")

Pair = tuple[str, str]
Filler = Callable[[random.Random, str], Pair]


@dataclass(frozen=True, slots=True)
class Template:
    """A pair of patterns; `name` is its id in the theme file."""

    name: str
    vi: str
    en: str


def number(value: float, digits: int = 0) -> Pair:
    """A number as Vietnamese and as English write it, without zeros at the end of decimals: 1.234,5 and 1,234.5."""
    english = f"{value:,.{digits}f}"
    if digits:
        english = english.rstrip("0").rstrip(".")
    return english.translate(str.maketrans(".,", ",.")), english


def _limits(argument: str, low: float, high: float) -> tuple[float, float]:
    if not argument:
        return low, high
    first, last = argument.split("-")
    return float(first), float(last)


def _count(low: int, high: int) -> Filler:
    def fill(rng: random.Random, argument: str) -> Pair:
        a, b = _limits(argument, low, high)
        value = rng.randint(int(a), int(b))
        return number(round(value, -2) if value > 10000 and rng.random() < 0.5 else value)

    return fill


def _hundreds(rng: random.Random, argument: str) -> Pair:
    low, high = _limits(argument, 1000, 9000)
    return number(100 * rng.randint(int(low) // 100, int(high) // 100))


def _decimal(rng: random.Random, argument: str) -> Pair:
    low, high = _limits(argument, 2, 60)
    return number(rng.uniform(low, high), rng.choice((1, 1, 2)))


def _rate(rng: random.Random, argument: str) -> Pair:
    low, high = _limits(argument, 12, 98)
    vi, en = number(rng.uniform(low, high), rng.choice((0, 1, 1, 2, 2) if low >= 2 else (1, 2)))
    return vi + "%", en + "%"


def _money(vi_unit: str, en_unit: str, low: float, high: float, digits: Sequence[int]) -> Filler:
    def fill(rng: random.Random, argument: str) -> Pair:
        a, b = _limits(argument, low, high)
        value = rng.uniform(a, b) if rng.random() < 0.4 else min(rng.uniform(a, b) for _ in range(3))
        vi, en = number(value, rng.choice(digits) if value < 1000 else 0)
        form = f"VND {en} {en_unit}" if rng.random() < 0.6 else f"{en} {en_unit} VND"
        return f"{vi} {vi_unit}", form

    return fill


def _year(rng: random.Random, argument: str) -> Pair:
    low, high = _limits(argument, 2011, 2025)
    year = str(rng.randint(int(low), int(high)))
    return year, year


def _period(rng: random.Random, argument: str) -> Pair:
    first, last = rng.choice(
        (
            (2010, 2020),
            (2011, 2015),
            (2016, 2020),
            (2021, 2025),
            (2021, 2025),
            (2021, 2030),
            (2026, 2030),
            (2022, 2025),
            (2020, 2025),
            (2018, 2020),
            (2026, 2035),
        )
    )
    return f"{first}{rng.choice(('-', ' - '))}{last}", f"{first}-{last}"


def _date(rng: random.Random, argument: str) -> Pair:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2010, 2025)
    english = f"{MONTHS[month - 1]} {day}, {year}"
    if rng.random() < 0.25:
        return f"ngày {day} tháng {month} năm {year}", english
    return (f"ngày {day:02d}/{month:02d}/{year}" if rng.random() < 0.2 else f"ngày {day}/{month}/{year}"), english


def _day(rng: random.Random, argument: str) -> Pair:
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    return f"ngày {day}/{month}", f"{MONTHS[month - 1]} {day}"


def _reference(kind: str, low: int, high: int) -> Filler:
    def fill(rng: random.Random, argument: str) -> Pair:
        year = f"/{rng.randint(2011, 2025)}" if argument == "year" else ""
        text = f"{rng.randint(low, high)}{year}{kind}"
        return text, unaccented(text)

    return fill


BUILT_IN: dict[str, Filler] = {
    "n": _count(11, 240),
    "big": _count(1000, 90000),
    "hundreds": _hundreds,
    "dec": _decimal,
    "rate": _rate,
    "year": _year,
    "money": _money("tỷ đồng", "billion", 2, 40000, (0, 0, 1, 2)),
    "income": _money("triệu đồng", "million", 18, 95, (0, 1, 1, 2)),
    "period": _period,
    "date": _date,
    "day": _day,
    "decision": _reference("/QĐ-TTg", 11, 2100),
    "local_decision": _reference("/QĐ-UBND", 11, 3900),
    "resolution": _reference("/NQ-CP", 2, 190),
    "decree": _reference("/NĐ-CP", 10, 160),
    "circular": _reference("/TT-BNNPTNT", 2, 40),
    "party_resolution": _reference("-NQ/TU", 2, 60),
    "plan": _reference("/KH-UBND", 11, 390),
}


class Grammar:
    """Templates and the fillers of their slots; `Grammar.load()` reads the shipped ones."""

    def __init__(self, templates: Sequence[Template], lists: dict[str, list[Pair]]) -> None:
        self.templates = templates
        self.lists = lists
        # A sentence without slots is always the same one, so it is drawn seldom.
        weights = (min(len(set(SLOT.findall(t.vi))), 2) / 2 or 0.1 for t in templates)
        self._up_to = list(accumulate(weights))

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Grammar:
        """Read every theme file and `lists.tsv`; raises `ValueError` with file and line at a row that is not right."""
        lists: dict[str, list[Pair]] = {}
        for where, name, vi, en in _rows(folder / "lists.tsv"):
            if not vi:
                raise ValueError(f"{where}: a filler needs its Vietnamese")
            lists.setdefault(name, []).append((vi, en or unaccented(vi)))
        _add_shipped(lists)
        templates: list[Template] = []
        checker = cls((), lists)
        seen: set[str] = set()
        for path in sorted(folder.glob("*.tsv")):
            if path.name == "lists.tsv":
                continue
            for where, name, vi, en in _rows(path):
                if name in seen:
                    raise ValueError(f"{where}: id {name} occurs twice")
                seen.add(name)
                checker.check(Template(name, vi, en), where)
                templates.append(Template(name, vi, en))
        return cls(templates, lists)

    def check(self, template: Template, where: str) -> None:
        """Raise `ValueError` if the sides do not hold the same slots and choices, or a kind of slot is unknown."""
        groups = [[m.split("|") for m in TOGETHER.findall(side)] for side in (template.vi, template.en)]
        if [len(g) for g in groups[0]] != [len(g) for g in groups[1]]:
            raise ValueError(f"{where}: the choices (a|b) of the two sides differ in number")
        most = max([len(g) for g in groups[0]], default=1)
        for index in range(most):
            vi, en = (
                _choose(side, lambda options, _, i=index: options[i % len(options)])  # type: ignore[misc]
                for side in (template.vi, template.en)
            )
            held = [{m.group() for m in SLOT.finditer(ALONE.sub(r"\1", side))} for side in (vi, en)]
            if held[0] != held[1]:
                raise ValueError(f"{where}: slots on one side only: {' '.join(sorted(held[0] ^ held[1]))}")
            for match in SLOT.finditer(vi):
                if (
                    match[1] not in BUILT_IN
                    and match[1] not in self.lists
                    and match[1] not in NAMES
                    and not (match[1] == "term" and f"term:{match[3]}" in self.lists)
                ):
                    raise ValueError(f"{where}: no filler for {match.group()}")
        if not template.vi or not template.en:
            raise ValueError(f"{where}: an empty side")
        for side in (template.vi, template.en):
            if re.search(r"[{}|]", SLOT.sub("", TOGETHER.sub("", ALONE.sub("", side)))):
                raise ValueError(f"{where}: a brace or bar that belongs to no slot or choice")

    def sample(self, rng: random.Random) -> Pair:
        """A (Vietnamese, English) sentence pair; the same for the same state of `rng`."""
        return self.fill(rng.choices(self.templates, cum_weights=self._up_to)[0], rng)

    def fill(self, template: Template, rng: random.Random) -> Pair:
        """One sentence pair of the template."""
        picks = [rng.random() for _ in range(template.vi.count("("))]
        sides = [
            _choose(side, lambda options, k: options[int(picks[k] * len(options))])
            for side in (template.vi, template.en)
        ]
        sides = [ALONE.sub(lambda m: rng.choice(m[1].split("|")), side) for side in sides]
        filled: dict[str, Pair] = {}
        used: set[str] = set()
        for match in SLOT.finditer(sides[0]):
            if match.group() not in filled:
                pair = self._filler(match[1], match[3] or "", rng)
                for _ in range(8):
                    if pair[0] not in used:
                        break
                    pair = self._filler(match[1], match[3] or "", rng)
                used.add(pair[0])
                filled[match.group()] = pair
        vi, en = (
            SLOT.sub(lambda m, k=k: filled[m.group()][k], side)  # type: ignore[misc]
            for k, side in enumerate(sides)
        )
        return vi[0].upper() + vi[1:], en[0].upper() + en[1:]

    def _filler(self, kind: str, argument: str, rng: random.Random) -> Pair:
        if kind in BUILT_IN:
            return BUILT_IN[kind](rng, argument)
        if kind in NAMES:
            vi = " ".join(rng.choice(self.lists[part])[0] for part in rng.choice(NAMES[kind]).split())
            return vi, unaccented(vi)
        return rng.choice(self.lists[f"term:{argument}" if kind == "term" else kind])


# Names are put together from their parts: lists of surnames, middle and given names, and of the words of communes.
NAMES = {
    "man": ("surname middle_man given_man", "surname middle_man given_man", "surname given_man given_man"),
    "woman": ("surname middle_woman given_woman", "surname middle_woman given_woman given_woman"),
    "person": ("surname middle_man given_man", "surname middle_woman given_woman"),
    "commune": ("commune_first commune_second",),
    "village": ("commune_first commune_second",),
}


def _choose(side: str, pick: Callable[[list[str], int], str]) -> str:
    at = -1

    def one(match: re.Match[str]) -> str:
        nonlocal at
        at += 1
        return pick(match[1].split("|"), at)

    return TOGETHER.sub(one, side)


def _rows(path: Path) -> list[tuple[str, str, str, str]]:
    out = []
    for line, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not text or text.startswith("#"):
            continue
        cells = text.split("\t")
        if len(cells) != 3:
            raise ValueError(f"{path.name}:{line}: {len(cells)} columns where three belong")
        out.append((f"{path.name}:{line}", cells[0], cells[1].strip(), cells[2].strip()))
    return out


def _add_shipped(lists: dict[str, list[Pair]]) -> None:
    """Add provinces, districts and the glossary's terms by category to the lists, from the package's own data."""
    cities = {vi for name in ("urban", "urban_district") for vi, _ in lists.get(name, [])}
    for row in read_table("places.tsv"):
        kept = row["vi"] not in (CENTRAL_CITIES if row["level"] == "province" else cities) and " " in row["vi"]
        if kept and row["level"] in ("province", "district"):
            lists.setdefault(row["level"], []).append((row["vi"], row["ascii"]))
    for row in read_table("glossary.tsv"):
        one_form = not set("(;") & set(row["vi"] + row["en"])
        if one_form and re.findall(r"\d+", row["vi"]) == re.findall(r"\d+", row["en"]):
            lists.setdefault(f"term:{row['category']}", []).append((row["vi"], row["en"]))

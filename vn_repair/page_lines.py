"""Lines of a web page that are no article text: the list `data/page_chrome.tsv` and the shapes of such lines.

A row of the list is `kind <tab> phrases`, phrases separated by ` | `; `#` stands for a number, `*` at the end for any
rest. Kinds: `chrome` (furniture wherever it stands), `menu` (furniture only beside furniture: "News", "Local"),
`related` (opens a list of other articles' headlines), `byline` (never furniture: photo credit, newspaper, author).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files

from vn_repair.lexicon import english_frequency, is_name_part

NUMBER = re.compile(r"\d+(?:[.,]\d+)*k?")
TRIM = " \t\xa0•·●○▪►▶»«›‹>|*+–—-_[](){}.,:;!\"“”'’…"
TRIMMED = frozenset(TRIM)
SPACES = re.compile(r"\s+")
# "ntm (2)", "hoi-nghi-tong-ket (3)", "IMG_2041.JPG": file names that came out as captions.
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9 _-]{1,60} ?\(\d{1,3}\)|(?i:\S{1,80}\.(?:jpe?g|png|gif|webp|bmp|mp4|avi)|"
                       r"(?:img|dscn?|dscf|dji|image|photo)[_-]?\d{2,})", re.ASCII)
ADDRESS = re.compile(r"(?i:(?:(?:original )?(?:source|link|url)|via|nguồn(?: tin| bài viết)?|link gốc|xem tại)\s*:?"
                     r"\s*)?<?(?:https?://|www\.)\S+")
PHOTO_NUMBER = re.compile(r".{8,}\s[-–]\s*(?:photo|ảnh|hình|image|picture|figure)\s+\d+\.?", re.I)
# "Việt NamViệt Nam21/02/2024": a site's or author's name twice, the date glued on.
STAMP = re.compile(r"(\w[\w .-]{2,30}?)\s?\1\s?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\s.{0,12})?")
DIGIT, YEAR = re.compile(r"\d"), re.compile(r"[/.-]\d{4}")
DIGITS = frozenset("0123456789 ")
LONGEST = 200  # a longer line is text
BARS = "|»›>•·"
# Between the parts of a line of furniture: bars, arrows, wide gaps, the end of a counter.
PARTS = re.compile(r"\s*[|»›>•·]\s*|\s{2,}|\s[/-]\s|(?<=\d\))\s|(?<=\d)\s(?=[^\W\d_])")
# "Thứ Ba, 14/5/2024 08:31 (GMT+7)": the stamp of a page's header.
DATE_TIME = re.compile(r".{0,30}\d{1,2}/\d{1,2}/\d{4}.{0,20}\(?GMT\s?[+-]\d+\)?")


class Kind(StrEnum):
    """What a line of the list is."""

    CHROME = "chrome"
    MENU = "menu"
    RELATED = "related"
    BYLINE = "byline"


def normal(line: str) -> str:
    """The line in lower case, numbers as `#`, bullets and marks at its ends left out."""
    line = SPACES.sub(" ", line.strip(TRIM).lower())
    return NUMBER.sub("#", line)


@cache
def phrases() -> tuple[dict[str, Kind], dict[str, Kind]]:
    """(whole lines, beginnings of lines) of the list, each with its kind."""
    whole: dict[str, Kind] = {}
    beginnings: dict[str, Kind] = {}
    text = files("vn_repair").joinpath("data", "page_chrome.tsv").read_text(encoding="utf-8")
    for row in text.splitlines():
        if not row or row.startswith("#"):
            continue
        kind, listed = row.split("\t")
        for phrase in listed.split(" | "):
            if phrase.endswith("*"):
                beginnings[phrase[:-1].strip()] = Kind(kind)
            else:
                whole[normal(phrase)] = Kind(kind)
    return whole, beginnings


@cache
def first_letters() -> frozenset[str]:
    """The first four characters of all phrases: what begins otherwise need not be looked up."""
    whole, beginnings = phrases()
    return frozenset(phrase[:4] for phrase in (*whole, *beginnings))


@cache
def beginnings_by_word() -> dict[str, list[tuple[str, Kind]]]:
    """The beginnings of the list by their first word; the longest first."""
    table: dict[str, list[tuple[str, Kind]]] = {}
    for phrase, kind in sorted(phrases()[1].items(), key=lambda item: -len(item[0])):
        table.setdefault(phrase.split()[0], []).append((phrase, kind))
    return table


def listed(low: str) -> Kind | None:
    """What the list makes of a normalised line."""
    kind = phrases()[0].get(low)
    if kind is not None:
        return kind
    for phrase, kind in beginnings_by_word().get(low.partition(" ")[0], ()):
        after = low[len(phrase) : len(phrase) + 1]
        if low.startswith(phrase) and not after.isalpha():
            return kind
    return None


def is_composite(line: str) -> bool:
    """Whether the line is furniture beside furniture: "Home > News > Economy", "Views: 12 | Like | Share"."""
    parts = [part for part in PARTS.split(line) if part.strip(TRIM)]
    if len(parts) < 2:
        return False
    kinds = [listed(normal(part)) for part in parts]
    return all(kind in (Kind.CHROME, Kind.MENU) for kind in kinds) and (Kind.CHROME in kinds or len(parts) > 2)


@cache
def second_words() -> dict[str, tuple[str, ...]]:
    """First word of each phrase → the second ones; `""`, which begins any, for a phrase of one word."""
    table: dict[str, set[str]] = {}
    for phrase in (*phrases()[0], *phrases()[1]):
        first, _, rest = phrase.partition(" ")
        table.setdefault(first, set()).add(rest.partition(" ")[0])
    return {first: tuple(seconds) for first, seconds in table.items()}


def may_be_listed(line: str) -> bool:
    """Whether `listed` is worth asking: most lines begin with words that no phrase begins with."""
    trimmed = line[0] in TRIMMED
    head = (line.lstrip(TRIM) if trimmed else line)[:4].lower()
    letters = first_letters()
    if not (head in letters or not head[:1].isalpha() or head.partition(" ")[0] in letters):
        return False
    words = line.lower().split(None, 2)
    if trimmed or len(words) < 2 or not TRIMMED.isdisjoint((words[0][-1], words[1][0])):
        return True
    if DIGIT.search(words[0]) or DIGIT.search(words[1]):
        return True
    seconds = second_words().get(words[0])
    return seconds is not None and words[1].startswith(seconds)


def kind_of(line: str) -> Kind | None:
    """What the list or the line's shape makes of it; `None` for text."""
    size = len(line)
    if size > LONGEST:
        return Kind.CHROME if "://" in line and ADDRESS.fullmatch(line) else None
    if ("://" in line or "www." in line) and ADDRESS.fullmatch(line):
        return Kind.CHROME
    begins = may_be_listed(line)
    if begins:
        kind = listed(normal(line))
        if kind is not None:
            return kind
    last = line[-1]
    if size <= 120 and last not in ".!?…" and (
            FILE_NAME.fullmatch(line) or (YEAR.search(line) and STAMP.fullmatch(line))):
        return Kind.CHROME
    if "... " in line and len({part.strip(".") for part in line.split("... ")}) == 1:  # "No title... No title..."
        return Kind.CHROME
    if size <= 90 and last not in ".!?…,;":
        if "GMT" in line:
            if DATE_TIME.fullmatch(line):
                return Kind.CHROME
        # The first part begins the line and ends at white space or at a bar.
        elif (begins or any(map(line.__contains__, BARS))) and is_composite(line):
            return Kind.CHROME
    if line[-2:-1] in DIGITS and ("-" in line or "–" in line) and PHOTO_NUMBER.fullmatch(line):
        return Kind.CHROME
    return None


def is_headline(line: str) -> bool:
    """Whether the line can be a headline or a menu entry: short, no sentence end, not a credit or a byline."""
    if len(line) > 160 or len(line.split()) > 26 or kind_of(line) is Kind.BYLINE:
        return False
    return line[-1] not in ".;,:" or line.endswith("...") or len(line) < 4


def is_capital_heading(line: str) -> bool:
    """Whether the line is a heading in capitals and no person's name ("CENTRAL NEW RURAL", not "KIM NGOC")."""
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 1]
    if len(words) < 2 or len(words) > 14 or not line.isupper():
        return False
    if line.isascii():
        return sum(english_frequency(word) > 3 for word in words) * 3 >= len(words) * 2
    return len(words) > 4 or not is_name_part(words[0].capitalize())

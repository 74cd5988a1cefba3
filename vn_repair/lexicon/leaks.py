"""What an English word left behind by a page translator stands for, by its neighbours: `data/leaks.tsv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ANY, START, FIGURE, UNSURE, DROP = "*", "^", "#", "-", "<"


@dataclass(frozen=True, slots=True)
class Leak:
    """One line of the table; `left` and `right` are the neighbours asked for, lower case, or a sign."""

    english: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    vietnamese: str

    @property
    def bound(self) -> bool:
        """Whether the line asks for Vietnamese words beside it, which makes it evidence by itself."""
        sides = self.left[0], self.right[0]
        return sides == (FIGURE, FIGURE) or sides[0] not in {ANY, START, FIGURE} or sides[1] not in {ANY, FIGURE}


@cache
def leaks() -> dict[str, tuple[Leak, ...]]:
    """English (lower case, one word or more) → its lines in order; raises `ValueError` on a malformed line."""
    out: dict[str, list[Leak]] = {}
    text = files("vn_repair.lexicon").joinpath("data", "leaks.tsv").read_text(encoding="utf-8")
    for number, row in enumerate(text.splitlines(), 1):
        if row.startswith("# "):
            continue
        cells = row.split("\t")
        if len(cells) != 4 or not all(cells):
            raise ValueError(f"leaks.tsv:{number}: four columns are needed: english, left, right, vietnamese")
        leak = Leak(cells[0], tuple(cells[1].split("|")), tuple(cells[2].split("|")), cells[3])
        out.setdefault(leak.english, []).append(leak)
    return {english: tuple(rows) for english, rows in out.items()}


def _fits(asked: tuple[str, ...], words: str, side: int) -> bool:
    """Whether the neighbouring words (a string, `""` at a sentence's end) are as asked; side −1 is the left."""
    if asked == (ANY,):
        return True
    if asked == (START,):
        return not words
    parts = words.split()
    if not parts:
        return False
    if asked == (FIGURE,):
        return parts[0 if side > 0 else -1][0].isdigit()
    for wanted in asked:
        size = len(wanted.split())
        if " ".join(parts[-size:] if side < 0 else parts[:size]) == wanted:
            return True
    return False


def leak(english: str, left: str, right: str) -> Leak | None:
    """The first line of the table for `english` that fits its neighbours (two words each way, as text)."""
    left, right = left.lower(), right.lower()
    for row in leaks().get(english.lower(), ()):
        if _fits(row.left, left, -1) and _fits(row.right, right, 1):
            return row
    return None


def rendering(row: Leak | None, surface: str) -> str | None:
    """The Vietnamese of a line with the surface's capital, or `None` if the table knows none (`""` for DROP)."""
    if row is None or row.vietnamese == UNSURE:
        return None
    if row.vietnamese == DROP:
        return ""
    return row.vietnamese[0].upper() + row.vietnamese[1:] if surface[0].isupper() else row.vietnamese

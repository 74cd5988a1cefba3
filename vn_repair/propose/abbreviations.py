"""Write out the domain's Vietnamese abbreviations before translation (UBND tỉnh → Ủy ban nhân dân tỉnh).

A model that saw little domain text knows the words and not their initials. The glossary says what
an abbreviation stands for; those with several meanings, and those that English keeps, stay.
"""

from __future__ import annotations

from functools import cache

import regex

from vn_repair.glossary import by_abbreviation

KEPT_IN_ENGLISH = frozenset({"OCOP", "ASEAN", "APEC", "WTO", "ODA", "FDI", "GDP", "GRDP", "NGO"})


@cache
def _table() -> dict[str, str]:
    return {
        short: found[0].vi
        for short, found in by_abbreviation().items()
        if len(found) == 1 and short not in KEPT_IN_ENGLISH and regex.fullmatch(r"\p{Lu}{2,6}", short)
    }


@cache
def _pattern() -> regex.Pattern[str]:
    return regex.compile(r"(?<![\p{L}\d/&.-])(?:" + "|".join(map(regex.escape, sorted(_table(), key=len, reverse=True)))
                         + r")(?![\p{L}\d/]|-\p{Lu})")  # fmt: skip


def write_out(text: str) -> str:
    """`text` with unambiguous abbreviations written out; one in brackets after its full form goes.

    "nông thôn mới (NTM)" becomes "nông thôn mới"; abbreviations inside legal references stay.
    """
    table = _table()

    def full(match: regex.Match[str]) -> str:
        words = table[match.group()]
        before = text[: match.start()].rstrip("( ").lower()
        if before.endswith(words.lower()) and text[match.end() : match.end() + 1] == ")":
            return GONE
        return words

    written: str = BRACKETS.sub("", _pattern().sub(full, text))
    return written


GONE = "\ufffc"
BRACKETS = regex.compile(r" ?\(" + GONE + r"\)")

"""Vietnamese abbreviations left in English: HTX, UBND, PTNT (class 2.1).

NTM and OCOP are established press English and stay. Abbreviations inside document numbers (04-NQ/TU,
15/2021/QĐ-UBND), in brackets beside their long form and in quotations of Vietnamese stay too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.glossary import by_abbreviation
from vn_repair.types import EN, Label, Severity, Span

# Those that stand for nothing in English; the rest of the glossary's are too short or too like other acronyms.
NOT_ENGLISH = (
    "UBND", "HĐND", "HTX", "HTXNN", "PTNT", "XDNTM", "NTMNC", "NTMKM", "BCĐ", "VPĐP", "MTTQ", "MTTQVN", "UBMTTQ",
    "MTQG", "CTMTQG", "ĐBQH", "LHPN", "LĐLĐ", "NSNN", "NSĐP", "GTNT", "KCHKM", "TTCN", "KHKT", "DTTS", "ĐBDTTS",
    "ĐBKK", "XĐGN", "GNBV", "BHYT", "BHXH", "BVMT", "VSATTP", "ATTP", "ANTT", "BVTV", "CNTT", "GPMB", "XDCB",
    "CBCCVC", "TTHC", "CCHC", "NHCSXH", "THCS", "THPT", "PTDTNT", "NTTS", "LĐNT", "ĐVHC", "ĐBSCL", "ĐBSH", "TLNĐ",
    "DTLCP", "PCCCR", "KTTT", "SXKD", "TĐKT", "QPPL", "NN&PTNT", "TN&MT", "KH&ĐT", "TT&TT", "GD&ĐT", "LĐ-TB&XH",
)
OTHERS = {  # no glossary row of their own
    "PTNT": "Rural Development", "NN&PTNT": "Agriculture and Rural Development",
    "TN&MT": "Natural Resources and Environment", "KH&ĐT": "Planning and Investment",
    "TT&TT": "Information and Communications", "GD&ĐT": "Education and Training",
}
DOCUMENT = re.compile(r"[\w/&-]")


@cache
def pattern() -> re.Pattern[str]:
    """All abbreviations, with Đ or D, longest first."""
    forms = {form for short in NOT_ENGLISH for form in (short, short.replace("Đ", "D"))}
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))


@cache
def english(short: str) -> str | None:
    """The English term of an abbreviation, if the glossary knows just one."""
    for name in NOT_ENGLISH:
        if short in (name, name.replace("Đ", "D")):
            owners = by_abbreviation().get(name, ())
            return OTHERS.get(name) or (owners[0].en if len(owners) == 1 else None)
    return None


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds an abbreviation."""
    return not chunk.islower() and pattern().search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each abbreviation, with the glossary's English as its suggestion."""
    text = view.text
    for match in pattern().finditer(text):
        start, end = match.span()
        if DOCUMENT.match(text[start - 1 : start]) or DOCUMENT.match(text[end : end + 1]):
            continue
        if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
            continue
        yield Span(start, end, Label.UNTRANSLATED, Severity.MINOR, 0.85, DETECTOR.id,
                   f"the Vietnamese abbreviation {match[0]} means nothing in English", english(match[0]))


DETECTOR = Detector("untranslated.abbreviation", frozenset({EN}), "Vietnamese abbreviations left in English",
                    find, sign)
"""The detector."""

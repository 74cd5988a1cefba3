"""The bilingual glossary of the domain: `vn_repair/data/glossary.tsv` (see corpora/README.md).

Columns: vi, vi_abbr, en, en_also, forbidden_en, forbidden_vi, note, category. A cell with several forms
separates them with `; `. A forbidden form is replaced by the term as a whole; where it has brackets, only the words
in them are ("bộ [tiêu chuẩn] NTM" for tiêu chí). The file lies inside the package, so that a checkout and an
installed wheel read the same one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from vn_repair.phrase_rules import PhraseFinder, PhraseRule, read_table
from vn_repair.types import EN, VI, Label, Severity

COLUMNS = ("vi", "vi_abbr", "en", "en_also", "forbidden_en", "forbidden_vi", "note", "category")


@dataclass(frozen=True, slots=True)
class Term:
    """One concept: its Vietnamese and English terms, other right English, and renderings known to be wrong."""

    vi: str
    vi_abbr: tuple[str, ...]
    en: str
    en_also: tuple[str, ...]
    forbidden_en: tuple[str, ...]
    forbidden_vi: tuple[str, ...]
    note: str
    category: str


@cache
def terms() -> tuple[Term, ...]:
    """Every term in the file's order; raises `ValueError` if the columns are not the documented ones."""
    rows = read_table("glossary.tsv")
    if tuple(rows[0]) != COLUMNS:
        raise ValueError(f"glossary.tsv: the columns must be {', '.join(COLUMNS)}")
    return tuple(Term(row["vi"], _forms(row["vi_abbr"]), row["en"], _forms(row["en_also"]),
                      _forms(row["forbidden_en"]), _forms(row["forbidden_vi"]), row["note"], row["category"])
                 for row in rows)


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(form for form in cell.split("; ") if form)


@cache
def by_vietnamese() -> dict[str, Term]:
    """Terms by their Vietnamese name in lower case."""
    return {term.vi.lower(): term for term in terms()}


@cache
def by_abbreviation() -> dict[str, tuple[Term, ...]]:
    """Terms by their Vietnamese abbreviation as written (NTM, UBND); some abbreviations stand for several."""
    out: dict[str, tuple[Term, ...]] = {}
    for term in terms():
        for short in term.vi_abbr:
            out[short] = (*out.get(short, ()), term)
    return out


def forbidden(lang: str) -> Iterator[tuple[str, str, Term]]:
    """(wrong form, right form, term) for every forbidden rendering in `lang` (`"vi"` or `"en"`)."""
    for term in terms():
        for form in term.forbidden_en if lang == EN else term.forbidden_vi:
            yield form, term.en if lang == EN else term.vi, term


def same_words(form: str, right: str) -> bool:
    """Whether the form is the term's words in another order, NTM counted as nông thôn mới."""
    return _words(form) == _words(right)


def _words(form: str) -> list[str]:
    return sorted(form.lower().replace("ntm", "nông thôn mới").split())


@cache
def _finder(lang: str) -> tuple[PhraseFinder, dict[PhraseRule, Term]]:
    owners: dict[PhraseRule, Term] = {}
    for term in terms():
        names = (term.vi, *(a for a in term.vi_abbr if len(a) > 2)) if lang == VI else (term.en, *term.en_also)
        for name in names:
            if " (" not in name:
                rule = PhraseRule(name.lower(), None, Label.TERMINOLOGY, Severity.MINOR, 0.0, note=term.vi)
                owners.setdefault(rule, term)
    return PhraseFinder(owners), owners


def find_terms(text: str, lang: str) -> list[tuple[int, int, Term]]:
    """(start, end, term) of every glossary term in `text`, the longest where several overlap.

    With `lang="vi"` Vietnamese names and abbreviations of three letters or more are found, with `"en"` the
    English names. Case is ignored.
    """
    finder, owners = _finder(lang)
    found = sorted(finder.matches(text), key=lambda f: (f.start - f.end, f.start))
    taken: list[tuple[int, int, Term]] = []
    for match in found:
        if all(match.end <= start or match.start >= end for start, end, _ in taken):
            taken.append((match.start, match.end, owners[match.rule]))
    return sorted(taken, key=lambda t: t[0])

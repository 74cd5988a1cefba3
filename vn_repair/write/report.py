"""The HTML report: one page that needs nothing else, no script included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from vn_repair import __version__
from vn_repair.types import EN, MQM_CATEGORY, VI, Article, Label, Repair, Severity, Span, Status
from vn_repair.write.align import Finding, Layout, lay_out
from vn_repair.write.visible import HIDDEN, character_name, one_line, split_hidden

if TYPE_CHECKING:
    from markupsafe import Markup

# The tag that stands beside a mark's colour, so that colour never carries a label alone.
TAGS: dict[Label, str] = {
    Label.UNTRANSLATED: "UT", Label.MISTRANSLATION: "MT", Label.NAMED_ENTITY: "NE", Label.TERMINOLOGY: "TM",
    Label.WORD_ORDER: "WO", Label.REPETITION: "RP", Label.FRAGMENT: "FR", Label.SPUN_SYNONYM: "SY",
    Label.NUMBER_FORMAT: "NF", Label.PUNCTUATION: "PU", Label.SPELLING: "SP", Label.MOJIBAKE: "MJ",
    Label.LOST_DIACRITICS: "LD", Label.FOOTNOTE_RESIDUE: "FN", Label.DUPLICATE: "DU", Label.BOILERPLATE: "BP",
}
SEVERITY_MARKS = {Severity.MINOR: "", Severity.MAJOR: "!", Severity.CRITICAL: "!!"}
LANGUAGE_NAMES = {VI: "Vietnamese", EN: "English"}


def report(repairs: Iterable[Repair], title: str) -> Iterator[str]:
    """The parts of a page that shows each repair; joined they are the page."""
    template = _template()
    yield str(template.head(title, __version__))
    for number, repair in enumerate(repairs, 1):
        yield str(template.article(_view(repair, number, detected_only=False)))
    yield str(template.foot(__version__))


def detect_report(found: Iterable[tuple[Article, Sequence[Span]]], title: str) -> Iterator[str]:
    """The parts of a page that shows each article's text with its spans, and no repair."""
    template = _template()
    yield str(template.head(title, __version__))
    for number, (article, spans) in enumerate(found, 1):
        repair = Repair(article, tuple(spans), (), "", "")
        yield str(template.article(_view(repair, number, detected_only=True)))
    yield str(template.foot(__version__))


def report_index(rows: Iterable[tuple[Repair, str]], title: str) -> Iterator[str]:
    """The parts of a page that lists many articles; each comes with the address of its report or `""`."""
    template = _template()
    yield str(template.head(title, __version__))
    yield str(template.index_head())
    for repair, address in rows:
        yield str(template.index_row(repair, address, edit_counts(repair), top_labels(count_labels(repair.spans))))
    yield str(template.index_foot())
    yield str(template.foot(__version__))


def edit_counts(repair: Repair) -> dict[str, int]:
    """How many edits were accepted, left for review and rejected, in this order."""
    counts = Counter(str(edit.status) for edit in repair.edits)
    return {str(status): counts[str(status)] for status in Status}


def count_labels(spans: Iterable[Span]) -> Counter[str]:
    """How many spans have each label."""
    return Counter(str(span.label) for span in spans)


def top_labels(labels: Counter[str], most: int = 3) -> str:
    """`untranslated 13, duplicate 7, word_order 4 + 9 more`; `none` where there is no span."""
    common = labels.most_common()
    if not common:
        return "none"
    rest = sum(count for _, count in common[most:])
    return ", ".join(f"{label} {count}" for label, count in common[:most]) + (f" + {rest} more" if rest else "")


def _view(repair: Repair, number: int, *, detected_only: bool) -> dict[str, Any]:
    """What the template shows of one article."""
    article = repair.article
    layout: Layout = lay_out(repair)
    labels = Counter(span.label for span in repair.spans)
    severities = Counter(span.severity for span in repair.spans)
    return {
        "article": article, "prefix": f"a{number}",
        "language": LANGUAGE_NAMES.get(article.lang, article.lang),
        "layout": layout, "detected_only": detected_only,
        "translated": bool(repair.en if article.lang == VI else repair.vi), "notes": repair.notes,
        "spans": len(repair.spans), "edits": edit_counts(repair),
        "severities": [(str(s), severities[s]) for s in reversed(Severity)],
        "labels": [(str(label), TAGS[label], MQM_CATEGORY[label], count) for label, count in labels.most_common()],
        "places": _places(article.text, layout.findings),
        "tags": TAGS, "marks": SEVERITY_MARKS,
    }


def _places(text: str, findings: Sequence[Finding]) -> dict[int, str]:
    """`line:column` (from 1) of each finding, by number."""
    out: dict[int, str] = {}
    line, start, at = 1, 0, 0
    for finding in findings:
        line += text.count("\n", at, finding.start)
        start = text.rfind("\n", 0, finding.start) + 1
        at = finding.start
        out[finding.number] = f"{line}:{finding.start - start + 1}"
    return out


def _shown(text: str) -> Markup:
    """`text` escaped, with every hidden character made a small label of its number."""
    from markupsafe import Markup, escape

    if not HIDDEN.search(text):
        return escape(text)
    return Markup("").join(
        Markup('<span class="hidden-character" title="{}">U+{:04X}</span>').format(character_name(part), ord(part))
        if hidden else part for part, hidden in split_hidden(text))


@cache
def _template() -> Any:
    """The macros of `report.html.j2`, whose every expression is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("vn_repair.write", "."), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["shown"] = _shown
    environment.filters["one_line"] = one_line
    return environment.get_template("report.html.j2").module

"""The types that cross stage borders: read → segment → detect → propose → verify → write.

All offsets are Python string indices into `Article.text` (NFC, as read), end exclusive;
`article.text[start:end]` is the surface of a segment, span or edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

VI, EN = "vi", "en"


class Label(StrEnum):
    """What is wrong with a span; the MQM category of each is in `MQM_CATEGORY`."""

    UNTRANSLATED = "untranslated"
    MISTRANSLATION = "mistranslation"
    NAMED_ENTITY = "named_entity"
    TERMINOLOGY = "terminology"
    WORD_ORDER = "word_order"
    REPETITION = "repetition"
    FRAGMENT = "fragment"
    SPUN_SYNONYM = "spun_synonym"
    NUMBER_FORMAT = "number_format"
    PUNCTUATION = "punctuation"
    SPELLING = "spelling"
    MOJIBAKE = "mojibake"
    LOST_DIACRITICS = "lost_diacritics"
    FOOTNOTE_RESIDUE = "footnote_residue"
    DUPLICATE = "duplicate"
    BOILERPLATE = "boilerplate"


MQM_CATEGORY: dict[Label, str] = {
    Label.UNTRANSLATED: "accuracy/untranslated",
    Label.MISTRANSLATION: "accuracy/mistranslation",
    Label.NAMED_ENTITY: "accuracy/mistranslation",
    Label.TERMINOLOGY: "terminology",
    Label.WORD_ORDER: "fluency/grammar",
    Label.REPETITION: "fluency/duplication",
    Label.FRAGMENT: "fluency/grammar",
    Label.SPUN_SYNONYM: "style/unidiomatic",
    Label.NUMBER_FORMAT: "locale convention/number format",
    Label.PUNCTUATION: "fluency/typography",
    Label.SPELLING: "fluency/spelling",
    Label.MOJIBAKE: "fluency/character encoding",
    Label.LOST_DIACRITICS: "fluency/character encoding",
    Label.FOOTNOTE_RESIDUE: "other/non-content",
    Label.DUPLICATE: "other/non-content",
    Label.BOILERPLATE: "other/non-content",
}


class Severity(StrEnum):
    """MQM severity: see the annotation guide in eval/references/DATASHEET.md."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Status(StrEnum):
    """What was decided about an edit."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REJECTED = "rejected"


class InputError(Exception):
    """Bad input. The message is one line that names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Article:
    """One text to repair.

    `text` is NFC; `lang` is `"vi"` or `"en"` (a machine translation of Vietnamese); `source` says
    where it came from (a path, `path:line`, or `-`). `removed` holds page text that the reader left
    out (an HTML page's menus), which is reported and never repaired. `ignored` holds (start, end,
    detectors) of places that the page's own comments mark as to be left alone.
    """

    id: str
    text: str
    lang: str
    source: str
    removed: tuple[str, ...] = ()
    ignored: tuple[tuple[int, int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or a block (heading, caption, menu line); no surrounding white space."""

    start: int
    end: int
    lang: str


@dataclass(frozen=True, slots=True)
class Span:
    """Suspicious words: what a post-editor would change, no more.

    `score` is the confidence in 0–1 that an editor would change it. `suggestion` is the corrected
    surface where a rule knows it (`""` deletes the span), else `None`.
    """

    start: int
    end: int
    label: Label
    severity: Severity
    score: float
    detector: str
    message: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A proposed replacement of `text[start:end]`, its fate and the checks that decided it.

    `alternatives` are further candidates, best first, as (replacement, score).
    """

    start: int
    end: int
    replacement: str
    proposer: str
    score: float
    status: Status = Status.REVIEW
    reasons: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """An article with its spans, edits, corrected Vietnamese and clean English."""

    article: Article
    spans: tuple[Span, ...]
    edits: tuple[Edit, ...]
    vi: str
    en: str
    notes: tuple[str, ...] = field(default=())


def check_spans(text: str, spans: Iterable[Span | Edit | Segment]) -> None:
    """Raise `ValueError` unless all lie inside `text` and none is reversed."""
    for span in spans:
        if not 0 <= span.start <= span.end <= len(text):
            raise ValueError(f"offsets {span.start}:{span.end} lie outside a text of {len(text)} characters")


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """`text` with every accepted edit applied; all other text is unchanged, code point for code point.

    Raises `ValueError` when accepted edits overlap or lie outside the text.
    """
    check_spans(text, edits)
    out: list[str] = []
    at = 0
    for edit in sorted((e for e in edits if e.status is Status.ACCEPTED), key=lambda e: (e.start, e.end)):
        if edit.start < at:
            raise ValueError(f"edits overlap at offset {edit.start}")
        out += [text[at : edit.start], edit.replacement]
        at = edit.end
    out.append(text[at:])
    return "".join(out)


def invert_edits(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Edits that turn `apply_edits(text, edits)` back into `text`."""
    out: list[Edit] = []
    shift = 0
    for edit in sorted((e for e in edits if e.status is Status.ACCEPTED), key=lambda e: (e.start, e.end)):
        start = edit.start + shift
        out.append(
            replace(
                edit,
                start=start,
                end=start + len(edit.replacement),
                replacement=text[edit.start : edit.end],
                alternatives=(),
            )
        )
        shift += len(edit.replacement) - (edit.end - edit.start)
    return out

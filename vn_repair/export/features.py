"""The columns of the two configurations, and the row that a record becomes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from vn_repair.export.chosen import APPLIED, Chosen, true_status
from vn_repair.records import Record
from vn_repair.types import Edit, Span, Status

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

ARTICLES, PAIRS = "articles", "pairs"
CONFIGURATIONS = (ARTICLES, PAIRS)

SPAN = {"start": "int64", "end": "int64", "label": "string", "severity": "string", "score": "float32",
        "detector": "string", "message": "string", "suggestion": "string"}
EDIT = {"start": "int64", "end": "int64", "replacement": "string", "status": "string", "applied": "bool",
        "score": "float32", "proposer": "string", "reasons": ["string"],
        "alternatives": [{"replacement": "string", "score": "float32"}]}
MADE_BY = {"version": "string", "model": "string", "rules": "string", "min_confidence": "float32",
           "sensitivity": "string", "settings": "string"}
COLUMNS: dict[str, dict[str, Any]] = {
    ARTICLES: {"id": "string", "lang": "string", "text": "string", "vi": "string", "en": "string", "spans": [SPAN],
               "edits": [EDIT], "changed": "bool", "source": "string", "licence": "string", "origin": "string",
               "removed": ["string"], "notes": ["string"], "made_by": MADE_BY, "text_sha256": "string",
               "duplicate_of": "string"},
    PAIRS: {"id": "string", "article_id": "string", "index": "int32", "lang": "string", "text": "string",
            "start": "int64", "end": "int64", "vi": "string", "en": "string", "spans": [SPAN], "edits": [EDIT],
            "status": "string", "score": "float32", "alignment": "string", "complete": "bool", "source": "string",
            "licence": "string"},
}
# What each column is, for the card.
MEANING: dict[str, dict[str, str]] = {
    ARTICLES: {
        "id": "the article's id in the input", "lang": "the language the text was in: `vi`, or `en` (a machine "
        "translation of Vietnamese)", "text": "the text as it was read, byte for byte (UTF-8, NFC)",
        "vi": "Vietnamese: `text` with the applied edits, or its translation",
        "en": "English: `text` with the applied edits, or its translation",
        "spans": "suspicious words: offsets into `text`, label, MQM severity, confidence, detector, message and, where "
        "a rule knows it, suggestion",
        "edits": "proposed changes: offsets into `text`, replacement, `status`, whether it was `applied`, score, "
        "proposer, reasons, alternatives", "changed": "whether any edit was applied",
        "source": "where the text was published, as the input says", "licence": "its licence, as the input says",
        "origin": "file and line it was read from", "removed": "page text the reader left out",
        "notes": "what the translation lost", "made_by": "version, model and rules checksums, dial and settings",
        "text_sha256": "SHA-256 of `text` in UTF-8",
        "duplicate_of": "id of the first article that this one nearly repeats, else null",
    },
    PAIRS: {
        "id": "`article_id` and `index`", "article_id": "the article's `id`", "index": "place in the article, from 0",
        "lang": "the language of `text`", "text": "the sentence as it was read, byte for byte",
        "start": "where it starts in the article's `text`", "end": "where it ends, exclusive",
        "vi": "the sentence in Vietnamese", "en": "the sentence in English",
        "spans": "as above, offsets into this `text`", "edits": "as above, offsets into this `text`",
        "status": "`clean` (nothing found), `repaired` (all that was found was edited), `review` (something was left)",
        "score": "least score of the applied edits, else null",
        "alignment": "`sentence` (one for one) or `length` (by sentence lengths, after Gale and Church 1993)",
        "complete": "whether the translation kept all numbers, dates and names in place",
        "source": "as above", "licence": "as above",
    },
}


def features(configuration: str, fields: Sequence[str] = ()) -> Features:
    """The explicit `datasets.Features` of a configuration; `fields` are further columns of text for articles."""
    from datasets import Features

    columns = dict(COLUMNS[configuration])
    if configuration == ARTICLES:
        columns |= dict.fromkeys(fields, "string")
    return Features({name: _feature(kind) for name, kind in columns.items()})


def _feature(kind: Any) -> Any:
    from datasets import Value

    if isinstance(kind, list):
        return [_feature(kind[0])]
    return {key: _feature(value) for key, value in kind.items()} if isinstance(kind, dict) else Value(kind)


@cache
def arrow_schema(configuration: str, fields: tuple[str, ...] = ()) -> pa.Schema:
    """The Arrow schema of a configuration, which carries its features in the metadata as `datasets` writes them."""
    return features(configuration, fields).arrow_schema


def span_row(span: Span, shift: int = 0) -> dict[str, Any]:
    """A span as a struct, its offsets moved left by `shift`."""
    return {"start": span.start - shift, "end": span.end - shift, "label": str(span.label),
            "severity": str(span.severity), "score": span.score, "detector": span.detector, "message": span.message,
            "suggestion": span.suggestion}


def edit_row(edit: Edit, shift: int = 0) -> dict[str, Any]:
    """An edit as a struct, its offsets moved left by `shift`; see `chosen.true_status`."""
    return {"start": edit.start - shift, "end": edit.end - shift, "replacement": edit.replacement,
            "status": str(true_status(edit)), "applied": edit.status is Status.ACCEPTED, "score": edit.score,
            "proposer": edit.proposer, "reasons": [r for r in edit.reasons if r != APPLIED],
            "alternatives": [{"replacement": text, "score": score} for text, score in edit.alternatives]}


def article_row(record: Record, chosen: Chosen, source: str | None, licence: str | None, *,
                fields: Sequence[str] = ()) -> dict[str, Any]:
    """The row of an article; `duplicate_of` is not known yet.

    `chosen` are the record's edits as they were chosen for the data. Of the path it was read from only the file's name
    is kept: the folders of whoever made the data are nobody's business.
    """
    repair = chosen.repair
    article = repair.article
    return {
        "id": article.id, "lang": str(article.lang), "text": article.text, "vi": repair.vi, "en": repair.en,
        "spans": [span_row(s) for s in repair.spans], "edits": [edit_row(e) for e in chosen.edits],
        "changed": chosen.changed, "source": source, "licence": licence, "origin": PurePath(article.source).name,
        "removed": list(article.removed), "notes": list(repair.notes), "made_by": made_by_row(record.made_by),
        "text_sha256": sha256(article.text.encode()).hexdigest(), "duplicate_of": None,
        **{name: as_text(record.fields.get(name)) for name in fields},
    }


def made_by_row(made_by: dict[str, Any]) -> dict[str, Any]:
    """`made_by` of a record as a struct; settings without a column of their own are JSON in `settings`."""
    rest = {key: value for key, value in made_by.items() if key not in MADE_BY}
    row: dict[str, Any] = {key: as_text(made_by.get(key)) for key in ("version", "model", "rules", "sensitivity")}
    dial = made_by.get("min_confidence")
    row["min_confidence"] = float(dial) if isinstance(dial, int | float) else None
    row["settings"] = json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else None
    return row


def as_text(value: Any) -> str | None:
    """A value of a JSON row as text: text as it is, `None` for null, all else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)

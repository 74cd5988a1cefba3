"""Articles, spans and repairs as JSON objects, and back: the interface that others script against."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from vn_repair.types import Article, Edit, InputError, Label, Repair, Severity, Span, Status


def span_record(span: Span) -> dict[str, Any]:
    """The eight keys of a span, in their fixed order."""
    return {"start": span.start, "end": span.end, "label": str(span.label), "severity": str(span.severity),
            "score": round(span.score, 4), "detector": span.detector, "message": span.message,
            "suggestion": span.suggestion}


def edit_record(edit: Edit) -> dict[str, Any]:
    """The seven keys of an edit, in their fixed order."""
    return {"start": edit.start, "end": edit.end, "replacement": edit.replacement, "status": str(edit.status),
            "score": round(edit.score, 4), "proposer": edit.proposer, "reasons": list(edit.reasons)}


def detect_record(article: Article, spans: Sequence[Span]) -> dict[str, Any]:
    """What `vn-repair detect --json` prints for an article."""
    return {"id": article.id, "text": article.text, "lang": article.lang, "spans": [span_record(s) for s in spans]}


def repair_record(repair: Repair) -> dict[str, Any]:
    """What `vn-repair repair --json` prints for an article."""
    return {**detect_record(repair.article, repair.spans), "edits": [edit_record(e) for e in repair.edits],
            "vi": repair.vi, "en": repair.en}


def full_record(repair: Repair, made_by: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a `.repair.jsonl` file holds: `repair_record` and all else that is known of the repair.

    Adds each edit's `alternatives`, the article's `source` and `removed` page text, the `notes`, and
    `made_by` (version and settings), by which an interrupted run knows whether it may go on.
    """
    out = repair_record(repair)
    for edit, row in zip(repair.edits, out["edits"], strict=True):
        row["alternatives"] = [[text, round(score, 4)] for text, score in edit.alternatives]
    return {**out, "source": repair.article.source, "removed": list(repair.article.removed),
            "notes": list(repair.notes), "made_by": made_by or {}}


def read_record(row: dict[str, Any]) -> Repair:
    """The `Repair` that `full_record` or `repair_record` wrote.

    Raises `InputError` when a key is missing or has a value that no record has.
    """
    try:
        article = Article(row["id"], row["text"], row["lang"], row.get("source", "-"), tuple(row.get("removed", ())))
        spans = tuple(Span(s["start"], s["end"], Label(s["label"]), Severity(s["severity"]), s["score"],
                           s["detector"], s["message"], s["suggestion"]) for s in row["spans"])
        edits = tuple(Edit(e["start"], e["end"], e["replacement"], e["proposer"], e["score"], Status(e["status"]),
                           tuple(e["reasons"]), tuple((t, s) for t, s in e.get("alternatives", ())))
                      for e in row["edits"])
        return Repair(article, spans, edits, row["vi"], row["en"], tuple(row.get("notes", ())))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"not a repair record ({type(error).__name__}: {error}); make it again with "
                         "vn-repair repair") from error


def line(record: dict[str, Any]) -> str:
    """A record as one line of JSON, its line feed included.

    Letters stay as they are, unless the text holds a lone surrogate, which UTF-8 cannot: then all
    that is not ASCII is escaped.
    """
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(record)
    return text + "\n"

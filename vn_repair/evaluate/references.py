"""Hand-fixed references: items with gold spans, grouped into the documents that a system is given.

A line of a reference file is `{"id", "lang", "theme", "kind", "text", "spans", "vi_ref", "en_ref"}`, a span
`{"start", "end", "label", "severity", "evidence", "correction"}` with offsets into `text`. Lines that share an
`article` are blocks of one document, in the order of `block`: a system sees them together, as it would the page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from vn_repair.evaluate.checks import require_nfc
from vn_repair.types import EN, VI, Article, InputError, Label, Severity

BLOCK_BREAK = "\n\n"
SOURCE_ONLY = "source_only"


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Words that an editor changes, and to what; `evidence` says where the fault can be seen."""

    start: int
    end: int
    label: Label
    severity: Severity
    evidence: str
    correction: str

    @property
    def visible(self) -> bool:
        """Whether the fault can be seen without the source; others are never counted as a miss."""
        return self.evidence != SOURCE_ONLY


@dataclass(frozen=True, slots=True)
class Item:
    """One reference text. `unit` is what the bootstrap resamples: the article, or the item if it stands alone."""

    id: str
    lang: str
    theme: str
    clean: bool
    text: str
    spans: tuple[GoldSpan, ...]
    vi_ref: str | None
    en_ref: str | None
    unit: str
    block: int

    @property
    def real(self) -> bool:
        """Whether it is a block of a real article, not written for the purpose."""
        return self.unit != self.id

    @property
    def reference(self) -> str:
        """The corrected text in the item's own language."""
        own = self.vi_ref if self.lang == VI else self.en_ref
        assert own is not None  # checked when read
        return own

    @property
    def other_lang(self) -> str:
        """The language that the item is translated into."""
        return EN if self.lang == VI else VI

    @property
    def other_reference(self) -> str | None:
        """The clean text in the other language, where there is one and the block is not to be deleted."""
        other = self.en_ref if self.lang == VI else self.vi_ref
        return other if other and self.reference else None


@dataclass(frozen=True)
class Document:
    """What a system is given at once: an item, or the blocks of an article."""

    id: str
    lang: str
    items: tuple[Item, ...]

    @cached_property
    def text(self) -> str:
        """The items' texts, a blank line between them."""
        return BLOCK_BREAK.join(item.text for item in self.items)

    @cached_property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of each item in `text`."""
        out, at = [], 0
        for item in self.items:
            out.append((at, at + len(item.text)))
            at += len(item.text) + len(BLOCK_BREAK)
        return tuple(out)

    @property
    def article(self) -> Article:
        """The document as the pipeline's input."""
        return Article(self.id, self.text, self.lang, self.id)


@dataclass(frozen=True)
class ReferenceSet:
    """All items of a file; `sha256` is that of the file."""

    name: str
    path: Path
    sha256: str
    items: tuple[Item, ...]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Items grouped by article, in the order of the file."""
        groups: dict[str, list[Item]] = {}
        for item in self.items:
            groups.setdefault(item.unit, []).append(item)
        return tuple(
            Document(unit, group[0].lang, tuple(sorted(group, key=lambda i: i.block))) for unit, group in groups.items()
        )

    def sample(self, documents: int) -> ReferenceSet:
        """That many documents, spread evenly over the file, as a set of another name and checksum."""
        count = len(self.documents)
        size = min(documents, count)
        kept = {self.documents[n * count // size].id for n in range(size)}
        checksum = hashlib.sha256(f"{self.sha256} {documents}".encode()).hexdigest()
        items = tuple(item for item in self.items if item.unit in kept)
        return ReferenceSet(f"{self.name}-sample-{documents}", self.path, checksum, items)

    @property
    def characters(self) -> int:
        """Code points of all texts."""
        return sum(len(item.text) for item in self.items)


def load_references(path: Path) -> ReferenceSet:
    """Read and check a reference file. Raises `InputError` naming line and remedy."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot read ({error.strerror}); give a reference file with --references") from None
    items, ids = [], set()
    for number, line in enumerate(data.decode("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = parse_item(json.loads(line))
        except KeyError as error:
            raise InputError(f"{path}:{number}: {error} is missing; see eval/references/DATASHEET.md") from None
        except (InputError, TypeError, ValueError) as error:
            raise InputError(f"{path}:{number}: {error}; see eval/references/DATASHEET.md") from None
        if item.id in ids:
            raise InputError(f"{path}:{number}: id {item.id} is given twice; renumber one")
        ids.add(item.id)
        items.append(item)
    if not items:
        raise InputError(f"{path}: holds no items; compile the references first")
    return ReferenceSet(path.stem, path, hashlib.sha256(data).hexdigest(), tuple(items))


def parse_item(row: dict[str, Any]) -> Item:
    """One item of a reference line. Raises `KeyError` or `ValueError` for what is missing or wrong."""
    spans = tuple(
        GoldSpan(s["start"], s["end"], Label(s["label"]), Severity(s["severity"]), s["evidence"], s["correction"])
        for s in row["spans"]
    )
    text: str = row["text"]
    check_gold(text, spans)
    for key in ("text", "vi_ref", "en_ref"):
        require_nfc(row[key] or "", key)
    if row["lang"] not in (VI, EN):
        raise ValueError(f"lang is {row['lang']!r}, not 'vi' or 'en'")
    if row[f"{row['lang']}_ref"] is None:
        raise ValueError(f"{row['lang']}_ref is missing")
    clean = row["kind"] == "clean"
    if clean and (spans or row[f"{row['lang']}_ref"] != text):
        raise ValueError("a clean item has spans or differs from its reference")
    return Item(row["id"], row["lang"], row["theme"], clean, text, spans, row["vi_ref"], row["en_ref"],
                row.get("article") or row["id"], row.get("block") or 0)


def check_gold(text: str, spans: Sequence[GoldSpan]) -> None:
    """Raise `ValueError` unless the spans are sorted, lie inside `text` and do not overlap."""
    at = 0
    for span in spans:
        if not at <= span.start < span.end <= len(text):
            raise ValueError(f"span {span.start}:{span.end} overlaps another or lies outside the text")
        at = span.end


__all__ = ["SOURCE_ONLY", "Document", "GoldSpan", "Item", "ReferenceSet", "load_references", "parse_item"]

"""MQM annotations as a TSV of the form of the WMT Metrics task.

The form is that of Freitag et al. 2021 (github.com/google/wmt-mqm-human-evaluation).

Columns: system, doc, doc_id, seg_id, rater, source, target, category, severity, comment; a row an error, and a row
`No-error` for a sentence without one. `source` is the sentence as it was found; of the system `original` the target is
the same sentence with the error between `<v>` and `</v>`, of the system `repaired` the corrected one, with what was
left open. `doc_id` is the sentence's offset in the article, by which it is found again. See `tsv` for what is escaped;
a literal `<v>` is `\\<v>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vn_repair.formats.mqm_names import NO_ERROR, category, label_of, labels_of, severity_of
from vn_repair.formats.post_edits import Mark, PostEdit
from vn_repair.formats.tsv import escaped, guarded, rows, unescaped, unguarded
from vn_repair.formats.units import Sentence, blocks
from vn_repair.formats.xml_parts import Outputs, name_of
from vn_repair.types import InputError, Repair, Span

FILE = "repairs.mqm.tsv"
COLUMNS = ("system", "doc", "doc_id", "seg_id", "rater", "source", "target", "category", "severity", "comment")
ORIGINAL, REPAIRED, RATER = "original", "repaired", "vn-repair"
MARKER = re.compile(r"</?v>")
PIECE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|</?v>", re.DOTALL)


def write(repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write `repairs.mqm.tsv`."""
    segment = 0
    with Outputs(directory) as outputs:
        for repair in repairs:
            for sentence in (s for b in blocks(repair) for s in b.sentences):
                begun = FILE in outputs
                out = outputs.open(FILE)
                if not begun:
                    out.write("\t".join(COLUMNS) + "\n")
                segment += 1
                out.writelines(_rows(repair, sentence, segment))
        outputs.require_some("no article has any text")
    return outputs.paths


def _rows(repair: Repair, sentence: Sentence, segment: int) -> Iterator[str]:
    text = repair.article.text[sentence.start : sentence.end]
    shown = [(s, s.start - sentence.start, s.end - sentence.start) for s in sentence.spans if s.end > s.start]
    left = [(s, *_moved(sentence, s)) for s in sentence.open_spans if s.end > s.start]
    for system, target, errors in ((ORIGINAL, text, shown), (REPAIRED, sentence.target, left)):
        found = [(_between(target, start, end), category(span.label), span.severity.capitalize(),
                  f"[{span.label}] {span.message} ({span.detector})") for span, start, end in errors]
        for marked, kind, severity, comment in found or [(_field(target), NO_ERROR, NO_ERROR, "")]:
            cells = (system, escaped(repair.article.id), str(sentence.start), str(segment), RATER, escaped(text),
                     marked, kind, severity, escaped(comment))
            yield "\t".join(guarded(cell) for cell in cells) + "\n"


def _moved(sentence: Sentence, span: Span) -> tuple[int, int]:
    """Where a span that no applied edit touches stands in the corrected sentence."""
    shift = sum(len(e.replacement) - (e.end - e.start) for e in sentence.changed if e.end <= span.start)
    return span.start - sentence.start + shift, span.end - sentence.start + shift


def _field(text: str) -> str:
    return escaped(text, MARKER)


def _between(text: str, start: int, end: int) -> str:
    return f"{_field(text[:start])}<v>{_field(text[start:end])}</v>{_field(text[end:])}"


def unmarked(field: str) -> tuple[str, tuple[int, int] | None]:
    """The text of a target field, and the offsets of what stands between the markers (`None`: no markers).

    Raises `ValueError` for markers that do not pair.
    """
    out, at, places = "", 0, []
    for match in PIECE.finditer(field):
        out += field[at : match.start()]
        at = match.end()
        if match.group() in ("<v>", "</v>"):
            places.append((match.group(), len(out)))
        else:
            out += unescaped(match.group())
    out += field[at:]
    if not places:
        return out, None
    if [name for name, _ in places] != ["<v>", "</v>"]:
        raise ValueError("<v> and </v> do not pair; mark one error a row")
    return out, (places[0][1], places[1][1])


@dataclass
class _Segment:
    """What the rows of one sentence say."""

    place: str
    doc: str
    start: int
    source: str
    targets: dict[str, None] = field(default_factory=dict)
    raters: set[str] = field(default_factory=set)
    marks: list[Mark] = field(default_factory=list)


def read(path: Path) -> Iterator[PostEdit | InputError]:
    """Every sentence of a file that vn-repair wrote and a person edited, with what is marked in its original.

    The rows of a sentence may stand anywhere. A row that is no use comes as an `InputError`. A sentence counts as
    reviewed if a rater other than `vn-repair` signed a row of its repaired text. Raises `InputError` for a file that
    is none.
    """
    segments: dict[tuple[str, int], _Segment] = {}
    for line, row in rows(path):
        place = f"{path}:{line}"
        missing = [name for name in COLUMNS[:9] if name not in row]
        if missing:
            yield InputError(f"{place}: has no {', '.join(missing)}; keep all columns and their heading")
            continue
        cells = {name: unguarded(row.get(name) or "") for name in COLUMNS}
        try:
            _take(segments, place, cells)
        except ValueError as error:
            yield InputError(f"{place}: {error}")
    for segment in segments.values():
        if not segment.targets:
            yield InputError(f"{segment.place}: no row of system {REPAIRED} for {segment.doc}, doc_id {segment.start}; "
                             "keep it, it holds the corrected text")
            continue
        first, *others = segment.targets
        end = segment.start + len(segment.source)
        yield PostEdit(str(path), segment.place, name_of(segment.doc), segment.start, end, segment.source, first, False,
                       bool(segment.raters - {RATER, ""}), tuple(segment.marks), tuple(others))


def _take(segments: dict[tuple[str, int], _Segment], place: str, cells: dict[str, str]) -> None:
    """Add a row. Raises `ValueError` for one that is no use."""
    doc, source = unescaped(cells["doc"]), unescaped(cells["source"])
    if not cells["doc_id"].isdecimal() or len(cells["doc_id"]) > 12:
        raise ValueError(f"doc_id {cells['doc_id'][:20]!r} is no offset; leave that column as it was")
    start = int(cells["doc_id"])
    text, bounds = unmarked(cells["target"])
    segment = segments.setdefault((doc, start), _Segment(place, doc, start, source))
    if segment.source != source:
        raise ValueError(f"its source differs from that of {segment.place}; leave that column as it was")
    if cells["system"] == REPAIRED:
        segment.targets.setdefault(text)
        segment.raters.add(cells["rater"])
        return
    if cells["system"] != ORIGINAL:
        raise ValueError(f"system {cells['system'][:20]!r} is neither {ORIGINAL} nor {REPAIRED}")
    if text != source:
        raise ValueError(f"the text of the system {ORIGINAL} was changed; mark errors in it, and correct the text of "
                         f"the system {REPAIRED}")
    if bounds is None or cells["category"].strip().lower() in (NO_ERROR.lower(), "no error", ""):
        return
    label = label_of(cells["category"], unescaped(cells["comment"]))
    if label is None:
        raise ValueError(f"category {cells['category'][:40]!r} is unknown; use one of docs/formats.md")
    sure = f"[{label}]" in cells["comment"] or len(labels_of(cells["category"])) == 1
    segment.marks.append(Mark(start + bounds[0], start + bounds[1], label, severity_of(cells["severity"]), sure))

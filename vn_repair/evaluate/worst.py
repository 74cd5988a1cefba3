"""The items that a system gets worst, to be read by a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vn_repair.evaluate.edits import TOKEN, changes, squeeze
from vn_repair.evaluate.references import Item, ReferenceSet


def distance(first: str, second: str) -> int:
    """Words, marks and spaces to insert, delete or replace."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(TOKEN.findall(squeeze(first)), TOKEN.findall(squeeze(second))))


def badness(row: Mapping[str, Any]) -> float:
    """How much is wrong with an item's output: words still to change, and twice what the system broke.

    For a system that only detects: false and missed characters, false ones twice.
    """
    if "output" in row and row["output"] is not None:
        left = distance(row["output"], row["reference"])
        before = distance(row["text"], row["reference"])
        return left + 2.0 * max(0, left - before)
    return float(2 * row.get("false", 0) + row.get("missed", 0)) / 5


def worst(rows: Sequence[Mapping[str, Any]], count: int) -> list[Mapping[str, Any]]:
    """The `count` rows with the greatest badness that is above 0, worst first."""
    ranked = sorted(((badness(row), row) for row in rows), key=lambda pair: -pair[0])
    return [row for bad, row in ranked[:count] if bad > 0]


def inline_diff(output: str, reference: str) -> str:
    """The reference's text with `[-wrong-]{+right+}` where the output differs from it."""
    out, at = [], 0
    for change in changes(output, reference):
        out.append(output[at : change.start])
        if change.end > change.start:
            out.append(f"[-{output[change.start : change.end]}-]")
        if change.text:
            out.append(f"{{+{change.text}+}}")
        at = change.end
    return "".join([*out, output[at:]])


def marked(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """`text` with spans as `⟦words⟧label`; overlapping ones are left out."""
    out, at = [], 0
    for start, end, label in sorted(spans):
        if start >= at:
            out += [text[at:start], "⟦", text[start:end], "⟧", label]
            at = end
    return "".join([*out, text[at:]])


def describe(rows: Sequence[Mapping[str, Any]], references: ReferenceSet) -> Iterator[str]:
    """Lines of text for each row: source with gold spans, what was marked, output, reference, difference."""
    items: dict[str, Item] = {item.id: item for item in references.items}
    for number, row in enumerate(rows, 1):
        item = items[row["id"]]
        kind = "clean" if item.clean else "garbled"
        yield f"{number}. {item.id} ({item.lang}, {item.theme}, {kind}), badness {badness(row):.0f}"
        yield f"   source     {marked(item.text, [(s.start, s.end, s.label) for s in item.spans])}"
        if row.get("spans"):
            told = [(s["start"], s["end"], s["label"]) for s in json.loads(row["spans"])]
            yield f"   marked     {marked(item.text, told)}"
        if row.get("output") is not None:
            yield f"   output     {row['output']}"
            yield f"   reference  {item.reference}"
            yield f"   difference {inline_diff(row['output'], item.reference)}"
        if row.get("gold_output") is not None:
            yield f"   with gold spans {row['gold_output']}"
        if row.get("translation"):
            yield f"   translation {row['translation']}"
            yield f"   wanted      {row.get('translation_reference')}"
        yield ""

"""Read hand-marked training text: sentences whose wrong words carry their correction and label in place.

One item a line, a tab, then its translation into the other language (may be empty)::

    xây dựng ⟦mẫu kiểu NTM⟧{NTM kiểu mẫu|word_order}\tbuild model new-style rural areas

    python -m vn_repair.training.marked corpora/marked/*.tsv    # check, and count labels

An empty correction deletes the words together with the space that they would leave.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vn_repair.training.garble import Garbled, GarbledSpan
from vn_repair.types import InputError, Label

MARK = re.compile(r"⟦([^⟦⟧{}]+)⟧\{([^⟦⟧{}|]*)\|(\w+)\}")
STRAY = re.compile(r"[⟦⟧{}]")


def parse(marked: str) -> Garbled:
    """The garbled text, its clean form, and the spans (offsets in the garbled text, end exclusive).

    Raises `ValueError` that says what is wrong with a mark.
    """
    text = clean = ""
    spans: list[GarbledSpan] = []
    at, deleted = 0, False
    for found in [*MARK.finditer(marked), None]:
        literal = marked[at : found.start() if found else len(marked)]
        text += literal
        if deleted:
            clean, literal = _close_gap(clean, literal)
        clean += literal
        if found is None:
            break
        surface, correction, label = found.groups()
        start, at, deleted = len(text), found.end(), not correction
        text += surface
        clean += correction
        spans.append(GarbledSpan(start, len(text), Label(label), correction))
        if surface == correction:
            raise ValueError(f"⟦{surface}⟧ is corrected to itself; drop the mark")
        if surface != surface.strip() or correction != correction.strip():
            raise ValueError(f"space at an edge of ⟦{surface}⟧{{{correction}}}; move it outside the mark")
    if stray := STRAY.search(text) or STRAY.search(clean):
        near = text[max(0, stray.start() - 25) : stray.end() + 25]
        raise ValueError(f"stray {stray.group()!r} near {near!r}; a mark is ⟦words⟧{{correction|label}}")
    for span in spans:
        for left in (span.start - 1, span.end - 1):
            if 0 <= left < len(text) - 1 and text[left].isalnum() and text[left + 1].isalnum():
                raise ValueError(f"⟦{text[span.start : span.end]}⟧ cuts a word; mark the whole word")
    return Garbled(text, clean, tuple(spans))


def _close_gap(left: str, right: str) -> tuple[str, str]:
    """Take away the space that a deletion between both parts leaves over."""
    if not right:
        return left.rstrip(" "), right
    if not left:
        return left, right.lstrip(" ")
    if left[-1] == " " and right[0] in " ,.;:!?)…”":
        return left[:-1], right
    return left, right


def read_marked(path: Path) -> Iterator[tuple[Garbled, str]]:
    """Items of a file with their translations.

    Raises `InputError` that names file, line and remedy.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            marked, tab, other = line.rstrip("\n").partition("\t")
            try:
                if not tab or "\t" in other:
                    raise ValueError("two columns are wanted: marked text, tab, translation")
                yield parse(marked), other.strip()
            except ValueError as error:
                raise InputError(f"{path}:{number}: {error}") from error


def main(names: list[str]) -> None:
    """Check the files named and print how many items, spans and labels they hold."""
    labels: Counter[str] = Counter()
    items = clean = words = 0
    for path in map(Path, names):
        for found, _ in read_marked(path):
            items, clean = items + 1, clean + (not found.spans)
            words += len(found.text.split())
            labels.update(str(s.label) for s in found.spans)
    print(f"{items} items, {clean} of them clean, {words} words, {sum(labels.values())} spans")
    for label, count in labels.most_common():
        print(f"{label:18}{count:6}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (InputError, OSError) as error:
        sys.exit(str(error))

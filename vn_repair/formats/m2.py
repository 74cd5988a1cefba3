"""M2 (Dahlmeier & Ng 2012), as ERRANT writes it: a sentence's tokens, a line an edit.

    S Hội nghị bàn mẫu kiểu NTM .
    A 3 6|||R:WORD_ORDER|||NTM kiểu mẫu|||REQUIRED|||-NONE-|||0

The type is ERRANT's operation (M missing, R replaced, U unnecessary) and the label of the finding, or OTHER. Only
applied edits are written; a sentence without one has the `noop` line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vn_repair.formats.tokens import TokenEdit, token_edits, tokenized
from vn_repair.formats.units import blocks
from vn_repair.formats.xml_parts import Outputs
from vn_repair.types import Repair

FILE = "repairs.m2"
NOOP = "A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||0"


def write(repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write `repairs.m2`."""
    with Outputs(directory) as outputs:
        for repair in repairs:
            for sentence in (s for b in blocks(repair) for s in b.sentences):
                source = repair.article.text[sentence.start : sentence.end]
                out = outputs.open(FILE)
                out.write(f"S {' '.join(t.text for t in tokenized(source))}\n")
                edits = token_edits(sentence, source)
                out.writelines(_line(edit) for edit in edits)
                out.write(f"{'' if edits else NOOP + chr(10)}\n")
        outputs.require_some("no article has any text")
    return outputs.paths


def _line(edit: TokenEdit) -> str:
    operation = "M" if edit.start == edit.end else "R" if edit.tokens else "U"
    label = str(edit.label).upper() if edit.label else "OTHER"
    correction = " ".join(edit.tokens) + (" " if edit.tokens[-1:] == ("|",) else "")  # else it would read "||||"
    return f"A {edit.start} {edit.end}|||{operation}:{label}|||{correction}|||REQUIRED|||-NONE-|||0\n"

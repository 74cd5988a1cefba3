"""What makes a comparison meaningless is an error, never a score."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from vn_repair.types import InputError


def require_nfc(text: str, what: str) -> None:
    """Raise `InputError` unless `text` is in Unicode NFC, which all references are."""
    if not unicodedata.is_normalized("NFC", text):
        at = next((i for i in range(len(text)) if not unicodedata.is_normalized("NFC", text[: i + 1])), 0)
        near = text[max(0, at - 12) : at + 4]
        raise InputError(f"{what}: not in Unicode NFC near {near!r}, so it cannot be compared; normalise it first")


def require_comparable(hypotheses: Sequence[str], references: Sequence[str], what: str = "hypotheses") -> None:
    """Raise `InputError` unless there is one hypothesis a reference, some of each, and all are NFC."""
    if len(hypotheses) != len(references):
        raise InputError(f"{what}: {len(hypotheses)} lines against {len(references)} references; "
                         "give one for each, in the same order")
    if not references:
        raise InputError(f"{what}: nothing to score; give at least one segment")
    for number, (hypothesis, reference) in enumerate(zip(hypotheses, references, strict=True), 1):
        require_nfc(hypothesis, f"{what}, line {number}")
        require_nfc(reference, f"references, line {number}")


def require_same_data(first: str, second: str, names: tuple[str, str]) -> None:
    """Raise `InputError` if two runs were made on different data (their hashes differ)."""
    if first != second:
        raise InputError(f"{names[0]} and {names[1]} were run on different data ({first[:12]}, {second[:12]}); "
                         "run both on the same references")


def require_same_source(source: str, claimed: str, what: str) -> None:
    """Raise `InputError` if an output says that it was made from another text than the reference's."""
    if source != claimed:
        at = next((i for i, (a, b) in enumerate(zip(source, claimed, strict=False)) if a != b),
                  min(len(source), len(claimed)))
        raise InputError(f"{what}: made from another source text (differs at character {at}); "
                         "run the system on these references")

"""Scorer of facts: are the reference's numbers, dates and names in the output?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vn_repair.evaluate.detection import ratio
from vn_repair.placeholders import slots, unaccented
from vn_repair.types import EN

# A legal reference (145/QĐ-TTg) is looked for like a number.
KINDS = {"number": 0, "reference": 0, "date": 1, "name": 2}
NAMES = ("numbers", "dates", "names")


def facts(text: str, lang: str) -> list[Counter[str]]:
    """Numbers, dates and names of a text by keys that are equal in both languages, repeated ones counted.

    In English a Vietnamese name counts with and without its accents.
    """
    text = unaccented(text) if lang == EN else text
    found: list[Counter[str]] = [Counter() for _ in NAMES]
    for slot in slots(text, lang):
        found[KINDS[slot.kind]][slot.key] += 1
    return found


def fact_counts(reference: str, reference_lang: str, output: str, output_lang: str) -> tuple[int, ...]:
    """(wanted, kept, invented) of numbers, then of dates, then of names: nine counts.

    `invented` are those of the output that the reference does not hold.
    """
    out: list[int] = []
    for wanted, given in zip(facts(reference, reference_lang), facts(output, output_lang), strict=True):
        kept = wanted & given
        out += [wanted.total(), kept.total(), given.total() - kept.total()]
    return tuple(out)


def fact_scores(sums: Sequence[float]) -> dict[str, float]:
    """Share kept of each kind, and the invented ones of all kinds as a share of the wanted ones."""
    out = {f"{name}_kept": ratio(sums[3 * n + 1], sums[3 * n]) for n, name in enumerate(NAMES)}
    out["facts_invented"] = ratio(sum(sums[2::3]), sum(sums[0::3]))
    return out

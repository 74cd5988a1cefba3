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


def _written(names: Counter[str], output: str) -> Counter[str]:
    """How often each name stands in the output, spaces aside: "Hanoi", or a name beside another capitalised word."""
    plain = unaccented(output).lower().replace(" ", "")
    return Counter({name: plain.count(name.replace(" ", "")) for name in names})


def fact_counts(reference: tuple[str, str], output: tuple[str, str], source: tuple[str, str]) -> tuple[int, ...]:
    """(wanted, kept, invented) of numbers, then of dates, then of names; last (sound, sound kept) of all: 11 counts.

    The arguments are texts with their languages. `invented` are those of the output that the reference does not hold;
    `sound` those that source and reference both hold, which a system has only to carry over.
    """
    out: list[int] = []
    sound = sound_kept = 0
    for kind, wanted, given, had in zip(NAMES, facts(*reference), facts(*output), facts(*source), strict=True):
        kept = wanted & (given if kind != "names" else given | _written(wanted, output[0]))
        out += [wanted.total(), kept.total(), (given - wanted).total()]
        sound += (wanted & had).total()
        sound_kept += (had & kept).total()
    return (*out, sound, sound_kept)


def fact_scores(sums: Sequence[float]) -> dict[str, float]:
    """Share kept of each kind, invented ones of all kinds as a share of the wanted ones, and sound ones kept."""
    out = {f"{name}_kept": ratio(sums[3 * n + 1], sums[3 * n]) for n, name in enumerate(NAMES)}
    out["facts_invented"] = ratio(sum(sums[2:9:3]), sum(sums[0:9:3]))
    out["sound_facts_kept"] = ratio(sums[10], sums[9])
    return out

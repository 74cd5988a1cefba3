"""Evaluate one system on hand-fixed references: every scorer over every item, then scores from the sums."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from vn_repair.evaluate import detection, edits, facts, text_metrics
from vn_repair.evaluate.bootstrap import Sums, estimate
from vn_repair.evaluate.checks import require_nfc
from vn_repair.evaluate.dials import edit_dial, span_dial
from vn_repair.evaluate.gold import GoldRepair, repair_gold
from vn_repair.evaluate.outputs import ItemOutput, Output, split_output
from vn_repair.evaluate.record import REPAIR, Run, machine, numbers
from vn_repair.evaluate.references import Document, Item, ReferenceSet
from vn_repair.evaluate.systems import Measured, System


def with_baseline(name: str) -> Callable[[Sequence[float]], Mapping[str, float]]:
    """A text metric beside the untouched source: the summed statistics are those of the output, then the source."""

    def scores(sums: Sequence[float]) -> dict[str, float]:
        half = len(sums) // 2
        after, before = text_metrics.score(name, sums[:half]), text_metrics.score(name, sums[half:])
        return {name: after, f"{name}_before": before, f"{name}_gain": after - before}

    return scores


def plain(name: str) -> Callable[[Sequence[float]], Mapping[str, float]]:
    """A text metric alone."""
    return lambda sums: {name: text_metrics.score(name, sums)}


# From the summed statistics of a scorer to named scores.
SCORES: dict[str, Callable[[Sequence[float]], Mapping[str, float]]] = {
    "characters": detection.precision_recall_f1,
    "spans": lambda s: {f"exact_{k}": v for k, v in detection.precision_recall_f1(s).items()},
    "tokens": lambda s: {"mcc": detection.matthews(s)},
    "wmt": lambda s: {"wmt_macro": detection.ratio(s[0], s[1])},
    "flagged": lambda s: {"flagged_per_10k": detection.per_ten_thousand(s)},
    "over_edits": lambda s: {"over_edited": detection.ratio(s[0], s[1]),
                             "edited_per_10k": detection.per_ten_thousand(s[2:])},
    "edits": edits.edit_scores,
    "facts": facts.fact_scores,
    "candidates": lambda s: {"among_candidates": detection.ratio(s[1], s[0]), "left": detection.ratio(s[2], s[0])},
    **{f"{name}_beside": with_baseline(name) for name in text_metrics.METRICS},
    **{name: plain(name) for name in text_metrics.METRICS},
}
# What a run file keeps of each article, for paired tests between runs: (family, scorer) → name.
KEPT = {("detection", "characters"): "characters", ("repair", "chrf_beside"): "chrf", ("repair", "edits"): "edits",
        ("gold", "chrf_beside"): "gold_chrf", ("gold", "edits"): "gold_edits"}


class Tally:
    """Statistics of all items by family, slice (all, vi, en, real, written) and scorer."""

    def __init__(self) -> None:
        self.sums: dict[tuple[str, str, str], Sums] = defaultdict(Sums)

    def add(self, family: str, item: Item, scorer: str, vector: Sequence[float], parts: Sequence[str] = ()) -> None:
        """Add an item's statistics to `all`, its language, and `real` (of an article) or `written`; or to `parts`."""
        for part in parts or ("all", item.lang, "real" if item.real else "written"):
            self.sums[family, part, scorer].add(item.unit, vector)

    def scores(self) -> dict[str, dict[str, dict[str, list[float]]]]:
        """Every score with its interval."""
        out: dict[str, dict[str, dict[str, list[float]]]] = {}
        for (family, part, scorer), sums in self.sums.items():
            found = out.setdefault(family, {}).setdefault(part, {})
            found |= numbers(estimate(sums, SCORES[scorer]))
        return out

    def units(self) -> dict[str, dict[str, list[float]]]:
        """What paired tests need of each unit."""
        out: dict[str, dict[str, list[float]]] = defaultdict(dict)
        for (family, part, scorer), sums in self.sums.items():
            if part == "all" and (family, scorer) in KEPT:
                for unit, vector in sums.units.items():
                    half = vector[: len(vector) // 2] if scorer.endswith("_beside") else vector
                    out[unit][KEPT[family, scorer]] = half
            elif family == "translation" and scorer == "chrf":
                for unit, vector in sums.units.items():
                    out[unit][f"chrf {part}"] = vector
        return dict(out)


@dataclass
class Result:
    """A run and the rows of its per-item table."""

    run: Run
    rows: list[dict[str, Any]]


def evaluate(system: System, references: ReferenceSet, *, gold: bool = True,
             progress: Callable[[int, str], None] = lambda done, what: None) -> Result:
    """Run `system` on all documents and score it.

    With `gold`, a system that has a proposer is also asked to repair the gold spans, and the dial is turned over its
    edits. `progress(done, what)` is called
    before each document. Raises `InputError` for outputs that cannot be compared.
    """
    tally, rows = Tally(), []
    answered: list[tuple[Document, Output]] = []
    predicted: list[tuple[Item, ItemOutput]] = []
    seconds = 0.0
    system.run(references.documents[0])  # loading the model and the lists is not part of a system's speed
    loaded = translation_seconds(system)
    for number, document in enumerate(references.documents):
        progress(number, document.id)
        start = perf_counter()
        output = system.run(document)
        seconds += perf_counter() - start
        answered.append((document, output))
        predicted += zip(document.items, split_output(document, output), strict=True)
    translation = translation_seconds(system) - loaded
    for item, given in predicted:
        row: dict[str, Any] = {"id": item.id, "unit": item.unit, "lang": item.lang, "theme": item.theme,
                               "clean": item.clean, "text": item.text, "reference": item.reference}
        row |= score_detection(tally, item, given) if given.spans is not None else {}
        row |= score_repair(tally, item, given.text) if given.text is not None else {}
        row |= score_translation(tally, item, given.other) if given.other is not None else {}
        rows.append(row)
    took = {"repair": round(seconds - translation, 3), "translation": round(translation, 3)}
    marked = [(i, o) for i, o in predicted if o.spans is not None]
    labels = label_table(marked, rows)
    asked = system.proposer.info().get("tasks", ["infill"]) if system.proposer else ()
    if gold and system.proposer is not None and "infill" in asked:
        repairs, took_gold = repair_gold(references.documents, system.proposer)
        took["gold"] = round(took_gold, 3)
        score_gold(tally, references, repairs, rows, labels)
    data = {"name": references.name, "sha256": references.sha256, "items": len(references.items),
            "articles": len(references.documents), "characters": references.characters}
    run = Run(REPAIR, system.name, system.info(), data, tally.scores(), tally.units(),
              {k: {n: round(float(v), 5) for n, v in t.items()} for k, t in sorted(labels.items())},
              span_dial(marked), edit_dial(answered) if gold else [], took, machine())
    return Result(run, rows)


def translation_seconds(system: System) -> float:
    """Seconds that a system's proposer has spent on translation so far."""
    return system.proposer.seconds if isinstance(system.proposer, Measured) else 0.0


def score_detection(tally: Tally, item: Item, given: ItemOutput) -> dict[str, Any]:
    """Add an item's detection statistics; return its part of the per-item table."""
    spans, length = given.spans or (), len(item.text)
    characters = detection.character_counts(item.spans, spans, length)
    tally.add("detection", item, "characters", characters)
    tally.add("detection", item, "spans", detection.span_counts(item.spans, spans, length))
    tally.add("detection", item, "tokens", detection.token_counts(item.text, item.spans, spans))
    tally.add("detection", item, "wmt", detection.wmt_counts(item.spans, spans, length))
    if item.clean:
        tally.add("clean", item, "flagged", (characters[1], length))
    told = [{"start": s.start, "end": s.end, "label": str(s.label), "score": round(s.score, 4), "detector": s.detector}
            for s in spans]
    return {"found": characters[0], "false": characters[1], "missed": characters[2],
            "spans": json.dumps(told, ensure_ascii=False)}


def score_repair(tally: Tally, item: Item, text: str) -> dict[str, Any]:
    """Add an item's repair statistics (for a clean item: whether it was changed)."""
    require_nfc(text, f"output for {item.id}")
    reference = item.reference.strip()
    row: dict[str, Any] = {"output": text}
    if item.clean:
        tally.add("clean", item, "over_edits", edits.over_edit_counts(item.text.strip(), text))
        return row
    for name in text_metrics.METRICS:
        pair = text_metrics.statistics(name, [text, item.text.strip()], [reference, reference])
        tally.add("repair", item, f"{name}_beside", pair[0] + pair[1])
        row[name] = text_metrics.score(name, pair[0])
    counts = edits.edit_counts(item.text, item.spans, text)
    tally.add("repair", item, "edits", counts.vector)
    tally.add("repair", item, "facts", facts.fact_counts((reference, item.lang), (text, item.lang),
                                                            (item.text, item.lang)))
    row |= {"fixed": counts.fixed, "wrong": counts.wrong, "unfixed": counts.unfixed,
            "fixed_labels": json.dumps({str(k): v for k, v in counts.by_label.items()})}
    return row


def score_translation(tally: Tally, item: Item, other: str) -> dict[str, Any]:
    """Add the statistics of an item's text in the other language, end to end from the garbled source."""
    reference = item.other_reference
    if not reference:
        return {"translation": other}
    require_nfc(other, f"translation of {item.id}")
    part = (f"{item.lang}-{item.other_lang}",)
    row: dict[str, Any] = {"translation": other, "translation_reference": reference}
    for name in ("chrf", "bleu"):
        found = text_metrics.statistics(name, [other], [reference])
        tally.add("translation", item, name, found[0], part)
        row[f"translation_{name}"] = text_metrics.score(name, found[0])
    counts = facts.fact_counts((reference, item.other_lang), (other, item.other_lang), (item.text, item.lang))
    tally.add("translation", item, "facts", counts, part)
    return row


def score_gold(tally: Tally, references: ReferenceSet, repairs: Sequence[GoldRepair], rows: list[dict[str, Any]],
               labels: dict[str, dict[str, float]]) -> None:
    """Add what the proposer made of the gold spans."""
    items = {item.id: item for item in references.items}
    by_id = {row["id"]: row for row in rows}
    for repair in repairs:
        item = items[repair.item]
        for name in text_metrics.METRICS:
            pair = text_metrics.statistics(name, [repair.output, repair.source], [repair.wanted, repair.wanted])
            tally.add("gold", item, f"{name}_beside", pair[0] + pair[1])
        tally.add("gold", item, "edits", repair.counts.vector)
        spans = repair.counts.fixed + repair.counts.unfixed
        tally.add("gold", item, "candidates", (spans, repair.among, repair.kept))
        for label, (count, fixed) in repair.counts.by_label.items():
            table = labels.setdefault(str(label), {})
            table["gold_asked"] = table.get("gold_asked", 0) + count
            table["gold_fixed"] = table.get("gold_fixed", 0) + fixed
        by_id[item.id] |= {"gold_output": repair.output, "gold_fixed": repair.counts.fixed}


def label_table(
    predicted: Sequence[tuple[Item, ItemOutput]], rows: list[dict[str, Any]]
) -> dict[str, dict[str, float]]:
    """By gold label: characters and spans, how many were found, and how many spans came out exactly right."""
    out: dict[str, dict[str, float]] = {}
    names = ("characters", "found", "found_as_labelled", "spans", "spans_found")
    for item, given in predicted:
        for label, counts in detection.label_counts(item.spans, given.spans or (), len(item.text)).items():
            table = out.setdefault(str(label), {})
            for name, count in zip(names, counts, strict=True):
                table[name] = table.get(name, 0) + count
    for row in rows:
        for key, (count, fixed) in json.loads(row.get("fixed_labels", "{}")).items():
            table = out.setdefault(key, {})
            table["spans"] = table.get("spans", 0) if predicted else table.get("spans", 0) + count
            table["spans_fixed"] = table.get("spans_fixed", 0) + fixed
    return out


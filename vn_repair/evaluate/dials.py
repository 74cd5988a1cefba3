"""What the dial does: scores at each threshold, from one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from vn_repair.evaluate import detection, edits
from vn_repair.evaluate.bootstrap import Sums
from vn_repair.evaluate.outputs import ItemOutput, Output, split_spans, split_text
from vn_repair.evaluate.references import Document, Item
from vn_repair.settings import Settings
from vn_repair.types import Edit, Label, Span, Status

STEPS = tuple(round(0.05 * step, 2) for step in range(21))


def span_dial(predicted: Sequence[tuple[Item, ItemOutput]]) -> list[dict[str, float]]:
    """Precision and recall of detection when only spans with at least a given score are shown, for each step."""
    out = []
    for threshold in STEPS if predicted else ():
        sums, clean = [0, 0, 0], [0, 0]
        for item, given in predicted:
            shown = [s for s in given.spans or () if s.score >= threshold]
            counts = detection.character_counts(item.spans, shown, len(item.text))
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            if item.clean:
                clean = [clean[0] + counts[1], clean[1] + len(item.text)]
        found = {k: round(v, 5) for k, v in detection.precision_recall_f1(sums).items()}
        out.append({"threshold": threshold, **found, "flagged_per_10k": round(detection.per_ten_thousand(clean), 3)})
    return out


@dataclass
class Setting:
    """Statistics of detection at one threshold, summed by article."""

    threshold: float
    characters: Sums = field(default_factory=Sums)  # found, false, missed
    clean: Sums = field(default_factory=Sums)  # marked characters, characters, items with a mark, items
    labels: dict[Label, list[int]] = field(default_factory=dict)  # gold characters, found


def settings_of_dial(gathered: Iterable[tuple[Document, Sequence[Span]]], thresholds: Sequence[float] = STEPS
                     ) -> list[Setting]:
    """What `--sensitivity` does at each threshold.

    `gathered` pairs each document with the spans of all detectors as `pipeline.gather_spans` gives them: selecting and
    merging are done here for each threshold anew, by the function that the product uses.
    """
    from vn_repair.pipeline import select_spans

    out = [Setting(threshold) for threshold in thresholds]
    for document, spans in gathered:
        for setting in out:
            shown = select_spans(document.text, spans, Settings(threshold=setting.threshold))
            for item, own in zip(document.items, split_spans(document, shown), strict=True):
                counts = detection.character_counts(item.spans, own, len(item.text))
                setting.characters.add(item.unit, counts)
                if item.clean:
                    setting.clean.add(item.unit, (counts[1], len(item.text), counts[1] > 0, 1))
                for label, row in detection.label_counts(item.spans, own, len(item.text)).items():
                    sums = setting.labels.setdefault(label, [0, 0])
                    sums[0] += row[0]
                    sums[1] += row[1]
    return out


def curve_of(settings: Iterable[Setting]) -> Iterator[dict[str, float]]:
    """A row a threshold: precision, recall, F1, marked characters in 10,000 of clean text, clean items touched."""
    for setting in settings:
        found = {k: round(v, 5) for k, v in detection.precision_recall_f1(setting.characters.total()).items()}
        marked, length, touched, items = setting.clean.total() if setting.clean else (0, 0, 0, 0)
        yield {"threshold": setting.threshold, **found,
               "flagged_per_10k": round(detection.per_ten_thousand((marked, length)), 3),
               "touched": round(detection.ratio(touched, items), 5)}


def by_confidence_alone(edit: Edit) -> bool:
    """Whether nothing but its confidence stands, or would stand, between the edit and acceptance."""
    failed = [reason for reason in edit.reasons if not reason.startswith("passed:")]
    return edit.status is Status.ACCEPTED or (
        edit.status is Status.REVIEW and bool(failed) and all(r.startswith("confidence:") for r in failed)
    )


def edit_dial(answered: Sequence[tuple[Document, Output]]) -> list[dict[str, float]]:
    """Edit precision and recall, and the share of clean items changed, were `--min-confidence` at each step.

    Only for systems that tell their edits. Another candidate that would be chosen at a lower dial is not known here.
    """
    known = [(document, output) for document, output in answered if output.edits is not None]
    seen: dict[tuple[str, str], tuple[tuple[int, ...], int]] = {}
    out = []
    for threshold in STEPS if any(output.edits for _, output in known) else ():
        sums, clean, changed = [0, 0, 0], 0, 0
        for document, output in known:
            turned = [replace(e, status=Status.ACCEPTED) for e in output.edits or ()
                      if by_confidence_alone(e) and e.score >= threshold]
            texts = split_text(document, "", turned) if len(document.items) > 1 else [applied(document.text, turned)]
            for item, text in zip(document.items, texts, strict=True):
                key = item.id, text
                if key not in seen:
                    counts = (0, 0, 0) if item.clean else edits.edit_counts(item.text, item.spans, text).vector
                    seen[key] = counts, item.clean and edits.over_edit_counts(item.text.strip(), text)[0]
                sums = [a + b for a, b in zip(sums, seen[key][0], strict=True)]
                clean, changed = clean + item.clean, changed + seen[key][1]
        found = {k: round(v, 5) for k, v in edits.edit_scores(sums).items()}
        out.append({"threshold": threshold, **found, "over_edited": round(detection.ratio(changed, clean), 5)})
    return out


def applied(text: str, accepted: Sequence[Edit]) -> str:
    """`text` with the edits applied, those that overlap an earlier one left out, without surrounding white space."""
    out, at = [], 0
    for edit in sorted(accepted, key=lambda e: e.start):
        if edit.start >= at:
            out += [text[at : edit.start], edit.replacement]
            at = edit.end
    return "".join([*out, text[at:]]).strip()

"""MQM categories and severities as the WMT annotations spell them, and back to labels."""

from __future__ import annotations

import re

from vn_repair.types import MQM_CATEGORY, Label, Severity

NO_ERROR = "No-error"
SAID_LABEL = re.compile(r"\[(\w+)\]")
# Names in the WMT annotations (Freitag et al. 2021, table 13, and later years) that are no category of our labels.
ALSO: dict[str, Label] = {
    "accuracy/addition": Label.REPETITION,
    "accuracy/omission": Label.FRAGMENT,
    "accuracy/untranslated text": Label.UNTRANSLATED,
    "accuracy/gender mismatch": Label.MISTRANSLATION,
    "fluency/punctuation": Label.PUNCTUATION,
    "fluency/register": Label.SPUN_SYNONYM,
    "fluency/inconsistency": Label.TERMINOLOGY,
    "fluency/display": Label.MOJIBAKE,
    "fluency/text-breaking": Label.FRAGMENT,
    "terminology/inappropriate for context": Label.TERMINOLOGY,
    "terminology/inconsistent use": Label.TERMINOLOGY,
    "style/awkward": Label.SPUN_SYNONYM,
    "style/unnatural or awkward": Label.SPUN_SYNONYM,
    "style/bad sentence structure": Label.WORD_ORDER,
    "locale convention/address format": Label.NUMBER_FORMAT,
    "locale convention/currency format": Label.NUMBER_FORMAT,
    "locale convention/date format": Label.NUMBER_FORMAT,
    "locale convention/name format": Label.NAMED_ENTITY,
    "locale convention/telephone format": Label.NUMBER_FORMAT,
    "locale convention/time format": Label.NUMBER_FORMAT,
    "non-translation": Label.FRAGMENT,
    "non-translation!": Label.FRAGMENT,
    "other": Label.BOILERPLATE,
}


def category(label: Label) -> str:
    """`Accuracy/Mistranslation` for `Label.MISTRANSLATION`, and so on."""
    return "/".join(part[:1].upper() + part[1:] for part in MQM_CATEGORY[label].split("/"))


def labels_of(name: str) -> list[Label]:
    """The labels of a category, as `category` or the WMT annotations spell it, case ignored; `[]` if unknown."""
    key = name.strip().lower()
    found = [label for label, known in MQM_CATEGORY.items() if known == key]
    if not found and key in ALSO:
        return [ALSO[key]]
    if not found and "/" not in key:  # "Fluency" alone
        found = [label for label, known in MQM_CATEGORY.items() if known.split("/")[0] == key]
    return found


def label_of(name: str, comment: str) -> Label | None:
    """The label of a category: of several the one that the comment names in brackets, else the first.

    `None` for an unknown category.
    """
    possible = labels_of(name)
    for said in SAID_LABEL.findall(comment):
        if said in possible:
            return Label(said)
    return possible[0] if possible else None


def severity_of(name: str, fallback: Severity = Severity.MAJOR) -> Severity:
    """The severity of that name, case ignored; `neutral` is minor, any other name `fallback`."""
    key = name.strip().lower()
    if key == "neutral":
        return Severity.MINOR
    return Severity(key) if key in [*Severity] else fallback

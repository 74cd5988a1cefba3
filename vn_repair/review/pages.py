"""The pages as HTML; whatever comes from an article is escaped, and its hidden characters are named."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Any

import regex
from markupsafe import Markup, escape

from vn_repair import __version__
from vn_repair.review.interface import Words, words
from vn_repair.review.items import Item
from vn_repair.review.marks import shown
from vn_repair.types import MQM_CATEGORY, Label, Severity
from vn_repair.write.report import TAGS
from vn_repair.write.visible import one_line

TOKEN = regex.compile(r"\s+|[\p{L}\p{M}\p{N}]+|.", regex.DOTALL)
LEAST_KEPT = 0.3  # of the longer side
MOST_COMPARED = 2000  # tokens; beyond that a difference is shown as a whole


def render(template: str, language: str, **values: Any) -> Markup:
    """A template's HTML in the interface's language."""
    html = _environment().get_template(template).render(t=words(language), ui=language, **values)
    return Markup(html)  # autoescaped


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("vn_repair.review", "templates"), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["shown"] = lambda text: Markup(shown(text))
    environment.filters["one_line"] = one_line
    environment.filters["typeable"] = typeable
    environment.globals |= {"TAGS": TAGS, "MQM": MQM_CATEGORY, "LABELS": list(Label), "SEVERITIES": list(Severity),
                            "version": __version__}
    return environment


def typeable(text: str) -> str:
    """`text` for a field that a person types in, without what no such field can hold."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")


def difference(old: str, new: str) -> Markup:
    """`new` with what it takes from and adds to `old`, word by word; as a whole where little is kept."""
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    if not new.strip() or len(a) + len(b) > MOST_COMPARED:
        return _changed(old, new)
    parts: list[list[str]] = []  # [kept, taken, added]; white space alone between two changes belongs to them
    kept = 0
    for kind, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        same, before, after = "".join(a[i:j]) if kind == "equal" else "", "".join(a[i:j]), "".join(b[k:m])
        if kind == "equal" and same.strip():
            parts.append([same, "", ""])
            kept += len(same)
        elif parts and not parts[-1][0]:
            parts[-1][1] += before
            parts[-1][2] += after
        else:
            parts.append(["", before, after])
    if kept < LEAST_KEPT * max(len(old), len(new)):
        return _changed(old, new)
    return Markup("").join(shown_part(*part) for part in parts)


def shown_part(same: str, before: str, after: str) -> Markup:
    """A stretch of a difference as HTML."""
    return Markup(shown(same)) if same else _changed(before, after)


def _changed(before: str, after: str) -> Markup:
    gap = " " if before and after and before.strip() and after.strip() and not after[:1].isspace() else ""
    taken, added = f"<del>{shown(before)}</del>" * bool(before), f"<ins>{shown(after)}</ins>" * bool(after)
    return Markup(taken + gap + added)


def checks(item: Item, said: Words) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """The gates that the proposal failed with the reasons, those that it passed, and other reasons."""
    failed, passed, other = [], [], []
    for reason in item.edit.reasons if item.edit else ():
        name, colon, rest = reason.partition(": ")
        if name == "passed":
            passed += [said.or_own(f"gate.{gate}", gate) for gate in rest.split(", ")]
        elif colon and said.or_own(f"gate.{name}", ""):
            failed.append((said(f"gate.{name}"), rest))
        else:
            other.append(reason)
    return failed, passed, other


__all__ = ["checks", "difference", "escape", "render", "typeable"]

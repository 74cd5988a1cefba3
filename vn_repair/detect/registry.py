"""The one list of detectors: every module of `vn_repair.detect` that declares `DETECTOR` is in it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from vn_repair.detect.view import View
from vn_repair.types import Span

NO_DETECTOR = {"registry", "view", "merge"}


@dataclass(frozen=True, slots=True)
class Detector:
    """A rule: `find` yields spans of a view.

    `id` is stable (result files name it); `languages` are the article languages it runs on;
    `summary` is one line for `vn-repair info`. Cases stand beside it in `cases/<module>.jsonl`.
    """

    id: str
    languages: frozenset[str]
    summary: str
    find: Callable[[View], Iterable[Span]]


@cache
def detectors() -> tuple[Detector, ...]:
    """All detectors, sorted by id; raises `ValueError` if two share an id."""
    import vn_repair.detect as package

    found = []
    for module in pkgutil.iter_modules(package.__path__):
        if module.name in NO_DETECTOR:
            continue
        found.append(importlib.import_module(f"vn_repair.detect.{module.name}").DETECTOR)
    found.sort(key=lambda d: d.id)
    ids = [d.id for d in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"two detectors share an id among {ids}")
    return tuple(found)


def find_spans(view: View, off: Iterable[str] = ()) -> Iterator[Span]:
    """Spans of every detector for the article's language that is not switched off by id."""
    skipped = set(off)
    for detector in detectors():
        if detector.id not in skipped and view.lang in detector.languages:
            yield from detector.find(view)

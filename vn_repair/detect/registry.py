"""The one list of detectors: every module of `vn_repair.detect` that declares `DETECTOR` is in it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from vn_repair.detect.chunks import ChunkTable, Sign
from vn_repair.detect.phrase_words import PhraseWords
from vn_repair.detect.view import View
from vn_repair.lexicon.counts import syllable_pairs
from vn_repair.settings import Settings
from vn_repair.types import Span

NO_DETECTOR = {"registry", "view", "merge", "chunks", "phrase_words"}


@dataclass(frozen=True, slots=True)
class Detector:
    """A rule: `find` yields spans of a view.

    `id` is stable (result files name it); `languages` are the article languages it runs on;
    `summary` is one line for `vn-repair info`. Cases stand beside it in `cases/<module>.jsonl`.

    Three fields are for speed and may be left out. `sign(chunk, lang)` is true of some chunk of white-space-delimited
    text wherever the rule has something to mark; `search` is then called on no other text, and on each of `view.parts`
    of a very long one. A chunk of letters alone is not judged by a sign with `needs_mark`, which asks for a digit or a
    mark. `phrases(lang)` gives the phrases (lower case) that the rule starts from, each with values of its own; they
    are found for all detectors at once and lie in `view.phrases[id]`.
    """

    id: str
    languages: frozenset[str]
    summary: str
    search: Callable[[View], Iterable[Span]]
    sign: Sign | None = None
    phrases: Callable[[str], Mapping[str, Sequence[Any]]] | None = None
    needs_mark: bool = False

    def find(self, view: View) -> Iterable[Span]:
        """The spans of `view`, in any order; they may overlap."""
        if self.sign is None:
            return self.search(view)
        if view.parts:
            return [replace(span, start=span.start + at, end=span.end + at)
                    for at, part in view.parts if self.id in part.signs for span in self.search(part)]
        return self.search(view) if self.id in view.signs else ()


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


@lru_cache(maxsize=32)
def running(lang: str, off: tuple[str, ...], on: tuple[str, ...], only: tuple[str, ...]) -> tuple[Detector, ...]:
    """The detectors for articles in `lang` that settings with these lists leave on, sorted by id."""
    settings = Settings(off=off, on=on, only=only)
    return tuple(d for d in detectors() if lang in d.languages and settings.runs(d.id))


@cache
def chunk_table(lang: str) -> ChunkTable:
    """The signs and phrases of all detectors for `lang`, with the chunks that were judged by them."""
    own = [d for d in detectors() if lang in d.languages]
    phrases = PhraseWords({d.id: d.phrases(lang) for d in own if d.phrases is not None}, syllable_pairs().count)
    signs = [(d.id, d.sign) for d in own if d.sign is not None]
    return ChunkTable(lang, signs, phrases, frozenset(d.id for d in own if d.needs_mark))


def find_spans(view: View, off: Iterable[str] = ()) -> Iterator[Span]:
    """Spans of every detector for the article's language that is not switched off by id."""
    skipped = set(off)
    for detector in detectors():
        if detector.id not in skipped and view.lang in detector.languages:
            yield from detector.find(view)

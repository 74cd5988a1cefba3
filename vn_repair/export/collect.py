"""The first pass: every record becomes a row and pairs in the spool; articles are repaired on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vn_repair.export.chosen import Chosen, Translate, choose_edits
from vn_repair.export.features import article_row
from vn_repair.export.grams import Hashes, signature, whole, words
from vn_repair.export.leakage import TestSets
from vn_repair.export.options import ExportOptions, Unchanged
from vn_repair.export.sentence_pairs import pair_rows
from vn_repair.export.splits import Splits
from vn_repair.export.spool import Entry, Progress, Spool
from vn_repair.formats.units import own_text
from vn_repair.records import CanRepair, Record, records
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article, InputError, Repair


@dataclass(slots=True)
class Input:
    """Files, what repairs their articles (`None`: records only), and the language of articles that do not say."""

    files: Sequence[str]
    factory: Callable[[], CanRepair] | None = None
    lang: str | None = None
    translate: Translate | None = None


def collect(given: Input, options: ExportOptions, spool: Spool, test_sets: TestSets, *,
            complain: Callable[[InputError], None] = lambda error: None,
            at: Callable[[int, str], None] = lambda file, what: None) -> Progress:
    """Read all input into `spool`, from where an earlier run stopped; errors go to `complain` and are counted.

    Raises `InputError` if the input is not the same as that of the earlier run.
    """
    done = spool.progress
    progress = Progress(bad=done.bad, unchanged=done.unchanged, languages=dict(done.languages))
    languages = Counter(progress.languages)
    splits = options.parsed_splits()
    for number, file in enumerate(given.files):
        at(number, file)

        def see(item: Article | InputError, number: int = number) -> None:
            progress.see(item)
            if progress.items == done.items and progress.checksum != done.checksum:
                raise InputError(f"{given.files[number]}: the input is not what it was when the earlier run read it; "
                                 "leave out --resume to start anew")
            if progress.items % 100 == 0:
                at(number, f"{progress.items:,} articles")

        skip = max(0, done.items - progress.items)
        for item in records([file], given.factory, lang=given.lang, skip=skip, seen=see):
            if isinstance(item, InputError):
                progress.bad += 1
                complain(item)
                continue
            chosen = choose_edits(item.repair, options.edits, given.translate)
            if not chosen.changed and options.unchanged == Unchanged.DROP:
                progress.unchanged += 1
                continue
            languages[item.repair.article.lang] += 1
            progress.languages = dict(languages)
            spool.add(entry(item, chosen, options, splits, test_sets), progress)
    if progress.items < done.items:
        raise InputError(f"{given.files[-1]}: the input ends before the place that the earlier run had reached; "
                         "leave out --resume to start anew")
    if progress != spool.progress or not spool.chunks:
        spool.close_chunk(progress)
    return progress


def entry(record: Record, chosen: Chosen, options: ExportOptions, splits: Splits, test_sets: TestSets) -> Entry:
    """A record as the spool holds it."""
    repair = chosen.repair
    source, licence = options.source_of(record.fields), options.licence_of(record.fields)
    row = article_row(record, chosen, source, licence, fields=options.fields)
    pairs = list(pair_rows(chosen, source, licence))
    hits = np.empty(0, np.int64)
    if len(test_sets.hashes):
        hits = test_sets.hits({repair.article.text, repair.vi, repair.en}, _sentences(repair))
    return Entry(row, pairs, signature(words(own_text(repair))), splits.draw(repair.article.text), hits,
                 pair_keys(pairs))


def _sentences(repair: Repair) -> set[str]:
    """The sentences of all three texts of a repair."""
    out = set()
    for text, lang in ((repair.article.text, repair.article.lang), (repair.vi, VI), (repair.en, EN)):
        out |= {text[s.start : s.end] for s in segment(Article("", text, lang, "-"))}
    return out


def pair_keys(pairs: Sequence[dict[str, object]]) -> Hashes:
    """Numbers for the three texts of each pair, case and punctuation aside; 0 for one without words."""
    keys = [[whole(words(str(pair[column]))) for column in ("text", "vi", "en")] for pair in pairs]
    return np.array(keys, np.uint64).reshape(len(pairs), 3)

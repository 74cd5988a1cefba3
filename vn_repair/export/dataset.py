"""An export from beginning to end, and its folder, which appears whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vn_repair import __version__
from vn_repair.export.card import Written, card
from vn_repair.export.collect import Input, collect
from vn_repair.export.decide import DUPLICATE, LEAKED, Fates, HeldOut, Leaked, decide
from vn_repair.export.features import ARTICLES, CONFIGURATIONS
from vn_repair.export.grams import BANDS
from vn_repair.export.leakage import TestSets, read_test_sets
from vn_repair.export.options import ExportOptions
from vn_repair.export.shards import FOLDERS, Shard, shard_path, write_shards
from vn_repair.export.splits import counts
from vn_repair.export.spool import Spool
from vn_repair.read.names import stem
from vn_repair.types import InputError
from vn_repair.write.files import atomic

WORK, MANIFEST, CARD, LEFT_OUT = ".export", "export.json", "README.md", "left_out.jsonl"
PUBLISHED = (*FOLDERS.values(), LEFT_OUT, MANIFEST, CARD)  # the card last: without it nothing is loaded
MOST_NAMED = 20


@dataclass(slots=True)
class Terminal:
    """What a caller may want to hear: errors and remarks (a line each), and how far a stage is (done, of, what)."""

    complain: Callable[[str], None] = lambda message: None
    at: Callable[[int, int, str], None] = lambda done, of, what: None


@dataclass(slots=True)
class Report:
    """What an export did: the manifest, and how many inputs were bad."""

    manifest: dict[str, Any]
    bad: int = 0
    files: list[Path] = field(default_factory=list)


def export_dataset(given: Input, options: ExportOptions, output: Path, *, made_by: dict[str, Any] | None = None,
                   resume: bool = False, terminal: Terminal | None = None) -> Report:
    """Write the records and articles of `given` to the folder `output` as a Hugging Face dataset.

    `made_by` tells how articles are repaired on the way; with other settings a run does not go on where one with these
    stopped. With `resume`, an interrupted run goes on, and a finished one is left as it is. Raises `InputError` for a
    bad choice, a folder that holds other files, no usable article at all, or (`--leaked fail`) a leak.
    """
    terminal = terminal or Terminal()
    options.check()
    settings = json.loads(json.dumps({"options": options.record(), "files": [stem(f) for f in given.files],
                                      "lang": given.lang, "made_by": made_by or {}, "version": __version__}))
    check_output(output, given.files)
    if resume and not (output / WORK).exists() and (done := finished(output)):
        _same(done["settings"], settings, output)
        return Report(done, done["input"]["bad"], list(_published(output)))
    work = _work_folder(output, settings, resume)
    test_sets = read_test_sets(options.check_against, options.ngram)
    spool = Spool(work / "spool", options.fields)
    progress = collect(given, options, spool, test_sets, complain=lambda error: terminal.complain(str(error)),
                       at=lambda number, what: terminal.at(number, len(given.files), what))
    if not spool.articles:
        why = f"all {progress.unchanged} are unchanged" if progress.unchanged else "none could be read"
        shutil.rmtree(work)
        raise InputError(f"{given.files[0]}: no article to export ({why}); check the input")
    splits = options.parsed_splits()
    fates = decide(spool, splits, options.near_duplicates, similarity=options.similarity, test_sets=test_sets,
                   drop_leaked=options.leaked != Leaked.KEEP,
                   progress=lambda done: terminal.at(done, BANDS, "near-duplicates"))
    _tell_leaks(spool, fates, test_sets, options, terminal)
    for name, number in counts(fates.splits, splits.names).items():
        if not number:
            terminal.complain(f"{output}: split {name} got none of {spool.articles} articles and is left out; give "
                              "more articles, or other --splits")
    held_out = HeldOut(spool, splits, fates, work / "held_out.npy")
    shards = write_shards(spool, splits, fates, held_out, work / "shards", shard_articles=options.shard_articles,
                          progress=lambda done: terminal.at(done, spool.articles, "writing"))
    if not shards:
        raise InputError(f"{output}: every article was left out; see --leaked and --check-against")
    left_out = {"near_duplicates": int((fates.splits == DUPLICATE).sum()),
                "leaked": int((fates.splits == LEAKED).sum()), "unchanged": progress.unchanged}
    written = Written(options, progress, fates, test_sets, shards, left_out)
    manifest = _manifest(written, settings)
    _publish(work, output, written, manifest, spool)
    return Report(manifest, progress.bad, list(_published(output)))


def check_output(output: Path, inputs: Sequence[str]) -> None:
    """Raise `InputError` if `output` is no folder, holds what no export wrote, or holds an input."""
    if output.exists() and not output.is_dir():
        raise InputError(f"{output}: is not a folder; give --output a folder")
    if output.exists():
        names = {path.name for path in output.iterdir()}
        foreign = sorted(names - {*PUBLISHED, WORK, ".git", ".gitattributes", ".cache"})
        if foreign or (names and not names & {MANIFEST, WORK}):
            raise InputError(f"{output}: holds files that no export wrote "
                             f"({', '.join(foreign or sorted(names))[:80]}); give --output a new or an empty folder")
        home = output.resolve()
        for file in inputs:
            if file != "-" and home in Path(file).resolve().parents:
                raise InputError(f"{file}: is an input and lies in the output folder; give another --output")


def finished(output: Path) -> dict[str, Any] | None:
    """The manifest of a finished export."""
    try:
        data = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and (output / CARD).exists() else None


def _work_folder(output: Path, settings: dict[str, Any], resume: bool) -> Path:
    """The folder of an unfinished export, emptied unless the run goes on."""
    work = output / WORK
    note = work / "settings.json"
    if resume and note.exists():
        _same(json.loads(note.read_text(encoding="utf-8")), settings, output)
        return work
    try:
        if work.exists():
            shutil.rmtree(work)
        work.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{output}: cannot write ({error.strerror}); give --output a folder that can be "
                         "written to") from error
    with atomic(note) as file:
        json.dump(settings, file, ensure_ascii=False, indent=1)
    return work


def _same(old: dict[str, Any], new: dict[str, Any], output: Path) -> None:
    """Raise `InputError` if an earlier run had other settings, naming the first that differs."""
    if old == new:
        return
    key = next(key for key in {**new, **old} if old.get(key) != new.get(key))
    before, now = old.get(key), new.get(key)
    if isinstance(before, dict) and isinstance(now, dict):
        key = next(k for k in {**now, **before} if before.get(k) != now.get(k))
        before, now = before.get(key), now.get(key)
    raise InputError(f"{output}: the earlier run had {key} {str(before)[:60]}, not {str(now)[:60]}; use the same, or "
                     "leave out --resume to start anew")


def _tell_leaks(spool: Spool, fates: Fates, test_sets: TestSets, options: ExportOptions, terminal: Terminal) -> None:
    """Name the articles that leak. Raises `InputError` if they are to stop the export."""
    rows = np.array(sorted(fates.leaks), np.int64)
    what = {Leaked.DROP: "left out", Leaked.KEEP: "kept", Leaked.FAIL: "nothing is written"}[options.leaked]
    for row, name, origin in spool.names(rows[:MOST_NAMED]):
        places = _places(fates.leaks[row], test_sets)
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        terminal.complain(f"{origin}: article {name} shares text with {', '.join(places[:3])}{more}; "
                          f"{what}")
    if len(fates.leaks) > MOST_NAMED:
        terminal.complain(f"{len(fates.leaks) - MOST_NAMED} more articles hold text of a test set; {what}")
    if options.leaked == Leaked.FAIL and fates.leaks:
        raise InputError(f"--leaked fail: {len(fates.leaks)} of {spool.articles} articles hold text of a test set; "
                         "take them out of the input, or use --leaked drop")


def _places(hits: list[int], test_sets: TestSets) -> list[str]:
    return list(dict.fromkeys(test_sets.place(hit) for hit in sorted(hits, key=lambda h: test_sets.where[h])))


def _manifest(written: Written, settings: dict[str, Any]) -> dict[str, Any]:
    files = {}
    numbers = {split: sum(s.split == split for s in written.shards) for split in written.rows(ARTICLES)}
    for shard, name in _wanted(written):
        path = shard_path(Path(), name, shard.split, shard.number, numbers[shard.split]).as_posix()
        files[path] = {"rows": shard.rows[name], "bytes": shard.sizes[name], "sha256": shard.checksums[name]}
    return {"signature": written.signature(), "version": __version__, "settings": settings,
            "input": asdict(written.progress),
            "rows": {name: written.rows(name) for name in CONFIGURATIONS},
            "left_out": {**written.left_out, "repeated_pairs": sum(s.repeated for s in written.shards)},
            "near_duplicates": written.fates.near_duplicates, "leaks": len(written.fates.leaks),
            "test_sets": written.test_sets.items, "counts": written.total().as_json(), "files": files}


def _wanted(written: Written) -> Iterator[tuple[Shard, str]]:
    """Each shard and configuration that is published: no pairs where a split has none."""
    for name in CONFIGURATIONS:
        rows = written.rows(name)
        yield from ((shard, name) for shard in written.shards if shard.split in rows)


def _publish(work: Path, output: Path, written: Written, manifest: dict[str, Any], spool: Spool) -> None:
    """Build the folder beside the old one, then put it in its place. A run that stops in between does it again."""
    new, old = work / "new", work / "old"
    try:
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        numbers = {split: sum(s.split == split for s in written.shards) for split in written.rows(ARTICLES)}
        for shard, name in _wanted(written):
            target = shard_path(new, name, shard.split, shard.number, numbers[shard.split])
            target.parent.mkdir(exist_ok=True)
            _link(shard_path(work / "shards", name, shard.split, shard.number), target)
        with atomic(new / LEFT_OUT) as file:
            for row in _left_out(spool, written):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        with atomic(new / MANIFEST) as file:
            json.dump(manifest, file, ensure_ascii=False, indent=1)
            file.write("\n")
        with atomic(new / CARD) as file:
            file.write(card(written))
        for name in reversed(PUBLISHED):
            if (output / name).exists():
                os.replace(output / name, old / name)
        for name in PUBLISHED:
            if (new / name).exists():
                os.replace(new / name, output / name)
        shutil.rmtree(work)
    except OSError as error:
        raise InputError(f"{output}: cannot write ({error.strerror}); make room and run again with "
                         "--resume") from error


def _link(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _left_out(spool: Spool, written: Written) -> Iterator[dict[str, Any]]:
    """A line for each article that was left out or leaks, with the reason."""
    fates = written.fates
    rows = np.flatnonzero(fates.splits < 0)
    rows = np.union1d(rows, np.array(list(fates.leaks), np.int64)).astype(np.int64)
    like = {row: name for row, name, _ in spool.names(np.unique(fates.first_like[rows]))}
    for row, name, origin in spool.names(rows):
        kept = bool(fates.splits[row] >= 0)
        if row in fates.leaks:
            places = _places(fates.leaks[row], written.test_sets)
            yield {"id": name, "origin": origin, "kept": kept, "reason": "leaked", "test_items": places}
        else:
            yield {"id": name, "origin": origin, "kept": kept, "reason": "near-duplicate",
                   "of": like[int(fates.first_like[row])]}


def _published(output: Path) -> Iterator[Path]:
    """The files of a finished export."""
    for name in PUBLISHED:
        path = output / name
        yield from sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else []

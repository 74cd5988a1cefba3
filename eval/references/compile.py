"""Compile the hand-marked references in ``source/`` into ``dev.jsonl`` and ``test.jsonl``.

A source line is a JSON object whose ``marked`` text carries its corrections inline::

    xây dựng ⟦mẫu kiểu NTM⟧{NTM kiểu mẫu|word_order|minor|surface}

An empty correction deletes the span together with the space or line break it would leave
behind.  The first thing found wrong stops the run with ``file:line: problem; remedy`` and
exit status 2, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LABELS = (
    "untranslated", "word_order", "repetition", "mistranslation", "terminology",
    "number_format", "fragment", "duplicate", "boilerplate", "footnote_residue",
    "spun_synonym", "named_entity", "punctuation", "mojibake", "lost_diacritics", "spelling",
)  # fmt: skip
SEVERITIES = ("minor", "major", "critical")
EVIDENCE = ("surface", "context", "source_only")
SPLITS = ("dev", "test")
REQUIRED = ("id", "lang", "split", "theme", "kind", "marked")
OPTIONAL = ("vi_ref", "en_ref", "remark")
SEED_KEYS = ("article", "block", "action")
ACTIONS = {"keep": "clean", "fix": "garbled", "delete": "garbled"}
MARK = re.compile(r"⟦([^⟦⟧{}]+)⟧\{([^⟦⟧{}|]*)\|(\w+)\|(\w+)\|(\w+)\}")
TOO_CLOSE = 0.5  # Jaccard overlap of word trigrams above which two items are one item

Item = dict[str, Any]


class SourceError(ValueError):
    """A line of a source file that cannot be compiled."""


def close_gap(left: str, right: str) -> tuple[str, str]:
    """Take away the space or line break that a deletion between both parts leaves over."""
    if not right or (right[0] == "\n" and left[-1:] not in ("", "\n")):
        return left.rstrip(" \n"), right
    if not left or left[-1] == "\n":
        return left, right.lstrip(" \n")
    if left[-1] == " " and right[0] in " ,.;:!?)…”":
        return left[:-1], right
    return left, right


def parse_marks(marked: str) -> tuple[str, str, list[Item]]:
    """Return the garbled text, its reference, and the spans (offsets in the garbled text)."""
    text, reference, spans, at, deleted = "", "", [], 0, False
    for found in MARK.finditer(marked):
        surface, correction, label, severity, evidence = found.groups()
        for name, value, allowed in (
            ("label", label, LABELS),
            ("severity", severity, SEVERITIES),
            ("evidence", evidence, EVIDENCE),
        ):
            if value not in allowed:
                raise SourceError(f"{name} {value!r} unknown; use one of {', '.join(allowed)}")
        if surface == correction:
            raise SourceError(f"⟦{surface}⟧ is corrected to itself; drop the mark")
        literal = marked[at : found.start()]
        text += literal
        if deleted:
            reference, literal = close_gap(reference, literal)
        reference += literal + correction
        start, at, deleted = len(text), found.end(), not correction
        text += surface
        spans.append(
            {
                "start": start,
                "end": len(text),
                "label": label,
                "severity": severity,
                "evidence": evidence,
                "correction": correction,
            }
        )
    tail = marked[at:]
    text += tail
    if deleted:
        reference, tail = close_gap(reference, tail)
    reference += tail
    for part in (text, reference):
        stray = re.search(r"[⟦⟧{}]", part)
        if stray:
            near = part[max(0, stray.start() - 20) : stray.end() + 20]
            raise SourceError(
                f"stray {stray.group()!r} near {near!r}; a mark is ⟦words⟧{{correction|label|severity|evidence}}"
            )
    return text, reference, spans


def check_spans(text: str, spans: list[Item]) -> None:
    """Refuse spans that overlap, cut a word, or hold space at an edge."""
    last = -1
    for span in spans:
        start, end = span["start"], span["end"]
        surface = text[start:end]
        if start < last:
            raise SourceError(f"⟦{surface}⟧ overlaps the mark before it; join or part them")
        for part in (surface, span["correction"]):
            if part != part.strip(" \t\n"):
                raise SourceError(f"space at an edge of {part!r}; move it outside the mark")
        for left, right in ((start - 1, start), (end - 1, end)):
            if left >= 0 and right < len(text) and text[left].isalnum() and text[right].isalnum():
                raise SourceError(f"⟦{surface}⟧ cuts a word; mark the whole word")
        last = end


def compile_line(line: str) -> tuple[str, Item]:
    """Turn one source line into its split and its item."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise SourceError(f"not JSON ({error}); one object a line") from error
    if not isinstance(row, dict):
        raise SourceError("not a JSON object; one object a line")
    missing = [key for key in REQUIRED if not isinstance(row.get(key), str) or not row[key]]
    if missing:
        raise SourceError(f"{', '.join(missing)} missing or empty; give a string")
    unknown = sorted(set(row) - {*REQUIRED, *OPTIONAL, *SEED_KEYS})
    if unknown:
        raise SourceError(f"keys not known: {', '.join(unknown)}; remove them")
    for key, allowed in (("lang", ("vi", "en")), ("split", SPLITS), ("kind", ("garbled", "clean"))):
        if row[key] not in allowed:
            raise SourceError(f"{key} {row[key]!r} unknown; use one of {', '.join(allowed)}")
    for key in ("marked", *OPTIONAL):
        value = row.get(key) or ""
        if value != unicodedata.normalize("NFC", value):
            raise SourceError(f"{key} is not NFC; normalise it")
    text, reference, spans = parse_marks(row["marked"])
    check_spans(text, spans)
    seed, own, other = "action" in row, f"{row['lang']}_ref", "en_ref"
    if row["lang"] == "en":
        other = "vi_ref"
    if row.get(own):
        raise SourceError(f"{own} is made from the marks; leave it null")
    if (text != text.strip() or "  " in reference) and not seed:
        raise SourceError("space at an edge of the text or doubled in the reference; remove it")
    if (row["kind"] == "garbled") != bool(spans):
        raise SourceError(f"kind {row['kind']!r} with {len(spans)} marks; correct the kind")
    if spans and text == reference:
        raise SourceError("the marks change nothing; correct them or make the item clean")
    if seed:
        if ACTIONS.get(row["action"]) != row["kind"]:
            raise SourceError(f"action {row['action']!r} does not go with kind {row['kind']!r}")
        if row["action"] == "delete" and reference:
            raise SourceError("a deleted block leaves text; mark the whole block, corrected to ''")
        if type(row.get("block")) is not int or not row.get("article"):
            raise SourceError("a seed needs 'article' and a whole number 'block'")
    elif row["lang"] == "vi" and spans and not row.get("en_ref"):
        raise SourceError("en_ref missing; every garbled Vietnamese item needs its English")
    item: Item = {key: row[key] for key in ("id", "lang", "theme", "kind")}
    item |= {"text": text, "spans": spans, "vi_ref": None, "en_ref": None}
    item |= {own: reference, other: row.get(other)}
    item["remark"] = row.get("remark")
    item |= {key: row[key] for key in SEED_KEYS if key in row}
    return row["split"], item


def trigrams(text: str) -> frozenset[tuple[str, ...]]:
    """Return the word trigrams of a text in lower case (shorter texts: all of it)."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2)))


def find_twins(items: Iterable[tuple[str, Item]]) -> str | None:
    """Name two items of one language that share more than half of their word trigrams."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    seen: list[tuple[str, frozenset[tuple[str, ...]]]] = []
    for where, item in items:
        grams = trigrams(item[f"{item['lang']}_ref"])
        shared = Counter(n for gram in grams for n in index[gram])
        for number, count in shared.items():
            there, others = seen[number]
            if count / len(grams | others) > TOO_CLOSE:
                return f"{where}: nearly the same text as {there}; rewrite one of them"
        for gram in grams:
            index[gram].append(len(seen))
        seen.append((where, grams))
    return None


def load(folder: Path) -> dict[str, list[Item]]:
    """Compile every source file of a folder; raise `SourceError` with file and line."""
    splits: dict[str, list[Item]] = {split: [] for split in SPLITS}
    ids: dict[str, str] = {}
    themes: dict[str, tuple[str, str]] = {}
    written: list[tuple[str, Item]] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            where = f"{path.name}:{number}"
            try:
                split, item = compile_line(line)
            except SourceError as error:
                raise SourceError(f"{where}: {error}") from error
            if item["id"] in ids:
                raise SourceError(f"{where}: id {item['id']} is taken by {ids[item['id']]}; renumber")
            home, first = themes.setdefault(item["theme"], (split, where))
            if home != split:
                raise SourceError(
                    f"{where}: theme {item['theme']!r} is in {home} since {first}; keep a theme in one split"
                )
            ids[item["id"]] = where
            splits[split].append(item)
            if "action" not in item:
                written.append((where, item))
    twins = find_twins(written)
    if twins:
        raise SourceError(twins)
    return splits


def write_lines(path: Path, items: list[Item]) -> None:
    """Write a JSON Lines file so that readers see the old one or the new one, never a part."""
    part = path.with_name(f".{path.name}.part")
    part.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
    os.replace(part, path)


def counts_table(splits: dict[str, list[Item]]) -> str:
    """Lay out the number of items by kind and of spans by label, a column a split/language."""
    columns = [(split, lang) for split in SPLITS for lang in ("vi", "en")]
    cells: Counter[tuple[str, tuple[str, str]]] = Counter()
    for split, items in splits.items():
        for item in items:
            at = (split, item["lang"])
            cells[f"items {'seed ' if 'action' in item else ''}{item['kind']}", at] += 1
            for span in item["spans"]:
                cells[span["label"], at] += 1
                cells["spans", at] += 1
    kinds = sorted({row for row, _ in cells if row.startswith("items")})
    lines = [f"{'':<20}" + "".join(f"{f'{s}/{lang}':>9}" for s, lang in columns) + f"{'all':>9}"]
    for row in (*kinds, "spans", *LABELS):
        figures = [cells[row, column] for column in columns]
        lines.append(f"{row:<20}" + "".join(f"{n:>9}" for n in (*figures, sum(figures))))
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="check and count; write nothing")
    options = parser.parse_args(argv)
    here = Path(__file__).resolve().parent
    try:
        splits = load(here / "source")
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    if not options.check:
        for split, items in splits.items():
            write_lines(here / f"{split}.jsonl", items)
    print(counts_table(splits))
    return 0


if __name__ == "__main__":
    sys.exit(main())

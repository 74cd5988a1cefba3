"""From run files to the tables of the leaderboard, which Markdown and HTML render alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vn_repair.evaluate import text_metrics
from vn_repair.evaluate.bootstrap import Comparison, compare
from vn_repair.evaluate.checks import require_same_data
from vn_repair.evaluate.detection import f_score
from vn_repair.evaluate.record import REPAIR, TRANSLATION, Run, read_run
from vn_repair.types import InputError

FACTS = ("numbers", "dates", "names", "sound_facts")
NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, a line of explanation, column heads and rows of text; `marked` columns are primary."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset({1})


@dataclass(frozen=True)
class Board:
    """All runs on one data set and their tables."""

    name: str
    summary: str
    runs: tuple[Run, ...]
    tables: list[Table] = field(default_factory=list)


def load_runs(folder: Path) -> list[Run]:
    """All run files of a folder, sorted by file name. Raises `InputError` if there is none or one is no run file."""
    runs = [read_run(path) for path in sorted(folder.glob("*.json"))]
    if not runs:
        raise InputError(f"{folder}: holds no run files; make some with vn-repair evaluate or leaderboard --run")
    return runs


def boards(runs: Sequence[Run]) -> list[Board]:
    """The runs grouped by data set; repair before translation.

    Raises `InputError` if two runs on a set of one name had different data.
    """
    groups: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.kind, run.data["name"]), []).append(run)
    out = []
    for (kind, name), group in sorted(groups.items()):
        for run in group[1:]:
            require_same_data(group[0].data["sha256"], run.data["sha256"],
                              (f"{group[0].system} ({name})", f"{run.system} ({name})"))
        out.append(repair_board(name, group) if kind == REPAIR else translation_board(name, group))
    return out


def f1_of(sums: Sequence[float]) -> float:
    """F1 of summed (found, false, missed)."""
    return f_score(*sums)


def chrf_of(sums: Sequence[float]) -> float:
    """chrF2++ of summed statistics."""
    return text_metrics.score("chrf", sums)


def ranked(runs: Sequence[Run], family: str, part: str, name: str) -> list[Run]:
    """The runs that have this score, lowest first, so that each row can be held against the one above."""
    having = [run for run in runs if run.score(family, part, name) is not None]
    return sorted(having, key=lambda r: (r.score(family, part, name) or 0.0, r.system))


def against_above(rows: Sequence[Run], statistic: str, score: Callable[[Sequence[float]], float],
                  unit: float = 1.0) -> list[str]:
    """For each row the difference from the row above, its interval, and p, by paired bootstrap over articles."""
    out = [NONE] * min(1, len(rows))
    for above, run in zip(rows, rows[1:], strict=False):
        first, second = ({u: row[statistic] for u, row in r.units.items() if statistic in row} for r in (run, above))
        if not first or first.keys() != second.keys():
            out.append(NONE)
            continue
        out.append(difference(compare(first, second, score), unit))
    return out


def difference(found: Comparison, unit: float) -> str:
    """`+1.2 [0.8, 1.6] p=0.001`."""
    values = [unit * v for v in (found.difference, found.low, found.high)]
    return f"{values[0]:+.1f} [{values[1]:+.1f}, {values[2]:+.1f}] p={found.p:.3f}"


def number(run: Run, family: str, part: str, name: str, unit: float = 1.0, *, places: int = 1) -> str:
    """A score as text."""
    value = run.score(family, part, name)
    return NONE if value is None else f"{unit * value:.{places}f}"


def interval(run: Run, family: str, part: str, name: str, unit: float = 1.0) -> str:
    """A score with its 95 % interval."""
    value, low, high = run.scores[family][part][name]
    return f"{unit * value:.1f} [{unit * low:.1f}, {unit * high:.1f}]"


def speed(run: Run) -> float | None:
    """Characters a second of detection and repair (or of translation, for such a run)."""
    seconds = sum(run.seconds.values()) if run.kind == TRANSLATION else run.seconds.get("repair", 0.0)
    return run.data["characters"] / seconds if seconds > 0.05 else None


def speed_text(run: Run) -> str:
    """Speed in thousands of characters a second."""
    found = speed(run)
    return NONE if found is None else f"{found / 1000:.1f}"


def repair_board(name: str, runs: Sequence[Run]) -> Board:
    """Tables of the runs on one set of hand-fixed references."""
    data = runs[0].data
    summary = (f"{data['items']} items in {data['articles']} articles, {data['characters']:,} characters, "
               f"sha256 {data['sha256'][:12]}.")
    tables = [detection_table(runs), repair_table(runs), gold_table(runs), english_table(runs), *label_tables(runs)]
    return Board(name, summary, tuple(by_quality(runs)), [t for t in tables if t.rows])


def by_quality(runs: Sequence[Run]) -> list[Run]:
    """Runs in the order of the tables: by chrF2++ of repairs, those that only detect first."""
    return sorted(runs, key=lambda r: (r.score("repair", "all", "chrf") or 0.0, r.system))


def detection_table(runs: Sequence[Run]) -> Table:
    """Detection, by F1 over characters."""
    rows = ranked(runs, "detection", "all", "f1")
    deltas = against_above(rows, "characters", f1_of, 100)
    return Table(
        "Detection",
        "Character overlap, micro: F1 is primary. Percent; flagged: characters in 10,000 of clean items; "
        "real: blocks of real articles alone; written: the others.",
        ("system", "F1", "against the row above", "precision", "recall", "F1 vi", "F1 en", "F1 real", "F1 written",
         "exact-span F1", "WMT macro", "token MCC", "flagged", "1,000 chars/s"),
        tuple((run.system, interval(run, "detection", "all", "f1", 100), delta,
               *(number(run, "detection", "all", n, 100) for n in ("precision", "recall")),
               *(number(run, "detection", lang, "f1", 100) for lang in ("vi", "en", "real", "written")),
               *(number(run, "detection", "all", n, 100) for n in ("exact_f1", "wmt_macro", "mcc")),
               number(run, "clean", "all", "flagged_per_10k"), speed_text(run))
              for run, delta in zip(rows, deltas, strict=True)))


def repair_table(runs: Sequence[Run]) -> Table:
    """Repair end to end, by chrF2++."""
    rows = ranked(runs, "repair", "all", "chrf")
    deltas = against_above(rows, "chrf", chrf_of)
    return Table(
        "Repair, end to end",
        "Garbled items against their references: chrF2++ is primary, TER falls. Edits: precision and recall of spans "
        "fixed exactly. Over-edited: clean items that were changed. Sound kept: of the numbers, dates and names that "
        "source and reference both hold. Percent.",
        ("system", "chrF2++", "against the row above", "gain over do-nothing", "gain vi", "gain en", "gain real",
         "gain written", "BLEU", "TER", "edit precision", "fixed exactly", "edit F0.5", "over-edited",
         "numbers", "dates", "names kept", "sound kept"),
        tuple((run.system, interval(run, "repair", "all", "chrf"), delta,
               *(number(run, "repair", part, "chrf_gain", places=2) for part in ("all", "vi", "en", "real", "written")),
               *(number(run, "repair", "all", n) for n in ("bleu", "ter")),
               *(number(run, "repair", "all", n, 100) for n in ("precision", "recall", "f0.5")),
               number(run, "clean", "all", "over_edited", 100),
               *(number(run, "repair", "all", f"{n}_kept", 100) for n in FACTS))
              for run, delta in zip(rows, deltas, strict=True)))


def gold_table(runs: Sequence[Run]) -> Table:
    """Repair with the gold spans given."""
    rows = ranked(runs, "gold", "all", "chrf")
    deltas = against_above(rows, "gold_chrf", chrf_of)
    return Table(
        "Repair with gold spans given",
        "The proposer alone, without detection and gates; boilerplate and duplicates are not asked. Percent.",
        ("system", "chrF2++", "against the row above", "gain over do-nothing", "gain vi", "gain en", "fixed exactly",
         "among the candidates", "left as it was"),
        tuple((run.system, interval(run, "gold", "all", "chrf"), delta,
               *(number(run, "gold", part, "chrf_gain", places=2) for part in ("all", "vi", "en")),
               *(number(run, "gold", "all", n, 100) for n in ("recall", "among_candidates", "left")))
              for run, delta in zip(rows, deltas, strict=True)))


def english_table(runs: Sequence[Run]) -> Table:
    """The text in the other language, end to end."""
    having = [r for r in runs if "translation" in r.scores]
    rows = sorted(having, key=lambda r: r.score("translation", "vi-en", "chrf") or 0.0)
    deltas = against_above(rows, "chrf vi-en", chrf_of)
    return Table(
        "The other language, end to end",
        "From the garbled source to clean English (and for English items with such a reference, Vietnamese). Sound "
        "kept: of the numbers, dates and names that source and reference both hold.",
        ("system", "vi→en chrF2++", "against the row above", "vi→en BLEU", "numbers", "dates", "names kept",
         "sound kept", "en→vi chrF2++", "en→vi BLEU"),
        tuple((run.system,
               interval(run, "translation", "vi-en", "chrf") if run.score("translation", "vi-en", "chrf") else NONE,
               delta, number(run, "translation", "vi-en", "bleu"),
               *(number(run, "translation", "vi-en", f"{n}_kept", 100) for n in FACTS),
               *(number(run, "translation", "en-vi", n) for n in ("chrf", "bleu")))
              for run, delta in zip(rows, deltas, strict=True)))


def label_tables(runs: Sequence[Run]) -> list[Table]:
    """Recall by label, and spans fixed exactly by label."""
    shown = [r for r in by_quality(runs) if r.labels and r.system not in ("do-nothing", "flag-everything")]
    labels = sorted({label for r in shown for label in r.labels},
                    key=lambda label: -max(r.labels.get(label, {}).get("spans", 0) for r in shown))

    def cell(run: Run, label: str, part: str, whole: str) -> str:
        table = run.labels.get(label, {})
        return f"{100 * table.get(part, 0) / table[whole]:.0f}" if table.get(whole) and part in table else NONE

    def spans(label: str) -> str:
        return str(int(max(r.labels.get(label, {}).get("spans", 0) for r in shown)))

    kinds = [("Recall by label", "Characters found with any label, percent.", "found", "characters"),
             ("Spans fixed exactly by label", "End to end, percent.", "spans_fixed", "spans"),
             ("Spans fixed exactly by label, gold spans given", "Percent.", "gold_fixed", "gold_asked")]
    out = []
    for title, note, part, whole in kinds:
        able = [r for r in shown if any(part in table for table in r.labels.values())]
        rows = tuple((label, spans(label), *(cell(r, label, part, whole) for r in able)) for label in labels)
        out.append(Table(title, note, ("label", "spans", *(r.system for r in able)), rows if able else (), frozenset()))
    return out


def translation_board(name: str, runs: Sequence[Run]) -> Board:
    """Tables of the runs on one parallel set, one a direction."""
    tables = []
    for direction in ("vi-en", "en-vi"):
        rows = ranked(runs, "translation", direction, "chrf")
        deltas = against_above(rows, f"chrf {direction}", chrf_of)
        tables.append(Table(
            direction.replace("-", "→"), "chrF2++ is primary; numbers kept: percent.",
            ("system", "chrF2++", "against the row above", "BLEU", "numbers kept", "sound kept", "1,000 chars/s"),
            tuple((run.system, interval(run, "translation", direction, "chrf"), delta,
                   number(run, "translation", direction, "bleu"),
                   *(number(run, "translation", direction, f"{n}_kept", 100) for n in ("numbers", "sound_facts")),
                   speed_text(run))
                  for run, delta in zip(rows, deltas, strict=True))))
    summary = f"{max(r.data['items'] for r in runs)} lines, sha256 {runs[0].data['sha256'][:12]}."
    return Board(f"translation: {name}", summary, tuple(runs), [t for t in tables if t.rows])

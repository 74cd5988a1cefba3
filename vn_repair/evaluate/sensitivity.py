"""The published curve of `--sensitivity`: eval/SENSITIVITY.md and a page with the plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

from vn_repair.evaluate import detection
from vn_repair.evaluate.bootstrap import estimate
from vn_repair.evaluate.dials import Setting, curve_of
from vn_repair.evaluate.leaderboard import Board, Table
from vn_repair.evaluate.leaderboard_pages import markdown_table
from vn_repair.evaluate.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, axes, frame, legend, scale, steps, text
from vn_repair.evaluate.references import ReferenceSet
from vn_repair.settings import DEFAULT_SENSITIVITY, SENSITIVITIES

TITLE = "vn-repair sensitivity"
INTRODUCTION = (
    "What `--sensitivity` costs and brings: a span is shown if its score reaches the threshold. Character overlap, "
    "micro, with 95 % intervals by bootstrap over articles. Made by `python eval/sensitivity.py`; do not edit. The "
    "same with a plot: `sensitivity.html`."
)
CAVEAT = (
    "The rules were written with these references in view, so their precision here is the upper end; the tagger was "
    "not trained on these items, but its dial was set by them. `eval/LEADERBOARD.md` has the test split. Clean: items "
    "without an error; marked: characters in 10,000 of them."
)
Systems = Mapping[str, Sequence[Setting]]


def percent(value: float) -> str:
    """A share in percent with one place."""
    return f"{100 * value:.1f}"


def named_table(systems: Systems) -> Table:
    """The three named settings of each system, with intervals."""
    rows = []
    for system, settings in systems.items():
        for name, threshold in SENSITIVITIES.items():
            setting = at(settings, threshold)
            scores = estimate(setting.characters, detection.precision_recall_f1)
            (row,) = curve_of([setting])
            cells = [f"{percent(s.value)} [{percent(s.low)}, {percent(s.high)}]" for s in scores.values()]
            shown = f"{name} (default)" if name == DEFAULT_SENSITIVITY else name
            rows.append((system, shown, f"{threshold:g}", *cells, f"{row['flagged_per_10k']:.1f}",
                         percent(row["touched"])))
    return Table("Named settings", CAVEAT,
                 ("detectors", "setting", "threshold", "precision", "recall", "F1", "clean: marked",
                  "clean: touched %"),
                 tuple(rows), frozenset({1}))


def curve_table(system: str, settings: Sequence[Setting]) -> Table:
    """Every threshold of one system."""
    rows = tuple((f"{row['threshold']:g}", *(percent(row[key]) for key in ("precision", "recall", "f1")),
                  f"{row['flagged_per_10k']:.1f}", percent(row["touched"])) for row in curve_of(settings))
    return Table(f"All thresholds: {system}", "Percent.",
                 ("threshold", "precision", "recall", "F1", "clean: marked", "clean: touched %"), rows, frozenset())


def label_table(systems: Systems) -> Table:
    """Recall of each gold label at the named settings."""
    columns = [(system, name, at(settings, threshold)) for system, settings in systems.items()
               for name, threshold in SENSITIVITIES.items()]
    labels = sorted({label for *_, setting in columns for label in setting.labels},
                    key=lambda label: -max(setting.labels.get(label, [0])[0] for *_, setting in columns))

    def cell(setting: Setting, label: object) -> str:
        whole, found = setting.labels.get(label, [0, 0])  # type: ignore[call-overload]
        return f"{100 * detection.ratio(found, whole):.0f}"

    rows = tuple((str(label), str(columns[0][2].labels.get(label, [0])[0]), *(cell(s, label) for *_, s in columns))
                 for label in labels)
    return Table("Recall by label", "Characters found with any label, percent.",
                 ("label", "characters", *(f"{system}, {name}" for system, name, _ in columns)), rows, frozenset())


def at(settings: Sequence[Setting], threshold: float) -> Setting:
    """The setting at a threshold; raises `ValueError` if it was not measured."""
    for setting in settings:
        if abs(setting.threshold - threshold) < 1e-9:
            return setting
    raise ValueError(f"threshold {threshold} was not measured")


def plot(systems: Systems) -> str:
    """Precision and recall of each system as the dial turns, the named settings ringed."""
    curves = {system: [row for row in curve_of(settings) if row["recall"] > 0] for system, settings in systems.items()}
    points = [row for rows in curves.values() for row in rows]
    if not points:
        return ""
    low = min(row["precision"] for row in points) - 0.02
    high = max(row["recall"] for row in points) + 0.02
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM

    def place(row: Mapping[str, float]) -> tuple[float, float]:
        return scale(row["recall"], 0, high, LEFT, right), scale(row["precision"], low, 1, base, TOP)

    body = axes("recall", "precision", [(scale(v, 0, high, LEFT, right), f"{v:g}") for v in steps(0, high)],
                [(scale(v, low, 1, base, TOP), f"{v:g}") for v in steps(low, 1)])
    names = {threshold: name for name, threshold in SENSITIVITIES.items()}
    for n, (system, rows) in enumerate(curves.items()):
        path = " ".join("{:.1f},{:.1f}".format(*place(row)) for row in rows)
        body.append(f'<polyline points="{path}" class="s{n} stroke"/>')
        for row in rows:
            x, y = place(row)
            name = names.get(row["threshold"])
            told = (f"{system} at {row['threshold']:g}{f' ({name})' if name else ''}: precision "
                    f"{row['precision']:.2f}, recall {row['recall']:.2f}")
            body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{5 if name else 2.5}" '
                        f'class="s{n}{" ring" if name else ""}"><title>{escape(told)}</title></circle>')
            if name:
                body.append(text(x - 8, y + 16, name, "end", "tick"))
        body += legend(n, n, system)
    return frame("Precision and recall by --sensitivity", body)


def pages(references: ReferenceSet, systems: Systems) -> tuple[str, str]:
    """The Markdown file and the HTML page."""
    from jinja2 import Environment
    from markupsafe import Markup

    tables = [named_table(systems), label_table(systems), *(curve_table(s, rows) for s, rows in systems.items())]
    summary = (f"{len(references.items)} items in {len(references.documents)} articles, {references.characters:,} "
               f"characters, sha256 {references.sha256[:12]}.")
    lines = [f"# {TITLE}", "", INTRODUCTION, "", f"## {references.name}", "", summary, ""]
    for table in tables:
        lines += [f"### {table.title}", "", table.note, "", *markdown_table(table), ""]
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        files("vn_repair.evaluate").joinpath("leaderboard.html.j2").read_text(encoding="utf-8"))
    board = Board(references.name, summary, (), tables)
    page = template.render(title=TITLE, introduction=INTRODUCTION.replace("`", ""), signatures=[],
                           boards=[(board, [("Precision and recall as the dial turns", Markup(plot(systems)))])])
    return "\n".join(lines), page

"""The leaderboard as Markdown and as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from vn_repair.evaluate.leaderboard import Board, Table
from vn_repair.evaluate.plots import dial, recall_by_label, score_against_speed
from vn_repair.evaluate.record import REPAIR

INTRODUCTION = (
    "Each row is held against the row above it: difference, 95 % interval and p by paired bootstrap over articles "
    "(1,000 resamples). Intervals of single scores come from the same resamples. Thresholds are tuned on `dev` alone; "
    "`test` is for reporting. Scorers: `vn_repair/evaluate`; references: `eval/references/DATASHEET.md`."
)


def markdown(boards: Sequence[Board]) -> str:
    """All boards as Markdown."""
    out = ["# Leaderboard", "", "Made by `make leaderboard` from the run files in `eval/runs`; do not edit. "
           "The same with plots: `leaderboard.html`.", "", INTRODUCTION, ""]
    for board in boards:
        out += [f"## {board.name}", "", board.summary, ""]
        for table in board.tables:
            out += [f"### {table.title}", "", table.note, "", *markdown_table(table), ""]
    out += ["## Signatures", ""]
    for board in boards:
        out += [f"- `{run.signature['vn-repair']}`" for run in board.runs]
    first = boards[0].runs[0].signature
    out += [f"- `{first[name]}`" for name in ("chrf", "bleu", "ter")]
    return "\n".join(out) + "\n"


def markdown_table(table: Table) -> list[str]:
    """Lines of a Markdown table; the primary columns are bold."""
    def cell(at: int, words: str) -> str:
        return f"**{words}**" if at in table.marked else words.replace("|", "\\|")

    align = ["---", *("---:" for _ in table.heads[1:])]
    return [f"| {' | '.join(table.heads)} |", f"| {' | '.join(align)} |",
            *(f"| {' | '.join(cell(at, words) for at, words in enumerate(row))} |" for row in table.rows)]


def page(boards: Sequence[Board]) -> str:
    """All boards as one HTML page, plots included."""
    from jinja2 import Environment
    from markupsafe import Markup

    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        files("vn_repair.evaluate").joinpath("leaderboard.html.j2").read_text(encoding="utf-8"))
    shown = [(board, [(title, Markup(svg)) for title, svg in plots(board) if svg]) for board in boards]
    return template.render(boards=shown, introduction=INTRODUCTION.replace("`", ""),
                           signatures=[run.signature["vn-repair"] for b in boards for run in b.runs]
                           + [boards[0].runs[0].signature[name] for name in ("chrf", "bleu", "ter")])


def plots(board: Board) -> list[tuple[str, str]]:
    """Titles and SVGs of a board's plots."""
    runs = board.runs
    if runs[0].kind != REPAIR:
        return [(f"{d.replace('-', '→')}: chrF2++ against speed",
                 score_against_speed(runs, ("translation", d, "chrf"), f"{d.replace('-', '→')} chrF2++"))
                for d in ("vi-en", "en-vi")]
    return [
        ("Detection F1 against speed", score_against_speed(runs, ("detection", "all", "f1"), "detection F1", 100)),
        ("Repair gain against speed",
         score_against_speed(runs, ("repair", "all", "chrf_gain"), "chrF2++ over do-nothing")),
        ("Detection as the dial turns (spans by score, ring at 0.5)",
         dial(runs, "curve", "Precision and recall of detection by dial")),
        ("Repair as the dial turns (edits by confidence, ring at 0.5)",
         dial(runs, "edit_curve", "Precision and recall of edits by dial")),
        ("Recall by label", recall_by_label(runs)),
        ("Spans fixed exactly by label", recall_by_label(runs, "spans_fixed", "spans", "Spans fixed by label")),
    ]

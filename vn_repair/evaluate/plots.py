"""Plots as inline SVG, without scripts: they take their colours from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

from vn_repair.evaluate.leaderboard import speed
from vn_repair.evaluate.record import Run

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 16, 48
SERIES = 8  # colours s0 … s7 of the style sheet; further systems start again


def scale(value: float, low: float, high: float, first: float, last: float) -> float:
    """`value` of low…high on a line from `first` to `last`."""
    return first + (last - first) * ((value - low) / (high - low) if high > low else 0.5)


def frame(title: str, body: Sequence[str], width: int = WIDTH, height: int = HEIGHT) -> str:
    """An SVG with a title for screen readers."""
    return (f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title, True)}">'
            f"<title>{escape(title)}</title>{''.join(body)}</svg>")


def text(x: float, y: float, words: str, anchor: str = "start", cls: str = "") -> str:
    """A text element."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{cls}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """A line element."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{cls}"/>'


def axes(x_name: str, y_name: str, x_ticks: Sequence[tuple[float, str]], y_ticks: Sequence[tuple[float, str]]
         ) -> list[str]:
    """Grid, tick labels and names; ticks are (position in pixels, words)."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    out = []
    for x, words in x_ticks:
        out += [line(x, TOP, x, bottom, "grid"), text(x, bottom + 16, words, "middle", "tick")]
    for y, words in y_ticks:
        out += [line(LEFT, y, right, y, "grid"), text(LEFT - 6, y + 4, words, "end", "tick")]
    out.append(text((LEFT + right) / 2, HEIGHT - 8, x_name, "middle"))
    out.append(f'<text transform="translate(14 {(TOP + bottom) / 2:.0f}) rotate(-90)" text-anchor="middle">'
               f"{escape(y_name)}</text>")
    return out


def steps(low: float, high: float) -> list[float]:
    """Round numbers that divide low…high into four to ten parts."""
    span = max(high - low, 1e-9)
    size = 10 ** floor(log10(span))
    while span / size < 4:
        size /= 2
    first = ceil(low / size)
    return [round(size * n, 10) for n in range(first, floor(high / size) + 1)]


def score_against_speed(runs: Sequence[Run], score: tuple[str, str, str], label: str, unit: float = 1.0) -> str:
    """One point a run that took measurable time: characters a second (logarithmic) and a score with its interval.

    `score` is (family, slice, name). Empty if no run has both.
    """
    family, part, name = score
    points = [(s, run.scores[family][part][name], run.system, n) for n, run in enumerate(runs)
              if (s := speed(run)) and run.score(family, part, name) is not None]
    if not points:
        return ""
    low_x = floor(min(log10(s) for s, *_ in points))
    high_x = max(ceil(max(log10(s) for s, *_ in points)), low_x + 1)
    top = max(unit * v[2] for _, v, *_ in points)
    bottom = min(0.0, *(unit * v[1] for _, v, *_ in points))
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    x_ticks = [(scale(d, low_x, high_x, LEFT, right), f"{10 ** d:,.0f}") for d in range(low_x, high_x + 1)]
    y_ticks = [(scale(v, bottom, top, base, TOP), f"{v:g}") for v in steps(bottom, top)]
    body = axes("characters a second", label, x_ticks, y_ticks)
    for rate, value, system, n in points:
        x = scale(log10(rate), low_x, high_x, LEFT, right)
        y, y_low, y_high = (scale(unit * v, bottom, top, base, TOP) for v in value)
        body += [line(x, y_low, x, y_high, f"s{n % SERIES} stroke"),
                 f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" class="s{n % SERIES}"/>', text(x + 9, y + 4, system)]
    return frame(f"{label} against speed", body)


def dial(runs: Sequence[Run], which: str, title: str) -> str:
    """Precision against recall as a dial turns; a ring at 0.5, F1 contours behind.

    `which` is `curve` (detection) or `edit_curve` (edits). Empty if no run has one.
    """
    curves = [(n, run.system, run.curve if which == "curve" else run.edit_curve) for n, run in enumerate(runs)]
    shown = [(n, name, [p for p in curve if p["recall"] > 0]) for n, name, curve in curves if name != "flag-everything"]
    shown = [each for each in shown if each[2]]
    if not shown:
        return ""
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    ticks = [(t, f"{t:.1f}") for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)]

    def place(recall: float, precision: float) -> tuple[float, float]:
        return scale(recall, 0, 1, LEFT, right), scale(precision, 0, 1, base, TOP)

    body = axes("recall", "precision", [(place(t, 0)[0], w) for t, w in ticks], [(place(0, t)[1], w) for t, w in ticks])
    for level in (0.2, 0.4, 0.6, 0.8):
        recalls = [level / 2 + (1 - level / 2) * k / 40 for k in range(1, 41)]
        pairs = [(r, level * r / (2 * r - level)) for r in recalls if level * r / (2 * r - level) <= 1]
        path = " ".join("{:.1f},{:.1f}".format(*place(*pair)) for pair in pairs)
        body.append(f'<polyline points="{path}" class="contour"/>')
        body.append(text(right - 4, place(*pairs[-1])[1] - 3, f"F1 {level}", "end", "tick"))
    for row, (n, name, points) in enumerate(shown):
        cls = f"s{n % SERIES}"
        path = " ".join("{:.1f},{:.1f}".format(*place(p["recall"], p["precision"])) for p in points)
        body.append(f'<polyline points="{path}" class="{cls} stroke"/>')
        for p in points:
            x, y = place(p["recall"], p["precision"])
            size, ring = (5, " ring") if abs(p["threshold"] - 0.5) < 1e-9 else (2.5, "")
            told = f"{name} at {p['threshold']}: precision {p['precision']:.2f}, recall {p['recall']:.2f}"
            body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" class="{cls}{ring}">'
                        f"<title>{escape(told)}</title></circle>")
        body += legend(row, n, name)
    return frame(title, body)


def legend(row: int, n: int, name: str) -> list[str]:
    """A coloured box and a system's name, right of the plot."""
    x = WIDTH - RIGHT + 12
    return [f'<rect x="{x}" y="{TOP + 20 * row}" width="12" height="12" class="s{n % SERIES}"/>',
            text(x + 18, TOP + 10 + 20 * row, name)]


def recall_by_label(runs: Sequence[Run], part: str = "found", whole: str = "characters",
                    label: str = "Recall by label") -> str:
    """Bars: for each label, the share of each run (`labels[...][part] / labels[...][whole]`)."""
    shown = [(n, r) for n, r in enumerate(runs) if r.system not in ("do-nothing", "flag-everything")
             and any(part in table for table in r.labels.values())]
    names = sorted({name for _, r in shown for name in r.labels},
                   key=lambda name: -max(r.labels.get(name, {}).get("spans", 0) for _, r in shown))
    if not shown or not names:
        return ""
    thick, gap = 10, 10
    row = thick * len(shown) + gap
    left, right, top = 150, WIDTH - RIGHT, 10
    height = top + row * len(names) + 30
    body = []
    for percent in (0, 25, 50, 75, 100):
        x = scale(percent, 0, 100, left, right)
        body += [line(x, top, x, height - 26, "grid"), text(x, height - 10, f"{percent} %", "middle", "tick")]
    for k, name in enumerate(names):
        y = top + row * k
        count = int(max(r.labels.get(name, {}).get("spans", 0) for _, r in shown))
        body.append(text(left - 8, y + row / 2 + 1, f"{name} ({count})", "end"))
        for place, (n, run) in enumerate(shown):
            table = run.labels.get(name, {})
            share = 100 * table.get(part, 0) / table[whole] if table.get(whole) else 0.0
            width = scale(share, 0, 100, 0, right - left)
            body.append(f'<rect x="{left}" y="{y + gap / 2 + thick * place:.1f}" width="{width:.1f}" '
                        f'height="{thick - 1}" class="s{n % SERIES}"><title>{escape(run.system)}: {share:.0f} %</title>'
                        "</rect>")
    for place, (n, run) in enumerate(shown):
        body += legend(place, n, run.system)
    return frame(label, body, height=height)

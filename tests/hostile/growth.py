"""How the time of each stage grows with the text: run by tests/test_safety_growth.py, and alone for a wider look.

    python tests/hostile/growth.py --characters 100000

prints, for each pattern of patterns.jsonl, the slowest stage and those that grow faster than the text.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from vn_repair.detect.merge import merge_spans
from vn_repair.detect.registry import detectors
from vn_repair.detect.view import View
from vn_repair.ignore import marked_places
from vn_repair.read.limits import DEFAULT_LIMITS, checked_text
from vn_repair.read.markdown import protected_ranges
from vn_repair.read.protected import outside
from vn_repair.segment import guess_language, segment
from vn_repair.types import EN, VI, Article, InputError, Segment, Span

PATTERNS = [json.loads(line) for line in
            Path(__file__).with_name("patterns.jsonl").read_text(encoding="utf-8").splitlines()]
TIMES = 4  # how much longer the second text is
# A stage that takes 16 times as long for a text 4 times as long is quadratic; linear ones vary up to 6 times.
MOST = 9.0


def repeated(unit: str, characters: int) -> str | None:
    """`unit` again and again, as the readers give it; `None` where they refuse it."""
    try:
        return checked_text(unit * (characters // len(unit)), "hostile", DEFAULT_LIMITS)
    except InputError:
        return None


def stages(text: str, lang: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """(name, work) of every stage that looks at a whole text, in the order in which they must be called."""
    article = Article("hostile", text, lang, "hostile.md")
    segments: list[Segment] = []
    spans: list[Span] = []
    yield "guess_language", lambda: guess_language(text)
    yield "segment", lambda: segments.extend(segment(article))
    view = View(article, segments)
    yield "view", lambda: (view.segment_tokens, view.lines)
    for detector in detectors():
        if lang in detector.languages:
            yield detector.id, lambda find=detector.find: spans.extend(find(view))
    yield "merge_spans", lambda: merge_spans(text, spans)
    yield "protected_ranges", lambda: protected_ranges(text)
    yield "outside", lambda: outside(article, spans)
    yield "marked_places", lambda: marked_places(text)


def seconds(text: str, lang: str) -> dict[str, float]:
    """CPU seconds of each stage."""
    out = {}
    for name, work in stages(text, lang):
        began = time.process_time()
        work()
        out[name] = time.process_time() - began
    return out


def superlinear(unit: str, lang: str, characters: int, least: float = 0.05) -> dict[str, tuple[float, float]]:
    """Stages that take over `MOST` times as long for a text `TIMES` as long, with both times in CPU seconds.

    Those that take less than `least` for the longer text are left out: their times say nothing. What is found is
    measured again, twice, and must be found each time.
    """
    found: dict[str, tuple[float, float]] = {}
    for attempt in range(3):
        short, long = repeated(unit, characters), repeated(unit, TIMES * characters)
        if short is None or long is None:
            return {}
        before, after = seconds(short, lang), seconds(long, lang)
        slow = {name: (before[name], t) for name, t in after.items() if t > least and t > MOST * before[name]}
        found = slow if attempt == 0 else {name: slow[name] for name in found if name in slow}
        if not found:
            break
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How the time of each stage grows with hostile text.")
    parser.add_argument("--characters", type=int, default=50_000, help="length of the shorter text")
    size = parser.parse_args().characters
    worst = 0
    for pattern in PATTERNS:
        for lang in (VI, EN):
            text = repeated(pattern["unit"], size)
            if text is None:
                continue
            name, most = max(seconds(text, lang).items(), key=lambda item: item[1])
            grown = superlinear(pattern["unit"], lang, size // TIMES)
            worst += len(grown)
            print(f"{pattern['name']:40} {lang} slowest {name} {most / size * 1e6:.2f} s/Mchar",
                  *(f"{stage} {a:.2f} s -> {b:.2f} s" for stage, (a, b) in grown.items()), sep="; ", flush=True)
    sys.exit(bool(worst))


if __name__ == "__main__":
    main()

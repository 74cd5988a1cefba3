"""The marker pieces of the model's vocabulary and what each is for; one table for training and use.

A source is `<s> <2vi>|<2en> [<rw>] text </s>`; infilling puts `<sN> … </sN>` around suspicious
words, and the target is `<s1> replacement <s2> replacement …`. In translation the same eight span
markers stand for numbers, dates and names (see `vn_repair.placeholders`).
"""

from __future__ import annotations

from collections.abc import Sequence

MAX_SPANS = 4
TARGET = {"vi": "<2vi>", "en": "<2en>"}
REWRITE = "<rw>"
OPENERS = tuple(f"<s{n}>" for n in range(1, MAX_SPANS + 1))
CLOSERS = tuple(f"</s{n}>" for n in range(1, MAX_SPANS + 1))
PLACEHOLDERS = OPENERS + CLOSERS
START_ID, PAD_ID, END_ID = 0, 1, 2
MARKER_IDS = {marker: number for number, marker in enumerate([*TARGET.values(), REWRITE, *PLACEHOLDERS], 4)}


def mark(text: str, spans: Sequence[tuple[int, int]], lang: str) -> list[str]:
    """Source runs of an infilling request: target token, text, and markers around each span.

    `spans` are one to four sorted (start, end) offsets into `text` that do not overlap; more raise
    `ValueError`.
    """
    if len(spans) > MAX_SPANS:
        raise ValueError(f"a request marks at most {MAX_SPANS} spans, not {len(spans)}")
    parts: list[str] = [TARGET[lang]]
    at = 0
    for (start, end), opener, closer in zip(spans, OPENERS, CLOSERS, strict=False):
        parts += [text[at:start], opener, text[start:end], closer]
        at = end
    return [*parts, text[at:]]

"""Text made comparable letter by letter, every character in its place."""

from __future__ import annotations

SAME_WIDTH = (("\xa0", " "), ("\u202f", " "), ("’", "'"), ("‘", "'"))


def fold(text: str) -> str:
    """`text` in lower case with plain spaces and apostrophes, every character in its place.

    The length never changes (the few letters whose lower case is longer are kept as they are).
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    for odd, plain in SAME_WIDTH:
        lower = lower.replace(odd, plain)
    return lower

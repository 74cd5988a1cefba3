"""Text made comparable letter by letter, every character in its place."""

from __future__ import annotations

SAME_WIDTH = (("\xa0", " "), ("\u202f", " "), ("’", "'"), ("‘", "'"))


def fold(text: str) -> str:
    """`text` in lower case with plain spaces and apostrophes, every character in its place.

    The length never changes: the one letter whose lower case is longer, İ, is kept as it is.
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "İ".join(part.lower() for part in text.split("İ"))
    for odd, plain in SAME_WIDTH:
        lower = lower.replace(odd, plain)
    return lower

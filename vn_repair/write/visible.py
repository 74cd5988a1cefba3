"""Characters that hide, reorder or command are shown by name, on a page and on a terminal."""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and line feed; bidi marks, embeddings and isolates; zero-width space, word joiner,
# byte order mark, soft hyphen; line separators; lone surrogates. Joiners (U+200C, U+200D) stay: letters
# and emoji need them.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e"
                       "\u2060\u2066-\u2069\ufeff\ud800-\udfff]")


def character_name(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`; a control, which has no name of its own, is called one."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}"


def split_hidden(text: str) -> list[tuple[str, bool]]:
    """`text` cut into (part, hidden) pairs; a hidden part is one character. Joined they are `text`."""
    out: list[tuple[str, bool]] = []
    at = 0
    for match in HIDDEN.finditer(text):
        if match.start() > at:
            out.append((text[at : match.start()], False))
        out.append((match.group(), True))
        at = match.end()
    if at < len(text):
        out.append((text[at:], False))
    return out


def one_line(text: str, limit: int = 80) -> str:
    """`text` on one line of at most `limit` characters, hidden characters by number: safe to print."""
    shown = "".join(f"<U+{ord(part):04X}>" if hidden else part for part, hidden in split_hidden(text))
    shown = shown.replace("\n", "⏎").replace("\t", " ")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"

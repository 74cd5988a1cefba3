"""HTML entities left in the text: "n&ocirc;ng th&ocirc;n", "&nbsp;", "&amp;", also escaped twice ("&amp;nbsp;")."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

ENTITY = r"&(?:amp;)?(?:[a-zA-Z]{2,8}\d?|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});"
ENTITY_SIGN = re.compile(ENTITY)
# The whole word, or words, that the entities stand in; an address keeps its "&".
WORD = rf"[^\W\d_]{{0,16}}{ENTITY}(?:[^\W\d_]{{0,16}}{ENTITY})*[^\W\d_]{{0,16}}"
STRETCH = re.compile(rf"{WORD}(?: {WORD})*")
ADDRESS = re.compile(r"(?:https?://|www\.)\S*$")


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds an entity."""
    return "&" in chunk and ENTITY_SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over each word that holds an entity, with the decoded word as suggestion."""
    for match in STRETCH.finditer(view.text):
        decoded = unicodedata.normalize("NFC", html.unescape(html.unescape(match.group())))
        if decoded == match.group() or ADDRESS.search(view.text, max(0, match.start() - 200), match.start()):
            continue
        start, end = match.span()
        suggestion = decoded.replace("\u00a0", " ")
        beside = view.text[start - 1 : start] == " " or view.text[end : end + 1] == " "
        if suggestion == " " and beside:
            suggestion = ""
        yield Span(start, end, Label.MOJIBAKE, Severity.MINOR, 0.95, DETECTOR.id,
                   "HTML entities left in the text", suggestion)


DETECTOR = Detector("mojibake.html_entity", frozenset({VI, EN}), "HTML entities left in the text",
                    find, sign, needs_mark=True)

"""`vn-repair: ignore` comments of an HTML page, found again in the article that was read from it.

The reader keeps no comment, so the marks are read off the page itself, and the lines that they mark are looked for in
the article's text.
"""

from __future__ import annotations

import re

from vn_repair.ignore import COMMENT, Marked, marked_places

WORDS = re.compile(r"\w+")


def marked_in_page(page: str, text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """(start, end, detectors) of what the comments of `page` mark in `text`, the article extracted from it.

    Offsets are those of `text`, sorted. A line that the page has twice is marked in both places.
    """
    if not COMMENT.search(page):
        return ()
    import lxml.html

    from vn_repair.read.page import CONTROL, _visible_lines

    # As text, a comment keeps its place among the page's lines.
    shown = COMMENT.sub(lambda match: match[0].replace("<", "&lt;").replace(">", "&gt;"), page)
    try:
        tree = lxml.html.document_fromstring(CONTROL.sub(" ", re.sub(r"\A\s*<\?xml[^>]*\?>", "", shown)))
    except (lxml.etree.LxmlError, ValueError):
        return ()
    lines = "\n\n".join(_visible_lines(tree))
    found = set()
    for place in marked_places(lines):
        for line in COMMENT.sub("\n", lines[place.start : place.end]).split("\n"):
            found |= {(start, end, tuple(sorted(place.detectors))) for start, end in places_of(line, text)}
    return tuple(sorted(found))


def places_of(line: str, text: str) -> list[tuple[int, int]]:
    """Where the words of `line` stand in `text`, whatever stands between them; nowhere if it has none."""
    words = WORDS.findall(line)
    if not words:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\W+".join(map(re.escape, words)) + r"(?!\w)[^\w\n]*")
    return [(match.start(), match.start() + len(match.group().rstrip())) for match in pattern.finditer(text)]


def as_marked(ranges: tuple[tuple[int, int, tuple[str, ...]], ...]) -> list[Marked]:
    """The same as `ignore.not_ignored` takes them."""
    return [Marked(start, end, frozenset(detectors)) for start, end, detectors in ranges]

"""The parts of a Markdown text that are no prose."""

from __future__ import annotations

import re

FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
NOT_PROSE = re.compile(
    r"(?P<code>`[^`\n]{1,2000}`)"
    # The (address "title") of a link; the address may hold one pair of brackets.
    r"|(?P<target>(?<=\])\((?:[^()\s]|\([^()\s]{0,200}\)){1,2000}(?:[ ]+\"[^\"\n]{0,500}\")?\))"
    r"|(?P<auto><(?:https?|mailto):[^\s<>]{1,2000}>)"
    r"|(?P<bare>(?:https?://|www\.)[^\s<>()\[\]\"“”]{1,2000})"
    r"|(?P<tag></?[A-Za-z][^<>\n]{0,500}>)"
)
REFERENCE = re.compile(r"[ ]{0,3}\[[^\]\n]{1,500}\]:[ \t]+\S")


def protected_ranges(text: str) -> list[tuple[int, int]]:
    """(start, end) of fenced code, front matter, inline code, link targets, addresses and HTML tags, in order.

    Ranges do not overlap; offsets are those of `text`. An edit that touches one would break the document's markup.
    """
    ranges: list[tuple[int, int]] = []
    at = 0
    open_fence = ""
    fence_start = 0
    front_matter = False
    for number, line in enumerate(text.splitlines(keepends=True)):
        end = at + len(line)
        bare = line.rstrip()
        fence = FENCE.match(line)
        if number == 0 and bare == "---":
            front_matter = True
        elif front_matter:
            if bare in ("---", "..."):
                ranges.append((0, at + len(bare)))
                front_matter = False
        elif open_fence:
            if fence and fence.group(1).startswith(open_fence) and len(bare) == fence.end():
                ranges.append((fence_start, at + len(bare)))
                open_fence = ""
        elif fence:
            open_fence, fence_start = fence.group(1), at
        elif REFERENCE.match(line):
            ranges.append((at, at + len(bare)))
        else:
            ranges += [match.span() for match in NOT_PROSE.finditer(text, at, end)]
        at = end
    if open_fence:
        ranges.append((fence_start, len(text)))
    elif front_matter:  # never closed: it was a rule, not front matter
        return [(start + 3, end + 3) for start, end in protected_ranges(text[3:])]
    return ranges

"""What is copied as it is: addresses, code, file names; and what stands in quotation marks or brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

# Copied letter for letter and never translated: addresses, hashtags, handles, code, file names, mark-up.
VERBATIM = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]+|[#@][\w.]+|`[^`\n]{0,200}`|<[^<>\n]{1,200}>|&[a-zA-Z]{2,8};"
    r"|\b\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){0,5}\."
    r"(?:vn|com|net|org|gov|edu|info|pdf|docx?|xlsx?|jpe?g|png|html?)\b[^\s,;)]*"
    r"|\b[\w-]{0,62}[A-Za-z]\d[\w-]*|\b\w{0,62}_\w+"
)
# Quoted, bracketed or emphasised words on one line.
ENCLOSED = re.compile(r"“[^“”\n]{0,600}”|\"[^\"\n]{0,600}\"|‘[^‘’\n]{0,600}’|«[^«»\n]{0,600}»"
                         r"|\([^()\n]{0,600}\)|\[[^\[\]\n]{0,600}\]"
                         r"|\*[^*\n]{1,600}\*|(?<!\w)_[^_\n]{1,600}_(?!\w)|(?<!\w)'[^'\n]{0,600}'(?!\w)")
# A cheap first look for the above.
VERBATIM_HINT = re.compile(r"[@#`<&_]|://|www|\.[a-z]|[A-Za-z]\d")
REACH = 4000  # a line is looked at no farther than this on each side, so that one line of any length costs no more


def line_bounds(text: str, at: int, reach: int = REACH) -> tuple[int, int]:
    """Start and end of the line that offset `at` lies in, or of the part of it within `reach` of `at`."""
    low, high = max(0, at - reach), min(len(text), at + reach)
    start = text.rfind("\n", low, at)
    end = text.find("\n", at, high)
    return (low if start < 0 else start + 1), (high if end < 0 else end)


def places(text: str, word: str, before: re.Pattern[str], after: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of each `word` in `text` that `before` matches in front of and `after` behind, both of no width.

    For words that are looked for once, which to compile into a pattern each would take longer than the search.
    """
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if before.match(text, at) and after.match(text, end):
            yield at, end
            at = text.find(word, end)
        else:
            at = text.find(word, at + 1)


class Cover:
    """The stretches of a text that any of some patterns match, to ask whether an offset lies inside one."""

    def __init__(self, text: str, *patterns: re.Pattern[str]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(m.span() for pattern in patterns for m in pattern.finditer(text)):
            if self.ends and start < self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def __contains__(self, at: int) -> bool:
        """Whether offset `at` lies inside one of them."""
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.ends[i]


class LineCover:
    """The same as `Cover` for patterns that never match a line feed, worked out for the lines that are asked about."""

    def __init__(self, text: str, *patterns: re.Pattern[str]) -> None:
        self._text, self._patterns = text, patterns
        self._start = self._end = -1
        self._cover = Cover("")

    def __contains__(self, at: int) -> bool:
        """Whether offset `at` lies inside a match."""
        if not self._start <= at < self._end:
            self._start, self._end = line_bounds(self._text, at, len(self._text))
            self._cover = Cover(self._text[self._start : self._end], *self._patterns)
        return at - self._start in self._cover

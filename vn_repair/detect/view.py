"""What detectors look at: an article cut into tokens, lines and segments, each worked out once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import regex

from vn_repair.detect.chunks import Told
from vn_repair.folding import fold
from vn_repair.types import Article, Segment

LONG, PART = 1 << 18, 1 << 16  # characters
# A word keeps inner apostrophes (K'Bang, people's); a number keeps inner separators (1.234,5).
TOKEN = regex.compile(r"(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*)|(?P<mark>[^\s])")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or single mark; `start` and `end` are offsets into the article's text."""

    start: int
    end: int
    kind: str
    text: str

    @property
    def lower(self) -> str:
        """The surface in lower case."""
        return self.text.lower()


class View:
    """An article as detectors see it. Offsets are those of the article's text throughout."""

    def __init__(self, article: Article, segments: Sequence[Segment]) -> None:
        self.article = article
        self.text = article.text
        self.lang = article.lang
        self.segments = list(segments)

    @cached_property
    def tokens(self) -> list[Token]:
        """Every token of the text, in order."""
        return [Token(m.start(), m.end(), m.lastgroup or "mark", m.group()) for m in TOKEN.finditer(self.text)]

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """(start, end) of every line that is not blank, surrounding white space left out."""
        out = []
        at = 0
        for line in self.text.splitlines(keepends=True):
            bare = line.strip()
            if bare:
                start = at + line.index(bare[0])
                out.append((start, start + len(bare)))
            at += len(line)
        return out

    @cached_property
    def segment_texts(self) -> list[str]:
        """The surface of each segment."""
        return [self.text[segment.start : segment.end] for segment in self.segments]

    @cached_property
    def segment_starts(self) -> list[int]:
        """Where each segment starts."""
        return [segment.start for segment in self.segments]

    @cached_property
    def folded(self) -> str:
        """The text in lower case with plain spaces and apostrophes; every character keeps its place."""
        return fold(self.text)

    @cached_property
    def line_texts(self) -> list[str]:
        """The surface of each of `lines`."""
        return [self.text[start:end] for start, end in self.lines]

    @cached_property
    def told(self) -> Told:
        """What the chunks of the text say to all detectors."""
        from vn_repair.detect.registry import chunk_table

        if not self.parts:
            return chunk_table(self.lang).read(self.text, self.folded)
        whole = Told()
        for start, part in self.parts:
            whole.repeats = whole.repeats or part.told.repeats
            for name, chunks in part.signs.items():
                whole.signs.setdefault(name, set()).update(chunks)
            for name, found in part.phrases.items():
                whole.phrases.setdefault(name, []).extend((a + start, b + start, value) for a, b, value in found)
        return whole

    @property
    def signs(self) -> dict[str, set[str]]:
        """Id of each detector that declares a sign → the chunks of the text that bear it; no id without one."""
        return self.told.signs

    @property
    def phrases(self) -> dict[str, list[tuple[int, int, Any]]]:
        """Id of each detector that declares phrases → (start, end, value) of those in the text, by end."""
        return self.told.phrases

    @cached_property
    def parts(self) -> list[tuple[int, View]]:
        """(offset, view) of parts of a very long text, cut where lines or at least segments begin; else nothing.

        What looks at a few words at a time is to look at each part by itself, so that its time grows with the length
        of the text and no faster.
        """
        if len(self.text) < LONG:
            return []
        cuts = [0]
        for segment in self.segments:
            size = segment.start - cuts[-1]
            if size > PART and (size > 2 * PART or self.text[segment.start - 1] == "\n"):
                cuts.append(segment.start)
        out, first = [], 0
        for start, end in zip(cuts, [*cuts[1:], len(self.text)], strict=True):
            last = bisect_left(self.segment_starts, end, lo=first)
            own = [Segment(s.start - start, s.end - start, s.lang) for s in self.segments[first:last]]
            out.append((start, View(replace(self.article, text=self.text[start:end]), own)))
            first = last
        return out

    @cached_property
    def segment_tokens(self) -> list[tuple[Segment, list[Token]]]:
        """Each segment with its tokens."""
        out: list[tuple[Segment, list[Token]]] = []
        at = 0
        for segment in self.segments:
            while at < len(self.tokens) and self.tokens[at].start < segment.start:
                at += 1
            first = at
            while at < len(self.tokens) and self.tokens[at].end <= segment.end:
                at += 1
            out.append((segment, self.tokens[first:at]))
        return out

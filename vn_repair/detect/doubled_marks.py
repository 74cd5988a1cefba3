"""Two marks where one belongs: "regions. , domain", "2021). ),", ",,", ".." (error class 2.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.detect.registry import Detector
from vn_repair.detect.spacing import word_before
from vn_repair.detect.view import View
from vn_repair.types import EN, VI, Label, Severity, Span

# (pattern, what stands in its place); each begins with a plain set and follows a word or a closing bracket.
RULES = (
    (re.compile(r"[.](?<=\)\.) *\)(?=[,;.:]?(?:\s|$))"), ""),  # "2021). ),": the bracket was closed already
    (re.compile(r"[.](?<=[\w)%”]\.) \.(?=\s|\Z)(?! \.)"), "."),
    (re.compile(r"[.,;](?<!\)\.) +\)(?=[\s,;.:]|$)"), ")"),
    (re.compile(r"[.](?<=[\w)%”]\.) +,(?!\S)"), ","),
    (re.compile(r"[,](?<=[\w)%”],) ?,(?![,\w])"), ","),
    (re.compile(r"[;](?<=[\w)%”];) ?[;,](?![;,])"), ";"),
    (re.compile(r"[,;](?<=[\w)%”].) ?\.(?![.\w]| \.)"), "."),
    (re.compile(r"[.](?<=[^\W_.]\.)\.(?![.\w)”\"/,;])(?! \.)"), "."),
)
# Two marks in one chunk, or one that begins a chunk.
CHUNK_SIGN = re.compile(r"^(?:[),;]|\.(?![.\w]))|\)\.\)|,,|;[;,]|[,;]\.|[^\W_.]\.\.(?![.\w])")
SHORT_FORM = re.compile(r"(?:\b\w|\b[^\W\d_a-zà-ỹ]\w|\.\w{1,4}|"
                        r"\b(?:Co|Inc|Ltd|Corp|Jr|Sr|No|etc|vv|v|St|Dr|Mr|Mrs|al|tr|Tr|tp|TP))\Z")


def sign(chunk: str, lang: str) -> object:
    """Whether the chunk holds two marks that may be one, or begins with a mark."""
    return CHUNK_SIGN.search(chunk)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the word and the marks; the suggestion keeps one mark."""
    text = view.text
    for pattern, kept in RULES:
        for match in pattern.finditer(text):
            word_end = match.start()
            start = word_before(text, word_end)
            end = match.end()
            word = text[start:word_end]
            # "Co., Ltd", "v.v.,": the stop belongs to the short form.
            if text[word_end] == "." and SHORT_FORM.search(word):
                continue
            if not 0 < len(word) <= 30 or "&" in word:
                continue
            if kept == "" and end < len(text) and text[end] in ",;.:":  # the mark after the bracket is kept with it
                kept_now, end = text[end], end + 1
            else:
                kept_now = kept
            yield Span(start, end, Label.PUNCTUATION, Severity.MINOR, 0.8, DETECTOR.id,
                       "two marks where one belongs", word + kept_now)


DETECTOR = Detector("punctuation.doubled_marks", frozenset({VI, EN}), "two stops or commas where one belongs",
                    find, sign, needs_mark=True)

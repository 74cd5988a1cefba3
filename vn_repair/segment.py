"""Cut an article into segments (lines, and sentences within lines) with exact offsets; guess its language.

A segment boundary is a line end, or a sentence end inside a line: a stop (`.`, `!`, `?`, `…`), any closing quotes
or brackets, white space, and then something that can begin a sentence (a capital, a figure, an opening quote). A stop
before a small letter never ends a sentence: in garbled text it is mostly a stray one ("procedures. investment").
`underthesea.sent_tokenize` gives no offsets, so the rules are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vn_repair.types import EN, VI, Article, Segment

# A longer "sentence" (a table or a list on one line) is cut at a semicolon or a space, so that no stage meets
# a segment of unbounded length.
MAX_SEGMENT = 3000

UPPER = "".join(c for c in map(chr, range(0x2000)) if c.isupper())
CLOSERS = "\"'”’»)\\]"
OPENERS = "\"'“‘«(\\[–—•*#+-"
LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
LOWER = rf"[^\W\d_{UPPER}]"
STOP = re.compile(
    # The first of a run of stops. (A pattern that begins with a plain set is searched for ten times faster.)
    r"[.!?…](?<![.!?…].)(?:"
    # The common case: further stops, closing marks, white space, then a possible beginning.
    rf"[.!?…]*+[{CLOSERS}]*+(?=\s++[{OPENERS}]*+\s*+[0-9{UPPER}])"
    # A missing space, "trong nước.Do", "4/2017.Thủ": two small letters or figures, the stop, a capitalised word.
    rf"|(?:(?<={LOWER}{LOWER}.)|(?<=[0-9][0-9].))(?=[{UPPER}]{LOWER}))"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After these (lower-cased, without the last stop) a capital does not begin a sentence.
ABBREVIATIONS = _words("""
tp tx tt q p h x gs pgs gs.ts pgs.ts ts ths th.s tskh bs bsckii bscki ks cn ls nsnd nsưt nsut nguts ngưt đ/c đc
mr mrs ms dr prof assoc st gen lt col maj capt sgt sen rep gov hon rev messrs mt ft vs e.g i.e cf viz fig figs eq
vol ed eds approx dept univ
""")
# These stand before a figure: "No. 5", "tr. 15", "Feb. 3"; before a word they may well end a sentence.
BEFORE_FIGURE = _words("""
no nos art arts sec ch pp pg tr số điều khoản jan feb mar apr jun jul aug sep sept oct nov dec tel đt fax
""")
# "1.", "IV.", "a.", "2.3." at the head of a line number a heading; they are not sentences.
ENUMERATOR = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[^\W\d_])\Z")

BITS, CHUNKS_KEPT = 40, 1 << 16
MASK = (1 << BITS) - 1
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
MARKED = frozenset("ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")
# English function words that are no Vietnamese syllable even without marks (so not: to, an, in, on, so, can, than).
ENGLISH = _words("""
of and with for this that these those is are was were be been has have had which from by as it its at or not
will would should their there they who been also other such into about after before between during more most
he his she her we our you your up out all new said what when where while through under over
""")
# Vietnamese function words and the most usual content words, their marks lost; none is an English word.
UNMARKED = _words("""
va cua cac khong duoc nguoi nhung trong cho voi nhu tai mot nhieu cung theo da la co den ve nay khi ngay thi
huyen tinh xa thon nong moi vao phai lam rat cong thanh vien chuc hoi nghi phat trien
chuan dat hien nuoc dia phuong chinh thu tuong qua kinh te giai doan dinh
""")


def segment(article: Article) -> list[Segment]:
    """The segments of `article`, in order.

    They do not overlap, begin and end with no white space, and cover all other text. A segment's language is the
    article's unless the segment itself clearly speaks for the other.
    """
    text = article.text
    return [Segment(start, end, _segment_language(text[start:end], article.lang)) for start, end in _bounds(text)]


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every segment, white space stripped."""
    for line in LINE.finditer(text):
        at, line_end = line.span()
        head = True
        for stop in STOP.finditer(text, at, line_end):
            if text[stop.start()] == "." and not _ends_sentence(text, at, stop, head):
                continue
            end = stop.end()
            if end - at > MAX_SEGMENT or text[end - 1].isspace():
                yield from _stripped(text, at, end)
            else:
                while text[at].isspace():
                    at += 1
                yield at, end
            at, head = end, False
        yield from _stripped(text, at, line_end)


def _ends_sentence(text: str, start: int, stop: re.Match[str], head: bool) -> bool:
    """Whether the full stop found is an end; `start` is where the sentence begins, `head` if that is the line's."""
    at = stop.start()
    if stop.end() - at > 1:
        return True  # "..." or a closing quote after the stop
    before = text[max(start, at - 8) : at]
    if before.isalpha() and len(before) == 8:
        return True  # longer than any abbreviation
    words = before.split()
    word = words[-1].lstrip("(“\"'‘[") if words and not before[-1].isspace() else ""
    if not word:
        return True
    if word[-1].isupper() and (len(word) == 1 or word[-2] == "."):
        return False  # an initial: "J. Smith", "U.S. Army"
    lower = word.lower()
    if lower in ABBREVIATIONS:
        return False
    after = text[stop.end() : stop.end() + 3].lstrip()[:1]
    if lower in BEFORE_FIGURE and after.isdigit():
        return False
    return not (head and not text[start : at - len(word)].strip(" \t\u00a0-–•*#(") and ENUMERATOR.match(word))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The range without surrounding white space, in pieces of at most `MAX_SEGMENT`; nothing if it is blank."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_SEGMENT:
        limit = start + MAX_SEGMENT
        semicolon = text.rfind("; ", start + MAX_SEGMENT // 2, limit) + 1
        space = text.rfind(" ", limit - 200, limit)
        cut = stop = semicolon or (space if space > 0 else limit)
        while text[stop - 1].isspace():
            stop -= 1
        yield start, stop
        start = cut
        while text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def guess_language(text: str) -> str:
    """`"vi"` or `"en"`: which of the two a text is in, by marked letters and function words.

    Marks on small-letter words count most, since English news keeps them on Vietnamese names; Vietnamese written
    without marks is known by its function words. Only the head, middle and tail of a long text are looked at. A text
    with no evidence for either (figures, a name) is `"vi"` if it holds a marked letter, else `"en"` if it has words.
    """
    if len(text) > 6000:
        middle = len(text) // 2
        text = " ".join((text[:2000], text[middle : middle + 2000], text[-2000:]))
    if _many_marks(text) and not MARKED.isdisjoint(text.lower()):
        return VI
    vietnamese, english = _evidence(text)
    if vietnamese == english == 0:
        return EN if WORD.search(text) and MARKED.isdisjoint(text.lower()) else VI
    return VI if vietnamese >= english else EN


class _Evidence(dict[str, int]):
    """What a chunk (characters between white space) says, worked out once; see `_evidence` for the weights.

    The value packs three numbers, so that a whole text's is one sum: for English, for Vietnamese, and for Vietnamese
    in a text all in capitals, each in twentieths of a word, `BITS` apart.
    """

    def __missing__(self, chunk: str) -> int:
        """The value of a chunk not seen before."""
        vietnamese = in_capitals = english = 0
        for word in WORD.findall(chunk):
            lower = word.lower()
            if not lower.isascii() and not MARKED.isdisjoint(lower):
                vietnamese += 20 if word[0] == lower[0] else 5
                in_capitals += 20
            elif lower in ENGLISH:
                # Function words are a third of English words, marked ones two thirds of Vietnamese words.
                english += 40
            elif lower == "the":
                english += 20  # also "thế" without its mark
            elif lower in UNMARKED:
                vietnamese += 14
                in_capitals += 14
        packed = english | vietnamese << BITS | in_capitals << 2 * BITS
        if len(chunk) <= 24:
            if len(self) >= CHUNKS_KEPT:
                self.clear()
            self[chunk] = packed
        return packed


CHUNK_EVIDENCE = _Evidence()


def _evidence(text: str) -> tuple[int, int]:
    """Weight of evidence for Vietnamese and for English: about twenty a word that speaks."""
    if "://" in text or "www." in text:
        text = ADDRESS.sub(" ", text)  # an address spells Vietnamese without marks in any text
    packed = sum(map(CHUNK_EVIDENCE.__getitem__, text.split()))
    english, vietnamese, in_capitals = packed & MASK, packed >> BITS & MASK, packed >> 2 * BITS
    # An all-capitals heading has no small letters to tell a word from a name.
    return (in_capitals if text.isupper() else vietnamese), english


def _many_marks(text: str) -> bool:
    """Whether more than 12 % of the letters and marks are outside ASCII: Vietnamese has 20 %, names in English 5 %."""
    return len(text) - len(text.encode("ascii", "ignore")) > 0.12 * len(text)


def _segment_language(text: str, default: str) -> str:
    """The language of a segment: `default` unless the other has strong evidence (garbled text is mixed)."""
    if default == VI and _many_marks(text):
        return VI
    if default == EN and text.isascii() and len(ENGLISH.intersection(text.split())) >= 2:
        return EN
    vietnamese, english = _evidence(text)
    own, other = (vietnamese, english) if default == VI else (english, vietnamese)
    if other >= 60 and other >= 4 * own:
        return EN if default == VI else VI
    return default

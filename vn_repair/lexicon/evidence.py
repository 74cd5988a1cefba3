"""English words inside Vietnamese text: log-odds of each word by our counts, gathered into runs.

Most words of a clean text are settled by one look-up of the text's distinct words; only lines that hold a
word which speaks for English are cut into tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from vn_repair.lexicon.counts import english_words, foreign_words, syllable_words, vietnamese_pair
from vn_repair.lexicon.function_words import ENGLISH_FUNCTION_WORDS
from vn_repair.lexicon.odds import ASCII_WORD, is_english, occurrences, odds
from vn_repair.lexicon.verbatim import ENCLOSED, VERBATIM, VERBATIM_HINT, line_bounds

TOKEN = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
MARKED = re.compile(r"[À-ỹ\u0300-\u036f]")
LOAN_FROM = 0.5  # per million in clean Vietnamese: from here on an English word is a loan
AROUND = 250  # characters of context on each side of an English word
# Last syllable of what a foreign title follows: chương trình, phim, ca khúc, bài hát, sách, nhóm, nhãn hiệu.
TITLED = frozenset(("trình", "phim", "khúc", "hát", "sách", "nhóm", "nhạc", "hiệu", "hàng", "sạn", "thi", "báo", "đoàn",
                    "khu", "án"))
LINKS = frozenset({"-", "–", ",", "/", "&", "'", "’"})


class Word(NamedTuple):
    """A token of a line: offsets into the text, log10 odds for English (0 if it does not speak), and its kind.

    Kinds: `vi`, `en`, `both` (a word of both languages), `acronym`, `number`, `name`, `odd` (in neither), `mark`.
    """

    start: int
    end: int
    text: str
    kind: str
    odds: float
    opens: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words of English; `words` are all its tokens, `before` and `after` its neighbours (or None)."""

    words: tuple[Word, ...]
    before: Word | None
    after: Word | None

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.words[-1].end

    @property
    def sure(self) -> tuple[Word, ...]:
        """The words that are English by themselves."""
        return tuple(w for w in self.words if w.kind == "en")

    @property
    def odds(self) -> float:
        """Summed log10 odds."""
        return sum(w.odds for w in self.words)


@lru_cache(maxsize=65536)
def _anchors(word: str) -> bool:
    """Whether a run is looked for around `word`: loans (album, file) and capitalised names do not start one."""
    low = word.lower()
    if low in ENGLISH_FUNCTION_WORDS:
        return (word == low or word[1:].islower()) and is_english(low)
    return word == low and is_english(low) and foreign_words().get(low, (0.0, 0.0))[1] < LOAN_FROM


@lru_cache(maxsize=65536)
def _kind(token: str, opens: bool) -> tuple[str, float]:
    """Kind of a token and its log-odds; `opens` says that it stands where any word is capitalised."""
    first = token[0]
    if first.isdigit():
        return "number", 0.0
    if not first.isalpha():
        return "mark", 0.0
    if MARKED.search(token):
        return "vi", -3.0
    low = token.lower()
    if len(token) > 1 and token.isupper():
        return "acronym", 0.0
    if token != low and not (opens and token[1:].islower() and english_words().get(low, (1.0, 0.0))[1] > 20.0):
        return ("odd", 0.0) if opens and low not in foreign_words() and low not in syllable_words() else ("name", 0.0)
    if is_english(low):
        return "en", odds(low)
    if low in syllable_words():
        value = odds(low)
        return ("both", value) if low in ENGLISH_FUNCTION_WORDS else ("vi", min(value, -0.5))
    if low in english_words():
        return "both", max(odds(low), 0.0)
    return "odd", 0.0


def line_words(text: str, start: int, end: int) -> list[Word]:
    """The tokens of `text[start:end]`, verbatim stretches left out as marks."""
    verbatim: set[int] = set()
    if VERBATIM_HINT.search(text, start, end):
        verbatim = {i for m in VERBATIM.finditer(text, start, end) for i in range(*m.span())}
    words: list[Word] = []
    opens = True
    for match in TOKEN.finditer(text, start, end):
        token = match.group()
        at = match.start()
        if at in verbatim:
            kind, value = "mark", 0.0
        else:
            kind, value = _kind(token, opens)
        words.append(Word(at, match.end(), token, kind, value, opens))
        opens = token in {".", "!", "?", "…", ":", ";"} or (opens and kind == "mark")
    return words


def _enclosed_foreign(text: str, start: int, end: int, words: list[Word]) -> list[tuple[int, int]]:
    """Quotations and brackets without a Vietnamese word: foreign on purpose."""
    out = []
    for match in ENCLOSED.finditer(text, start, end):
        a, b = match.span()
        if not any(a <= w.start < b and w.kind == "vi" and w.odds <= -3.0 for w in words):
            out.append((a, b))
    return out


def _grow(words: list[Word], at: int) -> tuple[int, int]:
    """The stretch of words around the English word `at` that belong to its run: first and last index."""
    first = last = at
    for step in (-1, 1):
        edge = i = at
        gap = 0
        while 0 <= (i := i + step) < len(words):
            word = words[i]
            if word.kind == "en" or (word.kind == "odd" and step < 0 and gap == 0) or (
                word.kind == "both" and gap < 3 and word.odds > -1.0
            ):
                edge, gap = (i, 0) if word.kind != "both" or gap == 0 else (edge, gap + 1)
            elif word.kind in {"acronym", "number", "odd", "name"} or (word.kind == "mark" and word.text in LINKS):
                gap += 1
            else:
                break
            if gap > 2:
                break
        if step < 0:
            first = edge
        else:
            last = edge
    return first, last


def _trim(words: list[Word], first: int, last: int) -> tuple[int, int]:
    """Give back to the Vietnamese neighbours an outer word of both languages that pairs with them."""
    while first < last and words[first].kind == "both" and words[first].odds < 2.0:
        left = words[first - 1] if first else None
        if left is None or left.kind != "vi" or not vietnamese_pair(left.text, words[first].text):
            break
        first += 1
    while last > first and words[last].kind == "both":
        right = words[last + 1] if last + 1 < len(words) else None
        if right is None or right.kind != "vi" or not vietnamese_pair(words[last].text, right.text):
            break
        last -= 1
    return first, last


def _is_title(words: list[Word], first: int, last: int) -> bool:
    """Whether the run belongs to a name written with capitals (Fund for the Arts), or is joined by a hyphen."""
    before = words[first - 1] if first else None
    after = words[last + 1] if last + 1 < len(words) else None
    for neighbour, edge in ((before, words[first].start), (after, words[last].end)):
        if neighbour and neighbour.text in {"-", "'", "’", "."} and edge in {neighbour.start, neighbour.end} and (
            neighbour.text != "." or (neighbour is before and not words[first].opens)
        ):
            return True
    inner = words[first : last + 1]
    capitals = sum(w.kind == "name" for w in inner)
    if after and after.kind == "name" and ((before and before.kind == "name") or words[first].text[0].isupper()):
        return True
    small = [w for w in inner if w.kind == "en" and w.text.lower() not in ENGLISH_FUNCTION_WORDS]
    beside = (before is not None and before.kind == "name") or (after is not None and after.kind == "name")
    return (not small and (capitals > 0 or beside)) or capitals > 2


def _article_before_name(words: list[Word], first: int, last: int) -> int:
    """Last index of the name after a leaked `the` between Vietnamese words (`về the Steering Committee`), or -1."""
    before = words[first - 1] if first else None
    if first != last or words[first].text != "the" or before is None or before.kind != "vi":
        return -1
    if before.text.lower() in TITLED:
        return -1
    end = first
    while end + 1 < len(words) and words[end + 1].kind == "name" and (
        english_words().get(words[end + 1].text.lower(), (0.0, 0.0))[0] > 2.0
    ):
        end += 1
    return end if end > first + 1 else -1


def _widen(words: list[Word], first: int, last: int) -> tuple[int, int]:
    """Take in what only makes sense with the run: `Tools` for the local, `NTM` speed development, with a `NTM`."""
    if first and words[first - 1].kind == "name" and words[first].text.lower() in ENGLISH_FUNCTION_WORDS:
        low = words[first - 1].text.lower()
        if english_words().get(low, (0.0, 0.0))[1] > 20.0 and last > first:
            first -= 1
    if first and words[first - 1].kind == "acronym" and last > first and (
        words[first].text.lower() not in ENGLISH_FUNCTION_WORDS
    ):
        first -= 1
    if last + 1 < len(words) and words[last + 1].kind == "acronym" and words[last].text.lower() in {"a", "an", "the"}:
        last += 1
    return first, last


def anchors(chunk: str) -> list[str]:
    """The words of A–Z in `chunk` that a run is looked for around."""
    return [word for word in ASCII_WORD.findall(chunk) if _anchors(word)]


@lru_cache(maxsize=1)
def english_runs(text: str, speaking: frozenset[str] | None = None) -> tuple[Run, ...]:
    """Runs of English words (one word or more) in the Vietnamese `text`, in order; `speaking` are its `anchors`.

    Left out: lines with no Vietnamese in them (another language, not debris), quotations and brackets that
    hold foreign words only, a foreign term whose Vietnamese follows in brackets, capitalised titles,
    addresses, code.
    """
    out: list[Run] = []
    speaking = frozenset(anchors(text)) if speaking is None else speaking
    for start, end in _windows(text, occurrences(text, speaking)):
        out += _window_runs(text, start, end)
    return tuple(out)


def _windows(text: str, at: list[int]) -> Iterator[tuple[int, int]]:
    """Stretches of lines around the offsets `at` (sorted), cut at spaces; they do not overlap."""
    i = done = 0
    while i < len(at):
        first = last = at[i]
        line_start, line_end = line_bounds(text, first)
        line_start = max(line_start, done)
        while i < len(at) and at[i] < min(line_end, last + 2 * AROUND):
            last, i = at[i], i + 1
        start = line_start
        if first - line_start > AROUND:
            start = max(line_start, text.rfind(" ", line_start, first - AROUND) + 1)
            if text.count('"', line_start, start) % 2:  # never begin inside a quotation
                start = text.rfind('"', line_start, start)
        space = text.find(" ", last + AROUND, line_end)
        done = space if space >= 0 else line_end
        yield start, done


def _window_runs(text: str, start: int, end: int) -> Iterator[Run]:
    words = line_words(text, start, end)
    vietnamese = sum(w.kind == "vi" for w in words)
    if vietnamese * 4 < sum(w.kind == "en" for w in words):
        return
    foreign = _enclosed_foreign(text, start, end, words)
    at = 0
    while at < len(words):
        word = words[at]
        if word.kind != "en" or any(a <= word.start < b for a, b in foreign):
            at += 1
            continue
        first, last = _trim(words, *_grow(words, at))
        after = words[last + 1] if last + 1 < len(words) else None
        translated = after is not None and after.text in {"(", "["}
        name_end = _article_before_name(words, first, last)
        if name_end > 0 or (not translated and not _is_title(words, first, last)):
            first, last = (first, name_end) if name_end > 0 else _widen(words, first, last)
            yield Run(tuple(words[first : last + 1]), words[first - 1] if first else None,
                      words[last + 1] if last + 1 < len(words) else None)
        at = last + 1

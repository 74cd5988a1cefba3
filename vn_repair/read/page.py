"""HTML pages by trafilatura: the article is kept, all other visible lines are reported in `Article.removed`."""

from __future__ import annotations

import logging
import re
from typing import Any, BinaryIO

from vn_repair.read.encodings import BOMS, DecodeError, decode
from vn_repair.read.limits import Limits, checked_text, problem
from vn_repair.read.names import stem
from vn_repair.read.sources import read_all
from vn_repair.segment import guess_language
from vn_repair.types import Article

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# No HTML may hold these; one is enough to make the parser behind trafilatura give up.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
TAG = re.compile(r"<[A-Za-z]")
BETWEEN = re.compile(r"[\s\"'/]+")  # what stands between attributes, and inside some values
CODE = re.compile(r"<(script|style)\b", re.IGNORECASE)
END_OF_CODE = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
# A long tag to its end, with quotation marks heeded and not: parsers differ on stray ones.
LONG_TAGS = (
    re.compile(r"<[A-Za-z](?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+'){1000,}+"), re.compile(r"<[A-Za-z][^<>]{20000,}+"),
)
INVISIBLE = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "select"})
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})


def read_page(stream: BinaryIO, source: str, lang: str | None, limits: Limits) -> Article:
    """The article of an HTML page. Raises `InputError` (as for plain text, and where a page has no article)."""
    data = read_all(stream, source, limits)
    if not data.strip():
        raise problem(source, "is empty", "give a page with an article in it")
    try:
        page = _decode_page(data)
    except DecodeError as error:
        raise problem(source, error.wrong, error.remedy) from None
    checked_text(page, source, limits)
    check_markup(page, source, limits)
    text, removed = extract(page)
    if not text:
        raise problem(source, "no article was found in the page", "save its text as .txt")
    text = checked_text(text, source, limits)
    from vn_repair.page_marks import marked_in_page

    ignored = marked_in_page(page, text)
    return Article(stem(source), text, lang or guess_language(text), source, tuple(removed), ignored)


def _decode_page(data: bytes) -> str:
    """By byte-order mark or as UTF-8, else as the page says, else as `decode` finds."""
    if not data.startswith(tuple(bom for bom, _ in BOMS)):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            declared = CHARSET.search(data[:4096])
            name = declared.group(1).decode("ascii") if declared else "utf-8"
            # Pages in windows-1258, TCVN3 and VNI often call themselves Western or UTF-8: those are looked into.
            if name.lower() not in ("utf-8", "utf8", "iso-8859-1", "windows-1252", "us-ascii", "x-user-defined"):
                try:
                    return data.decode(name)
                except (LookupError, UnicodeDecodeError):
                    pass
    return decode(data)[0]


def check_markup(page: str, source: str, limits: Limits) -> None:
    """Raise `InputError` for a page on which parsing and extraction, quadratic at worst, would take very long.

    Words in values count as attributes: the limit leaves room for them.
    """
    save = "save the text of the article as .txt"
    if len(page) > limits.page:
        raise problem(source, f"the page is longer than {limits.page:,} characters", save)
    page = _without_code(page)
    if sum(1 for _ in TAG.finditer(page)) > limits.elements:
        raise problem(source, f"the page holds over {limits.elements:,} elements", save)
    for kind in LONG_TAGS:
        for tag in kind.finditer(page):
            if sum(1 for _ in BETWEEN.finditer(tag.group())) > limits.attributes:
                raise problem(source, f"a tag has over {limits.attributes:,} attributes", save)


def _without_code(page: str) -> str:
    """`page` without scripts and style sheets, whose comparisons and strings look like tags."""
    kept, at = [], 0
    while code := CODE.search(page, at):
        kept.append(page[at : code.end()])
        end = END_OF_CODE[code.group(1).lower()].search(page, code.end())
        if end is None:
            break  # never closed: the rest is code
        at = end.start()
    else:
        kept.append(page[at:])
    return "".join(kept)


def extract(page: str) -> tuple[str, list[str]]:
    """The article's text and the other visible lines of the page, in order; `("", lines)` if there is no article."""
    import lxml.html
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports pages without an article; so do we
    page = CONTROL.sub(" ", re.sub(r"\A\s*<\?xml[^>]*\?>", "", page))
    try:
        tree = lxml.html.document_fromstring(page)
    except (lxml.etree.LxmlError, ValueError):
        return "", []
    lines = _visible_lines(tree)
    text = trafilatura.extract(tree, include_comments=False, include_tables=True, deduplicate=False) or ""
    kept_lines = {_words(part) for line in text.splitlines() for part in (line, *line.split("|"))}
    kept = f" {_words(text)} "
    removed = []
    for line in lines:
        words = _words(line)
        # A short line is the article's only as a line or table cell of its own, a longer one also as a part.
        if words and words not in kept_lines and not (words.count(" ") >= 3 and f" {words} " in kept):
            removed.append(line)
    return text, removed


def _words(line: str) -> str:
    return " ".join(re.findall(r"\w+", line))


def _visible_lines(tree: Any) -> list[str]:
    """The text of a page as a reader sees it, a line a block."""
    parts: list[str] = []

    # Iterative: a damaged page can be nested deeper than Python's stack.
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        element, closing = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else None
        block = tag is not None and tag not in INLINE
        if closing:
            parts.append("\n" if block else "")
            parts.append(element.tail or "")
            continue
        if tag is None or tag in INVISIBLE:
            parts.append(element.tail or "")
            continue
        parts.append("\n" if block else "")
        # White space in the source, line ends included, is one space on the page.
        parts.append(element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    joined = "".join("\n" if part == "\n" else re.sub(r"\s+", " ", part) for part in parts)
    return [line.strip() for line in joined.split("\n") if line.strip()]

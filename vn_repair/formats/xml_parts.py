"""What the XML formats share: characters that XML cannot hold, safe parsing, several documents written at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from lxml import etree

from vn_repair.types import InputError
from vn_repair.write.files import atomic

# All but the `Char` of XML 1.0, section 2.2.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
Element = Any  # lxml has no types of its own


def append_text(parent: Element, text: str, make_code: Callable[[Element, str], object]) -> None:
    """Add `text` at the end of `parent`; `make_code(parent, character)` adds what stands for an illegal one."""
    at = 0
    for match in ILLEGAL.finditer(text):
        _append(parent, text[at : match.start()])
        make_code(parent, match.group())
        at = match.end()
    _append(parent, text[at:])


def _append(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def printable(text: str) -> str:
    """`text` for a place that holds no code (an attribute, a note): illegal characters as `\\u001b`."""
    return ILLEGAL.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


def name_of(article_id: str) -> str:
    """The id of an article for an attribute: itself, or its checksum where XML cannot hold it."""
    if not ILLEGAL.search(article_id):
        return article_id
    return "sha256:" + sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()


def serialized(element: Element) -> str:
    """The element as text. Carriage returns come as `&#13;`, for a parser would turn bare ones into line feeds."""
    text: str = etree.tostring(element, encoding="unicode")
    return text


def parse_elements(path: Path, name: str) -> Iterator[tuple[Element, Element]]:
    """(root, element) of every element of that local name, each freed after use.

    No entity is expanded and nothing is fetched. Raises `InputError` for what is no well-formed XML.
    """
    try:
        root = None
        # Entities are kept as nodes, which readers refuse: so a document cannot blow up or read files.
        for event, element in etree.iterparse(str(path), events=("start", "end"), resolve_entities=False,
                                              no_network=True, load_dtd=False, huge_tree=False):
            if root is None:
                root = element
            if event == "end" and isinstance(element.tag, str) and etree.QName(element).localname == name:
                yield root, element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise InputError(f"{path}:{line}: not well-formed XML ({' '.join(str(error).split())}); save it anew from the "
                         "tool that wrote it") from error
    except OSError as error:
        raise InputError(f"{path}: cannot read ({error.strerror or error}); give a file that exists") from error


def children(element: Element, name: str) -> list[Element]:
    """The child elements of that local name, whatever their namespace."""
    return [c for c in element if isinstance(c.tag, str) and etree.QName(c).localname == name]


def local(element: Element) -> str:
    """An element's name without its namespace; of a comment or the like `""`, of an entity `"&"`."""
    if isinstance(element.tag, str):
        return str(etree.QName(element).localname)
    return "&" if element.tag is etree.Entity else ""


def differ(source: str | None, target: str | None) -> bool:
    """Whether two language tags are of different languages; `vi` and `vi-VN` are one."""
    return (source or "").lower().split("-")[0] != (target or "").lower().split("-")[0]


class Outputs:
    """Files written side by side that appear under their names together, at the end, or not at all."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.paths: list[Path] = []
        self._files: dict[str, TextIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Outputs:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Give the files their names, after an exception none."""
        self._stack.__exit__(kind, error, trace)

    def __contains__(self, name: str) -> bool:
        """Whether the file was opened."""
        return name in self._files

    def open(self, name: str) -> TextIO:
        """The file of that name, made at the first call. Raises `InputError` where it cannot be."""
        if name not in self._files:
            path = self.directory / name
            self._files[name] = self._stack.enter_context(atomic(path))
            self.paths.append(path)
        return self._files[name]

    def require_some(self, what: str) -> None:
        """Raise `InputError` if no file was opened."""
        if not self._files:
            raise InputError(f"{self.directory}: there is nothing to write ({what})")

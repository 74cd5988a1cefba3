"""XLIFF 1.2 (OASIS, 2008, strict): two files an article, its repair and its translation.

A `group` is a block, a `trans-unit` a sentence: `source` is the article's text with its spans as `mrk`, `target` the
same corrected with a state, `note` a reason, `alt-trans` another reading. In the translation a `trans-unit` is a block.
Characters that XML cannot hold are `<x ctype="x-char-001b"/>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from vn_repair import __version__
from vn_repair.formats.candidates import candidates
from vn_repair.formats.post_edits import PostEdit, bounds_of
from vn_repair.formats.units import Block, Sentence, blocks, other_language
from vn_repair.formats.xliff2 import PRIORITY
from vn_repair.formats.xml_parts import (
    XML_LANG,
    XML_SPACE,
    Element,
    Outputs,
    append_text,
    children,
    differ,
    local,
    name_of,
    parse_elements,
    printable,
    serialized,
)
from vn_repair.types import InputError, Repair, Status

NS = "urn:oasis:names:tc:xliff:document:1.2"
FILE = "repairs.1.2.xlf"
CHARACTER = re.compile(r"x-char-([0-9a-f]{4,6})")
OPEN, DONE = "needs-review-translation", "translated"
SIGNED_OFF = ("final", "signed-off")
UNDONE = ("new", "needs-translation", OPEN)


def write(repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write `repairs.1.2.xlf`."""
    with Outputs(directory) as outputs:
        for repair in repairs:
            found = blocks(repair)
            if not found:
                continue
            begun = FILE in outputs
            out = outputs.open(FILE)
            if not begun:
                out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="{NS}">\n')
            lang = repair.article.lang
            out.write(_file(repair, lang, [_group(b, lang) for b in found]))
            translated = [b for b in found if b.other and b.target.strip()]
            if translated:
                out.write(_file(repair, other_language(lang), [_translation(b) for b in translated]))
        outputs.require_some("no article has any text")
        outputs.open(FILE).write("</xliff>\n")
    return outputs.paths


def _file(repair: Repair, target: str, body: list[Element]) -> str:
    article = repair.article
    file = etree.Element(f"{{{NS}}}file", nsmap={None: NS})
    for key, value in (("original", name_of(article.id)), ("datatype", "plaintext"),
                       ("source-language", article.lang), ("target-language", target), ("tool-id", "vn-repair")):
        file.set(key, value)
    file.set(XML_SPACE, "preserve")
    header = _sub(file, "header")
    _sub(header, "tool", **{"tool-id": "vn-repair", "tool-name": "vn-repair", "tool-version": __version__})
    for note in repair.notes:
        _sub(header, "note").text = printable(note)
    holder = _sub(file, "body")
    for element in body:
        element.tail = "\n"
        holder.append(element)
    return serialized(file).replace(f' xmlns="{NS}"', "", 1) + "\n"


def _group(block: Block, lang: str) -> Element:
    group = etree.Element(f"{{{NS}}}group", nsmap={None: NS})
    group.set("id", f"b{block.start}-{block.end}")
    group.set("restype", "x-block")
    for sentence in block.sentences:
        source = block.source[sentence.start - block.start : sentence.end - block.start]
        unit = _sub(group, "trans-unit", id=f"s{sentence.start}-{sentence.end}")
        _marked(_sub(unit, "source"), sentence, source)
        undone = sentence.open and bool(sentence.target.strip())
        target = _sub(unit, "target", state=OPEN if undone else DONE)
        if sentence.changed:
            target.set("state-qualifier", "mt-suggestion")
        _fill(target, sentence.target)
        _notes(unit, sentence, source)
        for candidate in candidates(sentence, source):
            score = round(100 * min(max(candidate.score, 0.0), 1.0))
            other = _sub(unit, "alt-trans", **{"match-quality": f"{score}%", "alttranstype": "proposal",
                                               "origin": printable(f"vn-repair {candidate.proposer}")})
            proposal = _sub(other, "target")
            proposal.set(XML_LANG, lang)
            _fill(proposal, candidate.target)
    return group


def _notes(unit: Element, sentence: Sentence, source: str) -> None:
    for span in sentence.spans:
        surface = source[span.start - sentence.start : span.end - sentence.start]
        _sub(unit, "note", annotates="source", priority=PRIORITY[span.severity], **{"from": "vn-repair"}).text = (
            printable(f"{span.label}, {span.severity}: “{surface}”: {span.message} [{span.detector}]"))
    for edit in sentence.edits:
        surface = source[edit.start - sentence.start : edit.end - sentence.start]
        accepted = edit.status is Status.ACCEPTED  # the span's own note says why
        reasons = "" if accepted or not edit.reasons else f": {'; '.join(edit.reasons)}"
        _sub(unit, "note", annotates="target", **{"from": "vn-repair"}).text = printable(
            f"{edit.status}: “{surface}” → “{edit.replacement}” ({edit.proposer}){reasons}")


def _marked(element: Element, sentence: Sentence, source: str) -> None:
    """The sentence with its spans marked; one that overlaps another has only its note."""
    at = sentence.start
    counter = 0
    for span in sentence.spans:
        if span.start < at or span.start == span.end:
            continue
        counter = _fill(element, source[at - sentence.start : span.start - sentence.start], counter)
        mark = _sub(element, "mrk", mtype=f"x-{span.label}", comment=printable(span.message))
        counter = _fill(mark, source[span.start - sentence.start : span.end - sentence.start], counter)
        at = span.end
    _fill(element, source[at - sentence.start :], counter)


def _translation(block: Block) -> Element:
    unit = etree.Element(f"{{{NS}}}trans-unit", nsmap={None: NS})
    unit.set("id", f"b{block.start}-{block.end}")
    _fill(_sub(unit, "source"), block.target)
    _fill(_sub(unit, "target", **{"state": DONE, "state-qualifier": "mt-suggestion"}), block.other or "")
    return unit


def _sub(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{NS}}}{name}", attributes)


def _fill(element: Element, text: str, counter: int = 0) -> int:
    """Add `text`; the codes in it are numbered from `counter`, and the number of the last comes back."""
    def code(parent: Element, character: str) -> None:
        nonlocal counter
        counter += 1
        _sub(parent, "x", **{"id": f"c{counter}", "ctype": f"x-char-{ord(character):04x}",
                             "equiv-text": printable(character)})

    append_text(element, text, code)
    return counter


def read(path: Path) -> Iterator[PostEdit | InputError]:
    """Every `trans-unit` of a document that vn-repair wrote and a person edited; see `xliff2.read`."""
    for _, file in parse_elements(path, "file"):
        translation = differ(file.get("source-language"), file.get("target-language"))
        original = file.get("original") or ""
        for unit in file.iter("{*}trans-unit"):
            identifier = unit.get("id") or ""
            place = f"{path}: {original}: unit {identifier}"
            try:
                start, end = bounds_of(identifier, place)
                source, targets = children(unit, "source"), children(unit, "target")
                if not source or not targets:
                    raise InputError(f"{place}: has no target; translate it or leave the unit out")
                text, state = plain_text(targets[0], place), targets[0].get("state") or "new"
                if not text and state in UNDONE:
                    raise InputError(f"{place}: its target is empty in state {state}; set the state to translated if "
                                     "it is to be deleted")
                reviewed = state in SIGNED_OFF or unit.get("approved") == "yes"
                yield PostEdit(str(path), place, original, start, end, plain_text(source[0], place), text, translation,
                               reviewed)
            except InputError as error:
                yield error


def plain_text(element: Element, place: str) -> str:
    """The text of a source or target without annotations, its coded characters written out.

    Raises `InputError` for an inline code that vn-repair does not write.
    """
    out = element.text or ""
    for child in element:
        name = local(child)
        code = CHARACTER.fullmatch(child.get("ctype") or "") if name == "x" else None
        if code and int(code[1], 16) <= 0x10FFFF:
            out += chr(int(code[1], 16))
        elif name in ("mrk", "g"):
            out += plain_text(child, place)
        elif name:
            raise InputError(f"{place}: holds an inline code <{name}>; write its text out in the tool")
        out += child.tail or ""
    return out

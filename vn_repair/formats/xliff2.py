"""XLIFF 2.0 (OASIS, 2014): a file an article, a unit a block, a segment a sentence.

Segments carry a state, units their findings as notes (`mrk` in the source points to them), as metadata (module
`urn:oasis:names:tc:xliff:metadata:2.0`) and other readings as matches (`urn:oasis:names:tc:xliff:matches:2.0`).
A document has one pair of languages: `vi` to `vi` and `en` to `en` are repairs, `vi` to `en` and `en` to `vi`
translations of the repaired text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from vn_repair import __version__
from vn_repair.formats.candidates import candidates
from vn_repair.formats.post_edits import PostEdit, bounds_of
from vn_repair.formats.units import Block, Sentence, blocks, other_language, pairs
from vn_repair.formats.xml_parts import (
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
from vn_repair.types import MQM_CATEGORY, InputError, Repair, Severity, Span, Status

NS = "urn:oasis:names:tc:xliff:document:2.0"
MDA = "urn:oasis:names:tc:xliff:metadata:2.0"
MTC = "urn:oasis:names:tc:xliff:matches:2.0"
NSMAP = {None: NS, "mda": MDA, "mtc": MTC}
PRIORITY = {Severity.CRITICAL: "1", Severity.MAJOR: "3", Severity.MINOR: "6"}  # 1 is highest
SIGNED_OFF = ("reviewed", "final")


def write(repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write `repairs.2.0.LANG.xlf` and `repairs.2.0.LANG-OTHER.xlf`, each where there is something for it."""
    with Outputs(directory) as outputs:
        for number, repair in enumerate(repairs, 1):
            lang, other = repair.article.lang, other_language(repair.article.lang)
            found = blocks(repair)
            for target, units in ((lang, [_unit(b) for b in found]),
                                  (other, [u for b in found if (u := _translation(b, lang)) is not None])):
                if units:
                    name = f"repairs.2.0.{lang}.xlf" if target == lang else f"repairs.2.0.{lang}-{target}.xlf"
                    begun = name in outputs
                    file = outputs.open(name)
                    if not begun:
                        file.write(_head(lang, target))
                    file.write(_file(repair, number, units))
        outputs.require_some("no article has any text")
        for path in outputs.paths:
            outputs.open(path.name).write("</xliff>\n")
    return outputs.paths


def _head(source: str, target: str) -> str:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<xliff version="2.0" srcLang="{source}" trgLang="{target}" xmlns="{NS}" xmlns:mda="{MDA}" '
            f'xmlns:mtc="{MTC}">\n')


def _file(repair: Repair, number: int, units: Sequence[Element]) -> str:
    article = repair.article
    element = etree.Element(f"{{{NS}}}file", nsmap=NSMAP)
    element.set("id", f"a{number}")
    element.set("original", name_of(article.id))
    element.set(XML_SPACE, "preserve")
    group = _group(_sub(element, "metadata", MDA), "vn-repair")
    for kind, value in (("version", __version__), ("lang", article.lang)):
        _meta(group, kind, value)
    if repair.notes:
        notes = _sub(element, "notes")
        for note in repair.notes:
            _sub(notes, "note").text = printable(note)
    for unit in units:
        unit.tail = "\n"
        element.append(unit)
    etree.cleanup_namespaces(element, keep_ns_prefixes=["mda", "mtc"])
    # The root declares the namespaces; lxml would have each file do so again.
    return serialized(element).replace(f' xmlns="{NS}"', "", 1).replace(f' xmlns:mda="{MDA}"', "", 1).replace(
        f' xmlns:mtc="{MTC}"', "", 1) + "\n"


def _unit(block: Block) -> Element:
    unit = etree.Element(f"{{{NS}}}unit", nsmap=NSMAP)
    unit.set("id", f"b{block.start}-{block.end}")
    _metadata(unit, block)
    _matches(unit, block)
    spans = [(span, f"n{i}") for i, span in enumerate((p for s in block.sentences for p in s.spans), 1)]
    waiting = [e for s in block.sentences for e in s.edits if e.status is not Status.ACCEPTED]
    if spans or waiting:
        notes = _sub(unit, "notes")
        for span, note_id in spans:
            note = _sub(notes, "note", id=note_id, appliesTo="source", category=str(span.label),
                        priority=PRIORITY[span.severity])
            note.text = printable(f"{span.message} [{span.detector}, {span.severity}]")
        for edit in waiting:
            note = _sub(notes, "note", appliesTo="target", category=str(edit.status))
            surface = block.source[edit.start - block.start : edit.end - block.start]
            reasons = f": {'; '.join(edit.reasons)}" if edit.reasons else ""
            note.text = printable(f"“{surface}” → “{edit.replacement}”{reasons}")
    names = {id(span): name for span, name in spans}
    for i, sentence in enumerate(block.sentences):
        if block.gap(i):
            _texts(_sub(unit, "ignorable"), block.gap(i), block.gap(i))
        segment = _sub(unit, "segment", id=f"s{sentence.start}-{sentence.end}")
        segment.set("state", "initial" if sentence.open and sentence.target.strip() else "translated")
        segment.set("subState", f"vn-repair:{_substate(sentence)}")
        source = _sub(segment, "source")
        _marked(source, block, sentence, names)
        append_text(_sub(segment, "target"), sentence.target, _code)
    return unit


def _substate(sentence: Sentence) -> str:
    if sentence.open:
        return "review"
    return "repaired" if sentence.changed else "unchanged"


def _marked(source: Element, block: Block, sentence: Sentence, names: dict[int, str]) -> None:
    """The sentence with its spans as annotations; one that overlaps another has only its note."""
    at = sentence.start
    text = block.source
    for span in sentence.spans:
        if span.start < at or span.start == span.end:
            continue
        append_text(source, text[at - block.start : span.start - block.start], _code)
        name = names[id(span)]
        mark = _sub(source, "mrk", id="m" + name[1:], type="comment", ref=f"#n={name}")
        append_text(mark, text[span.start - block.start : span.end - block.start], _code)
        at = span.end
    append_text(source, text[at - block.start : sentence.end - block.start], _code)


def _translation(block: Block, lang: str) -> Element | None:
    """A unit of the repaired block and its translation; none where there is no translation."""
    found = pairs(block, lang)
    if not found:
        return None
    unit = etree.Element(f"{{{NS}}}unit", nsmap=NSMAP)
    unit.set("id", f"b{block.start}-{block.end}")
    texts = [(p.own, p.other) for p in found]
    if " ".join(o for _, o in texts) != block.other or " ".join(o for o, _ in texts) != block.target:
        texts = [(block.target, block.other or "")]
    for i, (own, other) in enumerate(texts):
        if i:
            _texts(_sub(unit, "ignorable"), " ", " ")
        _texts(_sub(unit, "segment", id=f"p{i + 1}", state="translated", subState="vn-repair:machine"), own, other)
    return unit


def _metadata(unit: Element, block: Block) -> None:
    spans: list[Span] = [s for sentence in block.sentences for s in sentence.spans]
    edits = [e for sentence in block.sentences for e in sentence.edits]
    if not spans and not edits:
        return
    metadata = _sub(unit, "metadata", MDA)
    for number, span in enumerate(spans, 1):
        group = _group(metadata, "vn-repair:span", f"d{number}")
        for kind, value in (("label", span.label), ("mqm", MQM_CATEGORY[span.label]), ("severity", span.severity),
                            ("score", f"{span.score:.4f}"), ("detector", span.detector), ("start", span.start),
                            ("end", span.end), ("note", f"n{number}")):
            _meta(group, kind, str(value))
    for edit in edits:
        group = _group(metadata, "vn-repair:edit")
        for kind, value in (("status", edit.status), ("proposer", edit.proposer), ("score", f"{edit.score:.4f}"),
                            ("start", edit.start), ("end", edit.end), ("replacement", edit.replacement),
                            ("reasons", "; ".join(edit.reasons))):
            _meta(group, kind, str(value))


def _matches(unit: Element, block: Block) -> None:
    found = [(s, c) for s in block.sentences
             for c in candidates(s, block.source[s.start - block.start : s.end - block.start])]
    if not found:
        return
    matches = _sub(unit, "matches", MTC)
    for sentence, candidate in found:
        match = _sub(matches, "match", MTC, ref=f"#s{sentence.start}-{sentence.end}", similarity="100.0", type="mt",
                     matchQuality=f"{100 * min(max(candidate.score, 0.0), 1.0):.1f}",
                     origin=printable(f"vn-repair {candidate.proposer}"))
        _texts(match, block.source[sentence.start - block.start : sentence.end - block.start], candidate.target)


def _texts(parent: Element, source: str, target: str) -> None:
    append_text(_sub(parent, "source"), source, _code)
    append_text(_sub(parent, "target"), target, _code)


def _sub(parent: Element, name: str, namespace: str = NS, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)


def _group(metadata: Element, category: str, identifier: str | None = None) -> Element:
    return _sub(metadata, "metaGroup", MDA, **({"id": identifier} if identifier else {}), category=category)


def _meta(group: Element, kind: str, value: str) -> None:
    _sub(group, "meta", MDA, type=kind).text = printable(value)


def _code(parent: Element, character: str) -> None:
    _sub(parent, "cp", hex=f"{ord(character):04X}")


def read(path: Path) -> Iterator[PostEdit | InputError]:
    """Every unit of a document that vn-repair wrote and a person edited; an `InputError` for one that is no use.

    Segments may have been split, joined and reordered. Raises `InputError` for a file that cannot be parsed.
    """
    for root, file in parse_elements(path, "file"):
        translation = differ(root.get("srcLang"), root.get("trgLang"))
        for unit in file.iter("{*}unit"):
            identifier = unit.get("id") or ""
            place = f"{path}: {file.get('original') or file.get('id')}: unit {identifier}"
            try:
                start, end = bounds_of(identifier, place)
                source, target, reviewed = _unit_texts(unit, place)
            except InputError as error:
                yield error
                continue
            yield PostEdit(str(path), place, file.get("original") or "", start, end, source, target, translation,
                           reviewed)


def _unit_texts(unit: Element, place: str) -> tuple[str, str, bool]:
    """Source, target and whether all segments are signed off. Raises `InputError` for a missing target."""
    source, targets, reviewed = "", [], True
    parts = [c for c in unit if local(c) in ("segment", "ignorable")]
    for number, part in enumerate(parts, 1):
        own = "".join(plain_text(e, place) for e in children(part, "source"))
        theirs = children(part, "target")
        given = theirs[0].get("order") or "" if theirs else ""
        order = int(given) if given.isdecimal() else number
        if local(part) == "ignorable":
            targets.append((order, plain_text(theirs[0], place) if theirs else own))
        else:
            if not theirs:
                raise InputError(f"{place}: segment {part.get('id') or number} has no target; translate it or leave "
                                 "the unit out")
            state = part.get("state") or "initial"
            text = plain_text(theirs[0], place)
            if not text and own.strip() and state == "initial":
                raise InputError(f"{place}: segment {part.get('id') or number} has an empty target in state initial; "
                                 "set the state to translated if it is to be deleted")
            reviewed = reviewed and state in SIGNED_OFF
            targets.append((order, text))
        source += own
    return source, "".join(text for _, text in sorted(targets, key=lambda t: t[0])), reviewed and bool(parts)


def plain_text(element: Element, place: str) -> str:
    """The text of a source or target, annotations taken away and `cp` turned into characters.

    Raises `InputError` for an inline code: vn-repair writes none, so it stands for something unknown.
    """
    out = element.text or ""
    for child in element:
        name = local(child)
        if name == "cp":
            out += _character(child.get("hex"), place)
        elif name in ("mrk", "pc"):
            out += plain_text(child, place)
        elif name in ("ph", "sc", "ec", "&"):
            raise InputError(f"{place}: holds an inline code <{name}>; write its text out in the tool")
        out += child.tail or ""
    return out


def _character(code: str | None, place: str) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        raise InputError(f"{place}: <cp hex={code!r}> is no character; correct it") from None

"""TMX 1.4b (LISA OSCAR, 2005): pairs of a repaired sentence and its counterpart, Vietnamese as the source language.

A `tu` has one `tuv` a language, for many tools take but the first of two. What the sentence read before its repair is
a `prop` of type `x-original` of its `tuv`. `tuid` is the article's id and the sentence's offset in it; other props
tell the article, the labels of its findings and whether any of them is open. Characters that XML cannot hold are
`<ph type="x-char-001b"/>` in a segment, `\\u001b` in a prop of type `x-original-escaped`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from vn_repair import __version__
from vn_repair.formats.units import Block, Pair, Sentence, blocks, pairs
from vn_repair.formats.xml_parts import (
    ILLEGAL,
    XML_LANG,
    Element,
    Outputs,
    append_text,
    name_of,
    printable,
    serialized,
)
from vn_repair.types import EN, VI, Repair

FILE = "repairs.tmx"
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
<header creationtool="vn-repair" creationtoolversion="{__version__}" segtype="sentence" o-tmf="vn-repair JSONL" \
adminlang="en" srclang="vi" datatype="plaintext"/>
<body>
"""


def write(repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write `repairs.tmx`. Raises `InputError` if no sentence has a translation."""
    with Outputs(directory) as outputs:
        for repair in repairs:
            for block in blocks(repair):
                for pair in pairs(block, repair.article.lang):
                    begun = FILE in outputs
                    out = outputs.open(FILE)
                    if not begun:
                        out.write(HEAD)
                    out.write(serialized(_tu(repair, block, pair)) + "\n")
        outputs.require_some("no sentence has a translation; repair without --rules-only")
        outputs.open(FILE).write("</body>\n</tmx>\n")
    return outputs.paths


def _tu(repair: Repair, block: Block, pair: Pair) -> Element:
    article = repair.article
    inside = [s for s in block.sentences if pair.start <= s.start and s.end <= pair.end]
    tu = etree.Element("tu")
    tu.set("tuid", f"{name_of(article.id)}:{pair.start}")
    if pair.whole and len(inside) > 1:
        tu.set("segtype", "paragraph")
    for span in (span for s in inside for span in s.spans):
        etree.SubElement(tu, "note").text = printable(f"{span.label}, {span.severity}: {span.message}")
    _prop(tu, "x-article", name_of(article.id))
    labels = dict.fromkeys(str(span.label) for s in inside for span in s.spans)
    if labels:
        _prop(tu, "x-labels", ",".join(labels))
    _prop(tu, "x-status", _status(inside))
    texts = {article.lang: pair.own, EN if article.lang == VI else VI: pair.other}
    for lang in (VI, EN):
        tuv = etree.SubElement(tu, "tuv")
        tuv.set(XML_LANG, lang)
        original = article.text[pair.start : pair.end]
        if lang == article.lang and original != pair.own:
            if ILLEGAL.search(original):
                _prop(tuv, "x-original-escaped", printable(original.replace("\\", "\\\\")))
            else:
                _prop(tuv, "x-original", original)
        append_text(etree.SubElement(tuv, "seg"), texts[lang], _code)
    return tu


def _status(sentences: list[Sentence]) -> str:
    if any(s.open for s in sentences):
        return "review"
    return "repaired" if any(s.changed for s in sentences) else "unchanged"


def _prop(parent: Element, kind: str, text: str) -> None:
    etree.SubElement(parent, "prop", type=kind).text = printable(text)


def _code(parent: Element, character: str) -> None:
    etree.SubElement(parent, "ph", type=f"x-char-{ord(character):04x}")

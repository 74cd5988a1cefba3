import os
import re
from pathlib import Path

import pytest
from formats_making import TEXT, made, repairs
from hypothesis import given, settings
from lxml import etree

from vn_repair.formats import FORMATS, write
from vn_repair.formats.units import blocks, pairs
from vn_repair.types import Article, InputError, Repair

SCHEMAS = Path(__file__).parent / "data" / "formats"
OFFICIAL = os.environ.get("VN_REPAIR_SCHEMAS")
X2 = "{urn:oasis:names:tc:xliff:document:2.0}"
X1 = "{urn:oasis:names:tc:xliff:document:1.2}"
XML = ("tmx", "xliff2", "xliff12")
RULES = settings(max_examples=15, deadline=None)


def schema(name):
    if name == "tmx":
        return etree.DTD(str(SCHEMAS / "tmx-1.4.dtd"))
    return etree.RelaxNG(etree.parse(str(SCHEMAS / {"xliff2": "xliff-2.0.rng", "xliff12": "xliff-1.2.rng"}[name])))


def official(name):
    """The standard's own schema, where the tester has it."""
    folder = Path(OFFICIAL)
    text = (folder / {"xliff2": "xliff-core-2.0.xsd", "xliff12": "xliff-core-1.2-strict.xsd"}[name]).read_text()
    place = (folder / "xml.xsd").as_uri()
    return etree.XMLSchema(etree.fromstring(re.sub(r'schemaLocation="[^"]*xml.xsd"', f'schemaLocation="{place}"',
                                                   text).encode()))


def documents(name, repaired, folder):
    return [etree.parse(str(path)) for path in write(name, repaired, folder)]


def hold_to_schema(name, document):
    for checked in [schema(name)] + ([official(name)] if OFFICIAL and name != "tmx" else []):
        assert checked.validate(document), checked.error_log


@pytest.mark.parametrize("name", XML)
def test_valid(name, tmp_path):
    english = made(TEXT, "en", "002")
    for document in documents(name, [made(), english], tmp_path):
        hold_to_schema(name, document)


@RULES
@given(repairs())
@pytest.mark.parametrize("name", XML)
def test_any_repair_is_valid(name, tmp_path_factory, repair):
    folder = tmp_path_factory.mktemp("out")
    try:
        found = documents(name, [repair], folder)
    except InputError as error:
        assert name == "tmx" and "no sentence has a translation" in str(error)
        assert not any(pairs(b, repair.article.lang) for b in blocks(repair))
        return
    for document in found:
        hold_to_schema(name, document)
        if name == "xliff2":
            references_resolve(document)


def references_resolve(document):
    """What XLIFF 2.0 asks for and no schema can say: ids are unique, references lead somewhere."""
    assert len({f.get("id") for f in document.iter(f"{X2}file")}) == len(list(document.iter(f"{X2}file")))
    for unit in document.iter(f"{X2}unit"):
        notes = {n.get("id") for n in unit.iter(f"{X2}note")}
        segments = [s.get("id") for s in unit.iter(f"{X2}segment")]
        marks = [m.get("id") for m in unit.iter(f"{X2}mrk")]
        assert len(set(segments + marks)) == len(segments + marks)
        assert all(m.get("ref")[3:] in notes for m in unit.iter(f"{X2}mrk"))
        assert all(m.get("ref")[1:] in segments for m in unit.iter("{urn:oasis:names:tc:xliff:matches:2.0}match"))


@pytest.mark.parametrize(("name", "old", "new"), [
    ("tmx", "<seg>", "<seg><b/>"), ("tmx", ' xml:lang="vi"', ""), ("tmx", 'version="1.4"', 'version="1.1"'),
    ("xliff2", 'state="translated"', 'state="done"'), ("xliff2", "<notes>", "<notes/><notes>"),
    ("xliff2", ' id="a1"', ' id="a 1"'), ("xliff2", 'hex="', 'hex="x'),
    ("xliff12", 'state="translated"', 'state="done"'), ("xliff12", ' datatype="plaintext"', ""),
])
def test_the_schemas_refuse_what_is_wrong(name, old, new, tmp_path):
    text = write(name, [made()], tmp_path)[0].read_text(encoding="utf-8")
    assert old in text
    document = etree.fromstring(text.replace(old, new).encode())
    assert not schema(name).validate(document)
    if OFFICIAL and name != "tmx":
        assert not official(name).validate(document)


def test_xliff2_says_what_a_translator_needs(tmp_path):
    (tmp_path / "a").mkdir()
    paths = write("xliff2", [made()], tmp_path / "a")
    assert [p.name for p in paths] == ["repairs.2.0.vi.xlf", "repairs.2.0.vi-en.xlf"]
    document = etree.parse(str(paths[0]))
    units = list(document.iter(f"{X2}unit"))
    assert [(s.get("state"), s.get("subState")) for s in units[0].iter(f"{X2}segment")] == [
        ("translated", "vn-repair:repaired"), ("initial", "vn-repair:review")]
    mark = units[0].find(f".//{X2}mrk")
    note = units[0].find(f".//{X2}note[@id='{mark.get('ref')[3:]}']")
    assert (mark.text, note.get("category"), note.text) == ("mẫu kiểu NTM", "word_order",
                                                            "đảo bổ ngữ [word_order.test, minor]")
    review = [n.text for n in units[0].iter(f"{X2}note") if n.get("category") == "review"]
    assert review == ["“to plan to the top” → “theo kế hoạch”: numbers: đổi số"]
    second = units[0].findall(f"{X2}segment")[1].get("id")
    matches = [m.find(f"{X2}target").text for m in units[0].iter("{urn:oasis:names:tc:xliff:matches:2.0}match")
               if m.get("ref") == f"#{second}"]
    assert matches == ["Dự án theo kế hoạch ban đầu đã xong.", "Dự án khác ban đầu đã xong."]
    meta = {m.get("type"): m.text for m in units[0].find(".//{urn:oasis:names:tc:xliff:metadata:2.0}metaGroup")}
    assert (meta["label"], meta["mqm"], meta["start"]) == ("word_order", "fluency/grammar", "22")


def test_xliff12_says_what_a_translator_needs(tmp_path):
    document = documents("xliff12", [made()], tmp_path)[0]
    files = document.getroot()
    assert [(f.get("source-language"), f.get("target-language")) for f in files] == [("vi", "vi"), ("vi", "en")]
    units = {u.get("id"): u for u in files[0].iter(f"{X1}trans-unit")}
    first, second = list(units.values())[:2]
    assert [u.find(f"{X1}target").get("state") for u in (first, second)] == ["translated", "needs-review-translation"]
    assert first.find(f"{X1}source/{X1}mrk").get("mtype") == "x-word_order"
    assert second.find(f"{X1}alt-trans/{X1}target").text == "Dự án theo kế hoạch ban đầu đã xong."
    assert any("“to plan to the top” → “theo kế hoạch”" in n.text for n in second.iter(f"{X1}note"))


def tmx_text(element):
    out = element.text or ""
    for child in element:
        out += chr(int(child.get("type").removeprefix("x-char-"), 16)) + (child.tail or "")
    return out


@RULES
@given(repairs())
def test_tmx_holds_the_pairs_exactly(tmp_path_factory, repair):
    wanted = [(p, b) for b in blocks(repair) for p in pairs(b, repair.article.lang)]
    if not wanted:
        return
    (document,) = documents("tmx", [repair], tmp_path_factory.mktemp("out"))
    units = list(document.iter("tu"))
    assert len(units) == len(wanted)
    for unit, (pair, _) in zip(units, wanted, strict=True):
        found = {v.get("{http://www.w3.org/XML/1998/namespace}lang"): v for v in unit.iter("tuv")}
        own = found.pop(repair.article.lang)
        assert tmx_text(own.find("seg")) == pair.own
        assert [tmx_text(v.find("seg")) for v in found.values()] == [pair.other]
        original = repair.article.text[pair.start : pair.end]
        props = {p.get("type"): p.text or "" for p in own.iter("prop")}
        assert ("x-original" in props or "x-original-escaped" in props) == (original != pair.own)
        assert props.get("x-original", original) == original
        if escaped := props.get("x-original-escaped"):
            plain = re.sub(r"\\(\\|u([0-9a-f]{4}))", lambda m: chr(int(m[2], 16)) if m[2] else "\\", escaped)
            assert plain == original


def test_vietnamese_is_always_the_source_of_tmx(tmp_path):
    (document,) = documents("tmx", [made("One thing. " + TEXT, "en", "x")], tmp_path)
    assert document.find("header").get("srclang") == "vi"
    assert [v.get("{http://www.w3.org/XML/1998/namespace}lang") for v in document.find(".//tu").iter("tuv")] == [
        "vi", "en"]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_appears_when_reading_fails(name, tmp_path):
    def broken():
        yield made()
        raise InputError("r.jsonl:2: is broken")

    with pytest.raises(InputError, match="is broken"):
        write(name, broken(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_one_repair_is_held_at_a_time(name, tmp_path):
    import weakref

    alive: list[weakref.ref] = []

    class Held(str):
        """A text that can be watched."""

    def many():
        for number in range(6):
            assert sum(ref() is not None for ref in alive) <= 1
            text = Held(TEXT)
            alive.append(weakref.ref(text))
            repair = made(text, identifier=f"a{number}")
            del text
            yield repair
            del repair

    write(name, many(), tmp_path)
    assert len(alive) == 6


@pytest.mark.parametrize(("name", "repaired", "problem"), [
    ("docx", [made()], "docx: no such format; use one of tmx, xliff2, xliff12, mqm, wmt-tags, m2"),
    ("xliff2", [], "there is nothing to write"),
    ("mqm", [Repair(Article("a", " \n", "vi", "f"), (), (), " \n", "")], "there is nothing to write"),
])
def test_refused(name, repaired, problem, tmp_path):
    with pytest.raises(InputError, match=re.escape(problem)):
        write(name, repaired, tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_the_files_are_those_that_are_promised(name, tmp_path):
    names = [p.name for p in write(name, [made()], tmp_path)]
    promised = [f.replace("LANG", "vi").replace("OTHER", "en") for f in FORMATS[name].files]
    assert names == promised == [p.name for p in sorted(tmp_path.iterdir(), key=lambda p: promised.index(p.name))]
    assert write(name, [made()], tmp_path)  # over older ones

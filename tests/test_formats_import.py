import csv
import gzip
import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from formats_making import TEXT, made, repairs, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from vn_repair.cli import run
from vn_repair.evaluate.references import load_references, parse_item
from vn_repair.formats import read_post_edits, write, xliff2
from vn_repair.formats.gold_spans import Correction, rebuilt
from vn_repair.formats.references import references
from vn_repair.formats.tsv import escaped, guarded
from vn_repair.formats.units import blocks
from vn_repair.formats.xml_parts import append_text
from vn_repair.types import InputError
from vn_repair.write.record import full_record, line

sys.path.insert(0, str(Path(__file__).parents[1] / "eval" / "references"))
import compile as reference_compiler

FORMATS = ("xliff2", "xliff12", "mqm")
RULES = settings(max_examples=15, deadline=None)
NS2, NS1 = "{urn:oasis:names:tc:xliff:document:2.0}", "{urn:oasis:names:tc:xliff:document:1.2}"


def imported(paths, repaired, **options):
    """References of the files, checked, and complaints."""
    found = list(references((e for p in paths for e in read_post_edits(p)), repaired, **options))
    good = [r for r in found if not isinstance(r, InputError)]
    for row in good:
        item = parse_item(json.loads(line(row)))
        own = row[f"{row['lang']}_ref"]
        changes = [Correction(s["start"], s["end"], s["correction"]) for s in row["spans"]]
        assert rebuilt(item.text, changes) == own
        assert item.clean == (own == item.text)
        if "\r" not in item.text:
            reference_compiler.check_spans(item.text, row["spans"])
    return good, [str(e) for e in found if isinstance(e, InputError)]


def clean(text):
    return unicodedata.normalize("NFC", text).strip()


@RULES
@given(repairs())
@pytest.mark.parametrize("name", FORMATS)
def test_unchanged_files_give_the_repair(name, tmp_path_factory, repair):
    good, bad = imported(write(name, [repair], tmp_path_factory.mktemp("x")), [repair])
    assert bad == []
    lang, found = repair.article.lang, blocks(repair)
    assert [(r["text"], r[f"{lang}_ref"]) for r in good] == [(b.source, clean(b.target)) for b in found]
    other = "en_ref" if lang == "vi" else "vi_ref"
    if name != "mqm":
        assert [r[other] for r in good] == [
            clean(b.other) if b.other and b.target.strip() else None for b in found]
    assert [r["block"] for r in good] == sorted({r["block"] for r in good})


def edit_xliff(path, namespace, name, code, change):
    document = etree.parse(str(path))
    for unit in document.iter(f"{namespace}{name}"):
        target = unit.find(f"{namespace}target")
        new = change(unit.get("id"))
        if target is not None and new is not None:
            state = target if namespace == NS1 else unit
            state.set("state", "final")
            for child in list(target):
                target.remove(child)
            target.text = None
            append_text(target, new, code)
    document.write(str(path), encoding="utf-8", xml_declaration=True)


def edit_mqm(path, change):
    with open(path, encoding="utf-8", newline="") as file:
        body = list(csv.reader(file, delimiter="\t"))
    for row in body[1:]:
        new = change(row)
        if row[0] == "repaired" and new is not None:
            row[6:9], row[4] = [guarded(escaped(new, re.compile("</?v>"))), "No-error", "No-error"], "Lan"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(body)


def post_edit(name, path, wanted):
    """Write what `wanted` says for the sentences at given offsets into the file."""
    ids = {f"s{start}-{end}": text for (start, end), text in wanted.items()}
    if name == "mqm":
        starts = {str(start): text for (start, _), text in wanted.items()}
        edit_mqm(path, lambda row: starts.get(row[2]))
    elif name == "xliff2":
        edit_xliff(path, NS2, "segment", xliff2._code, ids.get)
    else:
        edit_xliff(path, NS1, "trans-unit", lambda p, c: etree.SubElement(
            p, f"{NS1}x", id=f"e{ord(c)}", ctype=f"x-char-{ord(c):04x}"), ids.get)


@RULES
@given(repairs(), st.data())
@pytest.mark.parametrize("name", FORMATS)
def test_post_edits_come_back_exactly(name, tmp_path_factory, repair, data):
    sentences = [s for b in blocks(repair) for s in b.sentences]
    chosen = data.draw(st.lists(st.sampled_from(sentences), min_size=1, max_size=3, unique=True))
    wanted = {(s.start, s.end): data.draw(texts) for s in chosen}
    paths = write(name, [repair], tmp_path_factory.mktemp("x"))
    post_edit(name, paths[0], wanted)
    good, bad = imported(paths[:1], [repair])
    assert bad == [] and len(good) == len(blocks(repair))
    for row, block in zip(good, blocks(repair), strict=True):
        expected = block.target
        if any((s.start, s.end) in wanted for s in block.sentences):
            expected = "".join(block.gap(i) + wanted.get((s.start, s.end), s.target)
                               for i, s in enumerate(block.sentences))
        # The line ends of a text in which a tool has changed them are the article's.
        assert clean(row[f"{row['lang']}_ref"]).replace("\r\n", "\n") == clean(expected).replace("\r\n", "\n")


@pytest.mark.parametrize("name", FORMATS)
def test_a_translators_day(name, tmp_path):
    """One sentence corrected, one left as repaired, one emptied; labels come from the findings."""
    repair = made("Họp mẫu kiểu NTM. Dự án to plan to the top ban đầu đã xong. Xem thêm.\n" + TEXT)
    paths = write(name, [repair], tmp_path)
    first = blocks(repair)[0].sentences
    post_edit(name, paths[0], {(first[1].start, first[1].end): "Dự án theo kế hoạch ban đầu đã xong.",
                               (first[2].start, first[2].end): ""})
    good, bad = imported(paths, [repair])
    assert bad == []
    row = good[0]
    assert row["vi_ref"] == "Họp NTM kiểu mẫu. Dự án theo kế hoạch ban đầu đã xong."
    assert [(row["text"][s["start"] : s["end"]], s["correction"], s["label"], s["severity"], s["evidence"])
            for s in row["spans"]] == [
        ("mẫu kiểu NTM", "NTM kiểu mẫu", "word_order", "minor", "surface"),
        ("to plan to the top", "theo kế hoạch", "untranslated", "major", "surface"),
        ("Xem thêm.", "", "mistranslation", "major", "context")]
    assert row["en_ref"] is None  # the machine translated other words
    assert (row["id"], row["article"], row["block"], row["action"], row["kind"], row["theme"]) == (
        "báo/001 <&\"'>:0", "báo/001 <&\"'>", 0, "fix", "garbled", "báo/001 <&\"'>")
    assert row["remark"] == f"post-edited in {paths[0].name}; the labels of 1 of 3 spans are guesses"
    assert good[-2]["action"] == "delete" and good[-2]["vi_ref"] == "" and good[-1]["action"] == "keep"


def test_mqm_marks_give_labels_and_severities(tmp_path):
    repair = made("Hôm qua mẫu kiểu NTM họp phương thức. \n" + TEXT)
    (path,) = write("mqm", [repair], tmp_path)
    with open(path, encoding="utf-8", newline="") as file:
        body = list(csv.reader(file, delimiter="\t"))
    original, fixed = body[1], body[2]
    assert original[0] == "original"
    original[7:10] = ["Style/Awkward", "Critical", ""]
    added = [*original[:6], original[5].replace("phương thức", "<v>phương thức</v>"), "Terminology", "Minor", "x"]
    fixed[6], fixed[4] = "Hôm qua NTM kiểu mẫu họp địa phương.", "Lan"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([*body[:2], added, *body[2:]])
    good, bad = imported([path], [repair])
    assert bad == []
    assert [(s["label"], s["severity"]) for s in good[0]["spans"]] == [
        ("spun_synonym", "critical"), ("terminology", "minor")]
    assert [r["id"] for r in imported([path], [repair], reviewed_only=True)[0]] == [good[0]["id"]]


def test_mqm_category_alone_takes_the_label_of_the_finding(tmp_path):
    repair = made()
    (path,) = write("mqm", [repair], tmp_path)
    text = path.read_text(encoding="utf-8").replace("[word_order] ", "").replace("Fluency/Grammar", "fluency/grammar")
    path.write_text(text, encoding="utf-8")
    good, _ = imported([path], [repair])
    assert good[0]["spans"][0]["label"] == "word_order"


def replaced(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_segments_may_be_split_and_reordered(tmp_path):
    paths = write("xliff2", [made()], tmp_path)
    document = etree.parse(str(paths[0]))
    unit = document.find(f".//{NS2}unit")
    first = unit.find(f"{NS2}segment")
    sources = (("Hội nghị ", "NTM "), ("bàn", "bàn"), (" xây dựng mẫu kiểu NTM.", " họp."))
    for number, (source, target) in enumerate(sources):
        segment = etree.Element(f"{NS2}segment", state="final")
        etree.SubElement(segment, f"{NS2}source").text = source
        etree.SubElement(segment, f"{NS2}target", order=str(number + 1)).text = target
        first.addprevious(segment)
    unit.remove(first)
    for n, segment in enumerate(unit, 1):
        if etree.QName(segment).localname in ("segment", "ignorable"):
            segment.find(f"{NS2}target").set("order", str(n))
    document.write(str(paths[0]), encoding="utf-8")
    good, bad = imported(paths[:1], [made()])
    assert bad == []
    assert good[0]["vi_ref"] == "NTM bàn họp. Dự án to plan to the top ban đầu đã xong."


@pytest.mark.parametrize(("name", "old", "new", "problem", "lost"), [
    ("xliff2", 'id="b0-', 'id="u0-', "unit u0-77: its id is none that vn-repair gave", 1),
    ("xliff2", "<source>Hội nghị bàn", "<source>Hội bàn", "its source is not what the record has at 0:77", 1),
    ("xliff2", 'original="báo', 'original="bao', "is in none of the records given with --against", 5),
    ("xliff2", "<target>Hội nghị", "<target><ph id='1'/>Hội nghị", "holds an inline code <ph>", 1),
    ("xliff2", "<cp hex=\"001B\"/>", "<cp hex=\"zz\"/>", "<cp hex='zz'> is no character", 1),
    ("xliff2", "<target>Dự án to plan to the top ban đầu đã xong.</target>", "<target/>",
     "empty target in state initial", 1),
    ("xliff2", "<target>Dự án to plan to the top ban đầu đã xong.</target>", "", "has no target", 1),
    ("xliff12", 'id="s0-35"', 'id="s1-36"', "its source is not what the record has at 1:36", 1),
    ("xliff12", 'id="s36-77"', 'id="s0-35"', "its source is not what the record has at 0:35", 1),
    ("xliff12", '<target state="needs-review-translation">Dự án to plan to the top ban đầu đã xong.</target>',
     '<target state="new"/>', "its target is empty in state new", 1),
    ("xliff12", '<target state="needs-review-translation">Dự', '<target state="new"><bpt id="1"/>Dự', "<bpt>", 1),
    ("mqm", "\tHội nghị bàn xây dựng mẫu kiểu NTM.\tHội nghị bàn xây dựng NTM kiểu", "\tHội\tHội nghị bàn NTM kiểu",
     "its source differs from that of", 1),
])
def test_what_does_not_match_is_refused_and_the_rest_kept(name, old, new, problem, lost, tmp_path):
    paths = write(name, [made()], tmp_path)[:1]
    whole = len(imported(paths, [made()])[0])
    replaced(paths[0], old, new, 9)
    if name == "xliff12":  # the translation goes along with its line
        text = paths[0].read_text(encoding="utf-8")
        paths[0].write_text(re.sub(r'<file [^>]*target-language="en".*</file>', "", text, flags=re.DOTALL))
    good, bad = imported(paths, [made()])
    assert len(good) == whole - lost
    assert any(problem in message for message in bad)
    assert all(message.startswith(str(paths[0])) and "\n" not in message for message in bad)


def test_translations_come_back(tmp_path):
    repair = made()
    paths = write("xliff2", [repair], tmp_path)
    replaced(paths[1], "<target>The Hội nghị bàn", "<target>The conference discusses")
    good, bad = imported(paths, [repair])
    assert bad == [] and good[0]["en_ref"].startswith("The conference discusses xây dựng NTM kiểu mẫu.")
    post_edit("xliff2", paths[0], {(0, 35): "Hội nghị họp."})
    good, bad = imported(paths, [repair])
    assert (good[0]["vi_ref"][:13], good[0]["en_ref"][:14]) == ("Hội nghị họp.", "The conference")
    assert imported(paths[1:], [repair])[1][0].endswith("give the file of repairs, too")
    replaced(paths[1], "<source>Hội nghị bàn", "<source>Hội bàn")
    good, bad = imported(paths, [repair])
    assert len(good) == 4 and "its source is not the repaired text in the record" in bad[0]


@pytest.mark.parametrize(("name", "old", "new"), [
    ("xliff2", 'trgLang="vi"', 'trgLang="vi-VN"'), ("xliff12", 'target-language="vi"', 'target-language="vi-VN"'),
    ("xliff2", "><unit", ">\n <!-- seen --><unit"), ("xliff12", "</trans-unit>", "</trans-unit>\n"),
    ("xliff2", 'version="2.0"', 'version="2.1"'),
])
def test_what_tools_do_besides_is_no_matter(name, old, new, tmp_path):
    (path, *_) = write(name, [made()], tmp_path)
    before = imported([path], [made()])
    replaced(path, old, new, 99)
    assert imported([path], [made()]) == before and before[1] == []


@pytest.mark.parametrize(("name", "old", "new"), [
    ("xliff2", 'state="translated"', 'state="reviewed"'), ("xliff12", 'state="translated"', 'state="signed-off"')])
def test_reviewed_only(name, old, new, tmp_path):
    repair = made()
    paths = write(name, [repair], tmp_path)
    assert imported(paths, [repair], reviewed_only=True)[0] == []
    replaced(paths[0], old, new, 100)
    good, bad = imported(paths, [repair], reviewed_only=True)
    assert bad == [] and [r["block"] for r in good] == [2, 3, 4][-len(good):] and good
    assert len(good) < len(blocks(repair))


@pytest.mark.parametrize(("data", "problem"), [
    (b"", "neither XLIFF 2.0 or 1.2 nor an MQM TSV"), (b"%PDF", "neither XLIFF"),
    (b"<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0'><file>", "not well-formed XML"),
    (b"<!DOCTYPE x [<!ENTITY a SYSTEM '/etc/passwd'>]><xliff srcLang='vi' trgLang='vi' "
     b"xmlns='urn:oasis:names:tc:xliff:document:2.0'><file original='a'><unit id='b0-1'><segment><source>&a;</source>"
     b"<target>x</target></segment></unit></file></xliff>", "holds an inline code <&>"),
])
def test_files_that_are_none(data, problem, tmp_path):
    path = tmp_path / "x.xlf"
    path.write_bytes(data)
    with pytest.raises(InputError, match=re.escape(problem)):
        for item in read_post_edits(path):
            if isinstance(item, InputError):
                raise item
    with pytest.raises(InputError, match="cannot read"):
        list(read_post_edits(tmp_path / "none"))


def test_a_bomb_of_entities_is_defused(tmp_path):
    path = tmp_path / "x.xlf"
    lots = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(9))
    path.write_text(f"<!DOCTYPE x [<!ENTITY e0 'ha'>{lots}]><xliff srcLang='vi' trgLang='vi' "
                    "xmlns='urn:oasis:names:tc:xliff:document:2.0'><file original='a'><unit id='b0-1'><segment>"
                    "<source>x</source><target>&e9;</target></segment></unit></file></xliff>", encoding="utf-8")
    with pytest.raises(InputError, match=r"inline code <&>|not well-formed XML \(Maximum entity"):
        raise next(iter(read_post_edits(path)))


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_command(suffix, tmp_path, capsys):
    records = tmp_path / f"r{suffix}"
    repaired = [made(TEXT.replace("\0", "")), made(TEXT.replace("\0", ""), "en", "002")]  # no reader lets a NUL in
    body = "".join(line(full_record(repair)) for repair in repaired)
    (gzip.open if suffix.endswith(".gz") else open)(records, "wt", encoding="utf-8").write(body)
    paths = write("xliff2", repaired, tmp_path)
    output = tmp_path / "refs.jsonl"
    arguments = ["import", *map(str, paths), "--against", str(records), "--output"]
    assert run([*arguments, str(output)]) == 0
    assert capsys.readouterr().err.startswith("10 references: 0 changed by hand, 10 as repaired; ")
    assert len(load_references(output).items) == 10
    assert len({d.id for d in load_references(output).documents}) == 2
    assert run([*arguments, "-"]) == 0
    assert capsys.readouterr().out == output.read_text(encoding="utf-8")
    replaced(tmp_path / "repairs.2.0.en.xlf", 'original="002"', 'original="003"')
    assert run([*arguments, str(output)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") >= 2 and "article '003' is in none of the records" in captured.err
    assert len(load_references(output).items) == 5


def test_command_writes_over_no_input(tmp_path, capsys):
    (path,) = write("mqm", [made()], tmp_path)
    before = path.read_bytes()
    records = tmp_path / "r.jsonl"
    records.write_text(line(full_record(made())), encoding="utf-8")
    assert run(["import", str(path), "--against", str(records), "--output", str(path)]) == 2
    assert "never written over" in capsys.readouterr().err and path.read_bytes() == before
    assert run(["import", str(tmp_path / "none.xlf"), "--against", str(records), "--output", "-"]) == 2
    assert "none.xlf: cannot read" in capsys.readouterr().err

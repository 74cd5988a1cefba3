import csv
import re

import pytest
from formats_making import made, repairs, texts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vn_repair.formats import write
from vn_repair.formats.mqm import COLUMNS, read, unmarked
from vn_repair.formats.mqm_names import category, label_of, labels_of, severity_of
from vn_repair.formats.tokens import tokenized
from vn_repair.formats.tsv import escaped, guarded, rows, unescaped, unguarded
from vn_repair.formats.units import blocks
from vn_repair.formats.wmt_tags import tag
from vn_repair.types import MQM_CATEGORY, Article, Edit, InputError, Label, Repair, Severity, Span, Status

RULES = settings(max_examples=15, deadline=None)
ANY = st.text(st.characters(), max_size=30)


@settings(max_examples=100, deadline=None)
@given(st.one_of(ANY, texts))
@example("\\u001b\x1b\\\\n\n")
@example("=1+1\t'")
def test_fields_come_back(text):
    field = guarded(escaped(text))
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", field)
    assert not field.startswith(("=", "+", "-", "@", '"'))
    assert unescaped(unguarded(field)) == text
    assert [field] == next(csv.reader([field], delimiter="\t")) or field == ""
    field.encode("utf-8")


@RULES
@given(texts, st.data())
def test_marked_fields_come_back(text, data):
    from vn_repair.formats.mqm import _between, _field

    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert unmarked(_between(text, start, end)) == (text, (start, end))
    assert unmarked(_field(text)) == (text, None)


@pytest.mark.parametrize("field", ["<v>a", "a</v>", "</v>a<v>", "<v>a</v> <v>b</v>", "<v><v>a</v></v>"])
def test_markers_that_do_not_pair(field):
    with pytest.raises(ValueError, match="do not pair"):
        unmarked(field)


def table(path):
    """The rows as a plain reader of such files takes them: no quotes, no escapes."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    heading, *body = (line.split("\t") for line in lines)
    assert heading == "system doc doc_id seg_id rater source target category severity comment".split()
    assert all(len(row) == len(heading) for row in body)
    return [dict(zip(heading, row, strict=True)) for row in body]


def test_mqm_rows(tmp_path):
    found = table(write("mqm", [made()], tmp_path)[0])
    first = [r for r in found if r["seg_id"] == "1"]
    assert [(r["system"], r["target"], r["category"], r["severity"]) for r in first] == [
        ("original", "Hội nghị bàn xây dựng <v>mẫu kiểu NTM</v>.", "Fluency/Grammar", "Minor"),
        ("repaired", "Hội nghị bàn xây dựng NTM kiểu mẫu.", "No-error", "No-error")]
    second = [r for r in found if r["seg_id"] == "2"]
    assert [(r["system"], r["target"], r["category"], r["severity"]) for r in second] == [
        (system, "Dự án <v>to plan to the top</v> ban đầu đã xong.", "Accuracy/Untranslated", "Major")
        for system in ("original", "repaired")]
    moved = [r["target"] for r in found if r["system"] == "repaired" and "47.5" in r["target"]]
    assert moved[0].startswith(
        "'- Tỷ lệ đạt 95,539 tỷ đồng. Do vậy, các xã \\<v>phấn đấu\\</v> & đạt ]]> <v>47.5. %</v>")
    assert not any(cell.startswith(("=", "+", "-", "@")) for r in found for cell in r.values())


@RULES
@given(repairs())
def test_mqm_tells_every_sentence_and_span(tmp_path_factory, repair):
    (path,) = write("mqm", [repair], tmp_path_factory.mktemp("out"))
    assert len({len(line.split("\t")) for line in path.read_text(encoding="utf-8").split("\n")[:-1]}) == 1
    sentences = [s for b in blocks(repair) for s in b.sentences]
    found = list(read(path))
    assert [(e.start, e.end, e.source, e.target, e.variants) for e in found] == [
        (s.start, s.end, repair.article.text[s.start : s.end], s.target, ()) for s in sentences]
    assert [[(m.start, m.end, m.label, m.severity) for m in e.marks] for e in found] == [
        [(p.start, p.end, p.label, p.severity) for p in s.spans if p.end > p.start] for s in sentences]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_spreadsheet_may_save_it(encoding, tmp_path):
    (path,) = write("mqm", [made()], tmp_path)
    wanted = list(read(path))
    with open(path, encoding="utf-8", newline="") as file:
        body = list(csv.reader(file, delimiter="\t"))
    saved = tmp_path / "saved.tsv"
    with open(saved, "w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(body)
    again = list(read(saved))
    assert [(e.source, e.target, e.marks) for e in again] == [(e.source, e.target, e.marks) for e in wanted]


@pytest.mark.parametrize(("old", "new", "problem"), [
    ("Fluency/Grammar", "Flow", "category 'Flow' is unknown"),
    ("<v>mẫu kiểu", "mẫu kiểu", "do not pair"),
    ("original\tbáo", "systemX\tbáo", "system 'systemX' is neither"),
    ("\t0\t1\tvn-repair", "\tzero\t1\tvn-repair", "doc_id 'zero' is no offset"),
    ("<v>mẫu kiểu NTM</v>.\tFluency", "<v>kiểu NTM</v>.\tFluency", "the text of the system original was changed"),
])
def test_bad_mqm_rows_are_refused_and_the_rest_kept(old, new, problem, tmp_path):
    (path,) = write("mqm", [made()], tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    good = len(list(read(path)))
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = list(read(path))
    errors = [str(e) for e in found if isinstance(e, InputError)]
    assert len(errors) == 1 and problem in errors[0] and errors[0].startswith(f"{path}:2: ")
    assert len(found) - 1 >= good - 1


@pytest.mark.parametrize(("data", "problem"), [
    (b"", "is empty"), (b"a\tb\n1\t2\n", "has no system"), ("\t".join(COLUMNS).encode() + b"\n\xff\xfe\xfd\n", "UTF-8"),
    ("\t".join(COLUMNS).encode() + b"\na\0b\n", "NUL"),
])
def test_files_that_are_no_tsv(data, problem, tmp_path):
    path = tmp_path / "x.tsv"
    path.write_bytes(data)
    try:
        errors = [str(e) for e in read(path) if isinstance(e, InputError)]
    except InputError as error:
        errors = [str(error)]
    assert errors and problem in errors[0] and "\n" not in errors[0]
    with pytest.raises(InputError, match=re.escape("cannot read")):
        list(rows(tmp_path / "none.tsv"))


@pytest.mark.parametrize("label", Label)
def test_categories_go_both_ways(label):
    name = category(label)
    assert name.lower() == MQM_CATEGORY[label]
    assert label in labels_of(name) and label in labels_of(name.upper())
    assert label_of(name, f"[{label}] câu") is label
    assert label_of(name, "câu") is labels_of(name)[0]


@pytest.mark.parametrize(("name", "comment", "label"), [
    ("Accuracy/Omission", "", Label.FRAGMENT), ("Style/Awkward", "", Label.SPUN_SYNONYM),
    ("Non-translation!", "", Label.FRAGMENT), ("Fluency", "", Label.WORD_ORDER), ("Flow", "", None),
    ("Accuracy/Mistranslation", "[terminology] [named_entity]", Label.NAMED_ENTITY), ("", "", None),
])
def test_categories_of_the_wmt_annotations(name, comment, label):
    assert label_of(name, comment) is label


def test_severities():
    assert [severity_of(n) for n in ("Minor", "MAJOR", "critical", "Neutral", "?")] == [
        Severity.MINOR, Severity.MAJOR, Severity.CRITICAL, Severity.MINOR, Severity.MAJOR]


def read_m2(path):
    """(tokens, edits) of each block, read as ERRANT's compare_m2 does."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        head, *lines = block.split("\n")
        edits = []
        for line in lines:
            place, kind, correction, *_, coder = line[2:].split("|||")
            start, end = map(int, place.split())
            edits.append((start, end, kind, correction, int(coder)))
        yield head[2:].split(), edits


@RULES
@given(repairs())
def test_m2_gives_the_corrected_tokens(tmp_path_factory, repair):
    (path,) = write("m2", [repair], tmp_path_factory.mktemp("out"))
    sentences = [s for b in blocks(repair) for s in b.sentences]
    found = list(read_m2(path))
    assert len(found) == len(sentences)
    for (tokens, edits), sentence in zip(found, sentences, strict=True):
        assert edits == sorted(edits, key=lambda e: e[:2]) and edits
        for start, end, kind, correction, coder in reversed(edits):
            if kind == "noop":
                assert (start, end, correction, coder) == (-1, -1, "-NONE-", 0) and len(edits) == 1
                continue
            assert kind[0] == ("M" if start == end else "R" if correction else "U")
            assert tokens[start:end] != correction.split()
            tokens[start:end] = correction.split()
        wanted = " ".join(t.text for t in tokenized(sentence.target))
        assert tokens == wanted.encode("utf-8", "backslashreplace").decode().split()


def test_m2_of_the_made_repair(tmp_path):
    found = list(read_m2(write("m2", [made()], tmp_path)[0]))
    assert found[0] == ("Hội nghị bàn xây dựng mẫu kiểu NTM .".split(), [(5, 8, "R:WORD_ORDER", "NTM kiểu mẫu", 0)])
    assert found[1][1] == [(-1, -1, "noop", "-NONE-", 0)]
    assert ("U:REPETITION", "") in [(kind, correction) for _, edits in found for _, _, kind, correction, _ in edits]


def sentence_files(repair, folder):
    paths = write("wmt-tags", [repair], folder)
    columns = [p.read_text(encoding="utf-8").split("\n")[:-1] for p in paths]
    assert len({len(c) for c in columns}) == 1
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize(("source", "edits", "spans", "tags", "hter"), [
    ("a b c", [], [], "OK OK OK OK OK OK OK", 0.0),
    ("a b c", [(2, 3, "x")], [], "OK OK OK BAD OK OK OK", 1 / 3),
    ("a b c", [(1, 3, "")], [], "OK OK OK BAD OK OK OK", 1 / 2),
    ("a b c", [(1, 1, " x y")], [], "OK OK BAD OK OK OK OK", 2 / 5),
    ("a b c", [(0, 0, "x ")], [], "BAD OK OK OK OK OK OK", 1 / 4),
    ("a b c", [(5, 5, " x")], [], "OK OK OK OK OK OK BAD", 1 / 4),
    ("a b c", [], [(2, 5)], "OK OK OK BAD OK BAD OK", 0.0),
    ("a b c", [(0, 5, "")], [], "OK BAD OK BAD OK BAD OK", 1.0),
    ("a b c", [(0, 5, "x")], [], "OK BAD OK BAD OK BAD OK", 1.0),
    ("a b c", [(0, 1, "")], [(0, 1)], "OK BAD OK OK OK OK OK", 1 / 2),
    ("đi |", [(3, 4, "x |")], [], "OK OK BAD OK OK", 1 / 3),
])
def test_wmt_tags(source, edits, spans, tags, hter, tmp_path):
    made_edits = tuple(Edit(a, b, t, "p", 1.0, Status.ACCEPTED) for a, b, t in edits)
    found = tuple(Span(a, b, Label.FRAGMENT, Severity.MINOR, 1.0, "d", "m") for a, b in spans)
    own = source
    for a, b, t in reversed(edits):
        own = own[:a] + t + own[b:]
    ((mt, pe, written, rate, place),) = sentence_files(
        Repair(Article("=x", source, "vi", "f"), found, made_edits, own, ""), tmp_path)
    assert (mt, pe, written) == (source, " ".join(own.split()), tags)
    assert float(rate) == pytest.approx(hter, abs=1e-6)
    assert place.split("\t")[:2] == ["'=x", "0"]


@RULES
@given(repairs())
def test_wmt_tags_of_anything(tmp_path_factory, repair):
    for mt, pe, tags, rate, place in sentence_files(repair, tmp_path_factory.mktemp("out")):
        assert len(tags.split()) == 2 * len(mt.split()) + 1 and set(tags.split()) <= {"OK", "BAD"}
        assert 0 <= float(rate) <= 1
        if mt == pe and place.endswith("\t0"):
            assert "BAD" not in tags


@pytest.mark.parametrize(("mt", "pe"), [
    ("các xã xã đạt chuẩn", "các xã đạt chuẩn"), ("đạt 47.5. % số xã", "đạt 47,5% số xã"),
    ("dự án to plan to the top đã xong", "dự án theo kế hoạch ban đầu đã xong"), ("họ đi", "hôm qua họ đã đi họp"),
])
def test_hter_is_ter_where_nothing_moved(mt, pe):
    from sacrebleu.metrics.ter import TER

    (sentence,) = blocks(Repair(Article("a", mt, "vi", "f"), (), (), pe, ""))[0].sentences
    source, target = (" ".join(t.text for t in tokenized(text)) for text in (mt, pe))
    assert tag(sentence, mt)[1] == pytest.approx(TER(case_sensitive=True).sentence_score(source, [target]).score / 100)

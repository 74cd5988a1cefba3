"""What is written holds hostile text as text, and goes nowhere but into the output folder."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from vn_repair.cli import run
from vn_repair.formats.tsv import escaped, guarded, rows, unescaped, unguarded
from vn_repair.formats.xml_parts import parse_elements
from vn_repair.propose.model_files import check_model, write_manifest
from vn_repair.read import UniqueNames, safe_name
from vn_repair.types import InputError
from vn_repair.write.record import read_record

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "tests" / "hostile" / "articles.jsonl"
ROWS = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
# What a page of ours may hold; anything else came out of an article.
ELEMENTS = frozenset("""
html head meta title style body div h1 p main article header h2 dl dt dd ul li span b h3 mark details summary table
thead tr th tbody td a br pre
""".split())
ATTRIBUTES = frozenset("""
lang charset name content http-equiv class id tabindex aria-describedby aria-hidden aria-label role title href open
""".split())


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the hostile articles repaired by rules, in a folder with nothing else."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    (folder / "in" / "articles.jsonl").write_bytes(ARTICLES.read_bytes())
    assert run(["repair", "--rules-only", "--output", str(folder / "out"), str(folder / "in" / "articles.jsonl")]) == 0
    yield folder / "out"


def test_nothing_is_written_outside_the_output_folder(output: Path) -> None:
    assert sorted(p.name for p in output.parent.iterdir()) == ["in", "out"]
    assert [p.name for p in (output.parent / "in").iterdir()] == ["articles.jsonl"]
    assert all(p.resolve().is_relative_to(output.resolve()) for p in output.rglob("*"))


def test_a_record_gives_the_text_back_whole(output: Path) -> None:
    [path] = output.glob("*.repair.jsonl")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(r["id"], r["text"]) for r in records] == [(r["id"], r["text"]) for r in map(_composed, ROWS)]
    assert all(read_record(record).article.id == record["id"] for record in records)


def _composed(row: dict[str, str]) -> dict[str, str]:
    import unicodedata

    return {"id": row["id"], "text": unicodedata.normalize("NFC", row["text"])}


def test_pages_hold_no_element_attribute_or_address_of_an_article(output: Path) -> None:
    pages = sorted(output.rglob("*.html"))
    assert len(pages) >= 2
    shown = ""
    for path in pages:
        page = path.read_text(encoding="utf-8")
        tree = lxml.html.document_fromstring(page)
        for element in tree.iter():
            assert element.tag in ELEMENTS, (path.name, element.tag)
            assert ATTRIBUTES.issuperset(element.attrib), (path.name, dict(element.attrib))
            address = element.get("href")
            assert address is None or address.startswith(("#", "articles.report/page-")), address
        assert page.count("<style") == 1
        assert "default-src 'none'" in tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        shown += tree.text_content()
    for words in ("<script>alert(document.domain)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}",
                  "</style><style>*{display:none}</style>", "&#60;script&#62;", "U+202E", "U+001B"):
        assert words in shown
    for hidden in "\u001b\u202e\u2066\u0007":
        assert hidden not in shown


def test_a_terminal_is_sent_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detect", "--rules-only", str(ARTICLES)]) == 1
    printed = "".join(capsys.readouterr())
    assert not {c for c in printed if c < " " and c not in "\n\t"} | {c for c in printed if "\x7f" <= c <= "\x9f"}
    assert not set("\u202e\u2066\u200b\ufeff") & set(printed)


def test_names_of_files_stay_in_their_folder(tmp_path: Path) -> None:
    names = UniqueNames()
    given = [names.name(row["id"]) for row in ROWS]
    assert len({name.casefold() for name in given}) == len(given)
    for name in given:
        path = (tmp_path / f"{name}.vi.txt").resolve()
        assert path.parent == tmp_path.resolve()
        assert not name.startswith((".", "-"))
        assert len(name.encode()) <= 130
        path.write_text("x", encoding="utf-8")
    assert all(safe_name(row["id"]) == safe_name(row["id"]) for row in ROWS)


@pytest.mark.parametrize("ending", [".vi.txt", ".report.html", ".repair.jsonl"])
def test_a_link_in_the_output_folder_is_replaced_not_followed(tmp_path: Path, ending: str) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "xa.txt").write_text("Xã huy động huy động.", encoding="utf-8")
    (tmp_path / "out" / f"xa{ending}").symlink_to(victim)
    assert run(["repair", "--rules-only", "--output", str(tmp_path / "out"), str(tmp_path / "xa.txt")]) == 0
    assert victim.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "out" / f"xa{ending}").is_symlink()


@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_link_in_place_of_a_part_file_is_refused(
    tmp_path: Path, resume: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "xa.jsonl").write_text(json.dumps({"text": "Xã huy động huy động."}), encoding="utf-8")
    (tmp_path / "out" / "xa.repair.jsonl.part").symlink_to(victim)
    arguments = ["repair", "--rules-only", "--output", str(tmp_path / "out"), str(tmp_path / "xa.jsonl"), *resume]
    assert run(arguments) == 2
    assert "link" in capsys.readouterr().err
    assert victim.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["xa.repair.jsonl.part", ".vn-repair/lock", ".vn-repair/journal.jsonl",
                                   ".vn-repair/failed.jsonl", ".vn-repair"])
@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing"])
def test_a_link_in_place_of_a_file_of_a_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, there: bool
) -> None:
    source, victim, link = tmp_path / "xa.jsonl", tmp_path / "victim", tmp_path / "out" / place
    source.write_text('{"text": "Xã đạt chuẩn."}\n', encoding="utf-8")
    if there:
        victim.mkdir() if place == ".vn-repair" else victim.write_text("kept", encoding="utf-8")
    link.parent.mkdir(parents=True)
    link.symlink_to(victim)
    arguments = ["repair", "--rules-only", "--workers", "1", "--output", str(tmp_path / "out"), str(source)]
    for more in ([], ["--resume"]):
        assert run([*arguments, *more]) == 2
        assert f"{link.name}: " in capsys.readouterr().err
        assert victim.exists() == there
        assert not there or (not list(victim.iterdir()) if victim.is_dir() else victim.read_text() == "kept")


def test_an_input_is_never_written_over_by_a_link_to_it(tmp_path: Path) -> None:
    source = tmp_path / "xa.txt"
    source.write_text("Xã huy động huy động.", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "xa.vi.txt").symlink_to(source)
    assert run(["repair", "--rules-only", "--output", str(tmp_path / "out"), str(source)]) == 2
    assert source.read_text(encoding="utf-8") == "Xã huy động huy động."


# Tables and XML of other tools

@pytest.mark.parametrize("text", [row["text"] for row in ROWS] + ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "'x", '"x"'])
def test_a_spreadsheet_takes_no_field_for_a_formula(tmp_path: Path, text: str) -> None:
    field = guarded(escaped(text))
    assert not field.startswith(("=", "+", "-", "@", "\t", "\r", '"'))
    assert "\t" not in field
    assert len(field.splitlines()) <= 1
    assert unescaped(unguarded(field)) == text
    path = tmp_path / "table.tsv"
    path.write_text(f"one\ttwo\n{field}\tx\n", encoding="utf-8")
    [(_, row)] = rows(path)
    assert row["two"] == "x"
    with open(path, encoding="utf-8", newline="") as file:
        assert list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1] == [field, "x"]


@pytest.mark.parametrize("entities", [
    '<!ENTITY a "' + "x" * 1000 + '">' + "".join(f'<!ENTITY b{i} "{"&a;" if i == 0 else f"&b{i - 1};" * 10}">'
                                                 .replace("&a;", "&a;" * 10) for i in range(8)),
    '<!ENTITY b7 SYSTEM "file:///etc/passwd">', '<!ENTITY b7 SYSTEM "http://127.0.0.1:1/x">',
    '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY b7 "x">',
], ids=["bomb", "file", "address", "parameter"])
def test_no_entity_of_an_xml_file_is_expanded(tmp_path: Path, entities: str) -> None:
    path = tmp_path / "x.xliff"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><x><unit>&b7;</unit></x>', encoding="utf-8")
    try:
        texts = ["".join(element.itertext()) for _, element in parse_elements(path, "unit")]
    except InputError:
        return
    assert all("root:" not in text and len(text) < 1000 for text in texts)


# Model files

def model(folder: Path) -> Path:
    (folder / "ctranslate2").mkdir(parents=True)
    (folder / "ctranslate2" / "model.bin").write_bytes(b"weights" * 1000)
    (folder / "ctranslate2" / "config.json").write_text("{}", encoding="utf-8")
    write_manifest(folder, "case")
    return folder


def test_a_whole_model_is_accepted(tmp_path: Path) -> None:
    assert check_model(model(tmp_path / "m"))["id"] == "case"


@pytest.mark.parametrize("harm", ["one bit", "shorter", "longer", "missing", "another file", "no manifest", "no list",
                                  "a list", "manifest is no JSON"])
def test_a_model_that_was_tampered_with_is_refused(tmp_path: Path, harm: str) -> None:
    folder = model(tmp_path / "m")
    weights, manifest = folder / "ctranslate2" / "model.bin", folder / "manifest.json"
    data = weights.read_bytes()
    match harm:
        case "one bit":
            weights.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
        case "shorter":
            weights.write_bytes(data[:-1])
        case "longer":
            weights.write_bytes(data + b"x")
        case "missing":
            weights.unlink()
        case "another file":
            weights.write_bytes(data[::-1])
        case "no manifest":
            manifest.unlink()
        case "no list":
            manifest.write_text("{}", encoding="utf-8")
        case "a list":
            manifest.write_text("[]", encoding="utf-8")
        case _:
            manifest.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="; reinstall"):
        check_model(folder)


def test_a_model_file_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    folder = model(tmp_path / "m")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"]["ctranslate2/model.bin"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError):
        check_model(folder)


# The network and other programs

AUDITED = """
import json, os, sys
said = []
# (Libraries make sockets, and bind them, to see what the machine can do; a connection is another matter.)
WATCHED = ("socket.connect", "socket.get", "socket.send", "subprocess.", "os.system", "os.exec",
           "os.fork", "os.posix_spawn", "pty.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "pickle.")
allowed = os.path.realpath(sys.argv[1])
def hook(event, arguments):
    if event.startswith(WATCHED):
        said.append(event)
        raise RuntimeError(f"{event} is not allowed here")
    writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if not path.startswith(allowed + os.sep) and path != os.devnull:
            said.append(f"write {path}")
from vn_repair.cli import run
sys.addaudithook(hook)
codes = [run(arguments) for arguments in json.loads(sys.argv[2])]
print(json.dumps([codes, said]), file=sys.stderr)
"""


def test_commands_open_no_connection_start_no_program_and_write_nowhere_else(tmp_path: Path) -> None:
    seed = next((ROOT / "seeds").glob("003_*.txt"))
    text = tmp_path / "xa.txt"
    text.write_text("\n".join(seed.read_text(encoding="utf-8").splitlines()[:3]), encoding="utf-8")
    page = ('<html><body><p>Xã đạt <img src="http://127.0.0.1:1/x.png"></p><script src="http://127.0.0.1:1/x.js">'
            "</script></body></html>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    commands = [["info", "--json"], ["detect", str(text), str(tmp_path / "page.html")],
                ["repair", "--output", str(tmp_path / "out"), str(text), str(tmp_path / "page.html")],
                ["detect", "http://127.0.0.1:1/x.html"]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "0", "OMP_NUM_THREADS": "1",
                   "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run([sys.executable, "-c", AUDITED, str(tmp_path), json.dumps(commands)], cwd=tmp_path,
                           env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)
    codes, said = json.loads(ended.stderr.splitlines()[-1])
    assert said == []
    assert [codes[0], codes[2], codes[3]] == [0, 0, 2]
    assert codes[1] in (0, 1)
    assert "download the page first" in ended.stderr

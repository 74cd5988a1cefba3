"""The command line against a stand-in pipeline: what is printed, written and returned."""

from __future__ import annotations

import io
import json
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from vn_repair import __version__
from vn_repair.cli import run
from vn_repair.types import Article, Edit, InputError, Label, Repair, Severity, Span, Status, apply_edits

GARBLED = "Tin vắn\nXã đạt chuẩn nông thôn and the mới; trong and the khi đó huyện vẫn khó khăn.\n"
CLEAN = "Huyện có ba xã đạt chuẩn nông thôn mới trong năm nay.\n"


def find(article: Article, *, rules_only: bool = False, off: Iterable[str] = (), **_: object) -> list[Span]:
    if "nổ" in article.text:
        raise InputError(f"{article.source}: cannot be segmented; cut it")
    return [Span(m.start(), m.end(), Label.UNTRANSLATED, Severity.MAJOR, 0.9, "test.english", "two English words", "")
            for m in re.finditer("and the", article.text)]


class FakeRepairer:
    def __init__(self, model_dir: Path | None = None, rules_only: bool = False, off: Iterable[str] = (),
                 min_confidence: float = 0.5, **_: object) -> None:
        if model_dir and not Path(model_dir).exists():
            raise InputError(f"{model_dir}: no model there; name a folder made by the trainer")
        self.min_confidence, self.rules_only = min_confidence, rules_only

    def repair(self, article: Article) -> Repair:
        spans = find(article)
        status = Status.ACCEPTED if self.min_confidence <= 0.8 else Status.REVIEW
        edits = tuple(Edit(s.start, s.end, "", "rules", 0.8, status, ("test",)) for s in spans)
        return Repair(article, tuple(spans), edits, apply_edits(article.text, edits),
                      "" if self.rules_only else "English\n")

    def translate(self, lines: Iterable[str], to: str, *, accents: bool = False) -> Iterator[str]:
        return (f"{to}: {line}\nx" for line in lines)

    def info(self) -> dict[str, Any]:
        return {"model": "fake", "checksum": "abc", "backend": None, "device": "cpu", "detectors": ["a.b", "c.d"]}


@pytest.fixture(autouse=True)
def _fake_pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = types.ModuleType("vn_repair.pipeline")
    fake.detect_article, fake.Repairer = find, FakeRepairer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vn_repair.pipeline", fake)
    monkeypatch.chdir(tmp_path)
    Path("garbled.txt").write_text(GARBLED, "utf-8")
    Path("clean.txt").write_text(CLEAN, "utf-8")
    rows = [{"id": "một", "text": GARBLED}, {"text": CLEAN}, {"id": "không"}, {"id": "ba", "text": GARBLED}]
    Path("news.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    Path("empty.txt").write_text("")
    Path("binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
    Path("folder").mkdir()


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)), "utf-8"))
    return put


Capture = pytest.CaptureFixture[str]


def test_detect_prints_as_a_compiler_does(capsys: Capture) -> None:
    assert run(["detect", "garbled.txt"]) == 1
    out, err = capsys.readouterr()
    assert out == ('garbled.txt:2:24: major untranslated: "and the" — two English words [test.english]\n'
                   'garbled.txt:2:43: major untranslated: "and the" — two English words [test.english]\n')
    assert err == "1 article, 2 spans: untranslated 2\n"


@pytest.mark.parametrize(("arguments", "code"), [
    (["clean.txt"], 0), (["garbled.txt"], 1), (["clean.txt", "garbled.txt"], 1), (["garbled.txt", "missing.txt"], 2),
    (["news.jsonl"], 2), (["clean.txt", "--json"], 0), (["clean.txt", "--format", "html"], 0),
    (["garbled.txt", "--format", "html", "--rules-only", "--lang", "vi"], 1),
])
def test_detect_exit_codes(arguments: list[str], code: int) -> None:
    assert run(["detect", *arguments]) == code


@pytest.mark.parametrize("form", [["--json"], ["--format", "jsonl"]])
def test_detect_json(form: list[str], capsys: Capture) -> None:
    assert run(["detect", "garbled.txt", "clean.txt", *form]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == ["garbled", "clean"]
    assert {row["text"][s["start"]:s["end"]] for row in rows for s in row["spans"]} == {"and the"}


def test_detect_html(capsys: Capture) -> None:
    assert run(["detect", "garbled.txt", "clean.txt", "--format", "html"]) == 1
    page = capsys.readouterr().out
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<mark") == 2
    assert "Clean English" not in page


def test_text_that_commands_a_terminal_is_disarmed(capsys: Capture) -> None:
    Path("esc\x1b[31m.jsonl").write_text(json.dumps({"text": "đỏ and the\x1b[31m\u202e xã"}) + "\n")
    run(["detect", "esc\x1b[31m.jsonl"])
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err


@pytest.mark.parametrize("source", ["missing.txt", "empty.txt", "binary.txt", "folder"])
@pytest.mark.parametrize("command", [["detect"], ["repair", "--output", "out"], ["repair", "--json"]])
def test_bad_input_is_one_line_and_the_rest_goes_on(command: list[str], source: str, capsys: Capture) -> None:
    assert run([*command, source, "garbled.txt"]) == 2
    out, err = capsys.readouterr()
    [complaint] = [line for line in err.splitlines() if line.startswith("vn-repair: ")]
    assert complaint.startswith(f"vn-repair: {source}: ")
    assert ";" in complaint
    assert "and the" in out or Path("out/garbled.repair.jsonl").exists()
    assert not list(Path("out").glob(f"{Path(source).stem}.*"))


def test_repair_json(capsys: Capture) -> None:
    assert run(["repair", "garbled.txt", "clean.txt", "--json"]) == 0
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert list(first) == ["id", "text", "lang", "spans", "edits", "vi", "en"]
    assert "and the" not in first["vi"]
    assert second["vi"] == CLEAN
    assert "accepted" in err
    assert sorted(p.name for p in Path().glob("garbled*")) == ["garbled.txt"]


def test_repair_writes_beside_the_input(capsys: Capture) -> None:
    assert run(["repair", "garbled.txt"]) == 0
    assert sorted(p.name for p in Path().glob("garbled*")) == [
        "garbled.en.txt", "garbled.repair.jsonl", "garbled.report.html", "garbled.txt", "garbled.vi.txt"]
    assert Path("garbled.txt").read_text("utf-8") == GARBLED
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(r"garbled\.txt\W+vi\W+untranslated 2\W+2\W+0\W+0\W+0\.\d", err)


def test_rules_only_leaves_no_translation_behind() -> None:
    assert run(["repair", "garbled.txt"]) == 0
    assert "Clean English" in Path("garbled.report.html").read_text("utf-8")
    assert run(["repair", "garbled.txt", "--rules-only"]) == 0
    assert not Path("garbled.en.txt").exists()
    assert Path("garbled.vi.txt").exists()
    assert "Clean English" not in Path("garbled.report.html").read_text("utf-8")


def test_the_dial_reaches_the_repairer() -> None:
    assert run(["repair", "garbled.txt", "--output", "out", "--min-confidence", "0.9"]) == 0
    assert Path("out/garbled.vi.txt").read_text("utf-8") == GARBLED


def test_rows_make_one_file_and_a_bad_row_is_reported(capsys: Capture) -> None:
    assert run(["repair", "news.jsonl", "--output", "out"]) == 2
    rows = [json.loads(line) for line in Path("out/news.repair.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["một", "news-2", "ba"]
    assert sorted(p.name for p in Path("out").iterdir()) == ["news.repair.jsonl", "news.report", "news.report.html"]
    assert "vn-repair: news.jsonl:3: " in capsys.readouterr().err


def test_resume_leaves_out_what_is_done(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert run(["repair", "garbled.txt", "clean.txt", "--output", "out"]) == 0
    seen: list[str] = []
    repair = FakeRepairer.repair
    monkeypatch.setattr(FakeRepairer, "repair", lambda self, a: seen.append(a.id) or repair(self, a))
    Path("clean.txt").write_text(CLEAN + CLEAN, "utf-8")
    Path("out/clean.repair.jsonl").unlink()
    assert run(["repair", "garbled.txt", "clean.txt", "--output", "out", "--resume"]) == 0
    assert seen == ["clean"]
    assert "garbled.txt (done before)" in capsys.readouterr().err
    assert run(["repair", "garbled.txt", "--output", "out", "--resume", "--min-confidence", "0.1"]) == 0
    assert seen == ["clean", "garbled"]


def test_resume_after_a_crash_in_the_middle_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    repair = FakeRepairer.repair

    def crash(self: FakeRepairer, article: Article) -> Repair:
        if article.id == "ba":
            raise MemoryError
        return repair(self, article)

    monkeypatch.setattr(FakeRepairer, "repair", crash)
    with pytest.raises(MemoryError):
        run(["repair", "news.jsonl", "--output", "out"])
    assert [p.name for p in Path("out").iterdir()] == ["news.repair.jsonl.part"]
    seen: list[str] = []
    monkeypatch.setattr(FakeRepairer, "repair", lambda self, a: seen.append(a.id) or repair(self, a))
    assert run(["repair", "news.jsonl", "--output", "out", "--resume"]) == 2
    assert seen == ["ba"]
    assert len(Path("out/news.repair.jsonl").read_text("utf-8").splitlines()) == 3


def test_an_article_the_pipeline_refuses_is_one_bad_input(capsys: Capture) -> None:
    Path("boom.txt").write_text("nổ", "utf-8")
    assert run(["repair", "boom.txt", "garbled.txt", "--output", "out"]) == 2
    assert "vn-repair: boom.txt: cannot be segmented; cut it" in capsys.readouterr().err
    assert Path("out/garbled.vi.txt").exists()


def test_standard_input(stdin: Callable[[bytes], None], capsys: Capture) -> None:
    stdin(GARBLED.encode())
    assert run(["detect", "-"]) == 1
    assert capsys.readouterr().out.startswith("-:2:24: major")
    stdin(GARBLED.encode())
    assert run(["repair", "-"]) == 2
    assert "add --output DIR or --json" in capsys.readouterr().err
    assert run(["repair", "-", "--output", "out"]) == 0
    assert Path("out/stdin.vi.txt").exists()


def test_translate_gives_a_line_for_a_line(stdin: Callable[[bytes], None], capsys: Capture) -> None:
    stdin("\ufeffmột\r\n\n  \nhai".encode())
    assert run(["translate", "--to", "en"]) == 0
    assert capsys.readouterr().out == "en: một x\n\n\nen: hai x\n"


def test_translate_names_the_line_that_is_not_utf8(stdin: Callable[[bytes], None], capsys: Capture) -> None:
    stdin(b"mot\nx\xff\n")
    assert run(["translate", "--to", "vi"]) == 2
    assert "vn-repair: -:2: byte 2 is not UTF-8" in capsys.readouterr().err


def test_info(capsys: Capture) -> None:
    assert run(["info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["checksum"] == "abc"
    assert run(["info"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"version: {__version__}\nmodel: fake\nchecksum: abc\nbackend: None\n"
                          "device: cpu\ndetectors (2):\n  a.b\n  c.d\nconfig: None\ndetectors_off (")
    assert "\n  fragment.empty_quotes: " in out


@pytest.mark.parametrize(("arguments", "message"), [
    (["translate", "--to", "fr"], "--to"), (["translate"], "--to"), (["detect"], "FILE"),
    (["detect", "--jso"], "--json"),
    (["frobnicate"], "frobnicate"), (["repair", "x.txt", "--min-confidence", "2"], "--min-confidence"),
    (["detect", "clean.txt", "--json", "--format", "html"], "leave one out"),
    (["repair", "clean.txt", "--json", "--output", "out"], "leave out --output"),
    (["detect", "clean.txt", "--off", "fragment.emty_quotes"], "did you mean fragment.empty_quotes?"),
    (["repair", "clean.txt", "--model", "nowhere"], "nowhere: no model there"),
    (["repair", "garbled.txt", "--output", "clean.txt"], "clean.txt: is not a folder"),
])
def test_wrong_use_is_one_line(arguments: list[str], message: str, capsys: Capture) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("vn-repair: ")
    assert len(err.splitlines()) == 1
    assert message in err


def test_without_a_command_the_help_is_shown(capsys: Capture) -> None:
    assert run([]) == 2
    assert "Commands:" in capsys.readouterr().out

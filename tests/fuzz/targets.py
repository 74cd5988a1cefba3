"""What is fuzzed: each target takes any bytes and raises only where the program breaks a promise.

`tests/fuzz/run.py` drives them with atheris; `tests/test_safety_fuzz.py` replays the corpus without it.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import struct
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from vn_repair.cli import run as run_command
from vn_repair.ignore import marked_places
from vn_repair.pipeline import Repairer
from vn_repair.placeholders import mask, render, slots, unmask
from vn_repair.read import Limits, protected, protected_ranges, read, safe_name
from vn_repair.read.encodings import DecodeError, decode
from vn_repair.read.limits import checked_text
from vn_repair.segment import guess_language, segment
from vn_repair.types import (
    EN,
    VI,
    Article,
    Edit,
    InputError,
    Label,
    Segment,
    Severity,
    Span,
    Status,
    apply_edits,
    invert_edits,
)
from vn_repair.verify.decide import decide
from vn_repair.verify.gates import Case
from vn_repair.write.record import full_record, line, read_record
from vn_repair.write.report import report
from vn_repair.write.visible import HIDDEN, one_line

SMALL = Limits(article=20_000, line=5_000, row_bytes=2**16, page=20_000, elements=500, attributes=500)
ENDINGS = (".txt", ".md", ".html", ".jsonl", ".parquet", "", ".txt.gz", ".jsonl.gz")


@cache
def folder() -> Path:
    """A folder of this process for files."""
    return Path(tempfile.mkdtemp(prefix="vn-repair-fuzz-"))


@cache
def repairer() -> Repairer:
    """By rules alone."""
    return Repairer(rules_only=True)


def text_of(data: bytes) -> str | None:
    """The text in `data` as the readers would give it; `None` where they refuse it."""
    try:
        return checked_text(data.decode("utf-8", "ignore"), "fuzz", SMALL)
    except InputError:
        return None


def check_error(error: InputError, name: str) -> None:
    """One line that names the file and a remedy."""
    message = str(error)
    assert message.splitlines() == [message], message
    assert message.startswith(name), message
    assert "; " in message, message


def decoding(data: bytes) -> None:
    """Bytes are text in a named encoding, or refused; UTF-8 comes back byte for byte."""
    try:
        text, name = decode(data)
    except DecodeError as error:
        assert "\n" not in str(error)
        return
    if name not in ("tcvn3", "vni", "cp1258"):
        assert text.encode(name) == data or name in ("utf-16", "utf-32")


def reading(data: bytes) -> None:
    """A file of any kind gives articles and errors of one line."""
    if not data:
        return
    ending = ENDINGS[data[0] % len(ENDINGS)]
    path = folder() / f"input{ending}"
    body = data[1:]
    path.write_bytes(gzip.compress(body, 1) if ending.endswith(".gz") and data[0] < 128 else body)
    ids = set()
    for item in read(path, limits=SMALL):
        if isinstance(item, InputError):
            check_error(item, str(path))
            continue
        assert item.text.strip()
        assert unicodedata.is_normalized("NFC", item.text)
        assert len(item.text) <= SMALL.article
        item.text.encode("utf-8")
        assert item.lang in (VI, EN)
        name = safe_name(item.id)
        assert os.path.basename(name) == name
        assert not name.startswith((".", "-"))
        ids.add(item.id)


def detecting(data: bytes) -> None:
    """Segments and spans lie in order inside the text; edits that rules make are applied and taken back."""
    text = text_of(data[1:])
    if text is None:
        return
    article = Article("fuzz", text, (guess_language(text), VI, EN)[data[0] % 3], "fuzz.md")
    at = 0
    for part in segment(article):
        assert at <= part.start < part.end <= len(text)
        assert not text[at : part.start].strip()
        assert text[part.start : part.end] == text[part.start : part.end].strip()
        at = part.end
    assert not text[at:].strip()
    for places in (protected(article), protected_ranges(text)):
        assert all(0 <= a < b <= len(text) for a, b in places)
        assert all(a[1] <= b[0] for a, b in zip(places, places[1:], strict=False))
    assert all(0 <= p.start < p.end <= len(text) for p in marked_places(text))
    repair = repairer().repair(article)
    at = 0
    for span in repair.spans:
        assert at <= span.start < span.end <= len(text), span
        assert span.suggestion is None or span.suggestion != text[span.start : span.end], span
        assert 0 <= span.score <= 1, span
        at = span.end
    result = repair.vi if article.lang == VI else repair.en
    assert result == apply_edits(text, repair.edits)
    assert apply_edits(result, invert_edits(text, repair.edits)) == text
    row = json.loads(line(full_record(repair)))
    assert full_record(read_record(row)) == row
    page = "".join(report([repair], "fuzz"))
    assert "<script" not in page


def editing(data: bytes) -> None:
    """Edits are applied and taken back; those that overlap or lie outside are refused."""
    if len(data) < 2:
        return
    count, data = data[0] % 8, data[1:]
    numbers, rest = data[: count * 6], data[count * 6 :]
    half = len(rest) // 2
    text, words = rest[:half].decode("utf-8", "ignore"), rest[half:].decode("utf-8", "ignore")
    edits = []
    for start, end, at, kind in struct.iter_unpack("<BBhH", numbers[: len(numbers) // 6 * 6]):
        replacement = words[abs(at) % (len(words) + 1) :][: kind % 7]
        edits.append(Edit(start, end, replacement, "fuzz", 0.5, tuple(Status)[kind % 3]))
    try:
        done = apply_edits(text, edits)
    except ValueError:
        accepted = sorted((e.start, e.end) for e in edits if e.status is Status.ACCEPTED)
        outside = any(not 0 <= e.start <= e.end <= len(text) for e in edits)
        assert outside or any(a[1] > b[0] for a, b in zip(accepted, accepted[1:], strict=False))
        return
    assert apply_edits(done, invert_edits(text, edits)) == text


def masking(data: bytes) -> None:
    """Slots lie in order; what was masked comes back, and every slot can be written in both languages."""
    text = text_of(data[1:])
    if text is None:
        return
    lang = (VI, EN)[data[0] % 2]
    found = slots(text, lang)
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    for at in range(0, len(found), 8):
        parts, table = mask(text, found[at : at + 8])
        surfaces = {marker: text[slot.start : slot.end] for marker, slot in table.items()}
        if not any(marker in text for marker in surfaces):
            assert "".join(surfaces.get(part, part) for part in parts) == text
        for slot in table.values():
            for to in (VI, EN):
                assert render(text, slot, to).strip()
        written = unmask(parts, surfaces)
        for surface in surfaces.values():
            assert surface in written


def record(data: bytes) -> None:
    """Any JSON is a repair record that is written again as it was, or refused."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(row, dict):
        return
    try:
        repair = read_record(row)
    except InputError:
        return
    again = full_record(repair)
    assert full_record(read_record(json.loads(line(again)))) == json.loads(json.dumps(again))


def gates(data: bytes) -> None:
    """Every gate has an answer to any edit, of one line."""
    text = text_of(data[6:])
    if text is None or len(data) < 7:
        return
    old, _, new = text.partition("\u2192")
    if not old.strip():
        return
    start = data[0] % (len(old) + 1)
    end = min(len(old), start + data[1] % 40)
    lang = (VI, EN)[data[2] % 2]
    article = Article("fuzz", old, lang, "fuzz.md")
    label = tuple(Label)[data[3] % len(Label)]
    proposer = ("rule:case", "embedded")[data[4] % 2]
    spans = (Span(start, end, label, Severity.MINOR, 0.9, "case", ""),) if end > start else ()
    home = next((s for s in segment(article) if s.start <= start and end <= s.end), Segment(start, end, lang))
    case = Case(article, Edit(start, end, new, proposer, data[5] / 255), spans, home, 0.5, repairer().detect)
    edit = decide(case)
    assert edit.reasons
    assert (edit.start, edit.end, edit.replacement) == (start, end, new)
    assert all(len(one_line(reason, 10**6).splitlines()) == 1 for reason in edit.reasons)


OPTIONS = ("--json", "--rules-only", "--lang", "vi", "en", "--off", "number", "--format", "html", "text", "--only",
           "mojibake", "--sensitivity", "picky", "2", "--ignore", "xã", "/x+/", "--help", "--version", "-", "--", "")
COMMANDS = ("detect", "repair", "info", "translate", "nothing")


def command(data: bytes) -> None:
    """The command line ends with a code of its own for any arguments and files, and complains in lines."""
    if len(data) < 8:
        return
    arguments = [COMMANDS[data[0] % len(COMMANDS)], "--rules-only"]
    arguments += [OPTIONS[b % len(OPTIONS)] for b in data[2 : 2 + data[1] % 5]]
    if arguments[0] == "translate":  # it needs the model
        arguments = ["translate", "--to", "fr"]
    path = folder() / f"command{ENDINGS[data[7] % len(ENDINGS)]}"
    path.write_bytes(data[8:])
    if arguments[0] in ("detect", "repair"):
        arguments.append(str(path))
    if arguments[0] == "repair" and "--json" not in arguments:
        arguments += ["--output", str(folder() / "out")]
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BufferedReader(io.BytesIO(data[8:])))  # type: ignore[arg-type]
        try:
            code = run_command(arguments)
        finally:
            sys.stdin = stdin
    assert code in (0, 1, 2), (code, arguments)
    errors.flush()
    said = errors.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    assert code != 2 or said.strip(), arguments
    assert not HIDDEN.search(said), (arguments, said)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoding": decoding, "reading": reading, "detecting": detecting, "editing": editing, "masking": masking,
    "record": record, "gates": gates, "command": command,
}

"""Repair records that the tests of the review page share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vn_repair.types import Article, Edit, Label, Repair, Severity, Span, Status
from vn_repair.write.record import full_record, line

TEXT = """Hội nghị bàn về NTM

Xã xã đạt mẫu kiểu NTM. Tỷ lệ là 47.5. % hộ và enable with variable.

Theo báo chí."""
VI = TEXT.replace("Xã xã", "Xã")
EN = """Conference on NTM

The commune meets the model form NTM. The rate is 47.5. % and enable with variable.

According to the press."""
HOSTILE = ("<script>document.title='owned'</script><img src=x onerror=alert(1)> \u202egnp.exe\u0000 \u2066bidi \ud800 "
           "\u200e\"'&amp; {{ 7*7 }} " + "dài" * 2000 + " đuôi")
READABLE = HOSTILE.replace("\0", "").replace("\ud800", "")


def place(text: str, words: str) -> tuple[int, int]:
    """Offsets of `words`."""
    start = text.index(words)
    return start, start + len(words)


def repair(id_: str = "bài-1", text: str = TEXT) -> Repair:
    """An article with one edit accepted, one for review, one rejected and a span without one."""
    def span(words: str, label: Label, severity: Severity) -> Span:
        return Span(*place(text, words), label, severity, 0.9, f"{label}.test", f"why “{words}” is marked")

    return Repair(
        Article(id_, text, "vi", f"{id_}.txt"),
        (span("Xã xã", Label.REPETITION, Severity.MINOR), span("mẫu kiểu NTM", Label.WORD_ORDER, Severity.MAJOR),
         span("47.5. %", Label.NUMBER_FORMAT, Severity.CRITICAL),
         span("enable with variable", Label.UNTRANSLATED, Severity.CRITICAL)),
        (Edit(*place(text, "Xã xã"), "Xã", "rule:repetition.test", 0.9, Status.ACCEPTED, ("passed: numbers, names",)),
         Edit(*place(text, "mẫu kiểu NTM"), "NTM kiểu mẫu", "embedded", 0.4, Status.REVIEW,
              ("confidence: 0.40 is below 0.50", "passed: numbers, names"), (("mẫu NTM", 0.3), ("mô hình NTM", 0.2))),
         Edit(*place(text, "47.5. %"), "475 %", "embedded", 0.2, Status.REJECTED, ("numbers: 47 5 would be lost",))),
        text.replace("Xã xã", "Xã"), EN)


def hostile(text: str = HOSTILE) -> Repair:
    """An article whose text, names and reasons try to break a page. No file may hold all of `HOSTILE`."""
    return Repair(
        Article("<b>x</b>\"'\u202e", text + "\n\nđoạn hai", "vi", "</title><script>alert(2)</script>"),
        (Span(0, 8, Label.MOJIBAKE, Severity.MAJOR, 0.5, "<i>", "<script>alert(3)</script>"),),
        (Edit(0, 8, "<svg onload=alert(4)>", "\"><b>", 0.5, Status.REVIEW, ("<b>: </dd><script>",),
              (("</button>\u0000", 0.1), ("\ud800", 0.1))),),
        "", "<script>alert(5)</script>")


def many(count: int) -> list[dict[str, Any]]:
    """Records of that many articles of different text."""
    return [full_record(repair(f"bài-{n}", f"Bài số {n}: xã An Phú {n}\n\n{TEXT}")) for n in range(count)]


def write_records(path: Path, repairs: list[Repair]) -> Path:
    """A `.repair.jsonl` file."""
    path.write_text("".join(line(full_record(r, {"version": "test"})) for r in repairs), encoding="utf-8")
    return path

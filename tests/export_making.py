"""Repairs, records and exports for the tests of `vn-repair export`."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from vn_repair.export.collect import Input
from vn_repair.export.dataset import Report, Terminal, export_dataset
from vn_repair.export.options import ExportOptions
from vn_repair.types import Article, Edit, Label, Repair, Severity, Span, Status, apply_edits
from vn_repair.write.record import full_record

MADE_BY = {"version": "0.1.0", "model": "abc123", "rules": "def456", "min_confidence": 0.5, "sensitivity": "balanced"}

PLACES = "Lộc Hà|Đông Hà|Thạch Văn|Bình Minh|Xuân Hải|Tân Lập|Hòa Bình|Quảng Trị|Vĩnh Phúc|Hà Tĩnh".split("|")
DOERS = "Huyện|Xã|Tỉnh|Thị trấn|Ban chỉ đạo|Hợp tác xã|Hội nông dân|Đoàn thanh niên|Văn phòng điều phối".split("|")
DEEDS = ("đã hoàn thành tiêu chí về|đang vận động nhân dân đóng góp cho|vừa kiểm tra tiến độ của|"
         "sẽ ưu tiên nguồn vốn cho|còn gặp khó khăn trong việc xây dựng|tổ chức hội nghị bàn về|"
         "biểu dương các hộ hiến đất làm").split("|")
THINGS = "giao thông|thủy lợi|trường học|cơ sở văn hóa|môi trường|nhà ở dân cư|y tế|sản phẩm OCOP|chợ quê".split("|")


def news(number: int, lines_wanted: int = 5) -> str:
    """An article of our own of so many lines, two sentences each; another for every number."""
    draw = random.Random(number)
    lines = [f"Bản tin số {number}"]
    for _ in range(lines_wanted):
        lines.append(f"{draw.choice(DOERS)} {draw.choice(PLACES)} {draw.choice(DEEDS)} {draw.choice(THINGS)} tại "
                     f"{draw.randrange(2, 400)} thôn. {draw.choice(DOERS)} and the {draw.choice(PLACES)} "
                     f"{draw.choice(DEEDS)} {draw.choice(THINGS)} năm {draw.randrange(1990, 2030)}.")
    return "\n".join(lines) + "\n"


def english(text: str) -> str:
    """Something that stands for a translation: line for line and sentence for sentence, no word the same."""
    return re.sub(r"[^\W\d_]+", lambda word: ("E" if word[0][0].isupper() else "e") + word[0], text)


def repaired(identifier: str, text: str, *, status: Status = Status.ACCEPTED, translated: bool = True) -> Repair:
    """The article with each `and the` marked, and deleted by an edit of this status."""
    spans, edits, at = [], [], 0
    while (at := text.find("and the ", at)) >= 0:
        spans.append(Span(at, at + 7, Label.UNTRANSLATED, Severity.MAJOR, 0.9, "test.english", "two English words", ""))
        edits.append(Edit(at, at + 8, "", "rule:test.english", 0.8, status, ("kept all numbers",), (("và ", 0.5),)))
        at += 8
    vi = apply_edits(text, edits)
    return Repair(Article(identifier, text, "vi", f"/home/someone/private/{identifier}.txt"), tuple(spans),
                  tuple(edits), vi, english(vi) if translated else "")


def records_file(path: Path, repairs: Iterable[Repair], **fields: Any) -> str:
    """A file of repair records, each with these further keys."""
    with open(path, "w", encoding="utf-8") as file:
        for repair in repairs:
            file.write(json.dumps({**full_record(repair, MADE_BY), **fields}, ensure_ascii=False) + "\n")
    return str(path)


def exported(files: Sequence[str], output: Path, *, resume: bool = False, told: list[str] | None = None,
             workers: int = 1, **options: Any) -> Report:
    """An export of these files."""
    terminal = Terminal() if told is None else Terminal(told.append)
    return export_dataset(Input(list(files), workers=workers), ExportOptions(**options), output, resume=resume,
                          terminal=terminal)


def tables(output: Path, folder: str = "data") -> dict[str, list[dict[str, Any]]]:
    """The rows of each split, read by pyarrow alone."""
    import pyarrow.parquet as pq

    out: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((output / folder).glob("*.parquet")):
        out.setdefault(path.name.rsplit("-", 3)[0], []).extend(pq.read_table(path).to_pylist())
    return out


def contents(output: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(output.rglob("*"))
            if path.is_file()}

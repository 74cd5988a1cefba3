"""What stands in a text for a program is never edited: addresses, and in Markdown code, link targets and tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from vn_repair.pipeline import Repairer
from vn_repair.read import protected, read
from vn_repair.types import VI, Article, Edit, Label, Segment, Severity, Span, Status
from vn_repair.verify.gates import Case, addresses_kept

TEXT = "Xem https://bao.vn/nong-thon tại đây, hoặc `xã xã` trong tài liệu. Thư gửi tin@bao.vn nhé."


def why(old: str, new: str, proposer: str = "embedded", source: str = "x.md") -> str | None:
    start = TEXT.index(old)
    span = Span(start, start + len(old), Label.FRAGMENT, Severity.MINOR, 0.9, "case", "")
    edit = Edit(start, start + len(old), new, proposer, 0.9)
    case = Case(Article("x", TEXT, VI, source), edit, (span,), Segment(0, len(TEXT), VI), 0.5, lambda _: [])
    return addresses_kept(case)


@pytest.mark.parametrize(("old", "new"), [
    ("nong-thon", "nông thôn"), ("Xem https", "Xem http"), ("/nong-thon tại", "/x tại"), ("tin@", "thư@"),
    ("https://bao.vn/nong-thon", "https://bao.vn/x"), ("Xem https://bao.vn/nong-thon tại đây", "Xem tại đây"),
    ("xã xã", "xã"), ("`xã xã`", "`xã`"), ("`xã xã` trong", "trong"),
])
def test_an_edit_that_would_break_an_address_or_code_fails(old: str, new: str) -> None:
    assert why(old, new)
    assert why(old, new, proposer="rule:case")


@pytest.mark.parametrize(("old", "new"), [
    ("tại đây", "ở đây"), ("Xem https://bao.vn/nong-thon tại", "Đọc https://bao.vn/nong-thon ở"),
    ("`xã xã` trong", "`xã xã` ở trong"), ("nhé", ""),
])
def test_an_edit_that_keeps_them_passes(old: str, new: str) -> None:
    assert why(old, new) is None


def test_a_rule_may_remove_a_line_whole_and_a_model_may_not() -> None:
    assert why(TEXT, "", proposer="rule:boilerplate") is None
    assert why(TEXT, "") == "“https://bao.vn/nong-thon” would be lost"


def test_code_is_code_only_in_markdown() -> None:
    assert why("xã xã", "xã", source="x.txt") is None


def test_a_markdown_file_keeps_its_markup(tmp_path: Path) -> None:
    path = tmp_path / "tin.md"
    garbled = "huy động huy động nguồn lực xã hội"
    path.write_text(
        f"---\ntitle: {garbled}\n---\n\n# Tin\n\nHuyện đã {garbled}, xem [bài](https://a.vn/huy-động-huy-động?a=1.,2).\n\n"
        f"```\n{garbled}\n```\n\nLệnh `{garbled}` in ra <b title=\"{garbled}\">kết quả</b>.\n", encoding="utf-8")
    [article] = read(path)
    assert isinstance(article, Article)
    repair = Repairer(rules_only=True).repair(article)
    kept = [article.text[start:end] for start, end in protected(article)]
    assert len(kept) >= 5
    assert all(part in repair.vi for part in kept)
    assert "Huyện đã huy động nguồn lực xã hội, xem" in repair.vi
    for edit in repair.edits:
        if edit.status is Status.ACCEPTED:
            assert all(edit.end <= start or end <= edit.start for start, end in protected(article))

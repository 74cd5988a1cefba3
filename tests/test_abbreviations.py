"""Abbreviations are written out for the model only where that is sure."""

from __future__ import annotations

import pytest

from vn_repair.propose.abbreviations import write_out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND tỉnh công nhận 3 xã NTM.", "Ủy ban nhân dân tỉnh công nhận 3 xã nông thôn mới."),
        ("chương trình nông thôn mới (NTM) giai đoạn mới", "chương trình nông thôn mới giai đoạn mới"),
        ("Quyết định 12/QĐ-UBND của UBND huyện", "Quyết định 12/QĐ-UBND của Ủy ban nhân dân huyện"),
        ("sản phẩm OCOP và VietGAP", "sản phẩm OCOP và VietGAP"),
        ("không có gì", "không có gì"),
        ("HTXA và UBNDX", "HTXA và UBNDX"),
    ],
)
def test_write_out(text: str, expected: str) -> None:
    assert write_out(text) == expected

"""Time grows with the length of a text, no faster, whatever the text is made of."""

from __future__ import annotations

from typing import Any

import pytest
from hostile.growth import PATTERNS, repeated, seconds, superlinear

from vn_repair.types import EN, VI


@pytest.mark.parametrize(("number", "pattern"), list(enumerate(PATTERNS)), ids=[p["name"] for p in PATTERNS])
def test_no_stage_grows_faster_than_the_text(number: int, pattern: dict[str, Any]) -> None:
    if pattern.get("open"):
        pytest.xfail(pattern["open"])
    # What once took quadratic time is looked at closely; `tests/hostile/growth.py`, in `make fuzz`, does so for all.
    if "once" in pattern:
        assert superlinear(pattern["unit"], VI, 2000) == superlinear(pattern["unit"], EN, 2000) == {}
    else:
        assert superlinear(pattern["unit"], (VI, EN)[number % 2], 600, least=0.1) == {}


def test_quadratic_time_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import hostile.growth

    def slow(text: str) -> str:
        return "vi" if sum(text.count("zq") for _ in range(0, len(text), 4)) else "en"

    monkeypatch.setattr(hostile.growth, "guess_language", slow)
    assert list(superlinear("abcdefg ", EN, 4000)) == ["guess_language"]


def test_patterns_are_measured_by_their_length() -> None:
    assert repeated("xã ", 3000) == "xã " * 1000
    assert repeated("\u0301\u0323", 3000) is None  # the readers refuse it
    assert seconds("xã " * 10, VI).keys() >= {"segment", "view", "merge_spans", "repetition.adjacent"}
    assert len({p["name"] for p in PATTERNS}) == len({p["unit"] for p in PATTERNS}) == len(PATTERNS)

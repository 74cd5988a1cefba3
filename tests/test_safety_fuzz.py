"""The fuzzers' corpus, found crashes among it, replayed without the fuzzer; `make fuzz` looks for more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.targets import TARGETS
from hypothesis import given, settings
from hypothesis import strategies as st

CORPUS = Path(__file__).parent / "fuzz" / "corpus"
INPUTS = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", INPUTS, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_an_input_breaks_no_promise(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_a_corpus() -> None:
    assert {path.parent.name for path in INPUTS} == set(TARGETS)


@pytest.mark.parametrize("name", ["decoding", "editing", "masking", "record"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.binary(max_size=200))
def test_any_bytes_break_no_promise(name: str, data: bytes) -> None:
    TARGETS[name](data)


def test_a_broken_promise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import fuzz.targets

    monkeypatch.setattr(fuzz.targets, "apply_edits", lambda text, edits: text + "x")
    with pytest.raises(AssertionError):
        TARGETS["editing"]((CORPUS / "editing" / "two").read_bytes())
    monkeypatch.setattr(fuzz.targets, "decode", lambda data: ("other", "utf-8"))
    with pytest.raises(AssertionError):
        TARGETS["decoding"](b"text")

"""What makes detection quick does not change what it finds, and work that was once quadratic is counted.

No test here looks at a clock.
"""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair import placeholders
from vn_repair.detect import merge
from vn_repair.detect.registry import chunk_table, detectors, running
from vn_repair.lexicon import restore
from vn_repair.pipeline import Repairer
from vn_repair.placeholders import slots
from vn_repair.settings import Settings
from vn_repair.types import EN, VI, Article

OF_MARKS = [d for d in detectors() if d.needs_mark]
LETTERS = st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Lo"])


def test_signs_that_need_a_mark_are_borne_by_no_letter() -> None:
    assert len(OF_MARKS) > 8
    letters = [c for c in map(chr, range(sys.maxunicode)) if c.isalpha() and unicodedata.is_normalized("NFC", c)]
    for at in range(0, len(letters), 64):
        chunk = "".join(letters[at : at + 64])
        assert not [d.id for d in OF_MARKS for lang in (VI, EN) if d.sign is not None and d.sign(chunk, lang)], chunk


@settings(deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=12), st.sampled_from([VI, EN]))
def test_letters_alone_are_judged_as_all_signs_would(word: str, lang: str) -> None:
    table = chunk_table(lang)
    assert not [d.id for d in OF_MARKS if d.sign is not None and d.sign(word, lang)]
    told = table.read(word, word.lower()) if len(word.lower()) == len(word) else table.read(word, word)
    assert {name for name, chunks in told.signs.items() if chunks} == set(table.signs_of(word))


@pytest.mark.parametrize("chunk", ["²", "(²)", "m²", "Ⅳ.", "½", "“³”"])
def test_characters_that_are_no_letters_and_no_marks(chunk: str) -> None:
    for lang in (VI, EN):
        chunk_table(lang).read(chunk, chunk)


def test_detectors_that_run_are_those_that_the_settings_leave_on() -> None:
    for each in (Settings(), Settings(off=("number",)), Settings(off=("number",), on=("number.scale",)),
                 Settings(only=("mojibake",))):
        for lang in (VI, EN):
            wanted = [d.id for d in detectors() if lang in d.languages and each.runs(d.id)]
            assert [d.id for d in running(lang, each.off, each.on, each.only)] == wanted


def test_slots_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "ngày 12/3/2020 có 12,5 ha, 7 hộ. " * 300
    made = []

    class Looked(merge.Taken):
        def add(self, start: int, end: int) -> bool:
            made.append(start)
            return super().add(start, end)

    monkeypatch.setattr(placeholders, "Taken", Looked)
    found = slots(text, VI)
    assert len(made) < 3 * len(found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert [text[s.start : s.end] for s in found[:3]] == ["ngày 12/3/2020", "12,5", "7"]


def test_a_chain_asks_for_each_pair_of_syllables_once() -> None:
    restore._cost.cache_clear()
    chain = restore.restore([restore.fillings("n?ng")[:40]] * 200)
    assert len(chain) == 200
    assert restore._cost.cache_info().misses <= 40 * 40 + 40


def test_an_edit_finds_its_sentence_without_going_through_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from vn_repair import pipeline

    looked = 0

    class Looked(pipeline.ByPlace):  # type: ignore[type-arg]
        def touching(self, start: int, end: int):  # type: ignore[no-untyped-def]
            nonlocal looked
            found = list(super().touching(start, end))
            looked += len(found)
            return iter(found)

    monkeypatch.setattr(pipeline, "ByPlace", Looked)
    repair = Repairer(rules_only=True).repair(Article("a", "Xã Quảng trị có 12 hộ.\n" * 60, VI, "-"))
    assert len(repair.edits) >= 60
    assert looked <= 2 * len(repair.edits)

"""Runs of English, restoring letters and marks, and the old encodings: tables and properties."""

from __future__ import annotations

import importlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.lexicon.evidence import english_runs
from vn_repair.lexicon.legacy import TCVN3, from_tcvn3, from_viqr, from_vni
from vn_repair.lexicon.restore import composed, fillings, marked_forms, restore, without_marks
from vn_repair.lexicon.syllables import syllables
from vn_repair.lexicon.verbatim import VERBATIM, Cover, line_bounds
from vn_repair.segment import segment
from vn_repair.types import EN, VI, Article

SEED = next((Path(__file__).parents[1] / "seeds").glob("002_*.txt")).read_text(encoding="utf-8")
MODULES = ("foreign_run", "leaked_word", "unknown_token", "mojibake", "lost_letter", "html_entity", "legacy_encoding",
           "lookalike_letter", "decomposed_accent", "lost_diacritics", "vietnamese_in_english")
SENTENCES = (
    "Huyện xây dựng nông thôn mới và nâng cao chất lượng các tiêu chí",
    "Ủy ban nhân dân tỉnh ban hành kế hoạch triển khai chương trình mục tiêu quốc gia",
    "Các địa phương tiếp tục phát triển kinh tế và giảm nghèo bền vững",
)
PIECES = ("with the ", "Xã nông thôn ", "n?ng ", "cÃ³ ", "th«n míi ", "&agrave;",
          "nang cao chat luong ", "Ð", "\n", "“", "(",
          "tiế\u0301p ", "no^ng ",
          "https://a.vn/x ", "nghành ", "3×2 ", "\ufffd", "a@b.vn ", "ñoïc ", "xã", "and ", "'", ". ")


def detector(module: str) -> Detector:
    found = importlib.import_module(f"vn_repair.detect.{module}").DETECTOR
    assert isinstance(found, Detector)
    return found


@pytest.mark.parametrize(
    "run",
    ["to plan to the top", "enable with the low variable variable", "but under", "Tools for the local",
     "the room of NTM level is 2020 is because", "when", "the most in the time of the big integration", "Do that",
     "NTM speed development of the high rate of province", "new and have a NTM",
     "Theestest is the a standard of the NTM is to for the source for high-end, process to the NTM type pattern and",
     "for the social about the target NTM are same"],
)
def test_every_english_run_of_the_seed(run: str) -> None:
    assert run in [SEED[r.start : r.end] for r in english_runs(SEED)]


def test_no_other_run_in_the_seed() -> None:
    assert len(english_runs(SEED)) == 12  # and "Show", which only its neighbours give away


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=12).map("".join),
       st.sampled_from([VI, EN]))
def test_spans_lie_inside_and_suggestions_differ(text: str, lang: str) -> None:
    text = unicodedata.normalize("NFC", text)
    article = Article("x", text, lang, "x")
    view = View(article, segment(article))
    for module in MODULES:
        found = detector(module)
        spans = sorted(found.find(view), key=lambda s: s.start)
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            surface = text[span.start : span.end]
            assert surface == surface.strip() or module in {"html_entity", "mojibake"}
            assert "\n" not in surface
            assert span.suggestion != surface
            assert 0.0 < span.score <= 1.0
        assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False)), module


@pytest.mark.parametrize("sentence", SENTENCES)
def test_marks_are_restored(sentence: str) -> None:
    words = sentence.lower().split()
    bare = [without_marks(w) for w in words]
    assert all(w.isascii() for w in bare)
    assert restore([marked_forms(w) for w in bare]) == words


@given(st.sampled_from(sorted(syllables())))
def test_bare_form_is_ascii(syllable: str) -> None:
    assert without_marks(syllable).isascii()
    assert without_marks(without_marks(syllable)) == without_marks(syllable)


@pytest.mark.parametrize(("pattern", "first"), [("th?n", "thôn"), ("?ồng", "đồng"), ("nông", "nông"), ("zz?", None)])
def test_fillings(pattern: str, first: str | None) -> None:
    assert (fillings(pattern)[0] if fillings(pattern) else None) == first


@pytest.mark.parametrize(
    ("word", "whole"),
    [("tiế\u0301p", "tiếp"), ("Hoạ\u0300", "Hòa"), ("điạ", "địa"), ("qủa", "quả")],
)
def test_composed(word: str, whole: str) -> None:
    assert composed(word) == whole


@pytest.mark.parametrize(
    ("convert", "old", "text"),
    [
        (from_tcvn3, "®Ò ¸n n«ng th«n míi", "đề án nông thôn mới"),
        (from_vni, "noâng thoân môùi, ñôøi soáng, phaùt trieån, ÑÖÔÏC", "nông thôn mới, đời sống, phát triển, ĐƯỢC"),
        (from_viqr, "no^ng tho^n mo+'i, dda.t chua^?n", "nông thôn mới, đạt chuẩn"),
    ],
)
def test_old_encodings(convert: object, old: str, text: str) -> None:
    assert callable(convert)
    assert convert(old) == text


@given(st.lists(st.sampled_from(sorted(syllables())), min_size=1, max_size=6).map(" ".join))
def test_tcvn3_round_trip(text: str) -> None:
    back = {ord(letter): chr(code) for code, letter in TCVN3.items()}
    assert from_tcvn3(text.translate(back)) == text


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1258"])
def test_mis_decoded_text_is_undone(sentence: str, encoding: str) -> None:
    words = [w for w in sentence.split() if _can(w, encoding)]
    garbled = " ".join(words).encode().decode(encoding)
    if unicodedata.normalize("NFC", garbled) != garbled:
        pytest.skip("normalisation joins two of the bytes")
    article = Article("x", garbled, VI, "x")
    spans = sorted(detector("mojibake").find(View(article, segment(article))), key=lambda s: s.start)
    fixed = garbled
    for span in reversed(spans):
        fixed = fixed[: span.start] + (span.suggestion or "") + fixed[span.end :]
    assert fixed == " ".join(words)


def _can(word: str, encoding: str) -> bool:
    try:
        return "\u00a0" not in word.encode().decode(encoding) and "\x85" not in word.encode().decode(encoding)
    except UnicodeDecodeError:
        return False


def test_cover_and_line_bounds() -> None:
    text = "Xem https://a.vn/the-x và\nthư về b@c.vn."
    cover = Cover(text, VERBATIM)
    assert [text[i] for i in range(len(text)) if i in cover] == list("https://a.vn/the-xb@c.vn.")
    assert text[slice(*line_bounds(text, 2))] == "Xem https://a.vn/the-x và"
    assert line_bounds("x" * 100, 50, 10) == (40, 60)

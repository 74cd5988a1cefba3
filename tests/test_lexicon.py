from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import vn_repair.lexicon as lexicon
from vn_repair.lexicon.leaks import leak, leaks, rendering
from vn_repair.lexicon.syllables import syllables

DATA = Path(lexicon.__path__[0]) / "data"


@pytest.mark.parametrize(
    "word",
    "hòa hoà khỏe khoẻ thủy thuỷ kỹ kĩ quốc quý quá giếng gì gìn giết nghiêng ngoằn uể yêu khuya khuỷu huỳnh xoong "
    "Đắc ĐỒNG Thôn ước oai quyết thuở rượu nguyễn ưu quạnh ghi kê".split(),
)
def test_syllables_of_the_language(word: str) -> None:
    assert lexicon.is_vietnamese_syllable(word)


@pytest.mark.parametrize(
    "word",
    "that it with ngh kà cê nghành đươc stop viet qu hộc2 đăkk tap hat gha ngê trườg aa uu".split(),
)
def test_what_no_rule_spells(word: str) -> None:
    assert not lexicon.is_vietnamese_syllable(word)


def test_syllables_are_lower_case_nfc_and_closed() -> None:
    assert 10_000 < len(syllables()) < 20_000
    assert all(s == unicodedata.normalize("NFC", s.lower()) for s in syllables())


@pytest.mark.parametrize(("vietnamese", "english"), [("nông", "with"), ("của", "because"), ("huyện", "variable")])
def test_frequencies_tell_the_languages_apart(vietnamese: str, english: str) -> None:
    assert lexicon.vietnamese_frequency(vietnamese) > 100 > 1 > lexicon.english_frequency(vietnamese)
    assert lexicon.english_frequency(english) > 20 > 2 > lexicon.vietnamese_frequency(english)


def test_pairs() -> None:
    assert lexicon.vietnamese_pair("Nông", "thôn") > 5000
    assert lexicon.vietnamese_pair("thôn", "nông") < 100
    assert lexicon.vietnamese_pair("nông", "the") == lexicon.vietnamese_pair("zzz", "thôn") == 0


@pytest.mark.parametrize(("word", "known"), [("Nguyễn", True), ("Quảng", True), ("nguyễn", False), ("However", False)])
def test_name_parts_are_cased(word: str, known: bool) -> None:
    assert lexicon.is_name_part(word) is known


@pytest.mark.parametrize("loan", ["startup", "logistics", "livestream", "online", "website", "smartphone", "km", "ha"])
def test_loans_are_seen_in_clean_vietnamese(loan: str) -> None:
    assert lexicon.seen_in_vietnamese(loan) > 0.5


@pytest.mark.parametrize("pair", [("trần", "thị"), ("nguyễn", "phú"), ("lê", "thị"), ("phạm", "thị")])
def test_no_person_names_in_the_pairs(pair: tuple[str, str]) -> None:
    assert lexicon.vietnamese_pair(*pair) == 0


def test_data_files_are_small() -> None:
    assert sum(f.stat().st_size for f in DATA.iterdir()) < 3_000_000


def test_importing_reads_no_data() -> None:
    code = ("import vn_repair.lexicon.counts as c; "
            "print(c.syllable_words.cache_info().currsize + c.syllable_pairs.cache_info().currsize)")
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "0"


@pytest.mark.parametrize(
    ("english", "left", "right", "vietnamese"),
    [
        ("when", "đạt, trong", "một số", "khi"),
        ("While", "", "các xã", "Trong khi"),
        ("Show", "", "vẫn còn", "Hiện"),
        ("Do that", "", "huyện", "Do đó"),
        ("about", "trung bình", "46.000", "khoảng"),
        ("about", "nói", "việc", "về"),
        ("average", "bình quân", "45", ""),
        ("by", "vốn", "của", None),
        ("zebra", "con", "chạy", None),
    ],
)
def test_leak_table(english: str, left: str, right: str, vietnamese: str | None) -> None:
    assert rendering(leak(english, left, right), english) == vietnamese


def test_leak_table_is_whole() -> None:
    assert len(leaks()) >= 150
    for english, rows in leaks().items():
        assert english == english.lower()
        for row in rows:
            assert row.vietnamese == unicodedata.normalize("NFC", row.vietnamese)
            assert not row.vietnamese.isspace()

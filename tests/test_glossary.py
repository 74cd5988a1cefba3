"""The glossary and the phrase rules: their files, their finders, and that no forbidden form is right English."""

from __future__ import annotations

from importlib.resources import files

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.glossary import COLUMNS, by_abbreviation, by_vietnamese, find_terms, forbidden, terms
from vn_repair.phrase_rules import PhraseFinder, PhraseRule, alternatives, fold, in_case_of, load_rules, read_table
from vn_repair.types import EN, VI, Label, Severity

RULE_FILES = ["homonyms.tsv", "terminology_en.tsv", "spun_synonyms.tsv", "word_order_phrases.tsv"]


def test_columns_and_size() -> None:
    assert tuple(read_table("glossary.tsv")[0]) == COLUMNS
    assert len(terms()) >= 600
    assert len({term.vi for term in terms()}) == len(terms())
    assert len({term.category for term in terms()}) >= 15


def test_every_term_has_both_languages_and_tidy_cells() -> None:
    for term in terms():
        assert term.vi and term.en and term.category
        for form in (term.vi, term.en, *term.vi_abbr, *term.en_also, *term.forbidden_en, *term.forbidden_vi):
            assert form == form.strip() and "  " not in form, term.vi


def test_forbidden_forms_are_never_right_forms() -> None:
    right_en = {form.lower() for term in terms() for form in (term.en, *term.en_also)}
    right_vi = {form.lower() for term in terms() for form in (term.vi, *term.vi_abbr)}
    assert not {form.lower() for form, _, _ in forbidden(EN)} & right_en
    assert not {form.lower() for form, _, _ in forbidden(VI)} & right_vi


@pytest.mark.parametrize(("vietnamese", "english"), [
    ("chủ thể ocop", "OCOP producer"), ("vốn đối ứng", "counterpart capital"), ("hợp tác xã", "cooperative"),
    ("hội nghị tổng kết", "review conference"), ("trạm y tế", "health station"),
    ("chương trình mục tiêu quốc gia xây dựng nông thôn mới", "National Target Program on New Rural Development"),
])
def test_known_terms(vietnamese: str, english: str) -> None:
    assert by_vietnamese()[vietnamese].en == english


def test_abbreviations() -> None:
    assert [term.vi for term in by_abbreviation()["HTX"]] == ["hợp tác xã"]
    assert [term.vi for term in by_abbreviation()["UBND"]] == ["Ủy ban nhân dân"]
    assert len(by_abbreviation()["XDCB"]) > 1


def test_find_terms_takes_the_longest() -> None:
    text = "Xã đã hoàn thành Bộ tiêu chí quốc gia về xã nông thôn mới, HTX mở rộng."
    found = [text[start:end] for start, end, _ in find_terms(text, VI)]
    assert found == ["Xã", "Bộ tiêu chí quốc gia về xã nông thôn mới", "HTX"]
    english = "The counterpart capital reached the cooperative group."
    assert [term.vi for _, _, term in find_terms(english, EN)] == ["vốn đối ứng", "tổ hợp tác"]


@pytest.mark.parametrize("name", RULE_FILES)
def test_rules_load_and_their_suggestions_differ(name: str) -> None:
    rules = load_rules(name)
    assert len(rules) >= 40
    for rule in rules:
        assert rule.wrong == rule.wrong.lower(), rule.wrong
        for phrase in alternatives(rule.wrong):
            assert phrase.count("[") == phrase.count("]") <= 1, phrase
            marked = phrase[phrase.index("[") + 1 : phrase.index("]")] if "[" in phrase else phrase
            assert marked.strip() == marked != "", phrase
            assert marked != rule.right, phrase


def test_at_least_120_homonyms() -> None:
    assert len(load_rules("homonyms.tsv")) >= 120


def test_word_order_counts_hold_no_running_text() -> None:
    import gzip

    packed = files("vn_repair").joinpath("data", "word_order.tsv.gz").read_bytes()
    for row in gzip.decompress(packed).decode().splitlines():
        phrase, count = row.split("\t")
        assert phrase.count("|") == 1 and len(phrase.replace("|", " ").split()) <= 4 and int(count) > 0


@pytest.mark.parametrize(("pattern", "phrases"), [
    ("a (b|c) d", ["a b d", "a c d"]), ("x(| y)", ["x", "x y"]), ("plain", ["plain"]),
    ("(1|2)(3|4)", ["13", "14", "23", "24"]),
])
def test_alternatives(pattern: str, phrases: list[str]) -> None:
    assert alternatives(pattern) == phrases


@pytest.mark.parametrize(("surface", "words", "expected"), [
    ("mẫu kiểu", "kiểu mẫu", "kiểu mẫu"), ("Mẫu kiểu", "kiểu mẫu", "Kiểu mẫu"), ("MẪU KIỂU", "kiểu mẫu", "KIỂU MẪU"),
    ("Regarding", "about", "About"), ("following", "after", "after"),
])
def test_in_case_of(surface: str, words: str, expected: str) -> None:
    assert in_case_of(surface, words) == expected


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


WORDS = st.lists(st.sampled_from(["Sở", "hữu", "cấp", "quyền", "chính", "NTM", "mẫu", "kiểu", "İ", "ﬁ", "-", "12"]))
RULES = PhraseFinder([
    PhraseRule("[cấp quyền] chính", "cấp ủy", Label.MISTRANSLATION, Severity.MAJOR, 0.9),
    PhraseRule("mẫu kiểu", "kiểu mẫu", Label.WORD_ORDER, Severity.MINOR, 0.9),
    PhraseRule("sở hữu", None, Label.MISTRANSLATION, Severity.MINOR, 0.9, regex.compile("ntm")),
])


@given(WORDS, st.sampled_from([" ", "\xa0"]))
def test_matches_cut_out_the_words_of_their_rule(words: list[str], space: str) -> None:
    text = space.join(words)
    for found in RULES.matches(text):
        surface = fold(text[found.start : found.end])
        assert surface in found.rule.wrong.replace("[", "").replace("]", "")
        assert not text[found.end : found.end + 1].isalnum()

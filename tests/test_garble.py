"""The garbler keeps exact track of what it changes, whatever the operation."""

from __future__ import annotations

import gzip
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.training.garble import WORD, Change, Garbled, Operation, apply_changes, garble
from vn_repair.training.garble_en import EnglishOperations
from vn_repair.training.garble_pivot import PivotTables
from vn_repair.training.garble_rates import MOST_ERRORS, ArticleErrors
from vn_repair.training.garble_vi import VietnameseOperations, without_marks
from vn_repair.training.lexical_data import LexicalData
from vn_repair.types import Label

VI = (
    "Sáng 12/8, Ủy ban nhân dân tỉnh tổ chức hội nghị đánh giá kết quả xây dựng nông thôn mới giai đoạn vừa qua.",
    "Sở dĩ xã chưa đạt tiêu chí môi trường là vì nguồn lực đầu tư còn hạn chế, người dân không tham gia thu gom rác.",
    "Hiện huyện Krông Pắc có 12/15 xã đạt chuẩn NTM kiểu mẫu, nhưng hạ tầng giao thông và thủy lợi vẫn cần quan tâm.",
    "Bí thư Tỉnh ủy đề nghị các địa phương tiếp tục tuyên truyền, vận động nhân dân tháo gỡ khó khăn trong sản xuất.",
    "Năm 2020, 45 huyện còn “trắng” xã NTM; thu nhập đạt 41,8 triệu đồng, vượt 6.200 đồng, chỉ tiêu của Quảng Trị.",
)
EN = (
    "The province has about 120 communes that meet new rural development criteria and need to keep the results.",
    "After the conference, officials and farmers visited model villages, but the survey has not reached poor homes.",
    "Many cooperatives and enterprises use digital tools to help people sell farm produce in the new market.",
    "In 2020, 5 communes of the People's Committee paid 41.8 percent “more” of their capital; they were recognized.",
    "The People's Committee approved 3,200 venues, of which 14 are in the villages of the “Each Commune” programme.",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> LexicalData:
    """A small word list in the shape of the public ones."""
    folder = tmp_path_factory.mktemp("lexicon")
    words = {
        "sở dĩ": 50, "sở hữu": 900, "môi trường": 3000, "quản lý": 4000, "nguồn lực": 800, "đầu tư": 5000,
        "hạn chế": 900, "hạ tầng": 800, "giao thông": 2000, "thủy lợi": 400, "hạ cánh": 60, "giao diện": 70,
        "tuyên truyền": 500, "vận động": 700, "vận hành": 300, "sản xuất": 4000, "khó khăn": 2000,
        "tháo gỡ": 200, "gỡ bỏ": 90, "xã": 9000, "xã hội": 7000, "là": 90000, "và": 99000, "vì": 9000,
        "kết quả": 3000, "kết thúc": 900, "quả đất": 40, "kiểu mẫu": 100, "mẫu số": 44, "nhân dân": 3000,
        "nhân viên": 3000, "của": 90000, "chỉ tiêu": 900, "khu": 500, "dụng cụ": 90, "số": 9000, "cuối": 300,
    }  # fmt: skip
    glosses = {
        "môi trường": ["environment", "medium"], "đầu tư": ["invest"], "xã": ["commune"],
        "quả đất": ["earth", "result"],
        "kết quả": ["result", "outcome", "effect", "consequence"], "sản xuất": ["produce", "manufacture"],
        "kết thúc": ["end", "result", "finish", "conclude"], "khu": ["committee", "quarter", "area"],
        "của": ["of", "result"],
        "nhân dân": ["people", "result", "mass"], "nhân viên": ["staff", "people", "committee", "result", "market"],
    }  # fmt: skip
    with gzip.open(folder / "vi_words.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("word\tcorpus_freq\tn_syllables\tsources\n")
        out.writelines(f"{w}\t{c}\t{len(w.split())}\tH\n" for w, c in words.items())
    with gzip.open(folder / "vi_en_dict.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("vi\tpos\ten\n")
        out.writelines(f"{v}\tnoun\t{g}\n" for v, gs in glosses.items() for g in gs)
    with gzip.open(folder / "en_vi_dict.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("en\tpos\tvi\tgloss\tsource\nresult\tnoun\tkết quả\t\tanhviet109K\n")
    pivot = PivotTables(
        {"xã": {"commune": 30, "communes": 10}, "nhân dân": {"people": 30, "mass": 10}, "quần chúng": {"mass": 40},
         "người dân": {"people": 20, "residents": 20}, "dụng cụ": {"instrument": 9}, "số": {"number": 9},
         "kết": {"end": 9, "tie": 9}, "cuối": {"end": 5, "last": 20},
         "tuyên truyền": {"propaganda": 9, "communication": 9}, "truyền thông": {"communication": 20, "media": 20}},
        {"đạt chuẩn": {"meet the standards": 4}, "dụng cụ số": {"digital tools": 5}},
    )  # fmt: skip
    return LexicalData(folder, pivot)


def checked(result: Garbled) -> Garbled:
    """`result`, its invariants asserted."""
    at = 0
    for span in result.spans:
        surface = result.text[span.start : span.end]
        assert span.start >= at
        assert surface.strip() == surface != ""
        assert surface != span.correction
        before, after = result.text[: span.start][-1:], result.text[span.end :][:1]
        assert not (before.isalnum() and surface[0].isalnum()), "a span begins inside a word"
        assert not (after.isalnum() and surface[-1].isalnum()), "a span ends inside a word"
        at = span.end
    assert result.corrected() == result.clean
    return result


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 8), st.sampled_from([*VI, *EN]))
def test_spans_and_corrections_restore_the_clean_text(data: LexicalData, seed: int, count: int, clean: str) -> None:
    operations = VietnameseOperations(data) if clean in VI else EnglishOperations(data)
    result = checked(garble(clean, operations.weighted(), count, random.Random(seed)))
    assert len(result.spans) <= count
    assert result == garble(clean, operations.weighted(), count, random.Random(seed))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.text(alphabet="aăbc đế ,.“”1 9\n-NTM", max_size=60))
def test_any_text_can_be_garbled(data: LexicalData, seed: int, clean: str) -> None:
    for operations in (VietnameseOperations(data), EnglishOperations(data)):
        result = garble(clean, operations.weighted(), 4, random.Random(seed))
        assert result.corrected() == clean


MEANING = {Label.MISTRANSLATION, Label.TERMINOLOGY, Label.WORD_ORDER}
LABELS_VI = {
    "homonym": {Label.MISTRANSLATION, Label.TERMINOLOGY, Label.FRAGMENT, Label.REPETITION, Label.WORD_ORDER},
    "term": {Label.TERMINOLOGY, Label.WORD_ORDER},
    "spin": {Label.SPUN_SYNONYM},
    "shared_syllable": {Label.MISTRANSLATION},
    "calque": {Label.MISTRANSLATION},
    "syllable_calque": {Label.MISTRANSLATION},
    "phrase_calque": {Label.MISTRANSLATION},
    "rough_phrase": MEANING,
    "extra_syllable": {Label.MISTRANSLATION},
    "lost_negation": {Label.MISTRANSLATION},
    "particle": {Label.MISTRANSLATION},
    "flip_words": {Label.WORD_ORDER},
    "flip_syllables": {Label.WORD_ORDER},
    "move_head": {Label.WORD_ORDER},
    "move_word": {Label.WORD_ORDER},
    "genitive": {Label.WORD_ORDER},
    "move_acronym": {Label.WORD_ORDER},
    "title": {Label.WORD_ORDER, Label.NAMED_ENTITY},
    "english_run": {Label.UNTRANSLATED},
    "leaked_word": {Label.UNTRANSLATED},
    "leaked_content": {Label.UNTRANSLATED},
    "stray_english": {Label.UNTRANSLATED},
    "nonsense": {Label.UNTRANSLATED},
    "lost_syllable": {Label.FRAGMENT},
    "drop": {Label.FRAGMENT},
    "cut_end": {Label.FRAGMENT},
    "splice_stop": {Label.FRAGMENT, Label.PUNCTUATION},
    "empty_quotes": {Label.FRAGMENT},
    "doubled_syllable": {Label.REPETITION},
    "twin": {Label.REPETITION},
    "collapse": {Label.REPETITION},
    "repeat": {Label.REPETITION},
    "echo": {Label.REPETITION},
    "strip_marks": {Label.LOST_DIACRITICS},
    "misspell": {Label.SPELLING},
    "name_case": {Label.NAMED_ENTITY},
    "name_translated": {Label.NAMED_ENTITY},
    "spacing": {Label.PUNCTUATION},
    "footnote": {Label.FOOTNOTE_RESIDUE},
    "figure": {Label.NUMBER_FORMAT},
    "encoding": {Label.MOJIBAKE},
}
LABELS_EN = {
    "spin": {Label.SPUN_SYNONYM, Label.TERMINOLOGY},
    "calque": {Label.MISTRANSLATION},
    "phrase_calque": MEANING,
    "rough_clause": MEANING,
    "terms": {Label.TERMINOLOGY, Label.WORD_ORDER, Label.REPETITION, Label.MISTRANSLATION, Label.NAMED_ENTITY},
    "prepositions": {Label.MISTRANSLATION, Label.FRAGMENT},
    "agreement": {Label.MISTRANSLATION, Label.SPELLING},
    "article": {Label.FRAGMENT},
    "stray_word": {Label.MISTRANSLATION},
    "lost_negation": {Label.MISTRANSLATION},
    "linker": {Label.MISTRANSLATION, Label.FRAGMENT, Label.SPUN_SYNONYM, Label.REPETITION},
    "lost_subject": {Label.FRAGMENT},
    "false_friend": {Label.MISTRANSLATION, Label.TERMINOLOGY},
    "flip": {Label.WORD_ORDER},
    "of_chain": {Label.WORD_ORDER},
    "collapse": {Label.REPETITION},
    "twin": {Label.REPETITION},
    "repeat": {Label.REPETITION},
    "echo": {Label.REPETITION},
    "splice_stop": {Label.FRAGMENT, Label.PUNCTUATION},
    "drop": {Label.FRAGMENT},
    "cut_end": {Label.FRAGMENT},
    "vietnamese_word": {Label.UNTRANSLATED},
    "vietnamese_run": {Label.UNTRANSLATED},
    "footnote": {Label.FOOTNOTE_RESIDUE},
    "figure": {Label.NUMBER_FORMAT},
    "leading_zero": {Label.NUMBER_FORMAT},
    "spacing": {Label.PUNCTUATION},
    "misspell": {Label.SPELLING},
    "name_translated": {Label.NAMED_ENTITY},
    "encoding": {Label.MOJIBAKE},
}
OWN_VIETNAMESE = {
    "title": "Đồng chí Phó Bí thư Tỉnh ủy Quảng Trị dự Hội nghị.",
    "name_translated": "Ông Trần Văn Xã dự.",
}
OWN_ENGLISH = {
    "lost_subject": "It also supports them, and they were recognized early.",
    "encoding": "The district’s song is well known in Hà Giang.",
}


@pytest.mark.parametrize("name", LABELS_VI)
def test_every_vietnamese_operation_changes_something_and_labels_it(data: LexicalData, name: str) -> None:
    one = VietnameseOperations(data).weighted(dict.fromkeys(LABELS_VI, 0.0) | {name: 1.0})
    seen(one, [*VI, OWN_VIETNAMESE.get(name, VI[0])], LABELS_VI[name])


@pytest.mark.parametrize("name", LABELS_EN)
def test_every_english_operation_changes_something_and_labels_it(data: LexicalData, name: str) -> None:
    one = EnglishOperations(data).weighted(dict.fromkeys(LABELS_EN, 0.0) | {name: 1.0})
    seen(one, [*EN, OWN_ENGLISH.get(name, EN[0])], LABELS_EN[name])


def seen(operations: list[tuple[Operation, float]], texts: list[str], labels: set[Label]) -> None:
    """Assert that the single operation finds something in some text, and that its labels are among `labels`."""
    rng, found = random.Random(5), set[Label]()
    assert len(operations) == 1
    for text in texts:
        for _ in range(40):
            found |= {s.label for s in checked(garble(text, operations, 1, rng)).spans}
    assert found
    assert found <= labels


def test_every_operation_is_listed(data: LexicalData) -> None:
    assert {o.__name__ for o, _ in VietnameseOperations(data).weighted()} == set(LABELS_VI)
    assert {o.__name__ for o, _ in EnglishOperations(data).weighted()} == set(LABELS_EN)


@pytest.mark.parametrize(
    ("clean", "name", "wrong", "right"),
    [
        ("Hội nghị thảo luận cách tháo gỡ khó khăn.", "homonym", "gỡ bỏ", "tháo gỡ"),
        ("Các tỉnh hoàn thành bộ tiêu chí mới.", "homonym", "tiêu chuẩn", "tiêu chí"),
        ("Xã đạt chuẩn kiểu mẫu.", "flip_syllables", "mẫu kiểu", "kiểu mẫu"),
        ("Công tác quản lý môi trường tốt.", "flip_words", "môi trường quản lý", "quản lý môi trường"),
        ("Trong khi đó thì chờ.", "leaked_word", "when", "khi"),
        ("Dân không tham gia làm đường.", "lost_negation", "tham", "không tham"),
        ("Có hợp tác xã và tổ hợp.", "repeat", "tổ tổ", "tổ"),
        ("Chất lượng sản xuất và môi trường tốt.", "collapse", "sản xuất và sản xuất", "sản xuất và môi trường"),
        ("Bốn huyện còn “trắng” xã.", "empty_quotes", "“”", "“trắng”"),
        ("Thu nhập đạt 41,8 triệu.", "figure", "41.8", "41,8"),
    ],
)
def test_known_errors_of_real_pages_are_made(data: LexicalData, clean: str, name: str, wrong: str, right: str) -> None:
    operations = VietnameseOperations(data).weighted(dict.fromkeys(LABELS_VI, 0.0) | {name: 1.0})
    made = {
        (r.text[s.start : s.end], s.correction)
        for seed in range(200)
        for r in [garble(clean, operations, 1, random.Random(seed))]
        for s in r.spans
    }
    assert (wrong, right) in made


@pytest.mark.parametrize(
    ("clean", "name", "wrong", "right"),
    [
        ("They visited model villages.", "false_friend", "versions", "villages"),
        ("It has about 120 communes.", "spin", "regarding", "about"),
        ("It has not met the target.", "lost_negation", "has", "has not"),
        ("The people are ready today.", "agreement", "is", "are"),
        ("Training and support go on.", "collapse", "Training and training", "Training and support"),
        ("They use digital tools well.", "flip", "tools digital", "digital tools"),
        ("It has 5 communes.", "leading_zero", "05", "5"),
        ("It paid 3,200 dong.", "figure", "3.200", "3,200"),
    ],
)
def test_known_errors_of_english_pages_are_made(
    data: LexicalData, clean: str, name: str, wrong: str, right: str
) -> None:
    operations = EnglishOperations(data).weighted(dict.fromkeys(LABELS_EN, 0.0) | {name: 1.0})
    made = {
        (r.text[s.start : s.end], s.correction)
        for seed in range(300)
        for r in [garble(clean, operations, 1, random.Random(seed))]
        for s in r.spans
    }
    assert (wrong, right) in made


def test_a_syllable_inside_a_word_is_not_taken_for_a_word(data: LexicalData) -> None:
    operations = VietnameseOperations(data).weighted(dict.fromkeys(LABELS_VI, 0.0) | {"homonym": 1.0})
    for seed in range(80):
        assert "xã hội hội" not in garble("An sinh xã hội tốt.", operations, 1, random.Random(seed)).text


@pytest.mark.parametrize("seed", range(25))
def test_names_dates_and_numbers_come_through_where_meaning_is_garbled(data: LexicalData, seed: int) -> None:
    kinds = (
        "homonym",
        "term",
        "shared_syllable",
        "calque",
        "rough_phrase",
        "flip_words",
        "move_head",
        "genitive",
        "twin",
    )
    operations = VietnameseOperations(data).weighted(dict.fromkeys(set(LABELS_VI) - set(kinds), 0.0))
    text = garble(VI[2], operations, 5, random.Random(seed)).text
    assert "Krông Pắc" in text
    assert "12/15" in text


def test_rates_are_tunable_and_unknown_operations_refused(data: LexicalData) -> None:
    rng = random.Random(3)
    often = VietnameseOperations(data).weighted({"footnote": 500.0})
    labels = Counter(s.label for _ in range(80) for s in garble(VI[0], often, 3, rng).spans)
    assert labels[Label.FOOTNOTE_RESIDUE] > 0.8 * labels.total()
    never = VietnameseOperations(data).weighted({"footnote": 0.0})
    assert all(o.__name__ != "footnote" for o, _ in never)
    with pytest.raises(ValueError, match="no operation footnotes; there are homonym"):
        VietnameseOperations(data).weighted({"footnotes": 1.0})


def test_articles_are_heavy_and_light(data: LexicalData) -> None:
    operations, text = EnglishOperations(data).weighted(), " ".join(["word"] * 25)
    articles = [ArticleErrors(operations, random.Random(n), per_100=8.0) for n in range(400)]
    means = [sum(a.count(text, random.Random(n)) for n in range(20)) / 20 for a in articles]
    assert 1.5 < sum(means) / len(means) < 2.2  # 25 words at 8 in a hundred, cut at MOST_ERRORS
    assert min(means) < 0.3
    assert max(means) > 4
    assert max(a.count(text, random.Random(n)) for n, a in enumerate(articles)) <= MOST_ERRORS
    assert all(
        ArticleErrors(operations, random.Random(n), clean=1.0).count(text, random.Random(n)) == 0 for n in range(9)
    )


def test_overlapping_changes_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlap at offset 2"):
        apply_changes("abcdef", [Change(0, 3, "x", Label.SPELLING), Change(2, 4, "y", Label.SPELLING)])


def test_an_insertion_is_a_span_to_delete() -> None:
    result = apply_changes("Hai ba.", [Change(3, 3, "two", Label.UNTRANSLATED)])
    assert (result.text, result.spans[0].correction) == ("Hai two ba.", "")
    assert result.corrected() == "Hai ba."


def test_without_marks() -> None:
    assert without_marks("Đường về xã Ia Grai") == "Duong ve xa Ia Grai"


def test_words_are_found_with_apostrophes_and_figures() -> None:
    assert [m.group() for m in WORD.finditer("K'Brêu đạt 41,8% (QĐ-TTg).")] == ["K'Brêu", "đạt", "41,8%", "QĐ-TTg"]

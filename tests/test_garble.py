"""The garbler keeps exact track of what it changes; examples are built as the model will see them."""

from __future__ import annotations

import gzip
import random

import pytest

from vn_repair.markers import MARKER_IDS, OPENERS
from vn_repair.training.garble import Change, apply_changes, garble
from vn_repair.training.garble_en import EnglishOperations
from vn_repair.training.garble_vi import VietnameseOperations, without_marks
from vn_repair.training.lexical_data import LexicalData
from vn_repair.training.tasks import denoise_example, infill_example, rewrite_example, translate_examples
from vn_repair.types import Label

VI = (
    "Sáng 12/8, Ủy ban nhân dân tỉnh tổ chức hội nghị đánh giá kết quả xây dựng nông thôn mới giai đoạn vừa qua.",
    "Sở dĩ xã chưa đạt tiêu chí môi trường là vì nguồn lực đầu tư còn hạn chế, người dân không tham gia thu gom rác.",
    "Hiện huyện Krông Pắc có 12/15 xã đạt chuẩn NTM kiểu mẫu, nhưng hạ tầng giao thông và thủy lợi vẫn cần quan tâm.",
    "Bí thư Tỉnh ủy đề nghị các địa phương tiếp tục tuyên truyền, vận động nhân dân tháo gỡ khó khăn trong sản xuất.",
)
EN = (
    "The province has about 120 communes that meet new rural development criteria and need to keep the results.",
    "After the conference, officials and farmers visited model villages, but the survey has not reached poor homes.",
    "Many cooperatives and enterprises use digital tools to help people sell farm produce in the new market.",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> LexicalData:
    """A small word list in the shape of the public ones."""
    folder = tmp_path_factory.mktemp("lexicon")
    words = {
        "sở dĩ": 50,
        "sở hữu": 900,
        "môi trường": 3000,
        "quản lý": 4000,
        "nguồn lực": 800,
        "đầu tư": 5000,
        "hạn chế": 900,
        "hạ tầng": 800,
        "giao thông": 2000,
        "thủy lợi": 400,
        "hạ cánh": 60,
        "giao diện": 70,
        "tuyên truyền": 500,
        "vận động": 700,
        "vận hành": 300,
        "sản xuất": 4000,
        "khó khăn": 2000,
        "tháo gỡ": 200,
        "gỡ bỏ": 90,
        "xã": 9000,
        "xã hội": 7000,
        "là": 90000,
        "và": 99000,
        "vì": 9000,
        "kết quả": 3000,
        "kết thúc": 900,
        "quả đất": 40,
        "kiểu mẫu": 100,
        "mẫu số": 44,
        "nhân dân": 3000,
        "nhân viên": 3000,
    }
    glosses = {
        "môi trường": ["environment", "medium"],
        "đầu tư": ["invest"],
        "xã": ["commune"],
        "kết quả": ["result", "outcome", "effect", "consequence"],
        "quả đất": ["earth", "result"],
        "sản xuất": ["produce", "manufacture"],
        "kết thúc": ["end", "result", "finish", "conclude"],
    }
    with gzip.open(folder / "vi_words.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("word\tcorpus_freq\tn_syllables\tsources\n")
        out.writelines(f"{w}\t{c}\t{len(w.split())}\tH\n" for w, c in words.items())
    with gzip.open(folder / "vi_en_dict.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("vi\tpos\ten\n")
        out.writelines(f"{v}\tnoun\t{g}\n" for v, gs in glosses.items() for g in gs)
    with gzip.open(folder / "en_vi_dict.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("en\tpos\tvi\tgloss\tsource\nresult\tnoun\tkết quả\t\tanhviet109K\nbut\tconj\tnhưng\t\tinverted-VE\n")
    return LexicalData(folder)


@pytest.mark.parametrize("seed", range(40))
def test_spans_and_corrections_restore_the_clean_text(data: LexicalData, seed: int) -> None:
    rng = random.Random(seed)
    for texts, operations in ((VI, VietnameseOperations(data)), (EN, EnglishOperations(data))):
        for clean in texts:
            result = garble(clean, operations.weighted(), 4, rng)
            out, at = [], 0
            for span in result.spans:
                assert span.start >= at
                assert result.text[span.start : span.end].strip() == result.text[span.start : span.end] != ""
                out += [result.text[at : span.start], span.correction]
                at = span.end
            assert "".join([*out, result.text[at:]]) == clean


def test_every_operation_makes_a_change_somewhere(data: LexicalData) -> None:
    rng = random.Random(5)
    for texts, operations in ((VI, VietnameseOperations(data)), (EN, EnglishOperations(data))):
        for operation, _ in operations.weighted():
            changed = [garble(t, [(operation, 1.0)], 1, rng).spans for t in texts for _ in range(60)]
            assert any(changed), operation.__name__


@pytest.mark.parametrize("seed", range(25))
def test_names_dates_and_numbers_come_through(data: LexicalData, seed: int) -> None:
    rng = random.Random(seed)
    operations = [
        (o, w)
        for o, w in VietnameseOperations(data).weighted()
        if o.__name__
        not in {"english_run", "strip_marks", "spacing", "splice_stop", "move_acronym", "drop", "leaked_word"}
    ]
    assert "Krông Pắc" in garble(VI[2], operations, 5, rng).text
    assert "12/15" in garble(VI[2], operations, 5, rng).text
    assert "12/8" in garble(VI[0], operations, 5, rng).text


def test_overlapping_changes_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlap at offset 2"):
        apply_changes("abcdef", [Change(0, 3, "x", Label.SPELLING), Change(2, 4, "y", Label.SPELLING)])


@pytest.mark.parametrize("seed", range(30))
def test_infill_target_answers_each_marker_of_the_source(data: LexicalData, seed: int) -> None:
    rng = random.Random(seed)
    for clean in VI:
        result = garble(clean, VietnameseOperations(data).weighted(), 6, rng)
        example = infill_example(result, "vi", rng, false_alarm=0.5, shift=0.6)
        assert example is not None
        asked = [p for p in example.source if p in OPENERS]
        assert asked == [p for p in example.target if p in OPENERS]
        assert example.source[0] == "<2vi>"
        if len(result.spans) <= 4:  # with every span marked, the answers restore the clean text
            parts, answers = list(example.source[1:]), list(example.target[1::2])
            text, at = "", 0
            while at < len(parts):
                if parts[at] in OPENERS:
                    text += answers.pop(0)
                    at += 3
                else:
                    text += parts[at]
                    at += 1
            assert text == clean


def test_denoise_cuts_out_what_the_target_gives_back() -> None:
    example = denoise_example(VI[0], "vi", random.Random(2))
    assert example is not None
    runs = [p for p in example.target if p not in MARKER_IDS]
    assert all(run in VI[0] for run in runs)
    assert sum(map(len, runs)) + sum(len(p) for p in example.source if p not in MARKER_IDS) == len(VI[0])


def test_rewrite_and_translate_examples() -> None:
    result = apply_changes("một hai ba", [Change(4, 7, "two", Label.UNTRANSLATED)])
    assert rewrite_example(result, "vi").source == ("<2vi>", "<rw>", "một two ba")
    assert rewrite_example(result, "vi").target == ("một hai ba",)
    to_en, to_vi = translate_examples(
        "Năm 2020, tỉnh có 1.234 xã.", "In 2020 the province had 1,234 communes.", masked=True
    )
    assert to_en.source == ("<2en>", "Năm ", "<s1>", ", tỉnh có ", "<s2>", " xã.")
    assert to_en.target == ("In ", "<s1>", " the province had ", "<s2>", " communes.")
    assert to_vi.source[:3] == ("<2vi>", "In ", "<s1>")


def test_without_marks() -> None:
    assert without_marks("Đường về xã Ia Grai") == "Duong ve xa Ia Grai"

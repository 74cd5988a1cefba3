"""Training examples and labelled pieces made of garbled text say what the model has to learn from it."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.markers import CLOSERS, MARKER_IDS, OPENERS
from vn_repair.propose.model_files import default_model
from vn_repair.training.garble import Change, Garbled, apply_changes
from vn_repair.training.garble_files import read_garbled, write_garbled
from vn_repair.training.garble_pivot import PivotTables, align
from vn_repair.training.tagging import CLASS_OF, PieceLabels
from vn_repair.training.tagging_shards import write_tagging
from vn_repair.training.tasks import (
    PLAIN_MARKING,
    Marking,
    denoise_example,
    infill_example,
    rewrite_example,
    translate_examples,
)
from vn_repair.training.word_diff import diff
from vn_repair.types import Label

CLEAN = (
    "Bí thư Tỉnh ủy đề nghị các địa phương tiếp tục tuyên truyền, vận động nhân dân tháo gỡ khó khăn trong sản xuất."
)
WORDS = [(m, m + len(w)) for w in CLEAN.split() for m in [CLEAN.index(w)]]


@st.composite
def garbled_texts(draw: st.DrawFn) -> Garbled:
    """CLEAN with one to five words replaced or words put in."""
    places = sorted(draw(st.sets(st.integers(0, len(WORDS) // 2 - 1), min_size=1, max_size=5)))
    changes = []
    for place in places:
        start, end = WORDS[2 * place]
        end = start + len(CLEAN[start:end].rstrip(",."))
        if draw(st.booleans()):
            changes.append(
                Change(start, end, draw(st.sampled_from(["the", "mẫu kiểu", "gỡ bỏ nó"])), Label.MISTRANSLATION)
            )
        else:
            changes.append(Change(end, end, draw(st.sampled_from(["of", "the of"])), Label.UNTRANSLATED))
    return apply_changes(CLEAN, changes)


def answered(source: tuple[str, ...], target: tuple[str, ...]) -> str:
    """The source text with each marked span replaced by its answer, an empty one with the space before it."""
    answers = dict(zip(target[::2], target[1::2], strict=True))
    text, parts = "", list(source[1:])
    while parts:
        part = parts.pop(0)
        if part in OPENERS:
            parts.pop(0)
            assert parts.pop(0) == CLOSERS[OPENERS.index(part)]
            text = text + answers[part] if answers[part] else text.removesuffix(" ")
        else:
            text += part
    return text


@settings(max_examples=150, deadline=None)
@given(
    garbled_texts(),
    st.integers(0, 10**9),
    st.sampled_from([Marking(missed=0.0), Marking(0.0, 0.9, 0.1, 0.5, 0.9), PLAIN_MARKING]),
)
def test_answers_to_all_marks_restore_the_clean_text(found: Garbled, seed: int, marking: Marking) -> None:
    example = infill_example(found, "vi", random.Random(seed), marking)
    assert example is not None
    assert example.source[0] == "<2vi>"
    assert [p for p in example.source if p in OPENERS] == [p for p in example.target if p in OPENERS]
    if len(found.spans) <= len(OPENERS):
        assert answered(example.source, example.target) == CLEAN


@settings(max_examples=60, deadline=None)
@given(garbled_texts(), st.integers(0, 10**9))
def test_unmarked_errors_stay_in_the_context(found: Garbled, seed: int) -> None:
    example = infill_example(found, "vi", random.Random(seed), Marking(0.5, 0.0, 0.0, 0.0, 0.0))
    if example is not None:
        asked = sum(p in OPENERS for p in example.source)
        assert asked <= len(found.spans)
        assert (answered(example.source, example.target) == CLEAN) == (asked == len(found.spans))


def test_false_alarms_are_answered_by_the_text_itself() -> None:
    sound = Garbled(CLEAN, CLEAN, ())
    made = [infill_example(sound, "vi", random.Random(n), Marking(false_alarm=0.9)) for n in range(40)]
    assert any(e is not None for e in made)
    for example in made:
        assert example is None or answered(example.source, example.target) == CLEAN


def test_what_is_to_be_deleted_has_an_empty_answer() -> None:
    found = apply_changes("Một hai ba bốn.", [Change(7, 7, "two", Label.UNTRANSLATED)])
    example = infill_example(found, "vi", random.Random(0), PLAIN_MARKING)
    assert example is not None
    assert example.source == ("<2vi>", "Một hai ", "<s1>", "two", "</s1>", " ba bốn.")
    assert example.target == ("<s1>", "")


def test_denoise_cuts_out_what_the_target_gives_back() -> None:
    example = denoise_example(CLEAN, "vi", random.Random(2))
    assert example is not None
    runs = [p for p in example.target if p not in MARKER_IDS]
    assert all(run in CLEAN for run in runs)
    assert sum(map(len, runs)) + sum(len(p) for p in example.source if p not in MARKER_IDS) == len(CLEAN)


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


@pytest.fixture(scope="module")
def encoder() -> PieceLabels:
    path = default_model() / "ctranslate2" / "sentencepiece.model"
    return PieceLabels(sentencepiece.SentencePieceProcessor(model_file=str(path)))


@pytest.mark.parametrize(
    "text",
    [CLEAN, "Xã  Nghĩa Thuận ,  đạt “chuẩn”…", "K'Brêu: 41,8% ½ № 3\u00a0000 m²", "Lý cây\tbông\nxx", "ǅ ﬁ ＡＢ x́"],
)
def test_pieces_are_the_tokenizers_own_and_lie_where_they_come_from(encoder: PieceLabels, text: str) -> None:
    pieces = encoder.pieces(text)
    assert [i for i, _, _ in pieces] == encoder.processor.encode(text)
    for number, start, end in pieces:
        written = encoder.processor.id_to_piece(number).replace("\u2581", "")
        assert text[start:end] == written or not text[start:end].isascii()
    assert all(a[1] <= b[1] for a, b in zip(pieces, pieces[1:], strict=False))


def test_pieces_of_a_wrong_span_carry_its_class(encoder: PieceLabels) -> None:
    text = "Xã đạt  chuẩn mẫu kiểu , new tỉnh."
    spans = [(14, 22, Label.WORD_ORDER), (25, 28, Label.UNTRANSLATED)]
    ids, classes = encoder.labelled(text, spans)
    assert len(ids) == len(classes)
    for (_, start, end), given_class in zip(encoder.pieces(text), classes, strict=True):
        touched = [CLASS_OF[name] for a, b, name in spans if a < max(end, start + 1) and start < b]
        assert given_class == (touched[0] if touched else 0)
    assert set(classes) == {0, CLASS_OF[Label.WORD_ORDER], CLASS_OF[Label.UNTRANSLATED]}
    assert CLASS_OF[Label.UNTRANSLATED] == 1
    assert CLASS_OF[Label.BOILERPLATE] == 16


def test_a_tagging_shard_holds_what_was_given(encoder: PieceLabels, tmp_path: Path) -> None:
    bad = apply_changes("Trong khi đó.", [Change(6, 9, "when", Label.UNTRANSLATED)])
    counts = write_tagging(iter([bad, Garbled(CLEAN, CLEAN, ())]), encoder, tmp_path / "t.npz")
    assert (counts["segments"], counts["clean"], counts["spans"]) == (2, 1, {"untranslated": 1})
    with np.load(tmp_path / "t.npz") as held:
        assert (held["ids"].dtype, held["off"].dtype, held["label"].dtype) == (np.uint16, np.int64, np.uint8)
        first = held["ids"][: held["off"][1]].tolist()
        assert encoder.processor.decode(first) == "Trong when đó."
        assert held["label"][held["off"][1] :].max() == 0
        assert held["label"][: held["off"][1]].max() == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "t.npz"]


@pytest.mark.parametrize(
    ("clean", "other", "spans"),
    [
        ("Xã đạt chuẩn kiểu mẫu.", "Xã đạt chuẩn mẫu kiểu.", [("mẫu kiểu", "kiểu mẫu", Label.WORD_ORDER)]),
        ("Cần tháo gỡ khó khăn.", "Cần gỡ bỏ khó khăn.", [("gỡ bỏ", "tháo gỡ", Label.MISTRANSLATION)]),
        ("Dân không tham gia làm.", "Dân tham gia làm.", [("Dân", "Dân không", Label.FRAGMENT)]),
        ("Dân tham gia làm.", "Dân tham gia gia làm.", [("gia", "", Label.REPETITION)]),
        ("Xã đạt chuẩn.", "xã đạt chuẩn .", []),
    ],
)
def test_wrong_spans_are_found_by_word_diff(clean: str, other: str, spans: list[tuple[str, str, Label]]) -> None:
    found = diff(clean, other)
    assert found.corrected() == clean
    assert [(found.text[s.start : s.end], s.correction, s.label) for s in found.spans] == spans


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from("a b c d , x.".split()), max_size=12),
    st.lists(st.sampled_from("a b c d , y.".split()), max_size=12),
)
def test_a_diff_always_leads_back(clean: list[str], other: list[str]) -> None:
    assert diff(" ".join(clean), " ".join(other)).corrected() == " ".join(clean)


def test_harmless_differences_are_taken_back() -> None:
    found = diff(
        "Bình quân mỗi xã đạt ba.", "Trung bình mỗi xã đạt bốn.", harmless=lambda made, meant: made == "Trung bình"
    )
    assert found.text == "Bình quân mỗi xã đạt bốn."


def test_garbled_files_are_read_as_written(tmp_path: Path) -> None:
    made = [apply_changes("Trong khi đó.", [Change(6, 9, "when", Label.UNTRANSLATED)])]
    assert write_garbled(made, tmp_path / "g.jsonl") == 1
    assert list(read_garbled(tmp_path / "g.jsonl")) == made


def test_alignment_finds_translations_and_round_trips() -> None:
    pairs = [(f"{a} {b}", f"{c} {d}") for a, c in LEXICON for b, d in LEXICON if a != b for _ in range(3)]
    tables = PivotTables.count(pairs, {"tháo gỡ": 9})
    assert {vi: max(row, key=row.__getitem__) for vi, row in tables.words.items()} == dict(LEXICON)
    assert tables.round_trips("xã") == ([], [])
    other = PivotTables({"sáng": {"light": 6, "bright": 6}, "nhẹ": {"light": 5, "slight": 9, "gentle": 9}}, {})
    assert [w for w, _ in other.round_trips("sáng")[0]] == ["nhẹ"]
    assert other.round_trips("sáng")[1] == []
    assert PivotTables({"heo": {"pig": 9}, "lợn": {"pig": 8}}, {}).round_trips("heo") == ([], ["lợn"])


LEXICON = (("xã", "commune"), ("huyện", "district"), ("tháo gỡ", "solve"), ("nhà", "house"), ("đường", "road"))


def test_align_gives_a_source_for_every_target() -> None:
    sources = [np.array([0, 1]), np.array([1, 0]), np.array([0])]
    targets = [np.array([0, 1]), np.array([1, 0]), np.array([0])]
    assert [a.tolist() for a in align(sources, targets)] == [[0, 1], [0, 1], [0]]


def test_tables_are_saved_and_loaded(tmp_path: Path) -> None:
    tables = PivotTables({"xã": {"commune": 3}, "rỗng": {}}, {"xã đạt": {"commune meets": 2}})
    tables.save(tmp_path / "p.json.gz")
    held = PivotTables.load(tmp_path / "p.json.gz")
    assert (held.words, held.phrases) == ({"xã": {"commune": 3}}, tables.phrases)

"""The token tagger's parts that need no weights: alignment of pieces, words, phrases, labels."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.fluency.dial import FEATURES, Dial, Surroundings, features, load_dials, suspicion
from vn_repair.fluency.spans import DETECTOR, FluencyDetector, borrowed, find_phrases, label_of, phrases
from vn_repair.fluency.tagger import LABELS, Tagger, Word, pieces, words
from vn_repair.propose.model_files import default_model
from vn_repair.segment import segment
from vn_repair.types import Article, InputError, Label, Severity, Span

PROCESSOR = sentencepiece.SentencePieceProcessor(
    model_file=str(default_model() / "ctranslate2" / "sentencepiece.model")
)


DIAL = Dial(0.3, 0.3, (0.0, 1.0, *[0.0] * (len(FEATURES) - 1)))


def word(start: int, chance: float, label: Label = Label.MISTRANSLATION) -> Word:
    """A word of four letters."""
    return Word(start, start + 4, chance, tuple(chance if label is one else 0.0 for one in LABELS))


@pytest.mark.parametrize(
    "text",
    [
        "Đến nay, toàn tỉnh có 85 xã đạt chuẩn “nông thôn mới”.",
        "  hai  dấu cách\tvà tab ",
        "95.539 tỷ đồng; 2.229/QĐ-TTg",
        "🎉 chúc mừng",
        "a\u200bb \u0301 c",
        "",
    ],
)
def test_pieces_are_the_models_and_lie_in_the_text(text: str) -> None:
    ids, places = pieces(PROCESSOR, text)
    assert ids == PROCESSOR.encode(text)
    assert all(0 <= a < b <= len(text) and not text[a:b].isspace() for a, b in places)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_pieces_of_any_text_lie_in_it_in_order(text: str) -> None:
    ids, places = pieces(PROCESSOR, text)
    assert len(ids) == len(places)
    assert all(0 <= a <= b <= len(text) for a, b in places)
    assert places == sorted(places)


def test_a_word_is_as_suspicious_as_its_worst_piece() -> None:
    text = "toàn tỉnh"
    rows = [(0, 2, [0.9, *[0.0] * 16]), (2, 4, [0.2, 0.8, *[0.0] * 15]), (5, 9, [1.0, *[0.0] * 16])]
    found = words(text, rows)
    assert [(text[w.start : w.end], round(w.chance, 3)) for w in found] == [("toàn", 0.8), ("tỉnh", 0.0)]
    assert found[0].labels[0] == 0.8


@pytest.mark.parametrize(
    ("chances", "wanted"),
    [
        ([0.1, 0.9, 0.1], [(1, 1)]),
        ([0.1, 0.9, 0.4, 0.1], [(1, 2)]),
        ([0.4, 0.4, 0.4], []),
        ([0.9, 0.1, 0.9], [(0, 0), (2, 2)]),
        ([0.4, 0.9], [(0, 1)]),
        ([], []),
    ],
)
def test_a_phrase_needs_a_peak_and_takes_in_its_neighbours(chances: list[float], wanted: list[tuple[int, int]]) -> None:
    row = [word(5 * i, c) for i, c in enumerate(chances)]
    found = phrases(row, peak=0.5, edge=0.3)
    assert [(run[0].start // 5, run[-1].start // 5) for run in found] == wanted


def test_the_label_is_the_one_with_most_of_the_suspicion_and_never_of_a_block() -> None:
    assert label_of([word(0, 0.9, Label.WORD_ORDER), word(5, 0.5, Label.FRAGMENT)]) is Label.WORD_ORDER
    assert label_of([word(0, 0.9, Label.DUPLICATE), word(5, 0.2, Label.FRAGMENT)]) is Label.FRAGMENT


class KnownWords(Tagger):
    """Finds the words that it is told to."""

    def __init__(self, wrong: set[str]) -> None:
        super().__init__()
        self.wrong = wrong

    def tag(self, texts: list[str]) -> list[list[Word]]:  # type: ignore[override]
        rows = []
        for text in texts:
            at, row = 0, []
            for part in text.split():
                at = text.index(part, at)
                row.append(Word(at, at + len(part), 0.9 if part in self.wrong else 0.0, (0.0, 0.9, *[0.0] * 14)))
                at += len(part)
            rows.append(row)
        return rows


def test_spans_are_the_words_of_the_article() -> None:
    article = Article("a", "Nhiều xã sở hữu đạt.\n\nHuyện sở hữu mới.", "vi", "a")
    found = FluencyDetector(KnownWords({"sở", "hữu"}), {"vi": DIAL})(article, segment(article))
    assert [article.text[s.start : s.end] for s in found] == ["sở hữu", "sở hữu"]
    assert {s.detector for s in found} == {DETECTOR}
    assert {s.label for s in found} == {Label.MISTRANSLATION}


def test_a_damaged_folder_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        _ = Tagger(tmp_path).encoder


def test_a_language_without_a_dial_has_no_spans() -> None:
    article = Article("a", "Many communes regarding.", "en", "a")
    assert FluencyDetector(KnownWords({"regarding."}), {"vi": DIAL})(article, segment(article)) == []


def test_a_garbled_neighbourhood_makes_a_phrase_more_suspicious() -> None:
    calm, wild = [word(5 * i, 0.01) for i in range(40)], [word(5 * i, 0.5) for i in range(40)]
    assert suspicion(calm) < suspicion(calm[:20]) < suspicion(wild[:20]) < suspicion(wild)
    run = [word(0, 0.9)]
    named = dict(zip(FEATURES, features("Bình 5 x", run, run, Surroundings()), strict=True))
    assert named["capital"] == 1 and named["figure"] == 0 and named["sign"] == 0


def test_what_rules_found_around_counts_but_not_page_furniture_or_the_phrase_itself() -> None:
    article = Article("a", "Nhiều xã sở hữu the đạt.\n\nHuyện and sở hữu mới.", "vi", "a")

    def known(*places: tuple[str, Label]) -> list[Span]:
        return [Span(article.text.index(w), article.text.index(w) + len(w), label, Severity.MAJOR, 0.9, "a.b", "")
                for w, label in places]  # fmt: skip

    def rules(spans: list[Span]) -> list[tuple[float, float]]:
        found = find_phrases(article, segment(article), KnownWords({"sở", "hữu"}), (0.3, 0.3), spans)
        named = [dict(zip(FEATURES, p.features, strict=True)) for p in found]
        return [(round(f["rules here"], 2), round(f["rules around"], 2)) for f in named]

    assert rules([]) == [(0, 0), (0, 0)]
    assert rules(known(("the", Label.UNTRANSLATED))) == [(0.69, 0), (0, 0.69)]
    assert rules(known(("the", Label.UNTRANSLATED), ("and", Label.UNTRANSLATED))) == [(0.69, 0.69), (0.69, 0.69)]
    assert rules(known(("the", Label.PUNCTUATION), ("and", Label.BOILERPLATE))) == [(0, 0), (0, 0)]
    assert rules(known(("sở hữu", Label.MISTRANSLATION))) == [(0, 0), (0, 0.69)]


@pytest.mark.parametrize(("text", "loan"), [
    ("show", True), ("size", True), ("the", False), ("the show", False), ("education", False), ("xã", False),
])
def test_words_that_vietnamese_has_borrowed(text: str, loan: bool) -> None:
    assert borrowed(text) is loan


def test_the_chance_rises_with_the_peak_and_stays_within_its_bounds() -> None:
    rest = [0.0] * (len(FEATURES) - 1)
    chances = [DIAL.chance([x, *rest]) for x in (-100.0, -1.0, 0.0, 1.0, 100.0)]
    assert chances == sorted(chances)
    assert 0 <= chances[0] < chances[2] == 0.5 < chances[-1] <= 1


@pytest.mark.parametrize("held", ["", "{}", '{"dials": {"vi": {"peak": 1, "edge": 1, "weights": [1]}}}'])
def test_a_dial_that_cannot_be_read_is_told(tmp_path: Path, held: str) -> None:
    (tmp_path / "dial.json").write_text(held, encoding="utf-8")
    with pytest.raises(InputError, match=r"dial\.json.*reinstall"):
        load_dials(tmp_path)


def test_the_tagger_says_the_same_with_more_cores() -> None:
    texts = [f"Xã {n} sở hữu đạt chuẩn nông thôn mới năm {2000 + n}, the kết quả." for n in range(40)]
    assert Tagger(threads=1).tag(texts) == Tagger(threads=3).tag(texts)

"""chrF2++, BLEU and TER from sums, the bootstrap, and what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.evaluate.bootstrap import Sums, compare, estimate
from vn_repair.evaluate.checks import require_comparable, require_nfc, require_same_data, require_same_source
from vn_repair.evaluate.text_metrics import METRICS, metric, score, signature, statistics
from vn_repair.types import InputError


def corpus(name: str, pairs: list[tuple[str, str]]) -> float:
    rows = statistics(name, [h for h, _ in pairs], [r for _, r in pairs])
    return score(name, [sum(column) for column in zip(*rows, strict=True)])


def test_chrf_by_hand() -> None:
    # "ab" against "ac": letters 1 of 2, letter pairs 0 of 1, words 0 of 1; longer orders are empty.
    # Mean precision and recall over the three orders: (1/2 + 0 + 0) / 3 = 1/6, so F2 is 1/6.
    assert corpus("chrf", [("ab", "ac")]) == pytest.approx(100 / 6)


def test_bleu_by_hand() -> None:
    # n-gram precisions 4/5, 3/4, 2/3, 1/2: their product is 1/5; no brevity penalty.
    assert corpus("bleu", [("a b c d e", "a b c d f")]) == pytest.approx(100 * 0.2 ** 0.25)


def test_ter_by_hand() -> None:
    # One insertion for a reference of three words, none for one of two: 1 edit in 5 words.
    assert corpus("ter", [("a b c d", "a b d"), ("e f", "e f")]) == pytest.approx(20)


words = st.lists(st.sampled_from("xã đạt chuẩn nông thôn mới 19 tiêu chí .".split()), min_size=1, max_size=9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(words, words), min_size=1, max_size=5))
def test_sums_give_sacrebleu_corpus_scores(pairs: list[tuple[list[str], list[str]]]) -> None:
    lines = [(" ".join(h), " ".join(r)) for h, r in pairs]
    for name in METRICS:
        whole = metric(name).corpus_score([h for h, _ in lines], [[r for _, r in lines]]).score
        assert corpus(name, lines) == pytest.approx(whole)


def test_signatures() -> None:
    assert signature("chrf").startswith("chrf|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:")
    assert "tok:13a" in signature("bleu")
    assert "tok:tercom" in signature("ter")


@pytest.mark.parametrize(("hypotheses", "references", "why"), [
    (["a"], ["a", "b"], "1 lines against 2"),
    ([], [], "nothing to score"),
    ([unicodedata.normalize("NFD", "xã đạt")], ["xã đạt"], "NFC"),
    (["xã đạt"], [unicodedata.normalize("NFD", "xã đạt")], "NFC"),
])
def test_misuse_is_an_error(hypotheses: list[str], references: list[str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        require_comparable(hypotheses, references)
    with pytest.raises(InputError, match=why):
        statistics("chrf", hypotheses, references)


def test_other_sources_and_other_data_are_errors() -> None:
    require_same_source("một", "một", "x")
    with pytest.raises(InputError, match="character 1"):
        require_same_source("một", "mốt", "x")
    require_same_data("12", "12", ("a", "b"))
    with pytest.raises(InputError, match="different data"):
        require_same_data("12", "34", ("a", "b"))
    with pytest.raises(InputError, match="near"):
        require_nfc("đạt chuẩn " + unicodedata.normalize("NFD", "mới"), "x")


def share(sums: Sequence[float]) -> float:
    return sums[0] / sums[1] if sums[1] else 0.0


def test_interval() -> None:
    sums = Sums()
    for n in range(200):
        sums.add(f"{n}", (n % 2, 1))
    found = estimate(sums, lambda s: {"share": share(s)})["share"]
    assert found.value == 0.5
    # Half of 200 draws of a fair coin: standard error √(0.25/200) = 0.0354, so about 0.5 ± 0.069.
    assert found.low == pytest.approx(0.431, abs=0.015)
    assert found.high == pytest.approx(0.569, abs=0.015)
    assert estimate(sums, lambda s: {"share": share(s)})["share"] == found  # the same each time


def test_items_of_one_article_are_drawn_together() -> None:
    sums = Sums()
    for n in range(200):
        sums.add("one article", (n % 2, 1))
    found = estimate(sums, lambda s: {"share": share(s)})["share"]
    assert (found.low, found.high) == (0.5, 0.5)


def test_paired_comparison() -> None:
    first = {f"{n}": (1.0, 1.0) for n in range(50)}
    second = {f"{n}": (float(n % 5 > 0), 1.0) for n in range(50)}
    found = compare(first, second, share)
    assert found.difference == pytest.approx(0.2)
    assert found.low > 0.05
    assert found.p < 0.01
    same = compare(second, second, share)
    assert (same.difference, same.p) == (0, 1)
    with pytest.raises(ValueError, match="different articles"):
        compare(first, {"0": (1.0, 1.0)}, share)


def test_statistics_of_another_length_are_refused() -> None:
    sums = Sums()
    sums.add("a", (1, 2))
    with pytest.raises(ValueError, match="3 statistics after 2"):
        sums.add("a", (1, 2, 3))

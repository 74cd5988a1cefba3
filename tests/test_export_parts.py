"""The parts of an export: fingerprints, splits, clusters, runs of words, chosen edits, sentence pairs."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from export_making import news, repaired
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.export.card import licence, size
from vn_repair.export.grams import BANDS, ROWS, bands, ngrams, signature, whole, words
from vn_repair.export.leakage import read_test_sets
from vn_repair.export.near_duplicates import find_clusters
from vn_repair.export.options import ExportOptions
from vn_repair.export.splits import parse_splits
from vn_repair.export.statistics import Counts
from vn_repair.records import Record, records
from vn_repair.types import Article, InputError, Repair

SEEDS = sorted((Path(__file__).resolve().parents[1] / "seeds").glob("*.txt"))


def shingles(text: str) -> set[tuple[str, ...]]:
    found = [w.strip(".,") for w in text.casefold().split()]
    return {tuple(found[i : i + 5]) for i in range(len(found) - 4)}


@pytest.mark.parametrize("changed", [0, 10, 40, 90, 200, 600])
def test_signatures_estimate_the_jaccard_index(changed: int) -> None:
    """Against the index itself; the standard error is 0.045, so four of them."""
    draw = random.Random(changed)
    first = [str(draw.randrange(10**6)) for _ in range(600)]
    second = [str(draw.randrange(10**6)) if i < changed else w for i, w in enumerate(first)]
    a, b = shingles(" ".join(first)), shingles(" ".join(second))
    estimate = float((signature(words(" ".join(first))) == signature(words(" ".join(second)))).mean())
    assert abs(estimate - len(a & b) / len(a | b)) < 0.18


def test_hashes_are_the_same_everywhere() -> None:
    """Numbers of another process: a data set made again must be split and grouped the same."""
    assert words("Nông thôn MỚI, nông thôn").tolist() == words("nông  thôn mới nông thôn!").tolist()
    assert words("xã").tolist() == [410107744757209413]
    assert ngrams(words("một hai ba"), 2).tolist() == ngrams(words("một hai ba"), 2).tolist()
    assert ngrams(words("một hai"), 2)[0] != ngrams(words("hai một"), 2)[0]
    assert whole("Một, HAI!") == whole("một hai") != whole("hai một")
    assert len(ngrams(words("một"), 2)) == 0 and whole("…") == (0, 0)
    assert signature(words("")).shape == (BANDS * ROWS,)


def test_a_long_text_is_taken_in_parts() -> None:
    text = " ".join(str(i) for i in range(20_000))
    table = ngrams(words(text), 5)
    assert len(table) > 2**14
    halves = [" ".join(text.split()[:10_004]), " ".join(text.split()[10_000:])]
    assert (signature(words(text)) == np.minimum(*(signature(words(half)) for half in halves))).all()


def test_clusters_join_what_is_alike_and_nothing_else() -> None:
    texts = [news(i, 12) for i in range(40)]
    texts += [text.replace("năm", "trong năm", 1) for text in texts[:10]] + [texts[0].replace("thôn.", "xóm.", 1)]
    table = np.array([signature(words(text)) for text in texts])
    found = find_clusters(len(texts), lambda number: bands(table)[number], lambda row: table[row], 0.7)
    assert found.tolist() == [*range(40), *range(10), 0]
    assert find_clusters(0, lambda number: np.empty(0, np.uint64), lambda row: table[row], 0.7).tolist() == []


def test_a_frame_shared_by_all_joins_nothing() -> None:
    """Articles in one page frame share bands by chance, never most of their shingles."""
    frame = "Trang chủ Tin tức Liên hệ Đăng nhập Tìm kiếm Văn bản chỉ đạo điều hành Cơ quan chủ quản "
    table = np.array([signature(words(frame + news(i, 6))) for i in range(60)])
    found = find_clusters(60, lambda number: bands(table)[number], lambda row: table[row], 0.7)
    assert found.tolist() == list(range(60))


@pytest.mark.parametrize("text", ["", "train", "train=0", "train=-1,test=2", "Train=1", "a=1,a=2", "x=1/0", "../x=1"])
def test_splits_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="--splits"):
        parse_splits(text)


def test_splits_have_their_shares_and_do_not_move() -> None:
    splits = parse_splits("train=90,validation=5,test=5")
    texts = [f"Bản tin {i}" for i in range(20_000)]
    draws = np.array([splits.draw(t) for t in texts])
    shares = Counter(splits.of(draws).tolist())
    assert [round(100 * shares[i] / len(texts)) for i in range(3)] == [90, 5, 5]
    # A larger test split takes articles out of train alone; validation keeps its own.
    larger = parse_splits("train=80,validation=5,test=15").of(draws)
    before = splits.of(draws)
    assert (larger[before == 1] == 1).all() and (larger[before == 2] == 2).all()
    assert splits.draw("Bản tin") == splits.draw("Bản tin") != parse_splits("train=1", seed=1).draw("Bản tin")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abc ưở.,!\n", min_size=1, max_size=60), min_size=1, max_size=8), st.integers(2, 6))
def test_runs_of_words_are_found_where_python_finds_them(texts: list[str], n: int) -> None:
    """Against sets of tuples of words."""
    def runs(text: str) -> set[tuple[str, ...]]:
        found = "".join(c if c.isalnum() else " " for c in text).split()
        return {tuple(found[i : i + n]) for i in range(len(found) - n + 1)}

    for text in texts:
        for other in texts:
            shared = np.intersect1d(ngrams(words(text), n), ngrams(words(other), n))
            assert len(shared) == len(runs(text) & runs(other))


def test_formulas_are_no_leak(tmp_path: Path) -> None:
    """What more than ten test items have, or more than ten articles, is common property."""
    formula = ("Ban chỉ đạo các chương trình mục tiêu quốc gia xây dựng nông thôn mới giai đoạn hai không hai mốt đến "
               "hai không hai lăm")
    file = tmp_path / "test.txt"
    lines = [*(f"{formula} của xã {i}" for i in range(11)), "A line of its own a b c d e f g h i k l m"]
    file.write_text("\n".join(lines), encoding="utf-8")
    sets = read_test_sets([str(file)])
    hits = sets.hits([f"Theo {formula}, hết."], [])
    assert len(hits) and not sets.leaks(np.zeros(len(sets.hashes), np.int32))[hits].any()
    own = sets.hits(["A line of its own a b c d e f g h i k l m"], [])
    assert sets.leaks(np.zeros(len(sets.hashes), np.int32))[own].all()
    assert not sets.leaks(np.full(len(sets.hashes), 11, np.int32))[own].any()
    assert sets.place(int(own[0])) == "test.txt:12"


def test_a_run_is_longer_in_syllables_than_in_words(tmp_path: Path) -> None:
    """Names of programmes and offices are no leak, though they are longer than 13 syllables."""
    name = "Văn phòng Điều phối Chương trình mục tiêu quốc gia xây dựng nông thôn mới"
    file = tmp_path / "test.txt"
    rest = "vừa có văn bản hỏi ý các sở ngành về việc chia lại vốn"
    file.write_text(f"{name} {rest}\n" + " ".join("abcdefghijklmnopqrst") + "\n", encoding="utf-8")
    sets = read_test_sets([str(file)])
    assert len(words(name)) == 15 and len(words(rest)) == 14
    assert len(sets.hits([f"Theo {name}, năm nay có thêm ba xã."], [])) == 0
    assert len(sets.hits([f"Hôm qua {name} {rest}."], [])) == 10
    assert len(sets.hits(["… d e f g h i j k l m n o p …"], [])) == 1
    assert len(sets.hits(["… e f g h i j k l m n o p …"], [])) == 0


def test_short_items_leak_as_whole_sentences_only(tmp_path: Path) -> None:
    file = tmp_path / "test.tsv"
    file.write_text("Huyện đã về đích năm nay.\tThe district made it this year.\nẢnh: Mai Hoa\tx\n", encoding="utf-8")
    sets = read_test_sets([str(file)])
    assert sets.items == {"test.tsv": 2} and sets.too_short == 2
    assert len(sets.hits([], ["huyện đã về đích năm nay"])) == 1
    assert len(sets.hits(["Theo ông, huyện đã về đích năm nay, sớm hơn một năm."], [])) == 0


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"PAR1 no"])
def test_a_test_set_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "test.parquet"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"test\.parquet"):
        read_test_sets([str(file)])
    with pytest.raises(InputError, match="--check-against"):
        ExportOptions(check_against=(str(tmp_path / "none"),)).record()


@pytest.mark.parametrize(("fields", "expected"), [
    ({"url": "u", "source": "s", "license": "l"}, ("u", "l")), ({"source": "s"}, ("s", "house")),
    ({}, ("web", "house")), ({"url": 7, "licence": ""}, ("web", "house")),
])
def test_source_and_licence_of_a_row(fields: dict[str, object], expected: tuple[str, str]) -> None:
    options = ExportOptions(source="web", licence="house")
    assert (options.source_of(fields), options.licence_of(fields)) == expected
    named = ExportOptions(source_field="href", licence_field="terms")
    assert named.source_of({"href": "h", "url": "u"}) == "h" and named.licence_of({"licence": "l"}) is None


@pytest.mark.parametrize(("told", "expected"), [
    ([], {"license": "unknown"}), ([""], {"license": "unknown"}), (["CC-BY-4.0"], {"license": "cc-by-4.0"}),
    (["Báo Hà Tĩnh"], {"license": "other", "license_name": "b-o-h-t-nh"}),
    (["mit", ""], {"license": "other", "license_name": "several"}),
])
def test_the_licence_of_the_card(told: list[str], expected: dict[str, str]) -> None:
    counts = Counts()
    counts.by["licences"].update(told)
    assert licence(counts) == expected


@pytest.mark.parametrize(("articles", "expected"), [(1, "n<1K"), (1000, "1K<n<10K"), (10**6, "1M<n<10M")])
def test_size_category(articles: int, expected: str) -> None:
    assert size(articles) == expected


def test_records_repair_articles_once_and_can_skip(tmp_path: Path) -> None:
    made = 0

    class Fake:
        def __init__(self) -> None:
            nonlocal made
            made += 1

        def repair(self, article: Article) -> Repair:
            return repaired(article.id, article.text)

        def info(self) -> dict[str, object]:
            return {"checksum": "abc", "min_confidence": 0.5}

    file = tmp_path / "news.jsonl"
    file.write_text('{"text": "Một."}\n{"text": 3}\n{"text": "Hai.", "url": "u"}\n', encoding="utf-8")
    seen: list[object] = []
    found = list(records([file], Fake, skip=2, seen=seen.append))
    assert len(seen) == 3 and made == 1 and len(found) == 1
    assert isinstance(found[0], Record) and found[0].repair.article.text == "Hai."
    assert found[0].fields == {"url": "u"} and found[0].made_by["model"] == "abc" and not found[0].was_record
    assert len(found[0].made_by["rules"]) == 16
    with pytest.raises(StopIteration):
        next(iter(records([], Fake)))

"""What an export keeps apart or leaves out: near-duplicates, held-out sentences, text of test sets, edits, articles."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from export_making import exported, news, records_file, repaired, tables

from vn_repair.types import InputError, Status

HALVES = "train=50,validation=25,test=25"


def near(number: int, times: int) -> str:
    """`news(number, 12)` with its last lines changed."""
    others = news(number + 500, 12).split("\n")[1 : times + 1]
    return "\n".join([*news(number, 12).strip().split("\n")[:-times], *others]) + "\n"


def test_near_duplicates_share_a_split_or_are_dropped(tmp_path: Path) -> None:
    from vn_repair.export.decide import NearDuplicates

    repairs = [repaired(f"a{i}", news(i, 12)) for i in range(20)] + [repaired(f"b{i}", near(i, 1)) for i in range(20)]
    repairs += [repaired(f"c{i}", near(i, 9)) for i in range(20)]  # too different
    file = records_file(tmp_path / "r.jsonl", repairs)
    exported([file], tmp_path / "one", splits=HALVES)
    home = {row["id"]: split for split, rows in tables(tmp_path / "one").items() for row in rows}
    like = {row["id"]: row["duplicate_of"] for rows in tables(tmp_path / "one").values() for row in rows}
    assert len(home) == 60
    assert all(home[f"b{i}"] == home[f"a{i}"] and like[f"b{i}"] == f"a{i}" for i in range(20))
    assert all(like[f"a{i}"] is None and like[f"c{i}"] is None for i in range(20))

    report = exported([file], tmp_path / "keep", splits=HALVES, near_duplicates=NearDuplicates.KEEP)
    free = {row["id"]: split for split, rows in tables(tmp_path / "keep").items() for row in rows}
    assert any(free[f"b{i}"] != free[f"a{i}"] for i in range(20))  # so the grouping did something
    assert {i: s for i, s in home.items() if i[0] != "b"} == {i: s for i, s in free.items() if i[0] != "b"}

    report = exported([file], tmp_path / "drop", splits=HALVES, near_duplicates=NearDuplicates.DROP)
    kept = {row["id"] for rows in tables(tmp_path / "drop").values() for row in rows}
    assert kept == {i for i in home if i[0] != "b"}
    assert report.manifest["left_out"]["near_duplicates"] == 20
    told = [json.loads(line) for line in (tmp_path / "drop" / "left_out.jsonl").read_text().splitlines()]
    assert {(row["id"], row["of"]) for row in told} == {(f"b{i}", f"a{i}") for i in range(20)}


def test_no_sentence_of_the_held_out_splits_is_trained_on(tmp_path: Path) -> None:
    shared = "Ủy ban nhân dân huyện vừa ban hành kế hoạch mới về việc này."
    file = records_file(tmp_path / "r.jsonl", [repaired(f"a{i}", news(i) + shared + "\n") for i in range(40)])
    report = exported([file], tmp_path / "out", splits=HALVES)
    pairs = tables(tmp_path / "out", "pairs")
    held_out = {row[key].casefold() for split in ("validation", "test") for row in pairs[split]
                for key in ("text", "vi", "en")}
    assert shared.casefold() in held_out
    assert not [row for row in pairs["train"] if {row["text"].casefold(), row["vi"].casefold()} & held_out]
    assert report.manifest["left_out"]["repeated_pairs"] >= len(tables(tmp_path / "out")["train"])
    assert all(shared in row["text"] for row in tables(tmp_path / "out")["train"])  # articles stay whole


@pytest.mark.parametrize("kind", ["jsonl", "tsv", "txt.gz", "parquet"])
def test_leaks_are_found_in_any_kind_of_test_set(tmp_path: Path, kind: str) -> None:
    file = records_file(tmp_path / "r.jsonl", [repaired(f"a{i}", news(i)) for i in range(20)])
    sentence = news(3).split("\n")[4].replace("and the ", "")
    items = ["Một câu khác hẳn, không hề có trong các bản tin nói trên và cũng dài hơn mười ba tiếng.",
             "  — " + sentence.upper() + "!!"]
    against = tmp_path / f"test.{kind}"
    if kind == "jsonl":
        against.write_text("".join(json.dumps({"n": 1, "ref": [x]}) + "\n" for x in items), encoding="utf-8")
    elif kind == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"whatever": items}), against)
    elif kind == "tsv":
        against.write_text("".join(f"{i}\t{x}\n" for i, x in enumerate(items)), encoding="utf-8")
    else:
        against.write_bytes(gzip.compress("\n".join(items).encode()))
    told: list[str] = []
    report = exported([file], tmp_path / "out", check_against=(str(against),), told=told)
    kept = {row["id"] for rows in tables(tmp_path / "out").values() for row in rows}
    assert kept == {f"a{i}" for i in range(20)} - {"a3"}
    assert [line for line in told if "a3" in line and f"test.{kind}:2" in line]
    assert report.manifest["left_out"]["leaked"] == 1
    assert "1 found, 1 left out" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")

    from vn_repair.export.decide import Leaked

    with pytest.raises(InputError, match="1 of 20 articles"):
        exported([file], tmp_path / "fail", check_against=(str(against),), leaked=Leaked.FAIL)
    assert not (tmp_path / "fail" / "README.md").exists()
    exported([file], tmp_path / "kept", check_against=(str(against),), leaked=Leaked.KEEP)
    assert sum(map(len, tables(tmp_path / "kept").values())) == 20


def test_review_edits_are_applied_only_when_asked_for(tmp_path: Path) -> None:
    from vn_repair.export.chosen import Edits

    file = records_file(tmp_path / "r.jsonl", [repaired("a", news(1), status=Status.REVIEW)])
    exported([file], tmp_path / "accepted", splits="all=1")
    (row,) = tables(tmp_path / "accepted")["all"]
    assert row["vi"] == row["text"] and not row["changed"]
    assert {(e["status"], e["applied"]) for e in row["edits"]} == {("review", False)}
    assert {p["status"] for p in tables(tmp_path / "accepted", "pairs")["all"]} == {"clean", "review"}

    exported([file], tmp_path / "both", splits="all=1", edits=Edits.REVIEWED)
    (row,) = tables(tmp_path / "both")["all"]
    assert row["vi"] == row["text"].replace("and the ", "") and row["changed"]
    assert {(e["status"], e["applied"]) for e in row["edits"]} == {("review", True)}
    assert all("applied at export" not in e["reasons"] for e in row["edits"])
    assert row["en"] == ""  # the record's English says something else, and there is no model to say it anew
    assert not (tmp_path / "both" / "pairs").exists()
    assert "config_name: pairs" not in (tmp_path / "both" / "README.md").read_text(encoding="utf-8")


def test_unchanged_articles_can_be_left_out(tmp_path: Path) -> None:
    from vn_repair.export.options import Unchanged

    clean = news(2).replace("and the ", "")
    file = records_file(tmp_path / "r.jsonl", [repaired("a", news(1)), repaired("clean", clean)])
    report = exported([file], tmp_path / "out", splits="train=1", unchanged=Unchanged.DROP)
    assert [row["id"] for row in tables(tmp_path / "out")["train"]] == ["a"]
    assert report.manifest["left_out"]["unchanged"] == 1

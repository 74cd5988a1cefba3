"""Exports from record files to datasets that `datasets` loads: columns, bytes, splits, duplicates, leaks, resuming."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from export_making import MADE_BY, contents, english, exported, news, records_file, repaired, tables

from vn_repair.export import spool as spool_module
from vn_repair.export.dataset import WORK
from vn_repair.types import InputError

HALVES = "train=50,validation=25,test=25"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of 60 records and its export."""
    folder = tmp_path_factory.mktemp("whole")
    file = folder / "news.repair.jsonl"
    records_file(file, [repaired(f"a{i}", news(i)) for i in range(60)], url="https://example.org/tin/1",
                 licence="cc-by-4.0", topic={"name": "ntm"})
    exported([str(file)], folder / "out", splits=HALVES, fields=("topic",), shard_articles=10)
    return file, folder / "out"


@pytest.fixture
def loaded(whole: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loads a configuration of that export with `datasets`."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    return lambda *arguments, **named: load_dataset(*arguments, cache_dir=str(tmp_path / "cache"), **named)


def test_load_dataset_gives_back_what_went_in(whole: tuple[Path, Path], loaded: Any) -> None:
    from vn_repair.export.features import features

    file, output = whole
    data = loaded(str(output))  # the default configuration
    assert set(data) == {"train", "validation", "test"}
    assert all(split.features == features("articles", ("topic",)) for split in data.values())
    rows = {row["id"]: row for split in data.values() for row in split}
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(records) == 60
    for record in records:
        row = rows[record["id"]]
        assert row["text"].encode() == record["text"].encode()
        assert (row["vi"], row["en"], row["lang"]) == (record["vi"], record["en"], "vi")
        assert [{**s, "score": round(s["score"], 4)} for s in row["spans"]] == record["spans"]
        assert [(e["start"], e["end"], e["replacement"], e["status"], e["applied"], e["proposer"], e["reasons"])
                for e in row["edits"]] == [(e["start"], e["end"], e["replacement"], "accepted", True, e["proposer"],
                                            e["reasons"]) for e in record["edits"]]
        assert row["edits"][0]["alternatives"] == [{"replacement": "và ", "score": 0.5}]
        assert row["made_by"] == {**MADE_BY, "settings": None}
        assert (row["source"], row["licence"]) == ("https://example.org/tin/1", "cc-by-4.0")
        assert row["topic"] == '{"name": "ntm"}'
        assert row["origin"] == f"{record['id']}.txt"  # no folders of the machine it was made on


def test_pairs_load_by_name_and_lie_in_their_article(whole: tuple[Path, Path], loaded: Any) -> None:
    from vn_repair.export.features import features

    _, output = whole
    articles = {row["id"]: row for split in loaded(str(output)).values() for row in split}
    pairs = loaded(str(output), "pairs")
    homes: dict[str, set[str]] = {}
    for split, rows in pairs.items():
        assert rows.features == features("pairs")
        for row in rows:
            article = articles[row["article_id"]]
            homes.setdefault(row["article_id"], set()).add(split)
            assert article["text"][row["start"] : row["end"]] == row["text"]
            assert row["vi"] in article["vi"] and row["en"] in article["en"]
            assert english(row["vi"]) == row["en"]
            for span in row["spans"]:
                assert row["text"][span["start"] : span["end"]] == "and the"
            assert row["status"] == ("repaired" if "and the" in row["text"] else "clean")
            assert row["score"] == (pytest.approx(0.8) if row["spans"] else None)
            assert "and the" not in row["vi"]
    assert all(len(splits) == 1 for splits in homes.values())
    assert len(homes) == 60


def test_plain_parquet_has_the_features_too(whole: tuple[Path, Path], loaded: Any) -> None:
    from vn_repair.export.features import features

    data = loaded("parquet", data_files={"train": str(whole[1] / "data" / "train-*.parquet")})["train"]
    assert data.features == features("articles", ("topic",))
    assert data.num_rows == len(tables(whole[1])["train"])


def test_shards_and_manifest(whole: tuple[Path, Path]) -> None:
    from hashlib import sha256

    _, output = whole
    manifest = json.loads((output / "export.json").read_text(encoding="utf-8"))
    files = contents(output)
    assert set(manifest["files"]) == {name for name in files if name.endswith(".parquet")}
    for name, told in manifest["files"].items():
        assert sha256(files[name]).hexdigest() == told["sha256"] and len(files[name]) == told["bytes"]
    shards = sorted(name for name in files if name.startswith("data/train"))
    assert len(shards) >= 2 and shards[0] == f"data/train-00000-of-{len(shards):05}.parquet"
    assert all(manifest["files"][name]["rows"] == 10 for name in shards[:-1])
    assert sum(manifest["rows"]["articles"].values()) == 60
    assert not (output / WORK).exists()


def test_card_tells_what_the_data_hold(whole: tuple[Path, Path]) -> None:
    from huggingface_hub import DatasetCard

    card = DatasetCard((whole[1] / "README.md").read_text(encoding="utf-8"))
    assert card.data.license == "cc-by-4.0"
    assert [c["config_name"] for c in card.data.configs] == ["articles", "pairs"]
    rows = {split: len(found) for split, found in tables(whole[1]).items()}
    spans = sum(len(row["spans"]) for found in tables(whole[1]).values() for row in found)
    for split, count in rows.items():
        assert f"| {split} | {count} |" in card.text
    assert f"| untranslated | {spans} | 100.0 % |" in card.text
    assert "seed 0" in card.text and "train=50,validation=25,test=25" in card.text
    assert json.loads((whole[1] / "export.json").read_text(encoding="utf-8"))["signature"] in card.text
    assert "/home/" not in card.text and "example.org" in card.text


def test_a_shard_cut_short_is_not_loaded(whole: tuple[Path, Path], loaded: Any, tmp_path: Path) -> None:
    """The card says how many rows there are, so a folder that lost some is refused."""
    copy = tmp_path / "copy"
    shutil.copytree(whole[1], copy)
    next(iter(sorted((copy / "data").glob("train-*")))).unlink()
    with pytest.raises(Exception, match=r"[Ss]plit"):
        loaded(str(copy))


def test_articles_added_move_no_other(whole: tuple[Path, Path], tmp_path: Path) -> None:
    before = {row["id"]: split for split, rows in tables(whole[1]).items() for row in rows}
    more = records_file(tmp_path / "more.jsonl", [repaired(f"b{i}", news(1000 + i)) for i in range(40)])
    for name, files in {"after": [str(whole[0]), more], "first": [more, str(whole[0])]}.items():
        exported(files, tmp_path / name, splits=HALVES)
        now = {row["id"]: split for split, rows in tables(tmp_path / name).items() for row in rows}
        assert {i: now[i] for i in before} == before
    exported([str(whole[0])], tmp_path / "seed", splits=HALVES, seed=1)
    assert {row["id"]: split for split, rows in tables(tmp_path / "seed").items() for row in rows} != before


# Renames of a run in chunks of 7 before the first file of the data set is in its place: the notes of 9 chunks and of
# its shards, the settings, and three files.
MOVES = 9 + 8 + 1 + 3


class Killed(BaseException):
    """What stands for SIGKILL: nothing in the code catches it."""


@pytest.mark.parametrize("stage", ["spool", "shards", "publish"])
def test_a_run_that_was_killed_goes_on_and_writes_the_same_bytes(
        whole: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    from vn_repair.export import dataset, shards

    monkeypatch.setattr(spool_module, "CHUNK_ARTICLES", 7)
    output, options = tmp_path / "out", {"splits": HALVES, "fields": ("topic",), "shard_articles": 10}
    calls = 0

    def dying(original: Any, after: int) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > after:
                raise Killed
            return original(*arguments, **named)

        return call

    with monkeypatch.context() as patch, pytest.raises(Killed):
        if stage == "spool":
            patch.setattr(spool_module.Spool, "close_chunk", dying(spool_module.Spool.close_chunk, 3))
        elif stage == "shards":
            patch.setattr(shards.ShardWriter, "close", dying(shards.ShardWriter.close, 2))
        else:
            patch.setattr(dataset.os, "replace", dying(dataset.os.replace, MOVES))
        exported([str(whole[0])], output, **options)
    assert not (output / "README.md").exists()
    read: list[str] = []
    monkeypatch.setattr(spool_module.Spool, "add", _counting(spool_module.Spool.add, read))
    exported([str(whole[0])], output, resume=True, **options)
    # The chunk size is not in the data, nor is where the first run stopped.
    assert contents(output) == contents(whole[1])
    assert len(read) == (60 - 21 if stage == "spool" else 0)
    exported([str(whole[0])], output, resume=True, **options)  # finished: nothing is done
    assert contents(output) == contents(whole[1])


def _counting(original: Any, read: list[str]) -> Any:
    def add(self: Any, entry: Any, progress: Any) -> None:
        read.append(entry.row["id"])
        original(self, entry, progress)

    return add


def test_any_number_of_workers_gives_the_same_bytes(whole: tuple[Path, Path], tmp_path: Path) -> None:
    exported([str(whole[0])], tmp_path / "out", workers=2, splits=HALVES, fields=("topic",), shard_articles=10)
    assert contents(tmp_path / "out") == contents(whole[1])


def test_resume_refuses_other_options_and_other_input(whole: tuple[Path, Path], tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "CHUNK_ARTICLES", 7)
    file, output = tmp_path / "news.jsonl", tmp_path / "out"
    shutil.copy(whole[0], file)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("vn_repair.export.dataset.decide", lambda *a, **k: (_ for _ in ()).throw(Killed))
        exported([str(file)], output)
    with pytest.raises(InputError, match="seed"):
        exported([str(file)], output, resume=True, seed=7)
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([rows[1], rows[0], *rows[2:]]), encoding="utf-8")
    with pytest.raises(InputError, match="not what it was"):
        exported([str(file)], output, resume=True)
    file.write_text("".join(rows[:5]), encoding="utf-8")
    with pytest.raises(InputError, match="ends before"):
        exported([str(file)], output, resume=True)
    exported([str(file)], output)  # anew
    assert sum(map(len, tables(output).values())) == 5


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = Path(records_file(tmp_path / "r.jsonl", [repaired("a", news(1)), repaired("b", news(2))]))
    good = file.read_text(encoding="utf-8").splitlines()
    outside = json.loads(good[0])
    outside["spans"][0]["end"] = 10**6
    odd = json.loads(good[0])
    odd["edits"][0]["replacement"] = 7
    file.write_text("\n".join([good[0], json.dumps(outside), "{", json.dumps(odd), '{"text": "Chưa sửa."}', good[1]]),
                    encoding="utf-8")
    told: list[str] = []
    report = exported([str(file)], tmp_path / "out", splits="train=1", told=told)
    assert report.bad == 4 and len(told) == 4
    for number, line in zip((2, 3, 4, 5), told, strict=True):
        assert line.startswith(f"{file}:{number}: ") and "\n" not in line
    assert [row["id"] for row in tables(tmp_path / "out")["train"]] == ["a", "b"]


@pytest.mark.parametrize("case", ["foreign file", "a file", "input inside", "nothing"])
def test_what_is_refused(tmp_path: Path, case: str) -> None:
    output = tmp_path / "out"
    file = records_file(tmp_path / "r.jsonl", [repaired("a", news(1))])
    if case == "foreign file":
        output.mkdir()
        (output / "thesis.tex").write_text("x")
    elif case == "a file":
        output.write_text("x")
    elif case == "input inside":
        exported([file], output)
        file = shutil.move(file, output / "data" / "r.jsonl")
    else:
        file = str(tmp_path / "none.jsonl")
    before = contents(tmp_path)
    with pytest.raises(InputError) as error:
        exported([file], output)
    assert "\n" not in str(error.value)
    assert contents(tmp_path) == before


def test_an_export_replaces_an_earlier_one_whole(tmp_path: Path) -> None:
    first = records_file(tmp_path / "1.jsonl", [repaired(f"a{i}", news(i)) for i in range(12)])
    second = records_file(tmp_path / "2.jsonl", [repaired("z", news(99), translated=False)])
    exported([first], tmp_path / "out", shard_articles=2)
    exported([second], tmp_path / "out", splits="train=1")
    assert set(contents(tmp_path / "out")) == {"data/train-00000-of-00001.parquet", "README.md", "export.json",
                                               "left_out.jsonl"}


def test_the_export_can_be_exported_again(whole: tuple[Path, Path], tmp_path: Path) -> None:
    """Its Parquet rows are repair records."""
    shards = sorted(map(str, (whole[1] / "data").glob("*.parquet")))
    report = exported(shards, tmp_path / "again", splits="train=1")
    assert report.bad == 0
    old = {row["id"]: row for rows in tables(whole[1]).values() for row in rows}
    new = {row["id"]: row for row in tables(tmp_path / "again")["train"]}
    assert set(new) == set(old)
    for key in ("text", "vi", "en", "spans", "edits", "made_by", "licence", "source", "origin"):
        assert all(new[i][key] == old[i][key] for i in old), key

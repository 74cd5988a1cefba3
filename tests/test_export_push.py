"""`vn-repair export --push` against a local server that speaks the Hub's API, through the real client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from export_hub import TOKEN, Hub
from export_making import contents, exported, news, records_file, repaired
from huggingface_hub import HfApi

from vn_repair.cli import run
from vn_repair.export.push import check_push, push
from vn_repair.types import InputError

ROOT = Path(__file__).resolve().parents[1]

# A process of its own: the client reads its environment when it is imported.
PUSH = "import sys; from vn_repair.cli import run; sys.exit(run(sys.argv[1:]))"
LOAD = """
import json, sys
from datasets import load_dataset
out = {}
for name in ("articles", "pairs"):
    data = load_dataset("me/tin", name, cache_dir=sys.argv[1])
    out[name] = {split: rows.num_rows for split, rows in data.items()}
    if name == "articles":
        out["texts"] = {row["id"]: row["text"] for rows in data.values() for row in rows}
print(json.dumps(out))
"""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        yield server


def python(code: str, *arguments: str, hub: Hub, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1",
                   "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "*",
                   "PYTHONPATH": str(ROOT)}
    environment["HF_TOKEN"] = TOKEN
    environment.pop("HF_HUB_OFFLINE", None)
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment,
                          check=False)


def test_push_and_load_back(hub: Hub, tmp_path: Path) -> None:
    file = records_file(tmp_path / "r.jsonl", [repaired(f"a{i}", news(i)) for i in range(12)])
    output, options = tmp_path / "out", ("--splits", "train=50,test=50", "--shard-articles", "3")
    done = python(PUSH, "export", file, "--output", str(output), *options, "--push", "me/tin", hub=hub, home=tmp_path)
    assert done.returncode == 0, done.stderr
    repo = hub.repos["me/tin"]
    assert repo["private"] is True
    assert repo["commits"] == [json.loads((output / "export.json").read_text(encoding="utf-8"))["signature"]]
    assert {k: v for k, v in repo["files"].items() if k != ".gitattributes"} == contents(output)
    assert f"pushed to {hub.url}/datasets/me/tin/commit/" in done.stderr

    back = python(LOAD, str(tmp_path / "cache"), hub=hub, home=tmp_path)
    assert back.returncode == 0, back.stderr[-2000:]
    found = json.loads(back.stdout.splitlines()[-1])
    manifest = json.loads((output / "export.json").read_text(encoding="utf-8"))
    assert {name: found[name] for name in ("articles", "pairs")} == manifest["rows"]
    assert found["texts"] == {f"a{i}": news(i) for i in range(12)}


@pytest.fixture
def api(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> HfApi:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    monkeypatch.setenv("NO_PROXY", "*")
    return HfApi(endpoint=hub.url, token=TOKEN)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("push")
    exported([records_file(folder / "r.jsonl", [repaired("a", news(1))])], folder / "out", splits="train=1")
    return folder / "out"


@pytest.mark.parametrize(("private", "public", "remedy"), [(False, False, "add --public"), (True, True, "leave out")])
def test_a_repository_of_the_other_kind_is_left_alone(hub: Hub, api: HfApi, output: Path, private: bool, public: bool,
                                                      remedy: str) -> None:
    repo = hub.add_repo("me/tin", private=private)
    with pytest.raises(InputError, match=remedy):
        push(output, "me/tin", public=public, api=api)
    assert set(repo["files"]) == {".gitattributes"}


def test_a_smaller_export_takes_the_old_shards_away(hub: Hub, api: HfApi, tmp_path: Path) -> None:
    file = records_file(tmp_path / "r.jsonl", [repaired(f"a{i}", news(i)) for i in range(6)])
    for number, shard_articles in enumerate((2, 10), 1):
        exported([file], tmp_path / "out", splits="train=1", shard_articles=shard_articles)
        push(tmp_path / "out", "me/tin", api=api)
        files = hub.repos["me/tin"]["files"]
        assert {k: v for k, v in files.items() if k != ".gitattributes"} == contents(tmp_path / "out")
        assert len(hub.repos["me/tin"]["commits"]) == number


def test_a_public_repository_is_made_when_asked_for(hub: Hub, api: HfApi, output: Path) -> None:
    assert push(output, "me/tin", public=True, api=api).startswith(f"{hub.url}/datasets/me/tin/commit/")
    assert hub.repos["me/tin"]["private"] is False


def test_a_refusal_is_one_line_and_the_data_stay(hub: Hub, api: HfApi, output: Path) -> None:
    hub.add_repo("me/tin", private=True)
    hub.fail_commit = True
    before = contents(output)
    with pytest.raises(InputError) as error:
        push(output, "me/tin", api=api)
    assert "read-only access" in str(error.value) and "--resume" in str(error.value)
    assert "\n" not in str(error.value) and contents(output) == before
    hub.fail_commit = False
    push(output, "me/tin", api=api)
    assert "README.md" in hub.repos["me/tin"]["files"]


@pytest.mark.parametrize("wrong", ["the token", "the server"])
def test_a_server_that_will_not_have_it(hub: Hub, output: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    api = (HfApi(endpoint=hub.url, token="hf_other") if wrong == "the token"
           else HfApi(endpoint="http://127.0.0.1:9", token=TOKEN))
    with pytest.raises(InputError, match="me/tin"):
        push(output, "me/tin", api=api)


@pytest.mark.parametrize(("repo", "good"), [
    ("me/tin", True), ("tin", True), ("me/tin-2.0_b", True), ("me/t in", False), ("a/b/c", False), ("me/", False),
    ("me/-x", False), ("me/a..b", False), ("me/x.git", False), ("x" * 97, False), ("", False),
])
def test_names_are_those_that_the_hub_takes(repo: str, good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub.utils._validators import HFValidationError, validate_repo_id

    monkeypatch.setenv("HF_TOKEN", TOKEN)
    try:
        validate_repo_id(repo)
        taken = bool(repo)
    except HFValidationError:
        taken = False
    assert taken == good  # the library's own rule, which is not public
    if good:
        check_push(repo)
    else:
        with pytest.raises(InputError, match="is no repository name"):
            check_push(repo)


def test_without_a_token_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    file = records_file(tmp_path / "r.jsonl", [repaired("a", news(1))])
    assert run(["export", file, "--output", str(tmp_path / "out"), "--push", "me/tin"]) == 2
    assert capsys.readouterr().err == (
        "vn-repair: --push me/tin: no Hugging Face token; run `hf auth login`, or set HF_TOKEN\n")
    assert not (tmp_path / "out").exists()

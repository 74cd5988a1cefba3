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
from export_making import contents, news, records_file, repaired

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


def python(code: str, *arguments: str, hub: Hub, home: Path, token: str | None = TOKEN,
           ) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1",
                   "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "*",
                   "PYTHONPATH": str(ROOT)}
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
        environment.pop(name, None)
    if token:
        environment["HF_TOKEN"] = token
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

    # A second export with fewer shards takes the old ones away.
    again = python(PUSH, "export", file, "--output", str(output), "--push", "me/tin", "--splits", "train=1", hub=hub,
                   home=tmp_path)
    assert again.returncode == 0, again.stderr
    assert {k: v for k, v in repo["files"].items() if k != ".gitattributes"} == contents(output)
    assert len(repo["commits"]) == 2


@pytest.mark.parametrize("case", ["no token", "public is there", "refused", "no server", "no name"])
def test_a_push_that_cannot_be_says_why_in_a_line(hub: Hub, tmp_path: Path, case: str) -> None:
    file = records_file(tmp_path / "r.jsonl", [repaired("a", news(1))])
    output, repo, token = tmp_path / "out", "me/tin", TOKEN
    expected = {"no token": "no Hugging Face token; run `hf auth login`, or set HF_TOKEN",
                "public is there": "is there and public, not private", "refused": "read-only access",
                "no server": "run again with --resume to push it", "no name": "is no repository name"}[case]
    if case == "public is there":
        hub.add_repo("me/tin", private=False)
    elif case == "refused":
        hub.add_repo("me/tin", private=True)
        hub.fail_commit = True
    elif case == "no server":
        hub.url = "http://127.0.0.1:9"
    elif case == "no name":
        repo = "me/t in"
    done = python(PUSH, "export", file, "--output", str(output), "--splits", "train=1", "--push", repo, hub=hub,
                  home=tmp_path, token=None if case == "no token" else token)
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("vn-repair: ")]
    assert expected in line and repo in line
    assert "Traceback" not in done.stderr
    # Before the work where that can be known; else the data set is there.
    assert output.exists() == (case not in ("no token", "no name"))
    if case == "refused":
        hub.fail_commit = False
        again = python(PUSH, "export", file, "--output", str(output), "--splits", "train=1", "--push", repo, "--resume",
                       hub=hub, home=tmp_path)
        assert again.returncode == 0, again.stderr
        assert "README.md" in hub.repos["me/tin"]["files"]

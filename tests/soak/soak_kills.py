"""Long fault tests, run by `make soak`: random kills until a run has come to its end, and memory against size.

SOAK_KILLS (default 25) is the number of kills for rules, a fifth of it with the model; SOAK_SEED repeats a run.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from test_batch_crashes import contents

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SOAK_KILLS", "25"))
SEED = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def corpus(folder: Path, copies: int, most: int) -> None:
    """The seed articles, and the reference items in two files of rows; ids tell the copies apart."""
    (folder / "seeds").mkdir(parents=True)
    for seed in sorted((ROOT / "seeds").glob("*.txt")):
        (folder / "seeds" / seed.name).write_bytes(seed.read_bytes())
    for name in ("dev", "test"):
        items = [json.loads(line) for line in (ROOT / f"eval/references/{name}.jsonl").read_text("utf-8").splitlines()]
        rows = [{"id": f"{item['id']}/{copy}", "text": item["text"], "lang": item["lang"]}
                for copy in range(copies) for item in items[:most] if item["text"].strip()]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")


def start(folder: Path, output: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "vn_repair.cli", "repair", "corpus", "--output", output, *options],
                            cwd=folder, env=ENVIRONMENT, stderr=subprocess.DEVNULL)


def children(pid: int) -> list[int]:
    try:
        found = [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [c for c in found if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


@pytest.mark.parametrize(("options", "kills", "pause", "copies", "most"), [
    (["--rules-only"], KILLS, (0.5, 4.0), 4, 10**6), ([], max(1, KILLS // 5), (4.0, 25.0), 1, 60)])
def test_random_kills(tmp_path: Path, options: list[str], kills: int, pause: tuple[float, float], copies: int,
                      most: int) -> None:
    corpus(tmp_path / "corpus", copies, most)
    assert start(tmp_path, "whole", *options, "--workers", "1").wait() in (0, 2)
    chance = random.Random(SEED)
    done: list[str] = []
    while True:
        run = start(tmp_path, "out", *options, "--workers", str(chance.choice([1, 2, 3])), "--resume")
        while run.poll() is None and len(done) < kills:
            time.sleep(chance.uniform(*pause))
            what = chance.choice(["worker", "worker", "parent", "terminate", "interrupt"])
            victims = children(run.pid)
            if what == "worker" and victims:
                os.kill(chance.choice(victims), signal.SIGKILL)
            elif what != "worker":
                run.send_signal({"parent": signal.SIGKILL, "terminate": signal.SIGTERM}.get(what, signal.SIGINT))
            done.append(what)
            if what not in ("worker",):
                break
        code = run.wait()
        if code in (0, 2) and Path(tmp_path, "out/summary.json").exists():
            break
    print(f"\nseed {SEED}: {len(done)} kills ({', '.join(done)})")
    assert contents(str(tmp_path / "out")) == contents(str(tmp_path / "whole"))


def test_a_disk_that_grows_little_by_little(tmp_path: Path) -> None:
    corpus(tmp_path / "corpus", 3, 10**6)
    assert start(tmp_path, "whole", "--rules-only", "--workers", "1").wait() in (0, 2)
    size, attempts = 20_000, 0
    while True:
        limit = size

        def small_disk(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        run = subprocess.Popen([sys.executable, "-m", "vn_repair.cli", "repair", "corpus", "--output", "out",
                                "--rules-only", "--workers", "2", "--resume"], cwd=tmp_path, env=ENVIRONMENT,
                               stderr=subprocess.PIPE, text=True, preexec_fn=small_disk)  # noqa: PLW1509
        _, err = run.communicate()
        if "make room" not in err:
            assert run.returncode in (0, 2), err
            break
        size, attempts = int(size * 1.6), attempts + 1
    assert attempts > 3
    assert contents(str(tmp_path / "out")) == contents(str(tmp_path / "whole"))


def peak(program: str, folder: Path) -> int:
    """Peak memory in KiB of a process that runs `program`, its workers left out."""
    code = f"{program}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env={**ENVIRONMENT, "PYTHONPATH":
                          f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1])


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    """The parent's, which alone sees all; workers are quick stand-ins, so that it is pressed as hard as can be."""
    peaks = []
    for megabytes in (8, 128):
        text = "Xã đạt chuẩn nông thôn and the mới. " * 60
        row = json.dumps({"text": text}, ensure_ascii=False) + "\n"
        with open(tmp_path / f"{megabytes}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(row for _ in range(megabytes * 10**6 // len(row.encode())))
        program = (f"from pathlib import Path\nfrom batch_fakes import MADE_BY, build, run_corpus\n"
                   f"from vn_repair.batch.worker import Work\n"
                   f"run_corpus(['{megabytes}.jsonl'], Path('out{megabytes}'), unit_bytes=2**17, "
                   f"job=Work(build, MADE_BY, pages=False))")
        peaks.append(peak(program, tmp_path))
    print(f"\npeak of the parent: {peaks[0] // 1024} MiB at 8 MB, {peaks[1] // 1024} MiB at 128 MB")
    assert peaks[1] < peaks[0] + 30 * 1024

"""Fuzz one target with atheris (coverage-guided): `python tests/fuzz/run.py TARGET --seconds 60`, or `all`.

New inputs that reach new code are kept beside the corpus under `build/fuzz`; an input that breaks a promise is written
to `build/fuzz/TARGET/crash-*`. Put it into `tests/fuzz/corpus/TARGET/` under a telling name: `make test` replays it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).with_name("corpus")
LONGEST = 4096


def fuzz(target: str, seconds: int) -> None:
    """Fuzz in this process; it ends with it."""
    import atheris

    with atheris.instrument_imports(include=["vn_repair"]):
        from targets import TARGETS
    found = ROOT / "build" / "fuzz" / target
    found.mkdir(parents=True, exist_ok=True)
    corpus = CORPUS / target
    for path in sorted(corpus.iterdir()):  # tables are read once; the first inputs are not to be called slow for it
        TARGETS[target](path.read_bytes())
    atheris.Setup([sys.argv[0], str(found), str(corpus), f"-max_total_time={seconds}",
                   f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0",
                   f"-artifact_prefix={found}/", f"-dict={CORPUS.parent / 'words.dict'}"], TARGETS[target])
    atheris.Fuzz()


def main() -> None:
    """Fuzz one target, or each in a process of its own."""
    names = sorted(p.name for p in CORPUS.iterdir() if p.is_dir())
    parser = argparse.ArgumentParser(description="Fuzz vn-repair.")
    parser.add_argument("target", choices=[*names, "all"])
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args()
    if chosen.target != "all":
        fuzz(chosen.target, chosen.seconds)
        return
    failed = []
    for name in names:
        print(f"fuzzing {name} for {chosen.seconds} s", file=sys.stderr, flush=True)
        command = [sys.executable, __file__, name, "--seconds", str(chosen.seconds)]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"broken promises in: {', '.join(failed)}; the inputs are under build/fuzz")


if __name__ == "__main__":
    main()

"""What each part of the training recipe is worth: short runs of equal steps, one thing changed in each.

    python eval/ablations.py --data DIR [--recipe corpora/recipes/ablations.yaml] [--only GROUP …]

Every arm is trained by vn_repair/training/train.py, its loss taken on held-out news, and, where the
group says `score`, turned into int8 and scored on development sets: vi→en on `vlsp2020_news_dev`, repair of
`eval/references/dev.jsonl` with the gold spans given. An arm that has a result is left
alone, so that a run can be broken off; the table goes to stdout. Wants torch and the shards named in the recipe.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
START = "init/e5-small-vi-en"
LINES = 100  # of the parallel set
ITEMS = 300  # of the references
# loss: nats a token on held-out news, translated from Vietnamese, and on garbled news to be infilled
COLUMNS = ("group", "arm", "tokens", "loss, vi→en", "loss, infill", "vi→en chrF2++", "vi→en BLEU",
           "gold spans: gain, chrF2++", "gold: exact, %")


FORMS = {"vi_en": ".3f", "infill": ".3f", "chrf": ".1f", "bleu": ".1f", "gain": "+.2f", "exact": ".1f"}


def recipe_of(group: dict[str, Any], arm: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """The trainer's recipe of one arm."""
    own = {k: v for k, v in arm.items() if k not in ("without", "add")}
    shards = [s for s in group["shards"] if s["path"] not in arm.get("without", ())]
    return {**base, **own, "score": group["score"], "shards": [*shards, *arm.get("add", ())]}


def run(*command: str | Path) -> None:
    """Run a command of the project; its output goes to stderr. Raises `CalledProcessError`."""
    subprocess.run([sys.executable, *map(str, command)], cwd=ROOT, stdout=sys.stderr, check=True)


def development_lines(data: Path, out: Path) -> Path:
    """The last `LINES` pairs of the news development set as plain TSV."""
    with gzip.open(data / "parallel" / "vlsp2020_news_dev.tsv.gz", "rt", encoding="utf-8") as rows:
        columns = [row.rstrip("\n").split("\t")[:2] for row in rows]
    out.write_text("".join(f"{vi}\t{en}\n" for vi, en in columns[-LINES:]), encoding="utf-8")
    return out


def score(model: Path, folder: Path, data: Path) -> dict[str, float]:
    """Scores of a model folder on the development sets."""
    common = ("-m", "vn_repair.cli", "evaluate", "--system", f"embedded:{model}", "--threads", "1", "--output")
    pairs, gold = folder / "pairs.json", folder / "references.json"
    run(*common, pairs, "--parallel", development_lines(data, folder / "pairs.tsv"), "--to", "en")
    run(*common, gold, "--no-translation", "--limit", ITEMS)
    translated = json.loads(pairs.read_text("utf-8"))["scores"]["translation"]["vi-en"]
    repaired = json.loads(gold.read_text("utf-8"))["scores"]["gold"]["all"]
    return {"chrf": translated["chrf"][0], "bleu": translated["bleu"][0],
            "gain": repaired["chrf_gain"][0], "exact": 100 * repaired["recall"][0]}


def result_of(name: str, recipe: dict[str, Any], steps: int, init: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Train, convert and score one arm, or read what an earlier run found."""
    folder = given.work / name.replace(" ", "_").replace(":", "").replace(",", "").replace("+", "_")
    done = folder / "result.json"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / "recipe.yaml"
        written.write_text(yaml.safe_dump({**recipe, "root": str(given.shards.resolve())}), encoding="utf-8")
        run("vn_repair/training/train.py", written, "--init", init, "--out", folder / "run", "--minutes", "600",
            "--max-steps", str(steps), "--threads", "1")
        log = list(map(json.loads, (folder / "run" / "log.jsonl").read_text("utf-8").splitlines()))
        found = {"tokens": max(row.get("tokens", 0) for row in log),
                 **{key: log[-1][f"{key}.loss"] for key in ("vi_en", "infill")}}
        if recipe["score"]:
            run("-m", "vn_repair.training.convert", folder / "run" / "final", "--tokenizer", given.data / START,
                "--out", folder / "model")
            found |= score(folder / "model", folder, given.data)
        part = done.with_suffix(".part")
        part.write_text(json.dumps(found), encoding="utf-8")
        part.rename(done)
    found = json.loads(done.read_text("utf-8"))
    return dict(found)


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--recipe", type=Path, default=ROOT / "corpora/recipes/ablations.yaml")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shards", type=Path, default=ROOT / ".train")
    parser.add_argument("--work", type=Path, default=ROOT / ".train/ablations")
    parser.add_argument("--only", nargs="*", help="groups to run")
    given = parser.parse_args()
    given.data, given.work = given.data.resolve(), given.work.resolve()
    plan = yaml.safe_load(given.recipe.read_text(encoding="utf-8"))
    print("| " + " | ".join(COLUMNS) + " |\n| --- | --- |" + " ---: |" * (len(COLUMNS) - 2), flush=True)
    for group, steps in plan["steps"].items():
        if given.only and group not in given.only:
            continue
        init = given.data / START if plan[group]["init"] == "e5" else ROOT / plan[group]["init"]
        for name, arm in plan[group]["arms"].items():
            found = result_of(f"{group} {name}", recipe_of(plan[group], arm, plan["base"]), steps, init, given)
            scores = [f"{found[key]:{form}}" if key in found else "–" for key, form in FORMS.items()]
            print(f"| {group} | {name} | {found['tokens']:,} | {' | '.join(scores)} |", flush=True)


if __name__ == "__main__":
    main()

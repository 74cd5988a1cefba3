"""Train the token tagger: an encoder that says of each piece whether an editor would change it, and why.

    python -m vn_repair.training.train_tagger recipe.yaml --out DIR --minutes 60 [--threads 1]

The encoder starts from the one of a seq2seq checkpoint (the pre-trained start or our own model), with
a linear head over 17 classes: 0 for fine, then the labels in the order of `vn_repair.types.Label`;
or, where the recipe names a `start`, from a trained tagger (a `final.pt`, or what `float_tagger` writes).
Shards are .npz files with `ids` (uint16 pieces, flat), `off` (int64, n + 1) and `label` (uint8, one a
piece), see vn_repair/training/tagging_shards.py. As in train.py the learning rate follows the clock
and a run that is started again resumes. Detection of replaced tokens as a training task: Clark et al.
2020 (ELECTRA); of translation errors: Kepler et al. 2019 (OpenKiwi, the task, not the code).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
import yaml

from vn_repair.training.train import END, PAD, Average, learning_rate, load_model, optimizers, pad

BEGIN = 0
CLASSES = 17
NOT_COUNTED = 255  # the class of begin, end and padding
LONGEST_DEV = 500
LOG_SECONDS = 30
Batch = tuple[torch.Tensor, torch.Tensor]


class Tagger(torch.nn.Module):
    """A BART encoder and a linear head."""

    def __init__(self, encoder: torch.nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = torch.nn.Linear(width, CLASSES)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Class scores of every piece, (rows, pieces, 17)."""
        states = self.encoder(input_ids=ids, attention_mask=(ids != PAD).long()).last_hidden_state
        scores: torch.Tensor = self.head(states)
        return scores


def load_tagger(recipe: dict[str, Any], attention: str = "eager") -> Tagger:
    """The tagger that a recipe starts from: `init` names a seq2seq checkpoint, `encoder_layers` cuts it."""
    seq2seq = load_model({**recipe, "decoder_layers": 1}, attention)
    return Tagger(seq2seq.model.encoder, seq2seq.config.d_model)


class TaggingShard:
    """One packed file of labelled sentences."""

    def __init__(self, path: Path, longest: int) -> None:
        with np.load(path) as data:
            self.ids, self.off, self.label = data["ids"], data["off"], data["label"]
        self.usable = np.nonzero(np.diff(self.off) <= longest)[0]

    def row(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """Pieces with begin and end, and classes with `NOT_COUNTED` at these two."""
        ids = self.ids[self.off[i] : self.off[i + 1]].astype(np.int64)
        label = self.label[self.off[i] : self.off[i + 1]].astype(np.int64)
        return np.concatenate([[BEGIN], ids, [END]]), np.concatenate([[NOT_COUNTED], label, [NOT_COUNTED]])


def batches_of(rows: list[tuple[np.ndarray, np.ndarray]], cells: int) -> list[Batch]:
    """Rows of like length together, at most `cells` padded positions a batch."""
    rows = sorted(rows, key=lambda r: len(r[0]))
    out: list[Batch] = []
    group: list[tuple[np.ndarray, np.ndarray]] = []
    for row in rows:
        if group and (-(-len(row[0]) // 8) * 8) * (len(group) + 1) > cells:
            out.append(collate(group))
            group = []
        group.append(row)
    return [*out, collate(group)] if group else out


def collate(group: list[tuple[np.ndarray, np.ndarray]]) -> Batch:
    """Padded pieces and classes (`NOT_COUNTED` where there is nothing to say)."""
    ids = pad([ids for ids, _ in group])
    labels = np.full(ids.shape, NOT_COUNTED, dtype=np.int64)
    for i, (_, label) in enumerate(group):
        labels[i, : len(label)] = label
    return ids, torch.from_numpy(labels)


def stream(
    shards: list[tuple[TaggingShard, float]], cells: int, pool: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Endless batches, the shards mixed by weight."""
    weights = np.array([w for _, w in shards])
    while True:
        rows = []
        for (shard, _), count in zip(shards, rng.multinomial(pool, weights / weights.sum()), strict=True):
            rows += [shard.row(int(i)) for i in rng.choice(shard.usable, int(count))]
        made = batches_of(rows, cells)
        for i in rng.permutation(len(made)):
            yield made[i]


@torch.no_grad()
def score(model: Tagger, batches: list[Batch]) -> dict[str, float]:
    """Loss a piece, average precision and best F1 of "would be changed" over the pieces of a dev set."""
    model.eval()
    chances, truth, loss = [], [], 0.0
    for ids, labels in batches:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(ids)
        known = labels != NOT_COUNTED
        loss += float(F.cross_entropy(scores[known].float(), labels[known], reduction="sum"))
        chances.append(1 - scores[known].float().softmax(-1)[:, 0].numpy())
        truth.append(labels[known].numpy() > 0)
    model.train()
    p, t = np.concatenate(chances), np.concatenate(truth)
    hits = t[np.argsort(-p)].cumsum()
    precision, recall = hits / np.arange(1, len(t) + 1), hits / max(1, t.sum())
    best = (2 * precision * recall / np.maximum(precision + recall, 1e-9)).max()
    steps = np.diff(np.concatenate([[0.0], recall]))
    return {"loss": loss / len(t), "average_precision": float((precision * steps).sum()), "best_f1": float(best)}


class Run:
    """One training run, resumed where its checkpoint left it."""

    def __init__(self, recipe: dict[str, Any], base: Path, out: Path, minutes: float) -> None:
        self.recipe, self.out, self.box = recipe, out, 60 * minutes
        torch.manual_seed(int(recipe.get("seed", 1)))
        self.model = load_tagger({**recipe, "init": str(base / recipe["init"])})
        if recipe.get("start"):
            self.model.load_state_dict(torch.load(base / recipe["start"], weights_only=True)["model"])
        self.makers = optimizers(self.model, recipe)
        self.average = Average(self.model, float(recipe.get("average_decay", 0.999)))
        self.state: dict[str, Any] = {"step": 0, "seconds": 0.0, "tokens": 0}
        self.checkpoint = out / "checkpoint.pt"
        if self.checkpoint.exists():
            held = torch.load(self.checkpoint, weights_only=True)
            self.model.load_state_dict(held["model"])
            self.average.weights, self.average.steps = held["average"], held["average_steps"]
            self.state = held["state"]
            for maker, own in zip(self.makers, held["optimizers"], strict=True):
                maker.load_state_dict(own)
        rng = np.random.default_rng(int(recipe.get("seed", 1)) + self.state["step"])
        longest, cells = int(recipe.get("max_length", 200)), int(recipe.get("cells", 6144))
        shards = [(TaggingShard(base / s["path"], longest), float(s["weight"])) for s in recipe["shards"]]
        self.batches = stream(shards, cells, 6000, rng)
        self.dev = {e["name"]: dev_batches(base / e["path"], cells) for e in recipe.get("dev", [])}

    def note(self, record: dict[str, Any]) -> None:
        """A JSON line into the log and to stderr."""
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")
        print(record, file=sys.stderr, flush=True)

    def save(self) -> None:
        """Write the checkpoint under a temporary name, then rename it."""
        held = {
            "model": self.model.state_dict(),
            "average": self.average.weights,
            "average_steps": self.average.steps,
            "state": self.state,
            "optimizers": [m.state_dict() for m in self.makers],
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(held, part)
        os.replace(part, self.checkpoint)

    def scores(self) -> dict[str, Any]:
        """The averaged weights' scores on every dev set."""
        self.average.swap(self.model)
        out = {name: score(self.model, batches) for name, batches in self.dev.items()}
        self.average.swap(self.model)
        return out

    def step(self, ids: torch.Tensor, labels: torch.Tensor, share: float) -> float:
        """One update at `share` (0–1) of the time box; returns the loss a piece."""
        rate = float(self.recipe["learning_rate"]) * learning_rate(self.recipe, self.state["step"], share)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = self.model(ids)
        known = labels != NOT_COUNTED
        loss = F.cross_entropy(scores[known].float(), labels[known])
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for maker in self.makers:
            for group in maker.param_groups:
                group["lr"] = rate * group["scale"]
            maker.step()
            maker.zero_grad(set_to_none=True)
        self.average.update(self.model)
        self.state["step"] += 1
        self.state["tokens"] += int(known.sum())
        return float(loss.detach())

    def train(self) -> None:
        """Step until the time box ends, then write `final.pt` with the averaged weights."""
        began = time.monotonic() - self.state["seconds"]
        last_log = last_eval = time.monotonic()
        before, losses = self.state["tokens"], list[float]()
        self.model.train()
        for ids, labels in self.batches:
            share = (time.monotonic() - began) / self.box
            if share >= 1:
                break
            losses.append(self.step(ids, labels, share))
            now = time.monotonic()
            self.state["seconds"] = now - began
            if now - last_log > LOG_SECONDS:
                speed = (self.state["tokens"] - before) / (now - last_log)
                self.note({**self.state, "tokens/s": round(speed), "loss": round(sum(losses) / len(losses), 4)})
                before, losses, last_log = self.state["tokens"], [], now
            if now - last_eval > 60 * float(self.recipe.get("eval_minutes", 6)):
                self.note({"step": self.state["step"], **self.scores()})
                self.save()
                before, last_log = self.state["tokens"], time.monotonic()
                last_eval = last_log
        self.save()
        self.note({"final": True, **self.scores()})
        self.average.swap(self.model)
        layers = len(list(self.model.encoder.layers.children()))  # type: ignore[union-attr]
        torch.save({"model": self.model.state_dict(), "layers": layers}, self.out / "final.pt")


def dev_batches(path: Path, cells: int) -> list[Batch]:
    """All rows of a development shard, in batches."""
    shard = TaggingShard(path, LONGEST_DEV)
    return batches_of([shard.row(int(i)) for i in shard.usable], cells)


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    recipe = yaml.safe_load(args.recipe.read_text(encoding="utf-8"))
    Run(recipe, args.recipe.parent / recipe.get("root", "."), args.out, args.minutes).train()


if __name__ == "__main__":
    main()

"""Train the multi-task seq2seq model from packed shards; runs alone, on a CPU or one GPU.

Needs torch, transformers, sentencepiece, numpy, pyyaml and sacrebleu (Python 3.11 or 3.12), nothing
of the rest of this package, no network. One command:

    python train.py recipe.yaml --out DIR --minutes 120 [--threads 1]

The learning rate follows the clock (warm-up by steps, then constant or linear decay over the time
box), so a run always ends where it should. A run that is started again with the same --out resumes
from its last checkpoint. Progress goes to stderr and, as JSON lines, to DIR/log.jsonl.

Shards are .npz files with `src`, `tgt` (uint16 ids, flat), `src_off`, `tgt_off` (int64, n + 1) and
`task` (uint8); see vn_repair/training/pack.py.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from transformers import AutoModelForSeq2SeqLM

PAD, END = 1, 2
TASKS = ("translate_en", "translate_vi", "rewrite", "infill", "denoise")


class LinearCrossEntropy(torch.autograd.Function):
    """Output projection and label-smoothed cross-entropy; the gradient is made in the forward pass.

    Only one low-precision rows × vocabulary matrix is held (softmax turned into its gradient in
    place), which on a CPU is twice as fast as autograd over float32 logits. Returns the summed
    negative log-likelihood, whose gradient is that of the smoothed loss.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, gold: torch.Tensor, smoothing: float
    ) -> torch.Tensor:
        """Summed negative log-likelihood of the rows; the gradients are kept for `backward`."""
        rows = torch.arange(len(gold), device=gold.device)
        low = weight.to(hidden.dtype)
        grad = torch.softmax(F.linear(hidden, low), -1)
        nll = -grad[rows, gold].float().clamp_min(1e-30).log().sum()
        grad -= smoothing / weight.shape[0]
        grad[rows, gold] -= 1 - smoothing
        ctx.save_for_backward(grad @ low, (grad.T @ hidden).float())
        return nll

    @staticmethod
    def backward(ctx: Any, grad_loss: torch.Tensor) -> tuple[Any, ...]:  # type: ignore[override]
        """The kept gradients, scaled."""
        grad_hidden, grad_weight = ctx.saved_tensors
        return grad_hidden * grad_loss, grad_weight * grad_loss, None, None


class Shard:
    """One packed file; `draw` walks through it in an endless shuffled order."""

    def __init__(self, path: Path, max_length: int, rng: np.random.Generator) -> None:
        with np.load(path) as data:
            self.src, self.tgt = data["src"], data["tgt"]
            self.src_off, self.tgt_off = data["src_off"], data["tgt_off"]
            self.task = data["task"]
        longest = np.maximum(np.diff(self.src_off), np.diff(self.tgt_off))
        self.usable = np.nonzero(longest <= max_length)[0]
        if not len(self.usable):
            raise SystemExit(f"{path}: no example of at most {max_length} tokens; repack it or raise max_length")
        self.rng, self.order, self.at = rng, self.usable, len(self.usable)

    def draw(self, count: int) -> list[int]:
        """`count` example numbers, every example once before any comes again."""
        out: list[int] = []
        while len(out) < count:
            if self.at >= len(self.order):
                self.order, self.at = self.rng.permutation(self.usable), 0
            take = self.order[self.at : self.at + count - len(out)]
            self.at += len(take)
            out.extend(int(i) for i in take)
        return out

    def pair(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """Source and target ids of example `i`."""
        return (self.src[self.src_off[i] : self.src_off[i + 1]], self.tgt[self.tgt_off[i] : self.tgt_off[i + 1]])


def pad(rows: list[np.ndarray], multiple: int = 8) -> torch.Tensor:
    """Right-padded id matrix whose width is a multiple of `multiple`."""
    width = -(-max(map(len, rows)) // multiple) * multiple
    out = np.full((len(rows), width), PAD, dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return torch.from_numpy(out)


Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def make_batches(pairs: list[tuple[np.ndarray, np.ndarray, int]], cells: int) -> list[Batch]:
    """Group pairs of like length so that a batch fills at most `cells` padded positions."""
    pairs = sorted(pairs, key=lambda p: (len(p[0]) // 8, len(p[1])))
    batches: list[Batch] = []
    group: list[tuple[np.ndarray, np.ndarray, int]] = []
    widest = (0, 0)
    for pair in pairs:
        own = (-(-len(pair[0]) // 8) * 8, -(-len(pair[1]) // 8) * 8)
        wider = (max(widest[0], own[0]), max(widest[1], own[1]))
        if group and sum(wider) * (len(group) + 1) > cells:
            batches.append(collate(group))
            group, wider = [], own
        group.append(pair)
        widest = wider
    if group:
        batches.append(collate(group))
    return batches


def collate(group: list[tuple[np.ndarray, np.ndarray, int]]) -> Batch:
    """Source ids, target ids and task numbers of a group of pairs."""
    return pad([g[0] for g in group]), pad([g[1] for g in group]), torch.tensor([g[2] for g in group])


def stream(shards: list[tuple[Shard, float]], cells: int, pool: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Endless batches; each pool mixes the shards by weight, its batches come in random order."""
    weights = np.array([w for _, w in shards])
    weights = weights / weights.sum()
    while True:
        pairs: list[tuple[np.ndarray, np.ndarray, int]] = []
        for (shard, _), count in zip(shards, rng.multinomial(pool, weights), strict=True):
            pairs.extend((*shard.pair(i), int(shard.task[i])) for i in shard.draw(int(count)))
        batches = make_batches(pairs, cells)
        for i in rng.permutation(len(batches)):
            yield batches[i]


def load_model(recipe: dict[str, Any], attention: str) -> Any:
    """The starting checkpoint with its first `encoder_layers` and `decoder_layers` layers."""
    model = AutoModelForSeq2SeqLM.from_pretrained(
        recipe["init"], dtype=torch.float32, attn_implementation=attention, local_files_only=True
    )
    for part, key in ((model.model.encoder, "encoder_layers"), (model.model.decoder, "decoder_layers")):
        keep = int(recipe.get(key, len(part.layers)))
        part.layers = torch.nn.ModuleList(list(part.layers)[:keep])
        setattr(model.config, key, keep)
    if recipe.get("random_init"):
        model.apply(model._init_weights)
    rate = float(recipe.get("dropout", 0.0))
    for module in model.modules():
        for name in ("dropout", "attention_dropout"):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, rate)
    return model


def decode_states(model: Any, batch: Batch, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Last decoder states at the real target positions, and the target ids there."""
    src, tgt = batch[0].to(device), batch[1].to(device)
    fed = torch.cat([torch.full_like(tgt[:, :1], END), tgt[:, :-1]], 1)
    with torch.autocast(device.partition(":")[0], dtype=torch.bfloat16):
        hidden = model.model(input_ids=src, attention_mask=(src != PAD).long(), decoder_input_ids=fed).last_hidden_state
    real = tgt != PAD
    return hidden[real].to(torch.bfloat16), tgt[real]


@torch.no_grad()
def dev_scores(model: Any, dev: dict[str, list[Batch]], device: str) -> dict[str, float]:
    """Loss a token (nats) and arg-max accuracy on every development set."""
    model.eval()
    out = {}
    for name, batches in dev.items():
        loss, right, count = 0.0, 0, 0
        for batch in batches:
            hidden, gold = decode_states(model, batch, device)
            for h, y in zip(hidden.split(512), gold.split(512), strict=True):
                logits = F.linear(h, model.lm_head.weight.to(h.dtype)).float()
                loss += float(F.cross_entropy(logits, y, reduction="sum"))
                right += int((logits.argmax(-1) == y).sum())
            count += len(gold)
        out[f"{name}.loss"], out[f"{name}.accuracy"] = loss / count, right / count
    model.train()
    return out


class Average:
    """Exponential moving average of the weights (Polyak averaging): what is shipped."""

    def __init__(self, model: Any, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.weights = {k: v.detach().clone() for k, v in model.named_parameters()}

    @torch.no_grad()
    def update(self, model: Any) -> None:
        """Take one step towards the model's present weights."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        names = list(self.weights)
        now = dict(model.named_parameters())
        torch._foreach_lerp_([self.weights[n] for n in names], [now[n].detach() for n in names], 1 - decay)

    def swap(self, model: Any) -> None:
        """Exchange the averaged and the present weights."""
        for name, value in model.named_parameters():
            self.weights[name], value.data = value.data, self.weights[name]


class Exchange:
    """Local SGD: processes that train apart on one machine and average their weights now and then.

    Each publishes its weights under its own name in a common folder and takes in what the others
    have published since it last looked, weighted by the tokens behind it; nobody waits. On a CPU
    two processes of one thread do more than one of two, and a slow one holds nothing up.
    (Stich 2019, Local SGD Converges Fast and Communicates Little.)
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.own, self.seen, self.tokens = folder, folder / f"{name}.pt", dict[str, float](), 0

    @torch.no_grad()
    def average(self, model: Any) -> int:
        """Publish, then average; returns how many others were taken in."""
        mine = [p.detach() for p in model.parameters()]
        part = self.own.with_suffix(".part")
        torch.save({"weights": mine, "tokens": self.tokens}, part)
        os.replace(part, self.own)
        others = []
        for path in self.folder.glob("*.pt"):
            if path != self.own and path.stat().st_mtime > self.seen.get(path.name, 0.0):
                self.seen[path.name] = path.stat().st_mtime
                others.append(torch.load(path, weights_only=True))
        total = self.tokens + sum(o["tokens"] for o in others)
        if others:
            torch._foreach_mul_(mine, self.tokens / total)
        for other in others:
            torch._foreach_add_(mine, other["weights"], alpha=other["tokens"] / total)
        self.tokens = 0
        return len(others)


def learning_rate(recipe: dict[str, Any], step: int, share: float) -> float:
    """Linear warm-up over `warmup` steps, then flat until `decay_from` of the time box, then down to zero."""
    warm = min(1.0, (step + 1) / int(recipe.get("warmup", 400)))
    hold = float(recipe.get("decay_from", 0.0))
    return float(warm * (1.0 if share <= hold else max(0.0, (1 - share) / (1 - hold))))


def optimizers(model: torch.nn.Module, recipe: dict[str, Any]) -> list[torch.optim.Optimizer]:
    """AdamW, or with `optimizer: muon` Muon for the layers' matrices and AdamW for the rest.

    Muon (Jordan 2024; scaled to AdamW's step size as by Liu et al. 2025, arXiv:2502.16982)
    orthogonalises each matrix's momentum, which learns more from each token.
    """
    decay, encoder_rate = float(recipe.get("weight_decay", 0.01)), float(recipe.get("encoder_rate", 1.0))
    groups: dict[tuple[bool, bool], list[Any]] = {}
    for name, weights in model.named_parameters():
        inside = "encoder." in name or "shared" in name
        matrix = recipe.get("optimizer") == "muon" and ".layers." in name and weights.ndim == 2
        groups.setdefault((matrix, inside), []).append(weights)
    made: list[torch.optim.Optimizer] = []
    for muon in (False, True):
        own = [
            {"params": group, "scale": encoder_rate if inside else 1.0}
            for (matrix, inside), group in groups.items()
            if matrix == muon
        ]
        if own and muon:
            made.append(torch.optim.Muon(own, lr=0.0, weight_decay=decay, adjust_lr_fn="match_rms_adamw"))
        elif own:
            made.append(torch.optim.AdamW(own, lr=0.0, betas=(0.9, 0.98), eps=1e-9, weight_decay=decay, fused=True))
    return made


class Run:
    """One training run: what `main` was asked for, made ready and stepped through."""

    def __init__(self, args: argparse.Namespace, recipe: dict[str, Any]) -> None:
        self.args, self.recipe, self.out = args, recipe, args.out
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.seed = int(recipe.get("seed", 1) if args.seed is None else args.seed)
        torch.manual_seed(self.seed)
        self.cells = int(recipe.get("cells", 6144))
        self.state: dict[str, Any] = {"step": 0, "seconds": 0.0, "tokens": 0}
        base = args.recipe.parent / recipe.get("root", ".")
        for key in ("init", "resume"):
            if recipe.get(key):
                recipe[key] = str(base / recipe[key])
        if args.init is not None:
            recipe["init"] = str(args.init)
        self.model = load_model(recipe, args.attention or ("sdpa" if self.device == "cuda" else "eager"))
        self.model.to(self.device)
        self.optimizers = optimizers(self.model, recipe)
        self.average = Average(self.model, float(recipe.get("average_decay", 0.9995)))
        self._resume()
        rng = np.random.default_rng(self.seed + self.state["step"])
        longest = int(recipe.get("max_length", 256))
        self.shards = [(Shard(base / s["path"], longest, rng), float(s["weight"])) for s in recipe["shards"]]
        self.batches = stream(self.shards, self.cells, int(recipe.get("pool", 12000)), rng)
        self.dev = {
            e["name"]: self._dev_batches(base / e["path"], int(e.get("limit", 200)), rng) for e in recipe.get("dev", [])
        }
        self.exchange = Exchange(args.exchange, args.out.name) if args.exchange else None
        if args.compile:
            self.model.model = torch.compile(self.model.model, dynamic=True)
        self.log = (self.out / "log.jsonl").open("a", encoding="utf-8")
        self.stopped: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: self.stopped.append(number))

    def _dev_batches(self, path: Path, limit: int, rng: np.random.Generator) -> list[Batch]:
        shard = Shard(path, 512, rng)
        return make_batches([(*shard.pair(int(i)), int(shard.task[i])) for i in shard.usable[:limit]], self.cells)

    def _resume(self) -> None:
        """Take up this run's checkpoint, or start from the one that the recipe names under `resume`."""
        newest = self.out / "checkpoint.pt"
        source = newest if newest.exists() else self.recipe.get("resume")
        if source is None:
            return
        held = torch.load(source, map_location=self.device, weights_only=True)
        self.model.load_state_dict(held["model"])
        if len(held["optimizers"]) == len(self.optimizers):  # else another kind: its state starts afresh
            for optimizer, state in zip(self.optimizers, held["optimizers"], strict=True):
                optimizer.load_state_dict(state)
        self.average.weights, self.average.steps = held["average"], held["average_steps"]
        if source == newest:
            self.state = held["state"]

    def note(self, record: dict[str, Any]) -> None:
        """A JSON line into the log and a readable one to stderr."""
        self.log.write(json.dumps(record) + "\n")
        self.log.flush()
        shown = (f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in record.items())
        print(" ".join(shown), file=sys.stderr, flush=True)

    def save(self) -> None:
        """Write a checkpoint under a temporary name, then rename it."""
        part = self.out / "checkpoint.part"
        torch.save(
            {
                "model": self.model.state_dict(),
                "optimizers": [o.state_dict() for o in self.optimizers],
                "state": self.state,
                "average": self.average.weights,
                "average_steps": self.average.steps,
            },
            part,
        )
        os.replace(part, self.out / "checkpoint.pt")

    def step(self, batch: Batch, share: float) -> torch.Tensor:
        """One update at `share` (0–1) of the time box; returns the mean loss a token."""
        rate = float(self.recipe["learning_rate"]) * learning_rate(self.recipe, self.state["step"], share)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"]
        hidden, gold = decode_states(self.model, batch, self.device)
        smoothing = float(self.recipe.get("label_smoothing", 0.1))
        loss: torch.Tensor = LinearCrossEntropy.apply(hidden, self.model.lm_head.weight, gold, smoothing) / len(gold)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.average.update(self.model)
        self.state["step"] += 1
        return loss.detach()

    def train(self) -> None:
        """Step until the time box, the step limit or SIGTERM ends it; a checkpoint is left in any case."""
        box, began = self.args.minutes * 60, time.monotonic() - self.state["seconds"]
        last_eval = last_save = last_log = time.monotonic()
        seen, losses = 0, list[torch.Tensor]()
        self.model.train()
        for batch in self.batches:
            share = (time.monotonic() - began) / box
            if share >= 1 or self.state["step"] >= self.args.max_steps or self.stopped:
                break
            losses.append(self.step(batch, share))
            tokens = int((batch[0] != PAD).sum() + (batch[1] != PAD).sum())
            self.state["tokens"] += tokens
            seen += tokens
            if self.exchange is not None:
                self.exchange.tokens += tokens
                if self.state["step"] % self.args.exchange_steps == 0:
                    self.exchange.average(self.model)
            now = time.monotonic()
            self.state["seconds"] = now - began
            if now - last_log > float(self.recipe.get("log_seconds", 30)):
                self.note(
                    {
                        "step": self.state["step"],
                        "minutes": self.state["seconds"] / 60,
                        "tokens": self.state["tokens"],
                        "tokens/s": seen / (now - last_log),
                        "loss": float(torch.stack(losses).mean()),
                        "lr": self.optimizers[0].param_groups[-1]["lr"],
                    }
                )
                seen, losses, last_log = 0, [], now
            if now - last_eval > 60 * float(self.recipe.get("eval_minutes", 8)):
                self.note({"step": self.state["step"], **dev_scores(self.model, self.dev, self.device)})
                seen, losses, last_eval = 0, [], time.monotonic()
                last_log = last_eval
            if now - last_save > 60 * float(self.recipe.get("save_minutes", 5)):
                self.save()
                last_save = time.monotonic()
        self.save()

    def finish(self) -> None:
        """Score the averaged weights and write them as a transformers checkpoint under `final/`."""
        self.average.swap(self.model)
        self.note({"step": self.state["step"], "final": True, **dev_scores(self.model, self.dev, self.device)})
        self.model.model = getattr(self.model.model, "_orig_mod", self.model.model)
        self.model.save_pretrained(self.out / "final", max_shard_size="14MB")


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="time box; earlier parts of a resumed run count")
    parser.add_argument("--init", type=Path, help="starting checkpoint, instead of the recipe's")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--attention", default=None, help="eager (default on a CPU) or sdpa (default on a GPU)")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--exchange", type=Path, help="folder in which processes that train together share weights")
    parser.add_argument("--exchange-steps", type=int, default=16)
    parser.add_argument(
        "--seed", type=int, help="instead of the recipe's: processes that train together need their own"
    )
    parser.add_argument("--max-steps", type=int, default=10**9)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    run = Run(args, yaml.safe_load(args.recipe.read_text(encoding="utf-8")))
    run.train()
    if not run.stopped:
        run.finish()


if __name__ == "__main__":
    main()

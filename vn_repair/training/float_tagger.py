"""Turn the shipped int8 tagger back into a checkpoint that `train_tagger` goes on from.

    python -m vn_repair.training.float_tagger models/default --out .train/tagger_start.pt

Every weight comes back to within half a step of its row's int8 scale. Reads CTranslate2's binary format,
version 6 (its `python/ctranslate2/specs/model_spec.py` writes it).
"""

from __future__ import annotations

import argparse
import struct
from pathlib import Path
from typing import Any

import numpy as np

from vn_repair.fluency.tagger import FOLDER
from vn_repair.types import InputError

FORMAT = 6
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
PADDING_ROWS = 2  # BART's positions begin at row 2
# CTranslate2's name of a part of a layer → BART's.
LAYER = {
    "self_attention/linear_1": "self_attn.out_proj",
    "self_attention/layer_norm": "self_attn_layer_norm",
    "ffn/linear_0": "fc1",
    "ffn/linear_1": "fc2",
    "ffn/layer_norm": "final_layer_norm",
}
KINDS = {"weight": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"}


def read_variables(path: Path) -> dict[str, np.ndarray]:
    """The variables of a CTranslate2 `model.bin` by name, as they are stored.

    Raises `InputError` if the file is of another version or type.
    """
    held, at = path.read_bytes(), 0

    def number(kind: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(f"<{kind}", held, at)
        at += struct.calcsize(kind)
        return int(value)

    def name() -> str:
        nonlocal at
        size = number("H")
        at += size
        return held[at - size : at].rstrip(b"\0").decode()

    if (version := number("I")) != FORMAT:
        raise InputError(f"{path}: CTranslate2 format {version}, {FORMAT} is read; convert it with ctranslate2 4")
    if (spec := name()) != "TransformerEncoderSpec":
        raise InputError(f"{path}: a {spec}, not an encoder; name a folder that holds {FOLDER}/")
    number("I")  # revision of the spec
    out = {}
    for _ in range(number("I")):
        key = name()
        shape = [number("I") for _ in range(number("B"))]
        kind, size = np.dtype(TYPES[number("B")]), number("I")
        out[key] = np.frombuffer(held, kind, size // kind.itemsize, at).reshape(shape or [1])
        at += size
    return out


def bart_encoder(variables: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Float32 weights of the encoder under BART's names."""

    def full(key: str) -> np.ndarray:
        value = variables[f"encoder/{key}"].astype(np.float32)
        scale = variables.get(f"encoder/{key}_scale")
        return value if scale is None else value / scale[:, None]

    positions = full("position_encodings/encodings")
    out = {
        "embed_tokens.weight": full("embeddings_0/weight"),
        # a BERT encoder adds the one token type to every piece; BART has no place for it but the positions
        "embed_positions.weight": np.pad(positions + full("embeddings_1/weight"), ((PADDING_ROWS, 0), (0, 0))),
        "layernorm_embedding.weight": full("layernorm_embedding/gamma"),
        "layernorm_embedding.bias": full("layernorm_embedding/beta"),
    }
    for key in variables:
        _, _, rest = key.partition("encoder/layer_")
        layer, _, part = rest.partition("/")
        part, _, kind = part.rpartition("/")
        if not rest or kind not in KINDS:
            continue
        value = full(f"layer_{rest}")
        if part == "self_attention/linear_0":  # query, key and value in one
            for own, third in zip(("q_proj", "k_proj", "v_proj"), np.split(value, 3), strict=True):
                out[f"layers.{layer}.self_attn.{own}.{KINDS[kind]}"] = third
        else:
            out[f"layers.{layer}.{LAYER[part]}.{KINDS[kind]}"] = value
    return out


def float_tagger(folder: Path) -> dict[str, Any]:
    """What `train_tagger` writes as `final.pt`, of the tagger that ships in `folder`."""
    import torch

    weights = {f"encoder.{k}": v for k, v in bart_encoder(read_variables(folder / FOLDER / "model.bin")).items()}
    with np.load(folder / FOLDER / "head.npz") as head:
        weights |= {f"head.{k}": head[k] for k in ("weight", "bias")}
    layers = len({k.split(".")[2] for k in weights if k.startswith("encoder.layers.")})
    return {"model": {k: torch.tensor(v.astype(np.float32)) for k, v in weights.items()}, "layers": layers}


def main() -> None:
    """Command line; see the top of this file."""
    import torch

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.save(float_tagger(args.folder), args.out)


if __name__ == "__main__":
    main()

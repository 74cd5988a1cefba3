"""Turn a trained tagger into the int8 encoder that ships beside the seq2seq model.

    python -m vn_repair.training.convert_tagger RUN/final.pt --init CHECKPOINT --out models/default \
        [--start START.pt --share 0.75]

A BART encoder (post-norm, learned positions from row 2 on) is a BERT encoder with other names, and
CTranslate2 runs those. Writes `tagger/` with the encoder and `head.npz`, then prints how far the int8
scores lie from the float32 ones on a few sentences. With `--start`, the weights that the run went on from, the mean
of both is taken: what was learned from little text then costs less of what was known (Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

PROBES = (
    "Hội nghị chủ trì tổng kết chương trình tiêu chuẩn quốc gia xây dựng nông thôn new.",
    "Đến nay, toàn tỉnh có 85 xã đạt chuẩn nông thôn mới.",
    "The conference reviewed the results regarding of the the programme.",
)
TOKENIZER_FILES = ("sentencepiece.model", "tokenizer.json", "tokenizer_config.json")
# BART's name of a part of a layer → BERT's.
LAYER = {
    "self_attn.q_proj": "attention.self.query",
    "self_attn.k_proj": "attention.self.key",
    "self_attn.v_proj": "attention.self.value",
    "self_attn.out_proj": "attention.output.dense",
    "self_attn_layer_norm": "attention.output.LayerNorm",
    "fc1": "intermediate.dense",
    "fc2": "output.dense",
    "final_layer_norm": "output.LayerNorm",
}


def bert_weights(encoder: dict[str, Any]) -> dict[str, Any]:
    """The weights of a BART encoder under BERT's names; raises `KeyError` for one that has no place."""
    import torch

    out: dict[str, Any] = {}
    for name, weight in encoder.items():
        if name == "embed_tokens.weight":
            out["embeddings.word_embeddings.weight"] = weight
            out["embeddings.token_type_embeddings.weight"] = torch.zeros(1, weight.shape[1])
        elif name == "embed_positions.weight":
            out["embeddings.position_embeddings.weight"] = weight[2:].clone()
        elif name.startswith("layernorm_embedding."):
            out[name.replace("layernorm_embedding", "embeddings.LayerNorm")] = weight
        else:
            _, number, rest = name.split(".", 2)
            part, kind = rest.rsplit(".", 1)
            out[f"encoder.layer.{number}.{LAYER[part]}.{kind}"] = weight
    return out


def between(start: Path, trained: Path, share: float) -> Path:
    """Write the weights that lie at `share` (0–1) of the way from `start` to `trained`; returns their file."""
    import torch

    first, last = (torch.load(path, weights_only=True) for path in (start, trained))
    weights = {k: torch.lerp(first["model"][k].float(), v.float(), share) for k, v in last["model"].items()}
    out = trained.with_name(f"{trained.stem}-{share:g}.pt")
    torch.save({**last, "model": weights}, out)
    return out


def convert(trained: Path, init: Path, out: Path) -> None:
    """Write `out/tagger`; `init` is a checkpoint folder with the tokenizer and the encoder's sizes."""
    import numpy as np
    import torch
    from ctranslate2.converters import TransformersConverter
    from transformers import AutoConfig, BertConfig, BertModel

    held = torch.load(trained, weights_only=True)
    encoder = {k.removeprefix("encoder."): v for k, v in held["model"].items() if k.startswith("encoder.")}
    sizes = AutoConfig.from_pretrained(init, local_files_only=True)
    config = BertConfig(
        vocab_size=sizes.vocab_size,
        hidden_size=sizes.d_model,
        num_hidden_layers=held["layers"],
        num_attention_heads=sizes.encoder_attention_heads,
        intermediate_size=sizes.encoder_ffn_dim,
        max_position_embeddings=encoder["embed_positions.weight"].shape[0] - 2,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=1,
    )
    config.position_embedding_type = "absolute"  # CTranslate2's loader asks for it
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(bert_weights(encoder), strict=True)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        for name in TOKENIZER_FILES:
            shutil.copy(init / name, Path(folder) / name)
        TransformersConverter(folder).convert(str(out / "tagger"), quantization="int8", force=True)
    head = {k: held["model"][f"head.{k}"].float().numpy() for k in ("weight", "bias")}
    np.savez(out / "tagger" / "head.npz", **head)


def difference(trained: Path, init: Path, out: Path) -> float:
    """Greatest difference of a word's chance between int8 and float32 over the probes."""
    import numpy as np
    import torch

    from vn_repair.fluency.tagger import Tagger, pieces
    from vn_repair.training.train_tagger import load_tagger

    held = torch.load(trained, weights_only=True)
    model = load_tagger({"init": str(init), "encoder_layers": held["layers"]})
    model.load_state_dict(held["model"])
    model.eval()
    shipped = Tagger(out, threads=1)
    worst = 0.0
    for text in PROBES:
        ids = pieces(shipped.processor, text)[0]
        with torch.no_grad():
            exact = model(torch.tensor([[0, *ids, 2]]))[0].softmax(-1)[1:-1, 0].numpy()
        worst = max(worst, float(np.abs(exact - shipped._classes([ids])[0][:, 0]).max()))
    return worst


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trained", type=Path)
    parser.add_argument("--init", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--share", type=float, default=0.75)
    args = parser.parse_args()
    trained = between(args.start, args.trained, args.share) if args.start else args.trained
    convert(trained, args.init, args.out)
    worst = difference(trained, args.init, args.out)
    print(
        f"int8 differs from float32 by at most {worst:.3f} of a word's chance on {len(PROBES)} probes", file=sys.stderr
    )


if __name__ == "__main__":
    main()

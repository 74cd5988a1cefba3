"""Turn a trained checkpoint into the embedded model that ships: int8 for CTranslate2, bf16 for those who fine-tune.

    python -m vn_repair.training.convert CHECKPOINT --tokenizer DIR --out models/default

Writes `ctranslate2/` (what `vn-repair` loads), `transformers/` (a checkpoint in shards of at most
14 MB with its tokenizer files) and `manifest.json` (file sizes and SHA-256, verified at load), then
decodes a few sentences with both and prints how far they agree.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from vn_repair.propose.model_files import write_manifest

TOKENIZER_FILES = ("sentencepiece.model", "tokenizer.json", "tokenizer_config.json")
PROBES = (
    "Hội nghị tổng kết chương trình mục tiêu quốc gia xây dựng nông thôn mới.",
    "Đến nay, toàn tỉnh có 85 xã đạt chuẩn nông thôn mới.",
    "The conference reviewed the results of the programme.",
)


def convert(checkpoint: Path, tokenizer: Path, out: Path, identity: str) -> None:
    """Write the model folder; raises `FileNotFoundError` when the checkpoint or tokenizer is not there."""
    import torch
    from ctranslate2.converters import TransformersConverter
    from transformers import AutoModelForSeq2SeqLM

    model = AutoModelForSeq2SeqLM.from_pretrained(checkpoint, dtype=torch.float32, local_files_only=True)
    model.config.normalize_before = False  # CTranslate2's BART loader asks for it
    model.generation_config.forced_eos_token_id = None
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "float32"
        model.save_pretrained(whole)
        for name in TOKENIZER_FILES:
            shutil.copy(tokenizer / name, whole / name)
        converter = TransformersConverter(str(whole))
        converter.convert(str(out / "ctranslate2"), quantization="int8", force=True)
    shutil.rmtree(out / "transformers", ignore_errors=True)
    model.to(torch.bfloat16).save_pretrained(out / "transformers", max_shard_size="14MB")
    for name in TOKENIZER_FILES:
        shutil.copy(tokenizer / name, out / "transformers" / name)
    shutil.copy(tokenizer / "sentencepiece.model", out / "ctranslate2" / "sentencepiece.model")
    write_manifest(out, identity)


def agreement(out: Path) -> dict[str, Any]:
    """Greedy int8 output against the bf16 checkpoint's, run in float32: how many probes come out equal."""
    import ctranslate2
    import sentencepiece
    import torch
    from transformers import AutoModelForSeq2SeqLM

    processor = sentencepiece.SentencePieceProcessor(model_file=str(out / "ctranslate2" / "sentencepiece.model"))
    model = AutoModelForSeq2SeqLM.from_pretrained(out / "transformers", dtype=torch.float32, local_files_only=True)
    translator = ctranslate2.Translator(str(out / "ctranslate2"), compute_type="int8")
    rows = []
    for text in PROBES:
        pieces = [
            "<s>",
            "<2en>" if any(ord(c) > 127 for c in text) else "<2vi>",
            *processor.encode(text, out_type=str),
            "</s>",
        ]
        fast = translator.translate_batch([pieces], beam_size=1, max_decoding_length=60)[0].hypotheses[0]
        ids = torch.tensor([[processor.piece_to_id(p) for p in pieces]])
        slow = model.generate(ids, num_beams=1, max_new_tokens=60)[0].tolist()
        slow_pieces = [processor.id_to_piece(i) for i in slow if i > 2]
        rows.append(
            {"int8": processor.decode(fast), "float": processor.decode(slow_pieces), "equal": fast == slow_pieces}
        )
    return {"equal": sum(r["equal"] for r in rows), "of": len(rows), "rows": rows}


def main() -> None:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument(
        "--tokenizer", type=Path, required=True, help="folder with sentencepiece.model and tokenizer.json"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--identity", default="vn-repair-default", help="model id that result files name")
    args = parser.parse_args()
    if not (args.checkpoint / "config.json").exists():
        sys.exit(f"{args.checkpoint}: no config.json; give the folder that the trainer's save_pretrained wrote")
    convert(args.checkpoint, args.tokenizer, args.out, args.identity)
    print(json.dumps(agreement(args.out), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

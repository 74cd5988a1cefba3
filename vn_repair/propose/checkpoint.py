"""Configuration, tokenizer and weights of a Hugging Face checkpoint, and generation with them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from vn_repair.types import InputError


def import_backend() -> tuple[Any, Any]:
    """The modules torch and transformers; `InputError` with the remedy when one is not installed."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise InputError(
            f"hf: {error.name or 'torch'} is not installed; run `pip install vn-repair[transformers]`"
        ) from None
    return torch, transformers


class Checkpoint:
    """Configuration, tokenizer and weights of one checkpoint, each loaded at its first use.

    Code that comes with a checkpoint is never run. Without `download` only local files are read.
    """

    def __init__(self, name: str, device: str, download: bool) -> None:
        self.name, self.device = name, device
        self.options: dict[str, Any] = {"local_files_only": not download, "trust_remote_code": False}

    def _load(self, loader: Any, what: str, **more: Any) -> Any:
        try:
            return loader(self.name, **self.options, **more)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            first = str(error).strip().partition("\n")[0][:200]
            remedy = "give the folder of a seq2seq checkpoint"
            if self.options["local_files_only"] and not Path(self.name).exists():
                remedy += f", or fetch it once with `hf download {self.name}`"
            raise InputError(f"hf:{self.name}: cannot load its {what} ({first}); {remedy}") from None

    @cached_property
    def config(self) -> Any:
        """The configuration."""
        config = self._load(import_backend()[1].AutoConfig.from_pretrained, "configuration")
        if not config.is_encoder_decoder:
            raise InputError(
                f"hf:{self.name}: {config.model_type} is no encoder-decoder; chat models run behind endpoint:URL"
            )
        return config

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer."""
        return self._load(import_backend()[1].AutoTokenizer.from_pretrained, "tokenizer")

    @cached_property
    def model(self) -> Any:
        """The weights on the device: float32 on a CPU, bfloat16 elsewhere."""
        torch, transformers = import_backend()
        transformers.utils.logging.disable_progress_bar()
        dtype = torch.float32 if self.device == "cpu" else torch.bfloat16
        model = self._load(transformers.AutoModelForSeq2SeqLM.from_pretrained, "weights", dtype=dtype)
        try:
            return model.eval().to(self.device)
        except (RuntimeError, AssertionError) as error:
            first = str(error).partition("\n")[0]
            raise InputError(f"hf:{self.name}: no device {self.device} here ({first}); use device cpu") from None

    def file(self, name: str) -> str:
        """Local path of one of the checkpoint's files."""
        from transformers.utils.hub import cached_file

        local_only = self.options["local_files_only"]
        return str(self._load(lambda n, **_: cached_file(n, name, local_files_only=local_only), name))

    def generate(
        self, inputs: dict[str, Any], beam: int, count: int, longest: int, **more: Any
    ) -> list[list[tuple[list[int], float]]]:
        """For each row of `inputs`, `count` outputs (ids, mean log-probability a token), best first."""
        torch, _ = import_backend()
        with torch.inference_mode():
            out = self.model.generate(
                **{k: v.to(self.device) for k, v in inputs.items()},
                num_beams=beam,
                num_return_sequences=count,
                do_sample=False,
                max_new_tokens=longest,
                max_length=None,
                length_penalty=1.0,
                output_scores=True,
                return_dict_in_generate=True,
                **more,
            )
            scores = getattr(out, "sequences_scores", None)
            if scores is None:  # greedy search gives none
                steps = self.model.compute_transition_scores(out.sequences, out.scores, normalize_logits=True)
                real = out.sequences[:, -steps.shape[1] :] != self.model.generation_config.pad_token_id
                scores = (steps.masked_fill(~real, 0.0)).sum(1) / real.sum(1).clamp_min(1)
        rows = list(zip(out.sequences.tolist(), scores.tolist(), strict=True))
        return [rows[at : at + count] for at in range(0, len(rows), count)]

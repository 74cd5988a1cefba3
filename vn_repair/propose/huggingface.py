"""Any Hugging Face seq2seq checkpoint as a proposer; needs the extra `transformers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import exp
from pathlib import Path
from typing import Any
from unicodedata import normalize

from vn_repair.markers import END_ID, MARKER_IDS, PAD_ID
from vn_repair.propose.checkpoint import Checkpoint, import_backend
from vn_repair.propose.conventions import OWN, TRANSLATE, Convention, by_id, find_convention, fixed_target, ids
from vn_repair.propose.embedded import LONGEST_SOURCE, EmbeddedModel, Hypothesis
from vn_repair.propose.long_texts import translate_in_parts
from vn_repair.propose.lost_slots import lost_slots
from vn_repair.propose.request import Candidate, InfillRequest, Translation
from vn_repair.types import EN, VI, InputError

BATCH = 16
UNKNOWN_ID = 3  # of our own vocabulary


class OwnCheckpoint(EmbeddedModel):
    """A checkpoint of our own kind: the embedded model's requests and answers, decoded by transformers."""

    name = "huggingface"

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint

    @cached_property
    def chance(self) -> Callable[[float], float]:
        """The raw confidence as it is: a bare checkpoint comes without a calibration table."""
        return lambda raw: raw

    @cached_property
    def processor(self) -> Any:
        """The SentencePiece model beside the weights."""
        import sentencepiece

        return sentencepiece.SentencePieceProcessor(model_file=self.checkpoint.file("sentencepiece.model"))

    def decode(self, sources: list[list[str]], beam: int, count: int, longest: list[int]) -> list[list[Hypothesis]]:
        """See `EmbeddedModel.decode`."""
        torch, _ = import_backend()
        out: list[list[Hypothesis]] = [[] for _ in sources]
        order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
        for at in range(0, len(order), BATCH):
            group = order[at : at + BATCH]
            rows = [[self.processor.piece_to_id(p) for p in sources[i]] for i in group]
            width = max(map(len, rows))
            source = torch.tensor([r + [PAD_ID] * (width - len(r)) for r in rows])
            inputs = {"input_ids": source, "attention_mask": (source != PAD_ID).long()}
            found = self.checkpoint.generate(
                inputs, beam, min(count, beam), max(longest[i] for i in group), suppress_tokens=[UNKNOWN_ID]
            )
            for i, hypotheses in zip(group, found, strict=True):
                out[i] = [Hypothesis(self._pieces(ids), score) for ids, score in hypotheses]
        return out

    def _pieces(self, ids: list[int]) -> list[str]:
        ids = ids[1:]  # the decoder's start
        ids = ids[: ids.index(END_ID)] if END_ID in ids else ids
        return [self.processor.id_to_piece(i) for i in ids]


class HuggingFaceProposer:
    """The checkpoint `checkpoint` (a folder, or a name in the local Hugging Face cache) on `device`.

    How it is asked follows from its row in `vn_repair.propose.conventions`, which `convention` (a
    row's id) overrides. What its convention cannot do is not tried: `infill` and `rewrite` then give
    no candidates, and `info()["tasks"]` names what is left. `download` allows the network.
    Raises `InputError` where the backend, the checkpoint or the device is missing.
    """

    name = "huggingface"

    def __init__(
        self, checkpoint: str | Path, device: str = "cpu", convention: str | None = None, download: bool = False
    ) -> None:
        import_backend()
        if convention is not None and by_id(convention) is None:
            raise InputError(f"hf:{checkpoint}: no convention {convention}; there are {', '.join(ids())}")
        self.checkpoint = Checkpoint(str(checkpoint), device, download)
        self._wanted = convention

    @cached_property
    def convention(self) -> Convention:
        """The checkpoint's row."""
        if self._wanted is not None:
            found = by_id(self._wanted)
        elif set(MARKER_IDS) <= set(self.checkpoint.tokenizer.get_vocab()):
            found = OWN
        else:
            config = self.checkpoint.config
            # A folder may be called anything; its configuration sometimes still knows the name it was published under.
            names = f"{Path(self.checkpoint.name).name} {getattr(config, '_name_or_path', '') or ''}"
            found = find_convention(names, config.model_type)
        if found is None:
            kind = self.checkpoint.config.model_type
            raise InputError(f"hf:{self.checkpoint.name}: no convention for a {kind}; there are {', '.join(ids())}")
        return found

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """What the checkpoint can be asked: `translate_en`, `translate_vi`, `rewrite`, `infill`."""
        if not self.convention.fixed:
            return self.convention.tasks
        tokenizer = self.checkpoint.tokenizer
        target = fixed_target(
            Path(self.checkpoint.name).name,
            str(getattr(tokenizer, "source_lang", None) or ""),
            str(getattr(tokenizer, "target_lang", None) or ""),
        )
        if target is None:
            raise InputError(
                f"hf:{self.checkpoint.name}: which way it translates is not to be seen; "
                "let the folder's name hold vi-en or en-vi"
            )
        return (TRANSLATE[target],)

    @cached_property
    def own(self) -> OwnCheckpoint | None:
        """Our own kind of checkpoint, or `None`."""
        return OwnCheckpoint(self.checkpoint) if self.convention is OWN else None

    def info(self) -> dict[str, Any]:
        """Model, backend, device, convention and tasks; loads no weights."""
        return {
            "model": Path(self.checkpoint.name).name if Path(self.checkpoint.name).exists() else self.checkpoint.name,
            "checksum": None,
            "backend": f"transformers {import_backend()[1].__version__}",
            "device": self.checkpoint.device,
            "convention": self.convention.id,
            "tasks": list(self.tasks),
        }

    def translate(self, texts: Sequence[str], to: str, beam: int = 4) -> list[Translation]:
        """One translation a text, in order; `InputError` if the checkpoint does not translate to `to`."""
        if TRANSLATE[to] not in self.tasks:
            raise InputError(
                f"hf:{self.checkpoint.name}: does not translate to {to} (it can: {', '.join(self.tasks)}); "
                "give another checkpoint"
            )
        if self.own:
            return self.own.translate(texts, to, beam)

        def plain(parts: list[str]) -> list[Translation]:
            found = self._outputs(parts, EN if to == VI else VI, to, beam, 1)
            return [Translation(best.text, best.score, lost_slots(part, best.text, to))
                    for part, (best, *_) in zip(parts, found, strict=True)]

        return translate_in_parts(texts, self._fits, plain)

    def rewrite(self, texts: Sequence[str], lang: str, beam: int = 4) -> list[list[Candidate]]:
        """n-best rewritings of each text; none where the checkpoint does not rewrite that language."""
        if self.own:
            return self.own.rewrite(texts, lang, beam)
        if f"rewrite_{lang}" not in self.tasks:
            return [[] for _ in texts]
        taken = [i for i, text in enumerate(texts) if self._fits(text)]
        found = self._outputs([texts[i] for i in taken], lang, lang, beam, beam)
        out: list[list[Candidate]] = [[] for _ in texts]
        for i, candidates in zip(taken, found, strict=True):
            out[i] = candidates
        return out

    def infill(self, requests: Sequence[InfillRequest], beam: int = 4) -> list[list[list[Candidate]]]:
        """Candidates for each span of each request; none unless the checkpoint is of our own kind."""
        if self.own:
            return self.own.infill(requests, beam)
        return [[[] for _ in request.spans] for request in requests]

    def _fits(self, text: str) -> bool:
        """Whether the checkpoint takes `text` whole, with a prefix."""
        room = LONGEST_SOURCE - 16
        return len(text.encode()) <= room or len(self.checkpoint.tokenizer(text)["input_ids"]) <= room

    def _code(self, lang: str) -> int:
        code = self.convention.codes[lang]
        found = self.checkpoint.tokenizer.convert_tokens_to_ids(code)
        if found is None or found == self.checkpoint.tokenizer.unk_token_id:
            raise InputError(
                f"hf:{self.checkpoint.name}: its vocabulary has no {code}, so it is no {self.convention.id}; "
                f"name its convention ({', '.join(ids())})"
            )
        return int(found)

    def _source(self, text: str, to: str) -> str:
        prefix = self.convention.prefix.get(to, "")
        if prefix.startswith(">>") and prefix.strip() not in self.checkpoint.tokenizer.get_vocab():
            prefix = ""
        return prefix + text

    def _outputs(self, texts: Sequence[str], lang: str, to: str, beam: int, count: int) -> list[list[Candidate]]:
        """`count` outputs for each text, best first; texts of like length share a batch."""
        tokenizer, more = self.checkpoint.tokenizer, dict[str, Any]()
        if self.convention.codes:
            code = self._code(to)
            spoken = to if self.convention.target_code == "source" else lang
            written = self.convention.codes[spoken]
            # M2M100's tokenizers want `vi`, not the token `__vi__`.
            tokenizer.src_lang = written.strip("_") if written.startswith("__") else written
            if self.convention.target_code == "forced_bos":
                more["forced_bos_token_id"] = code
            elif self.convention.target_code == "decoder_start":
                more["decoder_start_token_id"] = code
        sources = [self._source(" ".join(t.split()), to) for t in texts]
        out: list[list[Candidate]] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for at in range(0, len(order), BATCH):
            group = order[at : at + BATCH]
            encoded = tokenizer(
                [sources[i] for i in group],
                padding=True, truncation=True, max_length=LONGEST_SOURCE, return_tensors="pt",
            )
            inputs = {k: encoded[k] for k in ("input_ids", "attention_mask")}
            longest = min(LONGEST_SOURCE, 2 * inputs["input_ids"].shape[1] + 12)
            for i, rows in zip(group, self.checkpoint.generate(inputs, beam, count, longest, **more), strict=True):
                for row, score in rows:
                    text = normalize("NFC", " ".join(tokenizer.decode(row, skip_special_tokens=True).split()))
                    text = text.removeprefix(self.convention.strip.get(to, "")).strip()
                    if all(c.text != text for c in out[i]):
                        out[i].append(Candidate(text, exp(score)))
        return out


HuggingFaceModel = HuggingFaceProposer  # the name that `vn_repair.evaluate.systems` asks for

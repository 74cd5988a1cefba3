"""How public seq2seq checkpoints want to be asked: prefixes, language codes and where they go.

One table for all; `HuggingFaceProposer` finds its row by the checkpoint's name and `model_type`.
Each row follows the model card of the checkpoint it is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from vn_repair.types import EN, VI

TRANSLATE = {VI: "translate_vi", EN: "translate_en"}
BOTH = (TRANSLATE[EN], TRANSLATE[VI])


@dataclass(frozen=True, slots=True)
class Convention:
    """One row: which checkpoints it is for, and how text goes in and comes out.

    `name` is searched for in the checkpoint's name (lower case), `model_types` are those of its
    configuration; both must fit. `prefix` stands before the source, `strip` is taken off the
    output, by target language. `codes` are language tokens; `target_code` says where the target's
    goes: `forced_bos` or `decoder_start` of generation, or `source` (in place of the source's own).
    `fixed` marks checkpoints of one direction, which stands in the name.
    """

    id: str
    name: str
    model_types: frozenset[str]
    tasks: tuple[str, ...]
    prefix: dict[str, str] = field(default_factory=dict)
    strip: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    target_code: str = ""
    fixed: bool = False


def _row(id: str, name: str, model_types: str, tasks: tuple[str, ...] = BOTH, **rest: object) -> Convention:
    return Convention(id, name, frozenset(model_types.split()), tasks, **rest)  # type: ignore[arg-type]


# Our own checkpoints are known by the markers in their vocabulary, whatever their name.
OWN = _row("vn-repair", r"(?!)", "bart", (*BOTH, "rewrite", "infill"))
MBART_CODES = {VI: "vi_VN", EN: "en_XX"}
LANGUAGE_PREFIX = {EN: "vi: ", VI: "en: "}
CONVENTIONS = (
    OWN,
    # VietAI/envit5-translation: the source's language before the source, the target's before the output.
    _row("envit5", r"envit5", "t5", prefix=LANGUAGE_PREFIX, strip={EN: "en:", VI: "vi:"}),
    # vinai/vinai-translate-{vi2en,en2vi}[-v2]: mBART whose decoder starts with the target's code.
    _row("vinai-translate", r"vinai-translate|(vi2en|en2vi)", "mbart", codes=MBART_CODES,
         target_code="decoder_start", fixed=True),
    # vinai/bartpho-{syllable,word}[-base]: Vietnamese only, so a fine-tuned one can rewrite and no more.
    _row("bartpho", r"bartpho", "mbart", ("rewrite_vi",)),
    # facebook/nllb-200-*: also of type m2m_100, with codes of its own.
    _row("nllb", r"nllb", "m2m_100 nllb-moe", codes={VI: "vie_Latn", EN: "eng_Latn"}, target_code="forced_bos"),
    # alirezamsh/small100: M2M100 distilled, with the target's code before the source and none in the decoder.
    _row("small100", r"small-?100", "m2m_100", codes={VI: "__vi__", EN: "__en__"}, target_code="source"),
    # facebook/m2m100_*.
    _row("m2m100", r"", "m2m_100", codes={VI: "__vi__", EN: "__en__"}, target_code="forced_bos"),
    # facebook/mbart-large-50-many-to-many-mmt.
    _row("mbart-50", r"", "mbart", codes=MBART_CODES, target_code="forced_bos"),
    # Helsinki-NLP/opus-mt-en-vi, -vi-en, -tc-big-…: one direction; `>>vie<<` where the vocabulary has it.
    _row("opus-mt", r"", "marian", prefix={VI: ">>vie<< ", EN: ">>eng<< "}, fixed=True),
    # Any other T5: the form that T5 was published with.
    _row("t5", r"", "t5 mt5 umt5 longt5",
         prefix={EN: "translate Vietnamese to English: ", VI: "translate English to Vietnamese: "}),
)
DIRECTIONS = (
    (EN, regex.compile(r"vi2en|vi-en|vie-eng|vi_en")),
    (VI, regex.compile(r"en2vi|en-vi|eng-vie|en_vi|en-mul\b|en-aav\b")),
)


def find_convention(name: str, model_type: str) -> Convention | None:
    """The first row for a checkpoint of that name and `model_type`; `None` when there is none."""
    low = name.lower()
    return next((c for c in CONVENTIONS if model_type in c.model_types and regex.search(c.name, low)), None)


def fixed_target(name: str, source_lang: str = "", target_lang: str = "") -> str | None:
    """The one language that a checkpoint of a fixed direction translates to, by its name or its tokenizer's languages.

    `source_lang` and `target_lang` are codes of any kind (`vi`, `vie`, `vie_Latn`); `None` when neither tells.
    """
    low = name.lower()
    for target, pattern in DIRECTIONS:
        if pattern.search(low):
            return target
    for target, other in ((VI, EN), (EN, VI)):
        if target_lang[:2].lower() == target or source_lang[:2].lower() == other:
            return target
    return None


def by_id(id: str) -> Convention | None:
    """The row of that id, or `None`."""
    return next((c for c in CONVENTIONS if c.id == id), None)


def ids() -> Sequence[str]:
    """Ids of all rows, for messages."""
    return [c.id for c in CONVENTIONS]

"""Word-level quality estimation data as in the WMT shared task (2018 to 2020): a sentence a line in each file.

`.mt` has the tokens as they were, `.pe` those of the corrected sentence, `.tags` 2N+1 tags OK or BAD for the N tokens
and the gaps around them (gap, token, gap, … gap), `.hter` the edits for each token of the correction (0 to 1), and
`.ids` (TSV) the article, the sentence's offset in it and how many findings were left open.

As in the task, tags come from the shortest edit script without shifts (tercom -d 0): a token replaced or deleted is
BAD, a gap where tokens are missing is BAD. Tokens of a finding that was left open are BAD, too: leave sentences with
open findings out by `.ids` for tags that tell of edits alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vn_repair.formats.tokens import opcodes, tokenized
from vn_repair.formats.tsv import escaped, guarded
from vn_repair.formats.units import Sentence, blocks
from vn_repair.formats.xml_parts import Outputs
from vn_repair.types import Repair

FILES = ("repairs.mt", "repairs.pe", "repairs.tags", "repairs.hter", "repairs.ids")
OK, BAD = "OK", "BAD"


def write(repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write the five files."""
    with Outputs(directory) as outputs:
        for repair in repairs:
            for sentence in (s for b in blocks(repair) for s in b.sentences):
                source = repair.article.text[sentence.start : sentence.end]
                mt = tokenized(source)
                pe = [t.text for t in tokenized(sentence.target)]
                tags, hter = tag(sentence, source)
                place = "\t".join((guarded(escaped(repair.article.id)), str(sentence.start),
                                   str(len(sentence.open_spans) + len(sentence.open_edits))))
                for name, line in zip(FILES, (" ".join(t.text for t in mt), " ".join(pe), " ".join(tags),
                                              f"{hter:.6f}", place), strict=True):
                    outputs.open(name).write(line + "\n")
        outputs.require_some("no article has any text")
    return outputs.paths


def tag(sentence: Sentence, source: str) -> tuple[list[str], float]:
    """The 2N+1 tags of a sentence and its HTER, at most 1; `source` is its text as it was."""
    tokens = tokenized(source)
    wanted = [t.text for t in tokenized(sentence.target)]
    tags = [OK] * (2 * len(tokens) + 1)
    edits = 0
    for operation, i, j, k, m in opcodes([t.text for t in tokens], wanted):
        if operation == "equal":
            continue
        edits += max(j - i, m - k)
        for n in range(i, j):
            tags[2 * n + 1] = BAD
        if m - k > j - i:
            tags[2 * j] = BAD
    for span in sentence.open_spans:
        for n, token in enumerate(tokens):
            if token.start < span.end - sentence.start and span.start - sentence.start < token.end:
                tags[2 * n + 1] = BAD
    return tags, min(1.0, edits / len(wanted)) if wanted else float(bool(tokens))

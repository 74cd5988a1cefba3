"""The data set card (README.md), made from what was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vn_repair import __version__
from vn_repair.export.decide import Fates
from vn_repair.export.features import ARTICLES, CONFIGURATIONS, MEANING, PAIRS
from vn_repair.export.leakage import FORMULA, SHORTEST, TestSets, run_length
from vn_repair.export.options import ExportOptions
from vn_repair.export.shards import FOLDERS, Shard
from vn_repair.export.spool import Progress
from vn_repair.export.statistics import Counts
from vn_repair.types import VI

if TYPE_CHECKING:
    from jinja2 import Environment

# Licence ids that the Hub knows and that text is usually under; any other is `other` with its name.
HUB_LICENCES = frozenset(
    "apache-2.0 mit cc0-1.0 cc-by-2.0 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-4.0 cc-by-nc-nd-4.0 "
    "cc-by-nc-sa-4.0 cc-by-nd-4.0 cdla-permissive-2.0 odbl odc-by pddl unknown".split()
)
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
         (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))


@dataclass(frozen=True, slots=True)
class Written:
    """An export that is ready but for its card."""

    options: ExportOptions
    progress: Progress
    fates: Fates
    test_sets: TestSets
    shards: Sequence[Shard]
    left_out: dict[str, int]

    def rows(self, configuration: str) -> dict[str, int]:
        """The rows of each split, in the order of the splits; splits without any are left out."""
        out: dict[str, int] = {}
        for shard in self.shards:
            out[shard.split] = out.get(shard.split, 0) + shard.rows[configuration]
        return {split: rows for split, rows in out.items() if rows}

    def total(self, split: str | None = None) -> Counts:
        """Counts of a split, or of all."""
        out = Counts()
        for shard in self.shards:
            if split in (None, shard.split):
                out += shard.counts
        return out

    def signature(self) -> str:
        """What the data are, in one line: tool, choices, and a checksum over all files."""
        options = self.options
        everything = sha256("".join(f"{shard.split}-{shard.number}-{name} {shard.checksums[name]}\n"
                                    for shard in self.shards for name in CONFIGURATIONS).encode()).hexdigest()
        against = "+".join(self.test_sets.items) or "none"
        return (f"vn-repair|v:{__version__}|edits:{options.edits}"
                f"|split:sha256-text,{options.splits},seed:{options.seed}"
                f"|dups:minhash5w,{options.similarity:g},{options.near_duplicates}"
                f"|leaks:{options.ngram}gram,{against},{options.leaked}|sha256:{everything[:16]}")


def card(written: Written) -> str:
    """The text of README.md."""
    total = written.total()
    splits = {split: written.total(split) for split in written.rows(ARTICLES)}
    return _templates().get_template("card.md.j2").render(
        metadata=metadata(written, total), written=written, options=written.options, total=total, splits=splits,
        pairs=written.rows(PAIRS), repeated=sum(shard.repeated for shard in written.shards), meaning=MEANING,
        title=title(written), formula=FORMULA, shortest=SHORTEST, version=__version__,
        syllables=run_length(written.options.ngram, VI),
    )


def title(written: Written) -> str:
    """What the data set is called."""
    return written.options.name or "Repaired Vietnamese news"


def metadata(written: Written, total: Counts) -> str:
    """The YAML head: languages, licence, size, and where the files of each configuration lie."""
    from huggingface_hub import DatasetCardData

    configs, infos = [], []
    for name in CONFIGURATIONS:
        rows = written.rows(name)
        if not rows:
            continue
        folder = FOLDERS[name]
        configs.append({"config_name": name, **({"default": True} if name == ARTICLES else {}),
                        "data_files": [{"split": split, "path": f"{folder}/{split}-*"} for split in rows]})
        mine = [shard for shard in written.shards if shard.split in rows]
        memory = {split: sum(s.memory[name] for s in mine if s.split == split) for split in rows}
        infos.append({"config_name": name,
                      "splits": [{"name": split, "num_bytes": memory[split], "num_examples": rows[split]}
                                 for split in rows],
                      "download_size": sum(s.sizes[name] for s in mine), "dataset_size": sum(memory.values())})
    head: dict[str, Any] = {"language": ["vi", "en"], **licence(total), "pretty_name": title(written),
                            "task_categories": ["translation", "token-classification"],
                            "size_categories": [size(total.sums["articles"])],
                            "tags": ["vietnamese", "machine-translation", "post-editing", "quality-estimation",
                                     "vn-repair"],
                            "configs": configs, "dataset_info": infos}
    return str(DatasetCardData(**head).to_yaml())


def licence(total: Counts) -> dict[str, str]:
    """The licence as the Hub wants it: an id it knows, or `other` with a name; `unknown` where none was told."""
    told = list(total.by["licences"])
    if told in ([], [""]):
        return {"license": "unknown"}
    if len(told) == 1 and told[0].lower() in HUB_LICENCES:
        return {"license": told[0].lower()}
    name = told[0] if len(told) == 1 else "several"
    return {"license": "other", "license_name": re.sub(r"[^a-z0-9.\-]+", "-", name.lower()).strip("-") or "other"}


def size(articles: int) -> str:
    """The Hub's size category."""
    return next((name for least, name in SIZES if articles < least), "n>1B")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined,
                            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    templates.filters["cell"] = _cell
    templates.filters["share"] = lambda part, whole: f"{100 * part / whole:.1f} %" if whole else "–"
    templates.filters["n"] = lambda number: f"{number:,}"
    return templates


def _cell(text: str) -> str:
    """Text of the data as it can stand in a table: one line, no markup."""
    text = " ".join(str(text).split())
    text = text if len(text) <= 120 else text[:119] + "…"
    return re.sub(r"([\\`*_{}\[\]<>|#!])", r"\\\1", text)

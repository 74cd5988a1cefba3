"""Counts of what was written, for the card: by split and in all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# Counters of a `Counts`, each from a column of articles (or a key of its structs) or of pairs.
KINDS = ("languages", "labels", "severities", "statuses", "applied_by", "sources", "licences", "makers",
         "pair_statuses", "alignments")
MOST_VALUES = 1000  # of a counter that counts what users write, so that a source an article does not fill the memory


@dataclass(slots=True)
class Counts:
    """Sums over articles and pairs."""

    sums: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})

    def add_articles(self, table: pa.Table) -> None:
        """Count the articles of a table of the `articles` configuration."""
        import pyarrow.compute as pc

        spans, edits = pc.list_flatten(table["spans"]), pc.list_flatten(table["edits"])
        applied = pc.filter(edits, pc.struct_field(edits, "applied"))
        self.sums += Counter({
            "articles": table.num_rows, "characters": _sum(pc.utf8_length(table["text"])), "spans": len(spans),
            "edits": len(edits), "applied": len(applied), "changed": _sum(table["changed"]),
            "duplicates": table.num_rows - table["duplicate_of"].null_count,
            "without_vi": _sum(pc.equal(table["vi"], "")), "without_en": _sum(pc.equal(table["en"], "")),
        })
        self._count("languages", table["lang"])
        self._count("labels", pc.struct_field(spans, "label"))
        self._count("severities", pc.struct_field(spans, "severity"))
        self._count("statuses", pc.struct_field(edits, "status"))
        self._count("applied_by", pc.struct_field(applied, "proposer"))
        self._count("sources", table["source"])
        self._count("licences", table["licence"])
        self._count("makers", table["made_by"])

    def add_pairs(self, table: pa.Table) -> None:
        """Count the pairs of a table of the `pairs` configuration."""
        import pyarrow.compute as pc

        self.sums += Counter({
            "pairs": table.num_rows, "vi_characters": _sum(pc.utf8_length(table["vi"])),
            "en_characters": _sum(pc.utf8_length(table["en"])), "copied": _sum(pc.equal(table["vi"], table["en"])),
            "incomplete": table.num_rows - _sum(table["complete"]),
        })
        self._count("pair_statuses", table["status"])
        self._count("alignments", table["alignment"])

    def _count(self, kind: str, column: Any) -> None:
        counter = self.by[kind]
        if kind == "makers":
            for value in column.to_pylist():
                counter[_maker(value)] += 1
            return
        for row in column.value_counts().to_pylist():
            value = "" if row["values"] is None else _host(row["values"]) if kind == "sources" else row["values"]
            counter[value if value in counter or len(counter) < MOST_VALUES else "(others)"] += row["counts"]

    def __iadd__(self, other: Counts) -> Counts:
        """Add the counts of other rows."""
        self.sums += other.sums
        for kind in KINDS:
            self.by[kind] += other.by[kind]
        return self

    def as_json(self) -> dict[str, Any]:
        """All counts, with sorted keys."""
        return {"sums": dict(sorted(self.sums.items())),
                **{kind: dict(sorted(counter.items(), key=lambda i: (-i[1], i[0])))
                   for kind, counter in self.by.items()}}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Counts:
        """The counts that `as_json` gave."""
        return cls(Counter(data["sums"]), {kind: Counter(data[kind]) for kind in KINDS})


def _maker(made_by: dict[str, Any]) -> str:
    """Versions and dial in one line."""
    dial = made_by["min_confidence"]
    parts = {"vn-repair": made_by["version"], "model": made_by["model"], "rules": made_by["rules"],
             "dial": None if dial is None else f"{dial:g}", "sensitivity": made_by["sensitivity"]}
    return ", ".join(f"{key} {value}" for key, value in parts.items() if value is not None) or "not told by the record"


def _host(source: str) -> str:
    """The site of an address; any other source as it is."""
    return source.split("/")[2] if source.startswith(("http://", "https://")) else source


def _sum(column: Any) -> int:
    import pyarrow.compute as pc

    return int(pc.sum(column).as_py() or 0)

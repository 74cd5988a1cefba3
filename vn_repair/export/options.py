"""What an export is asked to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from vn_repair.export.chosen import Edits
from vn_repair.export.decide import Leaked, NearDuplicates
from vn_repair.export.features import ARTICLES, COLUMNS
from vn_repair.export.leakage import NGRAM
from vn_repair.export.splits import DEFAULT_SPLITS, Splits, parse_splits
from vn_repair.types import InputError

# Keys of a row that are taken for its address and its licence where no option names others.
SOURCE_KEYS = ("url", "source_url", "source")
LICENCE_KEYS = ("licence", "license")


class Unchanged(StrEnum):
    """What becomes of articles in which nothing was changed."""

    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The choices of an export; see `vn-repair export --help`.

    `source` and `licence` stand where a row has none of its own. `fields` are keys of the rows that become columns.
    """

    edits: Edits = Edits.ACCEPTED
    unchanged: Unchanged = Unchanged.KEEP
    splits: str = DEFAULT_SPLITS
    seed: int = 0
    near_duplicates: NearDuplicates = NearDuplicates.ONE_SPLIT
    similarity: float = 0.7
    check_against: tuple[str, ...] = ()
    ngram: int = NGRAM
    leaked: Leaked = Leaked.DROP
    source: str | None = None
    source_field: str | None = None
    licence: str | None = None
    licence_field: str | None = None
    fields: tuple[str, ...] = ()
    shard_articles: int = 20_000
    name: str | None = None

    def parsed_splits(self) -> Splits:
        """The splits. Raises `InputError` where they cannot be read."""
        return parse_splits(self.splits, self.seed)

    def check(self) -> None:
        """Raise `InputError` for a choice that cannot be."""
        self.parsed_splits()
        for name in self.fields:
            if name in COLUMNS[ARTICLES]:
                raise InputError(f"--field {name}: the data set has a column of that name; rename the key in the input")
        for option, value, least in (("--shard-articles", self.shard_articles, 1), ("--ngram", self.ngram, 2)):
            if value < least:
                raise InputError(f"{option} {value}: must be at least {least}")
        if not 0 < self.similarity <= 1:
            raise InputError(f"--similarity {self.similarity:g}: must be above 0 and at most 1")

    def record(self) -> dict[str, Any]:
        """All that changes the data, as JSON holds it; test sets by name and checksum."""
        out = asdict(self)
        out["check_against"] = [{"file": Path(f).name, "sha256": _checksum(f)} for f in self.check_against]
        out["fields"] = list(self.fields)
        return out

    def source_of(self, fields: dict[str, Any]) -> str | None:
        """Where a row's text was published."""
        return _first(fields, [self.source_field] if self.source_field else SOURCE_KEYS) or self.source

    def licence_of(self, fields: dict[str, Any]) -> str | None:
        """The licence of a row's text."""
        return _first(fields, [self.licence_field] if self.licence_field else LICENCE_KEYS) or self.licence


Choice = TypeVar("Choice", bound=StrEnum)


def choice(option: str, value: str, kind: type[Choice]) -> Choice:
    """The member of `kind` that an option names. Raises `InputError` for any other value."""
    try:
        return kind(value)
    except ValueError:
        raise InputError(f"{option} {value}: no such choice; use {' or '.join(kind)}") from None


def _first(fields: dict[str, Any], keys: Sequence[str]) -> str | None:
    return next((value for key in keys if isinstance(value := fields.get(key), str) and value), None)


def _checksum(file: str) -> str:
    try:
        with open(file, "rb") as stream:
            total = sha256()
            while part := stream.read(2**20):
                total.update(part)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check the path after --check-against") from None
    return total.hexdigest()

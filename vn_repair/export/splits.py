"""Splits by article, drawn by a hash of the text: the same article always falls into the same one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from vn_repair.types import InputError

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")
DEFAULT_SPLITS = "train=90,validation=5,test=5"
TRAIN = "train"


@dataclass(frozen=True, slots=True)
class Splits:
    """Names and shares (summing to 1) of the splits in order, and the seed of the draw."""

    names: tuple[str, ...]
    shares: tuple[Fraction, ...]
    seed: int

    @property
    def held_out(self) -> tuple[int, ...]:
        """Places of the splits that are not for training: all but `train`, if there is one."""
        return tuple(i for i, name in enumerate(self.names) if name != TRAIN) if TRAIN in self.names else ()

    def draw(self, text: str) -> int:
        """Where a text falls among 2**63 places: by the seed and the text alone."""
        return int.from_bytes(sha256(f"{self.seed}\n{text}".encode()).digest()[:8], "big") >> 1

    def of(self, draws: NDArray[np.int64]) -> NDArray[np.int8]:
        """The split (its place in `names`) of each draw.

        Held-out splits take the low draws, one after another, and `train` the rest, so that making one larger only
        moves articles out of `train` and of the splits after it.
        """
        order = [*self.held_out, *(i for i in range(len(self.names)) if i not in self.held_out)]
        bounds = np.array([int(sum(self.shares[i] for i in order[: n + 1]) * 2**63) for n in range(len(order) - 1)],
                          dtype=np.uint64)
        return np.array(order, np.int8)[np.searchsorted(bounds, draws.astype(np.uint64), side="right")]

    def text(self) -> str:
        """The splits as `parse_splits` reads them."""
        return ",".join(f"{name}={float(share * 100):g}" for name, share in zip(self.names, self.shares, strict=True))


def parse_splits(text: str, seed: int = 0) -> Splits:
    """Splits from `name=share,…`; shares are any numbers, taken in proportion.

    Raises `InputError` for anything else.
    """
    names: list[str] = []
    parts: list[Fraction] = []
    for item in text.split(","):
        name, _, share = (part.strip() for part in item.partition("="))
        try:
            value = Fraction(share)
        except (ValueError, ZeroDivisionError):
            value = Fraction(0)
        if not NAME.match(name) or name in names or value <= 0:
            raise InputError(f"--splits {text}: {item.strip()!r} will not do; write {DEFAULT_SPLITS}, each name once, "
                             "in small letters, with a share above 0")
        names.append(name)
        parts.append(value)
    return Splits(tuple(names), tuple(part / sum(parts) for part in parts), seed)


def counts(splits: Sequence[int] | NDArray[np.int8], names: Sequence[str]) -> dict[str, int]:
    """How many articles each split has; those dropped (below 0) are not counted."""
    array = np.asarray(splits)
    return {name: int((array == place).sum()) for place, name in enumerate(names)}

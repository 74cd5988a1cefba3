"""Garbling operations for English machine translations of Vietnamese news, and for spun copies of them."""

from __future__ import annotations

from collections.abc import Mapping

from vn_repair.training.garble import Operation
from vn_repair.training.garble_en_grammar import EnglishGrammar
from vn_repair.training.garble_en_meaning import EnglishMeaning
from vn_repair.training.garble_rates import ENGLISH_RATES, rated


class EnglishOperations(EnglishMeaning, EnglishGrammar):
    """All operations; they need word lists, which `LexicalData` holds."""

    def weighted(self, rates: Mapping[str, float] | None = None) -> list[tuple[Operation, float]]:
        """Operations and rates; `rates` (operation name → rate) are laid over the measured ones, 0 turns one off."""
        return rated(self, ENGLISH_RATES, rates)

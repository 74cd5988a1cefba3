"""Garbling operations for Vietnamese: what vi→en→vi round trips and page translators leave behind."""

from __future__ import annotations

from collections.abc import Mapping

from vn_repair.training.garble import Operation
from vn_repair.training.garble_rates import VIETNAMESE_RATES, rated
from vn_repair.training.garble_surface import without_marks
from vn_repair.training.garble_vi_foreign import ForeignOperations
from vn_repair.training.garble_vi_loss import LossOperations
from vn_repair.training.garble_vi_meaning import MeaningOperations
from vn_repair.training.garble_vi_order import OrderOperations


class VietnameseOperations(MeaningOperations, OrderOperations, ForeignOperations, LossOperations):
    """All operations; they need word lists, which `LexicalData` holds."""

    def weighted(self, rates: Mapping[str, float] | None = None) -> list[tuple[Operation, float]]:
        """Operations and rates; `rates` (operation name → rate) are laid over the measured ones, 0 turns one off."""
        return rated(self, VIETNAMESE_RATES, rates)


__all__ = ["VietnameseOperations", "without_marks"]

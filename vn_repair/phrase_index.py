"""Kept for importers of `fold`, which lies in `vn_repair.folding`."""

from vn_repair.folding import fold

__all__ = ["fold"]

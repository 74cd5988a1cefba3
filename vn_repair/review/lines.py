"""Results as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator

from vn_repair.review.exports import reviewed_record, stored_articles
from vn_repair.review.reference_rows import Tally, reference_rows
from vn_repair.review.store import Store
from vn_repair.write.record import line


def lines(store: Store, form: str, tally: Tally | None = None) -> Iterator[str]:
    """The lines of `references`, counted in `tally`, or of `records`."""
    if form == "references":
        yield from (line(row) for row in reference_rows(store, tally or Tally()))
    else:
        yield from (line(reviewed_record(stored)) for stored in stored_articles(store))

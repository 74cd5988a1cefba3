"""Look-ups by place give what going through all of them gives, and look at few."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from vn_repair.by_place import ByPlace
from vn_repair.types import Segment

PLACES = st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda p: Segment(p[0], p[0] + p[1], "vi"))


@given(st.lists(PLACES, max_size=12), PLACES)
def test_the_same_as_going_through_all(items: Sequence[Segment], at: Segment) -> None:
    found, items = ByPlace(items), sorted(items, key=lambda s: s.start)
    assert list(found.touching(at.start, at.end)) == [s for s in items if s.start < at.end and at.start < s.end]
    assert list(found.inside(at.start, at.end)) == [s for s in items if at.start <= s.start and s.end <= at.end]
    assert found.around(at.start, at.end) == next((s for s in items if s.start <= at.start and at.end <= s.end), None)


class Counting:
    """A place that counts how often its end is asked for."""

    asked = 0

    def __init__(self, start: int) -> None:
        self.start = start

    @property
    def end(self) -> int:
        Counting.asked += 1
        return self.start + 5


def test_few_are_looked_at() -> None:
    places = ByPlace(Counting(start) for start in range(0, 50_000, 10))
    Counting.asked = 0
    for at in range(0, 50_000, 10):
        assert len(list(places.touching(at + 1, at + 2))) == 1
        assert len(list(places.inside(at, at + 5))) == 1
        assert places.around(at + 1, at + 2) is not None
    assert Counting.asked < 10 * 5000

"""What holds on a day: the default until something ruled has begun, never out of the bounds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.clock import Limit
from yiwang.kernel.parameters import Dated, Declared, Mark, held

FIX = Declared("x.fix", "好差评", "整改", "wd", 5, 1, 10, "某市", Mark.SECONDARY)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
ROWS = st.lists(st.tuples(st.integers(0, 30), DAYS), max_size=8).map(
    lambda drawn: [Dated("x.fix", v, d, "本市", number) for number, (v, d) in enumerate(drawn)]
)


@given(ROWS, DAYS)
def test_the_last_that_has_begun_holds_within_the_bounds(rows: list[Dated], on: date) -> None:
    found, slow = held(FIX, reversed(rows), on), None
    for row in sorted(rows, key=lambda one: (one.valid_from, one.number)):
        if row.valid_from <= on:
            slow = row
    assert found.value == (max(1, min(10, slow.value)) if slow else 5)
    assert found.mark is (Mark.RULED if slow else Mark.SECONDARY)
    assert 1 <= found.value <= 10


def test_a_later_number_holds_from_its_day_and_not_before() -> None:
    day = date(2026, 6, 1)
    rows = [Dated("x.fix", 3, day, "本市", 1), Dated("x.other", 9, day, "本市", 2)]
    assert held(FIX, rows, day - timedelta(days=1)).limit == Limit.parse("5wd")
    assert held(FIX, rows, day).limit == Limit.parse("3wd")
    assert held(FIX, rows, day).words == "3 个工作日"


def test_a_default_out_of_its_bounds_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="bounds"):
        Declared("x.fix", "好差评", "整改", "wd", 0, 1, 10, "某市", Mark.DEFAULT)

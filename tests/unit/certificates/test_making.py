"""The table of making and the sum of a stock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yiwang.apps.certificates.domain.making import MACHINE, Balance, range_problem


def test_the_table_is_sound() -> None:
    assert MACHINE.problems() == []


@pytest.mark.row("R049")
def test_nothing_leads_to_the_hand_over_but_the_store() -> None:
    handing = [t for t in MACHINE.transitions if t.target == "ISSUED"]
    assert [t.sources for t in handing] == [frozenset({"STORED"})]
    storing = [t for t in MACHINE.transitions if t.target == "STORED"]
    assert [t.sources for t in storing] == [frozenset({"PRINTED"})]


def test_a_spoiled_print_is_confirmed_before_another() -> None:
    assert {t.action for t in MACHINE.allowed("SPOILED")} == {"confirm_destroyed", "drop"}


@given(some.lists(some.sampled_from(["in_stock", "printed", "issued", "wasted"]), max_size=60))
def test_every_sheet_is_counted_in_one_state(states: list[str]) -> None:
    counted = {name: states.count(name) for name in ("in_stock", "printed", "issued", "wasted")}
    assert Balance(received=len(states), **counted).is_even
    assert not Balance(received=len(states) + 1, **counted).is_even


@pytest.mark.parametrize(("first", "last"), [(0, 5), (6, 5), (-3, -1), (1, 6)])
def test_numbers_that_are_no_batch_are_refused(first: int, last: int) -> None:
    assert range_problem(first, last, 5)


def test_one_sheet_is_a_batch() -> None:
    assert range_problem(7, 7, 5) == ""

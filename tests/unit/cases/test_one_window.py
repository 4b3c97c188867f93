"""一窗受理: two organs' items make a real window, and the share is told with what it is made of."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.cases.domain.one_window import Accepted, Share, real_windows, shares
from yiwang.apps.cases.domain.taking_in import MACHINE, TakeInState, right_places

CASES = st.lists(
    st.builds(
        Accepted,
        hall_id=st.integers(1, 3),
        window_id=st.none() | st.integers(1, 4),
        organ_id=st.integers(1, 3),
    ),
    max_size=30,
)


@pytest.mark.row("R076")
def test_a_sign_on_the_wall_makes_no_comprehensive_window() -> None:
    one_organ = [Accepted(1, 7, 11)] * 9
    assert real_windows(one_organ) == frozenset()
    assert real_windows([*one_organ, Accepted(1, 7, 12)]) == {7}


def test_what_no_window_accepted_belongs_to_none() -> None:
    assert real_windows([Accepted(1, None, 11), Accepted(1, None, 12)]) == frozenset()


@pytest.mark.row("R076")
@given(CASES)
def test_every_case_is_counted_once_and_its_part_never_exceeds_it(cases: list[Accepted]) -> None:
    found = shares(cases)
    assert sum(share.accepted for share in found.values()) == len(cases)
    real = real_windows(cases)
    for hall, share in found.items():
        mine = [case for case in cases if case.hall_id == hall]
        assert share.at_one_window == sum(case.window_id in real for case in mine)
        assert share.at_one_window <= share.accepted == len(mine)


@pytest.mark.row("R076")
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_rate_is_half_up_to_one_decimal(accepted: int, part: int) -> None:
    share = Share(accepted, min(part, accepted))
    if not accepted:
        assert share.rate == "无"
        return
    exact = Fraction(share.at_one_window * 100, accepted)
    shown = Fraction(share.rate.removesuffix(" %"))
    assert -Fraction(1, 20) < shown - exact <= Fraction(1, 20)


def test_a_half_goes_up() -> None:
    assert Share(2000, 1).rate == "0.1 %"
    assert Share(3, 2).rate == "66.7 %"
    assert Share(1, 1).rate == "100.0 %"


AREAS = ["990100000000", "990102000000", "990102001000", "990103000000", "990103100000"]


@pytest.mark.row("R018")
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(AREAS)), max_size=6), st.sampled_from(AREAS))  # fmt: skip
def test_the_right_place_is_here_or_near_or_anywhere_but_never_nowhere(
    resident: list[tuple[int, str]], own_area: str
) -> None:
    found = right_places(
        resident, own=5, own_area=own_area, key=lambda one: one[0], area=lambda one: one[1]
    )
    assert set(found) <= set(resident)
    assert bool(found) == bool(resident), "an item that is resident somewhere goes nowhere"
    if any(one[0] == 5 for one in resident):
        assert {one[0] for one in found} == {5}


def test_papers_that_are_on_the_way_can_only_be_signed_for_or_missed() -> None:
    assert MACHINE.problems() == []
    allowed = {t.action for t in MACHINE.allowed(TakeInState.ON_THE_WAY)}
    assert allowed == {"confirm_papers", "report_missing"}

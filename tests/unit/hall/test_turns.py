"""The order of calling, and the half hours that can be booked: properties and small truths."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.hall.domain.priority import Claim, is_without_ground
from yiwang.apps.hall.domain.slots import (
    HoursError,
    bounds_of_half,
    half_of,
    open_slots,
    parse_spans,
    spans_in_words,
    times_of,
)
from yiwang.apps.hall.domain.states import MACHINE, OPEN, TAKING_A_PLACE, AppointmentState
from yiwang.apps.hall.domain.turns import ORDINARY_RANK, Waiting, in_turn, passed_over
from yiwang.apps.hall.domain.vocabulary import RosterHalf
from yiwang.kernel.moment import BEIJING, start_of_day

MONDAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)


def waiting(number: int, rank: int, half_hours: int, minutes: int) -> Waiting:
    return Waiting(
        number, rank, NINE + timedelta(minutes=30 * half_hours), NINE + timedelta(minutes=minutes)
    )


QUEUES = st.lists(
    st.tuples(st.sampled_from([1, 2, ORDINARY_RANK]), st.integers(0, 6), st.integers(0, 90)),
    max_size=12,
).map(lambda rows: [waiting(number, *row) for number, row in enumerate(rows)])


def comes_before(one: Waiting, other: Waiting) -> bool:
    """The rule in words, written a second time: class, appointment, arrival."""
    if one.rank != other.rank:
        return one.rank < other.rank
    if one.starts_at != other.starts_at:
        return one.starts_at < other.starts_at
    if one.checked_in_at != other.checked_in_at:
        return one.checked_in_at < other.checked_in_at
    return one.number < other.number


@pytest.mark.row("R161")
@given(QUEUES, st.randoms(use_true_random=False))
def test_whoever_is_called_is_before_everybody_left_however_they_came(queue, random) -> None:
    shuffled = list(queue)
    random.shuffle(shuffled)
    order = in_turn(shuffled)
    assert sorted(one.number for one in order) == sorted(one.number for one in queue)
    for place, one in enumerate(order):
        assert all(comes_before(one, later) for later in order[place + 1 :])


@given(QUEUES)
def test_calling_one_after_another_passes_over_nobody(queue) -> None:
    left = list(queue)
    while left:
        first = in_turn(left)[0]
        assert passed_over(first.number, left) == []
        left.remove(first)


@pytest.mark.row("R161")
@given(QUEUES.filter(bool), st.data())
def test_calling_by_hand_names_exactly_those_who_should_have_come_before(queue, data) -> None:
    chosen = data.draw(st.sampled_from(queue))
    found = {one.number for one in passed_over(chosen.number, queue)}
    assert found == {one.number for one in queue if comes_before(one, chosen)}


@given(QUEUES, st.sampled_from([1, 2]))
def test_who_comes_later_with_priority_stands_before_every_ordinary_one(queue, rank) -> None:
    late = waiting(99, rank, 9, 999)
    order = in_turn([*queue, late])
    assert all(one.rank <= rank for one in order[: order.index(late)])


def test_hours_are_read_on_half_hours_in_order_and_written_back() -> None:
    spans = parse_spans("09:00-12:00 14:00—17:30")
    assert spans == [(540, 720), (840, 1050)]
    assert parse_spans(spans_in_words(spans)) == spans and parse_spans(" ") == []
    for wrong in ("9点", "09:10-12:00", "12:00-09:00", "09:00-12:00 11:00-13:00", "23:00-25:00"):
        with pytest.raises(HoursError):
            parse_spans(wrong)


def test_a_half_day_ends_at_noon() -> None:
    assert half_of(NINE + timedelta(hours=2, minutes=30)) is RosterHalf.MORNING
    assert half_of(NINE + timedelta(hours=3)) is RosterHalf.AFTERNOON
    morning, afternoon = (bounds_of_half(MONDAY, half) for half in RosterHalf)
    assert morning[1] == afternoon[0] and afternoon[1] - morning[0] == timedelta(days=1)


HOURS = {0: [(540, 720), (840, 1020)]}


@given(st.integers(0, 24 * 60), st.dictionaries(st.integers(0, 11), st.integers(0, 5)))
def test_only_future_half_hours_that_are_staffed_can_be_booked(minute, taken) -> None:
    times = times_of(MONDAY, HOURS)
    after = start_of_day(MONDAY) + timedelta(minutes=minute)
    slots = open_slots(
        days=[MONDAY],
        hours=HOURS,
        places=3,
        staffed=[(MONDAY, RosterHalf.MORNING)],
        booked={times[n]: number for n, number in taken.items()},
        after=after,
    )
    assert [slot.starts_at for slot in slots] == [
        time for time in times if time > after and time.hour < 12
    ]
    assert all(0 <= slot.free <= 3 for slot in slots)
    for slot in slots:
        assert slot.free == max(0, 3 - taken.get(times.index(slot.starts_at), 0))


def test_nobody_rostered_is_nothing_to_book() -> None:
    assert not open_slots(
        days=[MONDAY], hours=HOURS, places=3, staffed=[], booked={}, after=start_of_day(MONDAY)
    )


def test_a_claim_needs_a_ground_and_what_was_shown() -> None:
    assert not is_without_ground(Claim("", "", ""))
    assert not is_without_ground(Claim("ELDER", "75 岁", "身份证"))
    assert is_without_ground(Claim("ELDER", "75 岁", "")) and is_without_ground(
        Claim("ELDER", " ", "身份证")
    )


def test_not_coming_is_no_dead_end_and_takes_no_second_place() -> None:
    assert MACHINE.find("ABSENT", "CHECK_IN") is not None and "ABSENT" not in OPEN
    assert {*TAKING_A_PLACE, "DISPLACED", "CANCELLED"} == {
        state.value for state in AppointmentState
    }
    for state in OPEN[:2]:
        assert {"MOVE", "CANCEL"} <= {t.action for t in MACHINE.allowed(state)}

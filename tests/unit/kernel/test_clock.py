"""Deadlines: the closed form, the day-by-day explanation and a naive twin agree."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kernel.slow_clock import due_natural, due_working, month_end

from yiwang.foundation.calendars.package import package_days, package_years
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import (
    ClockEvent,
    ClockEventKind,
    Extension,
    Limit,
    Mark,
    Pause,
    Unit,
    deadline,
    explain,
    fold,
    standing,
)
from yiwang.kernel.clock.events import ClockEventError
from yiwang.kernel.clock.explanation import StandingKind
from yiwang.kernel.moment import BEIJING

CALENDAR = Calendar(package_days(), noticed_years=package_years(), version="package")
STARTS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
WD5 = Limit.parse("5wd")


@st.composite
def pauses_from(draw: st.DrawFn, start: date, *, may_be_open: bool = False) -> list[Pause]:
    found = []
    for _ in range(draw(st.integers(0, 10))):
        begin = start + timedelta(days=draw(st.integers(-5, 90)))
        length = draw(st.integers(0, 25))
        is_open = may_be_open and draw(st.booleans())
        found.append(Pause(begin, None if is_open else begin + timedelta(days=length), "专家评审"))
    return found


def spans(pauses: list[Pause]) -> list[tuple[date, date | None]]:
    return [(p.started, p.ended) for p in pauses]  # type: ignore[misc]


def test_the_example_of_the_command() -> None:
    pauses = [Pause(date(2026, 3, 4), date(2026, 3, 10))]
    assert deadline(date(2026, 3, 2), WD5, CALENDAR, pauses).due_on == date(2026, 3, 13)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-03-02", "5wd", "2026-03-09"),
        ("2026-02-13", "6wd", "2026-02-28"),  # 春节: make-up days 02-14 and 02-28 count
        ("2026-09-30", "1wd", "2026-10-08"),
        ("2026-10-08", "2wd", "2026-10-10"),  # a Saturday that is worked
        ("2026-03-02", "7d", "2026-03-09"),
        ("2026-09-24", "7d", "2026-10-08"),  # the last day falls into 国庆: rolled forward
        ("2026-01-31", "1mon", "2026-02-28"),
        ("2026-05-15", "3mon", "2026-08-17"),  # 15 August is a Saturday
        ("2026-03-02", "0wd", "2026-03-02"),
        ("2026-03-01", "0wd", "2026-03-02"),  # a Sunday: the first working day
        ("2026-03-07", "5wd", "2026-03-13"),  # an online filing on a Saturday
    ],
)  # fmt: skip
def test_known_deadlines(start: str, limit: str, due: str) -> None:
    found = deadline(date.fromisoformat(start), Limit.parse(limit), CALENDAR)
    assert found.due_on == date.fromisoformat(due)


@given(st.data(), STARTS, st.integers(0, 60))
def test_working_day_limits_equal_the_naive_reckoning(
    data: st.DataObject, start: date, number: int
) -> None:
    pauses = data.draw(pauses_from(start, may_be_open=True))
    found = deadline(start, Limit(number, Unit.WORKING_DAY), CALENDAR, pauses).due_on
    assert found == due_working(start, number, CALENDAR.is_working, spans(pauses))


@given(st.data(), STARTS, st.integers(1, 120))
def test_natural_day_limits_equal_the_naive_reckoning(
    data: st.DataObject, start: date, number: int
) -> None:
    pauses = data.draw(pauses_from(start, may_be_open=True))
    found = deadline(start, Limit(number, Unit.NATURAL_DAY), CALENDAR, pauses).due_on
    assert found == due_natural(start, number, CALENDAR.is_working, spans(pauses))


@given(st.data(), STARTS, st.integers(1, 12))
def test_month_limits_equal_the_naive_reckoning(
    data: st.DataObject, start: date, number: int
) -> None:
    pauses = data.draw(pauses_from(start))
    found = deadline(start, Limit(number, Unit.MONTH), CALENDAR, pauses).due_on
    days = month_end(start, number)
    assert found == due_natural(start, days, CALENDAR.is_working, spans(pauses))


@settings(max_examples=60)
@given(st.data(), STARTS, st.sampled_from(["5wd", "20wd", "7d", "30d", "1mon"]))
def test_the_explanation_counts_to_the_same_day(
    data: st.DataObject, start: date, text: str
) -> None:
    pauses = data.draw(pauses_from(start))
    limit = Limit.parse(text)
    reckoning = deadline(start, limit, CALENDAR, pauses)
    lines = explain(reckoning, CALENDAR, pauses)
    assert lines[0].mark is Mark.START and lines[-1].mark is Mark.DUE
    assert lines[-1].on == reckoning.due_on
    ordinals = [line.ordinal for line in lines if line.ordinal is not None]
    assert ordinals == list(range(1, len(ordinals) + 1))
    expected = month_end(start, 1) if limit.unit is Unit.MONTH else limit.number
    assert len(ordinals) == expected
    assert [b.on - a.on for a, b in pairwise(lines)] == [timedelta(days=1)] * (len(lines) - 1)


@given(st.data(), STARTS)
def test_overlapping_pauses_are_lost_only_once(data: st.DataObject, start: date) -> None:
    pauses = data.draw(pauses_from(start))
    twice = deadline(start, WD5, CALENDAR, [*pauses, *pauses])
    assert twice.due_on == deadline(start, WD5, CALENDAR, pauses).due_on


def test_an_open_pause_has_no_due_day() -> None:
    found = deadline(date(2026, 3, 2), WD5, CALENDAR, [Pause(date(2026, 3, 4))])
    assert found.due_on is None and found.due_at is None and found.is_paused


def test_a_pause_after_the_due_day_heals_nothing() -> None:
    late = [Pause(date(2026, 3, 10), date(2026, 3, 20))]
    assert deadline(date(2026, 3, 2), WD5, CALENDAR, late).due_on == date(2026, 3, 9)


def test_an_extension_is_counted_from_the_same_start() -> None:
    found = deadline(date(2026, 3, 2), Limit.parse("20wd"), CALENDAR, (), [Extension(10)])
    assert found.due_on == deadline(date(2026, 3, 2), Limit.parse("30wd"), CALENDAR).due_on


def test_a_communicated_day_is_not_shortened() -> None:
    found = deadline(date(2026, 3, 2), WD5, CALENDAR, floor=date(2026, 3, 11))
    assert found.due_on == date(2026, 3, 11)
    lines = explain(found, CALENDAR, ())
    assert "已告知" in lines[-1].reason


def test_a_limit_into_an_unknown_year_is_provisional_and_not_an_exception() -> None:
    found = deadline(date(2026, 11, 23), Limit.parse("30wd"), CALENDAR)
    assert found.is_provisional and found.due_on == date(2027, 1, 5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-03-02T09:30", "30min", "2026-03-02T10:00"),
        ("2026-03-02T23:30", "24h", "2026-03-03T23:30"),
        ("2026-03-02T11:30", "2wh", "2026-03-02T14:30"),  # lunch does not count
        ("2026-03-06T16:30", "1wh", "2026-03-09T09:30"),  # nor does the weekend
        ("2026-03-07T10:00", "1wh", "2026-03-09T10:00"),
    ],
)  # fmt: skip
def test_limits_that_end_at_an_instant(start: str, limit: str, due: str) -> None:
    assert deadline(at(start), Limit.parse(limit), CALENDAR).due_at == at(due)


def test_an_instant_limit_needs_an_instant() -> None:
    with pytest.raises(ValueError, match="精确到分钟"):
        deadline(date(2026, 3, 2), Limit.parse("24h"), CALENDAR)


def test_pauses_stop_hours_too() -> None:
    pauses = [Pause(at("2026-03-02T10:00"), at("2026-03-02T12:00"))]
    assert deadline(at("2026-03-02T09:00"), Limit.parse("2h"), CALENDAR, pauses).due_at == at(
        "2026-03-02T13:00"
    )
    assert deadline(at("2026-03-02T09:00"), Limit.parse("2wh"), CALENDAR, pauses).due_at == at(
        "2026-03-02T14:00"
    )
    assert (
        deadline(
            at("2026-03-02T09:00"), Limit.parse("9wh"), CALENDAR, [Pause(at("2026-03-02T10:00"))]
        ).due_at
        is None
    )


def test_the_last_day_ends_at_midnight() -> None:
    found = deadline(at("2026-03-02T09:30"), WD5, CALENDAR)
    assert not found.is_late(at("2026-03-09T23:59:59"))
    assert found.is_late(at("2026-03-10T00:00:00"))


@pytest.mark.parametrize(
    ("now", "kind", "text"),
    [
        ("2026-03-02T10:00", StandingKind.RUNNING, "剩 5 个工作日"),
        ("2026-03-06T10:00", StandingKind.RUNNING, "剩 1 个工作日"),
        ("2026-03-07T10:00", StandingKind.RUNNING, "剩 1 个工作日"),
        ("2026-03-09T10:00", StandingKind.DUE_TODAY, "今天到期"),
        ("2026-03-10T10:00", StandingKind.OVERDUE, "超期 1 个工作日"),
        ("2026-03-16T10:00", StandingKind.OVERDUE, "超期 5 个工作日"),
    ],
)
def test_where_a_clock_stands(now: str, kind: StandingKind, text: str) -> None:
    reckoning = deadline(date(2026, 3, 2), WD5, CALENDAR)
    found = standing(reckoning, CALENDAR, (), now=at(now))
    assert (found.kind, found.text) == (kind, text)


def test_on_the_weekend_after_a_friday_no_working_day_is_over_yet() -> None:
    reckoning = deadline(date(2026, 3, 6), Limit(5, Unit.WORKING_DAY), CALENDAR)
    assert reckoning.due_on == date(2026, 3, 13)
    found = standing(reckoning, CALENDAR, (), now=at("2026-03-14T10:00"))
    assert (found.kind, found.text) == (StandingKind.OVERDUE, "超期不足 1 个工作日")


@given(st.data(), STARTS, st.integers(1, 30), st.integers(0, 60))
def test_the_remaining_days_are_the_counted_ones_still_to_come(
    data: st.DataObject, start: date, number: int, passed: int
) -> None:
    pauses = data.draw(pauses_from(start))
    reckoning = deadline(start, Limit(number, Unit.WORKING_DAY), CALENDAR, pauses)
    today = start + timedelta(days=passed)
    now = datetime.combine(today, time(12), BEIJING)
    found = standing(reckoning, CALENDAR, pauses, now=now)
    if found.kind is StandingKind.RUNNING:
        lines = explain(reckoning, CALENDAR, pauses)
        assert found.number == sum(line.ordinal is not None and line.on > today for line in lines)


def events(*rows: tuple[ClockEventKind, str, str]) -> list[ClockEvent]:
    return [ClockEvent(kind, at(moment), pause=name) for kind, moment, name in rows]


def test_folding_events_gives_pauses_and_a_finish() -> None:
    timeline = fold(
        events(
            (ClockEventKind.STARTED, "2026-03-02T09:00", ""),
            (ClockEventKind.PAUSED, "2026-03-04T09:00", "a"),
            (ClockEventKind.RESUMED, "2026-03-10T09:00", "a"),
            (ClockEventKind.FINISHED, "2026-03-12T09:00", ""),
        )
    )
    assert timeline.pauses == (Pause(at("2026-03-04T09:00"), at("2026-03-10T09:00")),)
    assert timeline.finished == at("2026-03-12T09:00")


@pytest.mark.parametrize(
    "rows",
    [
        [(ClockEventKind.STARTED, "2026-03-02T09:00", "")] * 2,
        [(ClockEventKind.RESUMED, "2026-03-02T09:00", "a")],
        [(ClockEventKind.PAUSED, "2026-03-02T09:00", "a")] * 2,
    ],
)
def test_contradictory_events_are_refused(rows: list[tuple[ClockEventKind, str, str]]) -> None:
    with pytest.raises(ClockEventError):
        fold(events(*rows))


def test_publicity_by_a_local_rule_stops_only_the_promised_clock() -> None:
    stop = ClockEvent(
        ClockEventKind.PAUSED, at("2026-03-04T09:00"), pause="p", stops_statutory=False
    )
    back = ClockEvent(ClockEventKind.RESUMED, at("2026-03-10T09:00"), pause="p")
    start = ClockEvent(ClockEventKind.STARTED, at("2026-03-02T09:00"))
    assert fold([start, stop, back]).pauses == ()
    assert len(fold([start, stop, back], statutory=False).pauses) == 1


@pytest.mark.parametrize("text", ["5", "wd", "5 days", "-1wd", "5.5wd", "0d", ""])
def test_a_limit_without_a_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Limit.parse(text)

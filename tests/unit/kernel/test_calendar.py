"""The calendar: known years by notice, unknown ones provisional, never an exception."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.foundation.calendars.package import package_days, package_years
from yiwang.kernel.calendar import Calendar, CalendarDay, DayKind, OutOfCalendarError

CALENDAR = Calendar(package_days(), noticed_years=package_years(), version="package")
DATES = st.dates(date(2004, 1, 1), date(2035, 12, 31))


def test_2026_is_as_the_state_council_arranged_it() -> None:
    off = [
        "01-01",
        "01-03",
        "02-15",
        "02-23",
        "04-04",
        "04-06",
        "05-01",
        "05-05",
        "06-19",
        "06-21",
        "09-25",
        "09-27",
        "10-01",
        "10-07",
    ]
    work = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert not any(CALENDAR.is_working(date.fromisoformat(f"2026-{d}")) for d in off)
    assert all(CALENDAR.is_working(date.fromisoformat(f"2026-{d}")) for d in work)
    assert CALENDAR.day(date(2026, 2, 14)).kind is DayKind.MAKE_UP


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_known_number_of_working_days(year: int, days: int) -> None:
    assert CALENDAR.working_days(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_a_year_without_a_notice_is_provisional_and_keeps_its_statutory_days() -> None:
    day = CALENDAR.day(date(2027, 2, 8))
    assert day.kind is DayKind.HOLIDAY and day.is_provisional and day.name == "春节"
    assert CALENDAR.is_provisional(2027) and not CALENDAR.is_provisional(2026)
    assert CALENDAR.day(date(2027, 2, 9)).kind is DayKind.WORKING


def test_a_notice_may_move_the_last_days_of_the_year_before() -> None:
    rows = [*package_days(), CalendarDay(date(2026, 12, 31), DayKind.HOLIDAY, "2027 年通知")]
    moved = Calendar(rows, noticed_years=package_years(), version="x")
    assert not moved.is_working(date(2026, 12, 31))
    assert moved.is_provisional(2027)


@given(DATES)
def test_every_day_has_a_kind_and_a_source(on: date) -> None:
    day = CALENDAR.day(on)
    assert day.source and day.kind.is_working is CALENDAR.is_working(on)


@given(DATES, st.integers(1, 300))
def test_adding_working_days_is_counting_them_one_by_one(on: date, number: int) -> None:
    day, left = on, number
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_working(day)
    assert CALENDAR.add_working_days(on, number) == day
    assert CALENDAR.working_days(on, day) == number


def test_a_slip_of_the_pen_is_named() -> None:
    with pytest.raises(OutOfCalendarError, match="不在日历范围"):
        CALENDAR.is_working(date(1066, 10, 14))

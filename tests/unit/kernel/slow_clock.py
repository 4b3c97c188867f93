"""A second, naive reckoning of deadlines, written from the law's words and sharing no code.

It walks day by day with plain conditions. Tests hold the kernel against it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Stops = list[tuple[date, date | None]]
ONE = timedelta(days=1)


def is_stopped(day: date, stops: Stops) -> bool:
    return any(begin < day and (end is None or day <= end) for begin, end in stops)


def due_working(
    started: date,
    number: int,
    is_working: Callable[[date], bool],
    stops: Stops,
    horizon: int = 4000,
) -> date | None:
    if number == 0:
        day = started
        for _ in range(horizon):
            if is_working(day) and not is_stopped(day, stops):
                return day
            day += ONE
        return None
    day, counted = started, 0
    for _ in range(horizon):
        day += ONE
        if is_working(day) and not is_stopped(day, stops):
            counted += 1
            if counted == number:
                return day
    return None


def due_natural(
    started: date,
    number: int,
    is_working: Callable[[date], bool],
    stops: Stops,
    horizon: int = 4000,
) -> date | None:
    day, counted = started, 0
    for _ in range(horizon):
        day += ONE
        if is_stopped(day, stops):
            continue
        counted += 1
        if counted >= number and is_working(day):
            return day
    return None


def month_end(started: date, months: int) -> int:
    """Natural days from the start to the corresponding day (or the month's last)."""
    index = started.year * 12 + started.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(started.day, last)) - started).days

"""The window in which a renewal is applied for, reckoned back from the last day of validity.

An application is taken for a renewal where it is for the same item by the same applicant and was
received inside the window; then, if it is undecided on the last day and the item's law says so,
the certificate is deemed renewed (行政许可法 §50). One received after the window was not in time,
one before it may be another matter (a second shop): neither keeps a certificate in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import Limit, Unit
from yiwang.kernel.clock.reckoning import add_months

DEFAULT_OPENS = Limit(60, Unit.NATURAL_DAY)
REMIND_BEFORE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day on which a renewal may be applied for; both included."""

    opens_on: date
    closes_on: date

    def holds(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on

    @property
    def reminds_on(self) -> date:
        """The second reminder: ten days before the end, never before the start."""
        return max(self.opens_on, self.closes_on - REMIND_BEFORE)


def before(last: date, limit: Limit, calendar: Calendar) -> date:
    """The latest day that is at least `limit` before `last`."""
    if limit.unit is Unit.MONTH:
        return add_months(last, -limit.number)
    if limit.unit is not Unit.WORKING_DAY:
        return last - timedelta(days=limit.number)
    day = last
    while calendar.working_days(day, last) < limit.number:
        day -= timedelta(days=1)
    return day


def renewal_window(
    valid_until: date, opens: Limit | None, closes: Limit | None, calendar: Calendar
) -> Window:
    """The window of an item's rule; without one, the last sixty days of validity."""
    begin = before(valid_until, opens or DEFAULT_OPENS, calendar)
    end = before(valid_until, closes, calendar) if closes is not None else valid_until
    return Window(min(begin, end), end)

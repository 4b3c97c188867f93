"""Limits that end at an instant: hours, minutes and working hours.

民法典 §201: a period in hours runs from the hour agreed. Pauses are taken as instants here,
half-open [started, ended), overlapping time counted once. Working hours are the hall's opening
intervals on working days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock.limits import Pause, Unit
from yiwang.kernel.moment import BEIJING, start_of_day

Stretch = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening intervals of a working day, in order, half-open."""

    intervals: tuple[tuple[time, time], ...]

    def of(self, on: date) -> tuple[tuple[datetime, datetime], ...]:
        return tuple(
            (datetime.combine(on, a, BEIJING), datetime.combine(on, b, BEIJING))
            for a, b in self.intervals
        )

    @property
    def closing(self) -> time:
        return self.intervals[-1][1]


DEFAULT_HOURS = OfficeHours(((time(9), time(12)), (time(13), time(17))))


def instant_deadline(
    started: datetime | date,
    number: int,
    unit: Unit,
    calendar: Calendar,
    pauses: Sequence[Pause],
    hours: OfficeHours,
) -> datetime | None:
    """The instant the period has run out, or None while a pause is open before it.

    Raises ValueError when `started` has no time of day.
    """
    if not isinstance(started, datetime):
        raise ValueError("按小时或分钟计算的期限,起算时间必须精确到分钟")
    stretches = _merge(pauses, started)
    if unit is Unit.WORKING_HOUR:
        return _working(started, timedelta(hours=number), calendar, stretches, hours)
    due = started + (timedelta(hours=number) if unit is Unit.HOUR else timedelta(minutes=number))
    for start, end in stretches:
        if start >= due:
            break
        if end is None:
            return None
        due += end - start
    return due


def _instant(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else start_of_day(moment)


def _merge(pauses: Sequence[Pause], started: datetime) -> list[Stretch]:
    merged: list[Stretch] = []
    for pause in sorted(pauses, key=lambda p: _instant(p.started)):
        start = max(_instant(pause.started), started)
        end = _instant(pause.ended) if pause.ended is not None else None
        if end is not None and end <= start:
            continue
        if merged and (merged[-1][1] is None or start <= merged[-1][1]):
            last = merged[-1][1]
            merged[-1] = (merged[-1][0], None if last is None or end is None else max(last, end))
        else:
            merged.append((start, end))
    return merged


def _working(
    started: datetime,
    left: timedelta,
    calendar: Calendar,
    stretches: list[Stretch],
    hours: OfficeHours,
) -> datetime | None:
    day = started.astimezone(BEIJING).date()
    while True:
        day = calendar.next_working_day(day)
        for opening, closing in hours.of(day):
            for begin, end in _free(max(opening, started), closing, stretches):
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        if any(start <= start_of_day(day) and end is None for start, end in stretches):
            return None
        day += timedelta(days=1)


def _free(
    begin: datetime, end: datetime, stretches: list[Stretch]
) -> list[tuple[datetime, datetime]]:
    """What is left of [begin, end) outside every pause."""
    free = []
    for start, stop in stretches:
        if start >= end:
            break
        if stop is not None and stop <= begin:
            continue
        if start > begin:
            free.append((begin, start))
        if stop is None:
            return free
        begin = stop
    if begin < end:
        free.append((begin, end))
    return free

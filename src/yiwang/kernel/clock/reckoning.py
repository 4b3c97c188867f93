"""The deadline of a limit, in closed form.

Day limits are arithmetic on the calendar's running count, so a deadline costs the same for three
days and for three months; `explain` walks the same days one by one and a property test holds the
two together. 民法典 §201 (the day of the event is not counted), §203 (rest day at the end),
行政许可法 §45 (stops), §82 (working days).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock.hours import DEFAULT_HOURS, OfficeHours, instant_deadline
from yiwang.kernel.clock.limits import Extension, Limit, Pause, Roll, Unit
from yiwang.kernel.moment import civil_date, end_of_day

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A reckoned limit. `due_on`/`due_at` are None while a pause is open.

    `due_at` is the first instant that is too late: 24:00 of the due day for day limits, the very
    instant for hour and minute limits.
    """

    limit: Limit
    number: int
    started: date
    spans: tuple[Span, ...]
    due_on: date | None
    due_at: datetime | None
    is_provisional: bool
    calendar_version: str
    floor: date | None = None

    @property
    def is_paused(self) -> bool:
        return self.due_at is None

    def is_late(self, moment: datetime) -> bool:
        """True from `due_at` on; never while paused."""
        return self.due_at is not None and moment >= self.due_at


def merge_spans(pauses: Sequence[Pause], started: date) -> tuple[Span, ...]:
    """Pauses as sorted, disjoint (start, end] day spans: overlapping days are lost only once."""
    spans = sorted(
        (
            (civil_date(p.started), civil_date(p.ended) if p.ended is not None else None)
            for p in pauses
        ),
        key=lambda span: span[0],
    )
    merged: list[Span] = []
    for start, end in spans:
        start = max(start, started)
        if end is not None and end <= start:
            continue
        if merged and _touches(merged[-1], start):
            merged[-1] = (merged[-1][0], _later(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _touches(span: Span, start: date) -> bool:
    return span[1] is None or start <= span[1]


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)


def deadline(
    started: datetime | date,
    limit: Limit,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    *,
    hours: OfficeHours = DEFAULT_HOURS,
    floor: date | None = None,
) -> Reckoning:
    """When the limit ends.

    `floor` is a due day already communicated that a later calendar notice may not shorten.
    Raises ValueError for an hour or minute limit that starts on a bare date.
    """
    number = limit.number + sum(extension.number for extension in extensions)
    start_day = civil_date(started)
    spans = merge_spans(pauses, start_day)
    if limit.unit.is_daily:
        due_on = _due_day(start_day, number, limit, calendar, spans)
        if due_on is not None and floor is not None and due_on < floor:
            due_on = floor
        due_at = end_of_day(due_on) if due_on is not None else None
    else:
        due_at = instant_deadline(started, number, limit.unit, calendar, pauses, hours)
        due_on = civil_date(due_at) if due_at is not None else None
    last = due_on or start_day
    provisional = any(calendar.is_provisional(y) for y in range(start_day.year, last.year + 1))
    return Reckoning(
        limit, number, start_day, spans, due_on, due_at, provisional, calendar.version, floor
    )


def _due_day(
    started: date, number: int, limit: Limit, calendar: Calendar, spans: tuple[Span, ...]
) -> date | None:
    if limit.unit is Unit.WORKING_DAY:
        return _due_working(started, number, calendar, spans)
    if limit.unit is Unit.MONTH:
        due: date | None = _pushed(add_months(started, number), spans)
    else:
        due = _pushed(started + timedelta(days=number), spans)
    if due is None or limit.roll is Roll.NONE:
        return due
    return _rolled(due, calendar, spans)


def _due_working(
    started: date, number: int, calendar: Calendar, spans: tuple[Span, ...]
) -> date | None:
    due = calendar.next_working_day(started)
    if number > 0:
        due = calendar.add_working_days(started, number)
    for start, end in spans:
        if start >= due:
            break  # the period had already run out: a later stop heals nothing
        if end is None:
            return None
        lost = calendar.working_days(start, end)
        if lost:
            due = calendar.add_working_days(due, lost)
    return due


def _pushed(due: date, spans: tuple[Span, ...]) -> date | None:
    for start, end in spans:
        if start >= due:
            break
        if end is None:
            return None
        due += end - start
    return due


def _rolled(due: date, calendar: Calendar, spans: tuple[Span, ...]) -> date | None:
    """The first working day from `due` on that is not inside a pause."""
    while True:
        due = calendar.next_working_day(due)
        inside = next((s for s in spans if s[0] < due and (s[1] is None or due <= s[1])), None)
        if inside is None:
            return due
        if inside[1] is None:
            return None
        due = inside[1] + timedelta(days=1)


def add_months(on: date, number: int) -> date:
    """The corresponding day `number` months on, or that month's last day (民法典 §202)."""
    month = on.month - 1 + number
    year, month = on.year + month // 12, month % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))

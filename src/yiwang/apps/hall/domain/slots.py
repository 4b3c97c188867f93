"""Opening hours by weekday and the half hours that can be booked. Minutes count from midnight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.apps.hall.domain.vocabulary import RosterHalf
from yiwang.kernel.moment import start_of_day

STEP, NOON, MIDNIGHT = 30, 12 * 60, 24 * 60
Span = tuple[int, int]
Hours = dict[int, list[Span]]  # weekday (0 is Monday) → spans in order
_SPAN = re.compile(r"([0-2]?[0-9]):([0-5][0-9])[-—–~至]([0-2]?[0-9]):([0-5][0-9])")


class HoursError(ValueError):
    """The hours typed cannot be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Half an hour of a zone: `free` of `places` are left."""

    starts_at: datetime
    places: int
    free: int

    @property
    def is_free(self) -> bool:
        return self.free > 0


def parse_spans(text: str) -> list[Span]:
    """`09:00-12:00 14:00-17:30` in order, on half hours. Raises HoursError."""
    spans: list[Span] = []
    for part in text.replace("、", " ").replace(",", " ").replace(",", " ").split():
        found = _SPAN.fullmatch(part.replace(":", ":"))
        if found is None:
            raise HoursError("请写成 09:00-12:00 14:00-17:30 的样子,不开放的日子留空。")
        first, last = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
        if first % STEP or last % STEP:
            raise HoursError("开始和结束要在整点或者半点。")
        if not first < last <= MIDNIGHT or (spans and first < spans[-1][1]):
            raise HoursError("结束要晚于开始,各段按先后写,不能重叠。")
        spans.append((first, last))
    return spans


def spans_in_words(spans: Iterable[Span]) -> str:
    return " ".join(f"{_clock(first)}-{_clock(last)}" for first, last in spans)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def half_of(moment: datetime) -> RosterHalf:
    """The half of its day, in the moment's own (Beijing) time."""
    return RosterHalf.MORNING if moment.hour < NOON // 60 else RosterHalf.AFTERNOON


def bounds_of_half(on: date, half: RosterHalf) -> tuple[datetime, datetime]:
    """From when until when half a day lasts."""
    begin, noon = start_of_day(on), start_of_day(on) + timedelta(minutes=NOON)
    if half is RosterHalf.MORNING:
        return begin, noon
    return noon, begin + timedelta(days=1)


def times_of(on: date, hours: Mapping[int, Iterable[Span]]) -> list[datetime]:
    """The beginnings of a day's half hours."""
    begin = start_of_day(on)
    return [
        begin + timedelta(minutes=minute)
        for first, last in hours.get(on.weekday(), ())
        for minute in range(first, last, STEP)
    ]


def open_slots(
    *,
    days: Iterable[date],
    hours: Mapping[int, Iterable[Span]],
    places: int,
    staffed: Iterable[tuple[date, RosterHalf]],
    booked: Mapping[datetime, int],
    after: datetime,
) -> list[Slot]:
    """The half hours of these days that begin after a moment and in which somebody is rostered.

    `booked`: how many places of a half hour are taken. Full ones are listed with nothing free.
    """
    there = frozenset(staffed)
    return [
        Slot(time, places, max(0, places - booked.get(time, 0)))
        for on in days
        for time in times_of(on, hours)
        if time > after and (on, half_of(time)) in there
    ]

"""The working calendar: which days count.

A calendar is compiled once from rows of our own table (date, kind, source) into a running count
of working days, so that a deadline is arithmetic on two indexes, not a walk. A year that has no
notice is *provisional*: weekends and statutory days, never an exception, never silent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yiwang.kernel.statutory_days import ARTICLE, statutory_days

FIRST_YEAR, LAST_YEAR = 1990, 2120


class DayKind(StrEnum):
    WORKING = "WORKING"
    REST = "REST"
    HOLIDAY = "HOLIDAY"
    MAKE_UP = "MAKE_UP"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_working(self) -> bool:
        return self in (DayKind.WORKING, DayKind.MAKE_UP)


_LABELS = {
    DayKind.WORKING: "工作日",
    DayKind.REST: "休息日",
    DayKind.HOLIDAY: "法定节假日",
    DayKind.MAKE_UP: "调休上班日",
}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day as the calendar knows it; `source` names the notice or the rule it comes from."""

    on: date
    kind: DayKind
    source: str
    name: str = ""
    is_provisional: bool = False


class OutOfCalendarError(ValueError):
    """A date outside 1990–2120: a typing slip, not a question of law."""


class Calendar:
    """An immutable compiled calendar.

    `version` names the state of the table it was compiled from: clocks record it, so that a due
    day can be recomputed with the calendar it was told with.
    """

    def __init__(
        self, rows: Iterable[CalendarDay], *, noticed_years: Iterable[int], version: str
    ) -> None:
        # The noticed years are given, not read off the rows: the notice for one year may move
        # the last days of the year before (2007-12-29) or the first ones of the year after.
        self.version = version
        self._rows = {row.on: row for row in rows}
        self._noticed_years = frozenset(noticed_years)
        self._statutory: dict[int, dict[date, str]] = {}
        self._base = date(FIRST_YEAR, 1, 1)
        self._compile()

    def _compile(self) -> None:
        # _count[i]: working days among the first i days; _working[k]: the k-th working day.
        self._count = [0]
        self._working: list[int] = []
        length = (date(LAST_YEAR, 12, 31) - self._base).days + 1
        base = self._base.toordinal()
        for index in range(length):
            if self._kind(date.fromordinal(base + index)).is_working:
                self._working.append(index)
            self._count.append(len(self._working))

    def _kind(self, on: date) -> DayKind:
        row = self._rows.get(on)
        if row is not None:
            return row.kind
        if on.year not in self._noticed_years and on in self._statutory_of(on.year):
            return DayKind.HOLIDAY
        return DayKind.WORKING if on.weekday() < 5 else DayKind.REST

    def _statutory_of(self, year: int) -> dict[date, str]:
        if year not in self._statutory:
            self._statutory[year] = statutory_days(year)
        return self._statutory[year]

    def _index(self, on: date) -> int:
        index = on.toordinal() - self._base.toordinal()
        if 0 <= index < len(self._count) - 1:
            return index
        raise OutOfCalendarError(f"日期 {on} 不在日历范围({FIRST_YEAR}–{LAST_YEAR} 年)内")

    def day(self, on: date) -> CalendarDay:
        """The day with its kind and source; provisional where the year has no notice."""
        row = self._rows.get(on)
        if row is not None:
            return row
        self._index(on)
        kind = self._kind(on)
        if on.year in self._noticed_years:
            return CalendarDay(on, kind, "周一至周五为工作日")
        name = self._statutory_of(on.year).get(on, "")
        source = ARTICLE if name else f"{on.year} 年放假安排尚未公布,按周末与法定节假日暂计"
        return CalendarDay(on, kind, source, name, is_provisional=True)

    def is_working(self, on: date) -> bool:
        index = self._index(on)
        return self._count[index + 1] > self._count[index]

    def is_provisional(self, year: int) -> bool:
        """True where no notice for that year has been entered."""
        return year not in self._noticed_years

    def working_days(self, after: date, until: date) -> int:
        """Working days d with after < d <= until; 0 where the interval is empty."""
        if until <= after:
            return 0
        return self._count[self._index(until) + 1] - self._count[self._index(after) + 1]

    def add_working_days(self, on: date, number: int) -> date:
        """The `number`-th working day after `on` (number >= 1)."""
        position = self._count[self._index(on) + 1] + number - 1
        if position >= len(self._working):
            raise OutOfCalendarError("期限超出日历范围,请检查起算日和天数")
        return self._base + timedelta(days=self._working[position])

    def next_working_day(self, on: date) -> date:
        """`on` itself if it is a working day, else the first one after it."""
        position = bisect_left(self._working, self._index(on))
        return self._base + timedelta(days=self._working[position])

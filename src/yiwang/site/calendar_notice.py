"""Entering a holiday notice: the days, the due dates that move, and the record of both.

One transaction: either the calendar and every open case know the notice, or nothing does. What
acted meanwhile on a calendar that was still kept in another process is settled a minute later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from yiwang.apps.cases.operations.moving import Move, move_due_dates, moves
from yiwang.apps.people.permissions import MANAGE_CALENDAR
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.calendars.current import compiled_now, forget
from yiwang.foundation.calendars.models import CalendarNotice, CalendarRow
from yiwang.foundation.record.writing import append
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.calendar import Calendar, CalendarDay, DayKind
from yiwang.kernel.moment import civil_date
from yiwang.kernel.statutory_days import statutory_days

SETTLE = "calendar.settle"
SETTLE_AFTER = timedelta(minutes=1)
LOCK = 7_110_001  # one notice at a time
MOST_LINES, LONGEST_RANGE = 120, timedelta(days=30)

_DAY = r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:至|到|~|—)\s*{_DAY})?\s*(休|班|常)\s*(.{{0,40}})")
EXAMPLE = "2027-02-05 休 春节"


class NoticeError(Exception):
    """The notice cannot be entered; `problems` are sentences with their line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"有 {len(problems)} 处需要修改。")
        self.problems = problems
        self.message = str(self)


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a notice: `word` as written (休, 班, 常), `kind` what it makes of the day."""

    on: date
    word: str
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What entering the notice would do: days that change kind, and cases that move or are held."""

    days: list[NoticeDay]
    changed: list[tuple[CalendarDay, NoticeDay]]
    moves: list[Move]

    @property
    def moved(self) -> int:
        return sum(move.is_moved for move in self.moves)


@dataclass(frozen=True, slots=True)
class Entered:
    notice: CalendarNotice
    moved: int
    held: int


def parse_days(text: str) -> list[NoticeDay]:
    """One day or range a line: `2027-02-05 休 春节`, `2027-02-07 班`, `2027-02-05 至 2027-02-11 休
    春节`; 常 makes a day ordinary again. Raises NoticeError with every line at once."""
    found: dict[date, NoticeDay] = {}
    problems = []
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines[: MOST_LINES + 1], 1):
        if not line or line.startswith("#"):
            continue
        try:
            for day in _days_of(line):
                if day.on in found:
                    raise ValueError(f"{day.on} 写了两次")
                found[day.on] = day
        except ValueError as error:
            problems.append(f"第 {number} 行「{line[:40]}」:{error}。")
    if len(lines) > MOST_LINES:
        problems.append(f"最多 {MOST_LINES} 行。")
    if not found and not problems:
        problems.append(f"请逐行写明放假和上班的日子,例如「{EXAMPLE}」。")
    if problems:
        raise NoticeError(problems)
    return [found[on] for on in sorted(found)]


def _days_of(line: str) -> Iterator[NoticeDay]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"看不懂,请写成「{EXAMPLE}」的样子,休、班、常三选一")
    first = _date(match.group(1, 2, 3))
    last = _date(match.group(4, 5, 6)) if match[4] else first
    if not first <= last <= first + LONGEST_RANGE:
        raise ValueError("起止日期前后颠倒,或者超过 31 天")
    while first <= last:
        yield NoticeDay(first, match[7], _kind(match[7], first), match[8].strip())
        first += timedelta(days=1)


def _date(parts: tuple[str, ...]) -> date:
    try:
        return date(*map(int, parts))
    except ValueError as error:
        raise ValueError("没有这一天") from error


def _kind(word: str, on: date) -> DayKind:
    if word == "休":
        return DayKind.HOLIDAY
    if word == "班" and on.weekday() >= 5:
        return DayKind.MAKE_UP
    return DayKind.WORKING if on.weekday() < 5 else DayKind.REST


def _check(year: int, title: str, days: list[NoticeDay], present: Calendar) -> None:
    """Raises NoticeError: what a slip of the pen would do to every deadline of the city."""
    problems = []
    if len(title.strip()) < 4:
        problems.append("请写明通知的名称,例如「国务院办公厅关于2027年部分节假日安排的通知」。")
    around = timedelta(days=31)
    for day in days:
        if not date(year, 1, 1) - around <= day.on <= date(year, 12, 31) + around:
            problems.append(f"{day.on} 不在 {year} 年,请核对年份。")
        elif day.word == "班" and present.day(day.on).kind is DayKind.WORKING:
            problems.append(f"{day.on} 本来就是工作日,写「班」多半是日期错了。")
    if present.is_provisional(year):
        off = {day.on for day in days if day.kind is DayKind.HOLIDAY}
        problems += [
            f"{on} 是{name},按法律放假,但没有列为「休」。"
            for on, name in statutory_days(year).items()
            if on not in off
        ]
    if problems:
        raise NoticeError(problems)


def _with(days: Iterable[NoticeDay], year: int, title: str) -> Calendar:
    """The calendar as it would be with these days on top of the table."""
    names = {notice.pk: notice.title for notice in CalendarNotice.objects.all()}
    rows = {
        row.on: CalendarDay(row.on, DayKind(row.kind), names[row.notice_id], row.name)
        for row in CalendarRow.objects.all()
    }
    rows |= {day.on: CalendarDay(day.on, day.kind, title, day.name) for day in days}
    years = {*CalendarNotice.objects.values_list("year", flat=True), year}
    return Calendar(rows.values(), noticed_years=years, version="preview")


def preview_notice(*, year: int, title: str, text: str, actor: Actor) -> Preview:
    """What would change; nothing is written. Raises NoticeError, AccessDeniedError."""
    actor.require(MANAGE_CALENDAR)
    days, present = parse_days(text), compiled_now()
    _check(year, title, days, present)
    changed = [
        (present.day(day.on), day) for day in days if present.day(day.on).kind is not day.kind
    ]
    return Preview(days, changed, list(moves(_with(days, year, title))))


@transaction.atomic
def enter_notice(
    *, year: int, title: str, document_number: str, text: str, actor: Actor, at: datetime
) -> Entered:
    """Enter the notice and move what it moves. Raises NoticeError, AccessDeniedError."""
    actor.require(MANAGE_CALENDAR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    days = parse_days(text)
    _check(year, title, days, compiled_now())
    notice = CalendarNotice.objects.create(
        year=year,
        title=title.strip()[:200],
        document_number=document_number.strip()[:80],
        entered_at=at,
        entered_by=actor.ref,
    )
    CalendarRow.objects.bulk_create(
        [CalendarRow(on=d.on, kind=d.kind.value, name=d.name, notice=notice) for d in days],
        update_conflicts=True,
        unique_fields=["on"],
        update_fields=["kind", "name", "notice"],
    )
    found = _move_all(notice, actor, at)
    append(
        subject=f"calendar:{year}",
        operation="calendar.notice",
        actor=actor.ref,
        at=at,
        facts={
            "notice": notice.pk,
            "days": {str(day.on): day.kind.value for day in days},
            "moved": sum(move.is_moved for move in found),
            "held": sum(not move.is_moved for move in found),
        },
    )
    set_timers(f"calendar:{notice.pk}", {SETTLE: at + SETTLE_AFTER})
    transaction.on_commit(forget)
    moved = sum(move.is_moved for move in found)
    return Entered(notice, moved, len(found) - moved)


def _move_all(notice: CalendarNotice, actor: Actor, at: datetime) -> list[Move]:
    days = compiled_now()
    found = [
        move_due_dates(
            case_id=move.case.pk,
            days=days,
            notice_id=notice.pk,
            reason=notice.title,
            actor=actor,
            at=at,
        )
        for move in list(moves(days))
    ]
    return [move for move in found if move is not None]


def settle(subject: str, at: datetime) -> None:
    """A minute after: cases that another process reckoned with the calendar it still kept."""
    notice = CalendarNotice.objects.filter(pk=int(subject.removeprefix("calendar:"))).first()
    if notice is not None:
        forget()
        _move_all(notice, system_actor("calendar"), at)


@dataclass(frozen=True, slots=True)
class YearOfDays:
    """A year as the table has it: its notices, and the days that are not simply weekdays."""

    year: int
    notices: list[CalendarNotice]
    days: list[CalendarDay]

    @property
    def is_provisional(self) -> bool:
        return not self.notices


def year_of_days(year: int) -> YearOfDays:
    """Three statements. A year without a notice shows the statutory days it is reckoned with."""
    present = compiled_now()
    on, days = date(year, 1, 1), []
    while on.year == year:
        day = present.day(on)
        if day.kind in (DayKind.HOLIDAY, DayKind.MAKE_UP) or day.name:
            days.append(day)
        on += timedelta(days=1)
    notices = CalendarNotice.objects.filter(year=year).order_by("id")
    return YearOfDays(year, list(notices), days)


def years_shown(at: datetime) -> range:
    """Last year to the year after next."""
    year = civil_date(at).year
    return range(year - 1, year + 3)

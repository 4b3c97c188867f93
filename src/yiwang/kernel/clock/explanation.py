"""Why a limit ends when it ends: one line a day, each with its reason and article.

This walks the days one by one. It is the slow twin of `deadline`, and the two are held together
by a property test: anyone may count the lines by hand and must agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yiwang.kernel.calendar import Calendar, CalendarDay
from yiwang.kernel.clock.limits import Pause, Unit
from yiwang.kernel.clock.reckoning import Reckoning, add_months
from yiwang.kernel.moment import WEEKDAYS, civil_date

NEXT_DAY = "民法典 §201"
ROLLED = "民法典 §203"


class Mark(StrEnum):
    START = "START"
    COUNTED = "COUNTED"
    REST = "REST"
    HOLIDAY = "HOLIDAY"
    MAKE_UP = "MAKE_UP"
    PAUSED = "PAUSED"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the strip. `ordinal` is the day's number where it is counted."""

    on: date
    mark: Mark
    ordinal: int | None
    reason: str
    article: str
    is_provisional: bool = False


class StandingKind(StrEnum):
    RUNNING = "RUNNING"
    DUE_TODAY = "DUE_TODAY"
    PAUSED = "PAUSED"
    OVERDUE = "OVERDUE"
    DONE = "DONE"
    DONE_LATE = "DONE_LATE"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clock stands: `number` is remaining (or overdue) days of the limit's unit."""

    kind: StandingKind
    number: int
    text: str


def explain(
    reckoning: Reckoning,
    calendar: Calendar,
    pauses: Sequence[Pause],
    *,
    until: date | None = None,
) -> tuple[DayLine, ...]:
    """Every day from the start event to the due day, or to `until` where that is later.

    Hour and minute limits get the days they touch.
    """
    return tuple(_walk(reckoning, calendar, pauses, until or reckoning.started))


def _walk(
    reckoning: Reckoning, calendar: Calendar, pauses: Sequence[Pause], until: date
) -> Iterator[DayLine]:
    due, day, count = reckoning.due_on, reckoning.started, 0
    start_reason = f"{reckoning.limit.start.label}当日,不计入"
    is_same_day = reckoning.number == 0 and due == day
    first = calendar.day(day)
    yield DayLine(
        day,
        Mark.DUE if is_same_day else Mark.START,
        None,
        "当日办结" if is_same_day else start_reason,
        reckoning.limit.article if is_same_day else NEXT_DAY,
        first.is_provisional,
    )
    last = max(due or until, until)
    while day < last:
        day += timedelta(days=1)
        line = _line(reckoning, calendar.day(day), pauses, count)
        count = line.ordinal or count
        yield line


def _line(reckoning: Reckoning, day: CalendarDay, pauses: Sequence[Pause], count: int) -> DayLine:
    due = reckoning.due_on
    if due is not None and day.on > due:
        return DayLine(day.on, Mark.OVERDUE, None, _overdue_word(day), "", day.is_provisional)
    pause = _pause_on(day.on, pauses, reckoning.started)
    if pause is not None:
        reason = f"停止计时:{pause.ground or '依法停止'},不计入"
        return DayLine(day.on, Mark.PAUSED, None, reason, pause.article, day.is_provisional)
    if reckoning.limit.unit.is_daily and count >= _days_to_count(reckoning):
        return _after_count(reckoning, day)
    if reckoning.limit.unit is Unit.WORKING_DAY and not day.kind.is_working:
        return _rest(day, reckoning.limit.rest_article)
    mark = Mark.DUE if day.on == due else _counted_mark(day)
    word = "到期日" if day.on == due else _counted_word(day)
    reason = f"{word},第 {count + 1} 日"
    article = reckoning.limit.article
    return DayLine(day.on, mark, count + 1, reason, article, day.is_provisional)


def _days_to_count(reckoning: Reckoning) -> int:
    """Days a daily limit counts; a month has as many as lie before its corresponding day."""
    if reckoning.limit.unit is Unit.MONTH:
        return (add_months(reckoning.started, reckoning.number) - reckoning.started).days
    return reckoning.number


def _after_count(reckoning: Reckoning, day: CalendarDay) -> DayLine:
    """Days after the last counted one: rolled to a working day, or kept as communicated."""
    if day.on == reckoning.due_on:
        word = "已告知的到期日" if day.on == reckoning.floor else "顺延后的到期日"
        article = "" if day.on == reckoning.floor else ROLLED
        return DayLine(day.on, Mark.DUE, None, word, article, day.is_provisional)
    if reckoning.floor is not None:
        reason = "按已告知申请人的日期计,不因放假安排缩短"
        return DayLine(day.on, _counted_mark(day), None, reason, "", day.is_provisional)
    reason = f"{_name(day)},最后一日顺延"
    mark = _counted_mark(day) if day.kind.is_working else _rest(day, "").mark
    return DayLine(day.on, mark, None, reason, ROLLED, day.is_provisional)


def _pause_on(on: date, pauses: Sequence[Pause], started: date) -> Pause | None:
    for pause in pauses:
        begin = max(civil_date(pause.started), started)
        if begin < on and (pause.ended is None or on <= civil_date(pause.ended)):
            return pause
    return None


def _rest(day: CalendarDay, article: str) -> DayLine:
    mark = Mark.HOLIDAY if day.kind.value == "HOLIDAY" else Mark.REST
    return DayLine(day.on, mark, None, f"{_name(day)},不计入", article, day.is_provisional)


def _name(day: CalendarDay) -> str:
    return f"周{WEEKDAYS[day.on.weekday()]},{day.name or day.kind.label}"


def _counted_mark(day: CalendarDay) -> Mark:
    return Mark.MAKE_UP if day.kind.value == "MAKE_UP" else Mark.COUNTED


def _counted_word(day: CalendarDay) -> str:
    return f"{day.kind.label}计入"


def _overdue_word(day: CalendarDay) -> str:
    return "超期" if day.kind.is_working else f"超期后的{day.kind.label}"


def standing(
    reckoning: Reckoning,
    calendar: Calendar,
    pauses: Sequence[Pause],
    *,
    now: datetime,
    finished: datetime | date | None = None,
) -> Standing:
    """Where the clock stands now, or stood when it finished, in words."""
    moment = finished if finished is not None else now
    if finished is not None:
        late = reckoning.due_on is not None and civil_date(finished) > reckoning.due_on
        if isinstance(finished, datetime) and not reckoning.limit.unit.is_daily:
            late = reckoning.is_late(finished)
        number = _distance(reckoning, calendar, civil_date(finished)) if late else 0
        text = f"已办,{_late(reckoning, number)}" if late else "按时办"
        return Standing(StandingKind.DONE_LATE if late else StandingKind.DONE, number, text)
    today = civil_date(moment)
    if reckoning.due_at is None or reckoning.due_on is None:
        ground = next((p.ground for p in pauses if p.ended is None), "")
        return Standing(StandingKind.PAUSED, 0, f"已停止计时:{ground}")
    if reckoning.is_late(now):
        number = _distance(reckoning, calendar, today)
        return Standing(StandingKind.OVERDUE, number, _late(reckoning, number))
    if not reckoning.limit.unit.is_daily:
        return _instant_standing(reckoning.due_at, now)
    if today == reckoning.due_on:
        return Standing(StandingKind.DUE_TODAY, 0, "今天到期")
    left = _left(reckoning, calendar, pauses, today)
    return Standing(StandingKind.RUNNING, left, f"剩 {_amount(reckoning, left)}")


def _amount(reckoning: Reckoning, number: int) -> str:
    natural = reckoning.limit.unit in (Unit.NATURAL_DAY, Unit.MONTH)
    return f"{number} {'天' if natural else '个工作日'}"


def _late(reckoning: Reckoning, number: int) -> str:
    """On the rest days after a due day, and within a limit in hours, no working day is over yet."""
    return f"超期 {_amount(reckoning, number)}" if number else f"超期不足 {_amount(reckoning, 1)}"


def _distance(reckoning: Reckoning, calendar: Calendar, today: date) -> int:
    """Whole days over the due day, in the limit's kind of day."""
    due = reckoning.due_on or today
    if reckoning.limit.unit in (Unit.NATURAL_DAY, Unit.MONTH):
        return (today - due).days
    return calendar.working_days(due, today)


def _left(reckoning: Reckoning, calendar: Calendar, pauses: Sequence[Pause], today: date) -> int:
    due = reckoning.due_on or today
    if reckoning.limit.unit in (Unit.NATURAL_DAY, Unit.MONTH):
        lost = sum(
            _pause_on(today + timedelta(days=n), pauses, reckoning.started) is not None
            for n in range(1, (due - today).days + 1)
        )
        return (due - today).days - lost
    left = calendar.working_days(max(today, reckoning.started), due)
    for start, end in reckoning.spans:
        if end is not None and end > today:
            left -= calendar.working_days(max(start, today), min(end, due))
    return left


def _instant_standing(due_at: datetime, now: datetime) -> Standing:
    minutes = int((due_at - now).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    text = f"剩 {hours} 小时 {rest} 分" if hours else f"剩 {rest} 分钟"
    return Standing(StandingKind.RUNNING, minutes, text)

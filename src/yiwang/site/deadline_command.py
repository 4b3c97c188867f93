"""`yiwang deadline`: a due day with the reason for every day, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from yiwang.foundation.calendars.package import package_days, package_years
from yiwang.kernel.calendar import Calendar, OutOfCalendarError
from yiwang.kernel.clock import DayLine, Limit, Pause, Reckoning, StartEvent, explain
from yiwang.kernel.clock import deadline as reckon
from yiwang.kernel.moment import BEIJING, WEEKDAYS, chinese_date, civil_date


class InputError(ValueError):
    """The command's words are off; the message says which and how."""


@dataclass(frozen=True)
class Answer:
    """A reckoned deadline with its reasons."""

    reckoning: Reckoning
    lines: tuple[DayLine, ...]

    def as_text(self) -> str:
        r = self.reckoning
        rows = [_due_text(r)]
        if r.is_provisional:
            rows.append("(含放假安排尚未公布的年份,为暂计日期)")
        rows.append(f"期限 {r.limit.label},自 {chinese_date(r.started)} 起算")
        for line in self.lines:
            mark = f"{line.ordinal:>4}" if line.ordinal else "   ·"
            article = f"({line.article})" if line.article else ""
            rows.append(
                f"{mark}  {line.on} 周{WEEKDAYS[line.on.weekday()]}  {line.reason}{article}"
            )
        return "\n".join(rows)

    def as_json(self) -> dict[str, Any]:
        r = self.reckoning
        return {
            "due_on": r.due_on.isoformat() if r.due_on else None,
            "due_at": r.due_at.isoformat() if r.due_at else None,
            "limit": {"number": r.limit.number, "unit": r.limit.unit.value},
            "is_provisional": r.is_provisional,
            "days": [
                {
                    "on": line.on.isoformat(),
                    "mark": line.mark.value,
                    "ordinal": line.ordinal,
                    "reason": line.reason,
                    "article": line.article,
                }
                for line in self.lines
            ],
        }


def _due_text(r: Reckoning) -> str:
    if r.due_on is None:
        return "停止计时中,没有到期日"
    if r.limit.unit.is_daily or r.due_at is None:
        return r.due_on.isoformat()
    return r.due_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


@lru_cache(maxsize=1)
def _calendar() -> Calendar:
    return Calendar(package_days(), noticed_years=package_years(), version="package")


def explain_deadline(start: str, limit: str, pauses: tuple[str, ...]) -> Answer:
    """Raises InputError with what to write instead."""
    try:
        wanted = Limit.parse(
            limit,
            start=StartEvent.ACCEPTED,
            article="行政许可法 §42",
            rest_article="行政许可法 §82",
        )
    except ValueError as error:
        raise InputError(str(error)) from error
    started = _moment(start)
    stops = [_pause(text) for text in pauses]
    try:
        reckoning = reckon(started, wanted, _calendar(), stops)
    except (OutOfCalendarError, ValueError) as error:
        raise InputError(str(error)) from error
    until = max((civil_date(p.started) for p in stops if p.ended is None), default=None)
    return Answer(reckoning, explain(reckoning, _calendar(), stops, until=until))


def _moment(text: str) -> datetime | date:
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"看不懂的日期 {text!r}:请写 2026-03-02,或带时刻 2026-03-02T09:30"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def _pause(text: str) -> Pause:
    begin, dots, end = text.partition("..")
    if not dots:
        raise InputError(
            f"看不懂的停止计时 {text!r}:请写 2026-03-04..2026-03-10,未结束的写 2026-03-04.."
        )
    started, ended = _moment(begin), _moment(end) if end else None
    if ended is not None and civil_date(ended) < civil_date(started):
        raise InputError(f"停止计时 {text!r} 的结束早于开始")
    return Pause(started, ended, ground="停止计时", article="行政许可法 §45")

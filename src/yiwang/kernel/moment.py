"""Beijing time, the only civil time of the platform.

A fixed offset, not a zone database: China has kept UTC+8 without summer time since 1992, and the
kernel may not depend on what zone files a machine has.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")
_OFFSET = timedelta(hours=8)
WEEKDAYS = "一二三四五六日"


def civil_date(moment: datetime | date) -> date:
    """The Beijing calendar day of an aware instant; a plain date is returned as it is.

    Raises ValueError for a naive datetime: a time without a zone has no day.
    """
    if not isinstance(moment, datetime):
        return moment
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a naive datetime has no civil date")
    if offset == _OFFSET:
        return moment.date()
    return moment.astimezone(BEIJING).date()


def start_of_day(on: date) -> datetime:
    """00:00 Beijing time of a day, aware."""
    return datetime.combine(on, time(0), BEIJING)


def end_of_day(on: date) -> datetime:
    """24:00 of a day, that is 00:00 of the next one (民法典 §203: the last day ends at 24:00)."""
    return start_of_day(on + timedelta(days=1))


def chinese_date(on: date) -> str:
    """`2026年11月21日 周六`."""
    return f"{on.year}年{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"

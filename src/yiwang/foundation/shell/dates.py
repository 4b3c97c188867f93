"""How dates and times are written for people: 2026年11月21日 周六 09:00, Beijing time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def local(value: date | datetime) -> date | datetime:
    """Return an aware instant in Beijing time; dates and naive values stay as they are."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(BEIJING)
    return value


def weekday(value: date) -> str:
    """Return one character, 一 to 日."""
    return WEEKDAYS[value.weekday()]


def cn_day(value: date | datetime | None) -> str:
    """Return ``11月21日``, or an empty string for None."""
    if value is None:
        return ""
    day = local(value)
    return f"{day.month}月{day.day}日"


def cn_date(value: date | datetime | None) -> str:
    """Return ``2026年11月21日 周六``, or an empty string for None."""
    if value is None:
        return ""
    day = local(value)
    return f"{day.year}年{day.month}月{day.day}日 周{weekday(day)}"


def cn_datetime(value: datetime | None) -> str:
    """Return ``2026年11月21日 周六 09:00``, or an empty string for None."""
    if value is None:
        return ""
    instant = local(value)
    return f"{cn_date(instant)} {instant:%H:%M}"

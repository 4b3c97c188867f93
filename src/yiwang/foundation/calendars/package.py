"""What the holiday data package knows, in our terms. No database."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from yiwang.kernel.calendar import CalendarDay, DayKind

FIRST_YEAR = 2004


def package_years() -> range:
    """The years the installed package covers (checked once: it raises for a year it lacks)."""
    year = FIRST_YEAR
    while True:
        try:
            chinese_calendar.is_workday(date(year, 12, 31))
        except NotImplementedError:
            return range(FIRST_YEAR, year)
        year += 1


def package_days() -> list[CalendarDay]:
    """Every special day of every year the package covers."""
    source = "国务院办公厅节假日安排"
    return [
        CalendarDay(on, kind, f"{year} 年{source}", name)
        for year in package_years()
        for on, kind, name in special_days(year)
    ]


def special_days(year: int) -> list[tuple[date, DayKind, str]]:
    """Holidays and make-up days of a year; ordinary weekdays and weekends need no row."""
    found: list[tuple[date, DayKind, str]] = []
    on = date(year, 1, 1)
    while on.year == year:
        is_off, name = chinese_calendar.get_holiday_detail(on)
        if is_off and name:
            found.append((on, DayKind.HOLIDAY, _CHINESE.get(name, name)))
        elif not is_off and on.weekday() >= 5:
            found.append((on, DayKind.MAKE_UP, _CHINESE.get(name or "", "")))
        on += timedelta(days=1)
    return found


_CHINESE = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}

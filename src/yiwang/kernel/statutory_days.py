"""Statutory rest days of a year, for years whose State Council notice is not out.

Source: 全国年节及纪念日放假办法 (2024 revision, in force 2025-01-01), §2: 元旦 1 day,
春节 4 (除夕至初三), 清明 1, 劳动节 2 (5月1–2日), 端午 1, 中秋 1, 国庆 3. Lunar dates are
tabulated to 2040; after that only the fixed days are known. A year computed from here is always
marked provisional.
"""

from __future__ import annotations

from datetime import date, timedelta

ARTICLE = "全国年节及纪念日放假办法 §2"

# year: (春节初一, 清明, 端午, 中秋)
_MOVABLE: dict[int, tuple[str, str, str, str]] = {
    2027: ("02-06", "04-05", "06-09", "09-15"),
    2028: ("01-26", "04-04", "05-28", "10-03"),
    2029: ("02-13", "04-04", "06-16", "09-22"),
    2030: ("02-03", "04-05", "06-05", "09-12"),
    2031: ("01-23", "04-05", "06-24", "10-01"),
    2032: ("02-11", "04-04", "06-12", "09-19"),
    2033: ("01-31", "04-04", "06-01", "09-08"),
    2034: ("02-19", "04-05", "06-20", "09-27"),
    2035: ("02-08", "04-05", "06-10", "09-16"),
    2036: ("01-28", "04-04", "05-30", "10-04"),
    2037: ("02-15", "04-04", "06-18", "09-24"),
    2038: ("02-04", "04-05", "06-07", "09-13"),
    2039: ("01-24", "04-05", "05-27", "10-02"),
    2040: ("02-12", "04-04", "06-14", "09-20"),
}


def statutory_days(year: int) -> dict[date, str]:
    """Statutory rest days of `year` with their names; never raises.

    Two feasts on one day (2031: 中秋 on 国庆) share it: what is arranged instead is the notice's
    to say.
    """
    days = {
        date(year, 1, 1): "元旦",
        date(year, 5, 1): "劳动节",
        date(year, 5, 2): "劳动节",
        date(year, 10, 1): "国庆节",
        date(year, 10, 2): "国庆节",
        date(year, 10, 3): "国庆节",
    }
    if year in _MOVABLE:
        spring, qingming, dragon_boat, mid_autumn = (
            date.fromisoformat(f"{year}-{text}") for text in _MOVABLE[year]
        )
        for offset in range(-1, 3):
            days[spring + timedelta(days=offset)] = "春节"
        days[qingming] = "清明节"
        days[dragon_boat] = "端午节"
        days.setdefault(mid_autumn, "中秋节")
    return days

"""Seeding the calendar table from the holiday data package."""

from __future__ import annotations

from datetime import datetime
from importlib import metadata

from django.db import transaction

from yiwang.foundation.calendars.current import forget
from yiwang.foundation.calendars.models import CalendarNotice, CalendarRow
from yiwang.foundation.calendars.package import package_years, special_days

SOURCE = "国务院办公厅节假日安排(chinesecalendar {version} 数据)"


@transaction.atomic
def seed_calendar(*, at: datetime) -> int:
    """Enter the years the package knows that have no notice yet; returns the number of years."""
    known = set(CalendarNotice.objects.values_list("year", flat=True))
    years = [year for year in package_years() if year not in known]
    title = SOURCE.format(version=metadata.version("chinesecalendar"))
    for year in years:
        notice = CalendarNotice.objects.create(
            year=year, title=f"{year} 年{title}", entered_at=at, entered_by="system:seed"
        )
        CalendarRow.objects.bulk_create(
            [
                CalendarRow(on=on, kind=kind.value, name=name, notice=notice)
                for on, kind, name in special_days(year)
            ]
        )
    forget()
    return len(years)

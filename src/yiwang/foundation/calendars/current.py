"""The compiled calendar of the table as it is, cached per process and checked cheaply."""

from __future__ import annotations

import threading
import time

from django.db.models import Count, Max

from yiwang.foundation.calendars.models import CalendarNotice, CalendarRow
from yiwang.kernel.calendar import Calendar, CalendarDay, DayKind

CHECK_EVERY = 5.0  # seconds; a notice takes effect everywhere within this

_lock = threading.Lock()
_calendar: Calendar | None = None
_checked = -CHECK_EVERY


def calendar() -> Calendar:
    """The current calendar. No statement on most calls; one small one every few seconds."""
    global _calendar, _checked
    if _calendar is not None and time.monotonic() - _checked < CHECK_EVERY:
        return _calendar
    with _lock:
        version = _version()
        if _calendar is None or _calendar.version != version:
            _calendar = compile_calendar(version)
        _checked = time.monotonic()
        return _calendar


def compiled_now() -> Calendar:
    """The calendar of the table as this transaction sees it, not kept: for whoever is entering a
    notice that is not committed yet."""
    return compile_calendar(_version())


def forget() -> None:
    """Look at the table again at the next call (after a notice was entered; in tests)."""
    global _checked
    _checked = -CHECK_EVERY


def _version() -> str:
    found = CalendarNotice.objects.aggregate(last=Max("id"), number=Count("id"))
    return f"{found['last'] or 0}.{found['number']}"


def compile_calendar(version: str) -> Calendar:
    """Compile the table (two statements)."""
    notices = {n.pk: n for n in CalendarNotice.objects.all()}
    rows = [
        CalendarDay(row.on, DayKind(row.kind), _source(notices[row.notice_id]), row.name)
        for row in CalendarRow.objects.all()
    ]
    return Calendar(rows, noticed_years={n.year for n in notices.values()}, version=version)


def _source(notice: CalendarNotice) -> str:
    return f"{notice.title} {notice.document_number}".strip()

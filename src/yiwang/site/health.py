"""/healthz: the state of database, worker and calendar."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, JsonResponse

from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import now
from yiwang.foundation.shell.access import public_page
from yiwang.site.upkeep import is_beating


@public_page
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; the worker's and the calendar's state are told, not judged:
    a web node without a worker beside it still serves."""
    begun = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = "ok"
    except Exception as error:
        database = type(error).__name__
    state = {
        "database": database,
        "database_ms": round((time.perf_counter() - begun) * 1000, 1),
        "worker": "ok" if is_beating() else "no heartbeat",
        "calendar": _calendar_state() if database == "ok" else "unknown",
    }
    return JsonResponse(state, status=200 if database == "ok" else 503)


def _calendar_state() -> str:
    at = now().date()
    years = {at.year, (at + timedelta(days=120)).year}
    provisional = sorted(year for year in years if calendar().is_provisional(year))
    return "ok" if not provisional else f"provisional: {', '.join(map(str, provisional))}"

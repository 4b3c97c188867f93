"""/metrics in Prometheus text, for a watcher on this machine or one that knows the token."""

from __future__ import annotations

import hmac
import ipaddress
import os
import shutil
from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.http import require_safe

from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment, read_secret
from yiwang.foundation.shell.access import public_page
from yiwang.site.keeping.backup import last_backup
from yiwang.site.upkeep import is_beating

TYPE = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST")

# Finished cases are not counted: every count here walks a partial index of what is still open.
_QUERY = """
    SELECT 'outbox_pending', '', count(*) FROM outbox_outboxevent WHERE status = 'PENDING'
    UNION ALL
    SELECT 'outbox_failed', '', count(*) FROM outbox_outboxevent WHERE status = 'FAILED'
    UNION ALL
    SELECT 'documents_pending', '', count(*) FROM documents_legaldocument WHERE status <> 'READY'
    UNION ALL
    SELECT 'messages_pending', '', count(*) FROM messaging_message WHERE status = 'PENDING'
    UNION ALL
    SELECT 'timers_overdue', '', count(*) FROM timers_timer WHERE due_at <= %s
    UNION ALL
    SELECT 'jobs', status::text, count(*) FROM procrastinate_jobs
     WHERE status IN ('todo', 'doing', 'failed') GROUP BY status
    UNION ALL
    SELECT 'cases_open', state, count(*) FROM cases_case
     WHERE state IN ('RECEIVED', 'REVIEW', 'GRANTED', 'REFUSED') GROUP BY state
    UNION ALL
    SELECT 'cases_late', '', count(*) FROM cases_case
     WHERE state IN ('RECEIVED', 'REVIEW', 'GRANTED', 'REFUSED') AND sort_due_at <= %s
"""
HELP = {
    "outbox_pending": "Events waiting for delivery",
    "outbox_failed": "Events given up after several attempts",
    "documents_pending": "Documents not yet made",
    "messages_pending": "Messages waiting to be sent",
    "timers_overdue": "Timers due and not yet handled",
    "jobs": "Jobs by status",
    "cases_open": "Open cases by state",
    "cases_late": "Open cases whose running clock is over",
    "disk_free_bytes": "Free space on the disk of the data folder",
    "backup_age_seconds": "Since the last backup made from this data folder; absent if none",
    "worker_up": "1 while the worker's heartbeat is younger than half a minute",
}
LABELS = {"jobs": "status", "cases_open": "state"}


@public_page
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts only; 403 for everybody else. One statement."""
    if not _may_read(request):
        return HttpResponseForbidden("metrics: loopback or bearer token only\n", content_type=TYPE)
    at = request.at  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, [at, at])
        rows = [*cursor.fetchall(), *_of_this_machine()]
    return HttpResponse("".join(_lines(rows)), content_type=TYPE)


def _of_this_machine() -> Iterator[tuple[str, str, int]]:
    settings = environment()
    yield "worker_up", "", int(is_beating())
    yield "disk_free_bytes", "", shutil.disk_usage(settings.data).free
    if (made := last_backup(settings)) is not None:
        yield "backup_age_seconds", "", max(0, int((now() - made).total_seconds()))


def _may_read(request: HttpRequest) -> bool:
    """By token, or straight from this machine: behind a proxy every request comes from it, so
    anything that was forwarded does not count."""
    token = read_secret(os.environ, "YIWANG_METRICS_TOKEN")
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _lines(rows: list[tuple[str, str, int]]) -> Iterator[str]:
    told: set[str] = set()
    for name, label, number in rows:
        if name not in told:
            told.add(name)
            yield f"# HELP yiwang_{name} {HELP[name]}\n# TYPE yiwang_{name} gauge\n"
        labels = f'{{{LABELS[name]}="{label.lower()}"}}' if name in LABELS else ""
        yield f"yiwang_{name}{labels} {number}\n"

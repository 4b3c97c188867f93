"""The worker's own upkeep: heartbeat, stalled jobs, forgotten documents, the daily seal, and at
night what retention lets go."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path

from asgiref.sync import async_to_sync

from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.jobs import defer_documents
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.environment import environment
from yiwang.foundation.record.sealing import seal_due, seal_record
from yiwang.kernel.moment import BEIJING, civil_date

log = logging.getLogger(__name__)
UPKEEP_EVERY = 30.0
STALLED_AFTER = 60
NIGHT = range(2, 5)  # o'clock in Beijing
NIGHTLY_PART = 2000  # rows of each kind
_last = 0.0


def beat_file() -> Path:
    return environment().run / "worker-heartbeat"


def beat() -> None:
    """Say that the worker is alive, outside the database: /healthz reads it."""
    beat_file().touch()


def is_beating() -> bool:
    try:
        return time.time() - beat_file().stat().st_mtime < 30
    except FileNotFoundError:
        return False


def upkeep_once() -> None:
    """Every half minute: recover what a killed worker left; seal the record once a day; at night
    let go what is not kept any longer."""
    global _last
    if time.monotonic() - _last < UPKEEP_EVERY:
        return
    _last = time.monotonic()
    recover_jobs()
    at = now()
    if seal_due(at=at):
        seal_record(environment().roots, environment().keys, at=at)
    retain_at_night(at)


def retain_at_night(at: datetime) -> None:
    """A part every half minute between two and five until nothing is left, once a night.

    In parts, so that events and messages do not wait for it. Several nodes may do it side by
    side: each row goes once.
    """
    from yiwang.site.keeping.retention import carry_out

    done = environment().run / "retention-done"
    today = civil_date(at).isoformat()
    if at.astimezone(BEIJING).hour not in NIGHT:
        return
    if done.exists() and done.read_text(encoding="utf-8") == today:
        return
    lines = carry_out(at=at, most=NIGHTLY_PART)
    gone = {line.name: line.number for line in lines if line.number}
    if gone:
        log.info("retention", extra={"fields": {"gone": gone}})
    if all(number < NIGHTLY_PART for number in gone.values()):
        done.write_text(today, encoding="utf-8")


def recover_jobs() -> int:
    """Put back jobs whose worker died, and queue documents that no job stands for."""
    from procrastinate.contrib.django import app

    recovered = 0

    async def retry() -> int:
        count = 0
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            await app.job_manager.retry_job(job)
            count += 1
        return count

    recovered += async_to_sync(retry)()
    forgotten = LegalDocument.objects.filter(
        status=DocumentStatus.PENDING, made_on__lte=(now() - timedelta(minutes=2)).date()
    ).values_list("subject", flat=True)[:200]
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(
        task_name="documents.make", status__in=["todo", "doing"]
    ).exists()
    if not waiting:
        for subject in set(forgotten):
            recovered += defer_documents(subject)
    return recovered

"""The worker's own upkeep: heartbeat, stalled jobs, forgotten documents, the daily seal."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path

from asgiref.sync import async_to_sync

from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.jobs import defer_documents
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.environment import environment
from yiwang.foundation.record.sealing import seal_due, seal_record

log = logging.getLogger(__name__)
UPKEEP_EVERY = 30.0
STALLED_AFTER = 60
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
    """Every half minute: recover what a killed worker left; seal the record once a day."""
    global _last
    if time.monotonic() - _last < UPKEEP_EVERY:
        return
    _last = time.monotonic()
    recover_jobs()
    at = now()
    if seal_due(at=at):
        seal_record(environment().roots, environment().keys, at=at)


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

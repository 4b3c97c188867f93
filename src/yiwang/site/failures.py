"""What did not work and waits for somebody: jobs, events, timers, documents; and trying again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.apps.partners.models import Push
from yiwang.apps.partners.public import failed_pushes
from yiwang.apps.partners.public import retry_push as push_again
from yiwang.apps.people.permissions import MANAGE_JOBS
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import offset
from yiwang.foundation.documents.jobs import make_document
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.outbox import relay
from yiwang.foundation.outbox.models import OutboxEvent, OutboxStatus
from yiwang.foundation.record.writing import append
from yiwang.foundation.timers.models import Timer

MOST = 50


@dataclass(frozen=True, slots=True)
class Failures:
    """At most fifty of each kind, oldest first. `running` jobs are shown, not complained of."""

    events: list[OutboxEvent]
    delayed: list[OutboxEvent]
    timers: list[Timer]
    documents: list[LegalDocument]
    jobs: list[ProcrastinateJob]
    running: list[ProcrastinateJob]
    pushes: list[Push]

    @property
    def number(self) -> int:
        parts = (self.events, self.delayed, self.timers, self.documents, self.jobs, self.pushes)
        return sum(len(part) for part in parts)


def failures() -> Failures:
    """Six statements, each by a partial index or over a small table."""
    jobs = list(
        ProcrastinateJob.objects.filter(status__in=["failed", "doing"]).order_by("id")[: 2 * MOST]
    )
    return Failures(
        events=list(OutboxEvent.objects.filter(status=OutboxStatus.FAILED).order_by("id")[:MOST]),
        delayed=list(
            OutboxEvent.objects.filter(status=OutboxStatus.PENDING, attempts__gt=0).order_by("id")[
                :MOST
            ]
        ),
        timers=list(Timer.objects.exclude(error="").order_by("due_at", "id")[:MOST]),
        documents=list(
            LegalDocument.objects.exclude(status=DocumentStatus.READY)
            .exclude(error="")
            .defer("content")
            .order_by("made_on")[:MOST]
        ),
        jobs=[job for job in jobs if job.status == "failed"][:MOST],
        pushes=failed_pushes(),
        running=[job for job in jobs if job.status == "doing"][:MOST],
    )


class NothingToRetryError(Exception):
    """It is not there any more: done meanwhile, or tried again by somebody else."""

    message = "这一项已经不在失败清单里了,可能刚刚办成,或者别人已经重试。"


def _tell(subject: str, actor: Actor, at: datetime) -> None:
    append(subject=subject, operation="upkeep.retry", actor=actor.ref, at=at)


@transaction.atomic
def retry_event(*, event_id: int, actor: Actor, at: datetime) -> None:
    """Give a failed event another round. Raises NothingToRetryError."""
    actor.require(MANAGE_JOBS)
    event = (
        OutboxEvent.objects.select_for_update()
        .filter(pk=event_id, status=OutboxStatus.FAILED)
        .first()
    )
    if event is None:
        raise NothingToRetryError
    relay.retry(event)
    _tell(f"outbox:{event_id}", actor, at)


@transaction.atomic
def retry_document(*, document_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """Queue a document that could not be made once more. Raises NothingToRetryError."""
    actor.require(MANAGE_JOBS)
    found = LegalDocument.objects.filter(pk=document_id).exclude(status=DocumentStatus.READY)
    if not found.exists():
        raise NothingToRetryError
    make_document.defer(identifier=str(document_id))
    _tell(f"document:{document_id}", actor, at)


@transaction.atomic
def retry_job(*, job_id: int, actor: Actor, at: datetime) -> None:
    """Put a failed job back. Raises NothingToRetryError."""
    actor.require(MANAGE_JOBS)
    if not ProcrastinateJob.objects.filter(pk=job_id, status="failed").exists():
        raise NothingToRetryError
    # The queue lives by the database's real clock, whatever the demonstration shows.
    app.job_manager.retry_job_by_id(job_id, retry_at=at - offset())
    _tell(f"job:{job_id}", actor, at)


@transaction.atomic
def retry_timer(*, timer_id: int, actor: Actor, at: datetime) -> None:
    """Have a timer looked at again at once. Raises NothingToRetryError."""
    actor.require(MANAGE_JOBS)
    if not Timer.objects.filter(pk=timer_id).exclude(error="").update(due_at=at, attempts=0):
        raise NothingToRetryError
    _tell(f"timer:{timer_id}", actor, at)


@transaction.atomic
def retry_push(*, push_id: int, actor: Actor, at: datetime) -> None:
    """Another three days for an event that did not reach a department's system. Raises
    NothingToRetryError."""
    actor.require(MANAGE_JOBS)
    if not push_again(push_id, at=at):
        raise NothingToRetryError
    _tell(f"push:{push_id}", actor, at)

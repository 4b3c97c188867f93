"""Draining the outbox: in order per subject, several workers side by side, safe under kill -9.

An event's handlers run in one transaction with their delivery rows and the event's status, so a
killed worker leaves either everything or nothing of it.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.foundation.outbox.bus import handlers_of, rebuild
from yiwang.foundation.outbox.models import OutboxDelivery, OutboxEvent, OutboxStatus

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8

# Only the earliest pending event of a subject may go, so that handlers see a subject's events in
# order; an event that waits for its next attempt holds the later ones of its subject back.
_CLAIM = """
    SELECT o.id FROM outbox_outboxevent o
    WHERE o.status = 'PENDING'
      AND (o.next_attempt_at IS NULL OR o.next_attempt_at <= %s)
      AND NOT EXISTS (
          SELECT 1 FROM outbox_outboxevent earlier
          WHERE earlier.status = 'PENDING' AND earlier.subject = o.subject AND earlier.id < o.id
      )
    ORDER BY o.id LIMIT 1
    FOR UPDATE SKIP LOCKED
"""


def drain(*, at: datetime, limit: int = 200) -> int:
    """Deliver up to `limit` pending events; returns how many were taken up."""
    taken = 0
    while taken < limit and deliver_one(at=at):
        taken += 1
    return taken


def deliver_one(*, at: datetime) -> bool:
    """Deliver the next event; False when there is none that may go now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [at])
            row = cursor.fetchone()
        if row is None:
            return False
        event = OutboxEvent.objects.get(pk=row[0])
        try:
            with transaction.atomic():
                _handle(event, at)
        except Exception:
            _note_failure(event, at, traceback.format_exc())
        else:
            event.status = OutboxStatus.DONE
            event.error = ""
            event.save(update_fields=["status", "error"])
    return True


def _handle(event: OutboxEvent, at: datetime) -> None:
    handlers = handlers_of(event.name)
    if not handlers:
        return
    done = set(OutboxDelivery.objects.filter(event=event).values_list("handler", flat=True))
    item = rebuild(event.name, event.payload)
    for name, handler in handlers:
        if name not in done:
            handler(item, at)
            OutboxDelivery.objects.create(event=event, handler=name)


def _note_failure(event: OutboxEvent, at: datetime, text: str) -> None:
    event.attempts += 1
    event.error = text[-4000:]
    if event.attempts >= MOST_ATTEMPTS:
        event.status = OutboxStatus.FAILED
    else:
        event.next_attempt_at = at + timedelta(seconds=2**event.attempts)
    event.save(update_fields=["attempts", "error", "status", "next_attempt_at"])
    log.error("event %s %s failed (%s)", event.pk, event.name, event.attempts)


def retry(event: OutboxEvent) -> None:
    """Give a failed event another round of attempts (administrator's act)."""
    OutboxEvent.objects.filter(pk=event.pk, status=OutboxStatus.FAILED).update(
        status=OutboxStatus.PENDING, attempts=0, next_attempt_at=None
    )

"""Setting and sweeping timers.

A timer's handler decides again whether what it stands for is still true: a timer is a reminder to
look, never itself the truth.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.foundation.timers.models import Timer

log = logging.getLogger(__name__)

Handler = Callable[[str, datetime], None]
_handlers: dict[str, Handler] = {}


def on_due(kind: str, handler: Handler) -> None:
    """Register what happens when a timer of `kind` falls due: handler(subject, at)."""
    if kind in _handlers and _handlers[kind] is not handler:
        raise ValueError(f"timer kind {kind} has a handler already")
    _handlers[kind] = handler


def set_timers(subject: str, wanted: Mapping[str, datetime | None]) -> None:
    """Set, move or (None) drop timers of a subject: at most two statements."""
    dropped = [kind for kind, due_at in wanted.items() if due_at is None]
    kept = {kind: due_at for kind, due_at in wanted.items() if due_at is not None}
    with connection.cursor() as cursor:
        if dropped:
            cursor.execute(
                "DELETE FROM timers_timer WHERE subject = %s AND kind = ANY(%s)",
                [subject, dropped],
            )
        if kept:
            cursor.execute(
                "INSERT INTO timers_timer (subject, kind, due_at, attempts, error) "
                "SELECT %s, wanted.kind, wanted.due_at, 0, '' "
                "FROM unnest(%s::text[], %s::timestamptz[]) AS wanted (kind, due_at) "
                "ON CONFLICT (subject, kind) DO UPDATE SET due_at = EXCLUDED.due_at",
                [subject, list(kept), list(kept.values())],
            )


def set_timer_for_all(subjects: Sequence[str], kind: str, due_at: datetime) -> None:
    """One kind of timer for many subjects: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timers_timer (subject, kind, due_at, attempts, error) "
            "SELECT wanted.subject, %s, %s, 0, '' FROM unnest(%s::text[]) AS wanted (subject) "
            "ON CONFLICT (subject, kind) DO UPDATE SET due_at = EXCLUDED.due_at",
            [kind, due_at, list(subjects)],
        )


def sweep(*, at: datetime, limit: int = 200) -> int:
    """Handle what is due, oldest first; returns how many. Each in its own transaction."""
    done = 0
    while done < limit and _sweep_one(at):
        done += 1
    return done


def _sweep_one(at: datetime) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, subject, kind, attempts, due_at FROM timers_timer WHERE due_at <= %s "
                "ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
                [at],
            )
            row = cursor.fetchone()
        if row is None:
            return False
        identifier, subject, kind, attempts, due_at = row
        try:
            with transaction.atomic():
                # Deleted first: the handler may set the next timer of the same kind.
                Timer.objects.filter(pk=identifier).delete()
                _handlers[kind](subject, at)
        except Exception:
            log.exception("timer %s of %s", kind, subject)
            # Moved to a later look, with the reason kept for the administrator's failure list.
            Timer.objects.filter(pk=identifier).update(
                due_at=max(at, due_at) + timedelta(minutes=min(2**attempts, 60)),
                attempts=attempts + 1,
                error=traceback.format_exc()[-4000:],
            )
    return True

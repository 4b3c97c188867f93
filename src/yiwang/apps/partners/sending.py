"""Sending what is due: claimed in one transaction, sent outside of any, settled in another.

A worker that is killed in between sends it again a minute later: a receiver knows an event by its
id. Any number of workers may send side by side.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.apps.partners.domain.signing import next_attempt, signature
from yiwang.apps.partners.domain.vocabulary import ClientState, PushState
from yiwang.apps.partners.models import Push, Webhook
from yiwang.apps.partners.reaching import UnreachableError, post
from yiwang.apps.partners.telling import body_of
from yiwang.foundation.clockwork import offset
from yiwang.kernel.moment import civil_date

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=1)
REST = timedelta(minutes=1)

# An earlier event of the same case to the same client goes first; a receiver that just failed is
# left alone for a minute, so that its silence does not hold up everybody else's news.
_CLAIM = """
    SELECT p.id FROM partners_push p
    JOIN partners_webhook w ON w.id = p.webhook_id
    JOIN partners_apiclient c ON c.id = p.client_id
    WHERE p.state = 'PENDING' AND p.next_attempt_at <= %(at)s
      AND c.state = 'ACTIVE' AND c.valid_until >= %(today)s AND w.ended_at IS NULL
      AND (w.resting_until IS NULL OR w.resting_until <= %(at)s)
      AND NOT EXISTS (
          SELECT 1 FROM partners_push earlier
          JOIN partners_webhook v ON v.id = earlier.webhook_id
          WHERE earlier.state = 'PENDING' AND earlier.client_id = p.client_id
            AND earlier.case_id = p.case_id AND earlier.news_id < p.news_id
            AND v.ended_at IS NULL
      )
    ORDER BY p.next_attempt_at, p.id LIMIT 1
    FOR UPDATE OF p SKIP LOCKED
"""


def push_pending(*, at: datetime, limit: int = 50) -> int:
    """Send what is due; returns how many were tried."""
    tried = 0
    while tried < limit and push_one(at=at):
        tried += 1
    return tried


def push_one(*, at: datetime) -> bool:
    """Send the next one; False when there is none that may go now."""
    push = _claim(at)
    if push is None:
        return False
    try:
        status = _send(push, at)
        error = "" if 200 <= status < 300 else f"对方答复 {status},不是 2xx。"
    except UnreachableError as refused:
        error = str(refused)
    _settle(push.pk, error, at)
    return True


def _claim(at: datetime) -> Push | None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"at": at, "today": civil_date(at)})
            row = cursor.fetchone()
        if row is None:
            return None
        push = Push.objects.select_related("webhook", "news__organ").get(pk=row[0])
        push.attempts += 1
        push.next_attempt_at = at + LEASE
        push.save(update_fields=["attempts", "next_attempt_at"])
    return push


def _send(push: Push, at: datetime) -> int:
    body = json.dumps(body_of(push.news), ensure_ascii=False, separators=(",", ":")).encode()
    # Real time: a receiver compares it with its own clock.
    timestamp = int((at - offset()).timestamp())
    return post(
        push.webhook.url,
        body,
        {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Yiwang-Webhook/1",
            "Yiwang-Event-Id": str(push.news.identifier),
            "Yiwang-Signature": signature(push.webhook.secret, body, timestamp=timestamp),
        },
    )


@transaction.atomic
def _settle(push_id: int, error: str, at: datetime) -> None:
    push = Push.objects.select_for_update(of=("self",)).get(pk=push_id)
    if push.state == PushState.DELIVERED.value:
        return
    if not error:
        push.state, push.delivered_at, push.error = PushState.DELIVERED.value, at, ""
    else:
        push.error = error[:200]
        following = next_attempt(attempts=push.attempts, since=push.since, at=at)
        if following is None:
            push.state = PushState.FAILED.value
            log.error("push %s given up: %s", push.pk, error)
        else:
            push.next_attempt_at = following
        Webhook.objects.filter(pk=push.webhook_id).update(resting_until=at + REST)
    push.save(update_fields=["state", "delivered_at", "error", "next_attempt_at"])


def again(pushes: list[int], *, at: datetime) -> int:
    """Another three days for these, whatever became of them, beginning at once; how many. A
    receiver that had one already knows it by its id."""
    rows = Push.objects.filter(
        pk__in=pushes, webhook__ended_at__isnull=True, client__state=ClientState.ACTIVE.value
    )
    Webhook.objects.filter(pushes__in=pushes).update(resting_until=None)
    return rows.update(
        state=PushState.PENDING.value, attempts=0, since=at, next_attempt_at=at, error=""
    )

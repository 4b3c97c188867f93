"""From events of cases to what clients are told: written in the outbox handler's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.apps.cases import events
from yiwang.apps.cases.public import case_facts
from yiwang.apps.partners.domain.vocabulary import ClientState, News
from yiwang.apps.partners.models import ApiClient, CaseNews, Push, Webhook
from yiwang.foundation.outbox.models import OutboxEvent, OutboxStatus
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date

PUBLIC: dict[type, News] = {
    events.CaseReceived: News.RECEIVED,
    events.CorrectionRequested: News.CORRECTION_REQUESTED,
    events.CaseAccepted: News.ACCEPTED,
    events.CaseNotRequired: News.DECLINED,
    events.CaseDeclined: News.DECLINED,
    events.CasePaused: News.PAUSED,
    events.CaseResumed: News.RESUMED,
    events.CaseExtended: News.EXTENDED,
    events.CaseGranted: News.DECIDED,
    events.CaseRefused: News.DECIDED,
    events.ResultDelivered: News.DELIVERED,
    events.CaseWithdrawn: News.ENDED,
    events.CaseEnded: News.ENDED,
    events.CaseForwarded: News.FORWARDED,
}

_NUMBER = """
    INSERT INTO partners_newscounter AS c (organ_id, last) VALUES (%s, 1)
    ON CONFLICT (organ_id) DO UPDATE SET last = c.last + 1 RETURNING last
"""


def on_case_event(event: Any, at: datetime) -> None:
    """Write the event down for the clients of the case's organ; nothing where it has none."""
    case = case_facts(event.case_id)
    live = ApiClient.objects.filter(state=ClientState.ACTIVE.value, valid_until__gte=civil_date(at))
    if not live.filter(organ_id=case.organ_id).exists():
        return
    source = _source(event)
    happened = source.at if source is not None else at
    if source is not None and CaseNews.objects.filter(source=source.pk).exists():
        return
    news = CaseNews.objects.create(
        source=source.pk if source is not None else None,
        organ_id=case.organ_id,
        number=_next_number(case.organ_id),
        name=PUBLIC[type(event)].value,
        at=happened,
        case_id=case.case_id,
        short_number=case.short_number,
        version=_version(event.subject, happened),
        item_code=case.item_code,
    )
    _queue(news, at)


def _source(event: Any) -> OutboxEvent | None:
    """The row that is being delivered: the relay takes only the earliest pending of a subject."""
    return (
        OutboxEvent.objects.filter(subject=event.subject, status=OutboxStatus.PENDING)
        .filter(name=type(event).__name__)
        .order_by("id")
        .first()
    )


def _version(subject: str, at: datetime) -> int:
    """The version of the case after the act that published the event."""
    seq = (
        RecordEntry.objects.filter(subject=subject, at__lte=at)
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    )
    return seq or 0


def _next_number(organ_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [organ_id])
        return int(cursor.fetchone()[0])


def _queue(news: CaseNews, at: datetime) -> None:
    hooks = Webhook.objects.filter(
        client__organ_id=news.organ_id,
        client__state=ClientState.ACTIVE.value,
        client__valid_until__gte=civil_date(at),
        ended_at__isnull=True,
        events__contains=[news.name],
    )
    Push.objects.bulk_create(
        [
            Push(
                webhook=hook,
                client_id=hook.client_id,
                news=news,
                case_id=news.case_id,
                since=at,
                next_attempt_at=at,
            )
            for hook in hooks
        ],
        ignore_conflicts=True,
    )

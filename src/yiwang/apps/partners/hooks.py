"""What a client does with its subscriptions: begin one, end one, have events sent again."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from yiwang.apps.partners.clients import ClientError, ClientNotFoundError
from yiwang.apps.partners.domain.vocabulary import PushState
from yiwang.apps.partners.models import ApiClient, CaseNews, Push, Webhook
from yiwang.apps.partners.reaching import UnreachableError, check_written
from yiwang.apps.partners.sending import again
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.record.writing import append

MOST_HOOKS = 10
MOST_REPLAYED = 1000


def client_id_of(actor: Actor) -> int:
    """Raises AccessDeniedError for people: what is sent to a system is the system's to arrange."""
    kind, _, number = actor.ref.partition(":")
    if kind != "client":
        raise AccessDeniedError("这是部门系统的操作,请用访问令牌调用。")
    return int(number)


def subscribe_to(*, url: str, events: list[str], actor: Actor, at: datetime) -> tuple[Webhook, str]:
    """A new subscription and the key its deliveries are signed with, told only here. Raises
    ClientError for an address nothing is ever sent to."""
    client_id = client_id_of(actor)
    try:
        check_written(url)
    except (ValueError, UnreachableError) as error:
        raise ClientError("有内容需要修改。", {"url": str(error)}) from error
    with transaction.atomic():
        ApiClient.objects.select_for_update(of=("self",)).get(pk=client_id)
        live = Webhook.objects.filter(client_id=client_id, ended_at__isnull=True)
        if live.count() >= MOST_HOOKS:
            raise ClientError(f"最多 {MOST_HOOKS} 个订阅,请先退订不用的。", {"url": "订阅太多。"})
        secret = f"whsec_{secrets.token_urlsafe(32)}"
        hook = Webhook.objects.create(
            client_id=client_id,
            url=url,
            events=sorted(set(events)),
            secret=secret,
            created_at=at,
        )
        append(
            subject=actor.ref,
            operation="partners.subscribe",
            actor=actor.ref,
            at=at,
            facts={"webhook": hook.pk, "url": url, "events": hook.events},
        )
    return hook, secret


def own_hooks(actor: Actor) -> list[Webhook]:
    """Subscriptions that were not ended, oldest first."""
    rows = Webhook.objects.filter(client_id=client_id_of(actor), ended_at__isnull=True)
    return list(rows.defer("secret").order_by("id"))


@transaction.atomic
def unsubscribe(*, webhook_id: int, actor: Actor, at: datetime) -> None:
    """Raises ClientNotFoundError."""
    rows = Webhook.objects.filter(
        pk=webhook_id, client_id=client_id_of(actor), ended_at__isnull=True
    )
    if not rows.update(ended_at=at):
        raise ClientNotFoundError
    Push.objects.filter(webhook_id=webhook_id, state=PushState.PENDING.value).delete()
    append(
        subject=actor.ref,
        operation="partners.unsubscribe",
        actor=actor.ref,
        at=at,
        facts={"webhook": webhook_id},
    )


@transaction.atomic
def replay(*, webhook_id: int, after: int, actor: Actor, at: datetime) -> int:
    """Send again what this subscription wants of the events after a number, those from before it
    began too; at most a thousand, oldest first. Raises ClientNotFoundError."""
    hook = (
        Webhook.objects.select_related("client")
        .defer("secret")
        .filter(pk=webhook_id, client_id=client_id_of(actor), ended_at__isnull=True)
        .first()
    )
    if hook is None:
        raise ClientNotFoundError
    news = list(
        CaseNews.objects.filter(
            organ_id=hook.client.organ_id, number__gt=after, name__in=hook.events
        ).order_by("number")[:MOST_REPLAYED]
    )
    Push.objects.bulk_create(
        [
            Push(
                webhook=hook,
                client_id=hook.client_id,
                news=row,
                case_id=row.case_id,
                since=at,
                next_attempt_at=at,
            )
            for row in news
        ],
        ignore_conflicts=True,
    )
    found = Push.objects.filter(webhook=hook, news__in=[row.pk for row in news])
    return again(list(found.values_list("pk", flat=True)), at=at)

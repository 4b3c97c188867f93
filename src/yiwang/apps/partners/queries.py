"""Reads for the pages: clients, what they hold, what did not reach them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from yiwang.apps.partners.clients import ClientNotFoundError, valid_secrets
from yiwang.apps.partners.domain.vocabulary import PushState
from yiwang.apps.partners.models import ApiClient, ClientSecret, Push, Webhook
from yiwang.foundation.access import Actor

MOST = 50


def clients_page(*, text: str, after: int) -> tuple[list[ApiClient], int | None]:
    """Clients, newest first, with the number to go on after."""
    rows = ApiClient.objects.select_related("organ", "owner").order_by("-id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(organ__name__icontains=text))
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: MOST + 1])
    return found[:MOST], found[MOST - 1].pk if len(found) > MOST else None


def client_whole(client_id: int) -> ApiClient:
    """Raises ClientNotFoundError."""
    found = ApiClient.objects.select_related("organ", "owner").filter(pk=client_id).first()
    if found is None:
        raise ClientNotFoundError
    return found


def owned_by(actor: Actor) -> list[ApiClient]:
    """The clients this person answers for."""
    rows = ApiClient.objects.select_related("organ", "owner").filter(owner_id=actor.account_id)
    return list(rows.order_by("-id")) if actor.account_id is not None else []


def keys_of(client: ApiClient, *, at: datetime) -> list[ClientSecret]:
    return list(valid_secrets(client.pk, at).order_by("id"))


def hooks_of(client: ApiClient) -> list[Webhook]:
    """Live subscriptions with the number of what waits and of what was given up."""
    waiting = Count("pushes", filter=Q(pushes__state=PushState.PENDING.value))
    failed = Count("pushes", filter=Q(pushes__state=PushState.FAILED.value))
    rows = client.webhooks.filter(ended_at__isnull=True).defer("secret")
    return list(rows.annotate(waiting=waiting, failed=failed).order_by("id"))


def failed_pushes(*, client: ApiClient | None = None) -> list[Push]:
    """At most fifty that were given up, oldest first."""
    rows = Push.objects.filter(state=PushState.FAILED.value)
    if client is not None:
        rows = rows.filter(client=client)
    rows = rows.select_related("client", "news", "webhook").defer("webhook__secret")
    return list(rows.order_by("id")[:MOST])

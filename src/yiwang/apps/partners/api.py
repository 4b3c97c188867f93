"""For departments' systems: events to pull, subscriptions to be pushed to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.partners import hooks
from yiwang.apps.partners.domain.vocabulary import News
from yiwang.apps.partners.models import CaseNews, Webhook
from yiwang.apps.partners.telling import body_of
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import BIGGEST, Body, Id, PageSize
from yiwang.foundation.api.declaring import endpoint

router = Router(tags=["部门系统"])
Number = Annotated[int, Field(ge=0, le=BIGGEST)]
AFTER: Any = parameter.Query(0, description="最后一个已处理事件的 number;第一次不填")
SIZE: Any = parameter.Query(100, description="每次条数")
Url = Annotated[
    str, StringConstraints(max_length=400, pattern=r"^https?://[!-~]+$"), Field(description="https")
]


class EventOut(BaseModel):
    """`number` runs without a gap for an organ; `version` is that of the case after the act."""

    id: str
    number: int
    name: News
    at: datetime
    case_id: int
    short_number: str
    version: int
    organ: str
    item: str


class EventPage(BaseModel):
    """`last` is the number to ask after the next time."""

    events: list[EventOut]
    last: int
    is_more: bool


class SubscribeIn(Body):
    """https only. An address inside a private network must be allowed by the platform first."""

    url: Url
    events: Annotated[list[News], Field(min_length=1, max_length=20)]


class WebhookOut(BaseModel):
    id: int
    url: str
    events: list[News]
    created_at: datetime


class SubscribedOut(WebhookOut):
    """`secret` signs every delivery; it is told only here."""

    secret: str


class ReplayIn(Body):
    after: Annotated[int, Field(ge=0, le=BIGGEST, strict=True)]


class ReplayedOut(BaseModel):
    replayed: int


class DoneOut(BaseModel):
    id: int


def _told(hook: Webhook) -> dict[str, Any]:
    return {
        "id": hook.pk,
        "url": hook.url,
        "events": hook.events,
        "created_at": hook.created_at,
    }


@endpoint(router, "GET", "/events", answers=EventPage, summary="拉取办件事件")
def list_events(request: HttpRequest, after: Number = AFTER, size: PageSize = SIZE) -> EventPage:
    """Events of the organ's cases in their order, with the bodies that are pushed."""
    actor, _ = caller(request)
    hooks.client_id_of(actor)
    organ_id = actor.postings[0].organ_id
    assert organ_id is not None  # a client is an organ's
    rows = list(
        CaseNews.objects.filter(organ_id=organ_id, number__gt=after)
        .select_related("organ")
        .order_by("number")[: size + 1]
    )
    shown = rows[:size]
    return EventPage(
        events=[EventOut(**body_of(row)) for row in shown],
        last=shown[-1].number if shown else after,
        is_more=len(rows) > size,
    )


@endpoint(router, "GET", "/webhooks", answers=list[WebhookOut], summary="我的事件订阅")
def list_webhooks(request: HttpRequest) -> list[WebhookOut]:
    actor, _ = caller(request)
    return [WebhookOut(**_told(hook)) for hook in hooks.own_hooks(actor)]


@endpoint(
    router, "POST", "/webhooks", answers=SubscribedOut, summary="订阅事件", also=(409,), status=201
)
def create_webhook(request: HttpRequest, body: SubscribeIn) -> SubscribedOut:
    """Be told of events from now on; `secret` is shown this once."""
    actor, at = caller(request)
    events = [name.value for name in body.events]
    hook, secret = hooks.subscribe_to(url=body.url, events=events, actor=actor, at=at)
    return SubscribedOut(**_told(hook), secret=secret)


@endpoint(router, "DELETE", "/webhooks/{webhook_id}", answers=DoneOut, summary="退订", also=(404,))
def remove_webhook(request: HttpRequest, webhook_id: Id) -> DoneOut:
    """What is still waiting for it is not sent any more."""
    actor, at = caller(request)
    hooks.unsubscribe(webhook_id=webhook_id, actor=actor, at=at)
    return DoneOut(id=webhook_id)


@endpoint(
    router,
    "POST",
    "/webhooks/{webhook_id}/replay",
    answers=ReplayedOut,
    summary="重新推送",
    also=(404, 409),
)
def replay_webhook(request: HttpRequest, webhook_id: Id, body: ReplayIn) -> ReplayedOut:
    """Send again the events after a number, at most a thousand; failed ones begin anew."""
    actor, at = caller(request)
    done = hooks.replay(webhook_id=webhook_id, after=body.after, actor=actor, at=at)
    return ReplayedOut(replayed=done)

"""Giving somebody the right to rate a service, and every time they are asked to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.apps.cases.public import CaseFacts
from yiwang.apps.ratings.domain.parameters import REMIND
from yiwang.apps.ratings.domain.vocabulary import RatingPoint, ShowingWay
from yiwang.apps.ratings.models import RatingInvitation, RatingShowing, Visit
from yiwang.foundation.access import Actor
from yiwang.foundation.messaging.models import Channel
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.parameters.current import parameter
from yiwang.foundation.secrets import keyring
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.moment import civil_date

KIND, REMINDER = "ratings.invitation", "ratings.reminder"
REMIND_TIMER = "ratings.remind"
BOTH = (Channel.IN_SITE, Channel.SMS)


def token_for(subject: str, point: RatingPoint) -> str:
    """The applicant's token: derived from a key outside the database, never stored.

    The last point of a case has the seed it always had, so that links given out before stay good.
    """
    return _tokens(subject, point)[0]


def _tokens(subject: str, point: RatingPoint) -> list[str]:
    seed = subject if point is RatingPoint.ISSUE else f"{subject}/{point}"
    return keyring().tokens("rating", seed)


def token_of(case_id: int, point: RatingPoint = RatingPoint.ISSUE) -> str:
    """The token of a point of a case."""
    return token_for(f"case:{case_id}", point)


def token_of_invitation(row: RatingInvitation) -> str:
    """The token this invitation was given with, also where keys were rotated since."""
    found = _tokens(row.subject, RatingPoint(row.point))
    return next((t for t in found if token_hash(t) == bytes(row.token_hash)), found[0])


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Service:
    """What may be rated. `number` is what the person knows it by."""

    subject: str
    point: RatingPoint
    item_code: str
    item_name: str
    number: str
    organ_id: int
    party_id: int
    hall_id: int | None
    case_id: int | None = None
    visit: Visit | None = None


def service_of_case(case: CaseFacts, point: RatingPoint) -> Service:
    return Service(
        subject=f"case:{case.case_id}",
        point=point,
        item_code=case.item_code,
        item_name=case.item_name,
        number=case.short_number,
        organ_id=case.organ_id,
        party_id=case.applicant_id,
        hall_id=case.hall_id,
        case_id=case.case_id,
    )


@transaction.atomic
def invite(service: Service, *, at: datetime) -> RatingInvitation:
    """Give the right to rate this service; a second time changes nothing. Numbers of one subject
    are given one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 51))", [service.subject])
    rows = list(RatingInvitation.objects.filter(subject=service.subject).order_by("number"))
    found = next((row for row in rows if row.point == service.point), None)
    if found is not None:
        return found
    row = RatingInvitation.objects.create(
        subject=service.subject,
        number=rows[-1].number + 1 if rows else 1,
        point=service.point,
        case_id=service.case_id,
        visit=service.visit,
        hall_id=service.hall_id,
        window_id=service.visit.window_id if service.visit else None,
        item_code=service.item_code,
        item_name=service.item_name,
        short_number=service.number,
        organ_id=service.organ_id,
        party_id=service.party_id,
        token_hash=token_hash(token_for(service.subject, service.point)),
        invited_at=at,
    )
    if service.point is not RatingPoint.ACCEPTANCE:
        days = parameter(REMIND, on=civil_date(at)).value
        set_timers(row.name, {REMIND_TIMER: at + timedelta(days=days)})
    return row


def note_showing(row: RatingInvitation, way: ShowingWay, *, by: str, at: datetime) -> None:
    """Somebody was asked to rate: kept, whoever asked and however often."""
    RatingShowing.objects.create(invitation=row, way=way, by=by, at=at)


def ask_by_message(
    row: RatingInvitation, *, title: str, body: str, at: datetime, by_sms: bool = True
) -> None:
    """Queue the invitation once. The link asks who it is: a message holds no token, so that nobody
    who reads messages can rate."""
    before = RatingShowing.objects.filter(invitation=row, way=ShowingWay.MESSAGE).exists()
    if before:
        return
    queue(
        kind=KIND,
        subject=row.subject,
        occasion=row.point,
        recipient_id=row.party_id,
        title=title,
        body=body,
        link=f"/my/ratings/{row.pk}/",
        channels=BOTH if by_sms else (Channel.IN_SITE,),
        at=at,
    )
    note_showing(row, ShowingWay.MESSAGE, by="system:message", at=at)


@transaction.atomic
def remind(row: RatingInvitation, *, at: datetime) -> None:
    """Once, three natural days after: only where there is no rating still."""
    if hasattr(row, "rating"):
        return
    queue(
        kind=REMINDER,
        subject=row.subject,
        occasion=row.point,
        recipient_id=row.party_id,
        title="还没有评价,请您说一句",
        body=f"{row.short_number}「{row.item_name}」还没有评价。登录后点开这条消息,"
        "或者打开评价页输入编号和查询码,都可以评价;不评价也没有关系,不会替您评价。",
        link=f"/my/ratings/{row.pk}/",
        at=at,
    )
    note_showing(row, ShowingWay.REMINDER, by="system:timer", at=at)


def shown(row: RatingInvitation, *, actor: Actor, at: datetime) -> None:
    note_showing(row, ShowingWay.WINDOW_SCREEN, by=actor.ref, at=at)

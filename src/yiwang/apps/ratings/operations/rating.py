"""Rating. There is one way to it: the applicant's token."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from yiwang.apps.ratings.errors import (
    AlreadyRatedError,
    NotTheApplicantError,
    RatingError,
    UnknownTokenError,
)
from yiwang.apps.ratings.events import ServiceRated
from yiwang.apps.ratings.models import BAD, Rating, RatingInvitation, Satisfaction
from yiwang.apps.ratings.operations.handling import open_bad_rating
from yiwang.apps.ratings.operations.inviting import REMIND_TIMER, token_hash
from yiwang.foundation.access import Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.foundation.timers.sweep import set_timers

TAGS = {
    True: ("一次办好", "材料很少", "速度快", "态度好", "指南准确"),
    False: ("指南与实际不符", "要求多余材料", "超过时限", "多次跑动", "态度不好", "系统难用"),
}


def invitation_of(token: str) -> RatingInvitation | None:
    """The invitation a token opens, or None."""
    return RatingInvitation.objects.filter(token_hash=token_hash(token[:64])).first()


def may_rate(actor: Actor) -> bool:
    """False for staff, departments' systems and the platform itself, whatever token they hold."""
    return not (actor.is_staff or actor.is_system or actor.postings)


@transaction.atomic
def rate(
    *,
    token: str,
    satisfaction: str,
    actor: Actor,
    at: datetime,
    tags: list[str] | None = None,
    text: str = "",
    is_anonymous: bool = False,
    channel: str = "ONLINE",
) -> Rating:
    """Spend a token on a rating; a bad one gets its two tasks in the same transaction.

    The record names the token's holder as the actor, never an account: an anonymous rating stays
    one. Raises RatingError: not the applicant, wrong or spent token, unknown grade, a bad rating
    without a word.
    """
    if not may_rate(actor):
        raise NotTheApplicantError
    invitation = invitation_of(token)
    if invitation is None:
        raise UnknownTokenError("这个评价链接无效。请从「我的办件」或收件凭证上的链接进入。")
    chosen, said = _said(satisfaction, tags or [], text)
    row = Rating(
        invitation=invitation,
        token=token,
        satisfaction=satisfaction,
        tags=chosen,
        text=said,
        is_anonymous=is_anonymous,
        channel=channel,
        rated_at=at,
    )
    _insert(row)
    append(
        subject=invitation.name,
        operation="ratings.rate",
        actor="applicant:token",
        at=at,
        facts={"point": invitation.point, "satisfaction": satisfaction, "tags": chosen},
    )
    set_timers(invitation.name, {REMIND_TIMER: None})
    if satisfaction in BAD:
        open_bad_rating(row, invitation, at=at)
    publish([ServiceRated(invitation.pk, satisfaction in BAD)], at=at)
    return row


def _said(satisfaction: str, tags: list[str], text: str) -> tuple[list[str], str]:
    if satisfaction not in Satisfaction.values:
        raise RatingError("请选择满意程度。")
    bad = satisfaction in BAD
    chosen, said = [tag for tag in tags if tag in TAGS[not bad]], text.strip()[:500]
    if bad and not chosen and not said:
        raise RatingError("请选择一个标签或写一句话,告诉我们哪里没有办好。")
    return chosen, said


def _insert(row: Rating) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyRatedError("这次服务已经评价过了,一次一评,不能重复评价。") from error

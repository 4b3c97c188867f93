"""Inviting and rating. There is one way to a rating: the applicant's token."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from yiwang.apps.ratings.events import CaseRated
from yiwang.apps.ratings.models import BAD, Rating, RatingInvitation, Satisfaction
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.foundation.secrets import keyring

TAGS = {
    True: ("一次办好", "材料很少", "速度快", "态度好", "指南准确"),
    False: ("指南与实际不符", "要求多余材料", "超过时限", "多次跑动", "态度不好", "系统难用"),
}


class RatingError(ValueError):
    """The rating cannot be taken; the message says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownTokenError(RatingError):
    """No invitation has this token."""


class AlreadyRatedError(RatingError):
    """The token is spent."""


def token_of(case_id: int) -> str:
    """The applicant's token for a case: derived from a key outside the database."""
    return keyring().token("rating", f"case:{case_id}")


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invite(
    *,
    case_id: int,
    item_code: str,
    item_name: str,
    short_number: str,
    organ_id: int,
    party_id: int,
    at: datetime,
) -> RatingInvitation:
    """Give the applicant the right to rate a finished case; a second time changes nothing."""
    row, _ = RatingInvitation.objects.get_or_create(
        case_id=case_id,
        defaults={
            "item_code": item_code,
            "item_name": item_name,
            "short_number": short_number,
            "organ_id": organ_id,
            "party_id": party_id,
            "token_hash": token_hash(token_of(case_id)),
            "invited_at": at,
        },
    )
    return row


def invitation_of(token: str) -> RatingInvitation | None:
    """The invitation a token opens, or None."""
    return RatingInvitation.objects.filter(token_hash=token_hash(token[:64])).first()


@transaction.atomic
def rate(
    *,
    token: str,
    satisfaction: str,
    at: datetime,
    tags: list[str] | None = None,
    text: str = "",
    is_anonymous: bool = False,
    channel: str = "ONLINE",
) -> Rating:
    """Spend a token on a rating. Raises RatingError: wrong or spent token, unknown grade, a bad
    rating without a word."""
    invitation = invitation_of(token)
    if invitation is None:
        raise UnknownTokenError("这个评价链接无效。请从「我的办件」或收件凭证上的链接进入。")
    if satisfaction not in Satisfaction.values:
        raise RatingError("请选择满意程度。")
    bad = satisfaction in BAD
    chosen = [tag for tag in (tags or []) if tag in TAGS[not bad]]
    if bad and not chosen and not text.strip():
        raise RatingError("请选择一个标签或写一句话,告诉我们哪里没有办好。")
    try:
        with transaction.atomic():
            row = Rating.objects.create(
                invitation=invitation,
                token=token,
                satisfaction=satisfaction,
                tags=chosen,
                text=text.strip()[:500],
                is_anonymous=is_anonymous,
                channel=channel,
                rated_at=at,
            )
    except IntegrityError as error:
        raise AlreadyRatedError("这个办件已经评价过了,一件一评,不能重复评价。") from error
    append(
        subject=f"rating:{invitation.case_id}",
        operation="ratings.rate",
        actor="applicant:token",
        at=at,
        facts={"case": invitation.case_id, "satisfaction": satisfaction, "tags": chosen},
    )
    publish([CaseRated(case_id=invitation.case_id, is_bad=bad)], at=at)
    return row

"""Visits and ratings made quickly for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.acting import actor

from yiwang.apps.people.public import PartyKind, Shown
from yiwang.apps.ratings.models import BadRating, Rating, RatingInvitation
from yiwang.apps.ratings.operations.inviting import token_of_invitation
from yiwang.apps.ratings.operations.rating import rate
from yiwang.apps.ratings.operations.visiting import record_visit

LIN = "590102199005180244"  # 林小满


def visited(at: datetime, clerk: str = "chen-window", **more: Any) -> RatingInvitation:
    """林小满 asked something at a window."""
    said = {"kind": "CONSULTATION", "matter": "咨询食品经营许可", **more}
    paper, name = said.pop("paper_number", LIN), said.pop("name", "")
    who = Shown("RESIDENT_ID", paper, name, kind=PartyKind.NATURAL_PERSON)
    return record_visit(who=who, actor=actor(clerk, at), at=at, **said)


def rated(row: RatingInvitation, satisfaction: str, at: datetime, **more: Any) -> Rating:
    return rate(
        token=token_of_invitation(row),
        satisfaction=satisfaction,
        tags=["态度不好", "态度好"],
        actor=actor("lin-xiaoman", at),
        at=at,
        **more,
    )


def bad(at: datetime, **more: Any) -> BadRating:
    """A bad rating of a visit to 桃林区政务服务中心."""
    return BadRating.objects.get(rating=rated(visited(at), "DISSATISFIED", at, **more))

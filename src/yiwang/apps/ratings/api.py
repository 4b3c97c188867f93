"""Rating by API: the applicant's invitation, and spending its token."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.cases.public import case_facts
from yiwang.apps.ratings.domain.vocabulary import RatingPoint
from yiwang.apps.ratings.models import RatingInvitation, Satisfaction
from yiwang.apps.ratings.operations.inviting import token_of_invitation
from yiwang.apps.ratings.operations.rating import TAGS, rate
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, Flag, Id, Word
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.problem import ProblemError

router = Router(tags=["评价"])


class RateIn(Body):
    """`tags` are those the invitation offers for a good or a bad grade."""

    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    satisfaction: Satisfaction
    tags: list[Word] = Field(default=[], max_length=12)
    text: Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] = ""
    is_anonymous: Flag = False


class RatingOut(BaseModel):
    satisfaction: str
    satisfaction_label: str
    tags: list[str]
    text: str


class InvitationOut(BaseModel):
    """The last point of the case; `token` is there while it may still be rated."""

    case_id: int
    point: RatingPoint
    point_label: str
    is_rated: bool
    token: str | None
    good_tags: list[str]
    bad_tags: list[str]


@endpoint(
    router,
    "GET",
    "/cases/{case_id}/rating",
    answers=InvitationOut,
    summary="办件的评价邀请",
    also=(404,),
)
def read_invitation(request: HttpRequest, case_id: Id) -> InvitationOut:
    """For the applicant (or who represents the organisation that applied): nobody else, not even
    staff who work on the case, can get the token."""
    actor, _ = caller(request)
    row = None
    if actor.acts_for(case_facts(case_id).applicant_id):
        rows = RatingInvitation.objects.select_related("rating").filter(subject=f"case:{case_id}")
        row = rows.order_by("-number").first()
    if row is None:
        raise ProblemError("not-found", "没有找到可以评价的办件。办结后,申请人本人可以评价。")
    is_rated = hasattr(row, "rating")
    return InvitationOut(
        case_id=case_id,
        point=RatingPoint(row.point),
        point_label=row.point_label,
        is_rated=is_rated,
        token=None if is_rated else token_of_invitation(row),
        good_tags=list(TAGS[True]),
        bad_tags=list(TAGS[False]),
    )


@endpoint(
    router,
    "POST",
    "/ratings",
    answers=RatingOut,
    summary="评价",
    is_public=True,
    also=(404, 409),
    status=201,
)
def rate_case(request: HttpRequest, body: RateIn) -> RatingOut:
    """Spend a token on a rating: one rating for one case. A bad one says what was wrong."""
    actor, at = caller(request)
    row = rate(
        token=body.token,
        satisfaction=body.satisfaction.value,
        tags=body.tags,
        text=body.text,
        is_anonymous=body.is_anonymous,
        channel="API",
        actor=actor,
        at=at,
    )
    return RatingOut(
        satisfaction=row.satisfaction,
        satisfaction_label=Satisfaction(row.satisfaction).label,
        tags=row.tags,
        text=row.text,
    )

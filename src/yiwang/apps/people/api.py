"""授权委托 by API: give, confirm with the code, take back, renounce; those given and received."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.people import authorising
from yiwang.apps.people.authorisations import given, received, whole_authorisation
from yiwang.apps.people.authority_models import Authorisation
from yiwang.apps.people.authority_terms import Terms
from yiwang.apps.people.domain.authority import MandateAct
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, BodyId, Cursor, Day, Flag, Id, PageSize, Slug
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date

router = Router(tags=["授权委托"])
Direction = Literal["given", "received"]
DIRECTION: Any = parameter.Query("given", description="given 我给出的;received 委托我的")
ENDED: Any = parameter.Query(False, description="已结束的")
SixDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class GiveIn(Body):
    """To whom, as on the paper; `items` named, or `is_for_all` and none. The principal is oneself
    (left out) or an organisation whose legal representative one is."""

    principal_id: BodyId | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
    paper_kind: PaperKind
    paper_number: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]
    items: Annotated[list[Slug], Field(max_length=100)] = []
    is_for_all: Flag = False
    acts: Annotated[list[MandateAct], Field(min_length=1, max_length=3)]
    valid_from: Day
    valid_until: Day


class CodeIn(Body):
    """The six digits of the message."""

    code: SixDigits


class AuthorisationOut(BaseModel):
    """One authorisation, as its principal and its agent see it."""

    id: int
    state: str
    state_label: str
    principal: str
    agent: str
    items: list[str]
    is_for_all: bool
    acts: list[str]
    valid_from: date
    valid_until: date
    way: str
    code_until: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    end: str
    is_to_review: bool


class UseOut(BaseModel):
    what: str
    act: str
    subject: str
    at: datetime


class AuthorisationWhole(BaseModel):
    authorisation: AuthorisationOut
    is_principal: bool
    uses: list[UseOut]
    next_cursor: str | None


class AuthorisationList(BaseModel):
    authorisations: list[AuthorisationOut]
    next_cursor: str | None


def _out(row: Authorisation) -> AuthorisationOut:
    return AuthorisationOut(
        id=row.pk,
        state=row.state,
        state_label=row.state_label,
        principal=row.principal.label,
        agent=row.agent_label,
        items=row.items,
        is_for_all=row.is_for_all,
        acts=row.acts,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        way=row.way,
        code_until=row.code_until,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        end=row.end,
        is_to_review=row.review_since is not None and not row.end,
    )


def _citizen(request: HttpRequest) -> tuple[Actor, datetime, int]:
    actor, at = caller(request)
    if actor.party_id is None:
        raise AccessDeniedError("这是申请人的内容,请用个人账号登录。")
    return actor, at, actor.party_id


@endpoint(
    router,
    "GET",
    "/my/authorisations",
    answers=AuthorisationList,
    summary="我的授权委托",
    also=(403,),
)
def my_authorisations(
    request: HttpRequest,
    direction: Direction = DIRECTION,
    ended: bool = ENDED,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> AuthorisationList:
    """Those one gave (also as legal representative), or those that name one; newest first."""
    actor, at, own = _citizen(request)
    if direction == "received":
        found = received(party_id=own, is_ended=ended, after=after or None, size=size)
    else:
        parties = [p.pk for p in authorising.principals_of(actor, today=civil_date(at))]
        found = given(parties=parties, is_ended=ended, after=after or None, size=size)
    return AuthorisationList(
        authorisations=[_out(row) for row in found.rows], next_cursor=found.next_cursor
    )


@endpoint(
    router,
    "POST",
    "/my/authorisations",
    answers=AuthorisationOut,
    summary="提出授权委托",
    also=(409,),
    status=201,
)
def give_authorisation(request: HttpRequest, body: GiveIn) -> AuthorisationOut:
    """A code goes to the registered phone. The answer is the same whoever is named."""
    actor, at, own = _citizen(request)
    row = authorising.propose(
        principal_id=body.principal_id or own,
        terms=Terms(
            name=body.name,
            paper_kind=body.paper_kind,
            paper_number=body.paper_number,
            items=tuple(body.items),
            is_for_all=body.is_for_all,
            acts=tuple(act.value for act in body.acts),
            valid_from=body.valid_from,
            valid_until=body.valid_until,
        ),
        actor=actor,
        at=at,
    )
    return _out(row)


@endpoint(
    router,
    "GET",
    "/my/authorisations/{authorisation_id}",
    answers=AuthorisationWhole,
    summary="一份授权委托和凭它办过的事",
    also=(404,),
)
def read_authorisation(
    request: HttpRequest, authorisation_id: Id, after: Cursor = AFTER
) -> AuthorisationWhole:
    """For its principal and its agent; for everybody else it does not exist."""
    actor, at = caller(request)
    whole = whole_authorisation(authorisation_id, actor=actor, at=at, after=after or None)
    return AuthorisationWhole(
        authorisation=_out(whole.row),
        is_principal=whole.is_principal,
        uses=[
            UseOut(what=use.what, act=use.act, subject=use.subject, at=use.at) for use in whole.uses
        ],
        next_cursor=whole.next_cursor,
    )


@endpoint(
    router,
    "POST",
    "/my/authorisations/{authorisation_id}/confirm",
    answers=AuthorisationOut,
    summary="用验证码确认委托",
    also=(404, 409),
)
def confirm_authorisation(
    request: HttpRequest, authorisation_id: Id, body: CodeIn
) -> AuthorisationOut:
    """Within thirty minutes; the fifth wrong code ends it."""
    actor, at = caller(request)
    row = authorising.confirm(authorisation_id=authorisation_id, code=body.code, actor=actor, at=at)
    return _out(row)


@endpoint(
    router,
    "POST",
    "/my/authorisations/{authorisation_id}/revoke",
    answers=AuthorisationOut,
    summary="撤销委托",
    also=(404, 409),
)
def revoke_authorisation(request: HttpRequest, authorisation_id: Id) -> AuthorisationOut:
    """At once."""
    actor, at = caller(request)
    return _out(authorising.revoke(authorisation_id=authorisation_id, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/my/authorisations/{authorisation_id}/renounce",
    answers=AuthorisationOut,
    summary="退出代理",
    also=(404, 409),
)
def renounce_authorisation(request: HttpRequest, authorisation_id: Id) -> AuthorisationOut:
    """The agent does not want to any more, at once."""
    actor, at = caller(request)
    return _out(authorising.renounce(authorisation_id=authorisation_id, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/my/authorisations/{authorisation_id}/keep",
    answers=AuthorisationOut,
    summary="新法定代表人确认继续委托",
    also=(404, 409),
)
def keep_authorisation(request: HttpRequest, authorisation_id: Id) -> AuthorisationOut:
    """The new legal representative stands by what the old one gave."""
    actor, at = caller(request)
    return _out(authorising.keep(authorisation_id=authorisation_id, actor=actor, at=at))

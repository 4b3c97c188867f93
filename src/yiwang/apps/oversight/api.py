"""Oversight by API: checks of promises for the organ that checks, decisions for everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.oversight import queries
from yiwang.apps.oversight.domain.states import CheckOutcome, CheckState
from yiwang.apps.oversight.errors import InvalidActError
from yiwang.apps.oversight.models import FollowUpCheck, Publication
from yiwang.apps.oversight.operations import checking
from yiwang.apps.oversight.operations.publishing import punctuality
from yiwang.apps.oversight.permissions import CHECK
from yiwang.apps.oversight.queries import Wanted
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import BIGGEST, NO_NUL, Body, Cursor, Day, Id, Line, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.kernel.moment import civil_date

router = Router(tags=["事后监管"])
LONGEST_PERIOD = 800  # days
ALL: Any = parameter.Query(False, description="也列出已经结束的")
ORGAN: Any = parameter.Query(None, description="只看一个机关")
TEXT: Any = parameter.Query("", description="单位名称、统一社会信用代码或决定文号")
MONTH: Any = parameter.Query("", description="决定月份 2026-11")
OrganId = Annotated[int, Field(ge=1, le=BIGGEST)]
Text = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
Month = Annotated[str, StringConstraints(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")]
Account = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]


class CheckOut(BaseModel):
    id: int
    short_number: str
    item_name: str
    title: str
    applicant: str
    organ: str
    state: CheckState
    state_label: str
    due_on: date
    rectify_until: date | None
    is_overdue: bool
    points: list[str]


class CheckPageOut(BaseModel):
    checks: list[CheckOut]
    next_cursor: str | None


class CheckResultOut(BaseModel):
    outcome: CheckOutcome
    outcome_label: str
    text: str
    points: list[str]
    until: date | None
    by: str
    second_person: str
    at: datetime


class WholeCheckOut(BaseModel):
    check: CheckOut
    results: list[CheckResultOut]


class RecordIn(Body):
    """`second_person` is another account of the organ (`account:12`); `until` goes with RECTIFY."""

    outcome: CheckOutcome
    text: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]
    second_person: Account
    points: list[Line] = Field(default=[], max_length=50)
    until: Day | None = None


class PublishedDecisionOut(BaseModel):
    """A decision as everybody may read it: of a natural person a masked name and nothing else."""

    number: str
    item_name: str
    organ: str
    outcome: str
    word: str
    decided_on: date
    holder: str
    uscc: str
    valid_until: date | None
    published_on: date
    ends_on: date
    withdrawn_on: date | None
    withdrawn_reason: str


class DecisionPageOut(BaseModel):
    decisions: list[PublishedDecisionOut]
    next_cursor: str | None


class PunctualityOut(BaseModel):
    """`in_time` ÷ `decisions`."""

    first: date
    last: date
    in_time: int
    decisions: int
    rate: str


def _require(actor: Actor) -> None:
    if not actor.may(CHECK):
        raise AccessDeniedError("这是监督单位核查人员的内容。")


def _check(row: FollowUpCheck, today: date) -> CheckOut:
    until = row.rectify_until or row.due_on
    return CheckOut(
        id=row.pk,
        short_number=row.short_number,
        item_name=row.item_name,
        title=row.title,
        applicant=row.applicant.label,
        organ=row.organ.name,
        state=CheckState(row.state),
        state_label=row.state_label,
        due_on=row.due_on,
        rectify_until=row.rectify_until,
        is_overdue=row.ended_at is None and until < today,
        points=list(row.points),
    )


def _whole(check_id: int, actor: Actor, today: date) -> WholeCheckOut:
    whole = queries.whole_check(check_id, actor=actor)
    return WholeCheckOut(
        check=_check(whole.check, today),
        results=[
            CheckResultOut(
                outcome=CheckOutcome(result.outcome),
                outcome_label=CheckOutcome(result.outcome).label,
                text=result.text,
                points=list(result.points),
                until=result.until,
                by=result.by_label,
                second_person=result.second_label,
                at=result.at,
            )
            for result in whole.results
        ],
    )


@endpoint(router, "GET", "/follow-ups", answers=CheckPageOut, summary="承诺核查", also=(403,))
def list_follow_ups(
    request: HttpRequest, all: bool = ALL, after: Cursor = AFTER, size: PageSize = SIZE
) -> CheckPageOut:
    """Open ones by the end of what runs, overdue first; with `all`, all of them, newest first."""
    actor, at = caller(request)
    _require(actor)
    found = queries.checks(actor=actor, only_open=not all, after=after or None, size=size)
    return CheckPageOut(
        checks=[_check(row, civil_date(at)) for row in found.checks],
        next_cursor=found.next_cursor,
    )


@endpoint(
    router,
    "GET",
    "/follow-ups/{check_id}",
    answers=WholeCheckOut,
    summary="一件承诺核查",
    also=(404,),
)
def read_follow_up(request: HttpRequest, check_id: Id) -> WholeCheckOut:
    """For the organ that checks, and for who promised."""
    actor, at = caller(request)
    return _whole(check_id, actor, civil_date(at))


@endpoint(
    router,
    "POST",
    "/follow-ups/{check_id}/record",
    answers=WholeCheckOut,
    summary="记录核查结果",
    also=(404, 409),
)
def record_follow_up(request: HttpRequest, check_id: Id, body: RecordIn) -> WholeCheckOut:
    """What two people found. TRANSFER only after the day until which to rectify."""
    actor, at = caller(request)
    checking.record(
        check_id=check_id,
        outcome=body.outcome.value,
        text=body.text,
        second_person=body.second_person,
        points=list(body.points),
        until=body.until,
        actor=actor,
        at=at,
    )
    return _whole(check_id, actor, civil_date(at))


def _decision(row: Publication) -> PublishedDecisionOut:
    assert row.published_at is not None
    return PublishedDecisionOut(
        number=row.number,
        item_name=row.item_name,
        organ=row.organ.name,
        outcome=row.outcome,
        word=row.word,
        decided_on=row.decided_on,
        holder=row.holder_label,
        uscc=row.holder_uscc,
        valid_until=row.valid_until,
        published_on=civil_date(row.published_at),
        ends_on=row.ends_on,
        withdrawn_on=row.withdrawn_on,
        withdrawn_reason=row.withdrawn_reason,
    )


@endpoint(
    router,
    "GET",
    "/decisions",
    answers=DecisionPageOut,
    summary="行政许可决定公示",
    is_public=True,
    also=(429,),
)
def list_decisions(
    request: HttpRequest,
    q: Text = TEXT,
    organ_id: OrganId | None = ORGAN,
    month: Month = MONTH,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> DecisionPageOut:
    """Newest first; of natural persons neither name nor number can be searched."""
    _, at = caller(request)
    found = queries.decisions(
        wanted=Wanted(q.strip(), organ_id, month),
        today=civil_date(at),
        after=after or None,
        size=size,
    )
    return DecisionPageOut(
        decisions=[_decision(row) for row in found.decisions], next_cursor=found.next_cursor
    )


@endpoint(
    router,
    "GET",
    "/decisions/figures",
    answers=PunctualityOut,
    summary="7 个工作日内公示率",
    is_public=True,
)
def read_publication_figures(
    request: HttpRequest, first: Query[Day], last: Query[Day], organ_id: OrganId | None = ORGAN
) -> PunctualityOut:
    """Of the permits decided from `first` to `last`, those published within seven working days."""
    if not first <= last or (last - first).days > LONGEST_PERIOD:
        raise InvalidActError({"last": f"请选择先后两天,最长 {LONGEST_PERIOD} 天。"})
    found = punctuality(first, last, organ_id=organ_id)
    return PunctualityOut(
        first=first,
        last=last,
        in_time=found.in_time,
        decisions=found.decisions,
        rate=found.rate,
    )

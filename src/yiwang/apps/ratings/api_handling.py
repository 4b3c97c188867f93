"""Bad ratings and figures by API: reads for the organ that handles and for who watches."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field

from yiwang.apps.ratings import queries
from yiwang.apps.ratings.domain.figures import FIGURES
from yiwang.apps.ratings.domain.handling import HandlingState
from yiwang.apps.ratings.domain.vocabulary import TaskKind
from yiwang.apps.ratings.errors import InvalidActError
from yiwang.apps.ratings.figures import Line, figures
from yiwang.apps.ratings.models import Satisfaction
from yiwang.apps.ratings.permissions import APPROVE, HANDLE, WATCH
from yiwang.apps.ratings.queries import Shown
from yiwang.apps.ratings.seeing import organs_of
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import BIGGEST, Cursor, Day, Id, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint

router = Router(tags=["评价"])
LONGEST = timedelta(days=800)
OrganId = Annotated[int, Field(ge=1, le=BIGGEST)]


class WhichRatings(StrEnum):
    """WhichRatings bad ratings: under way, waiting for a review, all of them."""

    OPEN = "open"
    DISPUTED = "disputed"
    ALL = "all"


WHICH: Any = parameter.Query(WhichRatings.OPEN, description="办理中、待复核或全部")
ORGAN: Any = parameter.Query(None, description="只看一个机关")


class RatingTaskOut(BaseModel):
    """`ended` is blank while it runs."""

    kind: TaskKind
    label: str
    due_on: date
    rule: str
    is_late: bool
    ended: str


class BadRatingOut(BaseModel):
    """`person` and `number` are blank or 匿名 for an anonymous one, for everybody."""

    id: int
    organ: str
    item_name: str
    satisfaction: Satisfaction
    satisfaction_label: str
    tags: list[str]
    text: str
    rated_on: str
    person: str
    number: str
    state: HandlingState
    state_label: str
    is_complex: bool
    tasks: list[RatingTaskOut]


class BadRatingPageOut(BaseModel):
    ratings: list[BadRatingOut]
    next_cursor: str | None


class HandlingStepOut(BaseModel):
    action: str
    text: str
    by: str
    at: datetime


class WholeBadRatingOut(BaseModel):
    rating: BadRatingOut
    steps: list[HandlingStepOut]


class RatingRateOut(BaseModel):
    """`percent` has three places, half up; None where nothing is counted."""

    figure: str
    label: str
    formula: str
    numerator: int
    denominator: int
    percent: Decimal | None


class RatingLineOut(BaseModel):
    label: str
    organ_id: int | None
    item: str | None
    rates: list[RatingRateOut]


class RatingFiguresOut(BaseModel):
    """The period is that of the services; both days included."""

    first: date
    last: date
    total: RatingLineOut
    organs: list[RatingLineOut]
    items: list[RatingLineOut]


def _require(actor: Actor) -> None:
    if not any(actor.may(permission) for permission in (HANDLE, APPROVE, WATCH)):
        raise AccessDeniedError("这是办理和监督差评的人员的内容。")


def _out(one: Shown, at: datetime) -> BadRatingOut:
    row, said = one.row, one.said
    return BadRatingOut(
        id=row.pk,
        organ=row.organ.name,
        item_name=row.item_name,
        satisfaction=Satisfaction(said.satisfaction),
        satisfaction_label=said.satisfaction_label,
        tags=said.tags,
        text=said.text,
        rated_on=said.on,
        person=said.person,
        number=said.number,
        state=HandlingState(row.state),
        state_label=row.state_label,
        is_complex=row.is_complex,
        tasks=[
            RatingTaskOut(
                kind=TaskKind(task.kind),
                label=task.kind_label,
                due_on=task.due_on,
                rule=task.rule,
                is_late=task.is_late(at),
                ended=task.ended,
            )
            for task in one.tasks
        ],
    )


@endpoint(router, "GET", "/bad-ratings", answers=BadRatingPageOut, summary="差评")
def list_bad_ratings(
    request: HttpRequest,
    which: WhichRatings = WHICH,
    organ: OrganId | None = ORGAN,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> BadRatingPageOut:
    """Of the organs one handles, or of all in the areas one watches; the open ones by clock."""
    actor, at = caller(request)
    _require(actor)
    found = queries.bad_ratings(
        actor=actor, which=which.value, organ_id=organ, after=after, size=size
    )
    return BadRatingPageOut(
        ratings=[_out(one, at) for one in found.ratings], next_cursor=found.next_cursor
    )


@endpoint(
    router,
    "GET",
    "/bad-ratings/{bad_rating_id}",
    answers=WholeBadRatingOut,
    summary="一条差评",
    also=(404,),
)
def read_bad_rating(request: HttpRequest, bad_rating_id: Id) -> WholeBadRatingOut:
    """With its two tasks and what was done."""
    actor, at = caller(request)
    _require(actor)
    found = queries.whole(bad_rating_id, actor=actor)
    return WholeBadRatingOut(
        rating=_out(found, at),
        steps=[
            HandlingStepOut(action=step.action, text=step.text, by=step.by_label, at=step.at)
            for step in found.steps
        ],
    )


@endpoint(router, "GET", "/rating-figures", answers=RatingFiguresOut, summary="好差评统计")
def read_rating_figures(
    request: HttpRequest, first: Query[Day], last: Query[Day]
) -> RatingFiguresOut:
    """Every rate with numerator, denominator and period, counted from the rows when asked."""
    actor, _ = caller(request)
    _require(actor)
    if not timedelta(0) <= last - first <= LONGEST or last.year > 9000:
        raise InvalidActError({"last": f"截止日期要在起始日期之后,最长 {LONGEST.days} 天。"})
    found = figures(organs=organs_of(actor), first=first, last=last)
    return RatingFiguresOut(
        first=first,
        last=last,
        total=_line(found.total),
        organs=[_line(line) for line in found.organs],
        items=[_line(line) for line in found.items],
    )


def _line(line: Line) -> RatingLineOut:
    return RatingLineOut(
        label=line.label,
        organ_id=line.organ_id,
        item=line.item,
        rates=[
            RatingRateOut(
                figure=f.code,
                label=f.label,
                formula=f.formula,
                numerator=line.rates[f.code].numerator,
                denominator=line.rates[f.code].denominator,
                percent=line.rates[f.code].percent,
            )
            for f in FIGURES
        ],
    )

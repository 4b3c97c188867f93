"""Supervision by API: cards, the unit's answers, the supervisor's decisions, figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.params import functions as parameter
from pydantic import BaseModel, StringConstraints

from yiwang.apps.supervision import queries
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState, Signal
from yiwang.apps.supervision.errors import InvalidActError
from yiwang.apps.supervision.figures import Rate, UnitFigures, figures
from yiwang.apps.supervision.models import Card
from yiwang.apps.supervision.operations import acting
from yiwang.apps.supervision.permissions import RESPOND, WATCH
from yiwang.foundation.access import Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, Cursor, Day, Flag, Id, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint

router = Router(tags=["电子监察"])
LONGEST_PERIOD = 800  # days
SIGNAL: Any = parameter.Query(None, description="只看一种信号")
STATE: Any = parameter.Query(None, description="只看一种状态")
ORGAN: Any = parameter.Query(None, description="只看一个单位")
OVERDUE: Any = parameter.Query(False, description="只看超过裁定期限的申诉")
Reason = Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL)]


class CardOut(BaseModel):
    id: int
    number: str
    signal: Signal
    signal_label: str
    rule: str
    case_id: int
    short_number: str
    item_name: str
    organ: str
    area_code: str
    target: str
    target_label: str
    text: str
    occurred_at: datetime
    issued_at: datetime
    state: CardState
    state_label: str
    decide_by: datetime | None
    late_reason: str
    withdrawn_cause: str
    withdrawn_reason: str


class CardPageOut(BaseModel):
    cards: list[CardOut]
    next_cursor: str | None


class AppealOut(BaseModel):
    cause: AppealCause
    cause_label: str
    text: str
    has_file: bool
    appealed_by: str
    appealed_at: datetime
    is_granted: bool | None
    decision: str
    decided_by: str
    decided_at: datetime | None


class WholeCardOut(BaseModel):
    """A card with everything it rests on: `evidence` was closed when it was issued."""

    card: CardOut
    rule_version: int
    article: str
    evidence: dict[str, Any]
    appeal: AppealOut | None


class ExplainIn(Body):
    """`reason` is shown to the applicant."""

    reason: Reason


class AppealIn(Body):
    cause: AppealCause
    text: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]


class DecideIn(Body):
    """`is_granted`: the card is withdrawn; else it is upheld."""

    is_granted: Flag
    reason: Reason


class CountOut(BaseModel):
    signal: Signal
    gross: int
    withdrawn: int
    net: int
    cases_gross: int
    cases_net: int
    rate_gross: str
    rate_net: str


class UnitFiguresOut(BaseModel):
    """`supervised` is the denominator of every rate, `cases_…` its numerator."""

    label: str
    organ_id: int | None
    supervised: int
    counts: list[CountOut]


class CauseOut(BaseModel):
    cause: AppealCause
    cause_label: str
    number: int


class FiguresOut(BaseModel):
    first: date
    last: date
    total: UnitFiguresOut
    units: list[UnitFiguresOut]
    months: list[UnitFiguresOut]
    withdrawn: list[CauseOut]


def _require(actor: Actor) -> None:
    if not actor.may(WATCH):
        actor.require(RESPOND)


@endpoint(router, "GET", "/supervision/cards", answers=CardPageOut, summary="监察卡", also=(403,))
def list_cards(
    request: HttpRequest,
    signal: Signal | None = SIGNAL,
    state: CardState | None = STATE,
    organ: Id | None = ORGAN,
    overdue: bool = OVERDUE,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> CardPageOut:
    """Of the caller's areas or units, newest first."""
    actor, at = caller(request)
    _require(actor)
    found = queries.cards(
        organs=queries.organs_of(actor),
        wanted=queries.CardFilter(signal or "", state or "", organ, overdue),
        at=at,
        after=after,
        size=size,
    )
    return CardPageOut(cards=[_card(row) for row in found.cards], next_cursor=found.next_cursor)


@endpoint(
    router,
    "GET",
    "/supervision/cards/{card_id}",
    answers=WholeCardOut,
    summary="一张监察卡",
    also=(404,),
)
def read_card(request: HttpRequest, card_id: Id) -> WholeCardOut:
    """With its evidence, its appeal and what was decided."""
    actor, _ = caller(request)
    return _whole(card_id, actor)


@endpoint(
    router,
    "POST",
    "/supervision/cards/{card_id}/explain",
    answers=WholeCardOut,
    summary="反馈超期原因",
    also=(404, 409),
)
def explain_card(request: HttpRequest, card_id: Id, body: ExplainIn) -> WholeCardOut:
    """By the unit; the applicant sees it."""
    actor, at = caller(request)
    acting.explain(card_id=card_id, reason=body.reason, actor=actor, at=at)
    return _whole(card_id, actor)


@endpoint(
    router,
    "POST",
    "/supervision/cards/{card_id}/appeal",
    answers=WholeCardOut,
    summary="申诉",
    also=(404, 409),
)
def appeal_card(request: HttpRequest, card_id: Id, body: AppealIn) -> WholeCardOut:
    """By the unit, once, within three working days. A file is handed in on the page."""
    actor, at = caller(request)
    acting.appeal(card_id=card_id, cause=body.cause.value, text=body.text, actor=actor, at=at)
    return _whole(card_id, actor)


@endpoint(
    router,
    "POST",
    "/supervision/cards/{card_id}/decide",
    answers=WholeCardOut,
    summary="裁定申诉",
    also=(404, 409),
)
def decide_card(request: HttpRequest, card_id: Id, body: DecideIn) -> WholeCardOut:
    """By a supervisor of the area who holds no post of the unit."""
    actor, at = caller(request)
    acting.decide_appeal(
        card_id=card_id, is_granted=body.is_granted, reason=body.reason, actor=actor, at=at
    )
    return _whole(card_id, actor)


@endpoint(
    router,
    "GET",
    "/supervision/figures",
    answers=FiguresOut,
    summary="监察统计",
    also=(403,),
)
def read_figures(request: HttpRequest, first: Query[Day], last: Query[Day]) -> FiguresOut:
    """Gross and net of a period (both days included), with every numerator and denominator."""
    actor, at = caller(request)
    _require(actor)
    if not 0 <= (last - first).days <= LONGEST_PERIOD:
        raise InvalidActError({"last": f"截止日期要在起始日期之后,最长 {LONGEST_PERIOD} 天。"})
    found = figures(organs=queries.organs_of(actor), first=first, last=last, at=at)
    return FiguresOut(
        first=first,
        last=last,
        total=_unit(found.total),
        units=[_unit(unit) for unit in found.units],
        months=[_unit(month) for month in found.months],
        withdrawn=[
            CauseOut(cause=cause, cause_label=cause.label, number=sum(numbers.values()))
            for cause, numbers in found.causes.items()
        ],
    )


def _unit(unit: UnitFigures) -> UnitFiguresOut:
    counts = []
    for signal in Signal:
        count = unit.count(signal)
        counts.append(
            CountOut(
                signal=signal,
                gross=count.gross,
                withdrawn=count.withdrawn,
                net=count.net,
                cases_gross=count.cases_gross,
                cases_net=count.cases_net,
                rate_gross=Rate(count.cases_gross, unit.supervised).text,
                rate_net=Rate(count.cases_net, unit.supervised).text,
            )
        )
    return UnitFiguresOut(
        label=unit.label, organ_id=unit.organ_id, supervised=unit.supervised, counts=counts
    )


def _card(row: Card) -> CardOut:
    return CardOut(
        id=row.pk,
        number=row.number,
        signal=Signal(row.signal),
        signal_label=Signal(row.signal).label,
        rule=row.rule_code,
        case_id=row.case_id,
        short_number=row.short_number,
        item_name=row.item_name,
        organ=row.organ.name,
        area_code=row.area_code,
        target=row.target,
        target_label=row.target_label,
        text=row.text,
        occurred_at=row.occurred_at,
        issued_at=row.issued_at,
        state=CardState(row.state),
        state_label=CardState(row.state).label,
        decide_by=row.decide_by,
        late_reason=row.late_reason,
        withdrawn_cause=row.withdrawn_cause,
        withdrawn_reason=row.withdrawn_reason,
    )


def _whole(card_id: int, actor: Actor) -> WholeCardOut:
    found = queries.whole_card(card_id, actor=actor)
    row = found.appeal
    appeal = (
        None
        if row is None
        else AppealOut(
            cause=AppealCause(row.cause),
            cause_label=AppealCause(row.cause).label,
            text=row.text,
            has_file=row.attachment_id is not None,
            appealed_by=row.appealed_by_label,
            appealed_at=row.appealed_at,
            is_granted=row.is_granted,
            decision=row.decision,
            decided_by=row.decided_by_label,
            decided_at=row.decided_at,
        )
    )
    return WholeCardOut(
        card=_card(found.card),
        rule_version=found.card.rule.version,
        article=found.card.rule.article,
        evidence=found.card.evidence,
        appeal=appeal,
    )

"""一窗受理 and 进驻事项 by API, for who watches the halls of an area: the figures of the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel

from yiwang.apps.cases import one_window, resident_figures
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.one_window import Level, Period
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import Day
from yiwang.foundation.api.declaring import endpoint
from yiwang.kernel.moment import civil_date

router = Router(tags=["进驻和一窗"])
LEVEL: Any = parameter.Query(Level.TOWNSHIP, description="按镇街、区县或大厅")
FIRST: Any = parameter.Query(..., description="从这一天")
LAST: Any = parameter.Query(..., description="到这一天(含)")
BY_HALL: Any = parameter.Query(False, description="按大厅而不是按单位")


class PlaceShareOut(BaseModel):
    """`at_one_window` ÷ `accepted`; `rate` is 无 where nothing was accepted."""

    key: str
    name: str
    within: str
    halls: int
    accepted: int
    at_one_window: int
    rate: str


class ResidentCountOut(BaseModel):
    key: str
    name: str
    items: int


class ResidentOut(BaseModel):
    """`total` counts an item once, however many halls have it."""

    total: int
    counts: list[ResidentCountOut]


@endpoint(
    router,
    "GET",
    "/halls-at-work/one-window",
    answers=list[PlaceShareOut],
    summary="一窗受理占比",
    also=(422,),
)
def one_window_shares(
    request: HttpRequest, first: Day = FIRST, last: Day = LAST, level: Level = LEVEL
) -> list[PlaceShareOut]:
    """Every place of the level in the caller's areas, those with none at one window first."""
    actor, _ = caller(request)
    period = Period(first, last)
    if text := period.problem:
        raise InvalidInputError({"last": text}, text)
    rows = one_window.figures(level=level, period=period, actor=actor)
    return [
        PlaceShareOut(
            key=row.key,
            name=row.name,
            within=row.within,
            halls=row.halls,
            accepted=row.share.accepted,
            at_one_window=row.share.at_one_window,
            rate=row.share.rate,
        )
        for row in rows
    ]


@endpoint(
    router,
    "GET",
    "/halls-at-work/resident",
    answers=ResidentOut,
    summary="进驻事项",
    also=(422,),
)
def resident_items(request: HttpRequest, by_hall: bool = BY_HALL) -> ResidentOut:
    """Items in force that are resident in the caller's areas, by unit or by hall."""
    actor, at = caller(request)
    rows, total = resident_figures.resident_counts(
        by_hall=by_hall, today=civil_date(at), actor=actor
    )
    return ResidentOut(
        total=total,
        counts=[ResidentCountOut(key=r.key, name=r.name, items=r.items) for r in rows],
    )

"""The staff's side by API: the day in the order of calling, checking in, calling, ending, audit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel, StringConstraints

from yiwang.apps.cases.public import GreenChannel, Help, HelpKind
from yiwang.apps.hall import queries
from yiwang.apps.hall.api import AppointmentOut, Short, out
from yiwang.apps.hall.operations import serving
from yiwang.apps.hall.operations.serving import Admission
from yiwang.apps.hall.permissions import AUDIT, BOOK, KEEP, SERVE
from yiwang.apps.hall.queries import LONGEST, UseFilter
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, Cursor, Day, Flag, Id, Line, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.kernel.moment import civil_date

router = Router(tags=["帮办专区"])
ON: Any = parameter.Query(None, description="哪一天;不填为今天")
FIRST: Any = parameter.Query(description="从哪一天")
LAST: Any = parameter.Query(description="到哪一天(含),最长 92 天")
MARKED: Any = parameter.Query(False, description="只列有标记的")
Short40 = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]


class ZoneDayOut(BaseModel):
    """`waiting` in the order of calling."""

    on: date
    waiting: list[AppointmentOut]
    serving: list[AppointmentOut]
    to_come: list[AppointmentOut]
    displaced: list[AppointmentOut]
    past: list[AppointmentOut]


class CheckInIn(Body):
    """`channel` None: no priority. Without evidence a `reason` is needed, and the use is marked."""

    channel: GreenChannel | None = None
    ground: Short = ""
    evidence: Short = ""
    reason: Short = ""


class CallIn(Body):
    """`reason` is needed where others should have come before."""

    reason: Short = ""


class EndIn(Body):
    """`number` of the case that was helped with, where there is one."""

    kind: HelpKind
    what: Line
    result: Line
    number: Short40 = ""
    parcel_number: Short40 = ""
    basis: Short = ""


class GreenUseOut(BaseModel):
    """One use of the green channel: a call with a priority class, or one out of turn."""

    appointment: AppointmentOut
    on: date
    ground: str
    evidence: str
    let_in_by: str
    checked_in_at: datetime | None
    called_at: datetime | None
    waited_minutes: int | None
    is_without_ground: Flag
    ground_reason: str
    is_out_of_turn: Flag
    turn_reason: str


class GreenUsePageOut(BaseModel):
    uses: list[GreenUseOut]
    next_cursor: str | None


@endpoint(
    router,
    "GET",
    "/help-zones/{zone_id}/day",
    answers=ZoneDayOut,
    summary="专区一天的预约",
    also=(404, 422),
)
def read_zone_day(request: HttpRequest, zone_id: Id, on: Day | None = ON) -> ZoneDayOut:
    """For the staff of the hall and who keeps or audits it."""
    actor, at = caller(request)
    zone = queries.zone_for(zone_id, actor, SERVE, BOOK, KEEP, AUDIT)
    day = on or civil_date(at)
    found = queries.day_of(zone, day)
    return ZoneDayOut(
        on=day,
        waiting=[out(row) for row in found.waiting],
        serving=[out(row) for row in found.serving],
        to_come=[out(row) for row in found.to_come],
        displaced=[out(row) for row in found.displaced],
        past=[out(row) for row in found.past],
    )


@endpoint(
    router,
    "POST",
    "/help-zones/{zone_id}/call-next",
    answers=AppointmentOut,
    summary="叫下一位",
    also=(404, 409),
)
def call_next_appointment(request: HttpRequest, zone_id: Id) -> AppointmentOut:
    """Class first, then the time of the appointment, then who came first."""
    actor, at = caller(request)
    actor.require(SERVE)
    return out(serving.call_next(zone_id=zone_id, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/check-in",
    answers=AppointmentOut,
    summary="签到",
    also=(404, 409),
)
def check_in_appointment(
    request: HttpRequest, appointment_id: Id, body: CheckInIn
) -> AppointmentOut:
    """On the day of the appointment, with which priority and what was shown."""
    actor, at = caller(request)
    said = Admission(
        channel=body.channel.value if body.channel else "",
        ground=body.ground,
        evidence=body.evidence,
        reason=body.reason,
    )
    return out(serving.check_in(appointment_id=appointment_id, admission=said, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/call",
    answers=AppointmentOut,
    summary="叫这一位",
    also=(404, 409),
)
def call_appointment(request: HttpRequest, appointment_id: Id, body: CallIn) -> AppointmentOut:
    """By hand; before others only with a reason, and marked."""
    actor, at = caller(request)
    return out(serving.call(appointment_id=appointment_id, reason=body.reason, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/start",
    answers=AppointmentOut,
    summary="开始帮办",
    also=(404, 409),
)
def start_appointment(request: HttpRequest, appointment_id: Id) -> AppointmentOut:
    actor, at = caller(request)
    return out(serving.start(appointment_id=appointment_id, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/miss",
    answers=AppointmentOut,
    summary="记为没有来",
    also=(404, 409),
)
def miss_appointment(request: HttpRequest, appointment_id: Id) -> AppointmentOut:
    """No fault: they may check in later on the day, or book again."""
    actor, at = caller(request)
    return out(serving.miss(appointment_id=appointment_id, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/end",
    answers=AppointmentOut,
    summary="结束帮办",
    also=(404, 409),
)
def end_appointment(request: HttpRequest, appointment_id: Id, body: EndIn) -> AppointmentOut:
    """Writes the help record, of a case where its number is given."""
    actor, at = caller(request)
    help = Help(
        kind=body.kind.value,
        place="",
        what=body.what,
        result=body.result,
        helped_on=None,
        parcel_number=body.parcel_number,
        basis=body.basis,
    )
    return out(
        serving.end(
            appointment_id=appointment_id, help=help, number=body.number, actor=actor, at=at
        )
    )


@endpoint(
    router,
    "GET",
    "/green-uses",
    answers=GreenUsePageOut,
    summary="绿色通道的使用",
    also=(422,),
)
def list_green_uses(
    request: HttpRequest,
    first: Day = FIRST,
    last: Day = LAST,
    is_marked: bool = MARKED,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> GreenUsePageOut:
    """Every call with a priority class and every call out of turn, latest first."""
    actor, _ = caller(request)
    actor.require(AUDIT)
    zones = [zone.pk for zone in queries.zones_for(actor, AUDIT)]
    wanted = UseFilter(first=max(first, last - LONGEST), last=last, is_marked=is_marked)
    found = queries.green_uses(wanted, zones=zones, after=after or None, size=size)
    return GreenUsePageOut(
        uses=[
            GreenUseOut(
                appointment=out(row),
                on=row.on,
                ground=row.ground,
                evidence=row.evidence,
                let_in_by=row.let_in_by_label,
                checked_in_at=row.checked_in_at,
                called_at=row.called_at,
                waited_minutes=row.waited,
                is_without_ground=row.is_without_ground,
                ground_reason=row.ground_reason,
                is_out_of_turn=row.is_out_of_turn,
                turn_reason=row.turn_reason,
            )
            for row in found.rows
        ],
        next_cursor=found.next_cursor,
    )

"""The hall by API: zones and their free half hours, booking, moving, cancelling, one's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel, StringConstraints

from yiwang.apps.cases.public import GreenChannel
from yiwang.apps.hall import queries
from yiwang.apps.hall.domain.states import AppointmentState
from yiwang.apps.hall.domain.vocabulary import BookedVia, ZoneAudience
from yiwang.apps.hall.errors import HallNotFoundError
from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.operations import booking
from yiwang.apps.hall.operations.booking import Wish
from yiwang.apps.hall.slots import free_slots, last_day
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import (
    NO_NUL,
    Body,
    BodyId,
    Cursor,
    Day,
    Id,
    Instant,
    Line,
    PageSize,
    Slug,
    instant,
)
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.kernel.moment import BEIJING, civil_date

router = Router(tags=["帮办预约"])
ON: Any = parameter.Query(None, description="哪一天;不填为可以预约的全部日子")
Short = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


class ZoneOut(BaseModel):
    id: int
    hall: str
    name: str
    place: str
    audience: ZoneAudience
    park: str
    kinds: list[str]
    places: int


class ZonesOut(BaseModel):
    zones: list[ZoneOut]


class SlotOut(BaseModel):
    starts_at: datetime
    places: int
    free: int


class SlotsOut(BaseModel):
    slots: list[SlotOut]


class AppointmentOut(BaseModel):
    """An appointment as a list shows it: whoever is helped masked, nothing of what was written."""

    id: int
    version: int
    zone_id: int
    zone: str
    hall: str
    party: str
    item_code: str
    item_name: str
    starts_at: datetime
    offered_at: datetime | None
    state: AppointmentState
    state_label: str
    via: BookedVia
    priority_class: str
    channel: GreenChannel | None


class AppointmentPageOut(BaseModel):
    appointments: list[AppointmentOut]
    next_cursor: str | None


class BookIn(Body):
    """`item` None is 不确定; `channel` None claims no priority, otherwise `ground` says why."""

    zone_id: BodyId
    party_id: BodyId
    starts_at: Instant
    wanted: Line
    item: Slug | None = None
    channel: GreenChannel | None = None
    ground: Short = ""


class MoveIn(Body):
    starts_at: Instant


def moment(text: str) -> datetime:
    return instant(text).astimezone(BEIJING)


def out(row: Appointment) -> AppointmentOut:
    return AppointmentOut(
        id=row.pk,
        version=row.version,
        zone_id=row.zone_id,
        zone=row.zone.name,
        hall=row.zone.hall.name,
        party=row.party_label,
        item_code=row.item_code,
        item_name=row.item_name,
        starts_at=row.starts_at,
        offered_at=row.offered_at,
        state=AppointmentState(row.state),
        state_label=row.state_label,
        via=BookedVia(row.via),
        priority_class=row.class_name,
        channel=GreenChannel(row.channel) if row.channel else None,
    )


def _zone(row: HelpZone) -> ZoneOut:
    return ZoneOut(
        id=row.pk,
        hall=row.hall.name,
        name=row.name,
        place=row.place,
        audience=ZoneAudience(row.audience),
        park=row.area.name if row.area else "",
        kinds=row.kind_labels,
        places=row.places,
    )


@endpoint(
    router, "GET", "/help-zones", answers=ZonesOut, summary="可以预约的帮办专区", is_public=True
)
def list_help_zones(request: HttpRequest) -> ZonesOut:
    """Of every open hall."""
    return ZonesOut(zones=[_zone(row) for row in queries.open_zones()])


@endpoint(
    router,
    "GET",
    "/help-zones/{zone_id}/slots",
    answers=SlotsOut,
    summary="专区可以预约的时段",
    also=(404, 422),
    is_public=True,
)
def list_slots(request: HttpRequest, zone_id: Id, on: Day | None = ON) -> SlotsOut:
    """Half hours with somebody on the roster; full ones with nothing free."""
    at: datetime = request.at  # type: ignore[attr-defined]
    zone = queries.zone(zone_id)
    if zone.valid_until is not None:
        raise HallNotFoundError("这个专区")
    first: date = on or civil_date(at)
    found = free_slots(zone, first=first, last=on or last_day(at), at=at)
    return SlotsOut(
        slots=[SlotOut(starts_at=s.starts_at, places=s.places, free=s.free) for s in found]
    )


@endpoint(
    router,
    "POST",
    "/appointments",
    answers=AppointmentOut,
    summary="预约帮办",
    also=(404, 409),
)
def book_appointment(request: HttpRequest, body: BookIn) -> AppointmentOut:
    """For oneself, whom one represents, or whose agent one is."""
    actor, at = caller(request)
    if actor.party_id is None:
        raise AccessDeniedError("网上预约由办事的人办;代约请在专区页面办。")
    wish = Wish(
        party_id=body.party_id,
        starts_at=moment(body.starts_at),
        item=body.item or "",
        wanted=body.wanted,
        channel=body.channel.value if body.channel else "",
        ground=body.ground,
    )
    return out(booking.book(zone_id=body.zone_id, wish=wish, actor=actor, at=at))


@endpoint(router, "GET", "/my/appointments", answers=AppointmentPageOut, summary="我的帮办预约")
def list_my_appointments(
    request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE
) -> AppointmentPageOut:
    """One's own and those of whom one represents, latest first."""
    actor, _ = caller(request)
    found = queries.own_appointments(actor=actor, after=after or None, size=size)
    return AppointmentPageOut(
        appointments=[out(row) for row in found.rows], next_cursor=found.next_cursor
    )


@endpoint(
    router,
    "GET",
    "/appointments/{appointment_id}",
    answers=AppointmentOut,
    summary="一个帮办预约",
    also=(404,),
)
def read_appointment(request: HttpRequest, appointment_id: Id) -> AppointmentOut:
    """For whoever is helped and the staff of the hall."""
    return out(queries.appointment(appointment_id, actor=caller(request)[0]))


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/move",
    answers=AppointmentOut,
    summary="改约",
    also=(404, 409),
)
def move_appointment(request: HttpRequest, appointment_id: Id, body: MoveIn) -> AppointmentOut:
    """To another half hour of the zone, until it begins."""
    actor, at = caller(request)
    return out(
        booking.move(
            appointment_id=appointment_id, starts_at=moment(body.starts_at), actor=actor, at=at
        )
    )


@endpoint(
    router,
    "POST",
    "/appointments/{appointment_id}/cancel",
    answers=AppointmentOut,
    summary="取消预约",
    also=(404, 409),
)
def cancel_appointment(request: HttpRequest, appointment_id: Id) -> AppointmentOut:
    """Until it begins, without a reason."""
    actor, at = caller(request)
    return out(booking.cancel(appointment_id=appointment_id, actor=actor, at=at))

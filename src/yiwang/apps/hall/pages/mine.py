"""One's own appointments: the list, one of them, moving and cancelling; the same for a clerk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.catalog.public import current_version
from yiwang.apps.hall import queries
from yiwang.apps.hall.bringing import what_to_bring
from yiwang.apps.hall.domain.states import MACHINE
from yiwang.apps.hall.errors import HallError, HallNotFoundError, InvalidActError
from yiwang.apps.hall.models import Appointment
from yiwang.apps.hall.operations import booking
from yiwang.apps.hall.pages.parts import about, moment_of, pager, slot_field, slots_ahead, tag_of
from yiwang.apps.hall.permissions import BOOK
from yiwang.apps.hall.seeing import is_on_their_side
from yiwang.foundation.shell.access import citizen_page, staff_page
from yiwang.foundation.shell.act_form import PORTAL, STAFF, ActForm
from yiwang.kernel.moment import BEIJING, civil_date

LIST = "/my/appointments/"


@require_GET
@citizen_page
def mine(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after") or None
    found = queries.own_appointments(actor=request.actor, after=after)  # type: ignore[attr-defined]
    context = {
        "rows": [{"row": row, "tag": tag_of(row)} for row in found.rows],
        "pager": pager(LIST, "", after, found.next_cursor),
    }
    return render(request, "hall/mine.html", context)


def _own(request: HttpRequest, appointment_id: int) -> Appointment:
    actor = request.actor  # type: ignore[attr-defined]
    row = queries.appointment(appointment_id, actor=actor)
    if not is_on_their_side(actor, row):
        raise HallNotFoundError
    return row


@require_GET
@citizen_page
def one(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Where and when, what to bring, and what may still be changed."""
    row, at = _own(request, appointment_id), request.at  # type: ignore[attr-defined]
    version = current_version(row.item_code, today=civil_date(at)) if row.item_code else None
    is_ahead = row.starts_at > at or row.state == "DISPLACED"
    context = {
        "row": row,
        "tag": tag_of(row),
        "about": about(row),
        "bring": what_to_bring(version.definition) if version else [],
        "can_change": is_ahead and MACHINE.find(row.state, "MOVE") is not None,
    }
    return render(request, "hall/mine_one.html", context)


def _move(request: HttpRequest, row: Appointment, back: str, layout: str) -> HttpResponse:
    offered = row.offered_at.astimezone(BEIJING).isoformat() if row.offered_at else ""
    slots = slots_ahead(row.zone, request)
    form = ActForm(
        title="改约",
        button="改到这个时段",
        done="已经改好,原来的时段让给别人。",
        back=back,
        layout=layout,
        invalid=(InvalidActError,),
        refused=(HallError,),
        about=about(row),
        closed=MACHINE.why_not(row.state, "MOVE") if request.method == "GET" else "",
        fields=lambda typed: [slot_field(slots, typed, offered)],
    )
    return form.answer(
        request,
        lambda at: booking.move(
            appointment_id=row.pk,
            starts_at=moment_of(request.POST.get("starts_at", "")),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


def _cancel(request: HttpRequest, row: Appointment, back: str, layout: str) -> HttpResponse:
    fields: Callable[[Any], list[dict[str, Any]]] = lambda typed: []  # noqa: E731
    form = ActForm(
        title="取消预约",
        button="取消这个预约",
        done="已经取消。需要时可以随时重新预约。",
        back=back,
        layout=layout,
        invalid=(InvalidActError,),
        refused=(HallError,),
        about=about(row),
        note="取消不用说明原因,也不影响再次预约。",
        closed=MACHINE.why_not(row.state, "CANCEL") if request.method == "GET" else "",
        fields=fields,
    )

    def act(at: datetime) -> None:
        actor = request.actor  # type: ignore[attr-defined]
        booking.cancel(appointment_id=row.pk, actor=actor, at=at)

    return form.answer(request, act)


@require_http_methods(["GET", "POST"])
@citizen_page
def move(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = _own(request, appointment_id)
    return _move(request, row, f"{LIST}{row.pk}/", PORTAL)


@require_http_methods(["GET", "POST"])
@citizen_page
def cancel(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = _own(request, appointment_id)
    return _cancel(request, row, f"{LIST}{row.pk}/", PORTAL)


@require_http_methods(["GET", "POST"])
@staff_page(BOOK)
def move_for(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Somebody calls and wants another time."""
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    return _move(request, row, f"/zones/{row.zone_id}/?on={row.on}", STAFF)


@require_http_methods(["GET", "POST"])
@staff_page(BOOK)
def cancel_for(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    return _cancel(request, row, f"/zones/{row.zone_id}/?on={row.on}", STAFF)

"""Halls and zones for everybody, and booking: by the person, or by a clerk for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.cases.public import GreenChannel
from yiwang.apps.catalog.public import current_versions
from yiwang.apps.hall import queries
from yiwang.apps.hall.classes import claims_of, classes_of
from yiwang.apps.hall.domain.slots import spans_in_words
from yiwang.apps.hall.domain.vocabulary import BookedVia
from yiwang.apps.hall.errors import HallError, InvalidActError
from yiwang.apps.hall.models import HelpZone
from yiwang.apps.hall.operations import booking, for_others
from yiwang.apps.hall.operations.booking import Wish
from yiwang.apps.hall.pages.parts import by_day, day_typed, moment_of, slot_field
from yiwang.apps.hall.pages.parts import slots_ahead as ahead
from yiwang.apps.hall.permissions import BOOK
from yiwang.apps.people.public import InvalidPartyError, Shown
from yiwang.foundation.shell.access import citizen_page, public_page, staff_page
from yiwang.foundation.shell.act_form import PORTAL, ActForm, line, radios, select, textarea
from yiwang.foundation.shell.paper_fields import paper_fields
from yiwang.kernel.moment import WEEKDAYS, civil_date

PARK = GreenChannel.PARK.value


@require_GET
@public_page
def halls(request: HttpRequest) -> HttpResponse:
    """Every open hall with its zones; `item` is carried on to the booking."""
    zones = queries.open_zones()
    rows = [
        {"hall": hall, "zones": [z for z in zones if z.hall_id == hall.pk]}
        for hall in queries.open_halls()
    ]
    item = request.GET.get("item", "")[:60]
    return render(request, "hall/halls.html", {"rows": rows, "item": item})


def _open(zone_id: int) -> HelpZone:
    zone = queries.zone(zone_id)
    if zone.valid_until is not None:
        raise queries.HallNotFoundError("这个专区")
    return zone


@require_GET
@public_page
def zone(request: HttpRequest, zone_id: int) -> HttpResponse:
    """What a zone is for, when it is open, and what is free on the days ahead."""
    row = _open(zone_id)
    days = by_day(ahead(row, request))
    first = next((day["on"] for day in days if day["free"]), civil_date(request.at))  # type: ignore[attr-defined]
    wanted = day_typed(request.GET.get("on", ""), first)
    context = {
        "zone": row,
        "hours": [
            (f"周{WEEKDAYS[day]}", spans_in_words(spans))
            for day, spans in sorted(row.weekly.items())
        ],
        "days": days,
        "shown": next((d for d in days if d["on"] == wanted), None),
        "has_free": any(day["free"] for day in days),
        "item": request.GET.get("item", "")[:60],
    }
    return render(request, "hall/zone.html", context)


@require_http_methods(["GET", "POST"])
@citizen_page
def book(request: HttpRequest, zone_id: int) -> HttpResponse:
    """Whom, which half hour, which item, what help; a priority with its ground."""
    row, actor = _open(zone_id), request.actor  # type: ignore[attr-defined]
    parties = queries.parties_to_book_for(actor)
    form = _form(
        request,
        row,
        [select_party(parties, request.POST)],
        back=f"/halls/zones/{row.pk}/",
        with_park=any(not one.is_natural for one in parties),
    )
    form.layout = PORTAL

    def act(at: datetime) -> None:
        party = request.POST.get("party", str(parties[0].pk) if len(parties) == 1 else "")
        found = booking.book(zone_id=row.pk, wish=_wish(request, party), actor=actor, at=at)
        form.back = f"/my/appointments/{found.pk}/"

    return form.answer(request, act)


def select_party(parties: list[Any], typed: Any) -> dict[str, Any]:
    choices = [(str(p.pk), p.name, "" if p.is_natural else "单位") for p in parties]
    return radios("party", "为谁预约", typed, choices, value=choices[0][0] if choices else "")


def _wish(request: HttpRequest, party: str) -> Wish:
    posted = request.POST
    return Wish(
        party_id=int(party) if party.isascii() and party.isdigit() and len(party) < 19 else 0,
        starts_at=moment_of(posted.get("starts_at", "")),
        item=posted.get("item", "")[:60],
        wanted=posted.get("wanted", ""),
        channel=posted.get("channel", "")[:10],
        ground=posted.get("ground", ""),
    )


def _form(
    request: HttpRequest,
    row: HelpZone,
    first: list[dict[str, Any]],
    *,
    back: str,
    with_park: bool = True,
) -> ActForm:
    chosen = request.GET.get("at", "")
    moment = moment_of(chosen)
    slots = ahead(row, request, civil_date(moment) if moment else None)
    versions = current_versions(today=civil_date(request.at))  # type: ignore[attr-defined]
    items = [("", booking.UNSURE)]
    items += [(v.definition.code, v.definition.name) for v in versions]
    claims = [one for one in claims_of(classes_of(row)) if with_park or one[0] != PARK]

    def fields(typed: Any) -> list[dict[str, Any]]:
        found = [
            *first,
            slot_field(slots, typed, moment.isoformat() if moment else ""),
            select("item", "办什么", typed, items, value=request.GET.get("item", "")[:60],
                   width="w-full"),
            textarea("wanted", "需要什么帮助", typed, rows=3, maxlength=booking.LONGEST_WANTED,
                     hint="例如:第一次开小餐馆,想请人看看材料。请不要写身份证号。"),
        ]  # fmt: skip
        if claims:
            choices = [("", "不用优先", ""), *claims]
            found += [
                radios("channel", "优先", typed, choices, value=""),
                line("ground", "优先的理由", typed, is_optional=True, maxlength=200,
                     width="w-full", hint="选了优先才填,例如:75 岁。到场时请带证明。"),
            ]  # fmt: skip
        return found

    return ActForm(
        title=f"预约{row.name}",
        button="预约",
        done="已经预约好,前一天会再提醒。",
        back=back,
        invalid=(InvalidActError, InvalidPartyError),
        refused=(HallError,),
        about=[("地点", f"{row.hall.name} {row.place}({row.hall.address})")],
        note="来不了没有关系,可以随时改约或者取消,不影响再次预约。",
        fields=fields,
    )


@require_http_methods(["GET", "POST"])
@staff_page(BOOK)
def book_for(request: HttpRequest, zone_id: int) -> HttpResponse:
    """A clerk at a window or on the phone books for somebody, by their paper."""
    actor = request.actor  # type: ignore[attr-defined]
    row = queries.zone_for(zone_id, actor, BOOK)
    typed = request.POST
    ways = [(v.value, v.label, "") for v in (BookedVia.WINDOW, BookedVia.PHONE)]
    first = [
        radios("via", "怎样来的", typed, ways, value=BookedVia.WINDOW.value),
        *paper_fields(typed, with_organisations=True),
    ]
    form = _form(request, row, first, back=f"/zones/{row.pk}/")

    def act(at: datetime) -> None:
        for_others.book_for(
            zone_id=row.pk,
            who=Shown(
                typed.get("paper_kind", ""), typed.get("paper_number", ""), typed.get("name", "")
            ),
            wish=_wish(request, ""),
            via=typed.get("via", ""),
            actor=actor,
            at=at,
        )

    return form.answer(request, act)

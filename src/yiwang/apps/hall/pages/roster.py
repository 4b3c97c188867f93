"""The roster of a zone: who is there which half day, putting down and taking off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.hall import queries
from yiwang.apps.hall.domain.vocabulary import RosterHalf
from yiwang.apps.hall.errors import HallError, HallNotFoundError, InvalidActError
from yiwang.apps.hall.models import RosterShift
from yiwang.apps.hall.operations import rostering
from yiwang.apps.hall.pages.parts import day_typed
from yiwang.apps.hall.permissions import KEEP, SERVE
from yiwang.apps.hall.slots import roster_of
from yiwang.apps.people.public import staff_of_hall
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, checkboxes, day, posted_day, radios, select
from yiwang.foundation.shell.dates import cn_date
from yiwang.kernel.moment import civil_date

SHOWN = timedelta(days=13)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 else None


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def roster(request: HttpRequest, zone_id: int) -> HttpResponse:
    """Two weeks of the roster, and a form to put somebody down."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    zone = queries.zone_for(zone_id, actor, KEEP)
    today = civil_date(at)
    first = day_typed(request.GET.get("from", ""), today)
    shifts = roster_of(zone, first=first, last=first + SHOWN)
    people = [(str(pk), name) for pk, name in staff_of_hall(zone.hall_id, SERVE, on=today)]
    halves = [(half.value, half.label) for half in RosterHalf]
    chosen = request.POST.getlist("halves") or [half.value for half in RosterHalf]
    form = ActForm(
        title=f"{zone.name}值守",
        button="安排值守",
        done="已安排。",
        back=f"/zones/{zone.pk}/roster/",
        invalid=(InvalidActError,),
        refused=(HallError,),
        note="有人值守的半天才能预约。值守的人离岗时由其岗位的 B角 顶上,不用另排。",
        fields=lambda typed: [
            select("account", "谁", typed, people),
            day("on", "日期", typed, value=str(today)),
            checkboxes("halves", "半天", chosen, halves),
        ],
        context={
            "zone": zone,
            "days": _days(shifts),
            "first": first,
            "before": first - SHOWN - timedelta(days=1),
            "after": first + SHOWN + timedelta(days=1),
        },
    )
    if request.method == "GET":
        context = {"form": form, "fields": form.fields({}), "errors": [], **form.context}
        return render(request, "hall/staff/roster.html", context)

    def act(at: datetime) -> None:
        account = _number(request.POST.get("account", ""))
        rostering.put_down(
            zone_id=zone.pk,
            account_id=account or 0,
            on=posted_day(request, "on"),
            halves=tuple(dict.fromkeys(request.POST.getlist("halves"))),
            actor=actor,
            at=at,
        )

    return form.answer(request, act)


def _days(shifts: list[Any]) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for one in shifts:
        row = found.setdefault(one.on, {"on": one.on, "halves": {}})
        row["halves"].setdefault(one.half, []).append(one)
    return [
        {
            "on": row["on"],
            "halves": [(half.label, row["halves"].get(half, [])) for half in RosterHalf],
        }
        for row in found.values()
    ]


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def off(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Take somebody off; where people have booked, who takes over, or that they are told."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = RosterShift.objects.select_related("account", "zone__hall", "zone__area")
    shift = rows.filter(pk=shift_id).first()
    if shift is None:
        raise HallNotFoundError("这次值守")
    zone = queries.zone_for(shift.zone_id, actor, KEEP)
    half = RosterHalf(shift.half)
    booked = rostering.booked_in(zone, shift.on, half)
    people = [("", "不用替班")]
    people += [
        (str(pk), name)
        for pk, name in staff_of_hall(zone.hall_id, SERVE, on=shift.on)
        if pk != shift.account_id
    ]
    ways = [
        ("no", "不通知", "还有别人值守、已选替班,或者没有人预约"),
        ("yes", "通知预约的人另选时间", "发消息致歉,并建议一个空的时段"),
    ]
    form = ActForm(
        title="撤下值守",
        button="撤下",
        done="已撤下。",
        back=f"/zones/{zone.pk}/roster/",
        invalid=(InvalidActError,),
        refused=(HallError,),
        about=[
            ("值守", f"{cn_date(shift.on)}{half.label} {shift.account.label}"),
            ("这半天的预约", f"{len(booked)} 个"),
        ],
        fields=lambda typed: [
            select("substitute", "谁来替班", typed, people),
            radios("tells", "没有人能替时", typed, ways, value="no"),
        ],
    )
    return form.answer(
        request,
        lambda at: rostering.take_off(
            shift_id=shift_id,
            substitute_id=_number(request.POST.get("substitute", "")),
            tells=request.POST.get("tells") == "yes",
            actor=actor,
            at=at,
        ),
    )

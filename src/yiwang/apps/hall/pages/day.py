"""A zone's day for its staff: who is here, whose turn it is, and what was helped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.cases.public import Help, HelpKind
from yiwang.apps.hall import queries
from yiwang.apps.hall.classes import claims_of, classes_of
from yiwang.apps.hall.domain.states import MACHINE
from yiwang.apps.hall.errors import HallError, InvalidActError
from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.operations import serving
from yiwang.apps.hall.operations.serving import Admission
from yiwang.apps.hall.pages.parts import about, day_typed, tag_of
from yiwang.apps.hall.permissions import AUDIT, BOOK, KEEP, SERVE
from yiwang.apps.hall.seeing import may_at
from yiwang.apps.hall.slots import roster_of
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, radios
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.moment import civil_date


@require_GET
@staff_page(SERVE, BOOK, KEEP, AUDIT)
def zones(request: HttpRequest) -> HttpResponse:
    """The zones at which this person works, or which they keep or audit."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "zones": queries.zones_for(actor, SERVE, BOOK, KEEP, AUDIT),
        "may_keep": actor.may(KEEP),
        "may_audit": actor.may(AUDIT),
    }
    return render(request, "hall/staff/zones.html", context)


def _rights(actor: Actor, zone: HelpZone) -> dict[str, bool]:
    found = {"serve": SERVE, "book": BOOK, "keep": KEEP, "audit": AUDIT}
    return {name: may_at(actor, one, zone) for name, one in found.items()}


def _row(row: Appointment, at: datetime) -> dict[str, Any]:
    """Nobody is absent before their half hour begins."""
    is_time = row.starts_at <= at and MACHINE.find(row.state, "MISS") is not None
    return {"row": row, "tag": tag_of(row), "can_miss": is_time}


@require_GET
@staff_page(SERVE, BOOK, KEEP, AUDIT)
def day(request: HttpRequest, zone_id: int) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    zone = queries.zone_for(zone_id, actor, SERVE, BOOK, KEEP, AUDIT)
    today = civil_date(at)
    on = day_typed(request.GET.get("on", ""), today)
    found = queries.day_of(zone, on)
    sections = (
        ("正在办", found.serving), ("等候", found.waiting), ("还没有来", found.to_come),
        ("等他们另选时间", found.displaced),
        ("已经办完", found.past),
    )  # fmt: skip
    context = {
        "zone": zone,
        "on": on,
        "is_today": on == today,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "shifts": roster_of(zone, first=on, last=on),
        "sections": [
            {"title": title, "rows": [_row(r, at) for r in rows]} for title, rows in sections
        ],
        "is_empty": not any(rows for _, rows in sections),
        "has_waiting": bool(found.waiting),
        "may": _rights(actor, zone),
        "me": actor.ref,
    }
    return render(request, "hall/staff/day.html", context)


def _back(row: Appointment) -> str:
    return f"/zones/{row.zone_id}/?on={row.on}"


def _answered(
    request: HttpRequest, zone_id: int, act: Callable[[], Appointment], words: str
) -> HttpResponse:
    """A button of the day list: done, or why it cannot be done now, on the same list."""
    try:
        row = act()
        messages.success(request, words.format(row.party_label))
    except (HallError, TransitionNotAllowedError) as error:
        if isinstance(error, queries.HallNotFoundError):
            raise
        messages.warning(request, error.message)
    return HttpResponseRedirect(f"/zones/{zone_id}/", status=303)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}  # type: ignore[attr-defined]


@require_POST
@staff_page(SERVE)
def call_next(request: HttpRequest, zone_id: int) -> HttpResponse:
    return _answered(
        request,
        zone_id,
        lambda: serving.call_next(zone_id=zone_id, **_who(request)),
        "请叫 {} 。",
    )


@require_POST
@staff_page(SERVE)
def start(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    return _answered(
        request,
        row.zone_id,
        lambda: serving.start(appointment_id=row.pk, **_who(request)),
        "开始帮办:{}。",
    )


@require_POST
@staff_page(SERVE)
def miss(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    return _answered(
        request,
        row.zone_id,
        lambda: serving.miss(appointment_id=row.pk, **_who(request)),
        "已记下 {} 没有来;当天到了还可以签到。",
    )


def _form(
    row: Appointment, action: str, title: str, done: str, fields: Any, closed: bool
) -> ActForm:
    return ActForm(
        title=title,
        button=title,
        done=done,
        back=_back(row),
        invalid=(InvalidActError,),
        refused=(HallError,),
        about=about(row),
        closed=MACHINE.why_not(row.state, action) if closed else "",
        fields=fields,
    )


@require_http_methods(["GET", "POST"])
@staff_page(SERVE)
def check_in(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Is here; with which priority, and what was shown for it."""
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    claims = [("", "不用优先", ""), *claims_of(classes_of(row.zone))]

    def fields(typed: Any) -> list[dict[str, Any]]:
        if len(claims) == 1:
            return []
        return [
            radios("channel", "优先", typed, claims, value=row.channel),
            line("ground", "优先的理由", typed, value=row.ground, is_optional=True,
                 maxlength=200, width="w-full"),
            line("evidence", "看了什么凭据", typed, value=row.evidence, is_optional=True,
                 maxlength=200, width="w-full", hint="例如:残疾人证原件;身份证,75 岁"),
            line("reason", "没有凭据仍优先的原因", typed, is_optional=True, maxlength=200,
                 width="w-full", hint="没有出示凭据时必填,会列入绿色通道核查"),
        ]  # fmt: skip

    form = _form(row, "CHECK_IN", "签到", "已签到。", fields, request.method == "GET")

    def act(at: datetime) -> None:
        names = ("channel", "ground", "evidence", "reason")
        said = Admission(**{name: request.POST.get(name, "")[:400] for name in names})
        serving.check_in(appointment_id=row.pk, admission=said, **_who(request))

    return form.answer(request, act)


@require_http_methods(["GET", "POST"])
@staff_page(SERVE)
def call(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """This one by hand; before others only with a reason."""
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    form = _form(
        row,
        "CALL",
        "叫这一位",
        f"请叫 {row.party_label} 。",
        lambda typed: [
            line("reason", "提前叫号的原因", typed, is_optional=True, maxlength=200,
                 width="w-full", hint="前面还有人等候时必填,会列入绿色通道核查")
        ],
        request.method == "GET",
    )  # fmt: skip
    reason = request.POST.get("reason", "")
    return form.answer(
        request,
        lambda at: serving.call(appointment_id=row.pk, reason=reason, **_who(request)),
    )


@require_http_methods(["GET", "POST"])
@staff_page(SERVE)
def end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """What was helped and what came of it: the help record."""
    row = queries.appointment(appointment_id, actor=request.actor)  # type: ignore[attr-defined]
    kinds = [(code, HelpKind(code).label, "") for code in row.zone.kinds]

    def fields(typed: Any) -> list[dict[str, Any]]:
        return [
            radios("kind", "帮办种类", typed, kinds, value=kinds[0][0] if kinds else ""),
            line("what", "帮办了什么", typed, maxlength=400, width="w-full"),
            line("result", "结果", typed, maxlength=400, width="w-full"),
            line("number", "办件编号", typed, is_optional=True, maxlength=60,
                 hint="已经收件的填;没有办件的留空"),
            line("parcel_number", "邮件号码", typed, maxlength=40, is_optional=True,
                 hint="邮政帮办填写"),
            line("basis", "委托凭据", typed, maxlength=200, is_optional=True, hint="代办填写"),
        ]  # fmt: skip

    form = _form(row, "END", "结束帮办", "已结束,帮办记录已登记。", fields, request.method == "GET")

    def act(at: datetime) -> None:
        text: dict[str, Any] = {
            name: request.POST.get(name, "")
            for name in ("kind", "what", "result", "parcel_number", "basis")
        }
        done = Help(**text, place="", helped_on=None)  # of this zone and day
        number = request.POST.get("number", "")[:60]
        serving.end(appointment_id=row.pk, help=done, number=number, **_who(request))

    return form.answer(request, act)

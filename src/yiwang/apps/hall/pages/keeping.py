"""Adding, changing and closing a zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from yiwang.apps.cases.public import HelpKind
from yiwang.apps.hall import queries
from yiwang.apps.hall.domain.slots import spans_in_words
from yiwang.apps.hall.domain.vocabulary import ZoneAudience
from yiwang.apps.hall.errors import HallError, InvalidActError
from yiwang.apps.hall.models import HelpZone
from yiwang.apps.hall.operations import keeping
from yiwang.apps.hall.operations.keeping import ZoneTerms
from yiwang.apps.hall.permissions import KEEP
from yiwang.apps.people.public import Area
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, checkboxes, line, radios, select
from yiwang.kernel.moment import WEEKDAYS


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _fields(request: HttpRequest, zone: HelpZone | None) -> Any:
    """The fields, filled from what was typed, else from the zone."""
    classes = [(one.code, one.name) for one in queries.all_classes() if one.is_active]
    parks = Area.objects.filter(is_zone=True, valid_until__isnull=True).order_by("code")[:100]
    areas = [("", "所有园区"), *((park.pk, park.name) for park in parks)]
    weekly = zone.weekly if zone else {}

    def chosen(name: str) -> list[str]:
        held = getattr(zone, name) if zone else []
        return request.POST.getlist(name) if request.method == "POST" else held

    def fields(typed: Any) -> list[dict[str, Any]]:
        audience = [(a.value, a.label, "") for a in ZoneAudience]
        return [
            line("name", "名称", typed, value=zone.name if zone else "", maxlength=60),
            line("place", "位置", typed, value=zone.place if zone else "", is_optional=True,
                 maxlength=80, hint="例如:一楼东侧"),
            checkboxes("kinds", "帮办种类", chosen("kinds"), HelpKind.choices),
            radios("audience", "面向谁", typed, audience,
                   value=zone.audience if zone else ZoneAudience.EVERYBODY.value),
            select("area", "哪个园区", typed, areas, value=(zone.area_id or "") if zone else "",
                   hint="只对「园区内的企业和单位」有用"),
            checkboxes("classes", "哪些优先类别算数", chosen("classes"), classes,
                       is_optional=True),
            *(
                line(f"hours_{day}", f"周{WEEKDAYS[day]}", typed, is_optional=True,
                     value=spans_in_words(weekly.get(day, ())), maxlength=80,
                     hint="例如 09:00-12:00 14:00-17:30" if day == 0 else "")
                for day in range(7)
            ),
            line("places", "每半小时人数", typed, kind="number", width="w-6",
                 value=str(zone.places if zone else 2)),
            checkboxes("rest", "休息日", _rest(request, zone),
                       [("yes", "法定节假日和周末也可以预约")], is_optional=True),
        ]  # fmt: skip

    return fields


def _rest(request: HttpRequest, zone: HelpZone | None) -> list[str]:
    if request.method == "POST":
        return request.POST.getlist("rest")
    return ["yes"] if zone and zone.is_open_on_rest_days else []


def _terms(request: HttpRequest) -> ZoneTerms:
    posted = request.POST
    return ZoneTerms(
        name=posted.get("name", ""),
        place=posted.get("place", ""),
        kinds=tuple(posted.getlist("kinds")),
        audience=posted.get("audience", ""),
        area=posted.get("area", ""),
        classes=tuple(posted.getlist("classes")),
        hours={day: posted.get(f"hours_{day}", "")[:80] for day in range(7)},
        places=_number(posted.get("places", "")),
        is_open_on_rest_days="yes" in posted.getlist("rest"),
    )


def _form(title: str, back: str, fields: Any, **context: Any) -> ActForm:
    return ActForm(
        title=title,
        button="保存",
        done="已保存。已经约好的不受影响。",
        back=back,
        invalid=(InvalidActError,),
        refused=(HallError,),
        fields=fields,
        context={"hidden": context},
    )


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def new(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    halls = [(str(hall.pk), hall.name) for hall in queries.halls_for(actor, KEEP)]
    rest = _fields(request, None)
    form = _form(
        "新设帮办专区",
        "/zones/",
        lambda typed: [select("hall", "大厅", typed, halls), *rest(typed)],
    )

    def act(at: datetime) -> None:
        zone = keeping.keep_zone(
            hall_id=_number(request.POST.get("hall", "")),
            terms=_terms(request),
            actor=actor,
            at=at,
        )
        form.back = f"/zones/{zone.pk}/roster/"

    return form.answer(request, act)


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def change(request: HttpRequest, zone_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    zone = queries.zone_for(zone_id, actor, KEEP)
    seen = _number(request.POST.get("seen", str(zone.version)))
    form = _form(f"修改{zone.name}", f"/zones/{zone.pk}/", _fields(request, zone), seen=str(seen))
    return form.answer(
        request,
        lambda at: keeping.keep_zone(
            hall_id=zone.hall_id,
            zone_id=zone.pk,
            terms=_terms(request),
            seen=seen,
            actor=actor,
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def close(request: HttpRequest, zone_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    zone = queries.zone_for(zone_id, actor, KEEP)
    form = ActForm(
        title=f"关闭{zone.name}",
        button="关闭这个专区",
        done="已关闭,历史保留。",
        back="/zones/",
        invalid=(InvalidActError,),
        refused=(HallError,),
        note="关闭以后不能再预约;还有预约没有办完时不能关闭。",
        fields=lambda typed: [],
    )
    return form.answer(request, lambda at: keeping.close_zone(zone_id=zone.pk, actor=actor, at=at))

"""Forms for places: add, change, close, and the items of a window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.domain.places import PARTS, PlaceKind
from yiwang.apps.people.item_register import offered_items
from yiwang.apps.people.models import organ_kind_choices
from yiwang.apps.people.pages.place_tabs import SLUGS
from yiwang.apps.people.pages.places import place_or_404
from yiwang.apps.people.permissions import MANAGE_ACCOUNTS
from yiwang.apps.people.places.acting import add_place, change_place, close_place, set_package
from yiwang.apps.people.places.closing import blockers_of
from yiwang.apps.people.places.reads import Place
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, checkboxes, line, select, textarea
from yiwang.kernel.moment import civil_date

Typed = Mapping[str, str]


def admin_form(title: str, button: str, done: str, back: str, fields: Any, **more: Any) -> ActForm:
    return ActForm(title, button, done, back, fields, (), (AdministrationError,), **more)


def reason_field(typed: Typed) -> dict[str, Any]:
    return textarea("reason", "依据或理由", typed, maxlength=200, rows=2)


def _parts(kind: PlaceKind, typed: Typed, row: Any = None) -> list[dict[str, Any]]:
    """The fields of a kind: all of a new place, of one there only what may change."""
    fields: list[dict[str, Any]] = []
    for part in PARTS[kind]:
        if row is not None and part.is_fixed:
            continue
        more: dict[str, Any] = {"is_optional": part.is_optional, "hint": part.hint}
        field = line(
            part.name,
            part.label,
            typed,
            maxlength=part.longest,
            value=str(getattr(row, part.name, "")),
            **more,
        )
        if kind is PlaceKind.ORGAN and part.name == "kind":
            kinds = [("", "请选择"), *organ_kind_choices()]
            field = select(part.name, part.label, typed, kinds, **more)
        fields.append(field)
    if kind is PlaceKind.AREA and row is None:
        fields.append(_zone(typed))
    return [*fields, reason_field(typed)]


def _zone(typed: Typed) -> dict[str, Any]:
    return {
        "name": "is_zone",
        "label": "是园区,只作统计口径",
        "kind": "confirm",
        "options": [{"value": "1", "selected": typed.get("is_zone") == "1"}],
    }


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@staff_page(MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new place."""
    kind = SLUGS[slug]
    form = admin_form(
        f"登记{kind.label}",
        "登记",
        "已登记。",
        f"/admin/{slug}/",
        lambda typed: _parts(kind, typed),
    )

    def act(at: datetime) -> None:
        add_place(
            kind=kind,
            typed=request.POST,
            reason=request.POST.get("reason", ""),
            actor=_actor(request),
            at=at,
        )

    return form.answer(request, act)


def _seen(request: HttpRequest, found: Place) -> int:
    """The entry the form was made from; a form that does not say is taken as old."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _hidden(typed: Typed, found: Place) -> dict[str, str]:
    return {"seen": typed.get("seen", str(found.seen))}


def _answer(request: HttpRequest, slug: str, found: Place, form: ActForm, act: Any) -> HttpResponse:
    """One act on one place that is there."""
    form.context["hidden"] = _hidden(request.POST, found)

    def run(at: datetime) -> None:
        act(
            reason=request.POST.get("reason", ""),
            seen=_seen(request, found),
            actor=_actor(request),
            at=at,
        )

    return form.answer(request, run)


@staff_page(MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What may change of a place."""
    found = place_or_404(slug, key)
    form = admin_form(
        f"修改{found.kind.label} {found.row}",
        "保存修改",
        "已修改,立即生效。",
        f"/admin/{slug}/{key}/",
        lambda typed: _parts(found.kind, typed, found.row),
        note="代码、标识和文号代字不能改:已经用在编号和文书里。需要改时,登记新的并撤销旧的。",
    )

    def act(**values: Any) -> None:
        change_place(kind=found.kind, key=found.row.pk, typed=request.POST, **values)

    return _answer(request, slug, found, form, act)


@staff_page(MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Close a place; first what still hangs on it."""
    found = place_or_404(slug, key)
    today = civil_date(request.at)  # type: ignore[attr-defined]
    hanging = blockers_of(found.kind, found.row.pk, today=today)
    form = admin_form(
        f"撤销{found.kind.label} {found.row}",
        "撤销",
        "已撤销,历史保留。",
        f"/admin/{slug}/{key}/",
        lambda typed: [reason_field(typed)],
        about=[("要先了结" if one.blocks else "同时停止", one.what) for one in hanging],
        note="撤销后不再收新的办件,也不能再分配岗位;以前的办件、文书和记录都保留。不能恢复。",
        confirm=f"撤销「{found.row}」?撤销后不能恢复。",
    )

    def act(**values: Any) -> None:
        close_place(kind=found.kind, key=found.row.pk, **values)

    return _answer(request, slug, found, form, act)


@staff_page(MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def package(request: HttpRequest, key: str) -> HttpResponse:
    """The items a window takes in."""
    found = place_or_404("windows", key)
    row: Any = found.row
    names = offered_items(civil_date(request.at))  # type: ignore[attr-defined]
    chosen = request.POST.getlist("items") if request.method == "POST" else row.package
    if not found.is_open:
        raise Http404

    def fields(typed: Typed) -> list[dict[str, Any]]:
        known = {**names, **{code: code for code in row.package if code not in names}}
        choices = sorted(known.items(), key=lambda one: one[1])
        return [checkboxes("items", "收哪些事项", chosen, choices), reason_field(typed)]

    form = admin_form(
        f"窗口 {row.hall.name} {row} 的事项包",
        "保存事项包",
        "已调整,窗口人员下一次操作起生效。",
        f"/admin/windows/{key}/",
        fields,
        note="事项包决定这个窗口的人能收哪些事项;调整会写入操作记录和安全日志,岗位授权页上也看得到。",
    )

    def act(**values: Any) -> None:
        set_package(key=row.pk, items=chosen, **values)

    return _answer(request, "windows", found, form, act)

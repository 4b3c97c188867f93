"""Blank stock: what is left, what came in, what was voided and by whom it was seen destroyed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.certificates.errors import (
    CertificateError,
    CertificateNotFoundError,
    InvalidActError,
)
from yiwang.apps.certificates.hooks import blank_kinds
from yiwang.apps.certificates.making import reads, stocking
from yiwang.apps.certificates.making.acting import keepers_of
from yiwang.apps.certificates.making.reads import Standing, WholeStock
from yiwang.apps.certificates.pages.making import pager
from yiwang.apps.certificates.permissions import MAKE
from yiwang.apps.people.public import Hall, Organ
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, select, textarea
from yiwang.kernel.moment import civil_date

LIST, WASTES = "/blanks/", "/blanks/wastes/"


def tabs(current: str) -> dict[str, Any]:
    links = [("库存", LIST), ("作废登记", WASTES)]
    return {
        "label": "空白证照",
        "links": [{"label": w, "url": u, "current": u == current} for w, u in links],
    }


@require_GET
@staff_page(MAKE)
def listing(request: HttpRequest) -> HttpResponse:
    """Every kind kept at the actor's places, with what became of its sheets."""
    found = reads.stocks_of(request.actor)  # type: ignore[attr-defined]
    context = {
        "tabs": tabs(LIST),
        "rows": [_row(one) for one in found],
        "buttons": [
            {"label": "登记入库", "kind": "primary", "url": f"{LIST}receive/"},
        ],
    }
    return render(request, "certificates/staff/blanks.html", context)


def _row(one: Standing) -> dict[str, Any]:
    low = {"label": "库存不足", "tone": "warning"}
    return {
        "stock": one.stock,
        "balance": one.balance,
        "tag": low if one.is_low else {"label": "充足", "tone": "success"},
    }


@require_GET
@staff_page(MAKE)
def one(request: HttpRequest, stock_id: int) -> HttpResponse:
    whole = _found(request, stock_id)
    here = f"{LIST}{stock_id}/"
    context = _row(whole.standing) | {
        "tabs": tabs(""),
        "batches": whole.batches,
        "next_number": whole.next_number,
        "buttons": [
            {"label": "登记入库", "kind": "primary", "url": f"{LIST}receive/"},
            {"label": "登记作废", "kind": "secondary", "url": f"{here}void/"},
            {"label": "设置预警张数", "kind": "secondary", "url": f"{here}low/"},
        ],
    }
    return render(request, "certificates/staff/blank_stock.html", context)


def _found(request: HttpRequest, stock_id: int) -> WholeStock:
    """Raises Http404 for one that another place keeps."""
    try:
        return reads.stock_of(stock_id, actor=request.actor)  # type: ignore[attr-defined]
    except CertificateNotFoundError as error:
        raise Http404 from error


def places_of(actor: Actor) -> list[tuple[str, str]]:
    """(keeper, name) of the places whose blanks this actor keeps."""
    keepers = [keeper.partition(":") for keeper in keepers_of(actor)]
    halls = Hall.objects.in_bulk([key for kind, _, key in keepers if kind == "hall"])
    organs = Organ.objects.in_bulk([key for kind, _, key in keepers if kind == "organ"])
    names = {f"hall:{row.pk}": row.name for row in halls.values()}
    names |= {f"organ:{row.pk}": row.name for row in organs.values()}
    return list(names.items())


@require_http_methods(["GET", "POST"])
@staff_page(MAKE)
def receive(request: HttpRequest) -> HttpResponse:
    """A batch that arrived: kind, first and last number."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    places = places_of(actor)
    kinds = list(blank_kinds(civil_date(request.at)).items())  # type: ignore[attr-defined]
    page = _form(
        title="空白证照入库",
        button="登记入库",
        done="已登记入库。",
        note="按包装上的起止号登记。同一种空白证照的号码在全市不能重复。",
        fields=lambda typed: [
            _select("keeper", "保管单位", typed, places),
            _select("kind", "种类", typed, kinds),
            line("first", "起号", typed, inputmode="numeric", width="w-20"),
            line("last", "止号", typed, inputmode="numeric", width="w-20"),
        ],
    )
    return page.answer(
        request,
        lambda at: stocking.receive_batch(
            keeper=request.POST.get("keeper", ""),
            kind=request.POST.get("kind", ""),
            first=_number(request, "first"),
            last=_number(request, "last"),
            actor=actor,
            at=at,
        ),
    )


def _select(name: str, label: str, typed: Any, choices: list[tuple[str, str]]) -> dict[str, Any]:
    """A single choice is chosen already."""
    if len(choices) != 1:
        choices = [("", "请选择"), *choices]
    return select(name, label, typed, choices, value=choices[0][0])


def _number(request: HttpRequest, name: str) -> int:
    """The whole number typed; -1, which no blank has, where it is none."""
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else -1


def _form(**parts: Any) -> ActForm:
    parts.setdefault("back", LIST)
    return ActForm(invalid=(InvalidActError,), refused=(CertificateError,), **parts)


@require_http_methods(["GET", "POST"])
@staff_page(MAKE)
def void(request: HttpRequest, stock_id: int) -> HttpResponse:
    """A sheet damaged before it was printed."""
    stock = _found(request, stock_id).standing.stock
    page = _form(
        title="登记空白证照作废",
        button="登记作废",
        done="已登记作废,请另一位工作人员监销。",
        back=f"{LIST}{stock_id}/",
        about=[("空白证照", stock.name), ("保管单位", stock.keeper_label)],
        note="打印坏了的,请在制证任务里登记打印废。",
        fields=lambda typed: [
            line("number", "号码", typed, inputmode="numeric", width="w-20"),
            textarea("reason", "作废的原因", typed, maxlength=400, rows=2),
        ],
    )
    return page.answer(
        request,
        lambda at: stocking.void_blank(
            stock_id=stock_id,
            number=_number(request, "number"),
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(MAKE)
def low(request: HttpRequest, stock_id: int) -> HttpResponse:
    """The number of sheets at which this place is warned."""
    stock = _found(request, stock_id).standing.stock
    page = _form(
        title="设置预警张数",
        button="保存",
        done="已保存。",
        back=f"{LIST}{stock_id}/",
        about=[("空白证照", stock.name), ("保管单位", stock.keeper_label)],
        fields=lambda typed: [
            line("low_at", "在库不多于多少张时提醒", typed, value=str(stock.low_at), width="w-10")
        ],
    )
    return page.answer(
        request,
        lambda at: stocking.set_low_mark(
            stock_id=stock_id,
            low_at=_number(request, "low_at"),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_GET
@staff_page(MAKE)
def wastes(request: HttpRequest) -> HttpResponse:
    """Voided sheets, the last first; those that still wait for a second person, or all."""
    only_open = request.GET.get("open") == "1"
    found = reads.wastes(
        actor=request.actor,  # type: ignore[attr-defined]
        only_open=only_open,
        after=request.GET.get("after"),
    )
    context = {
        "tabs": tabs(WASTES),
        "filters": {
            "label": "按销毁筛选",
            "links": [
                {"label": "全部", "url": WASTES, "current": not only_open},
                {"label": "待销毁", "url": f"{WASTES}?open=1", "current": only_open},
            ],
        },
        "rows": [
            {"waste": row, "tag": _tag(row.confirmed_at is not None), "url": _url(row)}
            for row in found.wastes
        ],
        "is_narrowed": only_open,
        "pager": pager(request, found.next_cursor, {"open": "1"} if only_open else {}),
    }
    return render(request, "certificates/staff/blank_wastes.html", context)


def _tag(is_done: bool) -> dict[str, str]:
    return (
        {"label": "已销毁", "tone": "neutral"}
        if is_done
        else {"label": "待销毁", "tone": "warning"}
    )


def _url(row: Any) -> str:
    """Where the second person confirms: in the task that waits, or here."""
    if row.confirmed_at is not None:
        return ""
    if row.making is not None and row.making.state == "SPOILED":
        return f"/making/{row.making_id}/confirm-destroyed/"
    return f"{WASTES}{row.pk}/confirm/"


@require_http_methods(["GET", "POST"])
@staff_page(MAKE)
def confirm(request: HttpRequest, waste_id: int) -> HttpResponse:
    """Another person saw it destroyed."""
    try:
        row = reads.waste_of(waste_id, actor=request.actor)  # type: ignore[attr-defined]
    except CertificateNotFoundError as error:
        raise Http404 from error
    page = _form(
        title="确认销毁空白证照",
        button="确认销毁",
        done="已确认销毁。",
        back=WASTES,
        about=[
            ("空白证照", f"{row.stock.name} {row.blank.number}"),
            ("作废原因", row.reason),
            ("登记人", row.by_label),
        ],
        note="请当面核对号码并看着销毁。登记的人不能自己确认。",
        fields=lambda typed: [],
    )
    return page.answer(
        request,
        lambda at: stocking.confirm_void(
            waste_id=waste_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )

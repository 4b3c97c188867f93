"""Sources of certificates: which is silent now, what was silent before, noting both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.certificates import outages
from yiwang.apps.certificates.errors import CertificateError, InvalidActError
from yiwang.apps.certificates.hooks import licence_kinds
from yiwang.apps.certificates.models import SourceOutage
from yiwang.apps.certificates.permissions import NOTE_OUTAGE
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, checkboxes, line, textarea
from yiwang.kernel.moment import civil_date

HERE, NEWEST = "/admin/sources/", 50


@require_GET
@staff_page(NOTE_OUTAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """What is silent now first, then the latest that were."""
    names = licence_kinds(civil_date(request.at))  # type: ignore[attr-defined]
    rows = [_row(row, names) for row in SourceOutage.objects.order_by("-id")[:NEWEST]]
    context = {
        "rows": sorted(rows, key=lambda row: row["row"].ended_at is not None),
        "newest": NEWEST,
        "buttons": [{"label": "登记中断", "kind": "primary", "url": f"{HERE}note/"}],
    }
    return render(request, "certificates/staff/outages.html", context)


def _row(row: SourceOutage, names: dict[str, str]) -> dict[str, Any]:
    is_open = row.ended_at is None
    tag = (
        {"label": "中断中", "tone": "warning"}
        if is_open
        else {"label": "已恢复", "tone": "success"}
    )
    return {"row": row, "kinds": [names.get(kind, kind) for kind in row.kinds], "tag": tag}


def _form(**more: Any) -> ActForm:
    return ActForm(back=HERE, invalid=(InvalidActError,), refused=(CertificateError,), **more)


@require_http_methods(["GET", "POST"])
@staff_page(NOTE_OUTAGE)
def note(request: HttpRequest) -> HttpResponse:
    kinds = licence_kinds(civil_date(request.at))  # type: ignore[attr-defined]
    chosen = request.POST.getlist("kinds")

    def fields(typed: Any) -> list[dict[str, Any]]:
        return [
            line("source", "数据源", typed, maxlength=120, hint="例如:省电子证照库、公安人口库。"),
            checkboxes("kinds", "由它提供的证照", chosen, kinds.items()),
            textarea("reason", "情况", typed, maxlength=300, rows=3,
                     hint="例如:对方 9 点起无法连接,预计下午恢复。"),
        ]  # fmt: skip

    page = _form(
        title="登记数据源中断",
        button="登记中断",
        done="已登记。恢复前,申请人可以先不交这些证照,照样受理收件。",
        note="登记以后,查不到的证照不算缺少:申请人可以上传,也可以先不交;窗口不能因此不收件。",
        fields=fields,
    )

    def act(at: datetime) -> SourceOutage:
        return outages.note_outage(
            source=request.POST.get("source", ""),
            kinds=chosen,
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )

    return page.answer(request, act)


@require_http_methods(["GET", "POST"])
@staff_page(NOTE_OUTAGE)
def end(request: HttpRequest, outage_id: int) -> HttpResponse:
    row = SourceOutage.objects.filter(pk=outage_id).first()
    if row is None:
        raise Http404
    names = licence_kinds(civil_date(request.at))  # type: ignore[attr-defined]
    page = _form(
        title="登记数据源恢复",
        button="已经恢复",
        done="已登记恢复,等待核对的办件正在自动核对。",
        about=[
            ("数据源", row.source),
            ("证照", "、".join(names.get(kind, kind) for kind in row.kinds)),
            ("情况", row.reason),
        ],
        note="请先确认数据源真的能查到。登记后,平台自动核对等待中的办件。",
        fields=lambda typed: [],
    )
    return page.answer(
        request,
        lambda at: outages.end_outage(
            outage_id=outage_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )

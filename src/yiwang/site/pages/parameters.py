"""Limits and thresholds: what holds, what will change when, and who ruled it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.people.pages.signing import redirect
from yiwang.foundation.parameters.changing import (
    InvalidParameterError,
    ParameterError,
    Wanted,
    confirm,
    drop,
    propose,
)
from yiwang.foundation.parameters.current import dated_rows, declaration, declared, parameter
from yiwang.foundation.parameters.models import ParameterProposal, ParameterValue
from yiwang.foundation.parameters.permissions import CONFIRM, PROPOSE
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import line, textarea
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import chinese_date, civil_date
from yiwang.kernel.parameters import Declared
from yiwang.site.pages.ruling_forms import errors_of, marked, terms_fields, terms_of, who
from yiwang.site.pages.sent_back import sent_back

ADDRESS = "/admin/parameters/"
HISTORY = 50


@staff_page(PROPOSE, CONFIRM)
@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter by room: what holds today, and what follows."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    waiting = {row.code for row in ParameterProposal.objects.filter(settled_at__isnull=True)}
    rooms: dict[str, list[dict[str, Any]]] = {}
    for one in declared():
        rooms.setdefault(one.room, []).append(_row(one, today, is_waiting=one.code in waiting))
    tables = [
        {
            "caption": room,
            "columns": [{"label": c} for c in ("参数", "现在", "依据", "将要改为")],
            "rows": rows,
        }
        for room, rows in rooms.items()
    ]
    return render(request, "site/parameters.html", {"tables": tables})


def _row(one: Declared, today: date, *, is_waiting: bool) -> dict[str, Any]:
    now = parameter(one.code, on=today)
    coming = sorted({row.valid_from for row in dated_rows(one.code) if row.valid_from > today})
    next_words = (
        f"{chinese_date(coming[0])}起 {parameter(one.code, on=coming[0]).words}" if coming else "—"
    )
    return {
        "url": f"{ADDRESS}{one.code}/",
        "cells": [
            {"text": one.label, "note": "有调整等待确认" if is_waiting else ""},
            now.words,
            {"text": now.source, "note": now.mark.label},
            next_words,
        ],
    }


def _declared_or_404(code: str) -> Declared:
    found = declaration(code)
    if found is None:
        raise Http404
    return found


@staff_page(PROPOSE, CONFIRM)
@require_http_methods(["GET", "POST"])
def one_parameter(request: HttpRequest, code: str) -> HttpResponse:
    """One parameter with its history; POST proposes another value."""
    found = _declared_or_404(code)
    if request.method == "GET":
        return _page(request, found)
    typed = request.POST.get("value", "").strip()
    wanted = Wanted(
        value=int(typed) if typed.isdecimal() and len(typed) < 9 else None,
        **terms_of(request),
    )
    actor, at = who(request)
    try:
        propose(code=code, wanted=wanted, actor=actor, at=at)
    except InvalidParameterError as error:
        return _page(request, found, fields=error.fields, status=422)
    except ParameterError as error:
        return _page(request, found, message=error.message, status=409)
    messages.success(request, "已提出。由另一位管理员确认后,从生效日期起执行。")
    return redirect(f"{ADDRESS}{code}/")


@staff_page(CONFIRM)
@require_POST
def settle(request: HttpRequest, code: str, proposal_id: int) -> HttpResponse:
    """Confirm what was proposed, or send it back with a reason."""
    found, (actor, at) = _declared_or_404(code), who(request)
    try:
        if request.POST.get("act") == "drop":
            reason = request.POST.get("why", "")
            drop(proposal_id=proposal_id, reason=reason, actor=actor, at=at)
            messages.success(request, "已退回,原来的数不变。")
        else:
            confirm(proposal_id=proposal_id, actor=actor, at=at)
            messages.success(request, "已确认,从生效日期起执行。")
    except InvalidParameterError as error:
        return _page(request, found, fields={"why": error.fields["reason"]}, status=422)
    except ParameterError as error:
        return _page(request, found, message=error.message, status=409)
    return redirect(f"{ADDRESS}{code}/")


def _page(
    request: HttpRequest,
    found: Declared,
    *,
    fields: Mapping[str, str] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, at = who(request)
    problems = fields or {}
    waiting = ParameterProposal.objects.filter(code=found.code, settled_at__isnull=True).first()
    context = {
        "declared": found,
        "held": parameter(found.code, on=civil_date(at)),
        "bounds": (found.words(found.lowest), found.words(found.highest)),
        "default": found.words(found.default),
        "waiting": waiting,
        "wanted": found.words(waiting.value) if waiting else "",
        "may_confirm": waiting is not None
        and actor.may(CONFIRM)
        and waiting.proposed_by != actor.ref,
        "may_propose": waiting is None and actor.may(PROPOSE),
        "fields": _fields(request.POST, problems),
        "why": textarea("why", "退回的理由", request.POST, rows=2, maxlength=300)
        | {"error": problems.get("why", "")},
        "errors": errors_of(problems, message),
        "history": _history(found),
        "sent_back": sent_back(
            ParameterProposal.objects.filter(code=found.code),
            lambda row: f"{found.words(row.value)},{cn_date(row.valid_from)} 起",
        ),
    }
    return render(request, "site/parameter.html", context, status=status)


def _fields(typed: Mapping[str, str], problems: Mapping[str, str]) -> list[dict[str, Any]]:
    fields = [
        line("value", "改为(只写数字)", typed, width="w-8"),
        *terms_fields(typed),
    ]
    return marked(problems, fields)


def _history(found: Declared) -> dict[str, Any]:
    rows = ParameterValue.objects.filter(code=found.code).order_by("-id")[:HISTORY]
    return {
        "caption": "历次调整",
        "columns": [{"label": c} for c in ("生效日期", "数值", "依据", "提出和确认")],
        "rows": [
            {
                "cells": [
                    cn_date(row.valid_from),
                    found.words(row.value),
                    {"text": f"{row.source} {row.article}".strip(), "note": row.reason},
                    {
                        "text": f"{row.proposed_by_label}提出,{row.confirmed_by_label}确认",
                        "note": cn_datetime(row.confirmed_at),
                    },
                ]
            }
            for row in rows
        ],
        "empty": {"title": "没有调整过", "text": "现在用的是平台的默认数。"},
    }

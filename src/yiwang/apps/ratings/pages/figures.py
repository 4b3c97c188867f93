"""好差评统计: every rate with both its sides, and the rows each side counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.ratings.domain.figures import BY_CODE, FIGURES
from yiwang.apps.ratings.figures import Line, ServiceRow, Wanted, figures, rows_of
from yiwang.apps.ratings.pages.handling import tabs
from yiwang.apps.ratings.permissions import APPROVE, HANDLE, WATCH
from yiwang.apps.ratings.seeing import organs_of
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_date
from yiwang.kernel.moment import civil_date

ADDRESS = "/bad-ratings/figures/"
LONGEST = timedelta(days=800)


def _period(request: HttpRequest) -> tuple[date, date, str]:
    """(first, last, what is wrong): this month up to today where nothing was chosen."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    try:
        first = date.fromisoformat(request.GET.get("first") or today.replace(day=1).isoformat())
        last = date.fromisoformat(request.GET.get("last") or today.isoformat())
    except ValueError:
        return today.replace(day=1), today, "请把日期写成 2026-03-01。"
    if not timedelta(0) <= last - first <= LONGEST or last.year > 9000:
        wish = f"截止日期要在起始日期之后,最长 {LONGEST.days} 天。"
        return today.replace(day=1), today, wish
    return first, last, ""


@require_GET
@staff_page(HANDLE, APPROVE, WATCH)
def screen(request: HttpRequest) -> HttpResponse:
    """Of the organs one handles or watches, by organ and item."""
    actor = request.actor  # type: ignore[attr-defined]
    first, last, problem = _period(request)
    found = figures(organs=organs_of(actor), first=first, last=last)
    context: dict[str, Any] = {
        "tabs": tabs(actor, "figures"),
        "figures": FIGURES,
        "errors": [{"text": problem, "url": "#id_first"}] if problem else [],
        "first": request.GET.get("first") or first.isoformat(),
        "last": request.GET.get("last") or last.isoformat(),
        "period": f"{cn_date(first)} 至 {cn_date(last)}",
        "total": _line(found.total, first, last),
        "organs": [_line(one, first, last) for one in found.organs],
        "items": [_line(one, first, last) for one in found.items],
    }
    return render(request, "ratings/staff/figures.html", context, status=422 if problem else 200)


def _line(line: Line, first: date, last: date) -> dict[str, Any]:
    kept: dict[str, Any] = {"first": first.isoformat(), "last": last.isoformat()}
    if line.organ_id is not None:
        kept["organ"] = line.organ_id
    if line.item is not None:
        kept["item"] = line.item
    return {
        "label": line.label,
        "rates": [
            {
                "figure": f,
                "rate": line.rates[f.code],
                "top": f"{ADDRESS}rows/?{urlencode({**kept, 'figure': f.code, 'side': 'top'})}",
                "all": f"{ADDRESS}rows/?{urlencode({**kept, 'figure': f.code, 'side': 'all'})}",
            }
            for f in FIGURES
        ],
    }


@require_GET
@staff_page(HANDLE, APPROVE, WATCH)
def rows(request: HttpRequest) -> HttpResponse:
    """What one side of a figure counts, row by row."""
    first, last, problem = _period(request)
    figure = BY_CODE.get(request.GET.get("figure", ""))
    organ = request.GET.get("organ", "")
    if figure is None or problem or "\0" in request.GET.get("item", ""):
        raise Http404
    wanted = Wanted(
        figure=figure.code,
        is_numerator=request.GET.get("side") == "top",
        first=first,
        last=last,
        organ_id=int(organ) if organ.isdecimal() and len(organ) < 19 else None,
        item=request.GET.get("item"),
    )
    after = request.GET.get("after")
    found, following = rows_of(wanted, organs=organs_of(request.actor), after=after)  # type: ignore[attr-defined]
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    context = {
        "figure": figure,
        "side": "分子" if wanted.is_numerator else "分母",
        "period": f"{cn_date(first)} 至 {cn_date(last)}",
        "back": f"{ADDRESS}?{urlencode({'first': first.isoformat(), 'last': last.isoformat()})}",
        "table": {
            "caption": "计入的服务,最近的在前",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("事项", "评价点", "邀请日期", "评价", "评价人")],
            "rows": [_row(one) for one in found],
            "empty": {"title": "没有计入的服务", "text": "这一期没有符合这个口径的服务。"},
            "pager": {
                "next_url": f"?{urlencode(kept | {'after': following})}" if following else "",
                "previous_url": f"?{urlencode(kept)}" if after else "",
            },
        },
    }
    return render(request, "ratings/staff/rows.html", context)


def _row(one: ServiceRow) -> dict[str, Any]:
    said = one.said
    return {
        "cells": [
            {
                "text": one.invitation.service_for_staff(is_named=bool(said and said.number)),
                "note": said.number if said else "",
            },
            one.invitation.point_label,
            cn_date(one.invitation.invited_at),
            {"text": said.satisfaction_label, "note": said.on} if said else "未评",
            said.person if said else "",
        ]
    }

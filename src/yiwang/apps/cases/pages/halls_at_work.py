"""进驻和一窗: real shares of one-window acceptance, places with none first; resident items by unit.

Each figure opens to what it counts, and the file holds what the page shows, in the same scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.cases import one_window, permissions, resident_figures
from yiwang.apps.cases.domain.one_window import Share
from yiwang.apps.cases.one_window import Level, Period, PlaceShare
from yiwang.apps.cases.pages.staff_fields import error_list, field
from yiwang.apps.cases.pages.work import case_rows, pager
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_date
from yiwang.foundation.shell.spreadsheet import csv_file
from yiwang.kernel.moment import civil_date

SHARES, RESIDENT = "/halls-at-work/", "/halls-at-work/resident/"
HOW = (
    "一个窗口在这段时间里受理过两个以上单位的事项,才算真正的综合窗口;"
    "占比 = 由真正的综合窗口受理的 ÷ 全部受理的"
    "(网上申请由窗口受理的也在内,逾期依法视为受理的没有窗口)。"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The level and the period of a request; `fields` and `problem` where a day was wrong."""

    level: Level
    period: Period
    fields: list[dict[str, Any]]
    is_wrong: bool

    @property
    def kept(self) -> dict[str, str]:
        """What its links keep."""
        days = {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}
        return {"level": self.level.value, **days}

    def query(self, **more: str) -> str:
        return urlencode({**self.kept, **more})


def asked_of(request: HttpRequest) -> Asked:
    """This month of townships, unless something else was chosen."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    given = {name: request.GET.get(name, "").strip()[:20] for name in ("first", "last")}
    first, first_problem = _day(given["first"], today.replace(day=1))
    last, last_problem = _day(given["last"], today)
    if not first_problem and not last_problem:
        last_problem = Period(first, last).problem
    level = request.GET.get("level", "")
    fields = [
        field("first", "从", kind="native_date", value=given["first"] or first.isoformat(),
              error=first_problem, is_plain=True),
        field("last", "到(含)", kind="native_date", value=given["last"] or last.isoformat(),
              error=last_problem, is_plain=True),
    ]  # fmt: skip
    return Asked(
        level=next((one for one in Level if one.value == level), Level.TOWNSHIP),
        period=Period(first, last),
        fields=fields,
        is_wrong=bool(first_problem or last_problem),
    )


def _day(text: str, default: date) -> tuple[date, str]:
    if not text:
        return default, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return default, "请填写日期,例如 2026-11-03。"
    return (day, "") if 1991 <= day.year <= 2100 else (default, "请填写 1991 到 2100 年的日期。")


@require_GET
@staff_page(permissions.WATCH_HALLS)
def shares(request: HttpRequest) -> HttpResponse:
    """一窗受理 of a period: all places of the level, those with none at all first."""
    asked = asked_of(request)
    rows: list[PlaceShare] = []
    if not asked.is_wrong:
        rows = one_window.figures(level=asked.level, period=asked.period, actor=request.actor)  # type: ignore[attr-defined]
    whole = Share(
        sum(row.share.accepted for row in rows), sum(row.share.at_one_window for row in rows)
    )
    context = {
        "tabs": tabs("shares"),
        "levels": [
            {"label": one.label, "current": one is asked.level,
             "url": f"?{urlencode({**request.GET.dict(), 'level': one.value})}"}
            for one in Level
        ],
        "level": asked.level,
        "fields": asked.fields,
        "errors": error_list(asked.fields),
        "how": HOW,
        "rows": [_share_row(row, asked) for row in rows],
        "whole": whole,
        "none": sum(row.share.is_none for row in rows),
        "period": f"{cn_date(asked.period.first)} 到 {cn_date(asked.period.last)}",
        "export_url": f"{SHARES}export.csv?{asked.query()}",
    }  # fmt: skip
    status = 422 if asked.is_wrong else 200
    return render(request, "cases/staff/one_window.html", context, status=status)


def _share_row(row: PlaceShare, asked: Asked) -> dict[str, Any]:
    base = f"{SHARES}cases/?{asked.query(place=row.key)}"
    return {
        "row": row,
        "all_url": base if row.share.accepted else "",
        "one_url": f"{base}&one=1" if row.share.at_one_window else "",
    }


@require_GET
@staff_page(permissions.WATCH_HALLS)
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind one figure, last accepted first."""
    asked = asked_of(request)
    place, is_one = request.GET.get("place", "")[:20], request.GET.get("one") == "1"
    found = one_window.cases_behind(
        level=asked.level,
        key=place,
        period=asked.period,
        only_one_window=is_one,
        actor=request.actor,  # type: ignore[attr-defined]
        after=request.GET.get("after"),
    )
    kept = {"place": place, "one": "1" if is_one else "", **asked.kept}
    context = {
        "rows": case_rows(found.cases, request),
        "title": "由真正的综合窗口受理的" if is_one else "受理的办件",
        "period": f"{cn_date(asked.period.first)} 到 {cn_date(asked.period.last)}",
        "back": f"{SHARES}?{asked.query()}",
        "may_open": request.actor.may(permissions.SUPERVISE),  # type: ignore[attr-defined]
        "pager": pager(request, found.next_cursor, **kept),
    }
    return render(request, "cases/staff/one_window_cases.html", context)


@require_GET
@staff_page(permissions.WATCH_HALLS)
def export(request: HttpRequest) -> HttpResponse:
    """The same table as a file; a period that is none exports nothing, and says so."""
    asked = asked_of(request)
    if asked.is_wrong:
        return shares(request)
    who: Any = request.actor  # type: ignore[attr-defined]
    rows = one_window.figures(level=asked.level, period=asked.period, actor=who)
    head = (asked.level.label, "上级", "大厅数", "受理", "由真正的综合窗口受理", "占比", "从", "到")
    days = (asked.period.first.isoformat(), asked.period.last.isoformat())
    body = [
        (row.name, row.within, str(row.halls), str(row.share.accepted),
         str(row.share.at_one_window), row.share.rate, *days)
        for row in rows
    ]  # fmt: skip
    return csv_file(f"一窗受理-{asked.level.label}.csv", head, body)


@require_GET
@staff_page(permissions.WATCH_HALLS)
def resident(request: HttpRequest) -> HttpResponse:
    """进驻事项 by unit or by hall, from the packages of open windows."""
    by_hall = request.GET.get("by") == "hall"
    rows, total = resident_figures.resident_counts(
        by_hall=by_hall,
        today=civil_date(request.at),  # type: ignore[attr-defined]
        actor=request.actor,  # type: ignore[attr-defined]
    )
    name = "hall" if by_hall else "organ"
    context = {
        "tabs": tabs("resident"),
        "ways": [
            {"label": "按单位", "url": RESIDENT, "current": not by_hall},
            {"label": "按大厅", "url": f"{RESIDENT}?by=hall", "current": by_hall},
        ],
        "total": total,
        "table": {
            "caption": "进驻事项",
            "caption_hidden": True,
            "columns": [
                {"label": "大厅" if by_hall else "单位"},
                {"label": "进驻事项", "kind": "number"},
            ],
            "rows": [
                {"cells": [row.name, {"text": str(row.items),
                                      "url": f"{RESIDENT}items/?{urlencode({name: row.key})}"}]}
                for row in rows
            ],
            "empty": {"title": "还没有进驻事项",
                      "text": "给大厅的窗口设置事项包以后,进驻的事项会列在这里。"},
        },
        "export_url": f"{RESIDENT}export.csv",
    }  # fmt: skip
    return render(request, "cases/staff/resident.html", context)


@require_GET
@staff_page(permissions.WATCH_HALLS)
def resident_items(request: HttpRequest) -> HttpResponse:
    """The items behind one figure, each with the halls where it is resident."""
    wanted = {name: request.GET.get(name, "")[:20] for name in ("organ", "hall")}
    rows = resident_figures.resident_items(
        **wanted,
        today=civil_date(request.at),  # type: ignore[attr-defined]
        actor=request.actor,  # type: ignore[attr-defined]
    )
    context = {
        "back": f"{RESIDENT}?by=hall" if wanted["hall"] else RESIDENT,
        "number": len(rows),
        "table": {
            "caption": "进驻事项",
            "caption_hidden": True,
            "columns": [{"label": "事项"}, {"label": "单位"}, {"label": "进驻的大厅"}],
            "rows": [
                {"cells": [{"text": row.name, "url": f"/items/{row.code}/"}, row.organ,
                           "、".join(row.halls)]}
                for row in rows
            ],
            "empty": {"title": "这里没有进驻事项", "text": "请从「进驻事项」重新打开。"},
        },
    }  # fmt: skip
    return render(request, "cases/staff/resident_items.html", context)


@require_GET
@staff_page(permissions.WATCH_HALLS)
def resident_export(request: HttpRequest) -> HttpResponse:
    """Every resident item with its unit and halls."""
    rows = resident_figures.resident_items(
        today=civil_date(request.at),  # type: ignore[attr-defined]
        actor=request.actor,  # type: ignore[attr-defined]
    )
    body = [(row.organ, row.name, row.code, "、".join(row.halls)) for row in rows]
    return csv_file("进驻事项.csv", ("单位", "事项", "事项标识", "进驻的大厅"), body)


def tabs(current: str) -> dict[str, Any]:
    links = (("shares", "一窗受理", SHARES), ("resident", "进驻事项", RESIDENT))
    return {
        "label": "进驻和一窗",
        "links": [
            {"label": label, "url": url, "current": key == current} for key, label, url in links
        ],
    }

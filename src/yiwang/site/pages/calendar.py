"""The working calendar: years with and without a notice, and entering one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.cases.operations.moving import Move
from yiwang.apps.people.pages.signing import redirect
from yiwang.apps.people.permissions import MANAGE_CALENDAR
from yiwang.apps.people.public import account_labels
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.calendar import CalendarDay, DayKind
from yiwang.kernel.moment import chinese_date, civil_date
from yiwang.site.calendar_notice import (
    NoticeDay,
    NoticeError,
    Preview,
    YearOfDays,
    enter_notice,
    preview_notice,
    year_of_days,
    years_shown,
)

ADDRESS = "/admin/calendar/"
MOST_SHOWN = 100
TONES = {
    DayKind.HOLIDAY: "success",
    DayKind.MAKE_UP: "warning",
    DayKind.REST: "neutral",
    DayKind.WORKING: "neutral",
}


@staff_page(MANAGE_CALENDAR)
@require_http_methods(["GET", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    """GET a year; POST previews a notice, or (with `confirm`) enters it."""
    at: datetime = request.at  # type: ignore[attr-defined]
    year = _year(request.POST.get("year") or request.GET.get("year"), at)
    if request.method == "GET":
        return _page(request, year)
    typed = {name: request.POST.get(name, "") for name in ("title", "document_number", "days")}
    try:
        if "confirm" not in request.POST:
            preview = preview_notice(
                year=year,
                title=typed["title"],
                text=typed["days"],
                actor=request.actor,  # type: ignore[attr-defined]
            )
            return _page(request, year, typed, preview=preview)
        entered = enter_notice(
            year=year,
            title=typed["title"],
            document_number=typed["document_number"],
            text=typed["days"],
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )
    except NoticeError as error:
        return _page(request, year, typed, problems=error.problems)
    messages.success(
        request,
        f"已录入。{entered.moved} 件办件的到期日顺延并会告知申请人,"
        f"{entered.held} 件维持已告知的日期。",
    )
    return redirect(f"{ADDRESS}?year={year}")


def _year(text: str | None, at: datetime) -> int:
    shown = years_shown(at)
    wanted = int(text) if text and text.isdecimal() and len(text) == 4 else civil_date(at).year
    return wanted if wanted in shown else civil_date(at).year


def _page(
    request: HttpRequest,
    year: int,
    typed: dict[str, str] | None = None,
    *,
    preview: Preview | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    at: datetime = request.at  # type: ignore[attr-defined]
    shown = year_of_days(year)
    context: dict[str, Any] = {
        "year": shown,
        "tabs": {
            "label": "年份",
            "links": [
                {"label": f"{y} 年", "url": f"{ADDRESS}?year={y}", "current": y == year}
                for y in years_shown(at)
            ],
        },
        "days": _days_table(shown),
        "notices": _notices(shown),
        "typed": typed or {},
        "fields": _fields(shown, typed or {}),
        "errors": [{"text": text, "url": "#id_days"} for text in problems or []],
    }
    if preview is not None:
        context |= {
            "preview": preview,
            "held": len(preview.moves) - preview.moved,
            "changed": _changed_table(preview.changed),
            "moves": _moves_table(preview.moves),
        }
    return render(request, "site/calendar.html", context, status=422 if problems else 200)


def _fields(shown: YearOfDays, typed: dict[str, str]) -> list[dict[str, Any]]:
    hint = (
        "一行一天或一段:「2027-02-05 至 2027-02-11 休 春节」「2027-02-07 班」。周末本来就休、"
        "工作日本来就上班的不用写;「常」把一天恢复成平常的样子。"
    )
    if not shown.is_provisional:
        hint += "这一年已有安排,只写要改的日子。"
    return [
        {"name": "title", "label": "通知名称", "value": typed.get("title", ""), "maxlength": 200},
        {
            "name": "document_number",
            "label": "文号",
            "value": typed.get("document_number", ""),
            "is_optional": True,
            "width": "w-20",
            "maxlength": 80,
        },
        {
            "name": "days",
            "label": f"{shown.year} 年放假和调休的日子",
            "kind": "textarea",
            "rows": 12,
            "hint": hint,
            "value": typed.get("days", ""),
        },
    ]


def _days_table(shown: YearOfDays) -> dict[str, Any]:
    return {
        "caption": f"{shown.year} 年的节假日和调休上班日",
        "columns": [{"label": "日期", "kind": "date"}, {"label": "种类"}, {"label": "名称"}],
        "rows": [
            {"cells": [chinese_date(day.on), {"tag": _tag(day)}, day.name or "—"]}
            for day in shown.days
        ],
        "empty": {"title": "这一年没有特别的日子"},
    }


def _tag(day: CalendarDay | NoticeDay) -> dict[str, str]:
    return {"label": day.kind.label, "tone": TONES[day.kind]}


def _notices(shown: YearOfDays) -> list[dict[str, str]]:
    people = account_labels({notice.entered_by for notice in shown.notices})
    return [
        {
            "label": notice.title,
            "value": f"{notice.document_number} {people.get(notice.entered_by, '系统预置')} "
            f"录入于 {cn_datetime(notice.entered_at)}".strip(),
        }
        for notice in shown.notices
    ]


def _changed_table(changed: list[tuple[CalendarDay, NoticeDay]]) -> dict[str, Any]:
    return {
        "caption": f"会改变的日子({len(changed)} 天)",
        "columns": [
            {"label": "日期", "kind": "date"},
            {"label": "现在"},
            {"label": "改为"},
            {"label": "名称"},
        ],
        "rows": [
            {
                "cells": [
                    chinese_date(now.on),
                    {"text": now.kind.label + ("(暂计)" if now.is_provisional else "")},
                    {"tag": _tag(after)},
                    after.name or "—",
                ]
            }
            for now, after in changed
        ],
        "empty": {"title": "没有日子改变", "text": "写的和现在的日历一样。"},
    }


def _moves_table(moves: list[Move]) -> dict[str, Any]:
    more = f",只列前 {MOST_SHOWN} 件" if len(moves) > MOST_SHOWN else ""
    return {
        "caption": f"受影响的办件({len(moves)} 件{more})",
        "columns": [
            {"label": "办件"},
            {"label": "申请人"},
            {"label": "哪个时限"},
            {"label": "现在", "kind": "date"},
            {"label": "改为", "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {"text": move.case.short_number, "note": move.case.item_name},
                    move.case.applicant_label,
                    change.title,
                    chinese_date(change.before),
                    {
                        "text": chinese_date(change.after),
                        "note": "新日历会提前,维持已告知的日期" if change.is_held else "",
                    },
                ]
            }
            for move in moves[:MOST_SHOWN]
            for change in move.changes
        ],
        "empty": {"title": "没有办件受影响", "text": "正在办的件里,没有哪个到期日会变。"},
    }

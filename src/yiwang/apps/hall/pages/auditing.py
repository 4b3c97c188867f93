"""绿色通道核查: every use with who, why, on what evidence, let in by whom; marked ones; shares."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.hall import queries
from yiwang.apps.hall.models import Appointment
from yiwang.apps.hall.pages.parts import day_typed, pager
from yiwang.apps.hall.permissions import AUDIT
from yiwang.apps.hall.queries import LONGEST, UseFilter
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.foundation.shell.spreadsheet import csv_file
from yiwang.kernel.moment import civil_date
from yiwang.kernel.shares import rate

LIST = "/green-uses/"
MOST_EXPORTED = 2000
COLUMNS = (
    "日期", "大厅", "专区", "帮办对象", "优先类别", "绿色通道", "理由", "凭据", "放行人",
    "预约时段", "签到", "叫号", "等候(分钟)", "标记", "原因",
)  # fmt: skip


def _wanted(request: HttpRequest) -> UseFilter:
    """The filter of the address: a month back without one, a quarter at most."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    last = day_typed(request.GET.get("last", ""), today)
    first = day_typed(request.GET.get("first", ""), last - timedelta(days=30))
    return UseFilter(
        first=max(first, last - LONGEST),
        last=last,
        class_code=request.GET.get("class", "")[:40],
        is_marked=request.GET.get("marked") == "1",
    )


def marks_of(row: Appointment) -> list[tuple[str, str]]:
    """(mark, reason given) of what was not as it should be."""
    found = []
    if row.is_without_ground:
        found.append(("没有凭据", row.ground_reason))
    if row.is_out_of_turn:
        found.append(("没有按先后叫号", row.turn_reason))
    return found


@require_GET
@staff_page(AUDIT)
def uses(request: HttpRequest) -> HttpResponse:
    wanted, after = _wanted(request), request.GET.get("after") or None
    zones = queries.zones_for(request.actor, AUDIT)  # type: ignore[attr-defined]
    keys = [zone.pk for zone in zones]
    found = queries.green_uses(wanted, zones=keys, after=after)
    query = urlencode(
        {"first": wanted.first, "last": wanted.last, "class": wanted.class_code,
         "marked": "1" if wanted.is_marked else ""}
    )  # fmt: skip
    context = {
        "wanted": wanted,
        "classes": queries.all_classes(),
        "rows": [{"row": row, "waited": row.waited, "marks": marks_of(row)} for row in found.rows],
        "days": _shares(queries.shares(wanted, zones=keys)),
        "query": query,
        "pager": pager(LIST, query, after, found.next_cursor),
    }
    return render(request, "hall/staff/uses.html", context)


def _shares(counted: list[tuple[date, str, int]]) -> list[dict[str, Any]]:
    """Per day: all who were called, and of each class how many and which share."""
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for on, name, number in counted:
        days[on][name] = number
    rows = []
    for on, classes in days.items():
        total = sum(classes.values())
        with_priority = total - classes.get("", 0)
        rows.append(
            {
                "on": on,
                "total": total,
                "priority": with_priority,
                "rate": rate(with_priority, total),
                "classes": [(n, k, rate(k, total)) for n, k in sorted(classes.items()) if n],
            }
        )
    return rows


@require_GET
@staff_page(AUDIT)
def export(request: HttpRequest) -> HttpResponse:
    """The same rows for spreadsheets; persons stay masked."""
    zones = queries.zones_for(request.actor, AUDIT)  # type: ignore[attr-defined]
    keys = [zone.pk for zone in zones]
    found = queries.green_uses(_wanted(request), zones=keys, size=MOST_EXPORTED)
    return csv_file("绿色通道.csv", COLUMNS, (_cells(row) for row in found.rows))


def _cells(row: Appointment) -> list[str]:
    marks = marks_of(row)
    minutes = row.waited
    return [
        row.on.isoformat(), row.zone.hall.name, row.zone.name, row.party_label,
        row.class_name, row.channel_label, row.ground, row.evidence, row.let_in_by_label,
        cn_datetime(row.starts_at), cn_datetime(row.checked_in_at), cn_datetime(row.called_at),
        "" if minutes is None else str(minutes),
        "、".join(name for name, _ in marks), ";".join(why for _, why in marks),
    ]  # fmt: skip

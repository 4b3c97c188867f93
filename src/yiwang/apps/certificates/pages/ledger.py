"""发证台账: what was handed out, to whom, on which blank; as a page and as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.certificates.making.reads import WantedIssues, issues
from yiwang.apps.certificates.models import IssueEntry
from yiwang.apps.certificates.pages.making import pager
from yiwang.apps.certificates.permissions import LEDGER
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.foundation.shell.spreadsheet import csv_file

LIST = "/issued/"
MOST_EXPORTED = 5000
COLUMNS = (
    "发证时间", "证照名称", "证照编号", "空白证照号码", "办件编号", "持证主体", "领取方式",
    "领取人", "签收凭据", "发证人", "发证大厅", "颁发机关",
)  # fmt: skip


def wanted_of(request: HttpRequest) -> tuple[WantedIssues, dict[str, str]]:
    """What is looked for, and its query; a day that is none counts as not chosen."""
    typed = {name: request.GET.get(name, "").strip()[:80] for name in ("first", "last", "q")}
    text = typed["q"]
    is_blank = text.isascii() and text.isdecimal() and len(text) <= 15
    wanted = WantedIssues(
        first=_day(typed["first"]),
        last=_day(typed["last"]),
        number="" if is_blank else text,
        blank=int(text) if is_blank else None,
    )
    return wanted, {name: value for name, value in typed.items() if value}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1991 <= day.year <= 2100 else None


@require_GET
@staff_page(LEDGER)
def listing(request: HttpRequest) -> HttpResponse:
    wanted, query = wanted_of(request)
    found = issues(
        actor=request.actor,  # type: ignore[attr-defined]
        wanted=wanted,
        after=request.GET.get("after"),
    )
    bad = [name for name in ("first", "last") if name in query and not getattr(wanted, name)]
    context: dict[str, Any] = {
        "entries": found.entries,
        "query": query,
        "problem": "日期请写成 2026-03-02 这样,没有按它筛选。" if bad else "",
        "export_url": f"{LIST}export.csv?{urlencode(query)}".rstrip("?"),
        "most": MOST_EXPORTED,
        "pager": pager(request, found.next_cursor, query),
    }
    return render(request, "certificates/staff/ledger.html", context)


@require_GET
@staff_page(LEDGER)
def export(request: HttpRequest) -> HttpResponse:
    """The shown columns of the actor's own halls or organs, at most MOST_EXPORTED lines."""
    wanted, _ = wanted_of(request)
    found = issues(actor=request.actor, wanted=wanted, size=MOST_EXPORTED)  # type: ignore[attr-defined]
    return csv_file("发证台账.csv", COLUMNS, (cells(row) for row in found.entries))


def cells(row: IssueEntry) -> list[str]:
    return [
        cn_datetime(row.at),
        row.certificate_name,
        row.certificate_number,
        str(row.blank_number),
        row.short_number,
        row.holder_label,
        row.means_label,
        row.collector_label,
        row.reference,
        row.by_label,
        row.hall.name,
        row.organ.name,
    ]

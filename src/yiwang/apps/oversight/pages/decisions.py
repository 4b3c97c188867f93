"""行政许可决定公示: everybody may read which permits were given or refused (行政许可法 §40)."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.oversight.models import Publication
from yiwang.apps.oversight.operations.publishing import punctuality, years_shown
from yiwang.apps.oversight.queries import MOST_FOUND, Wanted, decisions, organ_names
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.spreadsheet import csv_file
from yiwang.kernel.moment import civil_date

LIST = "/decisions/"
LONGEST_QUERY = 60
MOST_EXPORTED = 2000
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
COLUMNS = (
    "决定文号",
    "事项",
    "决定机关",
    "决定",
    "决定日期",
    "行政相对人",
    "统一社会信用代码",
    "许可有效期至",
    "状态",
)


def wanted_of(request: HttpRequest) -> Wanted:
    """The choice in the address; unknown values count as not chosen."""
    organ, month = request.GET.get("organ", ""), request.GET.get("month", "")
    return Wanted(
        text=request.GET.get("q", "").strip().replace("\0", "")[:LONGEST_QUERY],
        organ_id=int(organ) if organ.isascii() and organ.isdigit() and len(organ) < 10 else None,
        month=month if _MONTH.fullmatch(month) else "",
    )


def query_of(wanted: Wanted) -> dict[str, str]:
    values = {"q": wanted.text, "organ": str(wanted.organ_id or ""), "month": wanted.month}
    return {name: value for name, value in values.items() if value}


@require_GET
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    wanted, today = wanted_of(request), civil_date(request.at)  # type: ignore[attr-defined]
    after = request.GET.get("after")
    found = decisions(wanted=wanted, today=today, after=after)
    query = query_of(wanted)
    first, last = _period(wanted.month, today)
    context = {
        "wanted": wanted,
        "rows": [{"decision": row, "tag": state_of(row, today)} for row in found.decisions],
        "organs": organ_names(),
        "is_narrowed": bool(query),
        "figure": punctuality(first, last, organ_id=wanted.organ_id),
        "first": first,
        "last": last,
        "export_url": f"{LIST}export.csv?{urlencode(query)}".rstrip("?"),
        "most": MOST_FOUND,
        "years": years_shown(),
        "pager": {
            "first_url": f"{LIST}?{urlencode(query)}".rstrip("?") if after else "",
            "next_url": f"?{urlencode({**query, 'after': found.next_cursor})}"
            if found.next_cursor
            else "",
        },
    }
    return render(request, "oversight/decisions.html", context)


def _period(month: str, today: date) -> tuple[date, date]:
    """The month chosen, else the year so far."""
    if not month:
        return date(today.year, 1, 1), today
    year, number = (int(part) for part in month.split("-"))
    following = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1), date.fromordinal(following.toordinal() - 1)


def state_of(row: Publication, today: date) -> dict[str, str]:
    if row.withdrawn_on is not None:
        return {"label": "已失去效力", "tone": "danger"}
    if row.valid_until is not None and row.valid_until < today:
        return {"label": "有效期已满", "tone": "neutral"}
    return {"label": "有效" if row.outcome == "GRANTED" else "已决定", "tone": "success"}


@require_GET
@public_page
def export(request: HttpRequest) -> HttpResponse:
    """The rows of the list as a file for spreadsheets: the shown columns and no others."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    found = decisions(wanted=wanted_of(request), today=today, size=MOST_EXPORTED)
    rows = (cells(row, today) for row in found.decisions)
    return csv_file("行政许可决定.csv", COLUMNS, rows, is_public=True)


def cells(row: Publication, today: date) -> list[str]:
    return [
        row.number,
        row.item_name,
        row.organ.name,
        row.word,
        row.decided_on.isoformat(),
        row.holder_label,
        row.holder_uscc,
        row.valid_until.isoformat() if row.valid_until else "",
        state_of(row, today)["label"],
    ]

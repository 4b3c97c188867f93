"""The list of items and its search (R006): public, each row with version and effective date."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.catalog.domain.vocabulary import Audience
from yiwang.apps.catalog.pages.listing import (
    COLUMNS,
    PAGE_SIZE,
    ItemList,
    Wanted,
    cells,
    item_list,
)
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.spreadsheet import csv_file
from yiwang.kernel.moment import civil_date

LONGEST_QUERY = 60


def wanted_of(request: HttpRequest) -> Wanted:
    """The choice in the address; unknown values count as not chosen."""
    audience = request.GET.get("for", "")
    return Wanted(
        text=request.GET.get("q", "").strip()[:LONGEST_QUERY],
        topic=request.GET.get("topic", "").strip()[:40],
        audience=audience if audience in Audience.__members__ else "",
        is_online_only=request.GET.get("online") == "1",
    )


@public_page
def items(request: HttpRequest) -> HttpResponse:
    wanted = wanted_of(request)
    found = item_list(wanted, today=civil_date(request.at))  # type: ignore[attr-defined]
    begin = _number(request.GET.get("from", ""))
    rows = found.rows[begin : begin + PAGE_SIZE]
    context = {
        "wanted": wanted,
        "found": found,
        "rows": rows,
        "search": {"url": "/items/", "label": "您想办什么事?", "value": wanted.text},
        "filters": _filters(wanted, found),
        "pager": _pager(wanted, begin, len(found.rows)),
        "online_url": "/items/?online=1",
        "export_url": f"/items/export.csv?{wanted.query()}".rstrip("?"),
    }
    return render(request, "catalog/portal/items.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _filters(wanted: Wanted, found: ItemList) -> dict[str, Any]:
    def link(label: str, is_current: bool, **changes: str) -> dict[str, Any]:
        query = wanted.query(**changes)
        return {"label": label, "url": f"/items/?{query}".rstrip("?"), "current": is_current}

    people, firms = Audience.NATURAL_PERSON, Audience.LEGAL_PERSON
    links = [
        link("全部", not (wanted.audience or wanted.is_online_only), **{"for": "", "online": ""}),
        link("个人办事", wanted.audience == people, **{"for": people.value}),
        link("企业和单位办事", wanted.audience == firms, **{"for": firms.value}),
        link("可以网上办", wanted.is_online_only, online="1"),
    ]
    clear = "/items/" if wanted.text or wanted.topic else ""
    return {"label": "筛选事项", "links": links, "clear_url": clear}


def _pager(wanted: Wanted, begin: int, total: int) -> dict[str, Any] | None:
    if begin == 0 and total <= PAGE_SIZE:
        return None
    before = "" if begin <= PAGE_SIZE else str(begin - PAGE_SIZE)
    after = begin + PAGE_SIZE
    return {
        "previous_url": f"/items/?{wanted.query(**{'from': before})}" if begin else "",
        "next_url": f"/items/?{wanted.query(**{'from': str(after)})}" if after < total else "",
    }


@public_page
def export(request: HttpRequest) -> HttpResponse:
    """The rows of the list as a file for spreadsheets."""
    found = item_list(wanted_of(request), today=civil_date(request.at))  # type: ignore[attr-defined]
    return csv_file("事项.csv", COLUMNS, (cells(row) for row in found.rows), is_public=True)

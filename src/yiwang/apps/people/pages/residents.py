"""进驻 for the system administrator: by item, and at one hall, read from the windows' packages."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.people.domain.places import PlaceKind
from yiwang.apps.people.item_register import offered_items
from yiwang.apps.people.pages.place_tabs import place_tabs
from yiwang.apps.people.permissions import MANAGE_ACCOUNTS
from yiwang.apps.people.places.residency import residency
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import civil_date

PATH = "/admin/residents/"
SIZE = 60


@staff_page(MANAGE_ACCOUNTS)
@require_safe
def residents(request: HttpRequest) -> HttpResponse:
    """Every item that can be applied for, with the halls where it is resident; those that are
    resident nowhere can be looked at by themselves."""
    text = request.GET.get("q", "").strip()[:60]
    only_none, after = request.GET.get("none") == "1", request.GET.get("after", "")[:60]
    names = offered_items(civil_date(request.at))  # type: ignore[attr-defined]
    found = residency(names)
    nowhere = [code for code in names if code not in found]
    wanted = [
        code
        for code in sorted(nowhere if only_none else names)
        if (not text or text in names[code]) and code > after
    ]
    kept = {"q": text, "none": "1" if only_none else ""}
    following = wanted[SIZE - 1] if len(wanted) > SIZE else ""
    query = urlencode({k: v for k, v in {**kept, "after": following}.items() if v})
    rows = [
        {"cells": [{"text": names[code], "note": code}, _halls(found.get(code, []))]}
        for code in wanted[:SIZE]
    ]
    context = {
        "tabs": place_tabs(None),
        "filters": {
            "links": [
                {"label": "全部", "url": PATH, "current": not only_none},
                {"label": "哪里都没有进驻", "url": f"{PATH}?none=1", "current": only_none,
                 "count": len(nowhere)},
            ],
            "search": {"url": PATH, "label": "事项名称", "value": text},
            "clear_url": PATH if text else "",
        },
        "table": {
            "caption": "事项进驻",
            "caption_hidden": True,
            "columns": [{"label": "事项"}, {"label": "进驻的大厅和窗口"}],
            "rows": rows,
            "empty": {
                "title": "没有符合的事项" if text or after else "没有这样的事项",
                "text": "换个名称的一部分试试。" if text else "每个事项都至少进驻一个大厅。",
            },
            "pager": {"next_url": f"{PATH}?{query}" if following else "", "previous_url": PATH}
            if following or after
            else None,
        },
    }  # fmt: skip
    return render(request, "people/residents.html", context)


def _halls(halls: list[Any]) -> Any:
    if not halls:
        return {"text": "没有进驻", "note": "窗口代收,由实施的单位签收"}
    return "、".join(f"{hall.name}({'、'.join(hall.windows)})" for hall in halls)


def residents_of_hall(kind: PlaceKind, key: Any, today: date) -> list[dict[str, str]]:
    """What is resident at one hall, by name; nothing for other places. One statement."""
    if kind is not PlaceKind.HALL:
        return []
    names = offered_items(today)
    found = residency(names, hall_id=int(key))
    rows = [
        {"name": names[code], "windows": "、".join(halls[0].windows)}
        for code, halls in found.items()
    ]
    return sorted(rows, key=lambda row: row["name"])

"""Areas, organs, halls and windows, for the system administrator: found, looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.people.domain.places import PARTS, PlaceKind
from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind
from yiwang.apps.people.duty import account_labels
from yiwang.apps.people.item_register import offered_items
from yiwang.apps.people.pages.place_tabs import SLUGS, place_tabs
from yiwang.apps.people.pages.residents import residents_of_hall
from yiwang.apps.people.permissions import MANAGE_ACCOUNTS
from yiwang.apps.people.places.closing import blockers_of
from yiwang.apps.people.places.reads import Place, left_out, path_to, place_of, places_page
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import chinese_date, civil_date

COLUMNS = {
    PlaceKind.AREA: ("名称", "层级", "区划代码"),
    PlaceKind.ORGAN: ("名称", "性质", "所在区域", "文号代字"),
    PlaceKind.HALL: ("名称", "所在区域", "开放时间"),
    PlaceKind.WINDOW: ("窗口", "大厅", "事项包"),
}
VERBS = {"add": "登记", "change": "修改", "close": "撤销", "set_package": "调整事项包"}


@staff_page(MANAGE_ACCOUNTS)
@require_safe
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """Places of a kind; areas as a tree, one level at a time."""
    kind, path = SLUGS[slug], f"/admin/{slug}/"
    given = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "under", "after")}
    is_closed = request.GET.get("closed") == "1"
    rows, following = places_page(
        kind, text=given["q"], under=given["under"], is_closed=is_closed, after=given["after"]
    )
    kept = {"q": given["q"], "under": given["under"], "closed": "1" if is_closed else ""}
    query = urlencode({k: v for k, v in {**kept, "after": following}.items() if v})
    above = path_to(given["under"]) if kind is PlaceKind.AREA and given["under"] else []
    context = {
        "kind": kind,
        "path": path,
        "tabs": place_tabs(kind),
        "above": above,
        "filters": {
            "links": [
                {"label": "在用", "url": path, "current": not is_closed},
                {"label": "已撤销", "url": f"{path}?closed=1", "current": is_closed},
            ],
            "search": {"url": path, "label": "名称或代码", "value": given["q"]},
            "clear_url": path if given["q"] else "",
        },
        "table": {
            "caption": kind.label,
            "caption_hidden": True,
            "columns": [{"label": label} for label in COLUMNS[kind]],
            "rows": [_row(kind, row, path) for row in rows],
            "empty": _empty(kind, given, is_closed=is_closed),
            "pager": {"next_url": f"{path}?{query}" if following else "", "previous_url": path}
            if following or given["after"]
            else None,
        },
    }
    return render(request, "people/places.html", context)


def _empty(kind: PlaceKind, given: dict[str, str], *, is_closed: bool) -> dict[str, str]:
    if given["q"]:
        return {"title": f"没有符合的{kind.label}", "text": "换个名称或代码的一部分试试。"}
    if is_closed:
        return {"title": f"没有撤销过的{kind.label}", "text": "撤销的保留历史,列在这里。"}
    if given["under"]:
        return {"title": "下面没有区域", "text": "这一级就是最末一级,或者下级还没有登记。"}
    return {"title": f"还没有登记{kind.label}", "text": "点「登记」添加第一个。"}


def _row(kind: PlaceKind, row: Any, path: str) -> dict[str, Any]:
    cells = {
        PlaceKind.AREA: _area_cells,
        PlaceKind.ORGAN: lambda r: [
            {"text": r.name, "note": r.short_name},
            OrganKind(r.kind).label,
            r.area.name,
            r.document_word,
        ],
        PlaceKind.HALL: lambda r: [{"text": r.name, "note": r.address}, r.area.name, r.hours],
        PlaceKind.WINDOW: lambda r: [
            {"text": f"{r.number} {r.name}"},
            r.hall.name,
            f"{len(r.package)} 个事项" if r.package else "不收件",
        ],
    }[kind](row)
    return {"url": f"{path}{row.pk}/", "cells": cells}


def _area_cells(row: Any) -> list[Any]:
    notes = [left_out(row), "园区,只作统计口径" if row.is_zone else ""]
    below = {"text": "看下级", "url": f"/admin/areas/?under={row.pk}"}
    return [
        {"text": row.name, "note": ",".join(note for note in notes if note)},
        {"text": AreaLevel(row.level).label, "note": ""},
        {"text": row.code, "note": ""}
        if row.level == AreaLevel.VILLAGE
        else below | {"note": row.code},
    ]


@staff_page(MANAGE_ACCOUNTS)
@require_safe
def place(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One place: what it is, what hangs on it, what was done to it."""
    found, today = place_or_404(slug, key), civil_date(request.at)  # type: ignore[attr-defined]
    hanging = blockers_of(found.kind, found.row.pk, today=today) if found.is_open else []
    names = offered_items(today) if found.kind is PlaceKind.WINDOW else {}
    package = getattr(found.row, "package", [])
    closed = None if found.is_open else found.row.valid_until  # type: ignore[attr-defined]
    context = {
        "place": found,
        "path": f"/admin/{slug}/",
        "definitions": _definitions(found),
        "package": [names.get(code, code) for code in package],
        "is_window": found.kind is PlaceKind.WINDOW,
        "hanging": hanging,
        "residents": residents_of_hall(found.kind, key, today) if found.is_open else [],
        "is_hall": found.kind is PlaceKind.HALL,
        "closed": chinese_date(closed) if closed else "",
        "history": history_of(found),
    }
    return render(request, "people/place.html", context)


def place_or_404(slug: str, key: str) -> Place:
    found = place_of(SLUGS[slug], key) if key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Http404
    return found


def _definitions(found: Place) -> list[tuple[str, str]]:
    row: Any = found.row
    rows = [(part.label, str(getattr(row, part.name)) or "—") for part in PARTS[found.kind]]
    if found.kind is PlaceKind.ORGAN:
        rows = [
            (label, OrganKind(row.kind).label if label == "性质" else text) for label, text in rows
        ]
    if found.kind is PlaceKind.AREA:
        rows += [
            ("层级", AreaLevel(row.level).label),
            ("上级", (row.parent.name if row.parent else "—") + f" {left_out(row)}"),
            ("园区", "是,只作统计口径" if row.is_zone else "不是"),
        ]
    return rows


def history_of(found: Place) -> list[dict[str, str]]:
    """What was done, newest first: who, when, why. One statement."""
    people = account_labels({entry.actor for entry in found.history})
    rows = []
    for entry in found.history:
        verb = entry.operation.partition(".")[2]
        label = VERBS.get(verb) or VERBS.get(verb.rpartition("_")[0], verb)
        rows.append(
            {
                "what": label,
                "detail": _detail(entry.facts),
                "who": people.get(entry.actor, "系统自动"),
                "at": cn_datetime(entry.at),
                "reason": str(entry.facts.get("reason", "")),
            }
        )
    return rows


def _detail(facts: dict[str, Any]) -> str:
    if "before" in facts:
        after = facts.get("after", {})
        return ";".join(f"{old or '(空)'} → {after.get(n)}" for n, old in facts["before"].items())
    words = [("加", facts.get("added")), ("减", facts.get("taken"))]
    return ";".join(f"{word} {'、'.join(codes)}" for word, codes in words if codes)

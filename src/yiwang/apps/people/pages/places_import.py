"""Importing areas from a table: paste or upload, look at what would come, then write it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.domain.vocabulary import AreaLevel
from yiwang.apps.people.permissions import MANAGE_ACCOUNTS
from yiwang.apps.people.places.importing import (
    LARGEST,
    AreaTable,
    decoded,
    import_areas,
    read_areas,
)
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import line, textarea

SHOWN = 50


@staff_page(MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def areas(request: HttpRequest) -> HttpResponse:
    """Nothing is written before the second button; what was pasted or uploaded stays."""
    typed = {name: request.POST.get(name, "") for name in ("text", "reason")}
    errors: dict[str, str] = {}
    table = None
    if request.method == "POST":
        try:
            if file := request.FILES.get("file"):
                typed["text"] = decoded(file.read(4 * LARGEST + 1))
            if request.POST.get("do") == "import":
                return _import(request, typed)
            table = read_areas(typed["text"])
        except AdministrationError as error:
            errors = error.fields or {"": error.message}
            table = read_areas(typed["text"]) if "text" in errors else None
    status = 422 if errors or (table and table.problems) else 200
    context = {
        **_told(table),
        "fields": _fields(typed, errors),
        "errors": _listed(errors, table),
    }
    return render(request, "people/areas_import.html", context, status=status)


def _fields(typed: dict[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    fields = [
        {"name": "file", "label": "上传表格", "kind": "file", "accept": ".csv,text/csv,text/plain",
         "is_optional": True},
        textarea("text", "或者粘贴在这里", typed, rows=8, maxlength=LARGEST, is_optional=True,
                 hint="第一行是标题,例如:区划代码,名称"),
        line("reason", "依据或理由", typed, maxlength=200, width="w-full",
             hint="例如:国家统计局 2026 年统计用区划代码。核对时可以先不填。"),
    ]  # fmt: skip
    for one in fields:
        one["error"] = errors.get(one["name"], "")
    return fields


def _import(request: HttpRequest, typed: dict[str, str]) -> HttpResponse:
    number = import_areas(
        **typed,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    messages.success(request, f"已登记 {number} 个区域。")
    return HttpResponseRedirect("/admin/areas/", status=303)


def _told(table: AreaTable | None) -> dict[str, Any]:
    if table is None:
        return {}
    return {
        "table": table,
        "is_ready": bool(table.new) and not table.problems,
        "shown": [
            {"code": row.code, "name": row.name, "level": AreaLevel(row.level).label,
             "above": row.parent.name if row.parent else "没有上级"}
            for row in table.new[:SHOWN]
        ],
        "problems": table.problems[:SHOWN],
    }  # fmt: skip


def _listed(errors: dict[str, str], table: AreaTable | None) -> list[dict[str, str]]:
    found = [{"text": text, "url": f"#id_{name}" if name else ""} for name, text in errors.items()]
    if table and table.problems and "text" not in errors:
        text = f"表格有 {len(table.problems)} 处要改,改好后再核对。"
        found.append({"text": text, "url": "#id_text"})
    return found

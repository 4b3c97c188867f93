"""Saving a filter of a work list, opening it, choosing the default, removing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.cases.domain.filters import WorkList, asked_of
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.operations import saving
from yiwang.apps.cases.pages.filtering import choices_of, read_chosen
from yiwang.apps.cases.pages.staff_fields import error_list, field
from yiwang.apps.cases.pages.work import FINDERS
from yiwang.foundation.shell.access import staff_page

HOME = "/work/saved/"


@require_http_methods(["GET", "POST"])
@staff_page(*FINDERS)
def saved(request: HttpRequest) -> HttpResponse:
    """All of one's saved filters; a new one comes from a list."""
    if request.method != "POST":
        return _page(request, {})
    text = request.POST.get("work_list", "")
    if text not in list(WorkList):
        raise Http404
    work_list = WorkList(text)
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    asked = asked_of(request.POST.get("query", ""))
    try:
        row = saving.save_filter(
            chosen=read_chosen(work_list, asked, choices_of(work_list, actor, at)),
            name=request.POST.get("name", "")[:200],
            is_default=request.POST.get("is_default") == "1",
            actor=actor,
            at=at,
        )
    except InvalidInputError as error:
        return _page(request, error.fields)
    messages.success(request, f"已保存筛选「{row.name}」。")
    return HttpResponseRedirect(f"/work/{work_list}/?{row.query}", status=303)


@require_GET
@staff_page(*FINDERS)
def opened(request: HttpRequest, filter_id: int) -> HttpResponse:
    """The list with this filter: its own address, fit to be kept as a bookmark."""
    row = saving.use_filter(filter_id=filter_id, actor=request.actor)  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return HttpResponseRedirect(f"/work/{row.work_list}/?{row.query}")


@require_POST
@staff_page(*FINDERS)
def change(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Remove it, make it the default of its list, or no longer so."""
    do = request.POST.get("do", "")
    actor = request.actor  # type: ignore[attr-defined]
    if do == "remove":
        saving.remove_filter(filter_id=filter_id, actor=actor)
        messages.success(request, "已删除这个筛选。")
    else:
        saving.make_default(filter_id=filter_id, is_default=do == "default", actor=actor)
        messages.success(request, "已更新默认筛选。")
    return HttpResponseRedirect(HOME, status=303)


def _page(request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
    rows = saving.saved_filters(actor=request.actor)  # type: ignore[attr-defined]
    typed = request.POST
    name = field(
        "name", "名称", value=typed.get("name", ""), error=errors.get("name", ""),
        maxlength=saving.LONGEST_NAME, width="w-20",
    )  # fmt: skip
    context: dict[str, Any] = {
        "rows": [{"filter": row, "list": WorkList(row.work_list).label} for row in rows],
        "typed": typed if errors else None,
        "name_field": name,
        "errors": error_list([name]),
        "most": saving.MOST,
    }
    return render(request, "cases/staff/saved.html", context, status=422 if errors else 200)

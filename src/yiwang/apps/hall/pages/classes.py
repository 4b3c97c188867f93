"""Priority classes: the list with its grounds, adding and changing one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.cases.public import GreenChannel
from yiwang.apps.hall import queries
from yiwang.apps.hall.errors import HallError, InvalidActError
from yiwang.apps.hall.operations import keeping
from yiwang.apps.hall.operations.keeping import ClassTerms
from yiwang.apps.hall.permissions import AUDIT, KEEP
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, checkboxes, line, radios
from yiwang.kernel.parameters import Mark

LIST = "/zones/classes/"


@require_GET
@staff_page(KEEP, AUDIT)
def classes(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {"classes": queries.all_classes(), "may_keep": actor.may(KEEP)}
    return render(request, "hall/staff/classes.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def keep(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add a class, or change the one of this code."""
    row = next((one for one in queries.all_classes() if one.code == code), None)
    if code and row is None:
        raise Http404
    posted = request.POST
    seen = posted.get("seen", str(row.version if row else 0))
    held = row.channels if row else []
    active = ["yes"] if row is None or row.is_active else []
    if request.method == "POST":
        held, active = posted.getlist("channels"), posted.getlist("active")
    marks = [(mark.value, mark.label, "") for mark in Mark]

    def fields(typed: Any) -> list[dict[str, Any]]:
        new = [line("code", "代码", typed, hint="例如 park-enterprise")] if not row else []
        return [
            *new,
            line("name", "名称", typed, value=row.name if row else "", maxlength=60),
            line("rank", "先后", typed, value=str(row.rank) if row else "", kind="number",
                 width="w-6", hint="1 最先;没有优先的排在所有类别后面"),
            checkboxes("channels", "包括哪些绿色通道", held, GreenChannel.choices),
            line("source", "依据", typed, value=row.source if row else "", maxlength=200,
                 width="w-full", hint="文件名称和条款;没有的写「平台默认」"),
            radios("mark", "对依据的把握", typed, marks, value=row.mark if row else "D"),
            checkboxes("active", "启用", active, [("yes", "启用")], is_optional=True),
        ]  # fmt: skip

    form = ActForm(
        title=f"修改{row.name}" if row else "新设优先类别",
        button="保存",
        done="已保存。已经签到的按签到时的类别。",
        back=LIST,
        invalid=(InvalidActError,),
        refused=(HallError,),
        fields=fields,
        context={"hidden": {"seen": seen}},
    )
    rank = posted.get("rank", "")
    return form.answer(
        request,
        lambda at: keeping.keep_class(
            code=code or posted.get("code", "")[:40],
            terms=ClassTerms(
                name=posted.get("name", ""),
                rank=int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 4 else 0,
                channels=tuple(posted.getlist("channels")),
                source=posted.get("source", ""),
                mark=posted.get("mark", ""),
                is_active="yes" in posted.getlist("active"),
            ),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )

"""A new item in plain fields: what only its editor knows; the rest is edited in its draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.domain.vocabulary import Audience, ItemKind
from yiwang.apps.catalog.drafting import PartError, begin_item
from yiwang.apps.catalog.operations import CatalogError
from yiwang.apps.catalog.plain.values import LIMIT_HINT
from yiwang.apps.catalog.starting import Beginning, values_of
from yiwang.apps.people.public import Organ
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import checkboxes, line, select, textarea
from yiwang.kernel.identifiers.implementation_code import ExerciseLevel
from yiwang.kernel.moment import civil_date

_PLACES = {
    "limits.promised.limit": "promised",
    "limits.statutory.limit": "statutory",
    "bases.0.law": "law",
    "remedy.review_organ": "review_organ",
    "remedy.review_address": "review_address",
    "remedy.court": "court",
}


@staff_page(permissions.EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; a draft of a new item, whose page lists what is still missing."""
    if request.method == "GET":
        return _page(request, {})
    typed = request.POST
    texts: dict[str, Any] = {
        name: typed.get(name, "").strip() for name in Beginning.__slots__ if name != "audiences"
    }
    beginning = Beginning(**texts, audiences=typed.getlist("audiences"))
    try:
        row = begin_item(
            values=values_of(beginning, civil_date(request.at)),  # type: ignore[attr-defined]
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except PartError as error:
        fields = {_PLACES.get(where, where.split(".")[0]): t for where, t in error.fields.items()}
        return _page(request, fields, error.message)
    except CatalogError as error:
        return _page(request, {}, error.message)
    messages.success(request, "已建立草稿。下面列出发布前还要写的,逐页补上。")
    return HttpResponseRedirect(f"/catalog/versions/{row.pk}/", status=303)


def _page(request: HttpRequest, problems: dict[str, str], message: str = "") -> HttpResponse:
    fields = [f | {"error": problems.get(f["name"], "")} for f in _fields(request)]
    shown = {f["name"] for f in fields}
    errors = [
        {"text": text, "url": f"#id_{name}"} for name, text in problems.items() if name in shown
    ]
    context = {
        "fields": fields,
        "errors": errors or ([{"text": message}] if message else []),
    }
    return render(request, "catalog/staff/new.html", context, status=422 if message else 200)


def _fields(request: HttpRequest) -> list[dict[str, Any]]:
    typed = request.POST
    organs = Organ.objects.filter(valid_until=None).order_by("id").values_list("slug", "name")
    kinds = [(kind.value, kind.label) for kind in ItemKind]
    audiences = [(one.value, one.label) for one in Audience]
    levels = [(one.value, one.label) for one in ExerciseLevel]
    none = ("", "请选择")
    return [
        line("name", "事项名称", typed, maxlength=80, width="w-full"),
        line("code", "标识", typed, maxlength=60, width="w-20",
             hint="小写字母、数字和连字符,例如 food-business-licence;登记以后不能改。"),
        select("organ", "实施主体", typed, [none, *organs]),
        select("kind", "事项类型", typed, [none, *kinds]),
        line("catalog_code", "目录编码", typed, maxlength=12, width="w-20",
             hint="国家基本目录的 12 位编码。"),
        select("level", "行使层级", typed, [none, *levels]),
        checkboxes("audiences", "服务对象", typed.getlist("audiences"), audiences),
        textarea("summary", "简介", typed, rows=3, maxlength=400,
                 hint="一两句话:什么人、什么情形、办成什么。"),
        line("law", "设立依据", typed, maxlength=120, width="w-full", hint="法律、法规的全名。"),
        line("article", "条款", typed, maxlength=60, width="w-20", hint="例如:第三十五条。"),
        line("statutory", "法定时限", typed, is_optional=True, width="w-12",
             hint=f"法律没有规定的留空。{LIMIT_HINT}"),
        line("promised", "承诺时限", typed, width="w-12", hint=LIMIT_HINT),
        line("review_organ", "复议机关", typed, maxlength=80, width="w-full"),
        line("review_address", "复议机关地址", typed, maxlength=120, width="w-full"),
        line("court", "管辖法院", typed, maxlength=80, width="w-full"),
    ]  # fmt: skip

"""The catalogue for those who keep it: items, versions, review and publication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.catalog import operations, permissions
from yiwang.apps.catalog.comparing import compare
from yiwang.apps.catalog.editing import (
    OPEN,
    ItemPage,
    ItemRow,
    WholeVersion,
    items_page,
    versions_of,
    whole_version,
)
from yiwang.apps.catalog.models import ItemVersion, VersionStatus
from yiwang.apps.catalog.operations import CatalogError, as_json, to_package
from yiwang.apps.catalog.pages.drafting import outline_of
from yiwang.apps.catalog.pages.tables import difference_table, reason_table, status_tag
from yiwang.apps.catalog.queries import definition_of, item_by_code
from yiwang.apps.people.public import account_labels
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import chinese_date, civil_date

catalog_page = staff_page(permissions.EDIT, permissions.PUBLISH)
FILTERS = (("", "全部"), (VersionStatus.DRAFT, "有草稿"), (VersionStatus.IN_REVIEW, "待审核"))


@catalog_page
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """Every item with the state of its versions."""
    text, status = request.GET.get("q", "").strip()[:60], request.GET.get("status", "")
    found = items_page(
        today=civil_date(request.at),  # type: ignore[attr-defined]
        text=text,
        status=status,
        after=request.GET.get("after", "")[:60],
    )
    context = {
        "table": _items_table(found, {"q": text, "status": status}),
        "filters": {
            "label": "按版本状态",
            "links": [
                {
                    "label": label,
                    "url": f"/catalog/?{urlencode({'q': text, 'status': value})}",
                    "current": value == status,
                }
                for value, label in FILTERS
            ],
            "search": {"url": "/catalog/", "label": "事项名称、标识或单位", "value": text},
            "clear_url": "/catalog/" if text else "",
        },
        "may_edit": request.actor.may(permissions.EDIT),  # type: ignore[attr-defined]
    }
    return render(request, "catalog/staff/items.html", context)


def _items_table(found: ItemPage, kept: dict[str, str]) -> dict[str, Any]:
    columns = ("事项", "实施主体", "现行版本", "在办版本")
    next_url = ""
    if found.next_code:
        next_url = f"/catalog/?{urlencode(kept | {'after': found.next_code})}"
    return {
        "caption": "事项目录",
        "caption_hidden": True,
        "columns": [{"label": label} for label in columns],
        "rows": [
            {
                "url": f"/catalog/{row.item.code}/",
                "cells": [
                    {"text": row.item.name, "note": row.item.code},
                    row.item.organ.short_name,
                    *_states(row),
                ],
            }
            for row in found.rows
        ],
        "empty": {
            "title": "没有符合的事项",
            "text": "换个名称试试,或者清除筛选。",
            "action_label": "看全部事项",
            "action_url": "/catalog/",
        }
        if any(kept.values())
        else {
            "title": "还没有事项",
            "text": "可以新建一个,或者导入别处的事项包。",
            "action_label": "新建事项",
            "action_url": "/catalog/items/new/",
        },
        "pager": {"next_url": next_url, "previous_url": "/catalog/"}
        if next_url or kept.get("after")
        else None,
    }


def _states(row: ItemRow) -> list[dict[str, Any]]:
    now = row.in_force
    current: dict[str, Any] = {"text": "还没有发布"}
    if now is not None:
        current = {
            "text": f"第 {now.number} 版",
            "note": f"{chinese_date(now.effective_on)} 起",
        }
    if row.coming is not None:
        text = f"第 {row.coming.number} 版 {chinese_date(row.coming.effective_on)} 生效"
        current = current | {"note": f"{current.get('note', '')} 下一版:{text}".strip()}
    if row.open is None:
        return [current, {"text": "—"}]
    tag = status_tag(row.open)
    return [
        current,
        {
            "text": f"第 {row.open.number} 版 {tag['label']}",
            "url": f"/catalog/versions/{row.open.pk}/",
            "note": "有退回意见" if row.open.returned_note else "",
        },
    ]


@catalog_page
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: its versions, any two compared, packages to download."""
    found = item_by_code(code)
    if found is None:
        raise Http404
    versions = versions_of(found)
    chosen = _two(request, versions)
    people = account_labels({v.drafted_by for v in versions} | {v.published_by for v in versions})
    context: dict[str, Any] = {
        "item": found,
        "table": _versions_table(versions, people),
        "choices": [
            _choice("from", "从", versions, chosen[0]),
            _choice("to", "到", versions, chosen[1]),
        ],
        "can_compare": len(versions) > 1,
        "may_edit": request.actor.may(permissions.EDIT),  # type: ignore[attr-defined]
        "has_draft": any(v.status == VersionStatus.DRAFT for v in versions),
        "is_published": any(v.status == VersionStatus.PUBLISHED for v in versions),
        "is_in_review": any(v.status == VersionStatus.IN_REVIEW for v in versions),
    }
    if chosen[0] is not None and chosen[1] is not None:
        pair = (definition_of(chosen[0].pk), definition_of(chosen[1].pk))
        context["differences"] = difference_table(
            compare(*pair), f"第 {chosen[0].number} 版到第 {chosen[1].number} 版的差异", *pair
        )
    return render(request, "catalog/staff/item.html", context)


def _two(
    request: HttpRequest, versions: list[ItemVersion]
) -> tuple[ItemVersion | None, ItemVersion | None]:
    by_number = {str(version.number): version for version in versions}
    return by_number.get(request.GET.get("from", "")), by_number.get(request.GET.get("to", ""))


def _choice(
    name: str, label: str, versions: list[ItemVersion], chosen: ItemVersion | None
) -> dict[str, Any]:
    if chosen is None and len(versions) > 1:
        chosen = versions[1] if name == "from" else versions[0]
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "options": [
            {
                "value": version.number,
                "label": f"第 {version.number} 版({VersionStatus(version.status).label})",
                "selected": version == chosen,
            }
            for version in versions
        ],
    }


def _versions_table(versions: list[ItemVersion], people: dict[str, str]) -> dict[str, Any]:
    columns = ("版本", "状态", "生效日期", "起草", "发布", "事项包")
    return {
        "caption": "版本",
        "columns": [{"label": label} for label in columns],
        "rows": [
            {
                "url": f"/catalog/versions/{v.pk}/",
                "cells": [
                    f"第 {v.number} 版",
                    {"tag": status_tag(v)},
                    chinese_date(v.effective_on),
                    {
                        "text": people.get(v.drafted_by, "系统"),
                        "note": cn_datetime(v.drafted_at),
                    },
                    {
                        "text": people.get(v.published_by, "—"),
                        "note": cn_datetime(v.published_at) if v.published_at else "",
                    },
                    {"text": "下载", "url": f"/catalog/versions/{v.pk}/package.yaml"},
                ],
            }
            for v in versions
        ],
        "empty": {"title": "还没有版本", "text": "从导入事项包开始。"},
    }


@catalog_page
@require_safe
def version_page(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: what it changes, what stands against it, the next act."""
    return _version(request, version_id)


def _version(
    request: HttpRequest, version_id: int, *, error: CatalogError | None = None, note: str = ""
) -> HttpResponse:
    whole = whole_version(version_id, actor=request.actor)  # type: ignore[attr-defined]
    if whole is None:
        raise Http404
    version, before = whole.version, whole.before
    against = f"与第 {before.number} 版的差异" if before else "全部内容(第一版)"
    context: dict[str, Any] = {
        "whole": whole,
        "version": version,
        "status": status_tag(version),
        "is_open": version.status in OPEN,
        "is_draft": version.status == VersionStatus.DRAFT,
        "drafter": account_labels({version.drafted_by}).get(version.drafted_by, "系统"),
        "differences": difference_table(
            whole.differences,
            against,
            definition_of(before.pk) if before else None,
            whole.definition,
        ),
        "reasons": reason_table(whole.reasons, "发布前要解决的问题") if whole.reasons else None,
        "error": error,
        "errors": [{"text": error.message}] if error else [],
        "note": {
            "name": "note",
            "label": "退回意见",
            "kind": "textarea",
            "rows": 3,
            "maxlength": 400,
            "value": note,
        },
        "acts": _acts(whole),
        "outline": outline_of(as_json(whole.definition))
        if version.status == VersionStatus.DRAFT and request.actor.may(permissions.EDIT)  # type: ignore[attr-defined]
        else None,
    }
    return render(request, "catalog/staff/version.html", context, status=409 if error else 200)


def _acts(whole: WholeVersion) -> dict[str, dict[str, Any]]:
    """The buttons, each either to be pressed or with the reason why not."""
    question = "发布后立即按生效日期执行,发布的版本不能再改。确定发布吗?"
    words = {
        "submit": {"label": "送审"},
        "publish": {"label": "发布", "confirm": question, "confirm_label": "发布"},
        "return": {"label": "退回修改", "kind": "secondary"},
    }
    return {
        name: {**button, "disabled_reason": whole.why_not.get(name, "")}
        for name, button in words.items()
    }


@catalog_page
@require_safe
def package(request: HttpRequest, version_id: int) -> HttpResponse:
    """The version as a package: imported again it shows no difference."""
    whole = whole_version(version_id, actor=request.actor)  # type: ignore[attr-defined]
    if whole is None:
        raise Http404
    name = f"{whole.version.item.code}-v{whole.version.number}.yaml"
    return HttpResponse(
        to_package(whole.definition),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _act(
    request: HttpRequest,
    version_id: int,
    operation: Callable[..., ItemVersion],
    said: str,
    **more: str,
) -> HttpResponse:
    try:
        operation(
            version_id=version_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
            **more,
        )
    except CatalogError as error:
        return _version(request, version_id, error=error, note=more.get("note", ""))
    messages.success(request, said)
    return HttpResponseRedirect(f"/catalog/versions/{version_id}/", status=303)


@staff_page(permissions.EDIT)
@require_POST
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """送审."""
    return _act(request, version_id, operations.submit_for_review, "已送审,等待另一位审核人发布。")


@staff_page(permissions.PUBLISH)
@require_POST
def send_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """退回修改."""
    return _act(
        request,
        version_id,
        operations.return_to_draft,
        "已退回起草人修改。",
        note=request.POST.get("note", ""),
    )


@staff_page(permissions.PUBLISH)
@require_POST
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """发布."""
    return _act(
        request,
        version_id,
        operations.publish,
        "已发布。指南、表单、材料、时限和审查路线从生效日期起按这一版。",
        seen_digest=request.POST.get("digest", ""),
    )

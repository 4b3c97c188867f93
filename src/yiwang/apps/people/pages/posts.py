"""Posts and who holds them, for the security administrator."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.people import permissions
from yiwang.apps.people.administration import AdministrationError, assign_post, end_holding
from yiwang.apps.people.models import PostHolding
from yiwang.apps.people.overview import PostRow, post_whole, posts_page, staff_by_login
from yiwang.apps.people.pages.signing import redirect
from yiwang.apps.people.places.reads import last_package_change
from yiwang.foundation.access import all_permissions
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import chinese_date

LIST = "/admin/posts/"


@staff_page(permissions.ASSIGN_POSTS)
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Every post with its holder and deputy."""
    text, after = request.GET.get("q", "").strip()[:60], request.GET.get("after", "")
    rows, following = posts_page(
        at=request.at,  # type: ignore[attr-defined]
        text=text,
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,
    )
    next_url = f"{LIST}?{urlencode({'q': text, 'after': following})}" if following else ""
    context = {
        "filters": {
            "links": [],
            "search": {"url": LIST, "label": "单位、岗位或角色", "value": text},
            "clear_url": LIST if text else "",
        },
        "table": {
            "caption": "岗位",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("岗位", "单位", "角色", "A角", "B角")],
            "rows": [_row(row) for row in rows],
            "empty": {"title": "没有符合的岗位", "text": "换个单位或岗位名称试试。"},
            "pager": {"next_url": next_url, "previous_url": LIST} if next_url or after else None,
        },
    }
    return render(request, "people/posts.html", context)


def _row(row: PostRow) -> dict[str, Any]:
    place = f"{row.post.window.hall.name} {row.post.window.number}" if row.post.window else ""
    return {
        "url": f"{LIST}{row.post.pk}/",
        "cells": [
            {"text": row.post.name, "note": place},
            row.post.organ.short_name,
            row.post.role.name,
            _names(row.holdings, is_deputy=False),
            _names(row.holdings, is_deputy=True),
        ],
    }


def _names(holdings: list[PostHolding], *, is_deputy: bool) -> str:
    names = "、".join(h.account.label for h in holdings if h.is_deputy is is_deputy)
    return names or ("—" if is_deputy else "空缺")


@staff_page(permissions.ASSIGN_POSTS)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: what it may do, who holds it; POST gives it to somebody."""
    if request.method == "GET":
        return _post(request, post_id, {})
    problems: dict[str, str] = {}
    person = staff_by_login(request.POST.get("account", ""))
    if person is None:
        problems["account"] = "没有这个登录名的工作人员账号,请核对。"
    starts, until = (_day(request, name, problems) for name in ("valid_from", "valid_until"))
    if problems or person is None:
        return _post(request, post_id, problems, status=422)
    try:
        assign_post(
            post_id=post_id,
            account_id=person.pk,
            is_deputy=request.POST.get("side") == "B",
            valid_from=starts,
            valid_until=until,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except AdministrationError as error:
        return _post(request, post_id, error.fields, message=error.message, status=409)
    messages.success(request, f"已分配给 {person.label}。")
    return redirect(f"{LIST}{post_id}/")


def _day(request: HttpRequest, name: str, problems: dict[str, str]) -> date | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[name] = "请填写日期,例如 2026-11-21。"
        return None


def _post(
    request: HttpRequest,
    post_id: int,
    fields: dict[str, str],
    *,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    at: datetime = request.at  # type: ignore[attr-defined]
    row = post_whole(post_id, at=at)
    if row is None:
        raise Http404
    errors = [{"text": message, "url": "#id_account"}] if message else []
    errors += [{"text": text, "url": f"#id_{name}"} for name, text in fields.items() if not message]
    window, change = row.post.window, None
    if window is not None:
        change = last_package_change(window.pk)
    labels = {p.code: p.label for p in all_permissions()}
    context = {
        "row": row,
        "package": len(window.package) if window is not None else 0,
        "package_changed": cn_datetime(change.at) if change is not None else "",
        "package_change": change.facts if change is not None else {},
        "may": [labels.get(code, code) for code in row.post.role.permissions],
        "fields": _fields(request, fields),
        "errors": errors,
        "today": chinese_date(at.date()),
    }
    return render(request, "people/post.html", context, status=status)


def _fields(request: HttpRequest, errors: dict[str, str]) -> list[dict[str, Any]]:
    side = request.POST.get("side", "A")
    fields: list[dict[str, Any]] = [
        {"name": "account", "label": "登录名", "width": "w-20"},
        {
            "name": "side",
            "label": "任岗方式",
            "kind": "radios",
            "options": [
                {"value": "A", "label": "A角:一直在岗", "selected": side == "A"},
                {"value": "B", "label": "B角:A角离岗时代办", "selected": side == "B"},
            ],
        },
        {"name": "valid_from", "label": "从哪天起", "kind": "native_date", "is_optional": True},
        {"name": "valid_until", "label": "到哪天止", "kind": "native_date", "is_optional": True},
    ]
    for field in fields:
        field["error"] = errors.get(field["name"], "")
        field.setdefault("width", "w-12")
        if "options" not in field:
            field["value"] = request.POST.get(field["name"], "")
    return fields


@staff_page(permissions.ASSIGN_POSTS)
@require_POST
def end(request: HttpRequest, post_id: int, holding_id: int) -> HttpResponse:
    """Take the post back."""
    try:
        end_holding(
            holding_id=holding_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except AdministrationError as error:
        return _post(request, post_id, {}, message=error.message, status=409)
    messages.success(request, "岗位已收回,立即生效。")
    return redirect(f"{LIST}{post_id}/")

"""Accounts, for the system administrator: find, unlock, close, absences, lost telephones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.people import administration, permissions
from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.duty import absences_of
from yiwang.apps.people.operations import InvalidAbsenceError, end_absence, register_absence
from yiwang.apps.people.overview import (
    AccountRow,
    account_by_id,
    accounts_page,
    posts_held,
    shown_name,
)
from yiwang.apps.people.pages.signing import redirect
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import end_of_day, start_of_day

LIST = "/admin/accounts/"
KINDS = (("staff", "工作人员"), ("applicants", "申请人"))


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts by login."""
    kind = "applicants" if request.GET.get("kind") == "applicants" else "staff"
    text = request.GET.get("q", "").strip()[:60]
    found = accounts_page(
        at=request.at,  # type: ignore[attr-defined]
        is_staff=kind == "staff",
        text=text,
        after=request.GET.get("after") or None,
    )
    next_url = ""
    if found.next_cursor:
        next_url = f"{LIST}?{urlencode({'kind': kind, 'q': text, 'after': found.next_cursor})}"
    context = {
        "tabs": {
            "label": "账号种类",
            "links": [
                {"label": label, "url": f"{LIST}?kind={value}", "current": value == kind}
                for value, label in KINDS
            ],
        },
        "filters": {
            "links": [],
            "search": {"url": LIST, "label": "登录名或姓名", "value": text},
            "clear_url": f"{LIST}?kind={kind}" if text else "",
        },
        "table": {
            "caption": "账号",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("姓名", "岗位", "状态", "动态口令")],
            "rows": [_row(row) for row in found.rows],
            "empty": {
                "title": "没有符合的账号",
                "text": "登录名要从头开始写;申请人只能按登录名找。",
            },
            "pager": {"next_url": next_url, "previous_url": f"{LIST}?kind={kind}"}
            if next_url or request.GET.get("after")
            else None,
        },
    }
    return render(request, "people/accounts.html", context)


def _row(row: AccountRow) -> dict[str, Any]:
    factor = "已设置" if row.account.second_factor else "未设置"
    return {
        "url": f"{LIST}{row.account.pk}/",
        "cells": [
            {"text": row.label, "note": row.account.login},
            "、".join(row.posts) or "—",
            {"tag": _state(row)},
            factor,
        ],
    }


def _state(row: AccountRow) -> dict[str, str]:
    if not row.account.is_active:
        return {"label": "已停用", "tone": "neutral"}
    if row.is_locked:
        return {"label": "已锁定", "tone": "danger"}
    if row.away_until is not None:
        return {"label": f"离岗至 {cn_datetime(row.away_until)}", "tone": "paused"}
    return {"label": "正常", "tone": "success"}


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account with what can be done about it."""
    return _account(request, account_id)


def _account(
    request: HttpRequest,
    account_id: int,
    *,
    error: str = "",
    fields: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    at: datetime = request.at  # type: ignore[attr-defined]
    found = account_by_id(account_id)
    if found is None:
        raise Http404
    fields = fields or {}
    errors = [{"text": text, "url": f"#id_{name}"} for name, text in fields.items()]
    if error and not fields:
        errors = [{"text": error}]
    context = {
        "found": found,
        "name": shown_name(found),
        "is_own": found.pk == request.actor.account_id,  # type: ignore[attr-defined]
        "is_locked": found.locked_until is not None and found.locked_until > at,
        "holdings": posts_held([account_id], at=at).get(account_id, []),
        "absences": absences_of(account_id, at=at) if found.is_staff else [],
        "absence_fields": _absence_fields(request, fields),
        "errors": errors,
    }
    return render(request, "people/account.html", context, status=status)


def _absence_fields(request: HttpRequest, errors: dict[str, str]) -> list[dict[str, Any]]:
    rows = (
        ("starts_at", "从哪天起", "native_date"),
        ("ends_at", "到哪天止(含当天)", "native_date"),
    )
    return [
        {
            "name": name,
            "label": label,
            "kind": kind,
            "width": "w-12",
            "value": request.POST.get(name, ""),
            "error": errors.get(name, ""),
        }
        for name, label, kind in (*rows, ("reason", "原因", "text"))
    ]


def _do(
    request: HttpRequest, account_id: int, operation: Callable[..., None], said: str, **more: Any
) -> HttpResponse:
    try:
        operation(
            account_id=account_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
            **more,
        )
    except AdministrationError as error:
        return _account(request, account_id, error=error.message, status=409)
    messages.success(request, said)
    return redirect(f"{LIST}{account_id}/")


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_POST
def unlock(request: HttpRequest, account_id: int) -> HttpResponse:
    return _do(request, account_id, administration.unlock, "已解除锁定,可以重新登录。")


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_POST
def set_active(request: HttpRequest, account_id: int) -> HttpResponse:
    is_active = request.POST.get("active") == "1"
    said = "已启用。" if is_active else "已停用,正在使用的登录会立即失效。"
    return _do(request, account_id, administration.set_active, said, is_active=is_active)


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_POST
def reset_second_factor(request: HttpRequest, account_id: int) -> HttpResponse:
    said = "已重置。下次登录时会要求重新设置动态口令。"
    return _do(request, account_id, administration.reset_second_factor, said)


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_POST
def add_absence(request: HttpRequest, account_id: int) -> HttpResponse:
    """Whole days: from the morning of the first to the end of the last."""
    days, problems = {}, {}
    for name in ("starts_at", "ends_at"):
        try:
            days[name] = date.fromisoformat(request.POST.get(name, ""))
        except ValueError:
            problems[name] = "请填写日期,例如 2026-11-21。"
    if problems:
        return _account(request, account_id, fields=problems, status=422)
    try:
        register_absence(
            starts_at=start_of_day(days["starts_at"]),
            ends_at=end_of_day(days["ends_at"]),
            reason=request.POST.get("reason", ""),
            account_id=account_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except InvalidAbsenceError as error:
        return _account(request, account_id, fields=error.fields, status=422)
    except AccessDeniedError as error:
        return _account(request, account_id, error=error.message, status=409)
    messages.success(request, "已登记离岗,期间由 B 角办理。")
    return redirect(f"{LIST}{account_id}/")


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_POST
def stop_absence(request: HttpRequest, account_id: int, absence_id: int) -> HttpResponse:
    end_absence(
        absence_id=absence_id,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    messages.success(request, "离岗已结束。")
    return redirect(f"{LIST}{account_id}/")

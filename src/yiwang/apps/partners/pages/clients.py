"""Clients for the two administrators: register, confirm, keys, stop. And for who answers for
one: what it may do and what did not reach it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.partners import clients, queries
from yiwang.apps.partners.clients import ClientError, ClientNotFoundError, Proposal
from yiwang.apps.partners.domain.scopes import SCOPES
from yiwang.apps.partners.domain.vocabulary import ClientState, News
from yiwang.apps.partners.models import ApiClient, Push
from yiwang.apps.partners.permissions import CONFIRM, PROPOSE
from yiwang.apps.people.public import Organ
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import signed_in_page, staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import civil_date

LIST = "/admin/clients/"
TONES = {
    ClientState.PROPOSED: "warning",
    ClientState.ACTIVE: "success",
    ClientState.DISABLED: "neutral",
}


@staff_page(PROPOSE, CONFIRM)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every client with its state and last use."""
    text, after = request.GET.get("q", "").strip()[:60], request.GET.get("after", "")
    rows, following = queries.clients_page(
        text=text, after=int(after) if after.isdecimal() and len(after) < 19 else 0
    )
    next_url = f"{LIST}?{urlencode({'q': text, 'after': following})}" if following else ""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "may_propose": actor.may(PROPOSE),
        "filters": {
            "links": [],
            "search": {"url": LIST, "label": "系统或单位", "value": text},
            "clear_url": LIST if text else "",
        },
        "table": _table(request, rows, LIST)
        | {"pager": {"next_url": next_url, "previous_url": LIST} if next_url or after else None},
    }
    return render(request, "partners/clients.html", context)


@signed_in_page
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The clients that the signed-in person answers for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"table": _table(request, queries.owned_by(actor), "/work/clients/")}
    return render(request, "partners/own.html", context)


def _table(request: HttpRequest, rows: list[ApiClient], base: str) -> dict[str, Any]:
    return {
        "caption": "接入系统",
        "caption_hidden": True,
        "columns": [{"label": c} for c in ("系统", "单位", "状态", "有效期至", "最近使用")],
        "rows": [
            {
                "url": f"{base}{row.pk}/",
                "cells": [
                    {"text": row.name, "note": row.identifier},
                    row.organ.short_name,
                    {"tag": _state(request, row)},
                    f"{row.valid_until:%Y-%m-%d}",
                    cn_datetime(row.last_used_at) if row.last_used_at else "还没有用过",
                ],
            }
            for row in rows
        ],
        "empty": {
            "title": "没有接入系统",
            "text": "部门的业务系统要通过接口办件时,由安全管理员登记、系统管理员确认。",
        },
    }


def _state(request: HttpRequest, row: ApiClient) -> dict[str, str]:
    state = ClientState(row.state)
    today = civil_date(request.at)  # type: ignore[attr-defined]
    if state is ClientState.ACTIVE and row.valid_until < today:
        return {"label": "已过期", "tone": "danger"}
    return {"label": state.label, "tone": TONES[state]}


@staff_page(PROPOSE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a client."""
    if request.method == "GET":
        return _form(request, {}, 200)
    try:
        client = clients.propose(
            _proposal(request),
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except ClientError as error:
        return _form(request, error.fields, 422)
    messages.success(request, "已登记,要由系统管理员确认后才能使用。")
    return _see_other(f"{LIST}{client.pk}/")


def _proposal(request: HttpRequest) -> Proposal:
    given = request.POST
    try:
        until = date.fromisoformat(given.get("valid_until", ""))
    except ValueError:
        until = None
    return Proposal(
        name=given.get("name", ""),
        organ_slug=given.get("organ", ""),
        owner_login=given.get("owner", ""),
        contact=given.get("contact", ""),
        scopes=tuple(given.getlist("scopes")),
        networks=tuple(line for line in given.get("networks", "").splitlines() if line.strip()),
        valid_until=until,
        redirect_uris=tuple(
            line.strip() for line in given.get("redirect_uris", "").splitlines() if line.strip()
        ),
    )


def _form(request: HttpRequest, errors: dict[str, str], status: int) -> HttpResponse:
    open_ones = Organ.objects.filter(valid_until__isnull=True)
    organs = open_ones.order_by("name").values_list("slug", "name")
    chosen, given = request.POST.get("organ", ""), request.POST.getlist("scopes")
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": "系统名称", "width": "w-20", "maxlength": 80},
        {
            "name": "organ",
            "label": "所属单位",
            "kind": "select",
            "hint": "系统只能看到和办理这个单位的办件。",
            "options": [{"value": "", "label": "请选择", "selected": not chosen}]
            + [{"value": s, "label": n, "selected": s == chosen} for s, n in organs],
        },
        {"name": "owner", "label": "对接负责人的登录名", "width": "w-20"},
        {"name": "contact", "label": "联系方式", "hint": "姓名和电话,出故障时联系。"},
        {
            "name": "scopes",
            "label": "权限范围",
            "kind": "checkboxes",
            "hint": "只选确实需要的。",
            "options": [
                {"value": s.code, "label": s.label, "hint": s.code, "selected": s.code in given}
                for s in SCOPES.values()
            ],
        },
        {
            "name": "networks",
            "label": "允许的网段",
            "kind": "textarea",
            "rows": 3,
            "hint": "一行一个,例如 10.2.3.0/24。从别处来的请求一律拒绝。",
        },
        {
            "name": "redirect_uris",
            "label": "登录后回到的地址",
            "kind": "textarea",
            "rows": 3,
            "hint": "选了「用本平台账号登录」才填,一行一个,写全,例如 https://网站/oidc/callback。",
        },
        {"name": "valid_until", "label": "有效期至", "kind": "native_date", "hint": "最长一年。"},
    ]
    for field in fields:
        field["error"] = errors.get(field["name"], "")
        if "options" not in field:
            field["value"] = request.POST.get(field["name"], "")
    context = {
        "fields": fields,
        "errors": [{"text": text, "url": f"#id_{name}"} for name, text in errors.items()],
    }
    return render(request, "partners/new.html", context, status=status)


@staff_page(PROPOSE, CONFIRM)
@require_safe
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    """One client with what can be done about it."""
    return _client(request, client_id)


@signed_in_page
@require_safe
def own_client(request: HttpRequest, client_id: int) -> HttpResponse:
    """One of one's own, without the administrators' acts."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if client_id not in {row.pk for row in queries.owned_by(actor)}:
        raise Http404
    return _client(request, client_id, is_own=True)


def _client(
    request: HttpRequest,
    client_id: int,
    *,
    error: str = "",
    secret: str = "",
    is_own: bool = False,
    status: int = 200,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = request.at  # type: ignore[attr-defined]
    try:
        found = queries.client_whole(client_id)
    except ClientNotFoundError as missing:
        raise Http404 from missing
    state = ClientState(found.state)
    is_live = state is ClientState.ACTIVE
    may_confirm = actor.may(CONFIRM) and not is_own
    may_propose = actor.may(PROPOSE) and not is_own
    context = {
        "found": found,
        "state": _state(request, found),
        "scopes": [SCOPES[code] for code in found.scopes if code in SCOPES],
        "keys": queries.keys_of(found, at=at),
        "hooks": [_hook(hook) for hook in queries.hooks_of(found)],
        "failed": [_failed(push) for push in queries.failed_pushes(client=found)],
        "secret": secret,
        "back": "/work/clients/" if is_own else LIST,
        "errors": [{"text": error, "url": ""}] if error else [],
        "may_confirm": may_confirm and state is ClientState.PROPOSED,
        "is_proposer": actor.ref == found.proposed_by,
        "may_ask": may_propose and is_live and found.rotation_at is None,
        "may_rotate": may_confirm and is_live and found.rotation_at is not None,
        "may_disable": (may_confirm or may_propose) and state is not ClientState.DISABLED,
        "reason_field": {"name": "reason", "label": "停用的原因", "maxlength": 200},
    }
    return render(request, "partners/client.html", context, status=status)


def _hook(hook: Any) -> dict[str, Any]:
    return {
        "url": hook.url,
        "events": "、".join(News(name).label for name in hook.events),
        "waiting": hook.waiting,
        "failed": hook.failed,
    }


def _failed(push: Push) -> dict[str, Any]:
    return {
        "title": f"{push.news.short_number} {News(push.news.name).label}",
        "at": cn_datetime(push.news.at),
        "attempts": push.attempts,
        "error": push.error,
    }


def _done(
    request: HttpRequest, client_id: int, operation: Callable[..., Any], said: str, **more: Any
) -> HttpResponse:
    """Carry out; a key that comes back is shown on this one answer and nowhere else."""
    try:
        secret = operation(
            client_id=client_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
            **more,
        )
    except ClientNotFoundError as error:
        raise Http404 from error
    except ClientError as error:
        text = "、".join(error.fields.values()) or error.message
        return _client(request, client_id, error=text, status=422 if error.fields else 409)
    if secret:
        return _client(request, client_id, secret=secret)
    messages.success(request, said)
    return _see_other(f"{LIST}{client_id}/")


@staff_page(CONFIRM)
@require_POST
def confirm(request: HttpRequest, client_id: int) -> HttpResponse:
    return _done(request, client_id, clients.confirm, "")


@staff_page(PROPOSE)
@require_POST
def ask_rotation(request: HttpRequest, client_id: int) -> HttpResponse:
    said = "已申请换发密钥,由系统管理员发放。"
    return _done(request, client_id, clients.ask_rotation, said)


@staff_page(CONFIRM)
@require_POST
def rotate(request: HttpRequest, client_id: int) -> HttpResponse:
    return _done(request, client_id, clients.rotate, "")


@staff_page(PROPOSE, CONFIRM)
@require_POST
def disable(request: HttpRequest, client_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    said = "已停用,已发的令牌立即失效。"
    return _done(request, client_id, clients.disable, said, reason=reason)


def _see_other(path: str) -> HttpResponse:
    return HttpResponseRedirect(path, status=303)

"""The security log, for the security and the audit administrator."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.people import permissions
from yiwang.apps.people.domain.security import SECURITY_KINDS
from yiwang.apps.people.overview import security_events
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime

LIST = "/admin/security/"
NOTED = ("", "LOCKED", "SIGN_IN_FAILED", "POST_ASSIGNED", "SECOND_FACTOR_RESET")
TONES = {"LOCKED": "danger", "SIGN_IN_WHILE_LOCKED": "danger", "SIGN_IN_FAILED": "warning"}


@staff_page(permissions.READ_SECURITY_LOG)
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What happened around accounts and rights, newest first."""
    text, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")[:40]
    before = request.GET.get("before", "")
    rows, following = security_events(
        account=text,
        kind=kind,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    kept = {"q": text, "kind": kind}
    next_url = f"{LIST}?{urlencode(kept | {'before': following})}" if following else ""
    context = {
        "filters": {
            "label": "按种类",
            "links": [
                {
                    "label": SECURITY_KINDS.get(value, "全部"),
                    "url": f"{LIST}?{urlencode(kept | {'kind': value})}",
                    "current": value == kind,
                }
                for value in NOTED
            ],
            "search": {"url": LIST, "label": "登录名(写全)", "value": text},
            "clear_url": LIST if text or kind else "",
        },
        "table": {
            "caption": "安全日志",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("时间", "事件", "账号", "来源地址", "说明")],
            "rows": [
                {
                    "cells": [
                        cn_datetime(row.at),
                        {
                            "tag": {
                                "label": SECURITY_KINDS[row.kind],
                                "tone": TONES.get(row.kind, "neutral"),
                            }
                        },
                        row.account or "—",
                        row.address or "—",
                        row.detail or "—",
                    ]
                }
                for row in rows
            ],
            "empty": {"title": "没有符合的记录", "text": "登录、锁定、岗位变动都会记在这里。"},
            "pager": {"next_url": next_url, "previous_url": LIST} if next_url or before else None,
        },
    }
    return render(request, "people/security.html", context)

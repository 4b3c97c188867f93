"""Messages: what was or would be sent, and what was held back because it was no longer true."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.people.permissions import READ_MESSAGES
from yiwang.apps.people.public import Party
from yiwang.foundation.environment import environment
from yiwang.foundation.messaging.models import Channel, Message, MessageStatus
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime

ADDRESS = "/admin/messages/"
SIZE = 40
TONES = {
    MessageStatus.PENDING: "info",
    MessageStatus.SENT: "success",
    MessageStatus.WITHDRAWN: "warning",
    MessageStatus.CORRECTED: "warning",
    MessageStatus.FAILED: "danger",
}
# Whoever knows the code collects the licence: staff who read messages do not see it.
CODES = re.compile(r"(取件码|查询码|验证码)\s*\d{4,8}")


@staff_page(READ_MESSAGES)
@require_safe
def messages_page(request: HttpRequest) -> HttpResponse:
    """Newest first, by status and channel; two statements."""
    status, channel = request.GET.get("status", ""), request.GET.get("channel", "")
    before = request.GET.get("before", "")
    found = Message.objects.order_by("-id")
    if status in MessageStatus.values:
        found = found.filter(status=status)
    if channel in Channel.values:
        found = found.filter(channel=channel)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: SIZE + 1])
    people = dict(
        Party.objects.filter(pk__in={r.recipient_id for r in rows}).values_list("pk", "label")
    )
    kept = {"status": status, "channel": channel}
    next_url = ""
    if len(rows) > SIZE:
        next_url = f"{ADDRESS}?{urlencode(kept | {'before': rows[SIZE - 1].pk})}"
    context = {
        "status_filters": _filters("按状态", "status", MessageStatus.choices, kept),
        "channel_filters": _filters("按渠道", "channel", Channel.choices, kept),
        "table": {
            "caption": "消息",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("时间", "收件人", "渠道", "内容", "状态")],
            "rows": [_row(row, people) for row in rows[:SIZE]],
            "empty": {"title": "没有符合的消息", "text": "办件有进展时,给申请人的消息会列在这里。"},
            "pager": {"next_url": next_url, "previous_url": ADDRESS}
            if next_url or before
            else None,
        },
    }
    return render(request, "site/messages.html", context)


def _filters(
    label: str, name: str, choices: list[tuple[str, str]], kept: dict[str, str]
) -> dict[str, Any]:
    return {
        "label": label,
        "links": [
            {
                "label": word,
                "url": f"{ADDRESS}?{urlencode(kept | {name: value})}",
                "current": kept[name] == value,
            }
            for value, word in [("", "全部"), *choices]
        ],
    }


def _row(row: Message, people: dict[int, str]) -> dict[str, Any]:
    status = MessageStatus(row.status)
    body = row.body if environment().is_demo else CODES.sub(r"\1 ••••••", row.body)
    sent = f"发送于 {cn_datetime(row.sent_at)}" if row.sent_at else row.note
    return {
        "cells": [
            cn_datetime(row.created_at),
            people.get(row.recipient_id, "—"),
            str(Channel(row.channel).label),
            {"text": row.title, "note": body},
            {"tag": {"label": str(status.label), "tone": TONES[status]}, "note": sent},
        ]
    }

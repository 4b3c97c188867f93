"""The record: the last entries, one subject's chain, and its verification."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.cases.domain.machine import MACHINE
from yiwang.apps.cases.operations.moving import MOVED
from yiwang.apps.people.permissions import READ_RECORD
from yiwang.apps.people.public import account_labels
from yiwang.foundation.environment import environment
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.site.verifying import verify_subject

ADDRESS = "/admin/record/"
SIZE = 50
HEX = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{20,}\b")
OPERATIONS = {
    **{f"cases.{row.action}": row.label for row in (*MACHINE.transitions, MOVED)},
    "calendar.notice": "录入放假安排",
    "catalog.draft": "保存事项草稿",
    "catalog.publish": "发布事项",
    "catalog.return": "退回事项",
    "catalog.submit": "送审事项",
    "demonstration.load": "装入演示城市",
    "documents.issue": "签发文书",
    "people.assign_post": "分配岗位",
    "people.disable_account": "停用账号",
    "people.enable_account": "启用账号",
    "people.end_absence": "结束离岗",
    "people.end_holding": "收回岗位",
    "people.register": "登记服务对象",
    "people.register_absence": "登记离岗",
    "people.reset_second_factor": "重置动态口令",
    "people.unlock": "解除锁定",
    "people.unmask": "查看完整信息",
    "upkeep.retry": "重试",
}
KINDS = {
    "account": "账号",
    "calendar": "日历",
    "case": "办件",
    "document": "文书",
    "item": "事项",
    "party": "服务对象",
}


@staff_page(READ_RECORD)
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Newest first; with `subject` one chain, with `verify` its verification too."""
    subject = _subject(request.GET.get("subject", ""))
    before = request.GET.get("before", "")
    found = RecordEntry.objects.order_by("-seq" if subject else "-id")
    if subject:
        found = found.filter(subject=subject)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(seq__lt=int(before)) if subject else found.filter(pk__lt=int(before))
    rows = list(found[: SIZE + 1])
    next_url = ""
    if len(rows) > SIZE:
        last = rows[SIZE - 1]
        key = last.seq if subject else last.pk
        next_url = f"{ADDRESS}?{urlencode({'subject': subject, 'before': key})}"
    context = {
        "subject": subject,
        "report": verify_subject(subject, environment().roots)
        if subject and "verify" in request.GET
        else None,
        "filters": {
            "links": [],
            "search": {
                "url": ADDRESS,
                "name": "subject",
                "label": "对象,例如 case:12 或 办件 12",
                "value": subject,
            },
            "clear_url": ADDRESS if subject else "",
        },
        "table": _table(rows[:SIZE])
        | {
            "pager": {"next_url": next_url, "previous_url": ADDRESS} if next_url or before else None
        },
    }
    return render(request, "site/record.html", context)


def _subject(text: str) -> str:
    """`办件 12` and `办件12` as `case:12`; anything else as it was typed."""
    wanted = text.strip()[:80]
    for code, word in KINDS.items():
        if wanted.startswith(word):
            number = re.sub(r"\D", "", wanted)
            return f"{code}:{number}"
    return wanted


def _table(rows: list[RecordEntry]) -> dict[str, Any]:
    people = account_labels({row.actor for row in rows})
    columns = ("对象", "序号", "时间", "操作", "操作人", "事实(编号,没有个人信息)")
    return {
        "caption": "操作记录",
        "caption_hidden": True,
        "columns": [{"label": c} for c in columns],
        "rows": [
            {
                "url": f"{ADDRESS}?{urlencode({'subject': row.subject})}",
                "cells": [
                    {"text": _named(row.subject)},
                    row.seq,
                    cn_datetime(row.at),
                    {"text": OPERATIONS.get(row.operation, row.operation), "note": row.operation},
                    _actor(row.actor, people),
                    {"text": _facts(row), "note": f"哈希 {bytes(row.hash).hex()[:16]}…"},
                ],
            }
            for row in rows
        ],
        "empty": {"title": "没有这个对象的记录", "text": "请核对写法,例如 case:12。"},
    }


def _named(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return f"{KINDS.get(kind, kind)} {number}"


def _actor(ref: str, people: dict[str, str]) -> str:
    return "系统自动" if ref.startswith("system:") else people.get(ref, ref)


def _facts(row: RecordEntry) -> str:
    text = json.dumps(row.facts, ensure_ascii=False, separators=(", ", ": "))[1:-1]
    text = HEX.sub(r"\1…", text.replace('"', ""))
    return text if len(text) <= 240 else f"{text[:240]}…"

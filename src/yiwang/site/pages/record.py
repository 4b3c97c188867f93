"""The record: the last entries, one subject's chain, and its verification."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.cases.models import Case
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.people.permissions import READ_RECORD
from yiwang.apps.people.public import account_labels
from yiwang.foundation.environment import environment
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.site.pages.record_words import (
    KINDS,
    OPERATIONS,
    codes_of,
    facts_in_words,
    named,
)
from yiwang.site.verifying import verify_subject

ADDRESS = "/admin/record/"
SIZE = 50


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
        "subject_label": named(subject),
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
    codes = _codes({row.subject for row in rows})
    columns = (
        {"label": "对象"},
        {"label": "序号", "kind": "number"},
        {"label": "时间", "kind": "date"},
        {"label": "操作", "kind": "short"},
        {"label": "操作人", "kind": "short"},
        {"label": "事实(编号,没有个人信息)"},
    )
    return {
        "caption": "操作记录",
        "caption_hidden": True,
        "columns": columns,
        "rows": [
            {
                "url": f"{ADDRESS}?{urlencode({'subject': row.subject})}",
                "cells": [
                    {"text": named(row.subject)},
                    row.seq,
                    cn_datetime(row.at),
                    OPERATIONS.get(row.operation, row.operation),
                    _actor(row.actor, people),
                    {
                        "text": facts_in_words(row.facts, codes.get(row.subject)),
                        "note": f"哈希 {bytes(row.hash).hex()[:16]}…",
                    },
                ],
            }
            for row in rows
        ],
        "empty": {"title": "没有这个对象的记录", "text": "请核对写法,例如 case:12。"},
    }


def _codes(subjects: set[str]) -> dict[str, dict[str, str]]:
    """The codes of the item of every case among the subjects; one statement."""
    cases = [
        int(number)
        for kind, _, number in (subject.partition(":") for subject in subjects)
        if kind == "case" and number.isdecimal()
    ]
    versions = dict(Case.objects.filter(pk__in=cases).values_list("pk", "item_version_id"))
    known = {version: codes_of(definition_of(version)) for version in set(versions.values())}
    return {f"case:{pk}": known[version] for pk, version in versions.items()}


def _actor(ref: str, people: dict[str, str]) -> str:
    return "系统自动" if ref.startswith("system:") else people.get(ref, ref)

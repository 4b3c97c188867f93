"""The fields of the forms about seals, and what was typed in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from yiwang.apps.people.public import Organ
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.shell.act_form import day, line, posted_day, select, textarea


def terms_of(request: HttpRequest) -> dict[str, Any]:
    """The terms of a proposal as `Terms` takes them."""
    names = ("source", "article", "reason")
    texts = {name: request.POST.get(name, "") for name in names}
    return {"valid_from": posted_day(request, "valid_from"), **texts}


def errors_of(problems: Mapping[str, str], message: str) -> list[dict[str, str]]:
    """The summary above the form: one message, or what to mend by field."""
    named = [{"text": text, "url": f"#id_{name}"} for name, text in problems.items()]
    return [{"text": message}] if message else named


def marked(problems: Mapping[str, str], fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [field | {"error": problems.get(field["name"], "")} for field in fields]


def seal_fields(typed: Mapping[str, str], organ: Organ) -> list[dict[str, Any]]:
    uses = [(use.value, use.label) for use in SealUse]
    return [
        select("use", "用途", typed, uses, value=SealUse.APPROVAL.value),
        line("name", "刻制名称(照印章上沿的文字)", typed, maxlength=24, value=organ.name),
        line(
            "caption",
            "中部文字",
            typed,
            maxlength=10,
            is_optional=True,
            hint="不填的按用途,例如 行政审批专用章;公章没有",
        ),
        line(
            "filing_code",
            "备案编码",
            typed,
            maxlength=18,
            is_optional=True,
            hint="印章下沿的编码,多为 13 位数字",
        ),
        *terms_fields(typed, "从哪天起启用", "理由"),
    ]


def terms_fields(typed: Mapping[str, str], since: str, reason: str) -> list[dict[str, Any]]:
    return [
        day("valid_from", since, typed),
        line("source", "依据文件", typed, maxlength=200),
        line("article", "条款", typed, maxlength=80, is_optional=True),
        textarea("reason", reason, typed, maxlength=300, rows=2),
    ]

"""What every form about dated data of two people has: its terms, its marked fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from yiwang.foundation.access import Actor
from yiwang.foundation.shell.act_form import day, line, posted_day, textarea


def who(request: HttpRequest) -> tuple[Actor, datetime]:
    return request.actor, request.at  # type: ignore[attr-defined]


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


def terms_fields(
    typed: Mapping[str, str], since: str = "从哪天起", reason: str = "理由"
) -> list[dict[str, Any]]:
    return [
        day("valid_from", since, typed),
        line("source", "依据文件", typed, maxlength=200),
        line("article", "条款", typed, maxlength=80, is_optional=True),
        textarea("reason", reason, typed, maxlength=300, rows=2),
    ]

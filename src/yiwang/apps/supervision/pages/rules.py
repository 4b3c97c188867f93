"""规则: the table in force, every version, a change drafted by one and settled by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.supervision import queries, wording
from yiwang.apps.supervision.domain.vocabulary import Condition, RuleStatus, ThresholdUnit
from yiwang.apps.supervision.errors import InvalidActError, NotNowError, RuleNotFoundError
from yiwang.apps.supervision.models import SupervisionRule
from yiwang.apps.supervision.operations import ruling
from yiwang.apps.supervision.pages.common import RULE_READERS, errors_of, see_other, tabs
from yiwang.apps.supervision.permissions import KEEP_RULES
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import civil_date

ADDRESS = "/cards/rules/"
STATUS_TONES = {
    RuleStatus.DRAFT: "warning",
    RuleStatus.CONFIRMED: "success",
    RuleStatus.RETURNED: "neutral",
}


@require_GET
@staff_page(*RULE_READERS)
def table(request: HttpRequest) -> HttpResponse:
    """The rules of today, by signal; one statement."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = civil_date(request.at)  # type: ignore[attr-defined]
    rows = []
    for versions in queries.latest_rules():
        row = in_force(versions, today)
        rows.append(
            {
                "rule": row or versions[-1],
                "is_in_force": row is not None and row.is_active,
                "signal": wording.signal_tag(versions[0].signal),
                "condition": Condition(versions[0].condition).label,
                "coming": _coming(versions, row),
            }
        )
    context = {"tabs": tabs(actor, ADDRESS), "rows": rows}
    return render(request, "supervision/rules.html", context)


def in_force(versions: list[SupervisionRule], today: date) -> SupervisionRule | None:
    """Of a rule's versions, the newest first, the one that holds today."""
    confirmed = RuleStatus.CONFIRMED.value
    return next((v for v in versions if v.status == confirmed and v.valid_from <= today), None)


def _coming(versions: list[SupervisionRule], row: SupervisionRule | None) -> str:
    newest = versions[0]
    if newest.status == RuleStatus.DRAFT.value:
        return f"第 {newest.version} 版待确认"
    if newest.status == RuleStatus.CONFIRMED.value and newest != row:
        return f"第 {newest.version} 版 {newest.valid_from:%Y-%m-%d} 起"
    return ""


@require_http_methods(["GET", "POST"])
@staff_page(*RULE_READERS)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of a rule; who keeps the rules drafts a change here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, code, {}, 200)
    try:
        ruling.draft_rule(
            code=code,
            number=_number(request.POST.get("number", "")),
            text=request.POST.get("text", ""),
            article=request.POST.get("article", ""),
            is_active=request.POST.get("is_active") != "no",
            valid_from=_day(request.POST.get("valid_from", "")),
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=request.at,  # type: ignore[attr-defined]
        )
    except RuleNotFoundError as error:
        raise Http404 from error
    except InvalidActError as error:
        return _page(request, code, error.fields, 422)
    except NotNowError as error:
        messages.error(request, error.message)
        return _page(request, code, {}, 409)
    messages.success(request, "修改已起草,要由另一位监察人员确认后才生效。")
    return see_other(f"{ADDRESS}{code}/")


@require_POST
@staff_page(KEEP_RULES)
def settle(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm or return the waiting change."""
    is_confirmed = request.POST.get("choice") == "confirm"
    try:
        ruling.settle_rule(
            code=code,
            is_confirmed=is_confirmed,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except NotNowError as error:
        messages.error(request, error.message)
        return _page(request, code, {}, 409)
    messages.success(request, "已确认,到生效日期起用。" if is_confirmed else "已退回,原规则不变。")
    return see_other(f"{ADDRESS}{code}/")


def _page(request: HttpRequest, code: str, problems: dict[str, str], status: int) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        versions = queries.rule_versions(code)
    except RuleNotFoundError as error:
        raise Http404 from error
    today = civil_date(request.at)  # type: ignore[attr-defined]
    waiting = versions[0] if versions[0].status == RuleStatus.DRAFT.value else None
    current = in_force(versions, today)
    fields = _fields(request, current or versions[-1], today, problems)
    context = {
        "tabs": tabs(actor, ADDRESS),
        "code": code,
        "signal": wording.signal_tag(versions[0].signal),
        "condition": Condition(versions[0].condition).label,
        "rows": [_version(row, row == current) for row in versions],
        "waiting": waiting,
        "may_keep": actor.may(KEEP_RULES),
        "is_own": waiting is not None and waiting.drafted_by == actor.ref,
        "fields": fields,
        "errors": errors_of(fields),
    }
    return render(request, "supervision/rule.html", context, status=status)


def _version(row: SupervisionRule, is_current: bool) -> dict[str, Any]:
    status = RuleStatus(row.status)
    return {
        "rule": row,
        "is_current": is_current,
        "status": {"label": status.label, "tone": STATUS_TONES[status]},
    }


def _fields(
    request: HttpRequest, row: SupervisionRule, today: date, problems: dict[str, str]
) -> list[dict[str, Any]]:
    typed = request.POST
    unit = ThresholdUnit(row.unit)
    fields: list[dict[str, Any]] = []
    if unit is not ThresholdUnit.NONE:
        number = {"name": "number", "label": "阈值", "kind": "number", "unit": unit.label}
        fields.append(number | {"value": typed.get("number", row.number), "width": "w-4"})
    fields += [
        {
            "name": "text",
            "label": "卡上的文字",
            "kind": "textarea",
            "rows": 3,
            "maxlength": 300,
            "hint": f"可以用的占位:{' '.join('{' + name + '}' for name in ruling.PLACES)}",
            "value": typed.get("text", row.text),
        },
        {"name": "article", "label": "依据或来源", "value": typed.get("article", row.article)},
        {
            "name": "valid_from",
            "label": "生效日期",
            "kind": "native_date",
            "value": typed.get("valid_from", today.isoformat()),
            "hint": "今天或以后;已经发出的卡仍按原来的版本。",
            "width": "w-12",
        },
        {
            "name": "is_active",
            "label": "是否启用",
            "kind": "radios",
            "options": [
                {"value": "yes", "label": "启用", "selected": typed.get("is_active") != "no"},
                {"value": "no", "label": "停用", "selected": typed.get("is_active") == "no"},
            ],
        },
        {
            "name": "reason",
            "label": "为什么修改",
            "kind": "textarea",
            "rows": 2,
            "maxlength": 300,
            "value": typed.get("reason", ""),
        },
    ]
    for field in fields:
        field["error"] = problems.get(str(field["name"]), "")
    return fields


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year <= 2100 else None

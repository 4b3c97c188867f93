"""The lists of the staff, by job and by the clock; and finding a case or a person's cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.cases import permissions, queries
from yiwang.apps.cases.domain.filters import WorkList
from yiwang.apps.cases.finding import cases_of_people
from yiwang.apps.cases.making import WORD, being_made
from yiwang.apps.cases.models import Case, ReviewStep
from yiwang.apps.cases.narrowing import narrowed_cases, narrowed_steps
from yiwang.apps.cases.operations.batching import may_batch, may_batch_grant
from yiwang.apps.cases.pages.filtering import filtered
from yiwang.apps.cases.pages.strips import small_strip
from yiwang.apps.cases.taken_in import under_way_of
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page

FINDERS = (
    permissions.RECEIVE,
    permissions.ACCEPT,
    permissions.REVIEW,
    permissions.DECIDE,
    permissions.DELIVER,
    permissions.READ_ORGAN,
    permissions.SUPERVISE,
)
_LISTS = (
    (permissions.ACCEPT, "/work/accept/"),
    (permissions.REVIEW, "/work/review/"),
    (permissions.DELIVER, "/work/deliver/"),
    (permissions.READ_ORGAN, "/work/cases/"),
    (permissions.SUPERVISE, "/supervision/"),
)


@require_GET
@staff_page(*FINDERS)
def index(request: HttpRequest) -> HttpResponse:
    """The list of the first job one has."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return HttpResponseRedirect(next(url for permission, url in _LISTS if actor.may(permission)))


@require_GET
@staff_page(permissions.ACCEPT)
def accept(request: HttpRequest) -> HttpResponse:
    """Received cases of my halls and packages, by the receipt clock."""
    return _case_list(request, WorkList.ACCEPT)


@require_GET
@staff_page(permissions.REVIEW, permissions.DECIDE)
def review(request: HttpRequest) -> HttpResponse:
    """My open steps by the clock."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = filtered(request, WorkList.REVIEW)
    found = narrowed_steps(asked.found, after=request.GET.get("after"))
    rows = step_rows(found.steps, request)
    context = {
        **asked.context,
        "rows": rows,
        "has_batch": any(row["batch"] for row in rows),
        "has_opinions": any(row["batch"] and not row["is_decision"] for row in rows),
        "has_decisions": any(row["batch"] and row["is_decision"] for row in rows),
        "pager": pager(request, found.next_cursor, **asked.chosen.values),
        "is_deputy": any(p.is_deputy for p in actor.postings),
    }
    return _list(request, "review", context)


@require_GET
@staff_page(permissions.DELIVER)
def deliver(request: HttpRequest) -> HttpResponse:
    """Decided cases to hand over, by the delivery clock."""
    return _case_list(request, WorkList.DELIVER)


@require_GET
@staff_page(permissions.READ_ORGAN)
def organ(request: HttpRequest) -> HttpResponse:
    """All cases of my organs, newest first."""
    return _case_list(request, WorkList.CASES)


def _case_list(request: HttpRequest, work_list: WorkList) -> HttpResponse:
    asked = filtered(request, work_list)
    found = narrowed_cases(asked.found, after=request.GET.get("after"))
    context = {
        **asked.context,
        "rows": case_rows(found.cases, request),
        "pager": pager(request, found.next_cursor, **asked.chosen.values),
    }
    return _list(request, work_list.value, context)


@require_GET
@staff_page(*FINDERS)
def find(request: HttpRequest) -> HttpResponse:
    """By number straight to the case; by a whole name or paper number to that person's cases."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()[:120]
    case = queries.find_by_number(text, actor=actor) if text else None
    if case is not None:
        return HttpResponseRedirect(f"/cases/{case.pk}/")
    found = cases_of_people(text, actor=actor) if text else []
    return _list(request, "find", {"rows": case_rows(found, request), "q": text, "pager": None})


def _list(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, "cases/staff/list.html", {**WORDS[name], "name": name, **context})


def case_rows(cases: Sequence[Case], request: HttpRequest) -> list[dict[str, Any]]:
    """Rows of a list, each with its small strip; one statement where certificates are printed,
    one where cases were taken in elsewhere."""
    at = request.at  # type: ignore[attr-defined]
    making, under_way = being_made(cases), under_way_of(cases)
    return [
        {
            "case": case,
            "step": WORD if case.pk in making else case.state_label,
            "strip": small_strip(case, at),
            "is_under_way": case.pk in under_way,
        }
        for case in cases
    ]


def step_rows(steps: Sequence[ReviewStep], request: HttpRequest) -> list[dict[str, Any]]:
    at = request.at  # type: ignore[attr-defined]
    return [
        {
            "case": step.case,
            "step": step.name,
            "due_on": step.due_on,
            "is_step": True,
            "batch": step.pk if may_batch(step) or may_batch_grant(step) else None,
            "is_decision": step.job == "decide",
            "strip": small_strip(step.case, at),
        }
        for step in steps
    ]


def pager(request: HttpRequest, cursor: str | None, **kept: str) -> dict[str, str]:
    """Forward by key; back is the browser's own way, or the first page."""
    query = {name: value for name, value in kept.items() if value}
    first = f"{request.path}?{urlencode(query or {'all': 1})}" if request.GET.get("after") else ""
    following = f"?{urlencode({**query, 'after': cursor})}" if cursor else ""
    return {"first_url": first, "next_url": following}


WORDS: dict[str, dict[str, str]] = {
    "accept": {
        "title": "待受理",
        "lead": "已收件、还没有答复的办件:绿色通道在前,其余按收件告知期限从近到远。",
        "empty_title": "现在没有待受理的办件",
        "empty_text": "窗口收件和网上申请会按到期先后排在这里。",
    },
    "review": {
        "title": "审查",
        "lead": "等您办理的环节,按环节期限从近到远;停止计时的排在最后。",
        "empty_title": "现在没有等您办理的环节",
        "empty_text": "受理后的办件按路线走到您的岗位时,会排在这里。",
    },
    "deliver": {
        "title": "发证送达",
        "lead": "已作出决定、等待领取的办件。核对申请人的取件码后发放。",
        "empty_title": "现在没有等待领取的结果",
        "empty_text": "作出决定、证照和文书制作完成后,会排在这里。",
    },
    "cases": {
        "title": "本单位办件",
        "lead": "本单位实施的全部办件,最近的在前。",
        "empty_title": "本单位还没有办件",
        "empty_text": "窗口收件或网上申请后,会列在这里。",
    },
    "find": {
        "title": "查找",
        "lead": "按办件编号直接打开;按完整的姓名、单位名称或证件号码列出办件。",
        "empty_title": "没有找到",
        "empty_text": "请核对编号,或输入完整的姓名、单位名称、证件号码。只会列出您有权查看的办件。",
    },
}

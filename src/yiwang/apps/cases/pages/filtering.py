"""The filters of a work list as the page shows them: what is chosen, the badges, the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from yiwang.apps.cases.domain.filters import (
    NAMES,
    ApplicantKind,
    Chosen,
    Due,
    WorkList,
    asked_of,
    chosen,
)
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.models import CaseChannel, SavedFilter
from yiwang.apps.cases.narrowing import narrowed
from yiwang.apps.cases.operations.saving import WORKS, saved_filters
from yiwang.apps.cases.pages.staff_fields import field
from yiwang.apps.cases.queries import queues_of, window_scope
from yiwang.apps.catalog.public import current_versions
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Counted, badge, counts
from yiwang.kernel.moment import civil_date

JOBS = (("review", "资料审查"), ("site_check", "现场核查"), ("decide", "审批决定"))
Choices = Mapping[str, list[tuple[str, str]]]
LABELS = {
    "job": "环节",
    "state": "状态",
    "item": "事项",
    "channel": "申请方式",
    "green": "绿色通道",
    "due": "时限",
    "applicant": "申请人",
    "first": "收件日期从",
    "last": "到(含)",
}


@dataclass(frozen=True, slots=True)
class Filtered:
    """The combination of this request, its list, and what the template needs around it."""

    chosen: Chosen
    found: Counted
    context: dict[str, Any]


def choices_of(work_list: WorkList, actor: Actor, at: datetime) -> Choices:
    """The values each filter may have, with their words. One statement (the items in force)."""
    mine = {queue.partition(":")[2] for queue in queues_of(actor)}
    states = [(s.value, s.label) for s in CaseState if s is not CaseState.DRAFT]
    return {
        "job": [(code, label) for code, label in JOBS if code in mine],
        "state": states,
        "item": items_for(work_list, actor, at),
        "channel": list(CaseChannel.choices),
        "green": [("1", "只看绿色通道")],
        "due": [(d.value, d.label) for d in Due],
        "applicant": [(k.value, k.label) for k in ApplicantKind],
    }


def items_for(work_list: WorkList, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """A window's items are its package's, an organ's those it decides."""
    versions = current_versions(today=civil_date(at))
    if work_list in (WorkList.ACCEPT, WorkList.DELIVER):
        package = window_scope(actor)[1]
        versions = [v for v in versions if v.definition.code in package]
    else:
        organs = {organ for permission in WORKS[work_list] for organ in actor.organ_ids(permission)}
        versions = [v for v in versions if v.organ_id in organs]
    return [(v.definition.code, v.definition.name) for v in versions]


def read_chosen(work_list: WorkList, asked: Mapping[str, str], choices: Choices) -> Chosen:
    return chosen(work_list, asked, {n: frozenset(v for v, _ in c) for n, c in choices.items()})


def filtered(request: HttpRequest, work_list: WorkList) -> Filtered:
    """Three statements: items, one's saved filters, and every badge of the page in one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    saved = [row for row in saved_filters(actor=actor) if row.work_list == work_list]
    default = next((row for row in saved if row.is_default), None)
    asked: Mapping[str, str] = request.GET.dict()
    is_default = not asked and default is not None
    if is_default and default is not None:
        asked = asked_of(default.query)
    choices = choices_of(work_list, actor, at)
    now = read_chosen(work_list, asked, choices)
    dues = [read_chosen(work_list, {**now.values, "due": due}, choices) for due in Due]
    kept = [read_chosen(work_list, asked_of(row.query), choices) for row in saved]
    numbers = counts([narrowed(one, actor=actor, at=at) for one in (*dues, *kept)])
    badges = [badge(number) for number in numbers]
    context = {
        "dues": _due_links(now, dues, badges),
        "saved": _saved_links(now, saved, kept, badges[len(dues) :]),
        "filter_fields": _fields(now, asked, choices),
        "filter_number": len(now.values),
        "is_filter_open": bool(now.problems),
        "by_default": default.name if is_default and default is not None else "",
        "save": _save(now, kept),
        "work_list": work_list.value,
    }
    return Filtered(now, narrowed(now, actor=actor, at=at), context)


def _save(now: Chosen, kept: list[Chosen]) -> str:
    """The query that could be saved: nothing where it is saved already."""
    return "" if now.query in {one.query for one in kept} else now.query


def _due_links(now: Chosen, dues: list[Chosen], badges: list[str]) -> dict[str, Any]:
    rest = {name: value for name, value in now.values.items() if name != "due"}
    url = f"?{urlencode(sorted(rest.items()))}" if rest else "?all=1"
    links: list[dict[str, Any]] = [
        {"label": "全部", "url": url, "current": not now.get("due"), "count": None}
    ]
    for due, one, count in zip(Due, dues, badges, strict=False):
        current = now.get("due") == due
        links.append(
            {"label": due.label, "url": f"?{one.query}", "current": current, "count": count}
        )
    return {"label": "按时限筛选", "links": links}


def _saved_links(
    now: Chosen, saved: list[SavedFilter], kept: list[Chosen], badges: list[str]
) -> dict[str, Any] | None:
    if not saved:
        return None
    return {
        "label": "我保存的筛选",
        "links": [
            {
                "label": row.name,
                "url": f"/work/saved/{row.pk}/",
                "current": one.query == now.query,
                "count": count,
            }
            for row, one, count in zip(saved, kept, badges, strict=True)
        ],
    }


def _fields(now: Chosen, asked: Mapping[str, str], choices: Choices) -> list[dict[str, Any]]:
    rows = []
    for name in NAMES[now.work_list]:
        error = now.problems.get(name, "")
        if name in choices:
            options = [("", "不限"), *choices[name]]
            more: dict[str, Any] = {"kind": "select", "options": options, "value": now.get(name)}
        else:
            more = {"kind": "native_date", "value": asked.get(name, "")[:20]}
        rows.append(field(name, LABELS[name], of="filter", error=error, is_plain=True, **more))
    return rows

"""Late cases of a supervisor's area: how late, where, and who holds them now."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.models import Case, ReviewStep, StepState
from yiwang.apps.cases.pages.strips import small_strip
from yiwang.apps.cases.pages.work import pager
from yiwang.apps.cases.queries import late_cases
from yiwang.apps.people.public import OnDuty, on_duty, organs_in_area
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page


@require_GET
@staff_page(permissions.SUPERVISE)
def late(request: HttpRequest) -> HttpResponse:
    """Cases whose running clock is over, the longest over first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    areas = [p.area_code for p in actor.postings if permissions.SUPERVISE.code in p.permissions]
    found = late_cases(organs=organs_in_area(areas), at=at, after=request.GET.get("after"))
    context = {
        "rows": _rows(found.cases, at),
        "pager": pager(request, found.next_cursor),
    }
    return render(request, "cases/staff/supervision.html", context)


def _rows(cases: list[Case], at: datetime) -> list[dict[str, Any]]:
    steps = _open_steps(cases)
    people = (
        on_duty(
            organ_ids=sorted({case.organ_id for case in cases}),
            hall_ids=sorted({case.hall_id for case in cases}),
            at=at,
        )
        if cases
        else []
    )
    return [
        {
            "case": case,
            "strip": small_strip(case, at),
            "step": "、".join(s.name for s in steps[case.pk]) or case.state_label,
            "holders": _holders(case, steps[case.pk], people),
        }
        for case in cases
    ]


def _open_steps(cases: list[Case]) -> dict[int, list[ReviewStep]]:
    found: dict[int, list[ReviewStep]] = defaultdict(list)
    rows = ReviewStep.objects.filter(case__in=cases, state=StepState.OPEN).order_by("id")
    for row in rows if cases else ():
        found[row.case_id].append(row)
    return found


def _holders(case: Case, steps: list[ReviewStep], people: list[OnDuty]) -> str:
    """Who can act on it now, by name; 无人在岗 is what a supervisor must see at once."""
    if case.state == CaseState.REVIEW:
        wanted = {permissions.JOBS[step.job].code for step in steps}
        names = [p for p in people if p.organ_id == case.organ_id and wanted & p.permissions]
    else:
        code = (
            permissions.ACCEPT if case.state == CaseState.RECEIVED else permissions.DELIVER
        ).code
        names = [
            p
            for p in people
            if p.hall_id == case.hall_id and case.item_code in p.package and code in p.permissions
        ]
    labels = [f"{p.label}(代B角)" if p.is_deputy else p.label for p in names]
    return "、".join(dict.fromkeys(labels)) or "无人在岗"

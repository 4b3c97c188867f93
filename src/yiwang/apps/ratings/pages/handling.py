"""Bad ratings: the list by clock, one of them with its two tasks, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.people.public import UNMASK, Party, unmask
from yiwang.apps.ratings import queries
from yiwang.apps.ratings.domain.handling import MACHINE, HandlingState
from yiwang.apps.ratings.domain.parameters import COMPLEX, CONTACT, FIX
from yiwang.apps.ratings.errors import HandlingError, InvalidActError, RatingNotFoundError
from yiwang.apps.ratings.models import HandlingStep, RatingTask
from yiwang.apps.ratings.pages import acts
from yiwang.apps.ratings.permissions import APPROVE, HANDLE, REVIEW, WATCH
from yiwang.apps.ratings.queries import Shown
from yiwang.apps.ratings.seeing import may_watch
from yiwang.foundation.access import Actor
from yiwang.foundation.parameters.current import parameter
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import civil_date

LIST = "/bad-ratings/"
READERS = (HANDLE, APPROVE, WATCH)
TONES = {
    HandlingState.TO_VERIFY: "warning",
    HandlingState.DISPUTED: "info",
    HandlingState.REMEDYING: "warning",
    HandlingState.TO_APPROVE: "info",
    HandlingState.TO_CALL_BACK: "info",
    HandlingState.CLOSED: "success",
    HandlingState.EXCLUDED: "neutral",
}
TABS = (("open", "办理中"), ("disputed", "待复核"), ("all", "全部"))


def tabs(actor: Actor, current: str) -> dict[str, Any]:
    links = [(label, f"{LIST}?which={which}", which) for which, label in TABS]
    links.append(("统计", f"{LIST}figures/", "figures"))
    return {
        "label": "好差评",
        "links": [{"label": w, "url": url, "current": name == current} for w, url, name in links],
    }


@require_GET
@staff_page(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Of one's own organ, or of every organ of the areas one watches."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    which = request.GET.get("which", "open")
    which = which if which in dict(TABS) else "open"
    found = queries.bad_ratings(actor=actor, which=which, after=request.GET.get("after"))
    rest = f"{LIST}?which={which}"
    context = {
        "tabs": tabs(actor, which),
        "parameters": [parameter(c, on=civil_date(at)) for c in (CONTACT, FIX, COMPLEX)],
        "table": {
            "caption": "差评,最早到期的在前",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("评价", "事项", "评价人", "回访", "整改", "状态")],
            "rows": [_row(one, at) for one in found.ratings],
            "empty": {
                "title": "没有差评",
                "text": "不满意和非常不满意的评价会自动列在这里,并带着回访和整改两件任务。",
            },
            "pager": {
                "next_url": f"{rest}&after={found.next_cursor}" if found.next_cursor else "",
                "previous_url": rest if request.GET.get("after") else "",
            },
        },
    }
    return render(request, "ratings/staff/list.html", context)


def _row(one: Shown, at: datetime) -> dict[str, Any]:
    row, said = one.row, one.said
    return {
        "url": f"{LIST}{row.pk}/",
        "cells": [
            {"text": said.satisfaction_label, "note": said.on},
            {"text": row.item_name, "note": f"{row.organ.short_name} {said.number}"},
            said.person,
            *(_task_cell(task, at) for task in one.tasks),
            {"tag": {"label": row.state_label, "tone": TONES[HandlingState(row.state)]}},
        ],
    }


def _task_cell(task: RatingTask, at: datetime) -> dict[str, Any]:
    until = f"{cn_date(task.due_on)} 前"
    if task.closed_at is None and task.met_at is None and task.is_late(at):
        return {"tag": {"label": "已超期", "tone": "danger"}, "note": until}
    if task.ended or task.met_at is not None:
        return {"text": task.ended_label or "已联系", "note": until}
    return {"text": until}


def _found(request: HttpRequest, bad_rating_id: int) -> Shown:
    """Raises Http404 for one that is not there or not for this actor."""
    try:
        return queries.whole(bad_rating_id, actor=request.actor)  # type: ignore[attr-defined]
    except RatingNotFoundError as error:
        raise Http404 from error


@require_GET
@staff_page(*READERS)
def one(request: HttpRequest, bad_rating_id: int) -> HttpResponse:
    return _screen(request, _found(request, bad_rating_id))


def _screen(request: HttpRequest, found: Shown, phone: str = "") -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    row = found.row
    offered = [a for a in acts.ACTS.values() if _is_offered(a, found, actor)]
    context = {
        "row": row,
        "said": found.said,
        "phone": phone,
        "may_call": _may_call(found, actor),
        "tag": {"label": row.state_label, "tone": TONES[HandlingState(row.state)]},
        "tasks": [(task, _task_cell(task, at)) for task in found.tasks],
        "buttons": [
            {"label": a.title, "kind": a.kind, "url": f"{LIST}{row.pk}/{a.code}/"} for a in offered
        ],
        "entries": [_entry(step) for step in found.steps],
    }
    return render(request, "ratings/staff/one.html", context)


def _may_call(found: Shown, actor: Actor) -> bool:
    row = found.row
    allowed = (actor.may(p, organ_id=row.organ_id) for p in (HANDLE, UNMASK))
    return not row.is_anonymous and row.ended_at is None and all(allowed)


def _is_offered(act: acts.Act, found: Shown, actor: Actor) -> bool:
    row = found.row
    allowed = any(MACHINE.find(row.state, action) for action in act.actions)
    if act.permission is REVIEW:
        is_theirs = actor.may(REVIEW) and may_watch(actor, row.organ.area_id)
    else:
        is_theirs = actor.may(act.permission, organ_id=row.organ_id)
    hidden = (act.code == "contact" and row.is_anonymous) or (
        act.code == "ledger" and row.is_complex
    )
    return allowed and is_theirs and not hidden


def _entry(step: HandlingStep) -> dict[str, Any]:
    row = next((t for t in MACHINE.transitions if t.action == step.action), None)
    return {
        "title": row.label if row else "自动立为差评,生成回访和整改任务",
        "at": cn_datetime(step.at),
        "who": step.by_label,
        "said": step.text,
    }


@require_http_methods(["POST"])
@staff_page(HANDLE)
def phone(request: HttpRequest, bad_rating_id: int) -> HttpResponse:
    """The number to call, of a named rating only: shown once, recorded, told to the person."""
    found = _found(request, bad_rating_id)
    if not _may_call(found, request.actor):  # type: ignore[attr-defined]
        raise Http404
    party = Party.objects.get(pk=found.row.rating.invitation.party_id)
    unmask(
        party=party,
        what="联系电话",
        reason="差评回访",
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        subject=found.row.subject,
    )
    return _screen(request, found, phone=f"{party.name} {party.phone or '没有登记电话'}")


@require_http_methods(["GET", "POST"])
@staff_page(HANDLE, APPROVE, REVIEW)
def act(request: HttpRequest, bad_rating_id: int, action: str) -> HttpResponse:
    """One act's form; what is not allowed now says why."""
    found, wanted = _found(request, bad_rating_id), acts.ACTS.get(action)
    if wanted is None:
        raise Http404
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(wanted.permission)
    page = ActForm(
        title=wanted.title,
        button=wanted.title,
        done=wanted.done,
        back=f"{LIST}{bad_rating_id}/",
        invalid=(InvalidActError,),
        refused=(HandlingError,),
        about=[
            ("评价", f"{found.said.satisfaction_label} {'、'.join(found.said.tags)}"),
            ("意见", found.said.text or "没有写"),
            ("事项", found.row.item_name),
            ("状态", found.row.state_label),
        ],
        note=wanted.note,
        fields=wanted.fields,
    )
    do: Callable[[datetime], object] = lambda at: wanted.do(  # noqa: E731
        bad_rating_id, request.POST, actor, at
    )
    return page.answer(request, do)

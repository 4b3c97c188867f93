"""办件抽查: the list of checkers and organs, one sampled case, and what is done about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.oversight import sampled
from yiwang.apps.oversight.domain.sampling import POINTS, SampledState
from yiwang.apps.oversight.errors import CheckNotFoundError, InvalidActError, OversightError
from yiwang.apps.oversight.models import SampledCase
from yiwang.apps.oversight.operations import sampling
from yiwang.apps.oversight.permissions import ANSWER, SAMPLE
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, day, posted_day, radios, textarea
from yiwang.kernel.moment import civil_date

LIST = "/samples/"
TONES = {
    "PENDING": "info",
    "CLEAN": "success",
    "PROBLEM": "danger",
    "ANSWERED": "success",
    "DROPPED": "neutral",
}


@require_GET
@staff_page(SAMPLE, ANSWER)
def listing(request: HttpRequest) -> HttpResponse:
    """Those still to be checked or answered, or all; with this month's figures."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    is_all = request.GET.get("all") == "1"
    organs = sampled.organs_of(request.actor)  # type: ignore[attr-defined]
    found = sampled.sampled(organs=organs, only_open=not is_all, after=request.GET.get("after"))
    rest = "all=1&" if is_all else ""
    context = {
        "tabs": {
            "label": "办件抽查",
            "links": [
                {"label": "待办", "url": LIST, "current": not is_all},
                {"label": "全部", "url": f"{LIST}?all=1", "current": is_all},
            ],
        },
        "rows": [_row(row, today) for row in found.cases],
        "figures": sampled.figures(organs=organs, first=today.replace(day=1), last=today),
        "pager": {
            "first_url": f"{LIST}?{rest}".rstrip("?&") if request.GET.get("after") else "",
            "next_url": f"?{rest}after={found.next_cursor}" if found.next_cursor else "",
        },
    }
    return render(request, "oversight/samples.html", context)


def _row(row: SampledCase, today: date) -> dict[str, Any]:
    return {
        "sampled": row,
        "tag": {"label": row.state_label, "tone": TONES[row.state]},
        "is_overdue": row.state == SampledState.PROBLEM
        and row.due_on is not None
        and row.due_on < today,
    }


def _found(request: HttpRequest, sampled_id: int) -> SampledCase:
    """Raises Http404 for one that is not there or not for this actor."""
    try:
        return sampled.sampled_case(sampled_id, actor=request.actor)  # type: ignore[attr-defined]
    except CheckNotFoundError as error:
        raise Http404 from error


@require_GET
@staff_page(SAMPLE, ANSWER)
def one(request: HttpRequest, sampled_id: int) -> HttpResponse:
    """One sampled case: how it was drawn, what was found, what the organ answered."""
    row = _found(request, sampled_id)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    may_check = sampling.may_check(actor, row.organ)
    buttons = []
    if row.state == SampledState.PENDING and may_check:
        buttons += [
            {"label": "记录抽查结果", "kind": "primary", "url": f"{LIST}{row.pk}/check/"},
            {"label": "重新抽取", "kind": "secondary", "url": f"{LIST}{row.pk}/redraw/"},
        ]
    if row.state == SampledState.PROBLEM and actor.may(ANSWER, organ_id=row.organ_id):
        buttons.append({"label": "答复整改", "kind": "primary", "url": f"{LIST}{row.pk}/answer/"})
    today = civil_date(request.at)  # type: ignore[attr-defined]
    context = _row(row, today) | {
        "buttons": buttons,
        "points": [{"text": text, "is_kept": code in row.points} for code, text in POINTS],
    }
    return render(request, "oversight/sample.html", context)


def _form(row: SampledCase, **parts: Any) -> ActForm:
    about = [
        ("办件", f"{row.item_name}({row.short_number})"),
        ("单位", row.organ.name),
        ("状态", row.state_label),
    ]
    return ActForm(
        back=f"{LIST}{row.pk}/",
        invalid=(InvalidActError,),
        refused=(OversightError,),
        about=about,
        **parts,
    )


@require_http_methods(["GET", "POST"])
@staff_page(SAMPLE)
def check(request: HttpRequest, sampled_id: int) -> HttpResponse:
    row = _found(request, sampled_id)
    result = request.POST.get("result", "")
    page = _form(
        row,
        title="记录抽查结果",
        button="记录",
        done="抽查结果已记录。",
        note="数据有错的,不在这里改,请由承办单位提出更正,另一人确认。",
        fields=lambda typed: _check_fields(request, typed),
    )
    return page.answer(
        request,
        lambda at: sampling.check(
            sampled_id=sampled_id,
            is_problem={"CLEAN": False, "PROBLEM": True}.get(result),
            points=request.POST.getlist("points"),
            text=request.POST.get("text", ""),
            due_on=posted_day(request, "due_on"),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


def _check_fields(request: HttpRequest, typed: Any) -> list[dict[str, Any]]:
    ticked = set(request.POST.getlist("points"))
    return [
        {
            "name": "points",
            "label": "符合的要点",
            "kind": "checkboxes",
            "is_optional": True,
            "options": [{"value": c, "label": t, "selected": c in ticked} for c, t in POINTS],
        },
        radios(
            "result",
            "结果",
            typed,
            [("CLEAN", "无问题", "每个要点都符合"), ("PROBLEM", "有问题", "承办单位要答复整改")],
        ),
        textarea("text", "问题", typed, is_optional=True, hint="有问题时写明是什么、在哪里"),
        day("due_on", "答复的最后一天", typed, is_optional=True, hint="只在有问题时填写"),
    ]


@require_http_methods(["GET", "POST"])
@staff_page(ANSWER)
def answer(request: HttpRequest, sampled_id: int) -> HttpResponse:
    row = _found(request, sampled_id)
    page = _form(
        row,
        title="答复整改",
        button="答复",
        done="已答复。",
        note=f"抽查发现的问题:{row.text}" if row.text else "",
        fields=lambda typed: [textarea("text", "怎么整改的", typed)],
    )
    return page.answer(
        request,
        lambda at: sampling.answer(
            sampled_id=sampled_id,
            text=request.POST.get("text", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(SAMPLE)
def redraw(request: HttpRequest, sampled_id: int) -> HttpResponse:
    """The whole draw of this case's organ and days anew, with a reason that is kept."""
    row = _found(request, sampled_id)
    page = _form(
        row,
        title="重新抽取",
        button="重新抽取",
        done="已重新抽取,理由记在抽查记录里。",
        note="这个单位这几天的整次抽查都会重抽,原来抽中的不再查。",
        fields=lambda typed: [textarea("reason", "重抽的理由", typed, maxlength=400)],
    )
    page.back = LIST

    def act(at: datetime) -> object:
        return sampling.redraw(
            sample_id=row.sample_id,
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )

    return page.answer(request, act)

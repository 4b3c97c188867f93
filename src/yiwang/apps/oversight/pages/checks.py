"""Checks of promises: the organ's list, one of them, what two people found; and the applicant's
own view."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.oversight import queries
from yiwang.apps.oversight.domain.states import MACHINE, CheckOutcome, CheckState
from yiwang.apps.oversight.errors import CheckNotFoundError, InvalidActError, OversightError
from yiwang.apps.oversight.models import FollowUpCheck
from yiwang.apps.oversight.notes import TONES
from yiwang.apps.oversight.operations import checking
from yiwang.apps.oversight.permissions import CHECK
from yiwang.apps.oversight.queries import WholeCheck
from yiwang.apps.people.public import unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.files.storing import read, safe_name
from yiwang.foundation.shell.access import citizen_page, signed_in_page, staff_page
from yiwang.foundation.shell.act_form import ActForm, day, posted_day, radios, textarea
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import civil_date

LIST = "/follow-ups/"


@require_GET
@staff_page(CHECK)
def listing(request: HttpRequest) -> HttpResponse:
    """The open ones, overdue first; or all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = civil_date(request.at)  # type: ignore[attr-defined]
    is_all = request.GET.get("all") == "1"
    found = queries.checks(actor=actor, only_open=not is_all, after=request.GET.get("after"))
    rest = "all=1&" if is_all else ""
    context = {
        "tabs": {
            "label": "承诺核查",
            "links": [
                {"label": "待核查", "url": LIST, "current": not is_all},
                {"label": "全部", "url": f"{LIST}?all=1", "current": is_all},
            ],
        },
        "rows": [_row(row, today) for row in found.checks],
        "pager": {
            "first_url": f"{LIST}?{rest}".rstrip("?&") if request.GET.get("after") else "",
            "next_url": f"?{rest}after={found.next_cursor}" if found.next_cursor else "",
        },
    }
    return render(request, "oversight/checks.html", context)


def _row(row: FollowUpCheck, today: date) -> dict[str, Any]:
    until = row.rectify_until or row.due_on
    return {
        "check": row,
        "tag": {"label": row.state_label, "tone": TONES[row.state]},
        "until": until,
        "is_overdue": row.ended_at is None and until < today,
    }


def _found(request: HttpRequest, check_id: int) -> WholeCheck:
    """Raises Http404 for one that is not there or not for this actor."""
    try:
        return queries.whole_check(check_id, actor=request.actor)  # type: ignore[attr-defined]
    except CheckNotFoundError as error:
        raise Http404 from error


def _context(whole: WholeCheck, today: date) -> dict[str, Any]:
    entries = [
        {
            "title": CheckOutcome(result.outcome).label,
            "tone": "success" if result.outcome == CheckOutcome.FULFILLED else "warning",
            "at": cn_datetime(result.at),
            "who": f"{result.by_label}、{result.second_label}",
            "said": result.text,
            "documents": [
                {"label": one.title, "url": f"/follow-ups/papers/{one.pk}/"}
                for one in whole.papers
                if one.pk == result.document_id
            ],
        }
        for result in whole.results
    ]
    return {**_row(whole.check, today), "entries": entries}


@require_GET
@staff_page(CHECK)
def check(request: HttpRequest, check_id: int) -> HttpResponse:
    whole = _found(request, check_id)
    row = whole.check
    request.actor.require(CHECK, organ_id=row.organ_id)  # type: ignore[attr-defined]
    is_open = row.ended_at is None
    context = _context(whole, civil_date(request.at))  # type: ignore[attr-defined]
    context |= {
        "buttons": [{"label": "记录核查结果", "kind": "primary", "url": f"{LIST}{row.pk}/record/"}]
        if is_open
        else [],
        "layout": "shell/staff.html",
        "back": LIST,
        "holder": row.applicant.label,
    }
    return render(request, "oversight/check.html", context)


@require_GET
@citizen_page
def mine(request: HttpRequest, check_id: int) -> HttpResponse:
    """What the applicant sees of a check of their promise."""
    whole = _found(request, check_id)
    row = whole.check
    if not request.actor.acts_for(row.applicant_id):  # type: ignore[attr-defined]
        raise Http404
    context = _context(whole, civil_date(request.at))  # type: ignore[attr-defined]
    back = f"/my/certificates/{row.certificate_id}/" if row.certificate_id else "/my/certificates/"
    context |= {"layout": "shell/portal.html", "back": back, "holder": row.applicant.name}
    return render(request, "oversight/check.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(CHECK)
def record(request: HttpRequest, check_id: int) -> HttpResponse:
    """What two people found."""
    whole = _found(request, check_id)
    row, actor = whole.check, request.actor  # type: ignore[attr-defined]
    actor.require(CHECK, organ_id=row.organ_id)
    at: datetime = request.at  # type: ignore[attr-defined]
    people = checking.second_people(row.organ_id, actor, at)
    page = ActForm(
        title="记录核查结果",
        button="记录",
        done="核查结果已记录,承诺人会收到消息。",
        back=f"{LIST}{row.pk}/",
        invalid=(InvalidActError,),
        refused=(OversightError,),
        about=[
            ("事项", f"{row.item_name}({row.short_number})"),
            ("承诺人", row.applicant.label),
            ("状态", row.state_label),
            ("整改期限" if row.rectify_until else "核查期限", _until(row)),
        ],
        note="先责令限期整改;期满仍不符合的,移送发证机关拟撤销。",
        fields=lambda typed: _fields(row, typed, request, people),
    )
    return page.answer(
        request,
        lambda now: checking.record(
            check_id=check_id,
            outcome=request.POST.get("outcome", ""),
            text=request.POST.get("text", ""),
            second_person=request.POST.get("second_person", ""),
            points=request.POST.getlist("points"),
            until=posted_day(request, "until"),
            actor=actor,
            at=now,
        ),
    )


def _until(row: FollowUpCheck) -> str:
    return cn_date(row.rectify_until or row.due_on)


def _fields(
    row: FollowUpCheck, typed: Any, request: HttpRequest, people: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    ticked = set(request.POST.getlist("points"))
    open_acts = {t.action for t in MACHINE.allowed(CheckState(row.state))}
    fields = [
        {
            "name": "points",
            "label": "已核对的要点",
            "kind": "checkboxes",
            "is_optional": True,
            "options": [{"value": p, "label": p, "selected": p in ticked} for p in row.points],
        },
        textarea("text", "核查的情况", typed, rows=5),
        radios(
            "outcome",
            "结论",
            typed,
            [(o.value, o.label, "") for o in CheckOutcome if o.value in open_acts],
        ),
    ]
    if row.state == CheckState.PENDING:
        hint = "只在责令整改时填写"
        fields.append(day("until", "整改的最后一天", typed, is_optional=True, hint=hint))
    chosen = typed.get("second_person", "")
    fields.append(
        {
            "name": "second_person",
            "label": "一同核查的人",
            "kind": "select",
            "hint": "核查要有两名以上工作人员",
            "options": [
                {"value": "", "label": "请选择", "selected": not chosen},
                *({"value": ref, "label": w, "selected": ref == chosen} for ref, w in people),
            ],
        }
    )
    return fields


@signed_in_page
def paper(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """责令整改通知书: the applicant's own, and the organ's. Staff's look is told."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        row, found = queries.paper_of(document_id, actor=actor)
    except CheckNotFoundError as error:
        raise Http404 from error
    is_own = actor.acts_for(found.applicant_id)
    back = f"/my/follow-ups/{found.pk}/" if is_own else f"{LIST}{found.pk}/"
    if row.file is None:
        return render(
            request, "oversight/pending.html", {"document": row, "back": back}, status=202
        )
    if not is_own:
        unmask(
            party=found.applicant,
            what=f"文书「{row.title} {row.number}」"[:120],
            reason=f"核查承诺 {found.short_number}",
            actor=actor,
            at=request.at,  # type: ignore[attr-defined]
            subject=found.subject,
        )
    response = HttpResponse(read(row.file), content_type=row.file.media_type)
    name = quote(safe_name(f"{row.title}.pdf"), safe="")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response

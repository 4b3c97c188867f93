"""代收: what a hall took in for others, handed over by list; what is to be signed for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.cases import permissions, taken_in
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.domain.taking_in import MACHINE, HandOverWay, TakeInAction, TakeInState
from yiwang.apps.cases.errors import CaseError, CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.models import TakeIn
from yiwang.apps.cases.operations import taking_in
from yiwang.apps.cases.pages.staff_fields import error_list, field, files_of
from yiwang.apps.cases.pages.strips import small_strip
from yiwang.apps.cases.pages.work import pager
from yiwang.apps.cases.queries import WholeCase, whole_case
from yiwang.apps.cases.seeing import took_in
from yiwang.foundation.access import Actor
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.lists import badge, counts
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, textarea
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.moment import civil_date

HAND_OVER, CONFIRM, ALL = "/work/taken-in/", "/work/taken-in/confirm/", "/work/taken-in/all/"
READERS = (permissions.RECEIVE, permissions.ACCEPT)
TONES = {
    TakeInState.ELECTRONIC: "success",
    TakeInState.IN_HAND: "warning",
    TakeInState.ON_THE_WAY: "info",
    TakeInState.SHORT: "danger",
    TakeInState.ARRIVED: "success",
}
LONGEST_ID = 18
_Failure = CaseError | TransitionNotAllowedError


@require_GET
@staff_page(*READERS)
def to_hand_over(request: HttpRequest) -> HttpResponse:
    """代收待移交: papers in hand, the next due first; what was found missing is told here."""
    return _to_hand_over(request)


def _to_hand_over(request: HttpRequest, failure: _Failure | None = None) -> HttpResponse:
    found = taken_in.to_hand_over(actor=request.actor, after=request.GET.get("after"))  # type: ignore[attr-defined]
    errors = failure.fields if isinstance(failure, InvalidInputError) else {}
    ways = [(way.value, way.label) for way in HandOverWay]
    typed: Any = request.POST
    fields = [
        field("way", "移交方式", kind="radios", options=ways, value=typed.get("way", "INTERNAL"),
              error=errors.get("way", "")),
        field("parcel_number", "邮件号码", value=typed.get("parcel_number", "")[:40], width="w-20",
              is_optional=True, maxlength=40, hint="邮寄的填写",
              error=errors.get("parcel_number", "")),
    ]  # fmt: skip
    context = {"fields": fields, "rows": _rows(found.rows, request)}
    return _list(request, "hand_over", context, found.next_cursor, failure)


@require_POST
@staff_page(permissions.RECEIVE)
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand the selected ones over, on one list that is then printed."""
    try:
        made = taking_in.hand_over(
            case_ids=_chosen(request),
            way=request.POST.get("way", ""),
            parcel_number=request.POST.get("parcel_number", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except CaseNotFoundError:
        raise
    except (CaseError, TransitionNotAllowedError) as error:
        return _to_hand_over(request, error)
    messages.success(request, f"已移交,移交单 {made.number}。请打印清单随材料交出。")
    return HttpResponseRedirect(f"/work/hand-overs/{made.pk}/", status=303)


@require_http_methods(["GET", "POST"])
@staff_page(*READERS)
def to_confirm(request: HttpRequest) -> HttpResponse:
    """代收待签收: papers under way to my halls and organs; the selected ones are all here."""
    failure: _Failure | None = None
    if request.method == "POST":
        try:
            number = taking_in.confirm(
                case_ids=_chosen(request),
                actor=request.actor,  # type: ignore[attr-defined]
                at=request.at,  # type: ignore[attr-defined]
            )
        except CaseNotFoundError:
            raise
        except (CaseError, TransitionNotAllowedError) as error:
            failure = error
        else:
            messages.success(request, f"已签收 {number} 个办件的纸质材料,可以核对原件了。")
            return HttpResponseRedirect(CONFIRM, status=303)
    found = taken_in.to_confirm(actor=request.actor, after=request.GET.get("after"))  # type: ignore[attr-defined]
    context = {"rows": _rows(found.rows, request)}
    return _list(request, "confirm", context, found.next_cursor, failure)


@require_GET
@staff_page(*READERS)
def everything(request: HttpRequest) -> HttpResponse:
    """Everything my halls took in for others, and where it stands now."""
    found = taken_in.taken_in(actor=request.actor, after=request.GET.get("after"))  # type: ignore[attr-defined]
    return _list(request, "all", {"rows": _rows(found.rows, request)}, found.next_cursor, None)


def _list(
    request: HttpRequest,
    name: str,
    context: dict[str, Any],
    cursor: str | None,
    failure: _Failure | None,
) -> HttpResponse:
    """One of the three lists; what could not be done stands above it with what was ticked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    errors = error_list(context.get("fields", []))
    told = {one["text"] for one in errors}
    if isinstance(failure, InvalidInputError):
        errors += [{"text": t, "url": "#list"} for t in failure.fields.values() if t not in told]
    elif failure is not None:
        errors.append({"text": failure.message, "url": "#list"})
    context |= {
        **WORDS[name],
        "name": name,
        "errors": errors,
        "tabs": _tabs(name, actor),
        "pager": pager(request, cursor),
    }
    status = 200 if failure is None else 409
    if isinstance(failure, InvalidInputError):
        status = 422
    return render(request, "cases/staff/taken_in.html", context, status=status)


def _tabs(name: str, actor: Actor) -> dict[str, Any]:
    """One statement for both badges."""
    numbers = [badge(number) for number in counts(taken_in.badges(actor))]
    links = (("hand_over", "代收待移交", HAND_OVER, numbers[0]),
             ("confirm", "代收待签收", CONFIRM, numbers[1]),
             ("all", "本大厅代收的", ALL, None))  # fmt: skip
    return {
        "label": "代收",
        "links": [
            {"label": label, "url": url, "count": count, "current": key == name}
            for key, label, url, count in links
        ],
    }


def _rows(rows: list[TakeIn], request: HttpRequest) -> list[dict[str, Any]]:
    today: date = civil_date(request.at)  # type: ignore[attr-defined]
    ticked = set(request.POST.getlist("case"))
    return [
        {
            "row": row,
            "case": row.case,
            "to": taken_in.receiver_name(row.case, row.receiver),
            "papers": list(row.under_way.values()),
            "tag": {"label": row.state_label, "tone": TONES[TakeInState(row.state)]},
            "is_overdue": row.is_overdue(today),
            "is_ticked": str(row.case_id) in ticked,
            "strip": small_strip(row.case, request.at),  # type: ignore[attr-defined]
        }
        for row in rows
    ]


def take_in_card(whole: WholeCase, actor: Actor) -> dict[str, Any] | None:
    """代收 on the screen of a case; None for a case that its own window took in."""
    row = whole.take_in
    if row is None:
        return None
    is_taker = took_in(actor, whole.case)
    return {
        "row": row,
        "to": taken_in.receiver_name(whole.case, row.receiver),
        "tag": {"label": row.state_label, "tone": TONES[TakeInState(row.state)]},
        "papers": list(row.papers.values()),
        "is_taker": is_taker,
        "is_receiver": row.receiver in taken_in.receivers_of(actor),
        "may_complete": is_taker
        and whole.case.state == CaseState.RECEIVED
        and MACHINE.find(row.state, TakeInAction.COMPLETE) is not None,
    }


def _chosen(request: HttpRequest) -> list[int]:
    return [
        int(text)
        for text in request.POST.getlist("case")
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    ]


@require_GET
@staff_page(*READERS)
def paper_list(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """The hand-over list, to be printed and to go with the papers."""
    made = taken_in.list_for(hand_over_id, actor=request.actor)  # type: ignore[attr-defined]
    if made is None:
        raise Http404
    context = {
        "made": made,
        "print_title": "代收材料移交单",
        "number": made.number,
        "organ": made.hall.name,
        "printed_at": request.at,  # type: ignore[attr-defined]
        "total": sum(len(line["papers"]) for line in made.lines),
    }
    return render(request, "cases/staff/hand_over_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(*READERS)
def missing(request: HttpRequest, case_id: int) -> HttpResponse:
    """登记缺件: which papers are not there; the taking window reads it on top of its list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = whole_case(case_id, actor=actor)
    row = whole.take_in
    if row is None or row.receiver not in taken_in.receivers_of(actor):
        raise CaseNotFoundError
    chosen = request.POST.getlist("missing")
    form = ActForm(
        title="登记代收缺件",
        button="登记缺件",
        done="已登记缺件,代收的窗口会在清单最前面看到;其余材料已签收。",
        back=CONFIRM,
        invalid=(InvalidInputError,),
        refused=(CaseError,),
        about=[
            ("办件", f"{whole.case.item_name}({whole.case.short_number})"),
            ("代收", f"{row.hall.name} {row.window.number} 窗口"),
        ],
        fields=lambda typed: [
            field("missing", "没有收到的材料", kind="checkboxes", value=chosen,
                  options=tuple(row.under_way.items())),
            textarea("note", "说明", typed, rows=2, maxlength=300, is_optional=True,
                     hint="例如:信封里只有复印件。代收的窗口会看到。"),
        ],
    )  # fmt: skip
    return form.answer(
        request,
        lambda at: taking_in.report_missing(
            case_id=case_id,
            missing=chosen,
            note=request.POST.get("note", ""),
            actor=actor,
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(permissions.RECEIVE)
def complete(request: HttpRequest, case_id: int) -> HttpResponse:
    """补齐代收材料: what the applicant brings later, until the papers are handed over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = whole_case(case_id, actor=actor)
    if whole.take_in is None or not took_in(actor, whole.case):
        raise CaseNotFoundError
    failure = ""
    status = 200
    if request.method == "POST":
        try:
            taking_in.complete_papers(
                case_id=case_id,
                paper=request.POST.getlist("paper"),
                files=files_of(request.FILES),
                actor=actor,
                at=request.at,  # type: ignore[attr-defined]
            )
        except (InvalidInputError, FileRefusedError) as error:
            failure, status = _words(error), 422
        except (CaseError, TransitionNotAllowedError) as error:
            failure, status = error.message, 409
        else:
            messages.success(request, "材料已补齐,和其他材料一起移交。")
            return HttpResponseRedirect(f"/cases/{case_id}/", status=303)
    context = {
        "case": whole.case,
        "take_in": whole.take_in,
        "materials": [m for m in whole.materials if m.status in ("MISSING", "PAPER", "PROVIDED")],
        "paper": set(request.POST.getlist("paper")),
        "is_paperless": whole.definition.is_paperless,
        "errors": [{"text": failure, "url": "#materials"}] if failure else [],
    }
    return render(request, "cases/staff/complete_papers.html", context, status=status)


def _words(error: InvalidInputError | FileRefusedError) -> str:
    return "".join(error.fields.values()) if isinstance(error, InvalidInputError) else str(error)


WORDS: dict[str, dict[str, str]] = {
    "hand_over": {
        "title": "代收待移交",
        "lead": "本大厅替别的大厅或单位收下的纸质材料,按移交期限从近到远。电子材料已经到达对方。",
        "empty_title": "现在没有待移交的代收材料",
        "empty_text": "本大厅不进驻的事项,在「窗口收件」里照样可以收下,纸质材料会列在这里。",
    },
    "confirm": {
        "title": "代收待签收",
        "lead": "别的大厅代收、正在送来的纸质材料。签收以后才能核对原件;办理期限从代收时起算。",
        "empty_title": "现在没有待签收的代收材料",
        "empty_text": "别的大厅移交以后,会列在这里,请核对清单后签收。",
    },
    "all": {
        "title": "本大厅代收的",
        "lead": "本大厅代收的全部办件,最近的在前。由谁办、办到哪一步,都看得到。",
        "empty_title": "本大厅还没有代收过",
        "empty_text": "在「窗口收件」里选择本大厅不进驻的事项,就是代收。",
    },
}

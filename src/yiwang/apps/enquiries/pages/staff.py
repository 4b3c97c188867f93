"""The organ's pages: the list by the clock, one of them, and what is done with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.enquiries import queries
from yiwang.apps.enquiries.domain.states import MACHINE, EnquiryState
from yiwang.apps.enquiries.errors import EnquiryError, EnquiryNotFoundError, InvalidActError
from yiwang.apps.enquiries.operations import answering
from yiwang.apps.enquiries.pages.asking import context_of, row_of
from yiwang.apps.enquiries.permissions import ANSWER, HANDLE, OVERSEE
from yiwang.apps.enquiries.seeing import may_act_for_organ
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.shell.access import signed_in_page
from yiwang.foundation.shell.act_form import ActForm, radios, textarea
from yiwang.kernel.moment import civil_date

LIST = "/enquiries/"
HINTS = {
    "ANSWER": "直接回答问题;需要提出人补充的,写明补充什么",
    "TAKE_AS_COMPLAINT": "内容其实是对办理的投诉;由没有办过的人处理",
    "ACCEPT": "写明受理,接下来怎样核实",
    "DECLINE": "写明理由,以及可以向谁反映",
    "HANDLE": "写明核实的情况和处理结果,提出人会看到",
}


def _require(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if not any(actor.may(one) for one in (ANSWER, HANDLE, OVERSEE)):
        raise AccessDeniedError("这是负责答复咨询、处理投诉的人员的内容。")
    return actor


@require_GET
@signed_in_page
def listing(request: HttpRequest) -> HttpResponse:
    """What waits, by the end of what runs; or all."""
    actor, after = _require(request), request.GET.get("after") or None
    is_all = request.GET.get("all") == "1"
    found = queries.enquiries_of(actor=actor, only_waiting=not is_all, after=after)
    today, rest = civil_date(request.at), "all=1&" if is_all else ""  # type: ignore[attr-defined]
    context = {
        "tabs": {
            "label": "咨询投诉",
            "links": [
                {"label": "待办", "url": LIST, "current": not is_all},
                {"label": "全部", "url": f"{LIST}?all=1", "current": is_all},
            ],
        },
        "rows": [row_of(row, today) for row in found.rows],
        "pager": {
            "first_url": f"{LIST}?{rest}".rstrip("?&") if after else "",
            "next_url": f"?{rest}after={found.next_cursor}" if found.next_cursor else "",
        },
    }
    return render(request, "enquiries/list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in_page
def one(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """One of the organ's, with the form of what may be done now."""
    actor = _require(request)
    whole = queries.whole_enquiry(enquiry_id, actor=actor)
    row = whole.enquiry
    if actor.acts_for(row.party_id) and not any(
        may_act_for_organ(actor, row, one.code) for one in (ANSWER, HANDLE)
    ):
        raise EnquiryNotFoundError
    acts = [
        t
        for t in MACHINE.allowed(EnquiryState(row.state))
        if t.action in answering.ACTS and may_act_for_organ(actor, row, t.permission)
    ]
    form = ActForm(
        title=f"{row.kind_label}:{row.item_name}",
        button="提交",
        done="已经办好,提出人会收到消息。",
        back=LIST,
        invalid=(InvalidActError,),
        refused=(EnquiryError,),
        closed="" if acts else "现在没有要您办的。",
        fields=lambda typed: _fields(typed, acts),
    )
    if not acts:
        context = context_of(whole, civil_date(request.at))  # type: ignore[attr-defined]
        return render(request, "enquiries/staff_one.html", {**context, "back": LIST})
    form.about = [
        ("状态", row.state_label),
        ("提出人", row.asker_label + (f"({row.contact})" if row.contact else "")),
        ("办件", row.short_number or "—"),
        *((f"{one.by_label}", one.text) for one in whole.entries),
    ]
    return form.answer(
        request,
        lambda at: answering.act_on(
            enquiry_id=enquiry_id,
            action=request.POST.get("action", ""),
            text=request.POST.get("text", ""),
            is_guide_wrong=request.POST.get("is_guide_wrong") == "yes",
            actor=actor,
            at=at,
        ),
    )


def _fields(typed: Any, acts: list[Any]) -> list[dict[str, Any]]:
    choices = [(t.action, t.label, HINTS[t.action]) for t in acts]
    fields = [
        radios("action", "怎样办理", typed, choices, value=choices[0][0]),
        textarea("text", "写给提出人的话", typed, rows=6),
    ]
    if any(t.action == "ANSWER" for t in acts):
        fields.append(
            {
                "name": "is_guide_wrong",
                "label": "指南有误,请目录编辑修改指南",
                "kind": "checkboxes",
                "is_optional": True,
                "options": [
                    {"value": "yes", "label": "指南有误",
                     "selected": typed.get("is_guide_wrong") == "yes"}
                ],
            }
        )  # fmt: skip
    return fields

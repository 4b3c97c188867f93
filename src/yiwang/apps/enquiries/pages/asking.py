"""The asker's pages: ask on a guide or about a case, one's own list, one of them, the slip."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.cases.public import case_of_own_side
from yiwang.apps.catalog.public import current_version
from yiwang.apps.enquiries import queries
from yiwang.apps.enquiries.domain.states import MACHINE, EnquiryKind, EnquiryState
from yiwang.apps.enquiries.errors import EnquiryNotFoundError, InvalidActError
from yiwang.apps.enquiries.models import Enquiry
from yiwang.apps.enquiries.operations import asking
from yiwang.apps.enquiries.queries import WholeEnquiry
from yiwang.foundation.shell.access import citizen_page, public_page
from yiwang.foundation.shell.act_form import PORTAL, ActForm, line, radios, textarea
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import civil_date

HINTS = {
    EnquiryKind.CONSULT: "2 个工作日内答复",
    EnquiryKind.GUIDE_ERROR: "指南写的和窗口要的不一样、电话打不通、链接打不开",
    EnquiryKind.SUGGESTION: "5 个工作日内答复",
    EnquiryKind.COMPLAINT: "5 个工作日内决定是否受理,由没有办过这件事的人处理",
}
TONES = {
    "ASKED": "info", "LODGED": "info", "ACCEPTED": "info", "ANSWERED": "success",
    "SATISFIED": "success", "TOLD": "success", "HANDLED": "success", "NOT_ACCEPTED": "neutral",
}  # fmt: skip
LABELS = {
    **{t.action: t.label for t in MACHINE.transitions},
    "ASK": "提出",
    "DECLINE": "答复",
}


def _fields(typed: Any, kinds: tuple[EnquiryKind, ...], *, with_contact: bool) -> list[Any]:
    chosen = [(k.value, k.label, HINTS[k]) for k in kinds]
    fields = [
        radios("kind", "您要", typed, chosen, value=kinds[0].value),
        textarea("text", "写下您的问题或意见", typed, rows=6,
                 hint="请不要写身份证号、银行卡号。"),
    ]  # fmt: skip
    if with_contact:
        hint = "不填也可以:提交后会给您一个看答复的链接。"
        fields.append(line("contact", "联系方式", typed, is_optional=True, maxlength=60, hint=hint))
    return fields


@require_http_methods(["GET", "POST"])
@public_page
def ask_guide(request: HttpRequest, code: str) -> HttpResponse:
    """Also without signing in; then the page that follows is the slip."""
    actor = request.actor  # type: ignore[attr-defined]
    version = current_version(code, today=civil_date(request.at))  # type: ignore[attr-defined]
    if version is None:
        raise Http404
    is_known = actor.party_id is not None
    kinds = tuple(k for k in HINTS if is_known or k is not EnquiryKind.COMPLAINT)
    form = ActForm(
        title=f"咨询、纠错:{version.definition.name}",
        button="提交",
        done="已经收到。" if is_known else "已经收到。请保存本页地址,回来看答复。",
        back=f"/items/{code}/",
        layout=PORTAL,
        invalid=(InvalidActError,),
        refused=(),
        note="" if is_known else "投诉要告知您处理结果,请先登录再提出,也可以拨打 12345。",
        fields=lambda typed: _fields(typed, kinds, with_contact=not is_known),
    )

    def act(at: Any) -> None:
        row = asking.ask_about_guide(
            item=code,
            kind=request.POST.get("kind", ""),
            text=request.POST.get("text", ""),
            contact="" if is_known else request.POST.get("contact", ""),
            actor=actor,
            at=at,
        )
        form.back = f"/my/enquiries/{row.pk}/" if is_known else f"/asked/{row.slip}/"

    return form.answer(request, act)


@require_http_methods(["GET", "POST"])
@citizen_page
def ask_case(request: HttpRequest, case_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    case = case_of_own_side(case_id, actor=actor)
    kinds = (EnquiryKind.CONSULT, EnquiryKind.COMPLAINT, EnquiryKind.SUGGESTION)
    form = ActForm(
        title="咨询、投诉或提建议",
        button="提交",
        done="已经收到,有答复时会给您发消息。",
        back=f"/my/cases/{case_id}/",
        layout=PORTAL,
        invalid=(InvalidActError,),
        refused=(),
        about=[("办件", f"{case.item_name}({case.short_number})")],
        fields=lambda typed: _fields(typed, kinds, with_contact=False),
    )

    def act(at: Any) -> None:
        row = asking.ask_about_case(
            case_id=case_id,
            kind=request.POST.get("kind", ""),
            text=request.POST.get("text", ""),
            actor=actor,
            at=at,
        )
        form.back = f"/my/enquiries/{row.pk}/"

    return form.answer(request, act)


def row_of(row: Enquiry, today: Any) -> dict[str, Any]:
    """One row of a list: nothing of what was written."""
    is_waiting = row.state in ("ASKED", "LODGED", "ACCEPTED")
    return {
        "enquiry": row,
        "tag": {"label": row.state_label, "tone": TONES[row.state]},
        "is_overdue": is_waiting and row.due_on is not None and row.due_on < today,
    }


def context_of(whole: WholeEnquiry, today: Any) -> dict[str, Any]:
    entries = [
        {
            "title": LABELS.get(one.act, one.act),
            "tone": "info" if one.act in ("ASK", "ASK_AGAIN") else "success",
            "at": cn_datetime(one.at),
            "who": one.by_label,
            "said": one.text,
        }
        for one in whole.entries
    ]
    return {**row_of(whole.enquiry, today), "entries": entries}


@require_GET
@citizen_page
def mine(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after") or None
    found = queries.own_enquiries(actor=request.actor, after=after)  # type: ignore[attr-defined]
    today = civil_date(request.at)  # type: ignore[attr-defined]
    context = {
        "rows": [row_of(row, today) for row in found.rows],
        "pager": {
            "first_url": "/my/enquiries/" if after else "",
            "next_url": f"?after={found.next_cursor}" if found.next_cursor else "",
        },
    }
    return render(request, "enquiries/mine.html", context)


@require_http_methods(["GET", "POST"])
@citizen_page
def one(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """One of one's own, with what was said; asked again, or said to be answered, here."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    whole = queries.whole_enquiry(enquiry_id, actor=actor)
    row = whole.enquiry
    if not actor.acts_for(row.party_id):
        raise EnquiryNotFoundError
    problem, status = "", 200
    if request.method == "POST":
        try:
            if request.POST.get("act") == "satisfy":
                asking.satisfy(enquiry_id=enquiry_id, actor=actor, at=at)
            else:
                text = request.POST.get("text", "")
                asking.ask_again(enquiry_id=enquiry_id, text=text, actor=actor, at=at)
        except InvalidActError as error:
            problem, status = error.fields["text"], 422
        else:
            whole = queries.whole_enquiry(enquiry_id, actor=actor)
            row = whole.enquiry
    context = context_of(whole, civil_date(at))
    context |= {
        "can_answer": row.state == EnquiryState.ANSWERED,
        "field": textarea("text", "还有不清楚的", request.POST if problem else {}, error=problem),
    }
    return render(request, "enquiries/one.html", context, status=status)


@require_GET
@public_page
def slip(request: HttpRequest, slip: str) -> HttpResponse:
    """Whoever holds the slip of an anonymous question reads its answer."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    context = {**context_of(queries.by_slip(slip), today), "is_slip": True}
    response = render(request, "enquiries/one.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response

"""The editor's pages: notes on guides that are wrong, and answers for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalog.public import EDIT, current_versions
from yiwang.apps.enquiries import queries
from yiwang.apps.enquiries.errors import EnquiryError, InvalidActError
from yiwang.apps.enquiries.operations import publishing
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, radios, textarea
from yiwang.kernel.moment import civil_date

LIST = "/guide-notes/"


@require_GET
@staff_page(EDIT)
def notes(request: HttpRequest) -> HttpResponse:
    """What is to be mended, and what is on the guides."""
    item = request.GET.get("item", "").strip()[:60]
    context = {
        "notes": queries.open_notes(),
        "item": item,
        "answers": queries.answers_on_guide(item) if item else [],
    }
    return render(request, "enquiries/notes.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(EDIT)
def close(request: HttpRequest, note_id: int) -> HttpResponse:
    """The guide was put right, or says the right thing already."""
    note = next((one for one in queries.open_notes() if one.pk == note_id), None)
    form = ActForm(
        title="处理指南纠错",
        button="记录",
        done="已记录。",
        back=LIST,
        invalid=(InvalidActError,),
        refused=(EnquiryError,),
        about=[("事项", note.item_name), ("哪里有误", note.text)] if note else [],
        closed="" if note or request.method == "POST" else "这张纠错单已经处理过。",
        fields=lambda typed: [
            radios("mended", "结果", typed, [
                ("yes", "指南已改正", "新版本已经发布"), ("no", "指南无需修改", ""),
            ], value="yes"),
            textarea("outcome", "说明", typed),
        ],
    )  # fmt: skip
    return form.answer(
        request,
        lambda at: publishing.close_note(
            note_id=note_id,
            is_mended=request.POST.get("mended") == "yes",
            outcome=request.POST.get("outcome", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(EDIT)
def publish(request: HttpRequest) -> HttpResponse:
    """A question and its answer, in the editor's own words."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    names = [(v.definition.code, v.definition.name) for v in current_versions(today=today)]
    form = ActForm(
        title="发布公开问答",
        button="发布到指南",
        done="已经在办事指南上公开。",
        back=LIST,
        invalid=(InvalidActError,),
        refused=(EnquiryError,),
        note="用自己的话写,不要照抄提问:里面不能有任何人的姓名、电话、证件号码。",
        fields=lambda typed: [
            {
                "name": "item",
                "label": "事项",
                "kind": "select",
                "options": [
                    {"value": code, "label": name, "selected": code == typed.get("item")}
                    for code, name in names
                ],
            },
            line("question", "问题", typed, maxlength=200, width="w-full"),
            textarea("answer", "答复", typed),
        ],
    )
    return form.answer(
        request,
        lambda at: publishing.publish_answer(
            item=request.POST.get("item", ""),
            question=request.POST.get("question", ""),
            answer=request.POST.get("answer", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_POST
@staff_page(EDIT)
def withdraw(request: HttpRequest, answer_id: int) -> HttpResponse:
    row = publishing.withdraw_answer(
        answer_id=answer_id,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    response = HttpResponse(status=303)
    response["Location"] = f"{LIST}?item={row.item_code}"
    return response

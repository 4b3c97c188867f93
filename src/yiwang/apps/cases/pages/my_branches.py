"""The applicant's own acts on the branches: supply what was promised, ask for a hearing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from yiwang.apps.cases.errors import CaseError, InvalidInputError
from yiwang.apps.cases.operations import deferring, procedures
from yiwang.apps.cases.pages.apply import ACCEPTED_WORDS
from yiwang.apps.cases.pages.my_acts import _case_page as case_again
from yiwang.apps.cases.pages.my_acts import posted_files, require_supply
from yiwang.apps.cases.pages.own import own_whole_case
from yiwang.apps.cases.pages.replies import see_other
from yiwang.foundation.access import Actor
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.shell.access import citizen_page
from yiwang.kernel.machine import TransitionNotAllowedError


@citizen_page
def gaps(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand in the materials that were promised (容缺)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = own_whole_case(case_id, actor=actor)
    require_supply(whole.case, actor)
    error = ""
    if request.method == "POST":
        try:
            deferring.supply_gaps(
                case_id=case_id,
                files=posted_files(request),
                actor=actor,
                at=request.at,  # type: ignore[attr-defined]
            )
        except InvalidInputError as found:
            error = "".join(found.fields.values())
        except (CaseError, TransitionNotAllowedError, FileRefusedError) as found:
            error = str(getattr(found, "message", "") or found)
        else:
            messages.success(request, "补交的材料已收到,核对后继续办理。现在不用您做什么。")
            return see_other(f"/my/cases/{case_id}/")
    rows = [row for row in whole.materials if row.is_deferred]
    if not rows:
        messages.info(request, "这个办件没有要补交的容缺材料。")
        return see_other(f"/my/cases/{case_id}/")
    context = {
        "case": whole.case,
        "item": whole.definition,
        "rows": [
            {"code": r.code, "name": r.name, "is_asked": r.status == "MISSING",
             "status": r.get_status_display(), "advice": "", "problem": r.problem}
            for r in rows
        ],
        "error": error,
        "accepted_words": ACCEPTED_WORDS,
    }  # fmt: skip
    status = 422 if error else 200
    return render(request, "cases/portal/gaps.html", context, status=status)


@require_POST
@citizen_page
def hearing(request: HttpRequest, case_id: int, procedure_id: int) -> HttpResponse:
    """要求听证: one press, within the time that was told."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        procedures.request_hearing(
            case_id=case_id,
            procedure_id=procedure_id,
            who="",
            actor=actor,
            at=request.at,  # type: ignore[attr-defined]
        )
    except (CaseError, TransitionNotAllowedError) as error:
        return case_again(request, case_id, error)
    messages.success(request, "已收到您的听证要求。举行前至少 7 个工作日书面通知您。")
    return see_other(f"/my/cases/{case_id}/")

"""Changing what a case holds, at the window: 当场更正 of the form, 代收补正."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.errors import CaseError, InvalidInputError
from yiwang.apps.cases.operations import proposing, receiving
from yiwang.apps.cases.pages.staff_fields import (
    error_list,
    files_of,
    form_fields,
    merged,
    version_of,
)
from yiwang.apps.cases.queries import WholeCase, whole_case
from yiwang.apps.catalog.public import read_posted
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.machine import TransitionNotAllowedError

DONE = {
    "correct": "申请表已当场更正。",
    "supply": "已收到补正材料,重新开始收件告知期限。",
    "propose": "已提出更正,等另一位有决定权限的工作人员确认后生效。",
}
WORDS = {
    "correct": {"title": "当场更正", "save": "保存更正", "when": "当场更正只能在受理之前进行。"},
    "supply": {
        "title": "代收补正材料",
        "save": "收下补正材料",
        "when": "只有等待补正的办件才能代收补正材料。",
    },
    "propose": {
        "title": "提出更正办件信息",
        "save": "提出更正",
        "when": "已经终结的办件不能更正。",
    },
}
_STATES = {
    "correct": (CaseState.RECEIVED,),
    "supply": (CaseState.CORRECTION,),
    "propose": (CaseState.RECEIVED, CaseState.CORRECTION, CaseState.REVIEW, CaseState.GRANTED,
                CaseState.REFUSED),
}  # fmt: skip
Failure = CaseError | TransitionNotAllowedError | FileRefusedError


@require_http_methods(["GET", "POST"])
@staff_page(permissions.ACCEPT)
def correct(request: HttpRequest, case_id: int) -> HttpResponse:
    """当场更正: the answers, put right at the window (行政许可法 §32(3))."""
    return _page(request, case_id, "correct")


@require_http_methods(["GET", "POST"])
@staff_page(permissions.RECEIVE)
def supply(request: HttpRequest, case_id: int) -> HttpResponse:
    """代收补正: what the applicant brings to the window after a correction notice."""
    return _page(request, case_id, "supply")


@require_http_methods(["GET", "POST"])
@staff_page(permissions.ACCEPT, permissions.REVIEW, permissions.DECIDE)
def propose(request: HttpRequest, case_id: int) -> HttpResponse:
    """提出更正办件信息: nothing changes before a second person agrees."""
    return _page(request, case_id, "propose")


def _page(request: HttpRequest, case_id: int, mode: str) -> HttpResponse:
    whole = whole_case(case_id, actor=request.actor)  # type: ignore[attr-defined]
    form: dict[str, Any] = whole.form
    errors: dict[str, str] = {}
    failure: Failure | None = None
    if request.method == "POST":
        form = merged(whole.definition, whole.form, read_posted(whole.definition, request.POST))
        try:
            _perform(request, case_id, mode, form)
        except (CaseError, TransitionNotAllowedError, FileRefusedError) as error:
            failure = error
            errors = error.fields if isinstance(error, InvalidInputError) else {}
        else:
            messages.success(request, DONE[mode])
            return HttpResponseRedirect(f"/cases/{case_id}/", status=303)
    context = _context(whole, form, errors, failure, mode, request)
    status = 200 if failure is None else 409
    if isinstance(failure, InvalidInputError | FileRefusedError):
        status = 422
    return render(request, "cases/staff/rework.html", context, status=status)


def _perform(request: HttpRequest, case_id: int, mode: str, form: dict[str, Any]) -> None:
    who: dict[str, Any] = {
        "case_id": case_id,
        "actor": request.actor,  # type: ignore[attr-defined]
        "at": request.at,  # type: ignore[attr-defined]
        "version": version_of(request.POST),
    }
    files = files_of(request.FILES)
    if mode == "correct":
        receiving.correct_on_spot(form=form, files=files, **who)
    elif mode == "propose":
        proposing.propose(
            kind="CORRECT_DATA", form=form, reason=request.POST.get("proposal_reason", ""), **who
        )
    else:
        receiving.supply_correction(
            form=form, files=files, paper=request.POST.getlist("paper"), **who
        )


def _context(
    whole: WholeCase,
    form: dict[str, Any],
    errors: dict[str, str],
    failure: Failure | None,
    mode: str,
    request: HttpRequest,
) -> dict[str, Any]:
    """The form with secret values left out of the page; typed ones as typed."""
    typed = read_posted(whole.definition, request.POST) if request.method == "POST" else {}
    sections = form_fields(whole.definition, form, errors, keep_secret=True)
    for part in (part for section in sections for part in section["fields"]):
        if part["name"] in typed and not part["value"]:
            part["value"] = typed[part["name"]]  # a secret typed just now is the clerk's own
    return {
        "case": whole.case,
        "definition": whole.definition,
        "mode": mode,
        "sections": sections,
        "materials": whole.materials,
        "errors": error_list([f for section in sections for f in section["fields"]]),
        "failure": "" if failure is None else str(getattr(failure, "message", "") or failure),
        "is_possible": whole.case.state in _STATES[mode],
        "words": WORDS[mode],
        "proposal_reason": request.POST.get("proposal_reason", ""),
        "reason_error": errors.get("reason", "") or errors.get("form", ""),
    }

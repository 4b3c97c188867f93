"""What an applicant does with a case: correct it, withdraw it, sign for the result."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.errors import CaseError, ConflictError, InvalidInputError
from yiwang.apps.cases.models import Case, CaseMaterial
from yiwang.apps.cases.operations import delivering, ending, receiving
from yiwang.apps.cases.pages.fields import field_rows
from yiwang.apps.cases.pages.my import case_context
from yiwang.apps.cases.pages.own import own_case, own_whole_case
from yiwang.apps.cases.pages.replies import error_rows, see_other, version_of
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.cases.seeing import may_do, stands_for
from yiwang.apps.catalog.public import form_sections, read_posted
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.documents.content import ListedItem
from yiwang.foundation.documents.issuing import content_of
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.storing import ACCEPTED_WORDS, LARGEST, FileRefusedError
from yiwang.foundation.shell.access import citizen_page
from yiwang.kernel.machine import TransitionNotAllowedError

FILES_AGAIN = "选好的文件浏览器不会保留,请重新选择。"


def _case_page(
    request: HttpRequest, case_id: int, error: CaseError | TransitionNotAllowedError
) -> HttpResponse:
    """The case as it is now, with why the act was not taken."""
    context = case_context(
        case_id,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    context |= {"not_taken": error.message, "typed": request.POST.get("reason", "")}
    return render(request, "cases/portal/case.html", context, status=409)


@citizen_page
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    """Withdraw the application, after asking."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    case = own_case(case_id, actor=actor)
    if not stands_for(actor, case):
        raise AccessDeniedError("撤回申请要由申请人本人办理,网上委托不包括这一项。")
    if request.method == "POST":
        try:
            ending.withdraw(
                case_id=case_id,
                reason=request.POST.get("reason", ""),
                actor=actor,
                at=at,
                version=version_of(request.POST.get("version", "")),
            )
        except (ConflictError, TransitionNotAllowedError) as error:
            return _case_page(request, case_id, error)
        messages.success(request, "已撤回申请。需要时可以重新申请。")
        return see_other(f"/my/cases/{case_id}/")
    return render(request, "cases/portal/withdraw.html", {"case": case})


@citizen_page
def sign(request: HttpRequest, case_id: int) -> HttpResponse:
    """Sign for the result in one's own account."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    own_case(case_id, actor=actor)
    if request.method != "POST":
        return see_other(f"/my/cases/{case_id}/")
    try:
        delivering.deliver_online(
            case_id=case_id,
            actor=actor,
            at=at,
            version=version_of(request.POST.get("version", "")),
        )
    except InvalidInputError as error:
        error.message = "".join(error.fields.values())
        return _case_page(request, case_id, error)
    except (CaseError, TransitionNotAllowedError) as error:
        return _case_page(request, case_id, error)
    messages.success(request, "已签收。结果文书在下面,随时可以下载。")
    return see_other(f"/my/cases/{case_id}/")


@citizen_page
def correct(request: HttpRequest, case_id: int) -> HttpResponse:
    """Answer a correction notice: what was asked, the files, and the form where it must change."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    whole = own_whole_case(case_id, actor=actor)
    require_supply(whole.case, actor)
    if request.method == "POST":
        return _supply(request, whole, actor, at)
    if whole.case.state != CaseState.CORRECTION:
        messages.info(request, "这个办件现在没有要补正的内容。")
        return see_other(f"/my/cases/{case_id}/")
    return _correct_page(request, whole, whole.form)


def require_supply(case: Case, actor: Actor) -> None:
    """Raises AccessDeniedError before anything is typed for nothing."""
    if not may_do(actor, case, MandateAct.SUPPLY):
        raise AccessDeniedError("委托里没有「补正和补交材料」这一项。请委托人自己办,或改委托。")


def _supply(request: HttpRequest, whole: WholeCase, actor: Actor, at: datetime) -> HttpResponse:
    answers = read_posted(whole.definition, request.POST)
    try:
        files = posted_files(request)
        if not files and answers == whole.form:
            raise InvalidInputError(
                {"correction": "请上传要补的文件,或修改要改的内容,再提交补正。"}
            )
        receiving.supply_correction(
            case_id=whole.case.pk,
            form=answers,
            files=files,
            actor=actor,
            at=at,
            version=version_of(request.POST.get("version", "")),
        )
    except InvalidInputError as error:
        return _correct_page(request, whole, answers, errors=error.fields, status=422)
    except FileRefusedError as error:
        return _correct_page(request, whole, answers, errors={"correction": str(error)}, status=422)
    except (ConflictError, TransitionNotAllowedError) as error:
        newest = own_whole_case(whole.case.pk, actor=actor)
        return _correct_page(request, newest, answers, not_taken=error.message, status=409)
    messages.success(request, "补正已提交。答复期限从今天重新计算,现在不用您做什么。")
    return see_other(f"/my/cases/{whole.case.pk}/")


def posted_files(request: HttpRequest) -> dict[str, tuple[str, bytes]]:
    """Posted files by material. Raises FileRefusedError for one that is too large."""
    found = {}
    for code, file in request.FILES.items():
        name = str(getattr(file, "name", "") or "文件")
        if (getattr(file, "size", 0) or 0) > LARGEST:
            raise FileRefusedError(f"「{name}」超过 20 MB。请压缩或分开上传。")
        found[code.removeprefix("file-")] = (name, file.read())  # type: ignore[union-attr]
    return found


def _correct_page(
    request: HttpRequest,
    whole: WholeCase,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    not_taken: str = "",
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    sections = [
        (part, field_rows(whole.definition, part, answers, errors=errors))
        for part in form_sections(whole.definition)
    ]
    asked = asked_items(whole)
    rows = _materials(whole, asked)
    is_known = any(row["is_asked"] for row in rows)
    names = {field["name"] for _, fields in sections for field in fields}
    context = {
        "whole": whole,
        "case": whole.case,
        "item": whole.definition,
        "asked": asked,
        "materials": [row for row in rows if row["is_asked"]] or rows,
        "others": [row for row in rows if not row["is_asked"]] if is_known else [],
        "sections": sections,
        "is_form_open": any(name in names for name in errors),
        "errors": error_rows(errors),
        "error": errors.get("correction", ""),
        "not_taken": not_taken,
        "again": FILES_AGAIN if request.FILES else "",
        "accepted_words": ACCEPTED_WORDS,
    }
    return render(request, "cases/portal/correct.html", context, status=status)


def asked_items(whole: WholeCase) -> list[ListedItem]:
    """What the last correction notice asks for, as it is printed there: one statement."""
    notices = [d.pk for d in whole.documents if d.kind == "CORRECTION_NOTICE"]
    if not notices:
        return []
    notice: uuid.UUID = notices[-1]
    document = content_of(LegalDocument.objects.get(pk=notice))
    return [item for group in document.lists for item in group.items]


def _is_asked(row: CaseMaterial, asked: list[ListedItem]) -> bool:
    """True where the notice names the material, wholly or by the head of its name."""
    if row.problem or (row.required and row.status == "MISSING"):
        return True
    return any(item.text in row.name or row.name in item.text for item in asked)


def _materials(whole: WholeCase, asked: list[ListedItem]) -> list[dict[str, Any]]:
    """The materials that can be handed in again, and which of them the notice names."""
    return [
        {
            "code": row.code,
            "name": row.name,
            "problem": row.problem,
            "status": row.get_status_display(),
            "is_asked": _is_asked(row, asked),
            "advice": material.advice if material else "",
        }
        for row in whole.materials
        for material in [whole.definition.material(row.code)]
        if material is not None and material.source != "FORM"
    ]

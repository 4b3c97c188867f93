"""Applying online: for whom, one section a page, materials, a check, and handing in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import CaseChannel
from yiwang.apps.cases.operations import drafts, filing, reusing
from yiwang.apps.cases.pages.applying import (
    Application,
    Beginning,
    application,
    beginning_of,
    material_rows,
)
from yiwang.apps.cases.pages.fields import answer_rows
from yiwang.apps.cases.pages.replies import error_rows, see_other
from yiwang.apps.cases.pages.sections import LATER, render_apply
from yiwang.apps.catalog.public import current_version
from yiwang.foundation.files.storing import ACCEPTED_WORDS, LARGEST, FileRefusedError
from yiwang.foundation.shell.access import citizen_page
from yiwang.foundation.shell.entrance import entrance_of
from yiwang.kernel.moment import civil_date

ACCEPT = "application/pdf,image/jpeg,image/png,image/heic,image/tiff"


@citizen_page
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Choose for whom, and begin."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    version = current_version(code, today=civil_date(at))
    if version is None or not version.definition.online:
        raise Http404
    found = beginning_of(version, actor=actor)
    errors: dict[str, str] = {}
    if request.method == "POST" and not found.why_nobody:
        try:
            applicant, hall = found.choose(
                request.POST.get("applicant", ""), request.POST.get("hall", "")
            )
        except InvalidInputError as error:
            errors = error.fields
        else:
            draft = drafts.start_draft(
                version=version,
                applicant=applicant,
                hall=hall,
                channel=CaseChannel.ONLINE,
                actor=actor,
                at=at,
                form=found.form_for(applicant),
                filed_by=found.filer_for(applicant),
            )
            return see_other(f"/apply/{draft.pk}/1/")
    context = {
        "found": found,
        "item": version.definition,
        "applicant_field": _applicant_field(found, request, errors),
        "hall_field": _hall_field(found.halls, request, errors),
        "errors": error_rows(errors),
    }
    return render(request, "cases/portal/start.html", context, status=422 if errors else 200)


def _applicant_field(
    found: Beginning, request: HttpRequest, errors: dict[str, str]
) -> dict[str, Any]:
    parties = found.applicants
    chosen = request.POST.get("applicant") or (str(parties[0].pk) if len(parties) == 1 else "")
    options = [
        {
            "value": str(party.pk),
            "label": found.label_of(party),
            "hint": "" if party.is_natural else f"统一社会信用代码 {party.paper_number}",
            "selected": str(party.pk) == chosen,
        }
        for party in parties
    ]
    return {
        "name": "applicant",
        "label": "为谁办理?",
        "kind": "radios",
        "options": options,
        "error": errors.get("applicant", ""),
    }


def _hall_field(halls: list[Any], request: HttpRequest, errors: dict[str, str]) -> dict[str, Any]:
    chosen = request.POST.get("hall") or (str(halls[0].pk) if halls else "")
    options = [
        {
            "value": str(hall.pk),
            "label": hall.name,
            "hint": f"{hall.address},{hall.hours}",
            "selected": str(hall.pk) == chosen,
        }
        for hall in halls
    ]
    return {
        "name": "hall",
        "label": "由哪个大厅收件?",
        "hint": "需要到现场时去这个大厅;能网上签收的不用去。",
        "kind": "radios",
        "options": options,
        "error": errors.get("hall", ""),
    }


@citizen_page
def materials(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The materials: what is held is ticked off, the rest is uploaded or used again here."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    found = application(draft_id, actor=actor, at=at, with_earlier=request.method != "POST")
    errors: dict[str, str] = {}
    if request.method == "POST":
        if request.POST.get("act") == "commit":
            return _commit(request, found)
        if code := request.POST.get("remove"):
            drafts.remove_file(draft_id=draft_id, code=code, actor=actor, at=at)
            return see_other(f"{found.base}/materials/#material-{code}")
        errors = _take_files(request, found) | _use_again(request, found)
        if not errors:
            return _after_upload(request, found)
        found = application(draft_id, actor=actor, at=at, with_earlier=True)
    disputed = request.GET.get("dispute", "")
    rows = material_rows(found, errors, disputed)
    context = {
        "rows": rows,
        "has_needed": any(row["state"] == "needed" for row in rows),
        "errors": [{"text": text, "url": f"#{name}"} for name, text in errors.items()],
        "number": len(found.sections) + 1,
        "steps": len(found.sections) + 2,
        "accept": ACCEPT,
        "accepted_words": ACCEPTED_WORDS,
    }
    return render_apply(
        request, "cases/portal/materials.html", found, context, 422 if errors else 200
    )


def _commit(request: HttpRequest, found: Application) -> HttpResponse:
    """告知承诺 or the ordinary way: chosen here, and changed here until it is handed in."""
    try:
        drafts.choose_commitment(
            draft_id=found.draft.pk,
            code=request.POST.get("commitment", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except InvalidInputError as error:
        messages.warning(request, "".join(error.fields.values()))
    return see_other(f"{found.base}/materials/#commitment")


def _take_files(request: HttpRequest, found: Application) -> dict[str, str]:
    """Keep every file that can be kept; what cannot, by material, with the reason."""
    errors = {}
    for code, file in request.FILES.items():
        name = str(getattr(file, "name", "") or "文件")
        try:
            if (getattr(file, "size", 0) or 0) > LARGEST:
                raise FileRefusedError("文件超过 20 MB。请压缩或分开上传。")
            drafts.add_file(
                draft_id=found.draft.pk,
                code=code,
                name=name,
                content=file.read(),  # type: ignore[union-attr]
                actor=request.actor,  # type: ignore[attr-defined]
                at=request.at,  # type: ignore[attr-defined]
            )
        except FileRefusedError as error:
            errors[f"material-{code}"] = f"「{name}」没有收下:{error}"
        except InvalidInputError as error:
            errors[f"material-{code}"] = "".join(error.fields.values())
    return errors


def _use_again(request: HttpRequest, found: Application) -> dict[str, str]:
    """One click; what was chosen to upload in the same form was kept before."""
    code = request.POST.get("again", "")
    if not code:
        return {}
    try:
        reusing.use_again(
            draft_id=found.draft.pk,
            code=code,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except InvalidInputError as error:
        return error.fields
    return {}


def _after_upload(request: HttpRequest, found: Application) -> HttpResponse:
    if code := request.POST.get("again"):
        messages.success(request, "已用上您以前交过的这份材料,草稿已保存。")
        return see_other(f"{found.base}/materials/#material-{code}")
    match request.POST.get("act"):
        case "later":
            messages.success(request, LATER)
            return see_other("/my/")
        case "upload":
            if request.FILES:
                messages.success(request, f"已上传 {len(request.FILES)} 份材料,草稿已保存。")
            return see_other(f"{found.base}/materials/")
    return see_other(f"{found.base}/check/")


@citizen_page
def check(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Everything on one page, with what is missing; then handing in. Twice gives one case."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        try:
            case = filing.submit(
                draft_id=draft_id, actor=actor, at=at, entrance=entrance_of(request)
            )
        except InvalidInputError:
            status = 422
        else:
            return see_other(f"/my/cases/{case.pk}/receipt/")
    found = application(draft_id, actor=actor, at=at)
    context = {
        "problems": found.problem_rows(),
        "is_refused": status == 422,
        "sections": [
            (part, f"{found.base}/{n}/", answer_rows(part, found.draft.form, change_url=url))
            for n, part in enumerate(found.sections, 1)
            for url in [f"{found.base}/{n}/"]
        ],
        "rows": material_rows(found, {}),
        "number": len(found.sections) + 2,
        "steps": len(found.sections) + 2,
    }
    return render_apply(request, "cases/portal/check.html", found, context, status)


@citizen_page
def discard(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Delete a draft, after asking."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    if request.method == "POST":
        drafts.discard_draft(draft_id=draft_id, actor=actor, at=at)
        messages.success(request, "草稿已删除,没有提交过任何内容。")
        return see_other("/my/")
    found = application(draft_id, actor=actor, at=at)
    return render_apply(request, "cases/portal/discard.html", found, {})

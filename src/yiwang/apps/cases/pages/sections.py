"""The form of an application, one section a page; and what a device kept while it was offline."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from yiwang.apps.cases.errors import ConflictError
from yiwang.apps.cases.operations import drafts
from yiwang.apps.cases.pages.applying import Application, application
from yiwang.apps.cases.pages.fields import (
    answer_text,
    draft_prefill,
    field_rows,
    posted_section,
)
from yiwang.apps.cases.pages.replies import error_rows, see_other, version_of
from yiwang.apps.catalog.public import Section, check_form
from yiwang.foundation.shell.access import citizen_page

LATER = "草稿已保存,尚未提交。您可以随时在「我的办件」里接着填。"


def render_apply(
    request: HttpRequest, name: str, found: Application, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of an application with what its head shows."""
    context |= {"found": found, "item": found.definition, "draft": found.draft}
    return render(request, name, context, status=status)


@citizen_page
def section(request: HttpRequest, draft_id: uuid.UUID, number: int) -> HttpResponse:
    """One section of the form. What was typed is kept in any case; 保存并继续 checks it."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    found = application(draft_id, actor=actor, at=at)
    asked = _section_of(found, number)
    errors: dict[str, str] = {}
    if request.method == "POST":
        answers = posted_section(found.definition, asked, request.POST)
        version = version_of(request.POST.get("version", ""))
        try:
            saved = drafts.save_draft(
                draft_id=draft_id, form=answers, actor=actor, at=at, version=version
            )
        except ConflictError:
            compared = _compared(found, asked, answers)
            if compared:
                return _side_by_side(request, found, number, answers, compared)
            saved = found.draft  # the same was saved elsewhere
        if request.POST.get("act") == "later":
            messages.success(request, LATER)
            return see_other("/my/")
        wrong = {p.field: p.message for p in check_form(found.definition, saved.form)}
        errors = {f.code: wrong[f.code] for f in asked.fields if f.code in wrong}
        if not errors:
            last = number == len(found.sections)
            return see_other(f"{found.base}/{'materials' if last else number + 1}/")
        found.draft.form, found.draft.saved_at = saved.form, at
        found.draft.version = saved.version
    return _section_page(request, found, number, errors, 422 if errors else 200)


def _section_of(found: Application, number: int) -> Section:
    if not 1 <= number <= len(found.sections):
        raise Http404
    return found.sections[number - 1]


def _section_page(
    request: HttpRequest,
    found: Application,
    number: int,
    errors: dict[str, str],
    status: int,
    compared: list[dict[str, str]] | None = None,
) -> HttpResponse:
    asked, draft = found.sections[number - 1], found.draft
    known = draft_prefill(draft, found.definition)
    context = {
        "section": asked,
        "number": number,
        "steps": len(found.sections) + 2,
        "fields": field_rows(found.definition, asked, draft.form, errors=errors, known=known),
        "errors": error_rows(errors),
        "next_title": _next_title(found, number),
        "compared": compared,
    }
    return render_apply(request, "cases/portal/section.html", found, context, status)


def _compared(found: Application, asked: Section, answers: dict[str, Any]) -> list[dict[str, str]]:
    """Where what was saved elsewhere differs from what was typed here."""
    return [
        {
            "label": field.label,
            "theirs": answer_text(field, found.draft.form.get(field.code)),
            "yours": answer_text(field, answers.get(field.code)),
        }
        for field in asked.fields
        if found.draft.form.get(field.code) != answers.get(field.code)
    ]


def _side_by_side(
    request: HttpRequest,
    found: Application,
    number: int,
    answers: dict[str, Any],
    compared: list[dict[str, str]],
) -> HttpResponse:
    """Both beside each other, the form as typed here: the next save is a choice."""
    typed = {k: v for k, v in answers.items() if v is not None}
    kept = {k: v for k, v in found.draft.form.items() if k not in answers}
    found.draft.form = {**kept, **typed}
    return _section_page(request, found, number, {}, 409, compared)


@require_POST
@citizen_page
def keep(request: HttpRequest, draft_id: uuid.UUID, number: int) -> HttpResponse:
    """What a device kept while the network was away, sent when it is back; never over a newer
    version: 409 then, and the device asks."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    found = application(draft_id, actor=actor, at=at)
    answers = posted_section(found.definition, _section_of(found, number), request.POST)
    version = version_of(request.POST.get("version", ""))
    if version is None:
        return JsonResponse({"version": found.draft.version}, status=409)
    try:
        saved = drafts.save_draft(
            draft_id=draft_id, form=answers, actor=actor, at=at, version=version
        )
    except ConflictError:
        return JsonResponse({"version": found.draft.version}, status=409)
    return JsonResponse({"version": saved.version})


def _next_title(found: Application, number: int) -> str:
    return found.sections[number].title if number < len(found.sections) else "材料"

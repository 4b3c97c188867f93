"""Papers and files of cases: each download is authorised, and told to the person it is about."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.models import Case, CaseMaterial, Draft
from yiwang.apps.cases.operations.delivering import RESULT_KINDS
from yiwang.apps.cases.operations.drafts import may_use
from yiwang.apps.cases.queries import visible_case
from yiwang.apps.cases.seeing import is_on_their_side, is_within_mandate, may_do
from yiwang.apps.people.public import MandateAct, unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.shell.access import signed_in_page
from yiwang.foundation.shell.sending import send


@signed_in_page
def document(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A legal paper; while it is being made, a page that says so."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    row = (
        LegalDocument.objects.select_related("file").defer("content").filter(pk=document_id).first()
    )
    case_id = _case_of(row.subject) if row is not None else None
    if row is None or case_id is None:
        raise Http404
    case = visible_case(case_id, actor=actor)
    if row.kind in RESULT_KINDS and _is_kept_from(actor, case):
        raise Http404
    if row.file is None:
        context = {"document": row, "back": _back(case, actor)}
        return render(request, "cases/portal/pending.html", context, status=202)
    _tell(case, f"文书「{row.title} {row.number}」"[:120], actor, at)
    return send(row.file, f"{row.title}.pdf")


def _is_kept_from(actor: Actor, case: Case) -> bool:
    """An agent who was not authorised to collect the result has not got it by a link either."""
    return is_within_mandate(actor, case) and not may_do(actor, case, MandateAct.COLLECT)


def _back(case: Case, actor: Actor) -> str:
    if is_on_their_side(actor, case):
        return f"/my/cases/{case.pk}/"
    return f"/cases/{case.pk}/"


@signed_in_page
def attachment(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """A file of one's own draft, or of a case one may read."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    row = (
        Attachment.objects.select_related("file")
        .filter(pk=attachment_id, removed_at__isnull=True)
        .first()
    )
    if row is None:
        raise Http404
    case_id = _case_of(row.subject) or _case_with(row)
    if case_id is not None:
        case = visible_case(case_id, actor=actor)
        _tell(case, f"材料文件「{row.name}」"[:120], actor, at)
    elif not _is_own_draft(row, actor):
        raise CaseNotFoundError
    return send(row.file, row.name)


def _case_of(subject: str) -> int | None:
    kind, _, key = subject.partition(":")
    return int(key) if kind == "case" and key.isdigit() else None


def _case_with(row: Attachment) -> int | None:
    """The case that took over a file uploaded to its draft: as it is now, or as it was handed in
    and later corrected, which the case's own record says."""
    found = CaseMaterial.objects.filter(attachment=row).values_list("case_id", flat=True).first()
    kind, _, key = row.subject.partition(":")
    if found is not None or kind != "draft":
        return found
    case = Case.objects.filter(filing_key=key).first()
    handed_in = {"materials": {row.purpose: f"file:{row.pk}"}}
    if (
        case is None
        or not RecordEntry.objects.filter(subject=case.subject, facts__contains=handed_in).exists()
    ):
        return None
    return case.pk


def _is_own_draft(row: Attachment, actor: Actor) -> bool:
    kind, _, key = row.subject.partition(":")
    draft = Draft.objects.defer("form").filter(pk=key).first() if kind == "draft" else None
    return draft is not None and may_use(draft, actor)


def _tell(case: Case, what: str, actor: Actor, at: datetime) -> None:
    """Staff opening a person's paper is recorded, and the person can read that it was."""
    if is_on_their_side(actor, case):
        return
    unmask(
        party=case.applicant,
        what=what,
        reason=f"办理办件 {case.short_number}",
        actor=actor,
        at=at,
        subject=case.subject,
    )

"""我的办件: the list, one case, and its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.cases.domain.machine import BEFORE_DECISION, CaseState
from yiwang.apps.cases.models import OriginalCheck
from yiwang.apps.cases.operations.delivering import RESULT_KINDS
from yiwang.apps.cases.operations.filing import query_code_of
from yiwang.apps.cases.pages.applying import file_row
from yiwang.apps.cases.pages.fields import answer_rows
from yiwang.apps.cases.pages.own import (
    messages_of,
    own_case,
    own_whole_case,
    papers_for,
    result_of,
    step_for,
)
from yiwang.apps.cases.pages.own import overview as own_overview
from yiwang.apps.cases.pages.replies import groups
from yiwang.apps.cases.pages.standing import originals_of
from yiwang.apps.cases.pages.story import paper_cards, story
from yiwang.apps.cases.pages.strips import case_strip
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.cases.seeing import may_do, stands_for
from yiwang.apps.catalog.public import form_sections
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import Actor
from yiwang.foundation.documents import qr
from yiwang.foundation.links import public_url
from yiwang.foundation.shell.access import citizen_page


@citizen_page
def overview(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after") or None
    found = own_overview(
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        after=after,
    )
    pager = None
    if after or found.next_cursor:
        pager = {
            "previous_url": "/my/" if after else "",
            "next_url": f"/my/?after={found.next_cursor}" if found.next_cursor else "",
            "note": "" if not after else "← 回到最新的办件",
        }
    return render(
        request, "cases/portal/my.html", {"found": found, "pager": pager, "is_first": not after}
    )


@citizen_page
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    return render(request, "cases/portal/case.html", case_context(case_id, actor=actor, at=at))


def case_context(case_id: int, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything the case page shows. Raises CaseNotFoundError."""
    whole = own_whole_case(case_id, actor=actor)
    told = messages_of(whole.case, actor)
    is_own = stands_for(actor, whole.case)
    own = f"/my/cases/{case_id}"
    papers = papers_for(whole, actor)
    return {
        "whole": whole,
        "case": whole.case,
        "item": whole.definition,
        "step": step_for(whole.case, actor, at),
        "result": result_of(whole, actor),
        "agent_of": "" if is_own else whole.case.applicant_label,
        "strip": case_strip(whole, at),
        "strip_title": strip_title(whole),
        "entries": story(whole, actor),
        "cards": paper_cards(papers),
        "has_results": any(row.file_id and row.kind in RESULT_KINDS for row in papers),
        "sections": [
            (part, answer_rows(part, whole.form, masked=True))
            for part in form_sections(whole.definition)
        ],
        "materials": material_rows(whole),
        "told": told,
        "rate": next((m for m in told if m.link and not m.link.startswith(own)), None),
        "can_withdraw": is_own and whole.case.state in BEFORE_DECISION,
        "procedures": whole.procedures,
        "outside": whole.outside,
        "originals_due": originals_of(whole, OriginalCheck.DUE),
        "missing_gaps": [
            r.name
            for r in whole.materials
            if r.is_deferred
            and r.status == "MISSING"
            and whole.case.state == CaseState.REVIEW
            and may_do(actor, whole.case, MandateAct.SUPPLY)
        ],
    }


def strip_title(whole: WholeCase) -> str:
    """What the strip counts: the time to decide goes by its common name."""
    current = whole.clocks.current or whole.clocks.promised or whole.clocks.receipt
    is_decision = current is not None and current is whole.clocks.promised
    return "办理时限" if is_decision or current is None else current.title


def material_rows(whole: WholeCase) -> list[dict[str, Any]]:
    """The materials as they were handed in."""
    return [
        {
            "name": row.name,
            "status": row.get_status_display(),
            "note": row.note,
            "file": file_row(row.attachment) if row.attachment else None,
        }
        for row in whole.materials
        if row.required or row.status != "MISSING"
    ]


@citizen_page
def receipt(request: HttpRequest, case_id: int) -> HttpResponse:
    """The receipt: number, query code, QR, what happens next and by which day."""
    whole = own_whole_case(case_id, actor=request.actor)  # type: ignore[attr-defined]
    context = {
        "whole": whole,
        "case": whole.case,
        "item": whole.definition,
        "query_code": query_code_of(whole.case),
        "step": step_for(whole.case, request.actor, request.at),  # type: ignore[attr-defined]
        "number_groups": groups(whole.case.number),
        "paper": next((d for d in whole.documents if d.kind == "RECEIPT"), None),
        "materials": material_rows(whole),
    }
    return render(request, "cases/portal/receipt.html", context)


@citizen_page
def qr_code(request: HttpRequest, case_id: int) -> HttpResponse:
    """The QR code of the receipt: the progress page with the number, never the query code."""
    row = own_case(case_id, actor=request.actor)  # type: ignore[attr-defined]
    address = public_url(f"/progress/?number={row.short_number}")
    return HttpResponse(qr.svg(address, title="办理进度"), content_type="image/svg+xml")

"""One case on one screen: head, the one next act, form and materials, route, papers, record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.machine import FINALS, CaseState
from yiwang.apps.cases.domain.templates import FIELDS
from yiwang.apps.cases.operations.disclosing import disclose
from yiwang.apps.cases.operations.templating import text_for, usable_templates, values_for
from yiwang.apps.cases.pages import telling
from yiwang.apps.cases.pages.act_forms import CONFIRM, FORMS, Asking
from yiwang.apps.cases.pages.materials import gaps_of_form, line_rows, material_rows
from yiwang.apps.cases.pages.proposals import proposals_of
from yiwang.apps.cases.pages.staff_fields import error_list, form_rows
from yiwang.apps.cases.pages.standing import (
    Offer,
    can_grant_at_once,
    deputy_label,
    may_act,
    next_act,
    offers,
    open_steps_for,
)
from yiwang.apps.cases.pages.strips import case_strip
from yiwang.apps.cases.pages.taking_in import take_in_card
from yiwang.apps.cases.papers import remedy_of
from yiwang.apps.cases.queries import WholeCase, whole_case
from yiwang.apps.people.public import UNMASK, account_labels
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import DocumentStatus
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.masking import mask_paper

READERS = (
    permissions.RECEIVE,
    permissions.ACCEPT,
    permissions.REVIEW,
    permissions.DECIDE,
    permissions.DELIVER,
    permissions.READ_ORGAN,
    permissions.SUPERVISE,
)
DESK = frozenset({"accept", "request_correction", "correct_on_spot", "accept_with_gaps"})
WORKERS = (permissions.ACCEPT, permissions.REVIEW, permissions.DECIDE)
NEGATIVE = frozenset({"not_required", "decline", "refuse", "terminate"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """An act that did not happen: what was typed stays, with the reason beside it."""

    slug: str
    data: Any = field(default_factory=lambda: QueryDict())
    fields: dict[str, str] = field(default_factory=dict)
    message: str = ""
    status: int = 200
    is_conflict: bool = False

    @property
    def action(self) -> str:
        return self.slug.replace("-", "_")


NOTHING = Attempt("")


@require_GET
@staff_page(*READERS)
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case whole. `?open=` names the material whose file is shown beside its points."""
    return case_page(request, case_id)


@require_GET
@staff_page(*READERS)
def preview(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case in short, beside a list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = whole_case(case_id, actor=actor)
    found = offers(whole, actor)
    context = _head(whole, actor, request.at, found)  # type: ignore[attr-defined]
    materials = material_rows(whole, actor, QueryDict(), {}, "")
    return render(request, "cases/staff/_preview.html", {**context, "materials": materials})


@require_GET
@staff_page(*READERS)
def papers(request: HttpRequest, case_id: int) -> HttpResponse:
    """The papers of the case, asked again while one is being made."""
    whole = whole_case(case_id, actor=request.actor)  # type: ignore[attr-defined]
    return render(request, "cases/staff/_papers.html", {"case": whole.case, **_papers(whole)})


@require_POST
@staff_page(UNMASK)
def unmask(request: HttpRequest, case_id: int) -> HttpResponse:
    """The full data for this one answer, after a reason was recorded that the person can read."""
    reason = request.POST.get("reason", "")
    try:
        disclose(case_id=case_id, reason=reason, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    except ValueError as error:
        attempt = Attempt("unmask", request.POST, {"reason": str(error)}, str(error), 422)
        return case_page(request, case_id, attempt=attempt)
    return case_page(request, case_id, is_open=True)


def case_page(
    request: HttpRequest, case_id: int, *, attempt: Attempt = NOTHING, is_open: bool = False
) -> HttpResponse:
    """Draw the screen; after an attempt with its status, its reason and what was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = whole_case(case_id, actor=actor)
    at: datetime = request.at  # type: ignore[attr-defined]
    found = offers(whole, actor)
    inserts = inserts_for(whole, actor, found)
    context = {
        **_head(whole, actor, at, found),
        **_left(whole, actor, attempt, request.GET.get("open", ""), is_open),
        **_right(whole),
        "acts": _act_forms(whole, actor, found, attempt, at, inserts),
        "desk_templates": inserts.get("save-checks", []),
        "refused": [offer for offer in found if offer.reason],
        "attempt": attempt,
        "errors": [],
        "is_open": is_open,
        "may_unmask": actor.may(UNMASK),
        "show_refused": whole.case.state not in FINALS,
        "can_grant_at_once": can_grant_at_once(whole, actor),
        "proposals": proposals_of(whole, actor),
        "may_propose": whole.case.state not in (*FINALS, CaseState.RECEIVED, CaseState.FORWARDED)
        and any(may_act(actor, p, whole.case) for p in WORKERS),
        "commitment": whole.definition.commitment(whole.case.commitment),
        "take_in": take_in_card(whole, actor),
    }
    context["errors"] = _errors(context, attempt)
    return render(request, "cases/staff/case.html", context, status=attempt.status)


def _head(whole: WholeCase, actor: Actor, at: datetime, found: list[Offer]) -> dict[str, Any]:
    case = whole.case
    applicant = case.applicant
    kind = PaperKind(applicant.paper_kind)
    return {
        "case": case,
        "whole": whole,
        "strip": case_strip(whole, at),
        "next": next_act(whole, actor, found),
        "deputy": deputy_label(actor, case),
        "paper_kind": kind.label,
        "paper_number": mask_paper(kind, applicant.paper_number),
        "kind_label": whole.definition.case_kind.label,
    }


def _left(
    whole: WholeCase, actor: Actor, attempt: Attempt, opened: str, is_open: bool
) -> dict[str, Any]:
    desk = {offer.action: offer for offer in offers(whole, actor) if offer.action in DESK}
    is_desk = any(not offer.reason for offer in desk.values())
    gaps = gaps_of_form(whole) if is_desk else {}
    return {
        "sections": form_rows(whole.definition, whole.form, is_open=is_open),
        "full_paper": whole.case.applicant.paper_number if is_open else "",
        "full_name": whole.case.applicant.name if is_open else "",
        "is_desk": is_desk,
        "desk": desk,
        "gaps": gaps,
        **_desk_materials(whole, actor, attempt, opened),
        "lines": line_rows(attempt.data, gaps),
    }


def _desk_materials(
    whole: WholeCase, actor: Actor, attempt: Attempt, opened: str
) -> dict[str, Any]:
    """The materials; after a 容缺受理 the deferred ones that came in are checked apart."""
    rows = material_rows(whole, actor, attempt.data, attempt.fields, opened)
    late = [r for r in rows if r["row"].is_deferred and r["needs_check"]]
    is_checking = (
        whole.case.state == CaseState.REVIEW
        and late
        and may_act(actor, permissions.ACCEPT, whole.case)
    )
    return {"materials": rows, "late_materials": late if is_checking else []}


def _right(whole: WholeCase) -> dict[str, Any]:
    labels = account_labels(telling.refs_of(whole))
    return {
        "route": telling.route_rows(whole),
        "entries": telling.record_rows(whole, labels),
        "clock_rows": telling.clock_rows(whole, labels),
        "decision": telling.decision_row(whole.case),
        "verdict": telling.verdict_rows(whole.case.instant_verdict),
        "procedures": whole.procedures,
        "outside": whole.outside,
        **_papers(whole),
    }


def _papers(whole: WholeCase) -> dict[str, Any]:
    return {
        "papers": telling.document_rows(whole.documents),
        "papers_pending": any(d.status == DocumentStatus.PENDING for d in whole.documents),
    }


def _act_forms(
    whole: WholeCase,
    actor: Actor,
    found: list[Offer],
    attempt: Attempt,
    at: datetime,
    inserts: dict[str, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    rows = []
    for offer in found:
        if offer.action not in FORMS or (offer.reason and offer.action != attempt.action):
            continue
        is_tried = offer.action == attempt.action
        ask = Asking(
            whole,
            actor,
            offer.slug,
            attempt.data if is_tried else QueryDict(),
            attempt.fields if is_tried else {},
            at,
        )
        rows.append(
            {
                "offer": offer,
                "into": FIELDS[offer.slug][1] if offer.slug in FIELDS else "",
                "templates": inserts.get(offer.slug, []),
                "fields": FORMS[offer.action](ask),
                "confirm": CONFIRM.get(offer.action, ""),
                "is_negative": offer.action in NEGATIVE,
                "remedy": remedy_of(whole.definition) if offer.action in NEGATIVE else "",
                "is_tried": is_tried,
            }
        )
    return rows


def inserts_for(
    whole: WholeCase, actor: Actor, found: list[Offer]
) -> dict[str, list[dict[str, Any]]]:
    """Address of an open act → the texts that can be put in, filled for this case. One statement,
    none where no act takes a text."""
    slugs = [offer.slug for offer in found if not offer.reason]
    slugs = ["save-checks" if slug == "request-correction" else slug for slug in slugs]
    wanted = {slug: FIELDS[slug][0] for slug in slugs if slug in FIELDS}
    if not wanted:
        return {}
    rows = usable_templates(whole.case, actor=actor)
    values = values_for(whole.case, whole.materials) if rows else {}
    steps = {step.name for step in open_steps_for(whole, actor)}
    return {
        slug: [
            {"pk": row.pk, "title": row.title, "text": text_for(row, values)}
            for row in rows
            if row.use == use and (not row.step or row.step in steps)
        ]
        for slug, use in wanted.items()
    }


def _errors(context: dict[str, Any], attempt: Attempt) -> list[dict[str, str]]:
    """The error summary: links to fields and materials, then what has no place on the page."""
    fields = [f for row in context["acts"] for f in row["fields"]]
    listed = error_list(fields)
    told = {error["text"] for error in listed}
    for name, text in attempt.fields.items():
        if text in told:
            continue
        url = f"#material-{name.removeprefix('file-')}"
        if name.startswith("form-"):
            url = "#form"
        elif name == "items":
            url = "#lines"
        elif name == "reason":
            url = "#id_unmask-reason"
        listed.append({"text": text, "url": url})
    return listed

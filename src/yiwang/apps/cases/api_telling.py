"""From a case as it was read to what the API says of it to this caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.apps.cases.api_schemas import (
    ActOut,
    ApplicantOut,
    CaseBrief,
    CaseWhole,
    ClockOut,
    DayOut,
    DecisionOut,
    DocumentOut,
    FileOut,
    InnerStep,
    MaterialOut,
    OutsideOut,
    OwnCodes,
    PointOut,
    ProcedureOut,
    ProposalOut,
    StepOut,
)
from yiwang.apps.cases.archive import points_of
from yiwang.apps.cases.domain.clocks import RunningClock
from yiwang.apps.cases.domain.machine import MACHINE, CaseAction
from yiwang.apps.cases.domain.policies import guard_reason
from yiwang.apps.cases.models import (
    Case,
    CaseDecision,
    CaseMaterial,
    CaseProposal,
    MaterialStatus,
    OutsideStatus,
    ProcedureState,
    ReviewStep,
    SpecialProcedure,
    StepState,
)
from yiwang.apps.cases.operations.filing import query_code_of
from yiwang.apps.cases.pages.own import papers_for, result_of
from yiwang.apps.cases.pages.staff_fields import is_secret, masked
from yiwang.apps.cases.pages.standing import may_act, offers, open_procedures, situation
from yiwang.apps.cases.permissions import ACCEPT
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.cases.seeing import is_on_their_side, may_do, stands_for
from yiwang.apps.catalog.public import Definition, form_sections
from yiwang.apps.people.public import MandateAct, Party
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.kernel.clock import explain, standing
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.masking import MaskKind, mask, mask_paper
from yiwang.kernel.moment import civil_date


def brief(case: Case) -> CaseBrief:
    """One row; needs `organ`."""
    return CaseBrief(
        id=case.pk,
        version=case.version,
        number=case.number,
        short_number=case.short_number,
        state=case.state,
        state_label=case.state_label,
        item_code=case.item_code,
        item_name=case.item_name,
        organ=case.organ.name,
        applicant=case.applicant_label,
        channel=case.channel,
        entrance=case.entrance,
        is_taken_in=case.taken_in_hall_id is not None,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        is_deemed_accepted=case.is_deemed_accepted,
        decided_at=case.decided_at,
        ended_at=case.ended_at,
        correction_until=case.correction_until,
        receipt_due_on=case.receipt_due_on,
        promised_due_on=case.promised_due_on,
        statutory_due_on=case.statutory_due_on,
        delivery_due_on=case.delivery_due_on,
    )


def tell(whole: WholeCase, *, actor: Actor, at: datetime) -> CaseWhole:
    """The case whole. Personal data only to the person themself (and to who acts for the
    organisation that applied); what staff wrote for each other only to staff."""
    case = whole.case
    on_their_side = is_on_their_side(actor, case)
    is_self = actor.acts_for(case.applicant_id) or (on_their_side and not case.applicant.is_natural)
    may_collect = may_do(actor, case, MandateAct.COLLECT)
    is_inner = actor.is_staff and not on_their_side
    running = [getattr(whole.clocks, n) for n in ("receipt", "promised", "statutory", "delivery")]
    return CaseWhole(
        case=brief(case),
        hall=case.hall.name,
        applicant=applicant_out(case.applicant, is_open=is_self),
        is_masked=not is_self,
        form=whole.form if is_self else masked_form(whole.definition, whole.form),
        clocks=[_clock(clock, at) for clock in running if clock is not None],
        materials=[_material(row, whole.definition, is_inner) for row in whole.materials],
        steps=[_step(row, is_inner) for row in whole.steps],
        documents=[
            _document(row)
            for row in (papers_for(whole, actor) if on_their_side else whole.documents)
        ],
        decision=_decision(case),
        commitment=case.commitment,
        deferral_until=case.deferral_until,
        procedures=[_procedure(row) for row in whole.procedures],
        outside=[_outside(row) for row in whole.outside],
        acts=acts_of(whole, actor),
        codes=_codes(whole) if is_self and may_collect else None,
    )


def applicant_out(party: Party, *, is_open: bool) -> ApplicantOut:
    """Who applies; an organisation's name and number are public."""
    kind = PaperKind(party.paper_kind)
    phone = party.phone or ""
    if is_open:
        name, number = party.name, party.paper_number
    else:
        name, number = party.label, mask_paper(kind, party.paper_number)
        phone = mask(MaskKind.PHONE, phone)
    return ApplicantOut(
        kind=party.kind, name=name, paper_kind=kind.value, paper_number=number, phone=phone
    )


def masked_form(definition: Definition, form: dict[str, Any]) -> dict[str, Any]:
    """The answers with personal ones masked; an answer to no field of the form is left out."""
    fields = {field.code: field for part in form_sections(definition) for field in part.fields}
    return {
        code: masked(fields[code], value)
        if is_secret(fields[code]) and value not in (None, "")
        else value
        for code, value in form.items()
        if code in fields
    }


def acts_of(whole: WholeCase, actor: Actor) -> list[ActOut]:
    """The acts this caller's posts or rights know; `action` is the last part of its address."""
    found = []
    if may_act(actor, ACCEPT, whole.case):
        found.append(_act("tick", "核对材料", "", MACHINE.why_not(whole.case.state, "tick")))
    for offer in offers(whole, actor):
        action = "deliver-at-window" if offer.action == "deliver" else offer.slug
        found.append(_act(action, offer.label, offer.article, offer.reason))
    return found + _own_acts(whole, actor)


def _own_acts(whole: WholeCase, actor: Actor) -> list[ActOut]:
    """Those of the applicant's side: an agent only has what the authorisation names."""
    found, case, state = [], whole.case, whole.case.state
    if may_do(actor, case, MandateAct.SUPPLY):
        found += [
            _act(
                "supply-correction",
                "提交补正",
                "",
                MACHINE.why_not(state, CaseAction.SUPPLY_CORRECTION),
            ),
            _act(
                "supply-gaps",
                "补交容缺材料",
                "",
                MACHINE.why_not(state, CaseAction.SUPPLY_GAPS)
                or guard_reason("has_gaps", situation(whole)),
            ),
        ]
    if may_do(actor, case, MandateAct.COLLECT):
        article = whole.definition.regime.cite("行政许可法 §44")
        found.append(_act("deliver-online", "网上签收", article, _why_not_signed(whole)))
    if stands_for(actor, case):
        found += [
            _act(
                "request-hearing",
                "要求听证",
                whole.definition.regime.cite("行政许可法 §47"),
                "" if open_procedures(whole, "HEARING") else "现在没有可以要求的听证。",
            ),
            _act("withdraw", "撤回申请", "", MACHINE.why_not(state, CaseAction.WITHDRAW)),
        ]
    return found


def _act(action: str, label: str, article: str, reason: str) -> ActOut:
    return ActOut(action=action, label=label, article=article, is_allowed=not reason, reason=reason)


def _why_not_signed(whole: WholeCase) -> str:
    result = result_of(whole)
    if result is None:
        return MACHINE.why_not(whole.case.state, CaseAction.DELIVER)
    if not result.can_sign:
        return "这个事项的结果需要到窗口领取或邮寄,不能网上签收。"
    if result.is_being_made:
        return "正在制证,制证完成并入库后才能领取。"
    return "" if result.is_ready else "结果文书还在制作,制作完成后才能签收。通常只需几秒钟。"


def _codes(whole: WholeCase) -> OwnCodes:
    result = result_of(whole)
    return OwnCodes(
        query_code=query_code_of(whole.case),
        pickup_code=result.pickup_code or None if result else None,
    )


def _clock(clock: RunningClock, at: datetime) -> ClockOut:
    reckoning, timeline = clock.reckoning, clock.timeline
    stands = standing(reckoning, calendar(), timeline.pauses, now=at, finished=timeline.finished)
    last = civil_date(timeline.finished or at)
    lines = explain(reckoning, calendar(), timeline.pauses, until=last)
    finished = timeline.finished if isinstance(timeline.finished, datetime) else None
    return ClockOut(
        name=clock.name,
        title=clock.title,
        limit=reckoning.limit.label,
        article=reckoning.limit.article,
        started_on=reckoning.started,
        due_on=reckoning.due_on,
        due_at=reckoning.due_at,
        finished_at=finished,
        is_provisional=reckoning.is_provisional,
        standing=stands.kind.value,
        standing_text=stands.text,
        days=[
            DayOut(
                on=line.on,
                mark=line.mark.value,
                ordinal=line.ordinal,
                reason=line.reason,
                article=line.article,
                is_provisional=line.is_provisional,
            )
            for line in lines
        ],
    )


def _material(row: CaseMaterial, definition: Definition, is_inner: bool) -> MaterialOut:
    material = definition.material(row.code)
    points = points_of(material, row) if material is not None and is_inner else ()
    return MaterialOut(
        code=row.code,
        name=row.name,
        required=row.required,
        status=row.status,
        status_label=MaterialStatus(row.status).label,
        note=row.note,
        problem=row.problem,
        file=_file(row),
        is_opened=row.opened_at is not None,
        is_handed_back=row.is_handed_back,
        original=row.original,
        is_deferred=row.is_deferred,
        points=[
            PointOut(code=p.code, text=p.text, is_checked=p.code in row.points) for p in points
        ],
    )


def _file(row: CaseMaterial) -> FileOut | None:
    found = row.attachment
    if found is None:
        return None
    return FileOut(
        id=found.pk,
        name=found.name,
        size=found.file.size,
        media_type=found.file.media_type,
        url=f"/files/{found.pk}/",
    )


def _step(row: ReviewStep, is_inner: bool) -> StepOut:
    inner = InnerStep(
        done_by=row.done_by_label,
        second_person=row.second_person,
        conclusion=row.conclusion,
        opinion=row.opinion,
    )
    return StepOut(
        code=row.code,
        round=row.round,
        name=row.name,
        job=row.job,
        state=row.state,
        state_label=StepState(row.state).label,
        people=row.people,
        opened_at=row.opened_at,
        due_on=row.due_on,
        done_at=row.done_at,
        inner=inner if is_inner else None,
    )


def proposal_out(row: CaseProposal) -> ProposalOut:
    return ProposalOut(
        id=row.pk,
        case_id=row.case_id,
        kind=row.kind,
        reason=row.reason,
        proposed_by=row.proposed_by_label,
        proposed_at=row.proposed_at,
        fields=sorted(row.content or {}),
    )


def _procedure(row: SpecialProcedure) -> ProcedureOut:
    return ProcedureOut(
        id=row.pk,
        code=row.code,
        kind=row.kind,
        name=row.name,
        state=row.state,
        state_label=ProcedureState(row.state).label,
        told=row.told,
        opened_at=row.opened_at,
        due_on=row.due_on,
        held_on=row.held_on,
        place=row.place,
        presiding=row.presiding_label,
        outcome=row.outcome,
        closed_at=row.closed_at,
    )


def _outside(row: OutsideStatus) -> OutsideOut:
    return OutsideOut(
        system=row.system,
        receipt=row.receipt,
        status=row.status,
        at_source=row.at_source,
        received_at=row.received_at,
    )


def _document(row: LegalDocument) -> DocumentOut:
    return DocumentOut(
        id=row.pk,
        kind=row.kind,
        title=row.title,
        number=row.number,
        made_on=row.made_on,
        status=row.status,
        status_label=DocumentStatus(row.status).label,
        check_code=row.check_code,
        url=f"/documents/{row.pk}/",
    )


def _decision(case: Case) -> DecisionOut | None:
    row = CaseDecision.objects.filter(case=case).first() if case.decided_at else None
    if row is None:
        return None
    return DecisionOut(
        outcome=row.outcome,
        word=row.word,
        facts=row.facts,
        articles=row.articles,
        reason=row.reason,
        decided_at=row.decided_at,
    )

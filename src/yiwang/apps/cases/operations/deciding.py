"""Decisions: the approver's acts. Every negative one needs facts, article, reason and remedy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.clocks import receipt_clock
from yiwang.apps.cases.domain.machine import DECISION_CLOCK, DELIVERY_CLOCK, CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.events import (
    CaseDeclined,
    CaseGranted,
    CaseNotRequired,
    CaseRefused,
)
from yiwang.apps.cases.models import (
    Case,
    CaseDecision,
    OriginalCheck,
    ProcedureState,
    ReviewStep,
    SpecialProcedure,
    StepState,
)
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.contents import latest_form
from yiwang.apps.cases.operations.deferring import gaps_of
from yiwang.apps.cases.operations.filing import RECEIPT_DUE
from yiwang.apps.cases.operations.originals import open_originals
from yiwang.apps.cases.operations.receiving import REFERRAL, face_of
from yiwang.apps.cases.results import issue_result
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.kinds import DeclineGround
from yiwang.foundation.statements import insert
from yiwang.kernel.clock import ClockEventKind

CLOSED = (ProcedureState.DONE, ProcedureState.WAIVED)


def _situation(act: Act) -> Situation:
    """Facts for the guards of a decision; one statement for the steps."""
    decide = next(step for step in act.definition.route if step.job == "decide")
    open_steps = dict(
        ReviewStep.objects.filter(case=act.case, state=StepState.OPEN).values_list("code", "name")
    )
    is_open = open_steps.pop(decide.code, None) is not None
    originals = open_originals(act)
    promised = act.clocks().promised
    pauses = promised.timeline.pauses if promised else ()
    # Nothing is asked of the database where the item knows no procedure.
    found = SpecialProcedure.objects.filter(case=act.case).values_list("code", "name", "state")
    rows = list(found) if act.definition.procedures else []
    done = {(code, state) for code, _, state in rows}
    return Situation(
        open_steps=tuple(open_steps.values()) or (() if is_open else (decide.name,)),
        open_pauses=sum(p.ended is None for p in pauses),
        regime_refuses=bool(act.definition.refuse_word),
        gaps=tuple(gaps_of(act.case.pk, act)) if act.case.deferral_until else (),
        originals_due=tuple(originals[OriginalCheck.DUE]),
        originals_differing=tuple(originals[OriginalCheck.DIFFERS]),
        open_procedures=tuple(name for _, name, state in rows if state not in CLOSED),
        missing_procedures=tuple(
            rule.name
            for rule in act.definition.procedures
            if rule.is_required and (rule.code, ProcedureState.DONE) not in done
        ),
    )


def _finish(
    act: Act, outcome: str, word: str, fields: dict[str, Any], document: papers.Paper
) -> None:
    decide = next(step for step in act.definition.route if step.job == "decide")
    updated = ReviewStep.objects.filter(
        case=act.case, code=decide.code, state=StepState.OPEN
    ).update(
        state=StepState.DONE,
        done_at=act.at,
        done_by=act.actor.ref,
        done_by_label=act.actor.label,
        conclusion=outcome[:10],
        opinion=fields.get("reason", ""),
    )
    if not updated:
        raise NotNowError("决定环节不在待办状态,请刷新后再看。")
    act.clock(DECISION_CLOCK, ClockEventKind.FINISHED)
    if act.definition.limits.delivery is not None:
        act.clock(DELIVERY_CLOCK, ClockEventKind.STARTED)
    act.changes["decided_at"] = act.at
    decision = CaseDecision(
        case=act.case,
        outcome=outcome,
        word=word,
        decided_by=act.actor.ref,
        decided_at=act.at,
        document_id=document.identifier,
        **fields,
    )
    insert([decision])
    act.facts |= {"outcome": outcome, "decision_document": str(document.identifier)}
    act.document(document.document, identifier=document.identifier, kind_word=document.kind_word)


@transaction.atomic
def grant(
    *, case_id: int, actor: Actor, at: datetime, version: int | None = None, opinion: str = ""
) -> Case:
    """准予: the decision, and the certificate with it. Raises NotNowError, ConflictError."""
    act = begin(
        case_id=case_id,
        action=CaseAction.GRANT,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    act.check(_situation(act))
    definition = act.definition
    articles = tuple(f"{b.law} {b.article}".strip() for b in definition.bases)
    paper = papers.grant_decision(face_of(act), articles=articles, opinion=opinion.strip())
    _finish(
        act,
        "GRANTED",
        definition.grant_word,
        {"articles": list(articles), "reason": opinion.strip()},
        paper,
    )
    issue_result(act, latest_form(act))
    act.events.append(CaseGranted(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()


@transaction.atomic
def refuse(
    *,
    case_id: int,
    facts: str,
    articles: list[str],
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """The regime's negative decision (不予许可, 不予登记 …): facts, article and reason, or none."""
    act = begin(
        case_id=case_id,
        action=CaseAction.REFUSE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    act.check(_situation(act))
    cleaned = tuple(a.strip() for a in articles if a.strip())
    problems = {}
    if len(facts.strip()) < 6:
        problems["facts"] = "请写明认定的事实。"
    if not cleaned:
        problems["articles"] = "请写明法律依据的条款。"
    if len(reason.strip()) < 6:
        problems["reason"] = "请写明理由:没有理由的决定不能作出。"
    if problems:
        raise InvalidInputError(problems)
    paper = papers.refusal_decision(
        face_of(act), facts=facts.strip(), articles=cleaned, reason=reason.strip()
    )
    fields = {"facts": facts.strip(), "articles": list(cleaned), "reason": reason.strip()}
    _finish(act, "REFUSED", act.definition.refuse_word, fields, paper)
    act.events.append(CaseRefused(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()


def _end_before_acceptance(act: Act) -> None:
    act.clock(receipt_clock(act.case.corrections_asked), ClockEventKind.FINISHED)
    act.changes["ended_at"] = act.at
    act.timers[RECEIPT_DUE] = None
    ReviewStep.objects.filter(
        case=act.case, state=StepState.OPEN, code__startswith=REFERRAL
    ).update(
        state=StepState.DONE, done_at=act.at, done_by=act.actor.ref, done_by_label=act.actor.label
    )


@transaction.atomic
def not_required(
    *,
    case_id: int,
    reason: str,
    article: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """不受理: the matter needs no such permit (§32(1)), told at once with remedy."""
    act = begin(
        case_id=case_id,
        action=CaseAction.NOT_REQUIRED,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    problems = {}
    if len(reason.strip()) < 6:
        problems["reason"] = "请写明为什么依法不需要办理。"
    if not article.strip():
        problems["article"] = "请写明法律依据的条款。"
    if problems:
        raise InvalidInputError(problems)
    paper = papers.not_required_notice(face_of(act), reason=reason.strip(), article=article.strip())
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    _end_before_acceptance(act)
    act.events.append(CaseNotRequired(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()


@transaction.atomic
def decline(
    *,
    case_id: int,
    ground: str,
    right_organ: str,
    facts: str,
    reason: str,
    article: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """不予受理: not this organ's power, with the organ that has it (§32(2))."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DECLINE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    problems = {}
    if ground not in DeclineGround.__members__:
        problems["ground"] = "请选择不予受理的情形。"
    if ground == "NOT_THIS_ORGAN" and len(right_organ.strip()) < 4:
        problems["right_organ"] = "请写明应当向哪个机关申请。"
    problems |= {
        name: message
        for name, value, message in (
            ("facts", facts, "请写明认定的事实。"),
            ("reason", reason, "请写明理由。"),
            ("article", article, "请写明法律依据的条款。"),
        )
        if len(value.strip()) < 4
    }
    if problems:
        raise InvalidInputError(problems)
    paper = papers.decline_notice(
        face_of(act),
        ground=DeclineGround(ground),
        facts=facts.strip(),
        reason=reason.strip(),
        article=article.strip(),
        right_organ=right_organ.strip(),
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    _end_before_acceptance(act)
    act.events.append(CaseDeclined(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()

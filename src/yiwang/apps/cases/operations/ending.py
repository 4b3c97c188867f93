"""Ends without a decision on the merits: terminated, deemed withdrawn, withdrawn, voided."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.endings import Ending, TerminationGround, why_not
from yiwang.apps.cases.domain.machine import CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.events import CaseEnded, CaseWithdrawn
from yiwang.apps.cases.models import Case, ReviewStep, SpecialProcedure, StepState
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.deferring import DEFERRAL_DUE, gaps_of
from yiwang.apps.cases.operations.filing import RECEIPT_DUE
from yiwang.apps.cases.operations.receiving import CORRECTION_DUE, face_of
from yiwang.apps.cases.operations.stopping import PAUSE_ENDS
from yiwang.apps.cases.operations.wording import too_short
from yiwang.apps.cases.seeing import stands_for
from yiwang.foundation.access import AccessDeniedError, Actor, system_actor
from yiwang.kernel.clock import ClockEventKind
from yiwang.kernel.moment import civil_date

BY_TWO = "这种情形要附证明材料,并由另一位审查或者审批人员确认后才终止。"


def stop_everything(act: Act) -> None:
    """Finish the clocks that run, cancel the open steps and procedures, drop the timers."""
    started = {row.clock for row in act.rows if row.kind == ClockEventKind.STARTED.value}
    finished = {row.clock for row in act.rows if row.kind == ClockEventKind.FINISHED.value}
    for name in sorted(started - finished):
        act.clock(name, ClockEventKind.FINISHED)
    ReviewStep.objects.filter(case=act.case, state=StepState.OPEN).update(state=StepState.CANCELLED)
    SpecialProcedure.objects.filter(case=act.case, closed_at__isnull=True).update(
        state="WAIVED", closed_at=act.at, closed_by=act.actor.ref, outcome="办件终结,程序不再进行。"
    )
    act.changes["ended_at"] = act.at
    act.timers |= dict.fromkeys((RECEIPT_DUE, CORRECTION_DUE, PAUSE_ENDS, DEFERRAL_DUE))


@transaction.atomic
def terminate(
    *,
    case_id: int,
    ground: str,
    facts: str,
    reason: str,
    article: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """终止办理 in writing, on a ground that a clock proves; may apply again. What rests on a
    paper is proposed (`proposing.propose_termination`) and decided by another person."""
    act = begin(
        case_id=case_id,
        action=CaseAction.TERMINATE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    found = check_words(ground, facts, reason, article)
    if found.is_asserted:
        raise InvalidInputError({"ground": BY_TWO})
    act.check(Situation(ground_problem=why_not(found, _ending(act), civil_date(at))))
    return end_for(act, found, facts=facts, reason=reason, article=article)


def end_for(act: Act, ground: TerminationGround, *, facts: str, reason: str, article: str) -> Case:
    """End the case with its written notice."""
    return _end(
        act,
        papers.termination_notice(
            face_of(act),
            title="终止办理告知书",
            ground=ground.label,
            facts=facts.strip(),
            reason=reason.strip(),
            article=article.strip(),
        ),
        how=ground.value,
    )


def check_words(ground: str, facts: str, reason: str, article: str) -> TerminationGround:
    """The ground, where everything is written. Raises InvalidInputError."""
    problems = too_short(
        ("facts", facts, 4, "请写明认定的事实,例如何时告知、何时届满。"),
        ("reason", reason, 4, "请写明终止的理由。"),
        ("article", article, 4, "请写明依据的法律、法规或规定及条款。"),
    )
    if ground not in TerminationGround.__members__:
        problems["ground"] = "请选择终止办理的情形。"
    if problems:
        raise InvalidInputError(problems)
    return TerminationGround(ground)


def _ending(act: Act) -> Ending:
    case = act.case
    has_gaps = case.deferral_until is not None and bool(gaps_of(case.pk, act))
    return Ending(case.state, case.correction_until, case.deferral_until, has_gaps)


def _end(act: Act, paper: papers.Paper, *, how: str) -> Case:
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.facts["ground"] = how
    stop_everything(act)
    act.events.append(CaseEnded(case_id=act.case.pk, document_id=str(paper.identifier), how=how))
    return act.commit()


@transaction.atomic
def deem_withdrawn(*, case_id: int, at: datetime) -> Case | None:
    """视为撤回, only where the item's law says that silence withdraws (法律援助法 §43); None where
    the day has not come or another rule holds. The platform's own act, on the word of the clock."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DEEM_WITHDRAWN,
        actor=system_actor("timer"),
        at=at,
        version=None,
    )
    rule, until = act.definition.correction, act.case.correction_until
    if rule.overdue != "DEEMED_WITHDRAWN" or until is None or civil_date(at) <= until:
        return None
    act.check(Situation(silence_withdraws=True))
    return _end(
        act,
        papers.termination_notice(
            face_of(act),
            title="视为撤回申请告知书",
            ground="逾期没有补正,依法视为撤回申请",
            facts=f"已一次告知补正,期限到 {until},到期没有收到补正。",
            reason="法律规定逾期未补充的视为撤回申请。",
            article=rule.article,
        ),
        how="DEEMED_WITHDRAWN",
    )


@transaction.atomic
def withdraw(
    *, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """撤回申请, the applicant's own wish, any time before the decision."""
    act = begin(case_id=case_id, action=CaseAction.WITHDRAW, actor=actor, at=at, version=version)
    if not stands_for(actor, act.case):
        raise AccessDeniedError("只有申请人本人或经办人可以撤回申请;网上委托不包括撤回。")
    stop_everything(act)
    act.facts["reason_given"] = bool(reason.strip())
    act.events.append(CaseWithdrawn(case_id=act.case.pk))
    return act.commit()

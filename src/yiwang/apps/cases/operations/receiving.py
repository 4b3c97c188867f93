"""Between receipt and acceptance: check, correct on the spot, notify once, accept, refer.

行政许可法 §32. The window has no act that refuses: 不受理 and 不予受理 are the approver's, with a
document (deciding.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.archive import points_of
from yiwang.apps.cases.domain.clocks import receipt_clock
from yiwang.apps.cases.domain.grades import ORIGINAL_SEEN
from yiwang.apps.cases.domain.machine import DECISION_CLOCK, CaseAction, CaseState
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.events import (
    CaseAccepted,
    CaseCorrected,
    CaseReferred,
    CorrectionRequested,
    CorrectionSupplied,
)
from yiwang.apps.cases.models import (
    Case,
    CaseMaterial,
    MaterialStatus,
    ReviewStep,
    StepState,
)
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.agents import by_agent
from yiwang.apps.cases.operations.contents import (
    change_content,
    material_row,
    not_here_yet,
    take_paper,
    unfilled,
    unticked,
)
from yiwang.apps.cases.operations.filing import RECEIPT_DUE
from yiwang.apps.cases.operations.held import refuse_what_is_held
from yiwang.apps.cases.operations.routing import instant_verdict, open_steps
from yiwang.apps.cases.seeing import (
    is_within_mandate,
    may_at_window,
    stands_for,
    took_in,
    window_at,
)
from yiwang.apps.cases.taken_in import note_arrived, papers_under_way
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import AccessDeniedError, Actor, system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.clock import ClockEventKind, Limit
from yiwang.kernel.clock.reckoning import deadline
from yiwang.kernel.moment import civil_date, start_of_day

CORRECTION_DUE = "cases.correction_due"
REFERRAL = "referral"


def face_of(act: Act) -> papers.Face:
    return papers.Face(act.case, act.definition, act.case.applicant.name, act.at)


@transaction.atomic
def accept(*, case_id: int, actor: Actor, at: datetime, version: int | None = None) -> Case:
    """受理: every required material there with its points ticked, or the reason why not.

    Raises InvalidInputError naming what is open; the way on is then correction on the spot or a
    correction notice, never a refusal.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.ACCEPT,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    act.check(Situation(is_decided_here=act.definition.handling.is_own))
    open_points = {**unticked(act), **unfilled(act)}
    if open_points:
        raise InvalidInputError(open_points, "还有材料没有核对完,请逐项核对,或当场更正、告知补正。")
    return finish_acceptance(act, started=at, is_deemed=False)


@transaction.atomic
def deem_accepted(*, case_id: int, at: datetime) -> Case | None:
    """视为受理 from the day the materials were received (行政许可法 §32(4)); None where it does not
    apply any more. The platform's own act, on the word of the clock."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DEEM_ACCEPTED,
        actor=system_actor("timer"),
        at=at,
        version=None,
    )
    receipt = act.clocks().receipt
    if receipt is None or receipt.timeline.started is None:
        return None
    if not receipt.reckoning.is_late(at):
        # Too early: a holiday notice moved the due day since the timer was set.
        set_timers(act.case.subject, {RECEIPT_DUE: receipt.reckoning.due_at})
        return None
    started = receipt.timeline.started
    assert isinstance(started, datetime)
    return finish_acceptance(act, started=started, is_deemed=True)


def begin_decision(act: Act, *, started: datetime, is_deemed: bool) -> None:
    """What every way into the review has in common: clocks, verdict, first steps."""
    act.clock(receipt_clock(act.case.corrections_asked), ClockEventKind.FINISHED)
    act.clock(DECISION_CLOCK, ClockEventKind.STARTED, at=started)
    act.changes |= {"accepted_at": started, "is_deemed_accepted": is_deemed}
    act.changes["instant_verdict"] = instant_verdict(act)
    act.facts |= {"accepted_at": started.isoformat(), "deemed": is_deemed}
    if (window := window_at(act.actor, permissions.ACCEPT, act.case)) is not None:
        act.changes["accepted_window_id"] = window
        act.facts["window"] = window
    act.timers[RECEIPT_DUE] = None
    _close_referral(act)
    open_steps(act, done=frozenset())


def finish_acceptance(act: Act, *, started: datetime, is_deemed: bool) -> Case:
    """受理 with its notice."""
    begin_decision(act, started=started, is_deemed=is_deemed)
    clocks = act.clocks()
    paper = papers.acceptance_notice(
        face_of(act),
        is_deemed=is_deemed,
        promised=clocks.promised.reckoning.due_on if clocks.promised else None,
        statutory=clocks.statutory.reckoning.due_on if clocks.statutory else None,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.events.append(
        CaseAccepted(case_id=act.case.pk, document_id=str(paper.identifier), is_deemed=is_deemed)
    )
    return act.commit()


def _close_referral(act: Act) -> None:
    """A referral that was overtaken by acceptance or a correction notice leaves the queue."""
    if act.case.is_referred:
        ReviewStep.objects.filter(
            case=act.case, state=StepState.OPEN, code__startswith=REFERRAL
        ).update(state=StepState.CANCELLED)
        act.changes["is_referred"] = False


@transaction.atomic
def open_material(*, case_id: int, code: str, actor: Actor, at: datetime) -> CaseMaterial:
    """Note that this clerk opened the file or took the paper in hand: what a tick is bound to."""
    act = begin(
        case_id=case_id,
        action=CaseAction.TICK,
        actor=actor,
        at=at,
        version=None,
        permission=permissions.ACCEPT,
    )
    row = material_row(act, code)
    _require_open_to_check(act, row)
    if row.status == MaterialStatus.PAPER and code in papers_under_way(act.case):
        raise NotNowError(not_here_yet(row.name))
    row.opened_by, row.opened_at = actor.ref, at
    row.save(update_fields=["opened_by", "opened_at"])
    return row


def _require_open_to_check(act: Act, row: CaseMaterial) -> None:
    """After acceptance only a material that was deferred may still be checked."""
    if act.case.state != CaseState.RECEIVED and not row.is_deferred:
        raise NotNowError("受理以后不再核对收件要点;只有容缺补交的材料补来后还要核对。")


@transaction.atomic
def tick(
    *,
    case_id: int,
    code: str,
    points: list[str],
    actor: Actor,
    at: datetime,
    version: int | None = None,
    problem: str = "",
) -> Case:
    """Tick acceptance points of one material that this clerk has opened (R020).

    There is no select-all: points not named are cleared. `problem` is what will stand in the
    correction notice for this material.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.TICK,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    row = material_row(act, code)
    _require_open_to_check(act, row)
    if problem.strip() and row.status == MaterialStatus.HELD:
        raise InvalidInputError({code: f"「{row.name}」已从{row.note}取用,不能要求申请人补正。"})
    material = act.definition.material(code)
    assert material is not None
    known = {point.code for point in points_of(material, row)}
    if unknown := set(points) - known:
        raise InvalidInputError({code: f"没有这个核对要点:{'、'.join(sorted(unknown))}"})
    if ORIGINAL_SEEN in points and code in papers_under_way(act.case):
        raise NotNowError(not_here_yet(row.name))
    if points and row.opened_by != actor.ref:
        raise NotNowError(f"请先打开「{row.name}」的文件(或登记收到纸质件)再核对要点。")
    mark = {"by": actor.ref, "at": at.isoformat()}
    row.points = {point: row.points.get(point, mark) for point in points}
    row.problem = problem.strip()[:400]
    row.save(update_fields=["points", "problem"])
    act.facts |= {"material": code, "points": sorted(points)}
    return act.commit()


@transaction.atomic
def receive_paper(
    *, case_id: int, code: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """Take in a material on paper at the window: also a correction on the spot."""
    act = begin(
        case_id=case_id,
        action=CaseAction.CORRECT_ON_SPOT,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    take_paper(act, [code])
    row = material_row(act, code)
    row.opened_by, row.opened_at = actor.ref, at
    row.save(update_fields=["opened_by", "opened_at"])
    note_arrived(act.case, code)  # brought to this window itself, whatever is still under way
    act.facts |= {"material": code, "evidence": "PAPER"}
    return act.commit()


@transaction.atomic
def correct_on_spot(
    *,
    case_id: int,
    form: dict[str, Any] | None = None,
    files: dict[str, tuple[str, bytes]] | None = None,
    handed_back: list[str] | None = None,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """§32(3): errors that can be put right on the spot are put right on the spot.

    `handed_back`: codes of files that were scanned from paper and given back at once; a code
    without its file is not noted as such.
    """
    handed_back = [code for code in handed_back or () if code in (files or {})]
    act = begin(
        case_id=case_id,
        action=CaseAction.CORRECT_ON_SPOT,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    change_content(act, form, files or {}, handed_back=handed_back)
    if handed_back:
        act.facts["handed_back"] = sorted(handed_back)
    act.events.append(CaseCorrected(case_id=act.case.pk))
    return act.commit()


@transaction.atomic
def request_correction(
    *,
    case_id: int,
    items: list[tuple[str, str]],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """告知补正: once, in writing, all contents. `items` are (what, why) pairs.

    Raises NotNowError for a second one (§32(4)), InvalidInputError for an empty or vague one.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.REQUEST_CORRECTION,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    act.check(Situation(corrections_asked=act.case.corrections_asked))
    cleaned = [(what.strip(), why.strip()) for what, why in items if what.strip()]
    if not cleaned or any(len(why) < 2 for _, why in cleaned):
        raise InvalidInputError(
            {"items": "请列出需要补正的每一项内容和原因;补正只能告知一次,请写全。"}
        )
    refuse_what_is_held(act, [what for what, _ in cleaned])
    limit = Limit.parse(act.definition.correction.limit)
    until = deadline(at, limit, calendar()).due_on
    assert until is not None
    act.clock(receipt_clock(act.case.corrections_asked), ClockEventKind.FINISHED)
    act.changes |= {
        "corrections_asked": act.case.corrections_asked + 1,
        "correction_until": until,
    }
    _close_referral(act)
    paper = papers.correction_notice(face_of(act), items=cleaned, until=until)
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.facts |= {"items": len(cleaned), "until": str(until)}
    reminder = start_of_day(max(until - timedelta(days=3), civil_date(at) + timedelta(days=1)))
    act.timers |= {RECEIPT_DUE: None, CORRECTION_DUE: reminder}
    act.events.append(CorrectionRequested(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()


@transaction.atomic
def supply_correction(
    *,
    case_id: int,
    form: dict[str, Any] | None = None,
    files: dict[str, tuple[str, bytes]] | None = None,
    paper: list[str] | None = None,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """The applicant (or a window for them) answers: the receipt clock runs anew from here."""
    act = begin(
        case_id=case_id, action=CaseAction.SUPPLY_CORRECTION, actor=actor, at=at, version=version
    )
    require_applicant_or_window(act, actor, MandateAct.SUPPLY)
    by_agent(act, MandateAct.SUPPLY, "提交了补正")
    change_content(act, form, files or {})
    take_paper(act, paper or [])
    act.clock(receipt_clock(act.case.corrections_asked), ClockEventKind.STARTED)
    receipt = act.clocks().receipt
    assert receipt is not None
    act.timers |= {CORRECTION_DUE: None, RECEIPT_DUE: receipt.reckoning.due_at}
    act.events.append(CorrectionSupplied(case_id=act.case.pk))
    return act.commit()


def require_applicant_or_window(act: Act, actor: Actor, may: MandateAct | None = None) -> None:
    """Raises AccessDeniedError for anybody but the applicant, a window post (also of the hall that
    took the case in for another), and (with `may`) an agent whose authorisation names it."""
    if stands_for(actor, act.case) or (may is not None and is_within_mandate(actor, act.case, may)):
        return
    if may_at_window(actor, permissions.RECEIVE, act.case) or took_in(actor, act.case):
        return
    raise AccessDeniedError("只有申请人本人、经办人或收件窗口可以办理这一步。")


@transaction.atomic
def refer(
    *, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """提请认定: a window that doubts passes the case to the approver; it does not refuse."""
    act = begin(
        case_id=case_id,
        action=CaseAction.REFER,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    if act.case.is_referred:
        raise NotNowError("已经提请认定,请等待审批办处理。")
    if len(reason.strip()) < 4:
        raise InvalidInputError({"reason": "请写明提请认定的理由。"})
    act.steps.append(
        ReviewStep(
            case=act.case,
            code=f"{REFERRAL}_{act.case.version}",
            name="受理认定",
            job="decide",
            queue=f"{act.case.organ_id}:decide",
            state="OPEN",
            limit="1wd",
            opened_at=at,
            due_on=act.case.receipt_due_on,
            sort_due_at=act.case.sort_due_at,
            opinion=reason.strip(),
        )
    )
    act.changes["is_referred"] = True
    act.events.append(CaseReferred(case_id=act.case.pk))
    return act.commit()

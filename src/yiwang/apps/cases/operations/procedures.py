"""Special procedures: hearing, third party, publicity, expert review, testing.

Each is told in writing with its article. A hearing has an order of its own (行政许可法 §46–48): the
right is told; who wants it asks within five days; it is held within twenty, told seven days
before, led by somebody who did not examine the case, and the decision rests on its record.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import DECISION_CLOCK, CaseAction
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.events import ProcedureAdvanced, ProcedureEnded, ProcedureStarted
from yiwang.apps.cases.models import (
    NEVER,
    Case,
    ProcedureState,
    ReviewStep,
    SpecialProcedure,
    StepState,
)
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.receiving import face_of, require_applicant_or_window
from yiwang.apps.cases.operations.stopping import end_pause
from yiwang.apps.cases.operations.wording import require_texts, too_short
from yiwang.apps.cases.seeing import stands_for
from yiwang.apps.catalog.public import ProcedureKind, ProcedureRule
from yiwang.apps.people.public import colleagues
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.content import Field
from yiwang.kernel.clock import ClockEventKind, Limit
from yiwang.kernel.clock.reckoning import deadline
from yiwang.kernel.moment import chinese_date, civil_date

# 行政许可法 §47 and §48.
REQUEST_WITHIN, HELD_WITHIN = Limit.parse("5wd"), Limit.parse("20wd")
TOLD_BEFORE = Limit.parse("7wd")
_TITLES = {
    ProcedureKind.HEARING: "听证告知书",
    ProcedureKind.THIRD_PARTY: "利害关系人告知书",
    ProcedureKind.PUBLICITY: "公示通知书",
    ProcedureKind.EXPERT_REVIEW: "特别程序告知书",
    ProcedureKind.TESTING: "特别程序告知书",
}


@transaction.atomic
def start_procedure(
    *,
    case_id: int,
    code: str,
    told: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    days: str = "",
) -> Case:
    """Begin a procedure that the item knows, with its written notice.

    `told`: what is told (the matter, who is concerned, what is to be tested). `days` such as
    `15wd`: the time needed, where the item does not fix it. The decision clock stops only where
    the item's procedure names a ground. Raises InvalidInputError, NotNowError.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.START_PROCEDURE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.PAUSE,
    )
    rule = act.definition.procedure(code)
    if rule is None:
        raise InvalidInputError({"code": "请选择这个事项依法可以启动的程序。"})
    require_texts(("told", told, 4, "请写明告知的具体内容,会写进告知书。"))
    if SpecialProcedure.objects.filter(case=act.case, code=code, closed_at=None).exists():
        raise NotNowError(f"「{rule.name}」已经在进行。")
    row, identifier = _begun(act, rule, _time_needed(rule, days), told.strip())
    act.facts |= {"procedure": row.pk, "kind": row.kind, "until": str(row.due_on)}
    act.events.append(
        ProcedureStarted(case_id=act.case.pk, document_id=identifier, procedure_id=row.pk)
    )
    return act.commit()


def _begun(act: Act, rule: ProcedureRule, limit: Limit, told: str) -> tuple[SpecialProcedure, str]:
    """The row and the id of its notice."""
    due = deadline(act.at, limit, calendar()).due_on
    is_hearing = rule.kind is ProcedureKind.HEARING
    paper = papers.procedure_notice(
        face_of(act),
        title=_TITLES[rule.kind],
        paragraph=_paragraph(rule, due),
        fields=[],
        article=rule.article,
        reason=told,
        time="" if is_hearing else limit.label,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    # A hearing's own time is not counted (§45), but waiting for somebody to ask for one is: the
    # clock stops when it is scheduled.
    stops = rule.pause_ground and not is_hearing
    row = SpecialProcedure.objects.create(
        case=act.case,
        code=rule.code,
        kind=rule.kind.value,
        name=rule.name,
        state=ProcedureState.OPEN,
        told=told,
        opened_at=act.at,
        opened_by=act.actor.ref,
        due_on=due,
        pause=_stop(act, rule, limit, str(paper.identifier)) if stops else "",
    )
    return row, str(paper.identifier)


def _time_needed(rule: ProcedureRule, days: str) -> Limit:
    if rule.kind is ProcedureKind.HEARING:
        return REQUEST_WITHIN
    try:
        limit = Limit.parse(rule.days or days)
    except ValueError as error:
        raise InvalidInputError({"days": "请填写所需时间,例如 15 个工作日。"}) from error
    if not limit.unit.is_daily or not 1 <= limit.number <= 400:
        raise InvalidInputError({"days": "所需时间要在 1 天到 400 天之间。"})
    return limit


def _paragraph(rule: ProcedureRule, due: date | None) -> str:
    until = chinese_date(due) if due else ""
    return {
        ProcedureKind.HEARING: f"您有要求举行听证的权利。要求听证的,请在 {until} 前提出;"
        "本机关将在收到要求之日起二十个工作日内组织听证,您不承担费用。",
        ProcedureKind.THIRD_PARTY: f"该申请事项直接关系您的重大利益。您可以在 {until} 前陈述意见、"
        "进行申辩。",
        ProcedureKind.PUBLICITY: f"现将该申请事项予以公示,公示到 {until}。公示期间可以提出异议。",
        ProcedureKind.EXPERT_REVIEW: f"该申请需要专家评审,预计到 {until}。",
        ProcedureKind.TESTING: f"该申请需要检验、检测、检疫或者鉴定,预计到 {until}。",
    }[rule.kind]


def _stop(act: Act, rule: ProcedureRule, limit: Limit, document: str) -> str:
    """Stop the decision clock on the procedure's ground; returns the stop's name."""
    ground = act.definition.pause_ground(rule.pause_ground)
    if ground is None:
        return ""
    name = f"{ground.code}_{act.case.version}"
    act.clock(
        DECISION_CLOCK,
        ClockEventKind.PAUSED,
        pause=name,
        ground=ground.label,
        article=ground.article,
        expected=limit.text,
        document=document,
        approver=act.actor.ref,
        stops_statutory=ground.stops_statutory,
    )
    ReviewStep.objects.filter(case=act.case, state=StepState.OPEN).update(
        sort_due_at=NEVER, due_on=None
    )
    return name


def _open_row(act: Act, procedure_id: int) -> SpecialProcedure:
    row = (
        SpecialProcedure.objects.select_for_update().filter(pk=procedure_id, case=act.case).first()
    )
    if row is None:
        raise CaseNotFoundError
    if row.closed_at is not None:
        raise NotNowError(f"「{row.name}」已经结束。")
    return row


@transaction.atomic
def request_hearing(
    *, case_id: int, procedure_id: int, who: str, actor: Actor, at: datetime
) -> Case:
    """The applicant (or the window for an interested party) asks for the hearing, in time."""
    act = begin(
        case_id=case_id, action=CaseAction.ADVANCE_PROCEDURE, actor=actor, at=at, version=None
    )
    require_applicant_or_window(act, actor)
    row = _open_row(act, procedure_id)
    if row.kind != ProcedureKind.HEARING or row.state != ProcedureState.OPEN:
        raise NotNowError("现在不能要求听证。")
    if row.due_on is not None and civil_date(at) > row.due_on:
        raise NotNowError(f"要求听证的期限到 {row.due_on},已经过了(行政许可法 §47)。")
    by_self = stands_for(actor, act.case)
    require_texts(("who", "申请人" if by_self else who, 2, "请写明是谁要求听证。"))
    row.state, row.requested_by = ProcedureState.REQUESTED, "申请人" if by_self else who.strip()
    row.due_on = deadline(at, HELD_WITHIN, calendar()).due_on
    row.save()
    act.facts |= {"procedure": row.pk, "requested": True, "held_until": str(row.due_on)}
    act.events.append(ProcedureAdvanced(case_id=act.case.pk, document_id="", procedure_id=row.pk))
    return act.commit()


@transaction.atomic
def schedule_hearing(
    *,
    case_id: int,
    procedure_id: int,
    held_on: date,
    place: str,
    presiding: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Announce a hearing: seven days before at least, within twenty days of the request, led by
    somebody of the organ who did not examine this case (§48). The clock stops from here to its end.

    Also without a request, where the item's law says that a hearing must be held.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.ADVANCE_PROCEDURE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.PAUSE,
    )
    row = _open_row(act, procedure_id)
    rule = act.definition.procedure(row.code)
    if row.kind != ProcedureKind.HEARING or rule is None:
        raise NotNowError("只有听证需要通知举行。")
    if row.state == ProcedureState.OPEN and not rule.is_required:
        raise NotNowError("还没有人要求听证;期限届满没有人要求的,请结束这个程序。")
    if row.state == ProcedureState.SCHEDULED:
        raise NotNowError("已经通知举行听证。")
    led_by = _check_hearing(act, row, held_on, place, presiding)
    row.held_on, row.place, row.state = held_on, place.strip(), ProcedureState.SCHEDULED
    row.presiding, row.presiding_label = presiding, led_by
    paper = papers.procedure_notice(
        face_of(act),
        title="听证通知书",
        paragraph=f"定于 {chinese_date(held_on)} 举行听证,公开进行。您可以申请主持人回避,可以"
        "提出证据,进行申辩和质证。",
        fields=[Field("地点", row.place), Field("主持人", led_by)],
        article="行政许可法 §48",
        reason=row.told,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    limit = Limit.parse(f"{max(1, (held_on - civil_date(at)).days)}d")
    row.pause = _stop(act, rule, limit, str(paper.identifier))
    row.save()
    act.facts |= {"procedure": row.pk, "held_on": str(held_on), "presiding": presiding}
    act.events.append(
        ProcedureAdvanced(
            case_id=act.case.pk, document_id=str(paper.identifier), procedure_id=row.pk
        )
    )
    return act.commit()


def _check_hearing(
    act: Act, row: SpecialProcedure, held_on: date, place: str, presiding: str
) -> str:
    """The presiding person's name. Raises InvalidInputError with everything that is wrong."""
    problems = too_short(("place", place, 4, "请写明举行听证的地点。"))
    earliest = deadline(act.at, TOLD_BEFORE, calendar()).due_on
    if earliest is not None and held_on < earliest:
        problems["held_on"] = f"举行听证要提前 7 个工作日通知(行政许可法 §48),最早 {earliest}。"
    if row.state == ProcedureState.REQUESTED and row.due_on and held_on > row.due_on:
        problems["held_on"] = f"收到要求后 20 个工作日内要组织听证(§47),最晚 {row.due_on}。"
    people = dict(colleagues(act.case.organ_id, permissions.READ_ORGAN, on=civil_date(act.at)))
    examined = set(
        ReviewStep.objects.filter(case=act.case)
        .exclude(done_by="")
        .values_list("done_by", flat=True)
    )
    if presiding not in people:
        problems["presiding"] = "请选择本单位的听证主持人。"
    elif presiding in examined:
        problems["presiding"] = "审查这个申请的工作人员不能主持听证(行政许可法 §48),请另选一人。"
    if problems:
        raise InvalidInputError(problems)
    return people[presiding]


@transaction.atomic
def end_procedure(
    *,
    case_id: int,
    procedure_id: int,
    outcome: str,
    is_waived: bool = False,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """The procedure is over: its conclusion or record, or that nobody spoke within the time.

    The stop that went with it ends. Raises InvalidInputError, NotNowError (a required hearing may
    not be waived; a time that was told runs to its end).
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.END_PROCEDURE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.PAUSE,
    )
    row = _open_row(act, procedure_id)
    require_texts(("outcome", outcome, 4, "请写明结论、听证笔录要点或意见处理情况。"))
    _check_end(act, row, is_waived)
    row.state = ProcedureState.WAIVED if is_waived else ProcedureState.DONE
    row.outcome, row.closed_at, row.closed_by = outcome.strip(), at, actor.ref
    row.save()
    act.facts |= {"procedure": row.pk, "waived": is_waived}
    act.events.append(ProcedureEnded(case_id=act.case.pk, procedure_id=row.pk))
    if row.pause:
        end_pause(act, row.pause)
    return act.commit()


def _check_end(act: Act, row: SpecialProcedure, is_waived: bool) -> None:
    today, kind = civil_date(act.at), ProcedureKind(row.kind)
    rule = act.definition.procedure(row.code)
    if kind is ProcedureKind.HEARING:
        if is_waived and rule is not None and rule.is_required:
            raise NotNowError(f"依法应当举行听证({rule.article}),不能放弃。")
        if is_waived and row.state == ProcedureState.OPEN and row.due_on and today <= row.due_on:
            raise NotNowError(f"要求听证的期限到 {row.due_on},届满前不能结束。")
        if is_waived and row.state == ProcedureState.SCHEDULED:
            return  # whoever asked may take it back
        if not is_waived and (row.state != ProcedureState.SCHEDULED or row.held_on is None):
            raise NotNowError("听证还没有通知举行。")
        if not is_waived and row.held_on is not None and today < row.held_on:
            raise NotNowError(f"听证定于 {row.held_on} 举行,举行后再登记笔录。")
        return
    told = kind in (ProcedureKind.PUBLICITY, ProcedureKind.THIRD_PARTY)
    if told and row.due_on is not None and today <= row.due_on:
        raise NotNowError(f"告知的期限到 {row.due_on},届满前不能结束。")

"""停止计时: stops of the clock, each on a ground the item's law knows, told in writing (§45).

Nobody can back-date: a stop begins when it is registered. One whose fact began earlier is marked as
registered late, with the working days that were counted meanwhile.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import DECISION_CLOCK, CaseAction
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.events import CasePaused, CaseResumed
from yiwang.apps.cases.models import NEVER, Case, ReviewStep, StepState
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.receiving import face_of
from yiwang.apps.catalog.public import PauseGround
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.clock import ClockEventKind, Limit, Pause, StartEvent, deadline
from yiwang.kernel.moment import chinese_date, civil_date, end_of_day

PAUSE_ENDS = "cases.pause_ends"
LONGEST_PAUSE = 400  # a slip of the pen, not a rule of law: the longest known expert reviews end


def _open_pauses(act: Act) -> list[Pause]:
    clocks = act.clocks()
    promised = clocks.promised
    return [p for p in promised.timeline.pauses if p.ended is None] if promised else []


@transaction.atomic
def pause(
    *,
    case_id: int,
    ground: str,
    expected: str,
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    began_on: date | None = None,
) -> Case:
    """停止计时 on a ground the item's law knows, with the time needed told in writing (§45).

    `expected` such as `15wd`. `began_on`: the day on which the fact began, where that was before
    today; the clock stops from today all the same. Raises InvalidInputError, NotNowError.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.PAUSE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.PAUSE,
    )
    found, limit = _stop_asked_for(act, ground, expected, reason)
    late = _registered_late(act, began_on)
    name = f"{ground}_{act.case.version}"
    paper = papers.pause_notice(
        face_of(act),
        ground=found.label,
        article=found.article,
        time_needed=limit.label,
        reason=f"{reason.strip()}{late}",
    )
    act.clock(
        DECISION_CLOCK,
        ClockEventKind.PAUSED,
        pause=name,
        ground=found.label,
        article=found.article,
        expected=expected,
        document=str(paper.identifier),
        approver=actor.ref,
        stops_statutory=found.stops_statutory,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.facts |= {"pause": name, "ground": ground, "expected": expected}
    ends = deadline(at, limit, calendar()).due_at
    act.timers[PAUSE_ENDS] = ends
    ReviewStep.objects.filter(case=act.case, state=StepState.OPEN).update(
        sort_due_at=NEVER, due_on=None
    )
    act.events.append(
        CasePaused(case_id=act.case.pk, document_id=str(paper.identifier), pause=name)
    )
    return act.commit()


def _registered_late(act: Act, began_on: date | None) -> str:
    """What the notice says of a stop that is registered late; it is noted in the record.

    Raises InvalidInputError for a day on which the decision clock did not run yet.
    """
    today = civil_date(act.at)
    if began_on is None or began_on == today:
        return ""
    accepted = act.case.accepted_at
    if began_on > today or accepted is None or began_on < civil_date(accepted):
        wish = "事由开始的日期要在受理之后、今天以前;今天开始的不用填。"
        raise InvalidInputError({"began_on": wish})
    counted = calendar().working_days(began_on, today)
    act.facts |= {"began_on": began_on.isoformat(), "late_days": counted}
    return (
        f"(事由自{chinese_date(began_on)}开始,登记迟了 {counted} 个工作日;"
        "办理期限自登记之日起停止计算,以前的日子照样计入。)"
    )


def _stop_asked_for(act: Act, ground: str, expected: str, reason: str) -> tuple[PauseGround, Limit]:
    """The ground and the expected time, checked. Raises InvalidInputError, NotNowError."""
    problems: dict[str, str] = {}
    found = act.definition.pause_ground(ground)
    if found is None:
        problems["ground"] = "请选择这个事项依法可以停止计时的事由。"
    limit = _expected(expected, problems)
    if len(reason.strip()) < 4:
        problems["reason"] = "请写明停止计时的具体情况,告知书上会写给申请人。"
    if problems or found is None or limit is None:
        raise InvalidInputError(problems)
    if any(p.ground == found.label for p in _open_pauses(act)):
        raise NotNowError(f"「{found.label}」已经在停止计时,不需要重复办理。")
    return found, limit


def _expected(text: str, problems: dict[str, str]) -> Limit | None:
    try:
        limit = Limit.parse(text)
    except ValueError:
        problems["expected"] = "请填写预计所需时间,例如 15 个工作日。"
        return None
    if not limit.unit.is_daily or not 1 <= limit.number <= LONGEST_PAUSE:
        problems["expected"] = f"预计所需时间要在 1 天到 {LONGEST_PAUSE} 天之间,到期可以重新办理。"
        return None
    return limit


@transaction.atomic
def resume(
    *, case_id: int, actor: Actor, at: datetime, version: int | None = None, pause_name: str = ""
) -> Case:
    """恢复计时 of one pause (the only open one where none is named)."""
    act = begin(
        case_id=case_id,
        action=CaseAction.RESUME,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.PAUSE,
    )
    return _resume(act, pause_name, ended=at)


@transaction.atomic
def resume_when_expected(*, case_id: int, at: datetime) -> Case | None:
    """When the expected time has run out, the clock runs again unless the stop was renewed."""
    act = begin(
        case_id=case_id, action=CaseAction.RESUME, actor=system_actor("timer"), at=at, version=None
    )
    for row in act.rows:
        if row.kind != ClockEventKind.PAUSED.value or _is_closed(act, row.pause):
            continue
        ends = deadline(row.at, Limit.parse(row.expected), calendar()).due_on
        if ends is not None and end_of_day(ends) <= at:
            # The last day of the stop itself does not count; the day after does.
            return _resume(act, row.pause, ended=end_of_day(ends) - timedelta(seconds=1))
    # Too early: a holiday notice moved the end since the timer was set.
    set_timers(act.case.subject, {PAUSE_ENDS: _next_end(act, _open_names(act))})
    return None


def end_pause(act: Act, name: str) -> None:
    """End one stop as part of another act, unless it ended by itself already."""
    if name in _open_names(act):
        _end_pause(act, name, ended=act.at)


def _open_names(act: Act) -> list[str]:
    return [
        row.pause
        for row in act.rows
        if row.kind == ClockEventKind.PAUSED.value and not _is_closed(act, row.pause)
    ]


def _is_closed(act: Act, name: str) -> bool:
    return any(r.kind == ClockEventKind.RESUMED.value and r.pause == name for r in act.rows)


def _resume(act: Act, name: str, *, ended: datetime) -> Case:
    names = _open_names(act)
    if not names or (name and name not in names):
        raise NotNowError("没有正在停止计时的事项。")
    _end_pause(act, name or names[0], ended=ended)
    act.events.append(CaseResumed(case_id=act.case.pk, pause=name or names[0]))
    return act.commit()


def _end_pause(act: Act, name: str, *, ended: datetime) -> None:
    left = [other for other in _open_names(act) if other != name]
    act.clock(DECISION_CLOCK, ClockEventKind.RESUMED, pause=name, at=ended)
    act.facts["pause"] = name
    act.timers[PAUSE_ENDS] = _next_end(act, left)
    if not left:
        _restart_steps(act)


def _next_end(act: Act, names: list[str]) -> datetime | None:
    ends = [
        deadline(row.at, Limit.parse(row.expected), calendar()).due_at
        for row in act.rows
        if row.pause in names and row.kind == ClockEventKind.PAUSED.value
    ]
    return min((end for end in ends if end is not None), default=None)


def _restart_steps(act: Act) -> None:
    """Open steps get their time back: the case's pauses stop its steps as well."""
    promised = act.clocks().promised
    pauses = promised.timeline.pauses if promised else ()
    steps = list(ReviewStep.objects.filter(case=act.case, state=StepState.OPEN))
    for step in steps:
        limit = Limit.parse(step.limit, start=StartEvent.STEP_OPENED)
        due = deadline(step.opened_at, limit, calendar(), pauses)
        step.due_on, step.sort_due_at = due.due_on, due.due_at or NEVER
    ReviewStep.objects.bulk_update(steps, ["due_on", "sort_due_at"])

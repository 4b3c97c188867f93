"""Review steps: opinions in order and side by side, pauses with document, one extension."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import DECISION_CLOCK, CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.events import CaseExtended, CasePaused, CaseResumed, OpinionGiven
from yiwang.apps.cases.models import NEVER, Case, ReviewStep, StepState
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.receiving import face_of
from yiwang.apps.cases.operations.routing import open_steps
from yiwang.apps.catalog.public import PauseGround
from yiwang.apps.people.public import colleagues
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.clock import ClockEventKind, Limit, Pause, StartEvent, deadline
from yiwang.kernel.moment import civil_date, end_of_day

PAUSE_ENDS = "cases.pause_ends"
LONGEST_PAUSE = 400  # a slip of the pen, not a rule of law: the longest known expert reviews end
CONCLUSIONS = {"AGREE": "符合要求", "DISAGREE": "不符合要求"}


@transaction.atomic
def give_opinion(
    *,
    case_id: int,
    step: str,
    conclusion: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    second_person: str = "",
) -> Case:
    """Finish a review step with a conclusion and its reason; opens what waited for it.

    A step that needs two people (§34 site check) names the second one, another account of the
    organ (`account:12`). Raises InvalidInputError, NotNowError (done already by somebody else).
    """
    act = begin(
        case_id=case_id, action=CaseAction.GIVE_OPINION, actor=actor, at=at, version=version
    )
    row = _open_step(act, step)
    actor.require(permissions.JOBS[row.job], organ_id=act.case.organ_id)
    people = dict(second_people(act.case.organ_id, actor, at)) if row.people > 1 else {}
    _check_opinion(row, conclusion, opinion, second_person, people)
    row.state, row.done_at, row.done_by = StepState.DONE, at, actor.ref
    row.done_by_label = actor.label
    row.conclusion, row.opinion = conclusion, opinion.strip()
    if row.people > 1:
        row.second_ref, row.second_person = second_person, people[second_person]
        act.facts["second_person"] = second_person
    row.save()
    # Of a step that was sent back the latest round counts; a cancelled one may be opened again.
    found = ReviewStep.objects.filter(case=act.case).order_by("round")
    steps = {
        code: (state, number) for code, state, number in found.values_list("code", "state", "round")
    }
    _open_following(act, steps)
    act.facts |= {"step": step, "conclusion": conclusion}
    act.events.append(OpinionGiven(case_id=act.case.pk, step=step))
    return act.commit()


def _open_step(act: Act, code: str) -> ReviewStep:
    rows = ReviewStep.objects.select_for_update().filter(case=act.case, code=code)
    row = rows.order_by("-round").first()
    if row is None:
        raise CaseNotFoundError
    if row.state != StepState.OPEN:
        raise NotNowError(f"环节「{row.name}」已由 {row.done_by_label or '他人'} 办理,不需要再办。")
    if row.job == "decide":
        raise NotNowError("决定环节请用「准予」或「不予」办理。")
    return row


def second_people(organ_id: int, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Who may be the second person of a check: (account reference, name), oneself left out. It is
    somebody who examines or decides, not whoever may look."""
    on = civil_date(at)
    found = {
        ref: label
        for permission in (permissions.REVIEW, permissions.DECIDE)
        for ref, label in colleagues(organ_id, permission, on=on)
    }
    return [(ref, label) for ref, label in found.items() if ref != actor.ref]


def _check_opinion(
    row: ReviewStep, conclusion: str, opinion: str, second_person: str, people: dict[str, str]
) -> None:
    problems = {}
    if conclusion not in CONCLUSIONS:
        problems["conclusion"] = "请选择结论:符合要求,或不符合要求。"
    if len(opinion.strip()) < 2:
        problems["opinion"] = "请写明审查意见。"
    if row.people > 1 and second_person not in people:
        problems["second_person"] = "实地核查应当有两名以上工作人员,请选择本单位的另一人。"
    if problems:
        raise InvalidInputError(problems)


def _open_following(act: Act, steps: dict[str, tuple[str, int]]) -> None:
    """Open what waited for the done steps. `steps`: code → (state, round) of the latest."""
    done = frozenset(code for code, (state, _) in steps.items() if state == StepState.DONE)
    before = len(act.steps)
    open_steps(act, done=done)
    fresh = [
        step
        for step in act.steps[before:]
        if steps.get(step.code, (StepState.CANCELLED, 0))[0] == StepState.CANCELLED
    ]
    for step in fresh:
        step.round = steps.get(step.code, ("", 0))[1] + 1
    act.steps[before:] = fresh


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
) -> Case:
    """停止计时 on a ground the item's law knows, with the time needed told in writing (§45).

    `expected` such as `15wd`. Raises InvalidInputError, NotNowError.
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
    name = f"{ground}_{act.case.version}"
    paper = papers.pause_notice(
        face_of(act),
        ground=found.label,
        article=found.article,
        time_needed=limit.label,
        reason=reason.strip(),
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


@transaction.atomic
def extend(
    *, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """延长期限: once, by the approver the law names, with the reason told (§42)."""
    act = begin(
        case_id=case_id,
        action=CaseAction.EXTEND,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.EXTEND,
    )
    rule = act.definition.extension
    extended = any(row.kind == ClockEventKind.EXTENDED.value for row in act.rows)
    act.check(Situation(extended=extended, can_extend=rule is not None))
    assert rule is not None
    if len(reason.strip()) < 4:
        raise InvalidInputError({"reason": "请写明延长期限的理由,要告知申请人。"})
    limit = Limit.parse(rule.limit)
    paper = papers.extension_notice(
        face_of(act),
        reason=reason.strip(),
        article=rule.article,
        time=limit.label,
        approver=rule.approver.label,
    )
    act.clock(
        DECISION_CLOCK,
        ClockEventKind.EXTENDED,
        number=limit.number,
        article=rule.article,
        approver=actor.ref,
        document=str(paper.identifier),
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.events.append(CaseExtended(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()

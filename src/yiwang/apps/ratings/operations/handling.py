"""Handling a bad rating: 核实, 整改, 审批, 回访; opened with the rating, in its transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yiwang.apps.ratings.domain.handling import HandlingState
from yiwang.apps.ratings.domain.parameters import COMPLEX, CONTACT, FIX
from yiwang.apps.ratings.domain.vocabulary import (
    TO_EXCLUDE,
    TO_REMEDY,
    TaskEnd,
    TaskKind,
    Verdict,
)
from yiwang.apps.ratings.errors import InvalidActError, NotNowError
from yiwang.apps.ratings.models import BadRating, Rating, RatingInvitation, RatingTask
from yiwang.apps.ratings.operations.acting import HandlingAct, begin
from yiwang.apps.ratings.permissions import APPROVE, HANDLE, REVIEW
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.parameters.current import parameter
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.clock import deadline
from yiwang.kernel.moment import civil_date, end_of_day, start_of_day
from yiwang.kernel.parameters import Held

CONTACT_DUE, FIX_SOON, FIX_DUE = "ratings.contact_due", "ratings.fix_soon", "ratings.fix_due"
# A step holds 500: what a clerk writes, and a word of ours before it.
SHORTEST, LONGEST = 6, 480
MORNING = timedelta(hours=8, minutes=30)


def open_bad_rating(rating: Rating, invitation: RatingInvitation, *, at: datetime) -> BadRating:
    """The two tasks of a bad rating, for the organ that did the service. Called in the rating's
    transaction. Of an anonymous one the call-back ends at once: there is nobody to call."""
    on = civil_date(at)
    contact, fix = parameter(CONTACT, on=on), parameter(FIX, on=on)
    row = BadRating.objects.create(
        rating=rating,
        organ_id=invitation.organ_id,
        item_name=invitation.service_for_staff(is_named=not rating.is_anonymous),
        is_anonymous=rating.is_anonymous,
        state=HandlingState.TO_VERIFY,
        opened_at=at,
        sort_due_at=at,
    )
    call, remedy = (
        _task(row, TaskKind.CALLBACK, contact, at),
        _task(row, TaskKind.REMEDIATION, fix, at),
    )
    if rating.is_anonymous:
        call.closed_at, call.ended = at, TaskEnd.UNREACHABLE
    RatingTask.objects.bulk_create([call, remedy])
    act = HandlingAct(row, system_actor("rating"), at)
    act.changes["sort_due_at"] = end_of_day((remedy if call.ended else call).due_on)
    act.facts |= {"satisfaction": rating.satisfaction, "until": remedy.due_on.isoformat()}
    act.commit("open_handling")
    _set_timers(row, call, remedy)
    return row


def _task(row: BadRating, kind: TaskKind, rule: Held, at: datetime) -> RatingTask:
    due_on = deadline(at, rule.limit, calendar()).due_on
    assert due_on is not None
    words = f"{rule.words}:{rule.source}({rule.mark.label})"
    return RatingTask(bad_rating=row, kind=kind, rule=words[:120], due_on=due_on, opened_at=at)


def _set_timers(row: BadRating, call: RatingTask, remedy: RatingTask) -> None:
    """Timers of what is still to do; the rest are dropped."""
    runs = remedy.closed_at is None and remedy.met_at is None
    waits = call.closed_at is None and call.met_at is None
    last_morning = start_of_day(remedy.due_on) + MORNING
    set_timers(
        row.subject,
        {
            CONTACT_DUE: end_of_day(call.due_on) if waits else None,
            FIX_SOON: last_morning if runs else None,
            FIX_DUE: end_of_day(remedy.due_on) if runs else None,
        },
    )


def tasks_of(row: BadRating) -> tuple[RatingTask, RatingTask]:
    """(call-back, remediation); one statement."""
    found = {task.kind: task for task in RatingTask.objects.filter(bad_rating=row)}
    return found[TaskKind.CALLBACK], found[TaskKind.REMEDIATION]


def _said(text: str, name: str = "text") -> str:
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise InvalidActError({name: f"请写明情况,{SHORTEST} 到 {LONGEST} 个字。"})
    return text.strip()


def _close(task: RatingTask, end: TaskEnd, at: datetime) -> None:
    if task.closed_at is None:
        task.closed_at, task.ended = at, end
        task.save(update_fields=["closed_at", "ended", "met_at"])


@transaction.atomic
def contact(
    *, bad_rating_id: int, reached: bool, text: str, actor: Actor, at: datetime
) -> BadRating:
    """The organ spoke (or tried to speak) with who rated. Only being reached meets the limit."""
    act = begin("contact", bad_rating_id=bad_rating_id, permission=HANDLE, actor=actor, at=at)
    row = act.row
    if row.is_anonymous:
        raise NotNowError("这是匿名评价,不能也不必联系评价人,回访已按「无法回访」结束。")
    act.text = ("已联系上。" if reached else "没有联系上。") + _said(text)
    act.facts["reached"] = reached
    if reached and row.replied_at is None:
        call, remedy = tasks_of(row)
        call.met_at = at
        call.save(update_fields=["met_at"])
        act.changes |= {"replied_at": at, "sort_due_at": end_of_day(remedy.due_on)}
        act.commit("contact")
        _set_timers(row, call, remedy)
        return row
    return act.commit("contact")


@transaction.atomic
def verify(*, bad_rating_id: int, verdict: str, text: str, actor: Actor, at: datetime) -> BadRating:
    """核实: 属实 or 合理 goes on to the remedy; 恶意 or 误评 waits for another person's word."""
    if verdict not in Verdict.__members__:
        raise InvalidActError({"verdict": "请选择核实的结论。"})
    found = Verdict(verdict)
    action = "dispute" if found in TO_EXCLUDE else "verify"
    act = begin(action, bad_rating_id=bad_rating_id, permission=HANDLE, actor=actor, at=at)
    act.text = f"{found.label}。{_said(text)}"
    act.changes["verdict"] = found.value
    act.facts["verdict"] = found.value
    if found in TO_EXCLUDE:
        act.changes["disputed_by"] = actor.ref
    assert (found in TO_REMEDY) is (action == "verify")
    return act.commit(action)


@transaction.atomic
def review(
    *, bad_rating_id: int, exclude: bool, text: str, actor: Actor, at: datetime
) -> BadRating:
    """A supervisor's word on 恶意 or 误评: out of the figures but kept, or to be remedied."""
    action = "exclude" if exclude else "keep"
    act = begin(action, bad_rating_id=bad_rating_id, permission=REVIEW, actor=actor, at=at)
    row = act.row
    if row.disputed_by == actor.ref:
        raise NotNowError("提请的人不能自己复核,请由另一位监督人员办理。")
    act.text = _said(text)
    act.changes["reviewed_by"] = actor.ref
    if not exclude:
        act.changes["verdict"] = Verdict.REASONABLE.value
        return act.commit(action)
    act.changes["ended_at"] = at
    act.commit(action)
    _end_both(row, TaskEnd.EXCLUDED, at)
    return row


def _end_both(row: BadRating, end: TaskEnd, at: datetime) -> None:
    call, remedy = tasks_of(row)
    for task in (call, remedy):
        _close(task, end, at)
    _set_timers(row, call, remedy)


@transaction.atomic
def ledger(*, bad_rating_id: int, text: str, actor: Actor, at: datetime) -> BadRating:
    """A complex matter: into the ledger with the longer limit, once, reckoned from the rating."""
    act = begin("ledger", bad_rating_id=bad_rating_id, permission=HANDLE, actor=actor, at=at)
    row = act.row
    if row.is_complex:
        raise NotNowError("已经列为复杂事项,期限不能再延长。")
    act.text = _said(text)
    call, remedy = tasks_of(row)
    if remedy.is_late(at):
        raise NotNowError("整改期限已经届满,不能再列为复杂事项,请尽快提交整改结果。")
    longer = _task(row, TaskKind.REMEDIATION, parameter(COMPLEX, on=civil_date(at)), row.opened_at)
    remedy.due_on, remedy.rule = longer.due_on, longer.rule
    remedy.save(update_fields=["due_on", "rule"])
    act.changes["is_complex"] = True
    act.facts["until"] = remedy.due_on.isoformat()
    if call.met_at is not None or call.closed_at is not None:
        act.changes["sort_due_at"] = end_of_day(remedy.due_on)
    act.commit("ledger")
    _set_timers(row, call, remedy)
    return row


@transaction.atomic
def remedy(*, bad_rating_id: int, text: str, actor: Actor, at: datetime) -> BadRating:
    """What was put right, for the person in charge to approve."""
    act = begin("remedy", bad_rating_id=bad_rating_id, permission=HANDLE, actor=actor, at=at)
    act.text = _said(text)
    act.changes["remedied_by"] = actor.ref
    return act.commit("remedy")


@transaction.atomic
def approve(
    *, bad_rating_id: int, is_approved: bool, text: str, actor: Actor, at: datetime
) -> BadRating:
    """The person in charge, never who did the remedy. Of a named rating the call-back follows, an
    anonymous one ends here."""
    seen = BadRating.objects.filter(pk=bad_rating_id).values_list("is_anonymous", flat=True).first()
    action = ("approve_closing" if seen else "approve") if is_approved else "return"
    act = begin(action, bad_rating_id=bad_rating_id, permission=APPROVE, actor=actor, at=at)
    row = act.row
    if row.remedied_by == actor.ref:
        raise NotNowError("整改由另一人审批,不能自己批准自己的整改。")
    act.text = _said(text)
    if not is_approved:
        return act.commit(action)
    act.changes |= {"remedied_at": at, "approved_by": actor.ref}
    act.changes["replied_at"] = row.replied_at or (at if row.is_anonymous else None)
    if row.is_anonymous:
        act.changes["ended_at"] = at
    act.commit(action)
    call, fix = tasks_of(row)
    fix.met_at = at
    _close(fix, TaskEnd.DONE, at)
    _set_timers(row, call, fix)
    return row


@transaction.atomic
def call_back(
    *, bad_rating_id: int, is_satisfied: bool | None, text: str, actor: Actor, at: datetime
) -> BadRating:
    """The call-back after the remedy closes a named bad rating; nothing else does."""
    act = begin("call_back", bad_rating_id=bad_rating_id, permission=HANDLE, actor=actor, at=at)
    if is_satisfied is None:
        raise InvalidActError({"satisfied": "请选择评价人对整改是否满意。"})
    row = act.row
    act.text = ("对整改满意。" if is_satisfied else "对整改仍不满意。") + _said(text)
    act.facts["satisfied"] = is_satisfied
    act.changes |= {
        "called_back_at": at,
        "is_satisfied": is_satisfied,
        "replied_at": row.replied_at or at,
        "ended_at": at,
    }
    act.commit("call_back")
    call, fix = tasks_of(row)
    call.met_at = call.met_at or at
    _close(call, TaskEnd.DONE, at)
    _set_timers(row, call, fix)
    return row

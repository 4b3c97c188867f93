"""Moving review steps: back to an earlier one with a reason, on to a colleague."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.machine import CaseAction
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.events import StepsChanged
from yiwang.apps.cases.models import Case, ReviewStep, StepState
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.routing import opened_step
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.people.public import colleagues
from yiwang.foundation.access import Actor
from yiwang.kernel.moment import civil_date


@transaction.atomic
def return_step(
    *, case_id: int, step: str, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """退回补充审查: a finished step is opened again; what waited for it waits again.

    The clock of the case runs on: whose mistake it was is no ground to stop it. Raises
    InvalidInputError, NotNowError.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.RETURN_STEP,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    require_texts(("reason", reason, 4, "请写明要补充审查什么,办理人会看到。"))
    rows = list(ReviewStep.objects.select_for_update().filter(case=act.case).order_by("round"))
    latest = {row.code: row for row in rows}
    found = latest.get(step)
    definition = next((s for s in act.definition.route if s.code == step), None)
    if found is None or definition is None or definition.job == "decide":
        raise InvalidInputError({"step": "请选择要退回的环节。"})
    if found.state != StepState.DONE:
        raise NotNowError(f"「{found.name}」还没有办完,不用退回。")
    behind = _behind(act, step)
    waiting = [r.pk for c, r in latest.items() if c in behind and r.state == StepState.OPEN]
    ReviewStep.objects.filter(pk__in=waiting).update(state=StepState.CANCELLED)
    again = opened_step(act, definition, number=found.round + 1)
    again.note = reason.strip()[:400]
    act.steps.append(again)
    act.facts |= {"step": step, "round": again.round, "reason": reason.strip()[:400]}
    act.events.append(StepsChanged(case_id=act.case.pk, step=step))
    return act.commit()


def _behind(act: Act, code: str) -> set[str]:
    """Steps that come, directly or not, after this one."""
    found: set[str] = set()
    while more := {s.code for s in act.definition.route if ({code} | found) & set(s.after)} - found:
        found |= more
    return found


@transaction.atomic
def pass_on(
    *,
    case_id: int,
    step: str,
    to: str,
    note: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """转交: name a colleague of the same organ and job for an open step (`to` such as account:12).

    It is a direction, not a lock: when the colleague is away the others of the job still see it.
    """
    act = begin(case_id=case_id, action=CaseAction.PASS_ON, actor=actor, at=at, version=version)
    row = (
        ReviewStep.objects.select_for_update()
        .filter(case=act.case, code=step, state=StepState.OPEN)
        .first()
    )
    if row is None:
        raise CaseNotFoundError
    permission = permissions.JOBS[row.job]
    actor.require(permission, organ_id=act.case.organ_id)
    found = dict(colleagues(act.case.organ_id, permission, on=civil_date(at)))
    if to not in found:
        raise InvalidInputError({"to": "请选择本单位同岗位的工作人员。"})
    row.assignee, row.assignee_label, row.note = to, found[to], note.strip()[:400]
    row.save(update_fields=["assignee", "assignee_label", "note"])
    act.facts |= {"step": step, "to": to}
    act.events.append(StepsChanged(case_id=act.case.pk, step=step))
    return act.commit()

"""The few real cases every bulk case is a clone of, made by the operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import deciding
from yiwang.site.measuring import acting

ITEM = "food-business-licence"


@dataclass(frozen=True, slots=True)
class Templates:
    draft_id: str
    ready_to_accept: Case
    in_review: Case
    ready_to_decide: Case
    completed: Case


def make_templates(*, at: datetime) -> Templates:
    """One case in each state the bench needs, and a complete draft."""
    citizen, clerk, reviewer, approver = (
        acting.actor(login, at)
        for login in ("lin-xiaoman", "he-window", "zhao-review", "sun-approve")
    )

    def received() -> Case:
        case = acting.received(ITEM, by=citizen, at=at)
        acting.tick_all(case, clerk=clerk, at=at)
        return Case.objects.get(pk=case.pk)

    def accepted() -> Case:
        return acting.accepted(ITEM, by=citizen, clerk=clerk, at=at)

    def reviewed() -> Case:
        return acting.reviewed(accepted(), reviewer=reviewer, at=at)

    done = deciding.grant(case_id=reviewed().pk, actor=approver, at=at)
    draft = acting.draft(ITEM, by=citizen, at=at)
    return Templates(str(draft.pk), received(), accepted(), reviewed(), done)

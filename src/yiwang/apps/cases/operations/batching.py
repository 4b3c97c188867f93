"""The same opinion on several cases at once, where the item says that this is lawful.

Each case is an act of its own with its own record entry: what is not possible for one holds up no
other. A decision is never made in a batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.cases.errors import CaseError, CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.models import ReviewStep, StepState
from yiwang.apps.cases.operations import reviewing
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.cases.seeing import may_read
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.kernel.machine import TransitionNotAllowedError

MOST = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; `reason` is empty where the opinion was given."""

    case_id: int
    short_number: str
    reason: str


def may_batch(step: ReviewStep) -> bool:
    """True for an open step of one person, no decision, of an item that allows it."""
    definition = definition_of(step.case.item_version_id)
    return (
        definition.is_batch_allowed
        and step.job != "decide"
        and step.people == 1
        and step.state == StepState.OPEN
    )


def agree_to(*, step_ids: list[int], opinion: str, actor: Actor, at: datetime) -> list[Outcome]:
    """符合要求 with this opinion on each of the steps (at most MOST), in their order.

    Raises InvalidInputError where nothing or too much is chosen or the opinion is missing.
    """
    require_texts(("opinion", opinion, 2, "请写明审查意见,会写进每一个办件。"))
    if not 1 <= len(step_ids) <= MOST:
        raise InvalidInputError({"steps": f"请选择 1 到 {MOST} 个办件。"})
    found = ReviewStep.objects.select_related("case__organ").in_bulk(step_ids)
    return [_one(found.get(pk), opinion, actor, at) for pk in dict.fromkeys(step_ids)]


def _one(step: ReviewStep | None, opinion: str, actor: Actor, at: datetime) -> Outcome:
    if step is None or not may_read(actor, step.case):
        return Outcome(0, "", "没有这个环节。")
    number = step.case.short_number
    if not may_batch(step):
        return Outcome(step.case_id, number, "这个环节要逐件办理。")
    try:
        reviewing.give_opinion(
            case_id=step.case_id,
            step=step.code,
            conclusion="AGREE",
            opinion=opinion,
            actor=actor,
            at=at,
            version=step.case.version,
        )
    except CaseNotFoundError:
        return Outcome(0, "", "没有这个环节。")
    except (CaseError, AccessDeniedError, TransitionNotAllowedError) as error:
        return Outcome(step.case_id, number, str(getattr(error, "message", "") or error))
    return Outcome(step.case_id, number, "")

"""The same opinion, or the same decision to grant, on several cases at once, where the item says
that this is lawful.

Each case is an act of its own with its own record entry (and, decided, its own number and paper):
what is not possible for one holds up no other. A batch never refuses anybody: a negative decision
states the facts of the one case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.cases.errors import CaseError, CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.models import Case, ReviewStep, StepState
from yiwang.apps.cases.operations import deciding, reviewing
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.cases.seeing import may_read
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.kernel.machine import TransitionNotAllowedError

MOST = 20
ALONE = "这个环节要逐件办理。"


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


def may_batch_grant(step: ReviewStep) -> bool:
    """True for an open decision of an item that allows it, where the rules came to 准予.

    The rules must have said so: what nobody and nothing has compared is not granted by the dozen.
    """
    verdict = step.case.instant_verdict or {}
    return (
        definition_of(step.case.item_version_id).is_batch_allowed
        and step.job == "decide"
        and step.people == 1
        and step.state == StepState.OPEN
        and verdict.get("outcome") == "GRANT"
    )


def agree_to(*, step_ids: list[int], opinion: str, actor: Actor, at: datetime) -> list[Outcome]:
    """符合要求 with this opinion on each of the steps (at most MOST), in their order.

    Raises InvalidInputError where nothing or too much is chosen or the opinion is missing.
    """
    require_texts(("opinion", opinion, 2, "请写明审查意见,会写进每一个办件。"))
    found = _chosen(step_ids)

    def give(step: ReviewStep) -> Case:
        return reviewing.give_opinion(
            case_id=step.case_id,
            step=step.code,
            conclusion="AGREE",
            opinion=opinion,
            actor=actor,
            at=at,
            version=step.case.version,
        )

    def why_not(step: ReviewStep) -> str:
        return "" if may_batch(step) else ALONE

    return [_one(found.get(pk), why_not, give, actor) for pk in dict.fromkeys(step_ids)]


def grant_to(*, step_ids: list[int], opinion: str, actor: Actor, at: datetime) -> list[Outcome]:
    """准予 for each (at most MOST) of one version of one item, in their order.

    A case is left where somebody did not agree, the rules came to something else, or a guard of
    the decision (a pause, a procedure, a gap) does not hold. Raises InvalidInputError.
    """
    found = _chosen(step_ids)
    if len({step.case.item_version_id for step in found.values()}) > 1:
        raise InvalidInputError({"steps": "一次只能批量决定同一事项、同一版本的办件。"})
    disputed = _not_agreed([step.case_id for step in found.values()])

    def why_not(step: ReviewStep) -> str:
        if step.case_id in disputed:
            return "有审查环节还没有办,或者意见不是「符合要求」,要逐件办理。"
        return "" if may_batch_grant(step) else ALONE

    def grant(step: ReviewStep) -> Case:
        return deciding.grant(
            case_id=step.case_id, opinion=opinion, actor=actor, at=at, version=step.case.version
        )

    return [_one(found.get(pk), why_not, grant, actor) for pk in dict.fromkeys(step_ids)]


def _chosen(step_ids: list[int]) -> dict[int, ReviewStep]:
    """Raises InvalidInputError where nothing or too much is chosen."""
    if not 1 <= len(step_ids) <= MOST:
        raise InvalidInputError({"steps": f"请选择 1 到 {MOST} 个办件。"})
    return ReviewStep.objects.select_related("case__organ").in_bulk(step_ids)


def _not_agreed(case_ids: list[int]) -> set[int]:
    """Cases in which a review step ends, in its latest round, with anything but 符合要求."""
    rows = (
        ReviewStep.objects.filter(case_id__in=case_ids)
        .exclude(job="decide")
        .exclude(state=StepState.CANCELLED)
        .order_by("round")
        .values_list("case_id", "code", "conclusion")
    )
    latest = {(case_id, code): conclusion for case_id, code, conclusion in rows}
    return {case_id for (case_id, _), conclusion in latest.items() if conclusion != "AGREE"}


def _one(
    step: ReviewStep | None,
    why_not: Callable[[ReviewStep], str],
    act: Callable[[ReviewStep], Case],
    actor: Actor,
) -> Outcome:
    if step is None or not may_read(actor, step.case):
        return Outcome(0, "", "没有这个环节。")
    number = step.case.short_number
    if reason := why_not(step):
        return Outcome(step.case_id, number, reason)
    try:
        act(step)
    except CaseNotFoundError:
        return Outcome(0, "", "没有这个环节。")
    except (CaseError, AccessDeniedError, TransitionNotAllowedError) as error:
        return Outcome(step.case_id, number, str(getattr(error, "message", "") or error))
    return Outcome(step.case_id, number, "")

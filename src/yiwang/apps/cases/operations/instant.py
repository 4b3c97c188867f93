"""秒批: the item's rule table proposes, one person confirms review and decision with one press."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases.errors import CaseNotFoundError, NotNowError
from yiwang.apps.cases.models import Case, ReviewStep, StepState
from yiwang.apps.cases.operations import deciding, reviewing
from yiwang.foundation.access import Actor


@transaction.atomic
def grant_at_once(*, case_id: int, actor: Actor, at: datetime, version: int | None = None) -> Case:
    """一键准予: where the item's rule table says so, one person confirms review and decision.

    The table proposes, the person decides and answers for it (秒批 is a click by a person). Raises
    NotNowError where the verdict is another one, or a step needs two people on the spot.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise CaseNotFoundError
    verdict = case.instant_verdict or {}
    if verdict.get("outcome") != "GRANT":
        raise NotNowError("规则核验没有得出准予的结论,请按环节审查后决定。")
    given = ReviewStep.objects.filter(case=case).exclude(conclusion="")
    if given.exists():
        raise NotNowError("已经有人提出审查意见,请按环节办理,不能一键准予。")
    text = f"规则核验:{verdict.get('reason', '')}({verdict.get('article', '')})"
    who: dict[str, Any] = {"case_id": case_id, "actor": actor, "at": at}
    while (step := _open_review(case_id)) is not None:
        if step.people > 1:
            raise NotNowError(f"「{step.name}」需要两人实地核查,不能一键办理。")
        version = reviewing.give_opinion(
            step=step.code, conclusion="AGREE", opinion=text, version=version, **who
        ).version
    return deciding.grant(opinion=text, version=version, **who)


def _open_review(case_id: int) -> ReviewStep | None:
    steps = ReviewStep.objects.filter(case_id=case_id, state=StepState.OPEN)
    return steps.exclude(job="decide").order_by("id").first()

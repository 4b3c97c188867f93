"""Acts of reviewers and approvers: opinions, pauses, extension, and every decision."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from yiwang.apps.cases.api_acts import ALSO, visible
from yiwang.apps.cases.api_bodies import (
    Decline,
    Grant,
    NotRequired,
    Opinion,
    PauseIn,
    Refuse,
    Resume,
    WithReason,
)
from yiwang.apps.cases.api_schemas import CaseBrief
from yiwang.apps.cases.api_telling import brief
from yiwang.apps.cases.operations import deciding, reviewing, stopping
from yiwang.apps.people.public import account_ref
from yiwang.foundation.api.bounds import Id
from yiwang.foundation.api.declaring import endpoint

router = Router(tags=["审查与决定"])


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/not-required",
    answers=CaseBrief,
    summary="不受理(依法不需办理)",
    also=ALSO,
)
def not_required(request: HttpRequest, case_id: Id, body: NotRequired) -> CaseBrief:
    """The matter needs no such permit (行政许可法 §32(1)); the approver's act."""
    who = visible(request, case_id)
    return brief(
        deciding.not_required(reason=body.reason, article=body.article, version=body.version, **who)
    )


@endpoint(
    router, "POST", "/cases/{case_id}/decline", answers=CaseBrief, summary="不予受理", also=ALSO
)
def decline(request: HttpRequest, case_id: Id, body: Decline) -> CaseBrief:
    """Not this organ's power, with the organ that has it (行政许可法 §32(2))."""
    who = visible(request, case_id)
    return brief(
        deciding.decline(
            ground=body.ground.value,
            right_organ=body.right_organ,
            facts=body.facts,
            reason=body.reason,
            article=body.article,
            version=body.version,
            **who,
        )
    )


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/give-opinion",
    answers=CaseBrief,
    summary="提出审查意见",
    also=ALSO,
)
def give_opinion(request: HttpRequest, case_id: Id, body: Opinion) -> CaseBrief:
    """Finish one open step with a conclusion and its reason (行政许可法 §34).

    Where the step needs two people, `second_person` is the login name of the other one."""
    who = visible(request, case_id)
    return brief(
        reviewing.give_opinion(
            step=body.step,
            conclusion=body.conclusion,
            opinion=body.opinion,
            second_person=account_ref(body.second_person) if body.second_person else "",
            version=body.version,
            **who,
        )
    )


@endpoint(
    router, "POST", "/cases/{case_id}/pause", answers=CaseBrief, summary="停止计时", also=ALSO
)
def pause(request: HttpRequest, case_id: Id, body: PauseIn) -> CaseBrief:
    """On a ground the item's law knows, with the time needed told in writing (行政许可法 §45)."""
    who = visible(request, case_id)
    return brief(
        stopping.pause(
            ground=body.ground,
            expected=body.expected,
            reason=body.reason,
            began_on=body.began_on,
            version=body.version,
            **who,
        )
    )


@endpoint(
    router, "POST", "/cases/{case_id}/resume", answers=CaseBrief, summary="恢复计时", also=ALSO
)
def resume(request: HttpRequest, case_id: Id, body: Resume) -> CaseBrief:
    who = visible(request, case_id)
    return brief(stopping.resume(pause_name=body.pause, version=body.version, **who))


@endpoint(
    router, "POST", "/cases/{case_id}/extend", answers=CaseBrief, summary="延长期限", also=ALSO
)
def extend(request: HttpRequest, case_id: Id, body: WithReason) -> CaseBrief:
    """Once, by the approver the law names, with the reason told (行政许可法 §42)."""
    who = visible(request, case_id)
    return brief(reviewing.extend(reason=body.reason, version=body.version, **who))


@endpoint(router, "POST", "/cases/{case_id}/grant", answers=CaseBrief, summary="准予", also=ALSO)
def grant(request: HttpRequest, case_id: Id, body: Grant) -> CaseBrief:
    """The decision, and the certificate with it."""
    who = visible(request, case_id)
    return brief(deciding.grant(opinion=body.opinion, version=body.version, **who))


@endpoint(router, "POST", "/cases/{case_id}/refuse", answers=CaseBrief, summary="不予", also=ALSO)
def refuse(request: HttpRequest, case_id: Id, body: Refuse) -> CaseBrief:
    """The regime's negative decision: facts, article and reason, or none (行政许可法 §38)."""
    who = visible(request, case_id)
    return brief(
        deciding.refuse(
            facts=body.facts,
            articles=body.articles,
            reason=body.reason,
            version=body.version,
            **who,
        )
    )

"""Cases by API: one case whole, the lists by job, progress by number. The acts are beside it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router

from yiwang.apps.cases import permissions, queries
from yiwang.apps.cases.api_acts import router as acts
from yiwang.apps.cases.api_bodies import Progress
from yiwang.apps.cases.api_branches import router as branches
from yiwang.apps.cases.api_decisions import router as decisions
from yiwang.apps.cases.api_drafts import router as drafts
from yiwang.apps.cases.api_ending import router as ending
from yiwang.apps.cases.api_halls import router as halls
from yiwang.apps.cases.api_schemas import CasePage, CaseWhole, ProgressOut, StepPage, StepRow
from yiwang.apps.cases.api_taking_in import router as taking_in
from yiwang.apps.cases.api_telling import brief, tell
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.guessing import WINDOW_SECONDS, count_wrong, is_blocked
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.pages.next_steps import next_step
from yiwang.apps.cases.pages.own import parties_of
from yiwang.apps.cases.pages.progress import NOT_FOUND, by_query_code
from yiwang.apps.people.public import organs_in_area
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import Cursor, Id, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.foundation.api.problem import ProblemError

router = Router(tags=["办件"])
# Six digits: twenty wrong tries an hour for one number leave them out of reach for years.
_DUE = {
    CaseState.RECEIVED: "receipt_due_on",
    CaseState.CORRECTION: "correction_until",
    CaseState.REVIEW: "promised_due_on",
    CaseState.GRANTED: "delivery_due_on",
    CaseState.REFUSED: "delivery_due_on",
}


def routers() -> tuple[Router, ...]:
    """Every router of this app."""
    return router, drafts, acts, decisions, branches, ending, taking_in, halls


@endpoint(router, "GET", "/cases/{case_id}", answers=CaseWhole, summary="办件全貌", also=(404,))
def read_case(request: HttpRequest, case_id: Id) -> CaseWhole:
    """State, clocks with every day explained, materials, steps, papers, and which acts are open
    to this caller, with the reason where one is not."""
    actor, at = caller(request)
    return tell(queries.whole_case(case_id, actor=actor), actor=actor, at=at)


def _page(found: queries.CasePage) -> CasePage:
    return CasePage(cases=[brief(case) for case in found.cases], next_cursor=found.next_cursor)


@endpoint(router, "GET", "/my/cases", answers=CasePage, summary="我的办件", also=(403,))
def my_cases(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> CasePage:
    """Of the signed-in person and of the organisations they represent, newest first."""
    actor, _ = caller(request)
    if actor.party_id is None:
        raise AccessDeniedError("这是申请人的内容,请用个人账号登录。")
    return _page(
        queries.own_cases(actor=actor, parties=parties_of(actor), after=after or None, size=size)
    )


@endpoint(router, "GET", "/work/to-accept", answers=CasePage, summary="待受理", also=(403,))
def to_accept(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> CasePage:
    """Received cases of the caller's windows and their packages, by the receipt clock."""
    actor, _ = caller(request)
    actor.require(permissions.RECEIVE)
    return _page(queries.cases_to_accept(actor=actor, after=after or None, size=size))


@endpoint(router, "GET", "/work/to-deliver", answers=CasePage, summary="待发放", also=(403,))
def to_deliver(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> CasePage:
    """Decided cases waiting at the caller's windows."""
    actor, _ = caller(request)
    actor.require(permissions.RECEIVE)
    return _page(queries.cases_to_deliver(actor=actor, after=after or None, size=size))


@endpoint(router, "GET", "/work/steps", answers=StepPage, summary="我的待办环节", also=(403,))
def my_steps(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> StepPage:
    """Open steps of the caller's organs and jobs, by the clock."""
    actor, _ = caller(request)
    if not queries.queues_of(actor):
        actor.require(permissions.REVIEW)
    found = queries.open_steps_of(actor=actor, after=after or None, size=size)
    rows = [
        StepRow(
            case_id=step.case_id,
            case_version=step.case.version,
            short_number=step.case.short_number,
            item_name=step.case.item_name,
            organ=step.case.organ.name,
            applicant=step.case.applicant_label,
            step=step.code,
            step_name=step.name,
            job=step.job,
            opened_at=step.opened_at,
            due_on=step.due_on,
        )
        for step in found.steps
    ]
    return StepPage(steps=rows, next_cursor=found.next_cursor)


@endpoint(router, "GET", "/work/cases", answers=CasePage, summary="本单位办件", also=(403,))
def organ_cases(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> CasePage:
    """All cases of the caller's organs, newest first."""
    actor, _ = caller(request)
    actor.require(permissions.READ_ORGAN)
    return _page(queries.organ_cases(actor=actor, after=after or None, size=size))


@endpoint(router, "GET", "/work/late", answers=CasePage, summary="超期办件", also=(403,))
def late(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> CasePage:
    """Cases whose running clock is over: of a supervisor's areas, of anybody else's organs."""
    actor, at = caller(request)
    return _page(queries.late_cases(organs=_watched(actor), at=at, after=after or None, size=size))


def _watched(actor: Actor) -> list[int]:
    """Organs whose late cases this actor may list. Raises AccessDeniedError."""
    if actor.may(permissions.SUPERVISE):
        held = [p for p in actor.postings if permissions.SUPERVISE.code in p.permissions]
        return organs_in_area([posting.area_code for posting in held])
    actor.require(permissions.READ_ORGAN)
    return actor.organ_ids(permissions.READ_ORGAN)


@endpoint(
    router,
    "POST",
    "/progress",
    answers=ProgressOut,
    summary="凭办件简号和查询码查进度",
    is_public=True,
    also=(404, 429),
)
def progress(request: HttpRequest, body: Progress) -> ProgressOut:
    """For anybody who holds the receipt; the applicant's name is masked."""
    if is_blocked(body.number):
        raise ProblemError(
            "too-many-requests",
            "这个编号的查询码错了太多次,请一小时后再试,或登录后在「我的办件」里查看。",
            headers={"Retry-After": str(WINDOW_SECONDS)},
        )
    case = by_query_code(body.number, body.code)
    if case is None:
        count_wrong(body.number)
        raise ProblemError("not-found", NOT_FOUND)
    return _progress(case, caller(request)[1])


def _progress(case: Case, at: datetime) -> ProgressOut:
    due = _DUE.get(CaseState(case.state))
    return ProgressOut(
        short_number=case.short_number,
        item_name=case.item_name,
        organ=case.organ.name,
        applicant=case.applicant_label,
        state=case.state,
        state_label=case.state_label,
        received_at=case.received_at,
        due_on=getattr(case, due) if due else None,
        what_next=next_step(case, at).text,
    )

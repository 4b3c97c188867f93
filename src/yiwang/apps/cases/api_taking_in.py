"""代收 by API: what a hall took in for others, handed over by list, signed for, found missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.files import UploadedFile
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.cases import permissions, taken_in
from yiwang.apps.cases.api_acts import ALSO, CODES, FILES, PAPER, posted_files, visible
from yiwang.apps.cases.api_schemas import CaseBrief
from yiwang.apps.cases.api_telling import brief
from yiwang.apps.cases.domain.taking_in import HandOverWay, TakeInState
from yiwang.apps.cases.models import PapersHandOver, TakeIn
from yiwang.apps.cases.operations import taking_in
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, BodyId, Code, Cursor, Id, Line, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.foundation.api.parsing import only
from yiwang.kernel.moment import civil_date

router = Router(tags=["代收"])
Chosen = Annotated[list[BodyId], Field(max_length=taking_in.MOST)]
Parcel = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]


class TakeInOut(BaseModel):
    """One case that a hall took in for another. `under_way` are papers that are not there yet."""

    case_id: int
    short_number: str
    item_name: str
    applicant: str
    case_state: str
    taken_in_at_hall: str
    receiver: str
    state: TakeInState
    state_label: str
    papers: list[str]
    under_way: list[str]
    taken_at: datetime
    hand_over_due_on: date
    is_overdue: bool
    hand_over_number: str
    handed_at: datetime | None
    confirmed_at: datetime | None
    missing: str


class TakeInPageOut(BaseModel):
    take_ins: list[TakeInOut]
    next_cursor: str | None


class HandOverIn(Body):
    """`cases` of one receiver; `parcel_number` goes with POST."""

    cases: Chosen
    way: HandOverWay
    parcel_number: Parcel = ""


class HandOverOut(BaseModel):
    id: int
    number: str
    receiver: str
    way: HandOverWay
    parcel_number: str
    handed_at: datetime
    cases: list[int]


class ConfirmIn(Body):
    cases: Chosen


class ConfirmedOut(BaseModel):
    confirmed: int


class MissingIn(Body):
    """Codes of the papers that are not there, and a word to the window that took them in."""

    missing: Annotated[list[Code], Field(max_length=100)]
    note: Line = ""


def _page(found: taken_in.TakeInPage, at: datetime) -> TakeInPageOut:
    today = civil_date(at)
    return TakeInPageOut(
        take_ins=[_row(row, today) for row in found.rows], next_cursor=found.next_cursor
    )


def _row(row: TakeIn, today: date) -> TakeInOut:
    return TakeInOut(
        case_id=row.case_id,
        short_number=row.case.short_number,
        item_name=row.case.item_name,
        applicant=row.case.applicant_label,
        case_state=row.case.state,
        taken_in_at_hall=row.hall.name,
        receiver=taken_in.receiver_name(row.case, row.receiver),
        state=TakeInState(row.state),
        state_label=row.state_label,
        papers=list(row.papers.values()),
        under_way=list(row.under_way.values()),
        taken_at=row.taken_at,
        hand_over_due_on=row.hand_over_due_on,
        is_overdue=row.is_overdue(today),
        hand_over_number=row.hand_over.number if row.hand_over else "",
        handed_at=row.handed_at,
        confirmed_at=row.confirmed_at,
        missing=row.missing,
    )


def _list(made: PapersHandOver) -> HandOverOut:
    return HandOverOut(
        id=made.pk,
        number=made.number,
        receiver=made.receiver_name,
        way=HandOverWay(made.way),
        parcel_number=made.parcel_number,
        handed_at=made.handed_at,
        cases=[line["case"] for line in made.lines],
    )


@endpoint(router, "GET", "/work/taken-in", answers=TakeInPageOut, summary="代收待移交", also=(403,))
def papers_to_hand_over(
    request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE
) -> TakeInPageOut:
    """Papers in the hand of the caller's halls, the next due first."""
    actor, at = caller(request)
    actor.require(permissions.RECEIVE)
    return _page(taken_in.to_hand_over(actor=actor, after=after or None, size=size), at)


@endpoint(
    router,
    "GET",
    "/work/taken-in/to-confirm",
    answers=TakeInPageOut,
    summary="代收待签收",
    also=(403,),
)
def papers_to_confirm(
    request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE
) -> TakeInPageOut:
    """Papers under way to the caller's halls and organs, the longest under way first."""
    actor, at = caller(request)
    if not taken_in.receivers_of(actor):
        actor.require(permissions.RECEIVE)
    return _page(taken_in.to_confirm(actor=actor, after=after or None, size=size), at)


@endpoint(
    router,
    "POST",
    "/work/hand-overs",
    answers=HandOverOut,
    summary="移交代收材料",
    also=ALSO,
    status=201,
)
def hand_over_papers(request: HttpRequest, body: HandOverIn) -> HandOverOut:
    """The papers of these cases to one receiver, on one list with one number."""
    actor, at = caller(request)
    return _list(
        taking_in.hand_over(
            case_ids=list(body.cases),
            way=body.way.value,
            parcel_number=body.parcel_number,
            actor=actor,
            at=at,
        )
    )


@endpoint(
    router,
    "POST",
    "/work/taken-in/confirm",
    answers=ConfirmedOut,
    summary="签收代收材料",
    also=ALSO,
)
def confirm_papers(request: HttpRequest, body: ConfirmIn) -> ConfirmedOut:
    """Every paper of these cases is here."""
    actor, at = caller(request)
    return ConfirmedOut(confirmed=taking_in.confirm(case_ids=list(body.cases), actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/missing-papers",
    answers=CaseBrief,
    summary="登记代收缺件",
    also=ALSO,
)
def report_missing_papers(request: HttpRequest, case_id: Id, body: MissingIn) -> CaseBrief:
    """These papers of the list are not there; the others are signed for."""
    who: dict[str, Any] = visible(request, case_id)
    return brief(taking_in.report_missing(missing=list(body.missing), note=body.note, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/complete-papers",
    answers=CaseBrief,
    summary="补齐代收材料",
    also=ALSO,
)
def complete_papers(
    request: HttpRequest,
    case_id: Id,
    paper: list[Code] = PAPER,
    material: list[Code] = CODES,
    file: list[UploadedFile] = FILES,
) -> CaseBrief:
    """What the applicant brings to the taking window later, until it is handed over."""
    only(request, "paper", "material", "file")
    return brief(
        taking_in.complete_papers(
            paper=paper, files=posted_files(material, file), **visible(request, case_id)
        )
    )

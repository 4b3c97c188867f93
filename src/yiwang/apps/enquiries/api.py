"""Enquiries by API: one's own, the organ's, asking and answering."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.enquiries import queries
from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState
from yiwang.apps.enquiries.models import Enquiry
from yiwang.apps.enquiries.operations import answering, asking
from yiwang.apps.enquiries.permissions import ANSWER, HANDLE, OVERSEE
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, BodyId, Cursor, Flag, Id, PageSize, Slug
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint

router = Router(tags=["咨询投诉"])
ALL: Any = parameter.Query(False, description="也列出已经结束的")
Text = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]


class EnquiryOut(BaseModel):
    """One enquiry as a list shows it: the asker masked, nothing of what was written."""

    id: int
    kind: EnquiryKind
    kind_label: str
    state: EnquiryState
    state_label: str
    item_code: str
    item_name: str
    short_number: str
    organ: str
    asker: str
    asked_at: datetime
    due_on: date | None
    is_urged: bool


class EnquiryPageOut(BaseModel):
    enquiries: list[EnquiryOut]
    next_cursor: str | None


class EntryOut(BaseModel):
    act: str
    text: str
    by: str
    at: datetime


class WholeEnquiryOut(BaseModel):
    enquiry: EnquiryOut
    entries: list[EntryOut]


class AskIn(Body):
    """About a case of one's own (`case_id`), else about an item's guide (`item`)."""

    kind: EnquiryKind
    text: Text
    case_id: BodyId | None = None
    item: Slug | None = None


class AskAgainIn(Body):
    """`text` None: it is answered."""

    text: Text | None = None


class ActIn(Body):
    action: Annotated[str, Field(pattern="^(ANSWER|TAKE_AS_COMPLAINT|ACCEPT|DECLINE|HANDLE)$")]
    text: Text
    is_guide_wrong: Flag = False


def _out(row: Enquiry) -> EnquiryOut:
    return EnquiryOut(
        id=row.pk,
        kind=EnquiryKind(row.kind),
        kind_label=row.kind_label,
        state=EnquiryState(row.state),
        state_label=row.state_label,
        item_code=row.item_code,
        item_name=row.item_name,
        short_number=row.short_number,
        organ=row.organ.name,
        asker=row.asker_label,
        asked_at=row.asked_at,
        due_on=row.due_on,
        is_urged=row.urged_at is not None,
    )


def _whole(enquiry_id: int, request: HttpRequest) -> WholeEnquiryOut:
    whole = queries.whole_enquiry(enquiry_id, actor=caller(request)[0])
    return WholeEnquiryOut(
        enquiry=_out(whole.enquiry),
        entries=[
            EntryOut(act=one.act, text=one.text, by=one.by_label, at=one.at)
            for one in whole.entries
        ],
    )


@endpoint(router, "GET", "/my/enquiries", answers=EnquiryPageOut, summary="我的咨询投诉")
def list_my_enquiries(
    request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE
) -> EnquiryPageOut:
    """What this person asked, newest first."""
    actor, _ = caller(request)
    found = queries.own_enquiries(actor=actor, after=after or None, size=size)
    return EnquiryPageOut(enquiries=[_out(r) for r in found.rows], next_cursor=found.next_cursor)


@endpoint(
    router, "POST", "/enquiries", answers=WholeEnquiryOut, summary="提出咨询投诉", also=(404,)
)
def ask(request: HttpRequest, body: AskIn) -> WholeEnquiryOut:
    """A complaint about a case goes to somebody who did not handle it."""
    actor, at = caller(request)
    if actor.party_id is None:
        raise AccessDeniedError("咨询和投诉由办事的人提出。")
    who: dict[str, Any] = {"actor": actor, "at": at}
    kind = body.kind.value
    if body.case_id is not None:
        row = asking.ask_about_case(case_id=body.case_id, kind=kind, text=body.text, **who)
    else:
        row = asking.ask_about_guide(
            item=body.item or "", kind=kind, text=body.text, contact="", **who
        )
    return _whole(row.pk, request)


@endpoint(
    router,
    "POST",
    "/my/enquiries/{enquiry_id}/reply",
    answers=WholeEnquiryOut,
    summary="追问或表示满意",
    also=(404, 409),
)
def reply_to_answer(request: HttpRequest, enquiry_id: Id, body: AskAgainIn) -> WholeEnquiryOut:
    """With a text it is asked again and the clock runs anew; without, it is answered."""
    actor, at = caller(request)
    if body.text is None:
        asking.satisfy(enquiry_id=enquiry_id, actor=actor, at=at)
    else:
        asking.ask_again(enquiry_id=enquiry_id, text=body.text, actor=actor, at=at)
    return _whole(enquiry_id, request)


@endpoint(router, "GET", "/enquiries", answers=EnquiryPageOut, summary="本单位的咨询投诉")
def list_enquiries(
    request: HttpRequest, all: bool = ALL, after: Cursor = AFTER, size: PageSize = SIZE
) -> EnquiryPageOut:
    """By the end of what runs; with `all`, all of them, newest first."""
    actor, _ = caller(request)
    if not any(actor.may(one) for one in (ANSWER, HANDLE, OVERSEE)):
        raise AccessDeniedError("这是负责答复咨询、处理投诉的人员的内容。")
    found = queries.enquiries_of(actor=actor, only_waiting=not all, after=after or None, size=size)
    return EnquiryPageOut(enquiries=[_out(r) for r in found.rows], next_cursor=found.next_cursor)


@endpoint(
    router,
    "GET",
    "/enquiries/{enquiry_id}",
    answers=WholeEnquiryOut,
    summary="一条咨询投诉",
    also=(404,),
)
def read_enquiry(request: HttpRequest, enquiry_id: Id) -> WholeEnquiryOut:
    """For the asker and for whoever may answer or handle it."""
    return _whole(enquiry_id, request)


@endpoint(
    router,
    "POST",
    "/enquiries/{enquiry_id}/act",
    answers=WholeEnquiryOut,
    summary="答复咨询、处理投诉",
    also=(404, 409),
)
def act_on_enquiry(request: HttpRequest, enquiry_id: Id, body: ActIn) -> WholeEnquiryOut:
    """The organ's acts, each with a text for the asker."""
    actor, at = caller(request)
    answering.act_on(
        enquiry_id=enquiry_id,
        action=body.action,
        text=body.text,
        is_guide_wrong=body.is_guide_wrong,
        actor=actor,
        at=at,
    )
    return _whole(enquiry_id, request)

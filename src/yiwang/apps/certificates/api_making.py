"""Central making by API: the queue and its acts, blank stock, the ledger. By hall or organ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.certificates.domain.making import MakingState, Means
from yiwang.apps.certificates.making import printing, reads, stocking
from yiwang.apps.certificates.models import IssueEntry, Making
from yiwang.apps.certificates.permissions import LEDGER, MAKE
from yiwang.foundation.access import AccessDeniedError, Actor, Permission
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Body, Code, Cursor, Day, Id, Line, PageSize
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint

router = Router(tags=["制证发证"])
STATE: Any = parameter.Query(None, description="只看一种状态")
FIRST: Any = parameter.Query(None, description="发证日期从")
LAST: Any = parameter.Query(None, description="发证日期到")
NUMBER: Any = parameter.Query("", description="证照编号或办件简号,写全")
Number = Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)]
Shelf = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
Keeper = Annotated[str, StringConstraints(pattern=r"^(hall|organ):[0-9]{1,18}$")]
Sheet = Annotated[int, Field(ge=1, le=stocking.LARGEST_NUMBER, strict=True)]


class MakingOut(BaseModel):
    """`blank_number` is given when it is printed; only STORED may be collected."""

    id: int
    state: MakingState
    state_label: str
    short_number: str
    certificate_name: str
    certificate_number: str
    holder: str
    organ: str
    due_on: date | None
    taken_by: str
    blank_kind: str
    blank_number: int | None
    shelf: str


class MakingPageOut(BaseModel):
    makings: list[MakingOut]
    next_cursor: str | None


class SpoilIn(Body):
    reason: Line


class StoreIn(Body):
    shelf: Shelf = ""


class StockOut(BaseModel):
    """Sheets: `in_stock` = `received` − `printed` − `issued` − `wasted`."""

    id: int
    keeper: str
    keeper_label: str
    kind: str
    name: str
    in_stock: int
    received: int
    printed: int
    issued: int
    wasted: int
    low_at: int
    is_low: bool


class ReceiveIn(Body):
    """`keeper` is one's own place: `hall:3` or `organ:12`."""

    keeper: Keeper
    kind: Code
    first: Sheet
    last: Sheet


class BatchOut(BaseModel):
    id: int
    first: int
    last: int
    count: int


class VoidIn(Body):
    number: Sheet
    reason: Line


class WasteOut(BaseModel):
    id: int
    number: int
    reason: str
    by: str
    at: datetime
    confirmed_by: str
    confirmed_at: datetime | None


class WastePageOut(BaseModel):
    wastes: list[WasteOut]
    next_cursor: str | None


class IssueOut(BaseModel):
    """One line of 发证台账; names are masked."""

    at: datetime
    certificate_name: str
    certificate_number: str
    blank_kind: str
    blank_number: int
    short_number: str
    holder: str
    means: Means
    means_label: str
    collector: str
    reference: str
    by: str
    hall: str
    organ: str


class IssuePageOut(BaseModel):
    issues: list[IssueOut]
    next_cursor: str | None


def _require(actor: Actor, permission: Permission, words: str) -> None:
    if not actor.may(permission):
        raise AccessDeniedError(words)


def _maker(actor: Actor) -> None:
    _require(actor, MAKE, "这是制证人员的内容。")


def _making(row: Making) -> MakingOut:
    return MakingOut(
        id=row.pk,
        state=MakingState(row.state),
        state_label=row.state_label,
        short_number=row.short_number,
        certificate_name=row.certificate.name,
        certificate_number=row.certificate.number,
        holder=row.holder_label,
        organ=row.organ.name,
        due_on=row.due_on,
        taken_by=row.taken_by_label,
        blank_kind=row.blank_kind,
        blank_number=row.blank.number if row.blank is not None else None,
        shelf=row.shelf,
    )


@endpoint(router, "GET", "/makings", answers=MakingPageOut, summary="制证队列", also=(403,))
def list_makings(
    request: HttpRequest,
    state: MakingState | None = STATE,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> MakingPageOut:
    """What is to be printed, the delivery limit that ends first leading."""
    actor, _ = caller(request)
    _maker(actor)
    wanted = state.value if state else ""
    found = reads.queue(actor=actor, state=wanted, after=after or None, size=size)
    return MakingPageOut(
        makings=[_making(row) for row in found.makings], next_cursor=found.next_cursor
    )


@endpoint(router, "GET", "/makings/{making_id}", answers=MakingOut, summary="制证任务", also=(404,))
def read_making(request: HttpRequest, making_id: Id) -> MakingOut:
    actor, _ = caller(request)
    return _making(reads.making_of(making_id, actor=actor))


def _act(path: str, summary: str) -> Any:
    return endpoint(
        router,
        "POST",
        f"/makings/{{making_id}}/{path}",
        answers=MakingOut,
        summary=summary,
        also=(404, 409),
    )


def _done(request: HttpRequest, making_id: int, act: Callable[..., Making], **m: Any) -> MakingOut:
    actor, at = caller(request)
    act(making_id=making_id, actor=actor, at=at, **m)
    return _making(reads.making_of(making_id, actor=actor))


@_act("take", "领取制证任务")
def take_making(request: HttpRequest, making_id: Id) -> MakingOut:
    return _done(request, making_id, printing.take)


@_act("put-back", "退回制证队列")
def put_making_back(request: HttpRequest, making_id: Id) -> MakingOut:
    return _done(request, making_id, printing.put_back)


@_act("print", "打印")
def print_making(request: HttpRequest, making_id: Id) -> MakingOut:
    """Takes the next blank in stock; answers with its number."""
    return _done(request, making_id, printing.print_on_blank)


@_act("spoil", "登记打印废")
def spoil_making(request: HttpRequest, making_id: Id, body: SpoilIn) -> MakingOut:
    return _done(request, making_id, printing.spoil, reason=body.reason)


@_act("confirm-destroyed", "确认打印废已销毁")
def confirm_making_destroyed(request: HttpRequest, making_id: Id) -> MakingOut:
    """By another person than who reported it; then it is printed anew."""
    return _done(request, making_id, printing.confirm_destroyed)


@_act("store", "制证完成入库")
def store_making(request: HttpRequest, making_id: Id, body: StoreIn) -> MakingOut:
    """From here on the applicant is told to collect it, and may."""
    return _done(request, making_id, printing.store, shelf=body.shelf)


@endpoint(router, "GET", "/blanks", answers=list[StockOut], summary="空白证照库存", also=(403,))
def list_blanks(request: HttpRequest) -> list[StockOut]:
    actor, _ = caller(request)
    _maker(actor)
    return [
        StockOut(
            id=one.stock.pk,
            keeper=one.stock.keeper,
            keeper_label=one.stock.keeper_label,
            kind=one.stock.kind,
            name=one.stock.name,
            in_stock=one.balance.in_stock,
            received=one.balance.received,
            printed=one.balance.printed,
            issued=one.balance.issued,
            wasted=one.balance.wasted,
            low_at=one.stock.low_at,
            is_low=one.is_low,
        )
        for one in reads.stocks_of(actor)
    ]


@endpoint(router, "POST", "/blanks/batches", answers=BatchOut, summary="空白证照入库", also=(409,))
def receive_blanks(request: HttpRequest, body: ReceiveIn) -> BatchOut:
    """No number of a kind may be registered twice, by any place."""
    actor, at = caller(request)
    row = stocking.receive_batch(
        keeper=body.keeper, kind=body.kind, first=body.first, last=body.last, actor=actor, at=at
    )
    return BatchOut(id=row.pk, first=row.first, last=row.last, count=row.count)


def _waste(row: Any) -> WasteOut:
    return WasteOut(
        id=row.pk,
        number=row.blank.number,
        reason=row.reason,
        by=row.by_label,
        at=row.at,
        confirmed_by=row.confirmed_by_label,
        confirmed_at=row.confirmed_at,
    )


@endpoint(
    router,
    "POST",
    "/blanks/{stock_id}/void",
    answers=WasteOut,
    summary="空白证照作废",
    also=(404, 409),
)
def void_blank(request: HttpRequest, stock_id: Id, body: VoidIn) -> WasteOut:
    """A sheet damaged before it was printed; another person confirms its destruction."""
    actor, at = caller(request)
    row = stocking.void_blank(
        stock_id=stock_id, number=body.number, reason=body.reason, actor=actor, at=at
    )
    return _waste(row)


@endpoint(router, "GET", "/blanks/wastes", answers=WastePageOut, summary="作废登记", also=(403,))
def list_blank_wastes(
    request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE
) -> WastePageOut:
    actor, _ = caller(request)
    _maker(actor)
    found = reads.wastes(actor=actor, after=after or None, size=size)
    return WastePageOut(wastes=[_waste(row) for row in found.wastes], next_cursor=found.next_cursor)


@endpoint(
    router,
    "POST",
    "/blanks/wastes/{waste_id}/confirm",
    answers=WasteOut,
    summary="确认销毁空白证照",
    also=(404, 409),
)
def confirm_blank_destroyed(request: HttpRequest, waste_id: Id) -> WasteOut:
    actor, at = caller(request)
    return _waste(stocking.confirm_void(waste_id=waste_id, actor=actor, at=at))


@endpoint(router, "GET", "/issues", answers=IssuePageOut, summary="发证台账", also=(403,))
def list_issues(
    request: HttpRequest,
    first: Day | None = FIRST,
    last: Day | None = LAST,
    number: Number = NUMBER,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> IssuePageOut:
    """The hand-overs of the caller's halls or organs, the last first."""
    actor, _ = caller(request)
    _require(actor, LEDGER, "您没有查看发证台账的权限。")
    wanted = reads.WantedIssues(first=first, last=last, number=number.strip())
    found = reads.issues(actor=actor, wanted=wanted, after=after or None, size=size)
    return IssuePageOut(
        issues=[_issue(row) for row in found.entries], next_cursor=found.next_cursor
    )


def _issue(row: IssueEntry) -> IssueOut:
    return IssueOut(
        at=row.at,
        certificate_name=row.certificate_name,
        certificate_number=row.certificate_number,
        blank_kind=row.blank_kind,
        blank_number=row.blank_number,
        short_number=row.short_number,
        holder=row.holder_label,
        means=Means(row.means),
        means_label=row.means_label,
        collector=row.collector_label,
        reference=row.reference,
        by=row.by_label,
        hall=row.hall.name,
        organ=row.organ.name,
    )

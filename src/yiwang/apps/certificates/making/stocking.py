"""Blank stock: batches come in, single sheets are voided, a threshold warns. No number is lost."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from yiwang.apps.certificates.acting import require_texts
from yiwang.apps.certificates.domain.making import LOW_AT, BlankState, range_problem
from yiwang.apps.certificates.errors import InvalidActError, MakingNotFoundError, NotNowError
from yiwang.apps.certificates.hooks import blank_kinds
from yiwang.apps.certificates.making.acting import keepers_of, write_stock
from yiwang.apps.certificates.making.printing import confirm
from yiwang.apps.certificates.models import Blank, BlankBatch, BlankStock, BlankWaste
from yiwang.apps.certificates.permissions import MAKE
from yiwang.apps.people.public import Hall, Organ
from yiwang.foundation.access import Actor
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import civil_date

LARGEST_BATCH = 5000  # sheets: one statement, and a slip of the pen stays small
LARGEST_NUMBER = 10**12


def _locked(stock_id: int, actor: Actor) -> BlankStock:
    row = BlankStock.objects.select_for_update().filter(pk=stock_id).first()
    if row is None or row.keeper not in keepers_of(actor):
        raise MakingNotFoundError
    return row


def _keeper_label(keeper: str) -> str:
    kind, _, key = keeper.partition(":")
    row = Hall.objects.get(pk=key) if kind == "hall" else Organ.objects.get(pk=key)
    return row.name


@transaction.atomic
def receive_batch(
    *, keeper: str, kind: str, first: int, last: int, actor: Actor, at: datetime
) -> BlankBatch:
    """入库: numbers `first` to `last` of one kind. Raises InvalidActError for numbers that any
    place has registered already."""
    actor.require(MAKE)
    kinds = blank_kinds(civil_date(at))
    problems = {}
    if keeper not in keepers_of(actor):
        problems["keeper"] = "请选择您所在的大厅或单位。"
    if kind not in kinds:
        problems["kind"] = "请选择空白证照的种类。"
    if not last <= LARGEST_NUMBER:
        problems["last"] = "号码太大,请核对。"
    elif why := range_problem(first, last, LARGEST_BATCH):
        problems["last"] = why
    if problems:
        raise InvalidActError(problems)
    BlankStock.objects.get_or_create(
        keeper=keeper,
        kind=kind,
        defaults={
            "keeper_label": _keeper_label(keeper),
            "name": kinds[kind],
            "low_at": parameter(LOW_AT, on=civil_date(at)).value,
        },
    )
    stock = BlankStock.objects.select_for_update().get(keeper=keeper, kind=kind)
    batch = BlankBatch.objects.create(
        stock=stock,
        first=first,
        last=last,
        count=last - first + 1,
        received_at=at,
        received_by=actor.ref,
        received_by_label=actor.label[:80],
    )
    _insert_blanks(batch, kind)
    facts = {"batch": batch.pk, "first": first, "last": last, "count": batch.count}
    write_stock(stock, "certificates.receive_blanks", actor=actor, at=at, facts=facts)
    return batch


def _insert_blanks(batch: BlankBatch, kind: str) -> None:
    """A row a number; the unique (kind, number) refuses what overlaps another batch."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO certificates_blank (stock_id, batch_id, kind, number, state) "
                "SELECT %s, %s, %s, n, 'IN_STOCK' FROM generate_series(%s::bigint, %s::bigint) n",
                [batch.stock_id, batch.pk, kind, batch.first, batch.last],
            )
    except IntegrityError as error:
        again = "这些号码里有已经登记过的,同一种空白证照的号码不能重复,请核对起止号。"
        raise InvalidActError({"first": again}) from error


@transaction.atomic
def void_blank(
    *, stock_id: int, number: int, reason: str, actor: Actor, at: datetime
) -> BlankWaste:
    """A blank that was damaged before it was printed: void with its reason, waiting for another
    person to see it destroyed."""
    stock = _locked(stock_id, actor)
    require_texts(reason=(reason, 2, "请写明作废的原因,例如「受潮」。"))
    blank = (
        Blank.objects.select_for_update()
        .filter(stock=stock, number=number if abs(number) <= LARGEST_NUMBER else 0)
        .first()
    )
    if blank is None:
        raise InvalidActError({"number": "这里没有这个号码的空白证照,请核对。"})
    if blank.state != BlankState.IN_STOCK:
        why = f"这张空白证照{blank.state_label},只有在库的可以在这里作废。"
        raise InvalidActError({"number": why})
    Blank.objects.filter(pk=blank.pk).update(state=BlankState.WASTED)
    waste = BlankWaste.objects.create(
        blank=blank,
        stock=stock,
        reason=reason.strip()[:400],
        by=actor.ref,
        by_label=actor.label[:80],
        at=at,
    )
    facts = {"blank": number, "waste_reason": waste.reason}
    write_stock(stock, "certificates.void_blank", actor=actor, at=at, facts=facts)
    return waste


@transaction.atomic
def confirm_void(*, waste_id: int, actor: Actor, at: datetime) -> BlankWaste:
    """确认销毁 of a blank that no task waits for. Raises NotNowError for the first person."""
    waste = BlankWaste.objects.select_related("making").filter(pk=waste_id).first()
    if waste is None:
        raise MakingNotFoundError
    stock = _locked(waste.stock_id, actor)
    waste = BlankWaste.objects.select_for_update().get(pk=waste_id)
    if waste.making is not None and waste.making.state == "SPOILED":
        raise NotNowError("这张是打印废,请在制证任务里确认销毁,确认后任务回到队列。")
    confirm(waste, actor=actor, at=at)
    facts = {"blank": waste.blank.number}
    write_stock(stock, "certificates.confirm_void", actor=actor, at=at, facts=facts)
    return waste


@transaction.atomic
def set_low_mark(*, stock_id: int, low_at: int, actor: Actor, at: datetime) -> BlankStock:
    """The number of sheets at which this place is warned."""
    stock = _locked(stock_id, actor)
    if not 0 <= low_at <= LARGEST_BATCH:
        raise InvalidActError({"low_at": f"请填写 0 到 {LARGEST_BATCH} 之间的张数。"})
    BlankStock.objects.filter(pk=stock.pk).update(low_at=low_at)
    stock.low_at = low_at
    facts = {"low_at": low_at}
    write_stock(stock, "certificates.set_low_mark", actor=actor, at=at, facts=facts)
    return stock

"""Reads of making: the queue, one task, the stock, its waste, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, Sum

from yiwang.apps.certificates.domain.making import Balance, BlankState
from yiwang.apps.certificates.errors import MakingNotFoundError
from yiwang.apps.certificates.making.acting import keepers_of, scope_of, works_at
from yiwang.apps.certificates.models import (
    Blank,
    BlankBatch,
    BlankStock,
    BlankWaste,
    IssueEntry,
    Making,
)
from yiwang.apps.certificates.permissions import LEDGER, MAKE
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page
from yiwang.kernel.moment import end_of_day, start_of_day

QUEUE = Listing(
    "certificates_making", "hall_id", "bigint", (("sort_due_at", "timestamptz"), ("id", "bigint"))
)
ISSUES = Listing(
    "certificates_issueentry", "hall_id", "bigint", (("id", "bigint"),), descending=True
)
WASTES = Listing(
    "certificates_blankwaste", "stock_id", "bigint", (("id", "bigint"),), descending=True
)
IN_QUEUE = "t.state IN ('WAITING', 'TAKEN', 'PRINTED', 'SPOILED')"
NEWEST = 20


@dataclass(frozen=True, slots=True)
class MakingPage:
    makings: list[Making]
    next_cursor: str | None


def queue(*, actor: Actor, state: str = "", after: str | None = None, size: int = 20) -> MakingPage:
    """What is to be made at the actor's halls or organs, by the delivery clock. Two statements."""
    column, values = scope_of(actor, MAKE)
    where, parameters = IN_QUEUE, []
    if state:
        where, parameters = f"{IN_QUEUE} AND t.state = %s", [state]
    found = page(
        replace(QUEUE, scope=column),
        scopes=values,
        where=where,
        parameters=parameters,
        after=after,
        size=size,
    )
    rows = Making.objects.select_related("organ", "certificate", "blank").defer(
        "certificate__fields"
    )
    kept = rows.in_bulk(list(found.keys))
    return MakingPage([kept[key] for key in found.keys if key in kept], found.next_cursor)


def making_of(making_id: int, *, actor: Actor) -> Making:
    """One task of the actor's halls or organs. Raises MakingNotFoundError."""
    row = (
        Making.objects.select_related(
            "organ", "hall", "certificate", "certificate__holder", "blank"
        )
        .filter(pk=making_id)
        .first()
    )
    if row is None or not works_at(actor, MAKE, hall_id=row.hall_id, organ_id=row.organ_id):
        raise MakingNotFoundError
    return row


def wastes_of(making: Making) -> list[BlankWaste]:
    """Blanks this task has used up, the last first."""
    return list(BlankWaste.objects.filter(making=making).select_related("blank").order_by("-id"))


@dataclass(frozen=True, slots=True)
class Standing:
    """One stock with what became of its sheets."""

    stock: BlankStock
    balance: Balance

    @property
    def is_low(self) -> bool:
        return self.balance.is_low(self.stock.low_at)


def standings(stocks: Sequence[BlankStock]) -> list[Standing]:
    """Counted, never kept: two statements for all of them."""
    keys = [stock.pk for stock in stocks]
    received = dict(
        BlankBatch.objects.filter(stock__in=keys)
        .values_list("stock")
        .annotate(Sum("count"))
        .order_by()
    )
    counted = {
        row[0]: row[1:]
        for row in Blank.objects.filter(stock__in=keys)
        .values_list("stock")
        .annotate(**{s.value.lower(): Count("pk", filter=Q(state=s.value)) for s in _COUNTED})
        .order_by()
    }
    return [
        Standing(stock, Balance(received.get(stock.pk, 0), *counted.get(stock.pk, (0, 0, 0, 0))))
        for stock in stocks
    ]


_COUNTED = (BlankState.IN_STOCK, BlankState.PRINTED, BlankState.ISSUED, BlankState.WASTED)


def stocks_of(actor: Actor) -> list[Standing]:
    """The stocks of the actor's places: three statements."""
    rows = BlankStock.objects.filter(keeper__in=keepers_of(actor)).order_by("keeper", "kind")
    return standings(list(rows))


@dataclass(frozen=True, slots=True)
class WholeStock:
    standing: Standing
    batches: list[BlankBatch]
    next_number: int | None


def stock_of(stock_id: int, *, actor: Actor) -> WholeStock:
    """Raises MakingNotFoundError."""
    stock = BlankStock.objects.filter(pk=stock_id, keeper__in=keepers_of(actor)).first()
    if stock is None:
        raise MakingNotFoundError
    left = Blank.objects.filter(stock=stock, state=BlankState.IN_STOCK).order_by("number")
    return WholeStock(
        standings([stock])[0],
        list(BlankBatch.objects.filter(stock=stock).order_by("-id")[:NEWEST]),
        left.values_list("number", flat=True).first(),
    )


@dataclass(frozen=True, slots=True)
class WastePage:
    wastes: list[BlankWaste]
    next_cursor: str | None


def wastes(
    *, actor: Actor, only_open: bool = False, after: str | None = None, size: int = 20
) -> WastePage:
    """Voided blanks of the actor's places, the last first."""
    stocks = list(
        BlankStock.objects.filter(keeper__in=keepers_of(actor)).values_list("pk", flat=True)
    )
    where = "t.confirmed_at IS NULL" if only_open else "TRUE"
    found = page(WASTES, scopes=stocks, where=where, after=after, size=size)
    rows = BlankWaste.objects.select_related("blank", "stock", "making").in_bulk(list(found.keys))
    return WastePage([rows[key] for key in found.keys if key in rows], found.next_cursor)


@dataclass(frozen=True, slots=True)
class WantedIssues:
    """Filters of the ledger: days of the hand-over, a certificate's or a case's whole number."""

    first: date | None = None
    last: date | None = None
    number: str = ""
    blank: int | None = None


@dataclass(frozen=True, slots=True)
class IssuePage:
    entries: list[IssueEntry]
    next_cursor: str | None


def issues(
    *, actor: Actor, wanted: WantedIssues, after: str | None = None, size: int = 20
) -> IssuePage:
    """发证台账 of the actor's halls or organs, the last first. Two statements."""
    column, values = scope_of(actor, LEDGER)
    where: list[str] = ["TRUE"]
    parameters: list[object] = []
    if wanted.first:
        where, parameters = [*where, "t.at >= %s"], [*parameters, start_of_day(wanted.first)]
    if wanted.last:
        where, parameters = [*where, "t.at < %s"], [*parameters, end_of_day(wanted.last)]
    if wanted.number:
        where.append("(t.certificate_number = %s OR t.short_number = %s)")
        parameters += [wanted.number, wanted.number]
    if wanted.blank is not None:
        where, parameters = [*where, "t.blank_number = %s"], [*parameters, wanted.blank]
    found = page(
        replace(ISSUES, scope=column),
        scopes=values,
        where=" AND ".join(where),
        parameters=parameters,
        after=after,
        size=size,
    )
    rows = IssueEntry.objects.select_related("organ", "hall").in_bulk(list(found.keys))
    return IssuePage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def waste_of(waste_id: int, *, actor: Actor) -> BlankWaste:
    """Raises MakingNotFoundError for one of another place."""
    rows = BlankWaste.objects.select_related("blank", "stock", "making")
    row = rows.filter(pk=waste_id, stock__keeper__in=keepers_of(actor)).first()
    if row is None:
        raise MakingNotFoundError
    return row

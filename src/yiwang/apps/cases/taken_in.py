"""Reads of 代收: one case's, the lists of the hall that took in and of the one that receives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.cases import permissions
from yiwang.apps.cases.models import Case, PapersHandOver, TakeIn
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Counted, Listing, Slice, page

TO_HAND_OVER = Listing(
    "cases_takein", "hall_id", "bigint", (("hand_over_due_on", "date"), ("id", "bigint"))
)
TO_CONFIRM = Listing(
    "cases_takein", "receiver", "text", (("handed_at", "timestamptz"), ("id", "bigint"))
)
OF_HALL = Listing("cases_takein", "hall_id", "bigint", (("id", "bigint"),), descending=True)
_IN_HAND = "t.state IN ('IN_HAND', 'SHORT')"
_UNDER_WAY = "t.state IN ('ON_THE_WAY', 'SHORT')"


@dataclass(frozen=True, slots=True)
class TakeInPage:
    rows: list[TakeIn]
    next_cursor: str | None


def take_in_of(case: Case) -> TakeIn | None:
    """How the case was taken in for another window; no statement for all the others."""
    if case.taken_in_hall_id is None:
        return None
    return (
        TakeIn.objects.select_related("hall", "window", "hand_over").filter(case_id=case.pk).first()
    )


def papers_under_way(case: Case) -> dict[str, str]:
    """Papers that are not at the window that handles the case yet, code → name."""
    if case.taken_in_hall_id is None:
        return {}
    row = TakeIn.objects.filter(case_id=case.pk).first()
    return row.under_way if row is not None else {}


def note_arrived(case: Case, code: str) -> None:
    """A paper came to the right window itself: it is not waited for any more."""
    if case.taken_in_hall_id is None:
        return
    row = TakeIn.objects.select_for_update().filter(case_id=case.pk).first()
    if row is not None and code in row.under_way:
        row.arrived = {**row.arrived, code: row.papers[code]}
        row.save(update_fields=["arrived"])


def under_way_of(cases: Sequence[Case]) -> frozenset[int]:
    """Of these cases those whose papers are still under way; a statement only where one was taken
    in elsewhere."""
    keys = [case.pk for case in cases if case.taken_in_hall_id is not None]
    if not keys:
        return frozenset()
    rows = TakeIn.objects.filter(case_id__in=keys)
    return frozenset(row.case_id for row in rows if row.under_way)


def receivers_of(actor: Actor) -> list[str]:
    """Whose papers this actor receives: the halls of its windows, and organs it accepts for."""
    halls = [f"hall:{pk}" for pk in actor.hall_ids(permissions.RECEIVE)]
    organs = {
        posting.organ_id
        for posting in actor.postings
        if posting.hall_id is None and permissions.ACCEPT.code in posting.permissions
    }
    return [*halls, *(f"organ:{pk}" for pk in sorted(o for o in organs if o is not None))]


def to_hand_over(*, actor: Actor, after: str | None = None, size: int = 20) -> TakeInPage:
    """代收待移交 of the actor's halls, the next due first. Two statements."""
    return _page(TO_HAND_OVER, actor.hall_ids(permissions.RECEIVE), _IN_HAND, after, size)


def to_confirm(*, actor: Actor, after: str | None = None, size: int = 20) -> TakeInPage:
    """代收待签收 of the actor's halls and organs, the longest under way first. Two statements."""
    return _page(TO_CONFIRM, receivers_of(actor), _UNDER_WAY, after, size)


def taken_in(*, actor: Actor, after: str | None = None, size: int = 20) -> TakeInPage:
    """Everything the actor's halls took in for others, newest first. Two statements."""
    return _page(OF_HALL, actor.hall_ids(permissions.RECEIVE), "TRUE", after, size)


def badges(actor: Actor) -> list[Counted]:
    """What the tabs count: to hand over, to confirm."""
    return [
        Counted(TO_HAND_OVER, actor.hall_ids(permissions.RECEIVE), _IN_HAND),
        Counted(TO_CONFIRM, receivers_of(actor), _UNDER_WAY),
    ]


def _page(
    listing: Listing, scopes: Sequence[object], where: str, after: str | None, size: int
) -> TakeInPage:
    found: Slice = page(listing, scopes=list(scopes), where=where, after=after, size=size)
    if not found.keys:
        return TakeInPage([], None)
    rows = TakeIn.objects.select_related("case__organ", "case__hall", "hall", "hand_over")
    by_key = rows.in_bulk(list(found.keys))
    return TakeInPage([by_key[key] for key in found.keys if key in by_key], found.next_cursor)


def list_for(hand_over_id: int, *, actor: Actor) -> PapersHandOver | None:
    """A hand-over list, for the hall that handed over and for who receives."""
    row = PapersHandOver.objects.select_related("hall").filter(pk=hand_over_id).first()
    if row is None:
        return None
    is_ours = row.hall_id in actor.hall_ids(permissions.RECEIVE)
    return row if is_ours or row.receiver in receivers_of(actor) else None


def receiver_name(case: Case, receiver: str) -> str:
    """Who handles the case: the hall, or where none has the item the organ itself."""
    return case.organ.name if receiver.startswith("organ:") else case.hall.name

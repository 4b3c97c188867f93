"""What the acts of making share: whose work it is, the lock, the change and its record entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.apps.certificates.domain.making import MACHINE, MakingAction
from yiwang.apps.certificates.errors import MakingNotFoundError, NotNowError
from yiwang.apps.certificates.models import BlankStock, Making
from yiwang.apps.certificates.permissions import MAKE
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.statements import insert, update_where
from yiwang.kernel.chain import Head


def works_at(actor: Actor, permission: Permission, *, hall_id: int, organ_id: int) -> bool:
    """A post at a hall works for that hall, whichever organ decides; any other for its organ."""
    return any(
        permission.code in posting.permissions
        and (posting.hall_id == hall_id if posting.hall_id else posting.organ_id == organ_id)
        for posting in actor.postings
    )


def keepers_of(actor: Actor, permission: Permission = MAKE) -> list[str]:
    """The places whose blanks this actor keeps: `hall:3`, `organ:12`."""
    return sorted(
        {
            f"hall:{posting.hall_id}" if posting.hall_id else f"organ:{posting.organ_id}"
            for posting in actor.postings
            if permission.code in posting.permissions
        }
    )


def keeper_for(actor: Actor, making: Making) -> str:
    """The place whose blanks this actor prints this one on: the hall's before the organ's."""
    mine, wanted = keepers_of(actor), (f"hall:{making.hall_id}", f"organ:{making.organ_id}")
    return next((keeper for keeper in wanted if keeper in mine), "")


def scope_of(actor: Actor, permission: Permission) -> tuple[str, list[int]]:
    """(column, values) of the lists: by hall for posts at a hall, else by organ."""
    halls = actor.hall_ids(permission)
    return ("hall_id", halls) if halls else ("organ_id", actor.organ_ids(permission))


@dataclass
class MakingAct:
    """One act on one making: columns it changes, facts it records, events it publishes."""

    making: Making
    actor: Actor
    at: datetime
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)

    def commit(self, action: MakingAction) -> Making:
        """Write it. Raises NotNowError where somebody else was quicker."""
        row = self.making
        self.facts["making_state"] = self.changes.get("state", row.state)
        entry, new_head = build(
            subject=row.record_subject,
            head=Head(row.version, bytes(row.record_hash)) if row.version else START,
            operation=f"certificates.making_{action.value}",
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
        )
        seen = row.version
        self.changes |= {"version": new_head.seq, "record_hash": new_head.hash}
        if not update_where(Making, {"pk": row.pk, "version": seen}, self.changes):
            raise NotNowError("这项制证刚刚由别人办理过,请刷新后再看。")
        insert([entry])
        for name, value in self.changes.items():
            setattr(row, name, value)
        publish(self.events, at=self.at)
        return row


def begin(making_id: int, action: MakingAction, *, actor: Actor, at: datetime) -> MakingAct:
    """Lock it and ask the table. Raises MakingNotFoundError, TransitionNotAllowedError."""
    row = Making.objects.select_for_update().filter(pk=making_id).first()
    if row is None or not works_at(actor, MAKE, hall_id=row.hall_id, organ_id=row.organ_id):
        raise MakingNotFoundError
    return moved(row, action, actor=actor, at=at)


def moved(row: Making, action: MakingAction, *, actor: Actor, at: datetime) -> MakingAct:
    """The act on a locked row, with the state it leads to. Raises TransitionNotAllowedError."""
    transition = MACHINE.require(row.state, action.value)
    return MakingAct(row, actor, at, {"state": transition.target})


def write_stock(
    stock: BlankStock, operation: str, *, actor: Actor, at: datetime, facts: dict[str, Any]
) -> None:
    """The record entry of something that happened to a stock, and its new head. The row must be
    locked."""
    entry, head = build(
        subject=stock.subject,
        head=Head(stock.version, bytes(stock.record_hash)) if stock.version else START,
        operation=operation,
        actor=actor.ref,
        at=at,
        facts=facts,
    )
    changes = {"version": head.seq, "record_hash": head.hash}
    if not update_where(BlankStock, {"pk": stock.pk, "version": stock.version}, changes):
        raise NotNowError("这种空白证照刚刚由别人登记过,请刷新后再看。")
    insert([entry])
    stock.version, stock.record_hash = head.seq, head.hash

"""One act on a bad rating: its columns, its record entry, its step in words, its event."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.apps.ratings.domain.handling import MACHINE
from yiwang.apps.ratings.errors import NotNowError, RatingNotFoundError
from yiwang.apps.ratings.events import BadRatingMoved
from yiwang.apps.ratings.models import BadRating, HandlingStep
from yiwang.apps.ratings.permissions import REVIEW
from yiwang.apps.ratings.seeing import may_see, may_watch
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.statements import insert, update_where
from yiwang.kernel.chain import Head


@dataclass
class HandlingAct:
    """One act in the making: columns it changes, what was said, the facts it records."""

    row: BadRating
    actor: Actor
    at: datetime
    text: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def commit(self, action: str) -> BadRating:
        """Write it. Raises NotNowError where somebody else was quicker."""
        row, seen = self.row, self.row.version
        self.facts["handling_state"] = self.changes.get("state", row.state)
        entry, head = build(
            subject=row.subject,
            head=Head(seen, bytes(row.record_hash)) if seen else START,
            operation=f"ratings.{action}",
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
        )
        self.changes |= {"version": head.seq, "record_hash": head.hash}
        if not update_where(BadRating, {"pk": row.pk, "version": seen}, self.changes):
            raise NotNowError("这条差评刚刚由别人办理过,请刷新后再看。")
        step = HandlingStep(
            bad_rating=row,
            action=action,
            text=self.text,
            by=self.actor.ref,
            by_label=self.actor.label[:80],
            at=self.at,
        )
        insert([entry])
        insert([step])
        for name, value in self.changes.items():
            setattr(row, name, value)
        publish([BadRatingMoved(row.pk, row.state)], at=self.at)
        return row


def begin(
    action: str, *, bad_rating_id: int, permission: Permission, actor: Actor, at: datetime
) -> HandlingAct:
    """Lock the row; may this actor, and does the table allow it now?

    Raises RatingNotFoundError, AccessDeniedError, TransitionNotAllowedError.
    """
    row = (
        BadRating.objects.select_for_update(of=("self",))
        .select_related("organ")
        .filter(pk=bad_rating_id)
        .first()
    )
    if row is None or not may_see(actor, row):
        raise RatingNotFoundError
    # A review is the supervisor's of the area; everything else the handling organ's own.
    is_review = permission is REVIEW and may_watch(actor, row.organ.area_id)
    actor.require(permission, organ_id=None if is_review else row.organ_id)
    transition = MACHINE.require(row.state, action)
    act = HandlingAct(row, actor, at)
    if transition.target is not None:
        act.changes["state"] = transition.target
    return act

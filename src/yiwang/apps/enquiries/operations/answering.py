"""What the organ does: answer; take a complaint up or not, handle it; and what the clock does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.enquiries.domain.states import WAITING, EnquiryKind, EnquiryState, NoteState
from yiwang.apps.enquiries.errors import InvalidActError
from yiwang.apps.enquiries.models import Enquiry, GuideNote
from yiwang.apps.enquiries.operations.act import DUE, EnquiryAct, begin, checked
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.timers.sweep import set_timers

ACTS = ("ANSWER", "TAKE_AS_COMPLAINT", "ACCEPT", "DECLINE", "HANDLE")


@transaction.atomic
def act_on(
    *,
    enquiry_id: int,
    action: str,
    text: str,
    actor: Actor,
    at: datetime,
    is_guide_wrong: bool = False,
) -> Enquiry:
    """One act of the organ with its text; 「指南有误」 opens a note for the item's editor.

    Raises EnquiryNotFoundError, NotNowError, TransitionNotAllowedError, InvalidActError.
    """
    if action not in ACTS:
        raise InvalidActError({"action": "请选择怎样办理。"})
    act = begin(enquiry_id=enquiry_id, action=action, actor=actor, at=at)
    text, row = checked(text), act.enquiry
    state = EnquiryState(act.changes["state"])
    if action == "TAKE_AS_COMPLAINT":
        act.changes["kind"] = EnquiryKind.COMPLAINT.value
        act.facts["kind"] = EnquiryKind.COMPLAINT.value
    act.run_clock(EnquiryKind(act.changes.get("kind", row.kind)), state)
    if state is EnquiryState.NOT_ACCEPTED:
        act.changes["ended_at"] = at
    if is_guide_wrong and action == "ANSWER":
        act.changes["is_guide_wrong"] = act.facts["is_guide_wrong"] = True
        _open_note(row, text, at)
    organ = row.organ.name
    return act.commit(text, f"{organ} {actor.label}" if actor.label else organ)


def _open_note(row: Enquiry, text: str, at: datetime) -> None:
    GuideNote.objects.get_or_create(
        enquiry=row,
        defaults={
            "item_code": row.item_code,
            "item_name": row.item_name,
            "text": text[:1000],
            "state": NoteState.OPEN,
            "opened_at": at,
        },
    )


@transaction.atomic
def tell(*, enquiry_id: int, at: datetime) -> None:
    """What came of a complaint was told: the platform's own act, with the message."""
    act = begin(enquiry_id=enquiry_id, action="TELL", actor=system_actor("message"), at=at)
    act.changes["ended_at"] = at
    act.commit()


@transaction.atomic
def urge(subject: str, at: datetime) -> None:
    """The day is over and nothing was done: it is marked and stands on top; not twice."""
    row = (
        Enquiry.objects.select_for_update(of=("self",))
        .filter(pk=int(subject.removeprefix("enquiry:")))
        .first()
    )
    if row is None or row.state not in WAITING or row.urged_at is not None:
        return
    if row.sort_due_at > at:
        set_timers(subject, {DUE: row.sort_due_at})
        return
    act = EnquiryAct(row, system_actor("timer"), at, "urge")
    act.changes["urged_at"] = at
    act.commit()

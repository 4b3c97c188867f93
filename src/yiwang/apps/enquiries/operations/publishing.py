"""The editor's part: notes on guides that are wrong, and answers that everybody may read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.catalog.public import EDIT, current_version
from yiwang.apps.enquiries.domain.personal import holds_personal
from yiwang.apps.enquiries.domain.states import NoteState
from yiwang.apps.enquiries.errors import EnquiryNotFoundError, InvalidActError, NotNowError
from yiwang.apps.enquiries.models import GuideNote, PublishedAnswer
from yiwang.apps.enquiries.operations.act import checked
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

PERSONAL = "里面好像有手机号码或者证件号码。公开的问答不能带个人信息,请改写后再发布。"


@transaction.atomic
def close_note(
    *, note_id: int, is_mended: bool, outcome: str, actor: Actor, at: datetime
) -> GuideNote:
    """The guide was put right, or says the right thing already. Raises NotNowError."""
    actor.require(EDIT)
    note = GuideNote.objects.select_for_update().filter(pk=note_id).first()
    if note is None:
        raise EnquiryNotFoundError
    if note.state != NoteState.OPEN:
        raise NotNowError("这张纠错单已经处理过。")
    note.outcome = checked(outcome, "outcome")[:1000]
    note.state = NoteState.MENDED if is_mended else NoteState.KEPT
    note.closed_at, note.closed_by = at, actor.ref
    note.save(update_fields=["outcome", "state", "closed_at", "closed_by"])
    append(
        subject=f"guide_note:{note.pk}",
        operation="enquiries.close_note",
        actor=actor.ref,
        at=at,
        facts={"item": note.item_code, "note_state": note.state},
    )
    return note


@transaction.atomic
def publish_answer(
    *, item: str, question: str, answer: str, actor: Actor, at: datetime
) -> PublishedAnswer:
    """A text of the editor's own; one that holds a number of a person is not taken."""
    actor.require(EDIT)
    if current_version(item, today=civil_date(at)) is None:
        raise EnquiryNotFoundError
    question, answer = checked(question, "question")[:200], checked(answer, "answer")[:1000]
    wrong = {
        name: PERSONAL
        for name, text in (("question", question), ("answer", answer))
        if holds_personal(text)
    }
    if wrong:
        raise InvalidActError(wrong)
    row = PublishedAnswer.objects.create(
        item_code=item,
        question=question,
        answer=answer,
        published_by=actor.ref,
        published_at=at,
    )
    _record(row, "enquiries.publish_answer", actor, at)
    return row


@transaction.atomic
def withdraw_answer(*, answer_id: int, actor: Actor, at: datetime) -> PublishedAnswer:
    """Take it from the guide; the row stays."""
    actor.require(EDIT)
    row = PublishedAnswer.objects.select_for_update().filter(pk=answer_id).first()
    if row is None:
        raise EnquiryNotFoundError
    if row.withdrawn_at is not None:
        raise NotNowError("这条问答已经撤下。")
    row.withdrawn_at, row.withdrawn_by = at, actor.ref
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record(row, "enquiries.withdraw_answer", actor, at)
    return row


def _record(row: PublishedAnswer, operation: str, actor: Actor, at: datetime) -> None:
    append(
        subject=f"guide_answer:{row.pk}",
        operation=operation,
        actor=actor.ref,
        at=at,
        facts={"item": row.item_code},
    )

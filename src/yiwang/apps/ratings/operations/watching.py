"""Limits of bad ratings: reminders to who handles, and what is over its limit told once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.people.public import colleagues
from yiwang.apps.ratings.domain.handling import OPEN
from yiwang.apps.ratings.events import RemediationOverdue
from yiwang.apps.ratings.models import BadRating, RatingTask
from yiwang.apps.ratings.operations.handling import tasks_of
from yiwang.apps.ratings.permissions import HANDLE
from yiwang.foundation.messaging.models import Channel
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import chinese_date, civil_date, end_of_day

KIND = "ratings.due"
# Subject of the message check: bad_rating:7, occasion opened/soon/CALLBACK/REMEDIATION.


def tell_handlers(row: BadRating, occasion: str, body: str, *, at: datetime) -> None:
    """One in-site message for everybody at the organ who handles bad ratings. Officials are
    addressed as holders of a post: below zero (as the morning's reminder does)."""
    for ref, _ in colleagues(row.organ_id, HANDLE, on=civil_date(at)):
        account = int(ref.removeprefix("account:"))
        queue(
            kind=KIND,
            subject=row.subject,
            occasion=f"{occasion}:{account}",
            recipient_id=-account,
            title="差评办理提醒",
            body=body,
            link=f"/bad-ratings/{row.pk}/",
            channels=(Channel.IN_SITE,),
            at=at,
        )


def still_to_do(subject: str, occasion: str) -> str:
    """True while the rating is open and, of a limit, while what it is for is not done."""
    row = BadRating.objects.filter(pk=_pk(subject), state__in=OPEN).first()
    if row is None:
        return "这条差评已经办结"
    kind = occasion.partition(":")[0]
    task = next((t for t in tasks_of(row) if t.kind == kind), None)
    return "期限内的事已经办完" if task is not None and not _is_open(task) else ""


def _pk(subject: str) -> int:
    return int(subject.removeprefix("bad_rating:"))


def _is_open(task: RatingTask) -> bool:
    return task.closed_at is None and task.met_at is None


@transaction.atomic
def note_due(subject: str, at: datetime) -> None:
    """A limit has come: what is still not done is overdue, told once and left to supervision."""
    row = BadRating.objects.select_for_update().filter(pk=_pk(subject), state__in=OPEN).first()
    if row is None:
        return
    for task in tasks_of(row):
        if not _is_open(task) or task.overdue_at is not None or at < end_of_day(task.due_on):
            continue
        task.overdue_at = at
        task.save(update_fields=["overdue_at"])
        append(
            subject=f"rating_task:{task.pk}",
            operation="ratings.note_overdue",
            actor="system:timer",
            at=at,
            facts={"bad_rating": row.pk, "until": task.due_on.isoformat()},
        )
        publish([RemediationOverdue(row.pk, row.organ_id, task.kind)], at=at)
        body = (
            f"「{row.item_name}」的差评{task.kind_label}已超期(到期 {chinese_date(task.due_on)})。"
        )
        tell_handlers(row, task.kind, body, at=at)


def note_soon(subject: str, at: datetime) -> None:
    """The morning of the last day: a reminder, where the remedy is still open."""
    row = BadRating.objects.filter(pk=_pk(subject), state__in=OPEN).first()
    if row is not None:
        body = f"「{row.item_name}」的差评整改今天到期,请提交整改结果并由负责人审批。"
        tell_handlers(row, "soon", body, at=at)

"""Erasing an applicant's answers when their keeping period is over; the record stays whole.

The record holds salted digests only. With the form and the salt gone nobody can confirm a guess,
and the entry that says so is part of the same chain.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.apps.cases.models import Case
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import build
from yiwang.foundation.statements import insert, update_where
from yiwang.kernel.chain import Head

NO_SALT = bytes(16)


@transaction.atomic
def erase(*, case_id: int, kept: timedelta, actor: Actor, at: datetime) -> int:
    """Erase the answers of a case that ended longer than `kept` ago; how many revisions.

    0 where it has not ended, not long enough ago, or nothing is left. The platform's own act.
    """
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or case.ended_at is None or case.ended_at > at - kept:
        return 0
    if bytes(case.salt) == NO_SALT:
        return 0
    entry, head = build(
        subject=case.subject,
        head=Head(case.version, bytes(case.record_hash)),
        operation="cases.erase",
        actor=actor.ref,
        at=at,
        facts={"erased": True},
    )
    changes = {"version": head.seq, "record_hash": head.hash, "salt": NO_SALT}
    update_where(Case, {"pk": case.pk, "version": case.version}, changes)
    insert([entry])
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_erase_content(%s)", [case.pk])
        return int(cursor.fetchone()[0])


def erasable(*, kept: timedelta, at: datetime, limit: int) -> list[int]:
    """Cases whose answers may go, longest ended first."""
    rows = Case.objects.filter(ended_at__lte=at - kept).exclude(salt=NO_SALT).order_by("ended_at")
    return list(rows.values_list("id", flat=True)[:limit])

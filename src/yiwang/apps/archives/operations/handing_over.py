"""Handing a year's packages over to the archives: once, with who received them and the number of
the handover paper."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.archives.errors import InvalidActError, NotNowError
from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.permissions import KEEP
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append_all

MOST = 500  # packages of one act


@transaction.atomic
def hand_over(
    *, organ_id: int, year: int, to: str, handover: str, actor: Actor, at: datetime
) -> int:
    """移交 of every package of the organ's year that was not handed over, the oldest `MOST` at
    once; returns how many. Raises AccessDeniedError, InvalidActError, NotNowError.
    """
    actor.require(KEEP, organ_id=organ_id)
    problems = {}
    if len(to.strip()) < 4:
        problems["to"] = "请写明接收档案的单位。"
    if len(handover.strip()) < 2:
        problems["handover"] = "请写明移交清册或者交接文据的编号。"
    if problems:
        raise InvalidActError(problems)
    rows = list(
        ArchivePackage.objects.select_for_update()
        .filter(organ_id=organ_id, year=year, handed_over_at__isnull=True)
        .order_by("id")[:MOST]
    )
    if not rows:
        raise NotNowError("这个年度没有等待移交的档案。")
    for row in rows:
        row.handed_over_at, row.handed_over_by = at, actor.ref
        row.handed_over_to, row.handover = to.strip()[:120], handover.strip()[:60]
    facts = {
        row.subject: {
            "number": row.number,
            "to": row.handed_over_to,
            "handover_paper": row.handover,
        }
        for row in rows
    }
    append_all(operation="archives.hand_over", actor=actor.ref, at=at, facts=facts)
    fields = ["handed_over_at", "handed_over_by", "handed_over_to", "handover"]
    ArchivePackage.objects.bulk_update(rows, fields)
    return len(rows)

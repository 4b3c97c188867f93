"""A source that cannot be asked: noting it, noting that it answers again, and who asks meanwhile.

What a silent source would know is "uncertain": the applicant may upload it or leave it, and is
never sent away for it (在线政务服务若干规定 §7: what the government holds is not asked for).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.apps.certificates.acting import require_texts
from yiwang.apps.certificates.errors import InvalidActError, NotNowError
from yiwang.apps.certificates.events import SourceRestored
from yiwang.apps.certificates.hooks import licence_kinds
from yiwang.apps.certificates.models import SourceOutage
from yiwang.apps.certificates.permissions import NOTE_OUTAGE
from yiwang.foundation.access import Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.foundation.statements import Statement
from yiwang.kernel.moment import civil_date

# A handful at most: all are read, and the kinds compared here.
_OPEN = Statement(lambda: SourceOutage.objects.filter(ended_at__isnull=True).order_by("id"))


def unanswered(kinds: list[str]) -> dict[str, SourceOutage]:
    """Kind → the open outage of its source, for those of `kinds` that have one. One statement."""
    if not kinds:
        return {}
    found: dict[str, SourceOutage] = {}
    for row in _OPEN.rows():
        found |= {kind: row for kind in row.kinds if kind in kinds and kind not in found}
    return found


@transaction.atomic
def note_outage(
    *, source: str, kinds: list[str], reason: str, actor: Actor, at: datetime
) -> SourceOutage:
    """From now on these kinds are not asked of their source. Raises InvalidActError, NotNowError,
    AccessDeniedError."""
    actor.require(NOTE_OUTAGE)
    require_texts(
        source=(source, 2, "请写明是哪个数据源,例如:省电子证照库。"),
        reason=(reason, 4, "请写明情况,例如:对方 9 点起无法连接,预计下午恢复。"),
    )
    wanted = sorted(set(kinds) & licence_kinds(civil_date(at)).keys())
    if not wanted:
        raise InvalidActError({"kinds": "请至少选择一种由它提供的证照。"})
    try:
        with transaction.atomic():
            row = SourceOutage.objects.create(
                source=source.strip()[:120],
                kinds=wanted,
                reason=reason.strip()[:300],
                began_at=at,
                noted_by=actor.ref,
                noted_by_label=actor.label[:80],
            )
    except IntegrityError as error:
        raise NotNowError("这个数据源已经登记为中断,恢复后请先登记恢复。") from error
    _note(row, "note_outage", {"source": row.source, "licence_kinds": wanted}, actor, at)
    return row


@transaction.atomic
def end_outage(*, outage_id: int, actor: Actor, at: datetime) -> SourceOutage:
    """The source answers again: what was left open is looked up now. Raises NotNowError."""
    actor.require(NOTE_OUTAGE)
    row = SourceOutage.objects.select_for_update().filter(pk=outage_id).first()
    if row is None or row.ended_at is not None:
        raise NotNowError("这次中断已经登记恢复,请刷新后再看。")
    row.ended_at, row.ended_by = at, actor.ref
    row.save(update_fields=["ended_at", "ended_by"])
    _note(row, "end_outage", {"source": row.source}, actor, at)
    publish([SourceRestored(outage_id=row.pk)], at=at)
    return row


def _note(row: SourceOutage, verb: str, facts: dict[str, Any], actor: Actor, at: datetime) -> None:
    append(
        subject=row.record_subject,
        operation=f"certificates.{verb}",
        actor=actor.ref,
        at=at,
        facts=facts,
    )

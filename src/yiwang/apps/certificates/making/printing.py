"""The queue: take a task, print it on the next blank, say what went wrong, store it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.certificates.acting import require_texts
from yiwang.apps.certificates.domain.making import BlankState, MakingAction
from yiwang.apps.certificates.errors import NotNowError
from yiwang.apps.certificates.events import CertificateStored
from yiwang.apps.certificates.making.acting import begin, keeper_for
from yiwang.apps.certificates.models import Blank, BlankWaste, Making
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument


@transaction.atomic
def take(*, making_id: int, actor: Actor, at: datetime) -> Making:
    """领取: one person makes it, and everybody sees who."""
    act = begin(making_id, MakingAction.TAKE, actor=actor, at=at)
    act.changes |= {"taken_by": actor.ref, "taken_by_label": actor.label[:80]}
    return act.commit(MakingAction.TAKE)


@transaction.atomic
def put_back(*, making_id: int, actor: Actor, at: datetime) -> Making:
    """Back into the queue, by whoever took it or by a colleague while they are away."""
    act = begin(making_id, MakingAction.PUT_BACK, actor=actor, at=at)
    act.changes |= {"taken_by": "", "taken_by_label": ""}
    return act.commit(MakingAction.PUT_BACK)


@transaction.atomic
def print_on_blank(*, making_id: int, actor: Actor, at: datetime) -> Making:
    """打印: the next blank in stock is this one's. Two printers at once get different numbers.

    Raises NotNowError where the paper is not made yet, another person has it, or none is left.
    """
    act = begin(making_id, MakingAction.PRINT, actor=actor, at=at)
    row = act.making
    if row.taken_by != actor.ref:
        raise NotNowError(f"这项制证由 {row.taken_by_label} 领取,请由本人打印,或者先退回队列。")
    papers = LegalDocument.objects.filter(subject=row.subject, kind=DocumentKind.CERTIFICATE)
    if not papers.filter(status=DocumentStatus.READY).exists():
        raise NotNowError("证照文件还在生成,通常只需几秒钟,请稍后再打印。")
    # Whoever comes second takes the next one instead of waiting for the first.
    blank = (
        Blank.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            stock__keeper=keeper_for(actor, row),
            stock__kind=row.blank_kind,
            state=BlankState.IN_STOCK,
        )
        .order_by("number")
        .first()
    )
    if blank is None:
        raise NotNowError(f"「{row.blank_name}」没有在库的空白证照,请先登记入库。")
    Blank.objects.filter(pk=blank.pk).update(state=BlankState.PRINTED, making=row)
    act.changes["blank_id"] = blank.pk
    act.facts["blank"] = blank.number
    return act.commit(MakingAction.PRINT)


@transaction.atomic
def spoil(*, making_id: int, reason: str, actor: Actor, at: datetime) -> Making:
    """打印废: the blank is void with its reason; another person must see it destroyed."""
    require_texts(reason=(reason, 2, "请写明作废的原因,例如「卡纸」「套打错位」。"))
    act = begin(making_id, MakingAction.SPOIL, actor=actor, at=at)
    blank = waste_of(act.making, reason.strip(), by=(actor.ref, actor.label), at=at)
    act.facts |= {"blank": blank.number, "waste_reason": reason.strip()[:400]}
    return act.commit(MakingAction.SPOIL)


def waste_of(making: Making, reason: str, *, by: tuple[str, str], at: datetime) -> Blank:
    """Void the blank a making is printed on, with the row that waits for its destruction."""
    assert making.blank_id is not None
    blank = Blank.objects.select_for_update().get(pk=making.blank_id)
    Blank.objects.filter(pk=blank.pk).update(state=BlankState.WASTED)
    BlankWaste.objects.create(
        blank=blank,
        stock_id=blank.stock_id,
        making=making,
        reason=reason[:400],
        by=by[0],
        by_label=by[1][:80],
        at=at,
    )
    return blank


@transaction.atomic
def confirm_destroyed(*, making_id: int, actor: Actor, at: datetime) -> Making:
    """确认销毁 by another person; the task goes back into the queue to be printed anew."""
    act = begin(making_id, MakingAction.CONFIRM_DESTROYED, actor=actor, at=at)
    waste = BlankWaste.objects.select_for_update().get(blank=act.making.blank_id)
    confirm(waste, actor=actor, at=at)
    act.facts["blank"] = waste.blank.number
    act.changes |= {"blank_id": None, "taken_by": "", "taken_by_label": ""}
    return act.commit(MakingAction.CONFIRM_DESTROYED)


def confirm(waste: BlankWaste, *, actor: Actor, at: datetime) -> None:
    """The second person. Raises NotNowError for the first one, or where it is done."""
    if waste.confirmed_at is not None:
        raise NotNowError("这张作废的证照已经确认销毁。")
    if waste.by == actor.ref:
        raise NotNowError("登记作废的人不能自己确认销毁,请由另一位工作人员监销。")
    waste.confirmed_by, waste.confirmed_by_label = actor.ref, actor.label[:80]
    waste.confirmed_at = at
    waste.save(update_fields=["confirmed_by", "confirmed_by_label", "confirmed_at"])


@transaction.atomic
def store(*, making_id: int, actor: Actor, at: datetime, shelf: str = "") -> Making:
    """制证完成入库: from here on the result may be collected (R049)."""
    act = begin(making_id, MakingAction.STORE, actor=actor, at=at)
    row = act.making
    act.changes |= {"shelf": shelf.strip()[:60], "stored_by": actor.ref, "stored_at": at}
    act.events.append(CertificateStored(making_id=row.pk, of=row.subject))
    return act.commit(MakingAction.STORE)

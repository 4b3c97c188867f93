"""Acts on a card: explain, appeal, decide. One record entry each, compared and swapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState
from yiwang.apps.supervision.errors import CardNotFoundError, InvalidActError, NotNowError
from yiwang.apps.supervision.events import CardAppealed, CardUpheld, CardWithdrawn
from yiwang.apps.supervision.models import Card, CardAppeal
from yiwang.apps.supervision.permissions import RESPOND
from yiwang.apps.supervision.seeing import may_decide, may_see, why_not_decide
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.files.storing import attach
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import build
from yiwang.foundation.statements import insert, update_where
from yiwang.kernel.chain import Head, salted_digest
from yiwang.kernel.clock import Limit, Unit, deadline

APPEAL_WITHIN = Limit(3, Unit.WORKING_DAY)
DECIDE_WITHIN = Limit(3, Unit.WORKING_DAY)
SHORTEST, LONGEST = 6, 300


@dataclass
class CardAct:
    """One act in the making: columns it changes, facts and digests it records, events."""

    card: Card
    actor: Actor
    at: datetime
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)

    def commit(self, operation: str) -> Card:
        """Write it. Raises NotNowError where somebody else was quicker."""
        card = self.card
        head = Head(card.version, bytes(card.record_hash))
        self.facts["card_state"] = self.changes.get("state", card.state)
        entry, new_head = build(
            subject=card.subject,
            head=head,
            operation=operation,
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
            digests=self.digests,
        )
        self.changes |= {"version": new_head.seq, "record_hash": new_head.hash}
        if not update_where(Card, {"pk": card.pk, "version": head.seq}, self.changes):
            raise NotNowError("这张监察卡刚刚由别人办理过,请刷新后再看。")
        insert([entry])
        publish(self.events, at=self.at)
        for name, value in self.changes.items():
            setattr(card, name, value)
        return card


def _begin(card_id: int, actor: Actor, at: datetime) -> CardAct:
    """Raises CardNotFoundError, also for somebody who may not see the card."""
    card = (
        Card.objects.select_for_update(of=("self",))
        .select_related("organ", "rule")
        .filter(pk=card_id)
        .first()
    )
    if card is None or not may_see(actor, card):
        raise CardNotFoundError
    return CardAct(card, actor, at)


def appeal_until(card: Card) -> datetime:
    """The first instant that is too late for an appeal, by the calendar as it is now."""
    due_at = deadline(card.issued_at, APPEAL_WITHIN, calendar()).due_at
    assert due_at is not None
    return due_at


def why_no_appeal(card: Card, at: datetime) -> str:
    """ "" where the card may be appealed against now, else the reason."""
    if card.state == CardState.WITHDRAWN.value:
        return "这张卡已经撤销,不需要申诉。"
    if card.state != CardState.VALID.value:
        return "这张卡已经申诉过,一张卡只能申诉一次。"
    return "" if at < appeal_until(card) else "已经超过发出后 3 个工作日的申诉期限。"


@transaction.atomic
def explain(*, card_id: int, reason: str, actor: Actor, at: datetime) -> Card:
    """反馈: the unit's reason for being late, shown to the applicant. It may be given anew."""
    act = _begin(card_id, actor, at)
    actor.require(RESPOND, organ_id=act.card.organ_id)
    if act.card.state == CardState.WITHDRAWN.value:
        raise NotNowError("这张卡已经撤销,不需要反馈。")
    text = " ".join(reason.split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidActError(
            {"reason": f"请写明原因,{SHORTEST} 到 {LONGEST} 个字,申请人会看到这段话。"}
        )
    act.changes |= {"late_reason": text, "late_reason_by": actor.ref, "late_reason_at": at}
    act.digests["late_reason"] = salted_digest(bytes(act.card.salt), text)
    return act.commit("supervision.explain")


@transaction.atomic
def appeal(
    *,
    card_id: int,
    cause: str,
    text: str,
    actor: Actor,
    at: datetime,
    file: tuple[str, bytes] | None = None,
) -> Card:
    """申诉 by the unit, once, within three working days. `file` is (name, content).

    Raises InvalidActError, NotNowError, FileRefusedError.
    """
    act = _begin(card_id, actor, at)
    card = act.card
    actor.require(RESPOND, organ_id=card.organ_id)
    if why := why_no_appeal(card, at):
        raise NotNowError(why)
    problems = {}
    if cause not in AppealCause.__members__:
        problems["cause"] = "请选择申诉原因。"
    if not 10 <= len(text.strip()) <= 2000:
        problems["text"] = "请写明事实和理由,10 到 2000 个字。"
    if problems:
        raise InvalidActError(problems)
    attachment = None
    if file is not None:
        attachment = attach(
            file[1], name=file[0], subject=card.subject, purpose="appeal", actor=actor.ref, at=at
        )
    CardAppeal.objects.create(
        card=card,
        cause=cause,
        text=text.strip(),
        attachment_id=attachment.pk if attachment else None,
        appealed_by=actor.ref,
        appealed_by_label=actor.label[:80],
        appealed_at=at,
    )
    act.changes |= {
        "state": CardState.APPEALED.value,
        "decide_by": deadline(at, DECIDE_WITHIN, calendar()).due_at,
    }
    act.facts |= {"cause": cause, "evidence": attachment.file_id if attachment else None}
    act.digests["appeal"] = salted_digest(bytes(card.salt), text.strip())
    act.events.append(CardAppealed(card_id=card.pk, case_id=card.case_id))
    return act.commit("supervision.appeal")


@transaction.atomic
def decide_appeal(
    *, card_id: int, is_granted: bool, reason: str, actor: Actor, at: datetime
) -> Card:
    """裁定: a supervisor of the area who belongs to another unit withdraws the card or upholds it.

    Raises AccessDeniedError, InvalidActError, NotNowError.
    """
    act = _begin(card_id, actor, at)
    card = act.card
    if not may_decide(actor, card):
        raise AccessDeniedError(why_not_decide(actor, card))
    if card.state != CardState.APPEALED.value:
        raise NotNowError("这张卡没有等待裁定的申诉,可能已由别人裁定。")
    row = CardAppeal.objects.select_for_update().get(card=card)
    if row.appealed_by == actor.ref:
        raise AccessDeniedError("您自己提出的申诉,要由别人裁定。")
    text = " ".join(reason.split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidActError({"reason": f"请写明裁定理由,{SHORTEST} 到 {LONGEST} 个字。"})
    row.is_granted, row.decision = is_granted, text
    row.decided_by, row.decided_by_label, row.decided_at = actor.ref, actor.label[:80], at
    row.save()
    if is_granted:
        withdraw(act, cause=AppealCause(row.cause), reason=text)
        return act.commit("supervision.withdraw")
    act.changes |= {"state": CardState.UPHELD.value, "decide_by": None}
    act.digests["decision"] = salted_digest(bytes(card.salt), text)
    act.events.append(CardUpheld(card_id=card.pk, case_id=card.case_id))
    return act.commit("supervision.uphold")


def withdraw(act: CardAct, *, cause: AppealCause, reason: str) -> None:
    """撤牌: the card stays, struck through, with cause and reason; it leaves the net figures."""
    act.changes |= {
        "state": CardState.WITHDRAWN.value,
        "withdrawn_cause": cause.value,
        "withdrawn_reason": reason[:LONGEST],
        "decide_by": None,
    }
    act.facts["cause"] = cause.value
    act.digests["decision"] = salted_digest(bytes(act.card.salt), reason[:LONGEST])
    act.events.append(
        CardWithdrawn(card_id=act.card.pk, case_id=act.card.case_id, cause=cause.value)
    )

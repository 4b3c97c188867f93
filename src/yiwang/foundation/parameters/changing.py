"""Proposing and confirming a value. Two people, a day that has not passed, within the bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.foundation.access import Actor
from yiwang.foundation.parameters.current import declaration, forget
from yiwang.foundation.parameters.models import ParameterProposal, ParameterValue
from yiwang.foundation.parameters.permissions import CONFIRM, PROPOSE
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date
from yiwang.kernel.parameters import Declared

SHORTEST, LONGEST = 4, 300
LATEST = timedelta(days=3 * 366)


class ParameterError(Exception):
    """It cannot be done now; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidParameterError(Exception):
    """`fields`: name → what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("有内容需要修改。")
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is filled in; None where it could not be read."""

    value: int | None
    valid_from: date | None
    source: str
    article: str
    reason: str


def problems_of(wanted: Wanted, declared: Declared, today: date) -> dict[str, str]:
    """What is wrong with a proposal, by field."""
    found = {}
    if wanted.value is None or not declared.lowest <= wanted.value <= declared.highest:
        low, high = declared.words(declared.lowest), declared.words(declared.highest)
        found["value"] = f"请填写 {low} 到 {high} 之间的数,只写数字;超出的会削弱保护,不能设置。"
    if wanted.valid_from is None or not today <= wanted.valid_from <= today + LATEST:
        found["valid_from"] = "请填写今天或以后、三年以内的日期;不能往前改。"
    if not 2 <= len(wanted.source.strip()) <= 200:
        found["source"] = "请填写依据的文件,例如 市政务服务管理局 2026 年 12 号文。"
    if len(wanted.article.strip()) > 80:
        found["article"] = "条款最多 80 个字。"
    if not SHORTEST <= len(wanted.reason.strip()) <= LONGEST:
        found["reason"] = f"请写明理由,{SHORTEST} 到 {LONGEST} 个字。"
    return found


@transaction.atomic
def propose(*, code: str, wanted: Wanted, actor: Actor, at: datetime) -> ParameterProposal:
    """Propose a value; nothing changes yet.

    Raises InvalidParameterError, ParameterError, AccessDeniedError.
    """
    actor.require(PROPOSE)
    declared = declaration(code)
    if declared is None:
        raise ParameterError("没有这个参数。")
    if problems := problems_of(wanted, declared, civil_date(at)):
        raise InvalidParameterError(problems)
    assert wanted.value is not None
    assert wanted.valid_from is not None
    try:
        with transaction.atomic():
            row = ParameterProposal.objects.create(
                code=code,
                value=wanted.value,
                valid_from=wanted.valid_from,
                source=wanted.source.strip(),
                article=wanted.article.strip(),
                reason=wanted.reason.strip(),
                proposed_by=actor.ref,
                proposed_by_label=actor.label[:80],
                proposed_at=at,
            )
    except IntegrityError as error:
        raise ParameterError("这个参数已有一个调整在等确认,请先确认或退回。") from error
    facts = {"value": row.value, "valid_from": str(row.valid_from), "source": row.source}
    _note(row, "propose", facts, actor, at)
    return row


def _open(proposal_id: int) -> ParameterProposal:
    rows = ParameterProposal.objects.select_for_update()
    row = rows.filter(pk=proposal_id, settled_at__isnull=True).first()
    if row is None:
        raise ParameterError("这个调整已经办结,请刷新后再看。")
    return row


@transaction.atomic
def confirm(*, proposal_id: int, actor: Actor, at: datetime) -> ParameterValue:
    """The second person agrees: it holds from its day on. Raises ParameterError,
    AccessDeniedError."""
    actor.require(CONFIRM)
    row = _open(proposal_id)
    if row.proposed_by == actor.ref:
        raise ParameterError("这是您自己提出的,要由另一个人确认。")
    if row.valid_from < civil_date(at):
        raise ParameterError("生效日期已经过去,不能往前改;请退回后重新提出。")
    declared = declaration(row.code)
    if declared is None or not declared.lowest <= row.value <= declared.highest:
        raise ParameterError("这个数已不在允许的范围内,请退回后重新提出。")
    copied = ("code", "value", "valid_from", "source", "article", "reason")
    value = ParameterValue.objects.create(
        proposal=row,
        **{name: getattr(row, name) for name in copied},
        proposed_by=row.proposed_by,
        proposed_by_label=row.proposed_by_label,
        confirmed_by=actor.ref,
        confirmed_by_label=actor.label[:80],
        confirmed_at=at,
    )
    ParameterProposal.objects.filter(pk=row.pk).update(settled_at=at)
    facts = {"value": row.value, "valid_from": str(row.valid_from), "proposed_by": row.proposed_by}
    _note(row, "confirm", facts, actor, at)
    transaction.on_commit(forget)
    return value


@transaction.atomic
def drop(*, proposal_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Send a proposal back with a reason. Raises InvalidParameterError, ParameterError,
    AccessDeniedError."""
    actor.require(CONFIRM)
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise InvalidParameterError({"reason": f"请写明理由,{SHORTEST} 到 {LONGEST} 个字。"})
    row = _open(proposal_id)
    ParameterProposal.objects.filter(pk=row.pk).update(
        settled_at=at, dropped_by=actor.ref, dropped_reason=reason.strip()
    )
    _note(row, "drop", {"value": row.value, "reason": reason.strip()}, actor, at)


def _note(
    row: ParameterProposal, verb: str, facts: dict[str, Any], actor: Actor, at: datetime
) -> None:
    append(
        subject=f"parameter:{row.code}",
        operation=f"parameters.{verb}",
        actor=actor.ref,
        at=at,
        facts={"proposal": row.pk, **facts},
    )

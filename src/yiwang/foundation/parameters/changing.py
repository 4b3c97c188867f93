"""Proposing and confirming a value. Two people, a day that has not passed, within the bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.foundation.access import Actor
from yiwang.foundation.parameters.current import declaration, forget
from yiwang.foundation.parameters.models import ParameterProposal, ParameterValue
from yiwang.foundation.parameters.permissions import CONFIRM, PROPOSE
from yiwang.foundation.record.writing import append
from yiwang.foundation.ruling.terms import (
    InvalidRulingError,
    RulingError,
    Terms,
    open_proposal,
    problems_of_reason,
    problems_of_terms,
    proposed_columns,
    reason_not_to_confirm,
    ruled_columns,
    settle,
)
from yiwang.kernel.moment import civil_date
from yiwang.kernel.parameters import Declared


class ParameterError(RulingError):
    """It cannot be done now; `message` says why."""


class InvalidParameterError(InvalidRulingError):
    """`fields`: name → what to do."""


@dataclass(frozen=True, slots=True)
class Wanted(Terms):
    """What is filled in; None where it could not be read."""

    value: int | None = None


def problems_of(wanted: Wanted, declared: Declared, today: date) -> dict[str, str]:
    """What is wrong with a proposal, by field."""
    found = {}
    if wanted.value is None or not declared.lowest <= wanted.value <= declared.highest:
        low, high = declared.words(declared.lowest), declared.words(declared.highest)
        found["value"] = f"请填写 {low} 到 {high} 之间的数,只写数字;超出的会削弱保护,不能设置。"
    return found | problems_of_terms(wanted, today)


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
    try:
        with transaction.atomic():
            row = ParameterProposal.objects.create(
                code=code,
                value=wanted.value,
                **proposed_columns(wanted, actor, at),
            )
    except IntegrityError as error:
        raise ParameterError("这个参数已有一个调整在等确认,请先确认或退回。") from error
    facts = {"value": row.value, "valid_from": str(row.valid_from), "source": row.source}
    _note(row, "propose", facts, actor, at)
    return row


def _open(proposal_id: int) -> ParameterProposal:
    row = open_proposal(ParameterProposal, proposal_id)
    if row is None:
        raise ParameterError("这个调整已经办结,请刷新后再看。")
    return row


@transaction.atomic
def confirm(*, proposal_id: int, actor: Actor, at: datetime) -> ParameterValue:
    """The second person agrees: it holds from its day on. Raises ParameterError,
    AccessDeniedError."""
    actor.require(CONFIRM)
    row = _open(proposal_id)
    if why := reason_not_to_confirm(row, actor, civil_date(at)):
        raise ParameterError(why)
    declared = declaration(row.code)
    if declared is None or not declared.lowest <= row.value <= declared.highest:
        raise ParameterError("这个数已不在允许的范围内,请退回后重新提出。")
    value = ParameterValue.objects.create(
        proposal=row, code=row.code, value=row.value, **ruled_columns(row, actor, at)
    )
    settle(row, at)
    facts = {"value": row.value, "valid_from": str(row.valid_from), "proposed_by": row.proposed_by}
    _note(row, "confirm", facts, actor, at)
    transaction.on_commit(forget)
    return value


@transaction.atomic
def drop(*, proposal_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Send a proposal back with a reason. Raises InvalidParameterError, ParameterError,
    AccessDeniedError."""
    actor.require(CONFIRM)
    if problems := problems_of_reason(reason):
        raise InvalidParameterError(problems)
    row = _open(proposal_id)
    settle(row, at, by=actor, reason=reason)
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

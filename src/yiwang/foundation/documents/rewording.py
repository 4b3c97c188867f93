"""Texts of documents: proposed by one person, confirmed by another, in force from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.foundation.access import Actor
from yiwang.foundation.documents.in_force import forget
from yiwang.foundation.documents.models import TemplateProposal, TemplateText
from yiwang.foundation.documents.permissions import CONFIRM_TEXT, PROPOSE_TEXT
from yiwang.foundation.documents.texts import SLOTS, Slot, problem_of_text
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


class TextError(RulingError):
    """It cannot be done now; `message` says why."""


class InvalidTextError(InvalidRulingError):
    """`fields`: name → what to do."""


@dataclass(frozen=True, slots=True)
class Wording(Terms):
    """A text as it is to read; `is_restored`: as before any ruling, and `text` says nothing."""

    text: str = ""
    is_restored: bool = False

    @property
    def lines(self) -> str:
        """The text with line feeds of one kind, without blanks around it."""
        return "" if self.is_restored else "\n".join(self.text.strip().splitlines())


def problems_of(wanted: Wording, slot: Slot, today: date) -> dict[str, str]:
    """What is wrong with a proposal, by field."""
    problem = "" if wanted.is_restored else problem_of_text(slot, wanted.lines)
    found = {"text": problem} if problem else {}
    return found | problems_of_terms(wanted, today)


@transaction.atomic
def propose_text(
    *, code: str, organ_id: int | None, wanted: Wording, actor: Actor, at: datetime
) -> TemplateProposal:
    """Propose how a text reads, for all organs or one; nothing changes yet.

    The caller knows that the organ exists. Raises InvalidTextError, TextError, AccessDeniedError.
    """
    actor.require(PROPOSE_TEXT)
    slot = SLOTS.get(code)
    if slot is None:
        raise TextError("没有这段文字。")
    if problems := problems_of(wanted, slot, civil_date(at)):
        raise InvalidTextError(problems)
    try:
        with transaction.atomic():
            row = TemplateProposal.objects.create(
                code=code,
                organ_id=organ_id,
                text=wanted.lines,
                is_restored=wanted.is_restored,
                **proposed_columns(wanted, actor, at),
            )
    except IntegrityError as error:
        raise TextError("这段文字已有一个调整在等确认,请先确认或退回。") from error
    facts = {"text": row.text, "restored": row.is_restored, "source": row.source}
    _note(row, "propose", facts, actor, at)
    return row


@transaction.atomic
def confirm_text(*, proposal_id: int, actor: Actor, at: datetime) -> TemplateText:
    """The second person agrees: it holds from its day on. Raises TextError, AccessDeniedError."""
    actor.require(CONFIRM_TEXT)
    row = _open(proposal_id)
    if why := reason_not_to_confirm(row, actor, civil_date(at)):
        raise TextError(why)
    slot = SLOTS.get(row.code)
    if slot is None or (not row.is_restored and problem_of_text(slot, row.text)):
        raise TextError("这段文字已不合现在的要求,请退回后重新提出。")
    copied = ("code", "organ_id", "text", "is_restored")
    text = TemplateText.objects.create(
        proposal=row,
        **{name: getattr(row, name) for name in copied},
        **ruled_columns(row, actor, at),
    )
    settle(row, at)
    _note(row, "confirm", {"text_number": text.pk, "proposed_by": row.proposed_by}, actor, at)
    transaction.on_commit(forget)
    return text


@transaction.atomic
def drop_text(*, proposal_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Send a proposal back with a reason. Raises InvalidTextError, TextError, AccessDeniedError."""
    actor.require(CONFIRM_TEXT)
    if problems := problems_of_reason(reason):
        raise InvalidTextError(problems)
    row = _open(proposal_id)
    settle(row, at, by=actor, reason=reason)
    _note(row, "drop", {"reason": reason.strip()}, actor, at)


def _open(proposal_id: int) -> TemplateProposal:
    row = open_proposal(TemplateProposal, proposal_id)
    if row is None:
        raise TextError("这个调整已经办结,请刷新后再看。")
    return row


def _note(
    row: TemplateProposal, verb: str, facts: dict[str, Any], actor: Actor, at: datetime
) -> None:
    append(
        subject=f"document_text:{row.code}",
        operation=f"templates.{verb}",
        actor=actor.ref,
        at=at,
        facts={
            "proposal": row.pk,
            "organ": row.organ_id,
            "valid_from": str(row.valid_from),
            **facts,
        },
    )

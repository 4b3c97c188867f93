"""The register of seals: registered and stopped, each by two people, never backwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.foundation.access import Actor
from yiwang.foundation.documents.in_force import forget
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.documents.models import OrganSeal, SealProposal
from yiwang.foundation.documents.permissions import CONFIRM_SEAL, PROPOSE_SEAL
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

# Most have 13 digits, older and local ones other lengths: only what cannot be one is refused.
_CODE = re.compile(r"[0-9A-Z]{6,18}")
_NAME = re.compile(r"[一-鿿㐀-䶿·()（）]{2,24}")
WAITING = "这个机关的这种印章已有一个变更在等确认,请先确认或退回。"
OVERLAP = "这段时间已经登记了同一机关、同一用途的印章。请先停用原来的,再从停用那天起登记新的。"


class SealError(RulingError):
    """It cannot be done now; `message` says why."""


class InvalidSealError(InvalidRulingError):
    """`fields`: name → what to do."""


@dataclass(frozen=True, slots=True)
class Engraving(Terms):
    """A seal as it is to be registered; `use` None where none was chosen."""

    use: SealUse | None = None
    name: str = ""
    caption: str = ""
    filing_code: str = ""

    @property
    def middle(self) -> str:
        """What stands in the middle: as typed, else as the use has it."""
        return self.caption.strip() or (self.use.caption if self.use else "")


def problems_of(wanted: Engraving, today: date) -> dict[str, str]:
    """What is wrong with a seal, by field."""
    found = {}
    if wanted.use is None:
        found["use"] = "请选择印章的用途。"
    if not _NAME.fullmatch(wanted.name.strip()):
        found["name"] = "请照印章上的文字填写刻制名称,2 到 24 个汉字。"
    if len(wanted.caption.strip()) > 10:
        found["caption"] = "中部文字最多 10 个字;没有的不填。"
    if wanted.use is SealUse.OFFICIAL and wanted.caption.strip():
        found["caption"] = "公章没有中部文字,请不填;有的请选别的用途。"
    if (code := wanted.filing_code.strip()) and not _CODE.fullmatch(code):
        found["filing_code"] = "请填写印章下沿的编码,6 到 18 位数字或大写字母;没有的不填。"
    return found | problems_of_terms(wanted, today)


@transaction.atomic
def propose_seal(*, organ_id: int, wanted: Engraving, actor: Actor, at: datetime) -> SealProposal:
    """Propose to register a seal; nothing changes yet. The caller knows that the organ exists.

    Raises InvalidSealError, SealError, AccessDeniedError.
    """
    actor.require(PROPOSE_SEAL)
    if problems := problems_of(wanted, civil_date(at)):
        raise InvalidSealError(problems)
    assert wanted.use is not None
    assert wanted.valid_from is not None
    _refuse_overlap(organ_id, wanted.use, wanted.valid_from)
    _refuse_code(wanted.filing_code.strip(), wanted.valid_from)
    row = _write(
        SealProposal(
            organ_id=organ_id,
            use=wanted.use.value,
            name=wanted.name.strip(),
            caption=wanted.middle,
            filing_code=wanted.filing_code.strip(),
            **proposed_columns(wanted, actor, at),
        )
    )
    _note(row, "propose", {"name": row.name, "filing_code": row.filing_code}, actor, at)
    return row


@transaction.atomic
def propose_stop(*, seal_id: int, terms: Terms, actor: Actor, at: datetime) -> SealProposal:
    """Propose the day from which a seal is no longer used.

    Raises InvalidSealError, SealError, AccessDeniedError.
    """
    actor.require(PROPOSE_SEAL)
    seal = OrganSeal.objects.filter(pk=seal_id, stopped_on__isnull=True).first()
    if seal is None:
        raise SealError("没有找到这枚印章,或者已经停用。")
    problems = problems_of_terms(terms, civil_date(at))
    if terms.valid_from is not None and terms.valid_from < seal.valid_from:
        problems.setdefault("valid_from", "停用日期不能早于启用日期。")
    if problems:
        raise InvalidSealError(problems)
    row = _write(
        SealProposal(
            seal=seal,
            organ_id=seal.organ_id,
            use=seal.use,
            name=seal.name,
            caption=seal.caption,
            filing_code=seal.filing_code,
            **proposed_columns(terms, actor, at),
        )
    )
    _note(row, "propose_stop", {"name": row.name}, actor, at)
    return row


def _write(row: SealProposal) -> SealProposal:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise SealError(WAITING) from error
    return row


def _refuse_overlap(organ_id: int, use: SealUse, since: date) -> None:
    """A seal without an end, or with a later one, is in the way. Raises SealError."""
    others = OrganSeal.objects.filter(organ_id=organ_id, use=use.value)
    ends = others.values_list("stopped_on", flat=True)
    if any(end is None or end > since for end in ends):
        raise SealError(OVERLAP)


def _refuse_code(code: str, since: date) -> None:
    """One code is on one seal at a time. Raises InvalidSealError."""
    same = OrganSeal.objects.filter(filing_code=code) if code else OrganSeal.objects.none()
    if any(end is None or end > since for end in same.values_list("stopped_on", flat=True)):
        raise InvalidSealError(
            {"filing_code": "这个编码已经登记在另一枚在用的印章上,请对照印章核对。"}
        )


@transaction.atomic
def confirm_seal(*, proposal_id: int, actor: Actor, at: datetime) -> OrganSeal:
    """The second person agrees: the seal is registered, or stopped. Raises SealError,
    AccessDeniedError."""
    actor.require(CONFIRM_SEAL)
    row = _open(proposal_id)
    if why := reason_not_to_confirm(row, actor, civil_date(at)):
        raise SealError(why)
    seal = _register(row, actor, at) if row.seal_id is None else _stop(row, actor, at)
    settle(row, at)
    verb = "confirm" if row.seal_id is None else "confirm_stop"
    facts = {"name": row.name, "seal": seal.pk, "proposed_by": row.proposed_by}
    _note(row, verb, facts, actor, at)
    transaction.on_commit(forget)
    return seal


def _register(row: SealProposal, actor: Actor, at: datetime) -> OrganSeal:
    copied = ("organ_id", "use", "name", "caption", "filing_code")
    try:
        with transaction.atomic():
            return OrganSeal.objects.create(
                **{name: getattr(row, name) for name in copied},
                **ruled_columns(row, actor, at),
            )
    except IntegrityError as error:
        raise SealError(OVERLAP) from error


def _stop(row: SealProposal, actor: Actor, at: datetime) -> OrganSeal:
    assert row.seal_id is not None
    stopped = OrganSeal.objects.filter(pk=row.seal_id, stopped_on__isnull=True).update(
        stopped_on=row.valid_from,
        stop_reason=row.reason,
        stop_proposed_by=row.proposed_by,
        stop_proposed_by_label=row.proposed_by_label,
        stop_confirmed_by=actor.ref,
        stop_confirmed_by_label=actor.label[:80],
        stop_confirmed_at=at,
    )
    if not stopped:
        raise SealError("这枚印章已经停用,请刷新后再看。")
    return OrganSeal.objects.get(pk=row.seal_id)


@transaction.atomic
def drop_seal(*, proposal_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Send a proposal back with a reason. Raises InvalidSealError, SealError, AccessDeniedError."""
    actor.require(CONFIRM_SEAL)
    if problems := problems_of_reason(reason):
        raise InvalidSealError(problems)
    row = _open(proposal_id)
    settle(row, at, by=actor, reason=reason)
    _note(row, "drop", {"name": row.name, "reason": reason.strip()}, actor, at)


def _open(proposal_id: int) -> SealProposal:
    row = open_proposal(SealProposal, proposal_id)
    if row is None:
        raise SealError("这个变更已经办结,请刷新后再看。")
    return row


def _note(row: SealProposal, verb: str, facts: dict[str, Any], actor: Actor, at: datetime) -> None:
    append(
        subject=f"organ_seal:{row.organ_id}",
        operation=f"seals.{verb}",
        actor=actor.ref,
        at=at,
        facts={
            "proposal": row.pk,
            "seal_use": row.use,
            "valid_from": str(row.valid_from),
            "source": row.source,
            **facts,
        },
    )

"""Writes: registering parties, absences, unmasking."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.apps.people import permissions
from yiwang.apps.people.domain.vocabulary import PartyKind
from yiwang.apps.people.events import AbsenceRegistered, PersonalDataUnmasked
from yiwang.apps.people.models import Absence, Account, Area, Disclosure, Party
from yiwang.apps.people.queries import find_party_by_paper, paper_index
from yiwang.apps.people.reindexing import align_paper
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.foundation.secrets import keyring
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.masking import mask_name


class InvalidPartyError(ValueError):
    """What was typed about a person cannot be right; `field` says where, the text what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message

    @property
    def fields(self) -> dict[str, str]:
        return {self.field: self.message}


@transaction.atomic
def register_party(
    *,
    kind: PartyKind,
    name: str,
    paper_kind: PaperKind,
    paper_number: str,
    actor: Actor,
    at: datetime,
    phone: str = "",
    area: Area | None = None,
    details: dict[str, Any] | None = None,
) -> Party:
    """Find the party with this paper or register it. Raises InvalidPartyError.

    A party found keeps its name: one paper with two names is for a person to look into, not for
    a form to overwrite.
    """
    if actor.party_id is None:
        actor.require(permissions.FIND_PARTY)
    name = " ".join(name.split())
    if not name:
        raise InvalidPartyError("name", "请填写姓名或名称。")
    checked = papers.check(paper_kind, paper_number)
    if not checked.is_valid:
        raise InvalidPartyError("paper_number", checked.errors[0].message)
    found = find_party_by_paper(paper_kind, checked.value)
    if found is not None:
        if found.name != name:
            raise InvalidPartyError(
                "name", "这个证件号码登记的是另一个姓名。请核对证件;如确有变更,请走信息更正。"
            )
        return found
    natural = kind is PartyKind.NATURAL_PERSON
    party = Party.objects.create(
        kind=kind,
        label=mask_name(name) if natural else name,
        name=name,
        paper_kind=paper_kind,
        paper_number=checked.value,
        paper_index=paper_index(paper_kind, checked.value),
        name_index=keyring().blind_index(name, purpose="party.name"),
        phone=phone or None,
        phone_index=keyring().blind_index(phone, purpose="party.phone") if phone else None,
        details=details,
        area=area,
        salt=secrets.token_bytes(16),
        created_at=at,
    )
    align_paper(paper_kind, checked.value)
    append(
        subject=f"party:{party.pk}",
        operation="people.register",
        actor=actor.ref,
        at=at,
        facts={"kind": str(kind), "paper_kind": str(paper_kind)},
    )
    return party


@transaction.atomic
def unmask(
    *, party: Party, what: str, reason: str, actor: Actor, at: datetime, subject: str = ""
) -> Disclosure:
    """Record that somebody is about to see a person's full data, and tell the person.

    The caller may show the data only after this returned. Raises AccessDeniedError, ValueError
    for an empty reason.
    """
    actor.require(permissions.UNMASK)
    if len(reason.strip()) < 4:
        raise ValueError("请写明查看的理由(至少 4 个字),当事人可以看到。")
    posting = next((p for p in actor.postings if permissions.UNMASK.code in p.permissions), None)
    label = f"{posting.organ_label} {posting.post_label}" if posting else actor.label
    row = Disclosure.objects.create(
        party=party,
        what=what,
        reason=reason.strip(),
        actor=actor.ref,
        actor_label=label,
        subject=subject,
        at=at,
    )
    append(
        subject=f"party:{party.pk}",
        operation="people.unmask",
        actor=actor.ref,
        at=at,
        facts={"disclosure": row.pk, "what": what, "subject": subject},
    )
    publish([PersonalDataUnmasked(party_id=party.pk, disclosure_id=row.pk)], at=at)
    return row


@transaction.atomic
def disclose(
    *, account: Account, what: str, reason: str, by: str, by_label: str, at: datetime
) -> None:
    """Record that somebody outside was told a person's data on their own consent, and show it to
    the person. Staff without a party have it in their account's chain only."""
    facts: dict[str, Any] = {"what": what}
    if account.party_id is not None:
        row = Disclosure.objects.create(
            party_id=account.party_id,
            what=what,
            reason=reason[:200],
            actor=by,
            actor_label=by_label[:120],
            at=at,
        )
        facts["disclosure"] = row.pk
    append(
        subject=f"party:{account.party_id}" if account.party_id else f"account:{account.pk}",
        operation="people.disclose",
        actor=by,
        at=at,
        facts=facts,
    )


def account_of(party: Party) -> Account | None:
    return Account.objects.filter(party=party).first()


LONGEST_ABSENCE = timedelta(days=366)


class InvalidAbsenceError(ValueError):
    """What was typed about an absence cannot be right; `fields`: name → what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("、".join(fields.values()))
        self.fields = fields


@transaction.atomic
def register_absence(
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
    account_id: int | None = None,
) -> Absence:
    """Register an absence: from its start the deputies (B角) of the person's posts act.

    One's own, or (with the permission for accounts) that of another member of staff who could
    not do it. Raises InvalidAbsenceError, AccessDeniedError for anybody without a post.
    """
    whose = _whose_absence(account_id, actor)
    problems = {}
    if ends_at <= at:
        problems["ends_at"] = "结束时间已经过去,请核对。"
    elif ends_at <= starts_at:
        problems["ends_at"] = "结束时间要晚于开始时间。"
    elif ends_at - starts_at > LONGEST_ABSENCE:
        problems["ends_at"] = "一次离岗最长一年;更长的请由系统管理员调整任岗。"
    if len(reason.strip()) < 2:
        problems["reason"] = "请写明离岗原因,例如:休假、出差、培训。"
    if problems:
        raise InvalidAbsenceError(problems)
    row = Absence.objects.create(
        account_id=whose,
        starts_at=max(starts_at, at),
        ends_at=ends_at,
        reason=reason.strip()[:80],
    )
    append(
        subject=f"account:{whose}",
        operation="people.register_absence",
        actor=actor.ref,
        at=at,
        facts={
            "absence": row.pk,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
        },
    )
    publish([AbsenceRegistered(whose, row.pk)], at=at)
    return row


def _whose_absence(account_id: int | None, actor: Actor) -> int:
    if account_id is not None and account_id != actor.account_id:
        actor.require(permissions.MANAGE_ACCOUNTS)
        if Account.objects.filter(pk=account_id, is_staff=True).exists():
            return account_id
    elif actor.account_id is not None and actor.is_staff:
        return actor.account_id
    raise AccessDeniedError("只有工作人员可以登记离岗。")


@transaction.atomic
def end_absence(*, absence_id: int, actor: Actor, at: datetime) -> None:
    """Back earlier, or not going at all: the absence ends now. Nothing where it is over already.

    One's own, or (with the permission for accounts) another's.
    """
    row = Absence.objects.select_for_update().filter(pk=absence_id, ends_at__gt=at).first()
    if row is None:
        return
    if row.account_id != actor.account_id and not actor.may(permissions.MANAGE_ACCOUNTS):
        return
    if row.starts_at >= at:
        row.delete()
    else:
        row.ends_at = at
        row.save(update_fields=["ends_at"])
    append(
        subject=f"account:{row.account_id}",
        operation="people.end_absence",
        actor=actor.ref,
        at=at,
        facts={"absence": absence_id},
    )

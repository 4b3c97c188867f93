"""Writes: registering parties, absences, unmasking."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.people import permissions
from yiwang.apps.people.domain.vocabulary import PartyKind
from yiwang.apps.people.events import PersonalDataUnmasked
from yiwang.apps.people.models import Account, Area, Disclosure, Party
from yiwang.apps.people.queries import find_party_by_paper, paper_index
from yiwang.foundation.access import Actor
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


def account_of(party: Party) -> Account | None:
    return Account.objects.filter(party=party).first()

"""A legal representative who changes: the old one's right ends at once, nothing else does."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from yiwang.apps.people import permissions
from yiwang.apps.people.authorising import attached, write
from yiwang.apps.people.authority_models import Authorisation
from yiwang.apps.people.authority_terms import InvalidTermsError
from yiwang.apps.people.domain.authority import AuthorisationState
from yiwang.apps.people.events import RepresentativeChanged
from yiwang.apps.people.models import Party, Representation
from yiwang.foundation.access import Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date


@transaction.atomic
def change_representative(
    *,
    organisation: Party,
    person: Party,
    evidence: str,
    file: tuple[str, bytes] | None,
    actor: Actor,
    at: datetime,
) -> Representation:
    """Register a new 法定代表人, by a clerk or a data source. Cases go on; what the old one
    authorised stays in force and waits for the new one's word. Raises AuthorityError.
    """
    actor.require(permissions.REGISTER_RELATIONS)
    organisation = Party.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    old = _current(organisation, at)
    problems = {}
    if organisation.is_natural:
        problems["organisation_paper_number"] = "请填单位的统一社会信用代码。"
    if not person.is_natural or (old is not None and old.person_id == person.pk):
        problems["paper_number"] = "这个人不能登记:要是个人,而且不是现任法定代表人。"
    if len(evidence.strip()) < 4:
        problems["evidence"] = "请写明依据,例如:营业执照(2026-11-20 变更登记)。"
    if file is None and not actor.is_system:
        problems["file"] = "请上传变更后的营业执照或登记通知书。"
    if problems:
        raise InvalidTermsError(f"有 {len(problems)} 处需要修改,已填写的内容都保留着。", problems)
    if old is not None:
        _end(old, at)
    new, _ = Representation.objects.update_or_create(
        organisation=organisation,
        person=person,
        defaults={
            "is_legal_representative": True,
            "valid_from": civil_date(at),
            "valid_until": None,
            "ended_at": None,
        },
    )
    # The forms of the organisation are filled with it.
    organisation.details = {**(organisation.details or {}), "legal_representative": person.name}
    organisation.save(update_fields=["details"])
    paper = attached(file, f"party:{organisation.pk}", actor, at) if file else None
    append(
        subject=f"party:{organisation.pk}",
        operation="people.change_representative",
        actor=actor.ref,
        at=at,
        facts={
            "representation": new.pk,
            "ended_representation": old.pk if old else None,
            "authorisations": _put_to_review(organisation, actor, at),
            **({"file": str(paper.pk)} if paper else {}),
        },
    )
    changed = RepresentativeChanged(
        organisation_id=organisation.pk, new_id=new.pk, old_id=old.pk if old else None
    )
    publish([changed], at=at)
    return new


def _current(organisation: Party, at: datetime) -> Representation | None:
    return (
        Representation.objects.select_for_update(of=("self",))
        .filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=civil_date(at)),
            organisation=organisation,
            is_legal_representative=True,
        )
        .order_by("id")
        .first()
    )


def _end(old: Representation, at: datetime) -> None:
    """From the next request on; the day before is the last whole one."""
    old.valid_until, old.ended_at = civil_date(at) - timedelta(days=1), at
    old.is_legal_representative = False
    old.save(update_fields=["valid_until", "ended_at", "is_legal_representative"])


def _put_to_review(organisation: Party, actor: Actor, at: datetime) -> list[int]:
    rows = Authorisation.objects.select_for_update(of=("self",)).filter(
        principal=organisation, state=AuthorisationState.CONFIRMED
    )
    found = []
    for row in rows.order_by("id"):
        row.review_since = at
        row.save(update_fields=["review_since"])
        write(row, "review", actor=actor, at=at)
        found.append(row.pk)
    return found

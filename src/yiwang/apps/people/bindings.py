"""What is bound to one's own account from outside: seen, and taken away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.people.models import OutsideIdentity
from yiwang.apps.people.signing_in import note
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append


def identities_of(actor: Actor) -> list[OutsideIdentity]:
    """The bindings of one's own account."""
    if actor.account_id is None:
        return []
    return list(OutsideIdentity.objects.filter(account_id=actor.account_id).order_by("id"))


@transaction.atomic
def remove(*, identity_id: int, actor: Actor, at: datetime, address: str | None) -> bool:
    """Take a binding of one's own away; False where there is none."""
    if actor.account_id is None:
        return False
    found = (
        OutsideIdentity.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=identity_id, account_id=actor.account_id)
        .first()
    )
    if found is None:
        return False
    account, issuer = found.account, found.issuer
    found.delete()
    append(
        subject=f"account:{account.pk}",
        operation="people.remove_identity",
        actor=actor.ref,
        at=at,
        facts={"issuer": issuer},
    )
    note("IDENTITY_REMOVED", account=account.login, at=at, address=address, detail=issuer)
    return True

"""What an agent does by an authorisation: checked once more, noted, told to the principal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.people.authorisations import for_item_today
from yiwang.apps.people.authorising import write
from yiwang.apps.people.authority_models import Authorisation, AuthorisationUse
from yiwang.apps.people.domain.authority import AuthorisationState, MandateAct
from yiwang.apps.people.events import AuthorisationUsed
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.kernel.moment import civil_date

TAKEN_BACK = "委托刚刚被撤销或已到期,没有办成。需要继续的,请委托人重新委托。"


@transaction.atomic
def note_use(
    *,
    principal_id: int,
    item_code: str,
    act: MandateAct,
    what: str,
    subject: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Note an act in the transaction that does it; nothing for one's own affairs.

    The authorisation is locked and asked again: the actor was read at the beginning of the
    request, and a revocation that was confirmed since has the last word. Raises AccessDeniedError.
    """
    if actor.acts_for(principal_id):
        return
    mandate = actor.mandate_for(principal_id, item_code, act.value)
    row = (
        Authorisation.objects.select_for_update(of=("self",))
        .filter(
            pk=mandate.authorisation_id if mandate else 0,
            state=AuthorisationState.CONFIRMED,
            valid_until__gte=civil_date(at),
        )
        .first()
    )
    if row is None:
        raise AccessDeniedError(TAKEN_BACK)
    _note(row, act, what, subject, actor, at)


@transaction.atomic
def note_use_at_window(
    *,
    agent_id: int,
    principal_id: int,
    item_code: str,
    act: MandateAct,
    what: str,
    subject: str,
    actor: Actor,
    at: datetime,
) -> Authorisation | None:
    """An agent stands at a window and a clerk (`actor`) does it for them: the authorisation in
    force, locked and noted as used; None where there is none for this item and act."""
    rows = for_item_today(agent_id, principal_id, item_code, at=at)
    row = rows.select_for_update(of=("self",)).filter(acts__contains=[act.value]).first()
    if row is not None:
        _note(row, act, what, subject, actor, at)
    return row


def _note(
    row: Authorisation, act: MandateAct, what: str, subject: str, actor: Actor, at: datetime
) -> None:
    use = AuthorisationUse.objects.create(
        authorisation=row, act=act.value, what=what[:200], subject=subject, actor=actor.ref, at=at
    )
    write(row, "use", actor=actor, at=at, facts={"mandate_act": act.value, "subject": subject})
    publish([AuthorisationUsed(authorisation_id=row.pk, use_id=use.pk)], at=at)

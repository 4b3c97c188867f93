"""Who sees and does what in the hall. No statement: actors and rows carry what is asked."""

from __future__ import annotations

from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.permissions import AUDIT, BOOK, KEEP, SERVE
from yiwang.apps.people.public import Hall, MandateAct
from yiwang.foundation.access import Actor, Permission
from yiwang.kernel.identifiers.region import covers


def may_at(actor: Actor, permission: Permission, zone: HelpZone) -> bool:
    return may_at_hall(actor, permission, zone.hall)


def may_at_hall(actor: Actor, permission: Permission, hall: Hall) -> bool:
    """A post of the hall; for keeping and auditing also one of the hall's area or above it
    that is at no window (the hall's manager, the administrator, a supervisor)."""
    if actor.is_system:
        return True
    held = [p for p in actor.postings if permission.code in p.permissions]
    if permission in (SERVE, BOOK):
        return any(p.hall_id == hall.pk for p in held)
    return any(covers(p.area_code, hall.area_id) for p in held)


def is_on_their_side(actor: Actor, row: Appointment) -> bool:
    """Who is helped, who stands for them today, and their agent for this item."""
    return actor.may_act_as(row.party_id, row.item_code, MandateAct.APPLY.value)


def may_see(actor: Actor, row: Appointment) -> bool:
    if actor.is_system or is_on_their_side(actor, row):
        return True
    return any(may_at(actor, one, row.zone) for one in (SERVE, BOOK, AUDIT, KEEP))

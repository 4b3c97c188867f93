"""Who sees a case at all. No statement: the actor carries what is asked."""

from __future__ import annotations

from yiwang.apps.cases import permissions
from yiwang.apps.cases.models import Case
from yiwang.foundation.access import Actor, Permission
from yiwang.kernel.identifiers.region import covers


def may_at_window(actor: Actor, permission: Permission, case: Case) -> bool:
    """R019: permission by the window's item package, not by department."""
    return any(
        permission.code in posting.permissions
        and posting.hall_id == case.hall_id
        and case.item_code in posting.package
        for posting in actor.postings
    )


def may_read(actor: Actor, case: Case) -> bool:
    """Applicant, representative and agent; window posts of its hall and package; posts of its
    organ; supervisors of its area. For everybody else it does not exist."""
    if actor.is_system:
        return True
    if actor.acts_for(case.applicant_id, case.filed_by_id):
        return True
    if may_at_window(actor, permissions.RECEIVE, case):
        return True
    if actor.may(permissions.READ_ORGAN, organ_id=case.organ_id):
        return True
    return any(
        permissions.SUPERVISE.code in posting.permissions
        and covers(posting.area_code, case.organ.area_id)
        for posting in actor.postings
    )

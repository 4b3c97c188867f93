"""Who sees an enquiry and who may act on it. No statement but the area's organs."""

from __future__ import annotations

from yiwang.apps.enquiries.domain.states import EnquiryKind
from yiwang.apps.enquiries.models import Enquiry
from yiwang.apps.enquiries.permissions import ANSWER, HANDLE, OVERSEE
from yiwang.foundation.access import Actor
from yiwang.kernel.identifiers.region import covers

BY_CODE = {ANSWER.code: ANSWER, HANDLE.code: HANDLE}


def oversees(actor: Actor, row: Enquiry) -> bool:
    """A supervisor of the organ's area: for complaints only, so that a small organ in which
    everybody handled the case is not its own judge."""
    return row.kind == EnquiryKind.COMPLAINT and any(
        OVERSEE.code in posting.permissions and covers(posting.area_code, row.organ.area_id)
        for posting in actor.postings
    )


def may_act_for_organ(actor: Actor, row: Enquiry, permission: str) -> bool:
    if actor.is_system or permission not in BY_CODE:
        return actor.is_system
    if actor.may(BY_CODE[permission], organ_id=row.organ_id):
        return True
    return permission == HANDLE.code and oversees(actor, row)


def may_see(actor: Actor, row: Enquiry) -> bool:
    """The asker's side; the organ's people, of a complaint those who may handle it and did not
    handle the case; the supervisors of the area for complaints."""
    if actor.is_system or actor.acts_for(row.party_id):
        return True
    if row.kind != EnquiryKind.COMPLAINT:
        return actor.may(ANSWER, organ_id=row.organ_id)
    if actor.ref in row.excluded:
        return False
    return actor.may(HANDLE, organ_id=row.organ_id) or oversees(actor, row)

"""Who sees a case at all. No statement: the actor carries what is asked."""

from __future__ import annotations

from yiwang.apps.cases import permissions
from yiwang.apps.cases.models import Case, CaseChannel
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import Actor, Permission
from yiwang.kernel.identifiers.region import covers
from yiwang.kernel.moment import civil_date


def may_at_window(actor: Actor, permission: Permission, case: Case) -> bool:
    """R019: permission by the window's item package, not by department."""
    return any(
        permission.code in posting.permissions
        and posting.hall_id == case.hall_id
        and case.item_code in posting.package
        for posting in actor.postings
    )


def window_at(actor: Actor, permission: Permission, case: Case) -> int | None:
    """The window at which this actor may act on the case so; None for a post at no window."""
    return next(
        (
            posting.window_id
            for posting in actor.postings
            if permission.code in posting.permissions
            and posting.hall_id == case.hall_id
            and case.item_code in posting.package
        ),
        None,
    )


def took_in(actor: Actor, case: Case) -> bool:
    """A window post of the hall that took the case in for another (代收): it sees where the case
    stands, and acts on nothing but the papers in its hand."""
    return case.taken_in_hall_id is not None and case.taken_in_hall_id in actor.hall_ids(
        permissions.RECEIVE
    )


def may_hand_out(actor: Actor, case: Case) -> bool:
    """Where the case stays with the hall that took it in (no hall has the item, or another window
    of the same hall), the applicant collects there: any window of that hall hands out."""
    return (
        case.taken_in_hall_id is not None
        and case.taken_in_hall_id == case.hall_id
        and case.hall_id in actor.hall_ids(permissions.DELIVER)
    )


def stands_for(actor: Actor, case: Case) -> bool:
    """The applicant, who represents them today, or who stood at the window for them.

    Somebody who filed online did so by a right of that day: it is asked again today. Who filed at
    a window showed a paper for this one case, which holds until the applicant takes a right of
    theirs back; who filed there under an authorisation has what it gives, and no more.
    """
    if actor.acts_for(case.applicant_id):
        return True
    if case.channel != CaseChannel.WINDOW or not actor.acts_for(case.filed_by_id):
        return False
    if case.filed_under is not None:
        return False
    left = actor.left_at(case.applicant_id)
    return left is None or case.received_at > left


def is_within_mandate(actor: Actor, case: Case, act: MandateAct | None = None) -> bool:
    """An agent today, for this item and act, of a case filed in the authorised time or by
    themselves."""
    if not actor.mandates:
        return False
    filed_on = civil_date(case.received_at)
    is_own = case.filed_by_id is not None and case.filed_by_id == actor.party_id
    return any(
        mandate.covers(case.applicant_id, case.item_code, act.value if act else None)
        and (is_own or mandate.valid_from <= filed_on <= mandate.valid_until)
        for mandate in actor.mandates
    )


def is_on_their_side(actor: Actor, case: Case) -> bool:
    """The applicant's side: whoever stands for them, and their agent."""
    return stands_for(actor, case) or is_within_mandate(actor, case)


def may_do(actor: Actor, case: Case, act: MandateAct) -> bool:
    """Whoever stands for the applicant, and an agent whose authorisation names the act."""
    return stands_for(actor, case) or is_within_mandate(actor, case, act)


def may_read(actor: Actor, case: Case) -> bool:
    """Applicant, representative and agent; window posts of its hall and package, and of the hall
    that took it in; posts of its organ; supervisors of its area. For everybody else it does not
    exist."""
    if actor.is_system:
        return True
    if is_on_their_side(actor, case):
        return True
    if may_at_window(actor, permissions.RECEIVE, case) or took_in(actor, case):
        return True
    if actor.may(permissions.READ_ORGAN, organ_id=case.organ_id):
        return True
    return any(
        permissions.SUPERVISE.code in posting.permissions
        and covers(posting.area_code, case.organ.area_id)
        for posting in actor.postings
    )

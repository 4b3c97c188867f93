"""Who sees a card and who may decide about it. No statement: the actor carries what is asked."""

from __future__ import annotations

from yiwang.apps.supervision.models import Card
from yiwang.apps.supervision.permissions import RESPOND, WATCH
from yiwang.foundation.access import Actor
from yiwang.kernel.identifiers.region import covers


def watches(actor: Actor, area_code: str) -> bool:
    """True where a watching post's area covers this one."""
    return any(
        WATCH.code in posting.permissions and covers(posting.area_code, area_code)
        for posting in actor.postings
    )


def may_see(actor: Actor, card: Card) -> bool:
    """Supervisors of its area; the unit's own people who answer for it."""
    if actor.is_system:
        return True
    return watches(actor, card.area_code) or actor.may(RESPOND, organ_id=card.organ_id)


def belongs_to(actor: Actor, organ_id: int) -> bool:
    """True for whoever holds any post of the unit, also as a deputy."""
    return any(posting.organ_id == organ_id for posting in actor.postings)


def may_decide(actor: Actor, card: Card) -> bool:
    """A supervisor of its area who is nobody of the unit's own."""
    return watches(actor, card.area_code) and not belongs_to(actor, card.organ_id)


def why_not_decide(actor: Actor, card: Card) -> str:
    """ "" for whoever may decide, else why not and who can."""
    if may_decide(actor, card):
        return ""
    if belongs_to(actor, card.organ_id):
        return "您在被监察的单位任职,不能裁定本单位的申诉,请由其他监察人员裁定。"
    return "裁定申诉需要本辖区的「监察与申诉裁定」权限,请与监察部门联系。"

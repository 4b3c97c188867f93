"""Who sees which bad ratings: the organ that handles, and who watches its area."""

from __future__ import annotations

from yiwang.apps.people.public import organs_in_area
from yiwang.apps.ratings.models import BadRating
from yiwang.apps.ratings.permissions import APPROVE, HANDLE, WATCH
from yiwang.foundation.access import Actor
from yiwang.kernel.identifiers.region import covers


def may_watch(actor: Actor, area_code: str) -> bool:
    """True where a post that watches is of this area or one above it."""
    return any(
        WATCH.code in p.permissions and covers(p.area_code, area_code) for p in actor.postings
    )


def may_see(actor: Actor, row: BadRating) -> bool:
    own = (actor.may(p, organ_id=row.organ_id) for p in (HANDLE, APPROVE))
    return any(own) or may_watch(actor, row.organ.area_id)


def organs_of(actor: Actor) -> list[int]:
    """Organs whose bad ratings this actor sees. One statement for who watches, none for others."""
    found = {*actor.organ_ids(HANDLE), *actor.organ_ids(APPROVE)}
    return sorted(found | set(watched_organs(actor)))


def watched_organs(actor: Actor) -> list[int]:
    """Organs of the areas this actor watches; at most one statement."""
    areas = [p.area_code for p in actor.postings if WATCH.code in p.permissions]
    return organs_in_area(areas) if areas else []

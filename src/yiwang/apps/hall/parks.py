"""Whether an organisation is at home in a park (园区): by its registered area, not by its word."""

from __future__ import annotations

from yiwang.apps.hall.models import HelpZone
from yiwang.apps.people.public import Area, Party
from yiwang.kernel.identifiers.region import covers


def park_of(party: Party, zone: HelpZone) -> str | None:
    """The name of the park the party is registered in, where the zone is for it (or for any park);
    None otherwise. One statement at most."""
    if party.is_natural or party.area_id is None:
        return None
    if zone.area_id is not None:
        assert zone.area is not None
        return zone.area.name if covers(zone.area_id, party.area_id) else None
    parks = Area.objects.filter(is_zone=True, valid_until__isnull=True).order_by("code")
    return next((p.name for p in parks if covers(p.code, party.area_id)), None)

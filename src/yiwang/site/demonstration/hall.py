"""The demonstration's help zones: kept, staffed and booked by its own people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.apps.hall.models import HelpZone
from yiwang.apps.hall.operations import booking, keeping, rostering
from yiwang.apps.hall.slots import free_slots, last_day
from yiwang.apps.people.public import Account, Hall
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.kernel.moment import civil_date


def load_hall(data: dict[str, Any], at: datetime) -> None:
    """Classes, zones with their rosters, and appointments in the first free half hours."""
    keeper = _actor(data["help_zones"][0]["by"], at)
    for row in data["priority_classes"]:
        terms = keeping.ClassTerms(
            name=row["name"],
            rank=row["rank"],
            channels=tuple(row["channels"]),
            source=row["source"],
            mark=row["mark"],
        )
        keeping.keep_class(code=row["code"], terms=terms, actor=keeper, at=at)
    zones = {row["key"]: _zone(row, at) for row in data["help_zones"]}
    for row in data["appointments"]:
        zone = zones[row["zone"]]
        slots = free_slots(zone, first=civil_date(at), last=last_day(at), at=at)
        actor = _actor(row["by"], at)
        party = Account.objects.get(login=row["by"]).party_id
        if row["party"] != row["by"]:  # an organisation that this person represents
            party = next(iter(sorted(actor.represents - {party})))
        wish = booking.Wish(
            party_id=party or 0,
            starts_at=next(slot.starts_at for slot in slots if slot.is_free),
            item=row["item"],
            wanted=row["wanted"],
            channel=row["channel"],
            ground=row["ground"],
        )
        booking.book(zone_id=zone.pk, wish=wish, actor=actor, at=at)


def _zone(row: dict[str, Any], at: datetime) -> HelpZone:
    actor = _actor(row["by"], at)
    terms = keeping.ZoneTerms(
        name=row["name"],
        place=row["place"],
        kinds=tuple(row["kinds"]),
        audience=row["audience"],
        area=row["area"],
        classes=tuple(row["classes"]),
        hours=dict(enumerate(row["hours"])),
        places=row["places"],
        is_open_on_rest_days=False,
    )
    hall = Hall.objects.get(slug=row["hall"])
    zone = keeping.keep_zone(hall_id=hall.pk, terms=terms, actor=actor, at=at)
    accounts = dict(Account.objects.values_list("login", "pk"))
    for number in range(row["days"]):
        on = civil_date(at) + timedelta(days=number)
        if not calendar().is_working(on):
            continue
        for shift in row["roster"]:
            rostering.put_down(
                zone_id=zone.pk,
                account_id=accounts[shift["login"]],
                on=on,
                halves=tuple(shift["halves"]),
                actor=actor,
                at=at,
            )
    return zone


def _actor(login: str, at: datetime) -> Actor:
    signed_in = load_actor(Account.objects.get(login=login).pk, at=at)
    assert signed_in is not None
    return signed_in.actor

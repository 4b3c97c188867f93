"""Reads: zones, one's own appointments, a zone's day, and the uses of the green channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from yiwang.apps.hall.domain.turns import Waiting, in_turn
from yiwang.apps.hall.errors import HallNotFoundError
from yiwang.apps.hall.models import Appointment, HelpZone, PriorityClass
from yiwang.apps.hall.seeing import may_at, may_at_hall, may_see
from yiwang.apps.people.public import Blocker, Hall, Party, PlaceKind
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.lists import Listing, page

OWN = Listing(
    "hall_appointment",
    "party_id",
    "bigint",
    (("starts_at", "timestamptz"), ("id", "bigint")),
    descending=True,
)
USES = Listing(
    "hall_appointment",
    "zone_id",
    "bigint",
    (("held_on", "date"), ("id", "bigint")),
    descending=True,
)
IS_USE = "t.called_at IS NOT NULL AND (NOT t.class_code = '' OR t.is_out_of_turn)"
MOST_OF_A_DAY, MOST_ZONES = 500, 200
LONGEST = timedelta(days=92)  # of a period that is audited


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    rows: list[Appointment]
    next_cursor: str | None


def _read(keys: Sequence[int], cursor: str | None) -> AppointmentPage:
    found = Appointment.objects.filter(pk__in=keys).select_related("zone__hall").defer("wanted")
    rows = {row.pk: row for row in found}
    return AppointmentPage([rows[key] for key in keys if key in rows], cursor)


def open_halls() -> list[Hall]:
    """Halls that are open, in a stable order. One statement."""
    return list(Hall.objects.filter(valid_until__isnull=True).order_by("id")[:MOST_ZONES])


def halls_for(actor: Actor, permission: Permission) -> list[Hall]:
    """Open halls at which this actor may do it. One statement."""
    return [hall for hall in open_halls() if may_at_hall(actor, permission, hall)]


def open_zones() -> list[HelpZone]:
    """Zones where one can book, by hall. One statement."""
    rows = HelpZone.objects.filter(valid_until__isnull=True, hall__valid_until__isnull=True)
    return list(rows.select_related("hall", "area").order_by("hall_id", "id")[:MOST_ZONES])


def zones_for(actor: Actor, *permissions: Permission) -> list[HelpZone]:
    """Zones at which this actor may do one of these, closed ones last. One statement."""
    rows = HelpZone.objects.select_related("hall", "area").order_by("-valid_until", "hall_id", "id")
    found = [row for row in rows if any(may_at(actor, one, row) for one in permissions)]
    return sorted(found, key=lambda row: row.valid_until is not None)[:MOST_ZONES]


def zone(zone_id: int) -> HelpZone:
    """Raises HallNotFoundError."""
    row = HelpZone.objects.select_related("hall", "area").filter(pk=zone_id).first()
    if row is None:
        raise HallNotFoundError("这个专区")
    return row


def zone_for(zone_id: int, actor: Actor, *permissions: Permission) -> HelpZone:
    """The zone, for who may do one of these there. Raises HallNotFoundError."""
    row = zone(zone_id)
    if not any(may_at(actor, one, row) for one in permissions):
        raise HallNotFoundError("这个专区")
    return row


def appointment(appointment_id: int, *, actor: Actor) -> Appointment:
    """Raises HallNotFoundError."""
    rows = Appointment.objects.select_related("zone__hall", "zone__area")
    row = rows.filter(pk=appointment_id).first()
    if row is None or not may_see(actor, row):
        raise HallNotFoundError
    return row


def own_appointments(*, actor: Actor, after: str | None = None, size: int = 20) -> AppointmentPage:
    """One's own and those of whom one represents; of principals those one booked; latest first."""
    own = sorted({*actor.represents, *([actor.party_id] if actor.party_id else [])})
    found = page(
        OWN,
        scopes=sorted({*own, *actor.principals()}),
        where="(t.party_id = ANY(%s) OR t.booked_by = %s)",
        parameters=[own, actor.ref],
        after=after,
        size=size,
    )
    return _read(found.keys, found.next_cursor)


def parties_to_book_for(actor: Actor) -> list[Party]:
    """Oneself, whom one represents, and whose agent one is. One statement."""
    own = {*actor.represents, *actor.principals(), actor.party_id or 0}
    return sorted(Party.objects.filter(pk__in=own), key=lambda p: (p.pk != actor.party_id, p.pk))


@dataclass(frozen=True, slots=True)
class Day:
    """A zone's day: who waits in the order of calling, who is being served, who is to come,
    who was asked for another time, and who is done with."""

    waiting: list[Appointment]
    serving: list[Appointment]
    to_come: list[Appointment]
    displaced: list[Appointment]
    past: list[Appointment]


def day_of(zone: HelpZone, on: date) -> Day:
    """One statement."""
    rows = list(
        Appointment.objects.filter(zone=zone, on=on)
        .select_related("zone__hall")
        .exclude(state="CANCELLED")
        .order_by("starts_at", "id")[:MOST_OF_A_DAY]
    )
    here = {row.pk: row for row in rows if row.state == "HERE"}
    turns = in_turn(
        Waiting(row.pk, row.rank, row.starts_at, row.checked_in_at)
        for row in here.values()
        if row.checked_in_at is not None
    )
    return Day(
        waiting=[here[one.number] for one in turns],
        serving=[row for row in rows if row.state in ("CALLED", "SERVING")],
        to_come=[row for row in rows if row.state == "BOOKED"],
        displaced=[row for row in rows if row.state == "DISPLACED"],
        past=[row for row in rows if row.state in ("DONE", "ABSENT")],
    )


@dataclass(frozen=True, slots=True)
class UseFilter:
    """Which uses of the green channel: days (both included), a class, only marked ones."""

    first: date
    last: date
    class_code: str = ""
    is_marked: bool = False


def green_uses(
    wanted: UseFilter, *, zones: Sequence[int], after: str | None = None, size: int = 20
) -> AppointmentPage:
    """Every call with a priority class, and every call out of turn; latest first."""
    where, values = [IS_USE, "t.held_on BETWEEN %s AND %s"], [wanted.first, wanted.last]
    more: list[Any] = list(values)
    if wanted.class_code:
        where.append("t.class_code = %s")
        more.append(wanted.class_code)
    if wanted.is_marked:
        where.append("(t.is_without_ground OR t.is_out_of_turn)")
    found = page(
        USES,
        scopes=list(zones),
        where=" AND ".join(where),
        parameters=more,
        after=after,
        size=size,
    )
    return _read(found.keys, found.next_cursor)


def shares(wanted: UseFilter, *, zones: Sequence[int]) -> list[tuple[date, str, int]]:
    """(day, class or "" for ordinary, how many were called), latest day first. A recount, one
    statement."""
    rows = (
        Appointment.objects.filter(
            zone_id__in=zones, on__range=(wanted.first, wanted.last), called_at__isnull=False
        )
        .values_list("on", "class_name")
        .annotate(n=Count("id"))
        .order_by("-on", "class_name")
    )
    return list(rows)


def all_classes() -> list[PriorityClass]:
    return list(PriorityClass.objects.order_by("rank", "code")[:100])


def zones_that_keep_open(kind: PlaceKind, key: int | str, today: date) -> list[Blocker]:
    """Zones of a hall that are open: they are closed first. One statement."""
    if kind is not PlaceKind.HALL:
        return []
    rows = HelpZone.objects.filter(Q(hall_id=key), valid_until__isnull=True).order_by("id")[:20]
    return [Blocker(f"帮办专区 {row.name}", f"/zones/{row.pk}/") for row in rows]

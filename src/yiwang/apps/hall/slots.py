"""Which half hours of a zone can be booked: hours, roster, calendar and bookings together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from yiwang.apps.hall.domain.parameters import DAYS_AHEAD
from yiwang.apps.hall.domain.slots import Slot, bounds_of_half, open_slots
from yiwang.apps.hall.domain.states import TAKING_A_PLACE
from yiwang.apps.hall.domain.vocabulary import RosterHalf
from yiwang.apps.hall.models import Appointment, HelpZone, RosterShift
from yiwang.apps.people.public import standing_in
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import BEIJING, civil_date


@dataclass(frozen=True, slots=True)
class Shift:
    """One half day on the roster: who is down for it, and who is there (B角 where away)."""

    shift_id: int
    account_id: int
    on: date
    half: RosterHalf
    label: str
    acting: tuple[str, ...]


def roster_of(zone: HelpZone, *, first: date, last: date) -> list[Shift]:
    """The zone's roster between two days, both included. Three statements."""
    rows = list(
        RosterShift.objects.filter(zone=zone, on__range=(first, last))
        .select_related("account")
        .order_by("on", "-half", "id")
    )
    people = {row.account_id: row.account.label for row in rows}
    bounds = {(row.on, row.half): bounds_of_half(row.on, RosterHalf(row.half)) for row in rows}
    there = standing_in(people, list(dict.fromkeys(bounds.values())), on=first)
    return [
        Shift(
            row.pk,
            row.account_id,
            row.on,
            RosterHalf(row.half),
            people[row.account_id],
            tuple(there.get((row.account_id, bounds[row.on, row.half]), ())),
        )
        for row in rows
    ]


def last_day(at: datetime) -> date:
    """The last day that can be booked now."""
    today = civil_date(at)
    return today + timedelta(days=parameter(DAYS_AHEAD, on=today).value)


def days_open(zone: HelpZone, first: date, last: date) -> list[date]:
    """The days between on which the zone may be open: working days, all if the zone says so."""
    number = max(0, (last - first).days + 1)
    days = [first + timedelta(days=n) for n in range(number)]
    return [on for on in days if zone.is_open_on_rest_days or calendar().is_working(on)]


def free_slots(zone: HelpZone, *, first: date, last: date, at: datetime) -> list[Slot]:
    """Half hours of these days that can be booked, full ones with nothing free. Four statements."""
    last = min(last, last_day(at))
    shifts = roster_of(zone, first=first, last=last)
    taken: dict[datetime, int] = defaultdict(int)
    rows = Appointment.objects.filter(
        zone=zone, on__range=(first, last), state__in=TAKING_A_PLACE
    ).values_list("starts_at")
    for starts_at, number in rows.annotate(n=Count("id")):
        taken[starts_at.astimezone(BEIJING)] = number
    return open_slots(
        days=days_open(zone, first, last),
        hours=zone.weekly,
        places=zone.places,
        staffed=[(s.on, s.half) for s in shifts if s.acting],
        booked=taken,
        after=at,
    )

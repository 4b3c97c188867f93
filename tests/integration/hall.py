"""Shared by the tests of the hall: a zone of one's own with a roster, and appointments in it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.acting import actor
from tests.authorising import party

from yiwang.apps.cases.public import Help
from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.operations import booking, keeping, rostering, serving
from yiwang.apps.hall.operations.booking import Wish
from yiwang.apps.hall.operations.serving import Admission
from yiwang.apps.people.models import Account
from yiwang.apps.people.public import Hall
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import BEIJING, civil_date

MANAGER, CLERK, OTHER = "zheng-approve", "he-window", "lin-window"
HALL = "yecheng-hall"
CITIZENS = ("lin-xiaoman", "wang-shouren", "he-guifang", "gulinaer", "shen-lan", "xu-xiangyang")


def moment_at(on: date, text: str) -> datetime:
    return datetime.combine(on, time.fromisoformat(text), BEIJING)


def working_day() -> date:
    """The first working day after the demonstration's own roster has ended."""
    return calendar().next_working_day(civil_date(now()) + timedelta(days=30))


def start() -> datetime:
    """The evening of two days before it: everything of that day can still be booked."""
    return moment_at(working_day() - timedelta(days=3), "18:00")


def terms(**more: Any) -> keeping.ZoneTerms:
    values: dict[str, Any] = {
        "name": "帮办专区", "place": "三楼", "kinds": ("WINDOW", "REGISTRATION"),
        "audience": "EVERYBODY", "area": "", "classes": ("park-enterprise", "elder-disabled"),
        "hours": dict.fromkeys(range(7), "09:00-12:00 14:00-17:00"), "places": 2,
        "is_open_on_rest_days": False,
    }  # fmt: skip
    return keeping.ZoneTerms(**(values | more))


def a_zone(*, staffed: bool = True, **more: Any) -> HelpZone:
    at = start()
    manager = actor(MANAGER, at)
    hall = Hall.objects.get(slug=HALL)
    zone = keeping.keep_zone(hall_id=hall.pk, terms=terms(**more), actor=manager, at=at)
    if staffed:
        put_down(zone, working_day())
    return zone


def put_down(zone: HelpZone, on: date, *halves: str, login: str = CLERK) -> list[Any]:
    at = start()
    return rostering.put_down(
        zone_id=zone.pk,
        account_id=Account.objects.get(login=login).pk,
        on=on,
        halves=halves or ("MORNING", "AFTERNOON"),
        actor=actor(MANAGER, at),
        at=at,
    )


def wish(who: str, text: str = "09:00", **more: Any) -> Wish:
    values: dict[str, Any] = {
        "party_id": party(who).pk, "starts_at": moment_at(working_day(), text), "item": "",
        "wanted": "第一次来,请帮忙看材料。",
    }  # fmt: skip
    return Wish(**(values | more))


def booked(zone: HelpZone, who: str, text: str = "09:00", **more: Any) -> Appointment:
    at = start()
    by = more.pop("by", who)
    return booking.book(zone_id=zone.pk, wish=wish(who, text, **more), actor=actor(by, at), at=at)


def here(row: Appointment, text: str, admission: Admission | None = None) -> Appointment:
    at = moment_at(working_day(), text)
    return serving.check_in(
        appointment_id=row.pk, admission=admission or Admission(), actor=actor(CLERK, at), at=at
    )


def helped(**more: Any) -> Help:
    values = {
        "kind": "WINDOW", "place": "帮办专区", "what": "核对材料", "result": "材料已齐",
        "helped_on": working_day(),
    }  # fmt: skip
    return Help(**(values | more))

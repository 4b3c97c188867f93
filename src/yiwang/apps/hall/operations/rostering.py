"""The roster of a zone: who is there which half day, and what becomes of the booked when nobody is.

Being away and deputies (B角) are people's: whoever is absent is stood in for as at their post. Here
somebody is put down for a half day or taken off it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from yiwang.apps.hall.domain.slots import half_of
from yiwang.apps.hall.domain.vocabulary import RosterHalf
from yiwang.apps.hall.errors import HallNotFoundError, InvalidActError, NotNowError
from yiwang.apps.hall.events import ZoneChanged
from yiwang.apps.hall.models import Appointment, HelpZone, RosterShift
from yiwang.apps.hall.operations.act import begin, lock_zone
from yiwang.apps.hall.permissions import KEEP, SERVE
from yiwang.apps.hall.seeing import may_at
from yiwang.apps.hall.slots import free_slots, last_day, roster_of
from yiwang.apps.people.public import staff_of_hall
from yiwang.foundation.access import AccessDeniedError, Actor, system_actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import BEIJING, civil_date

FURTHEST = timedelta(days=92)
ASK = (
    "这半天还有 {number} 个预约,没有别人值守了。请选一位替班的同事;"
    "没有人能替的,选「通知预约的人另选时间」。"
)


def _locked(zone_id: int, actor: Actor) -> HelpZone:
    zone = lock_zone(zone_id)
    if not may_at(actor, KEEP, zone):
        raise AccessDeniedError("值守由这个大厅的负责人或者系统管理员安排。")
    return zone


def _may_stand(zone: HelpZone, account_id: int, on: date) -> str:
    """The person's name; raises InvalidActError for somebody who has no such post at the hall."""
    name = dict(staff_of_hall(zone.hall_id, SERVE, on=on)).get(account_id)
    if name is None:
        raise InvalidActError({"account": "请选择这个大厅接待岗位上的工作人员。"})
    return name


@transaction.atomic
def put_down(
    *, zone_id: int, account_id: int, on: date | None, halves: tuple[str, ...], actor: Actor,
    at: datetime,
) -> list[RosterShift]:  # fmt: skip
    """Somebody of the hall staffs the zone on these halves of a day.

    Raises InvalidActError, HallNotFoundError, AccessDeniedError.
    """
    zone, today = _locked(zone_id, actor), civil_date(at)
    if zone.valid_until is not None:
        raise NotNowError("这个专区已经关闭。")
    if on is None or not today <= on <= today + FURTHEST:
        raise InvalidActError({"on": f"请填今天到 {FURTHEST.days} 天以内的日期。"})
    if not halves or not set(halves) <= set(RosterHalf.__members__):
        raise InvalidActError({"halves": "请选择上午、下午或者两个都选。"})
    _may_stand(zone, account_id, on)
    elsewhere = RosterShift.objects.filter(account_id=account_id, on=on, half__in=halves)
    taken = elsewhere.select_related("zone").first()
    if taken is not None:
        half = RosterHalf(taken.half).label
        raise InvalidActError({"account": f"这位同事当天{half}已经在「{taken.zone.name}」值守。"})
    rows = [RosterShift(zone=zone, account_id=account_id, on=on, half=half) for half in halves]
    rows = RosterShift.objects.bulk_create(rows)
    _note(zone, "put_down", account_id, on, sorted(halves), actor, at)
    return rows


@transaction.atomic
def take_off(
    *, shift_id: int, substitute_id: int | None, tells: bool, actor: Actor, at: datetime
) -> list[Appointment]:
    """Take somebody off a half day. Where people have booked and nobody would be left, either a
    substitute takes over or (`tells`) those people are asked to choose another time.

    Returns who was asked. Raises InvalidActError, HallNotFoundError, AccessDeniedError.
    """
    shift = RosterShift.objects.select_related("account").filter(pk=shift_id).first()
    if shift is None:
        raise HallNotFoundError("这次值守")
    zone, half = _locked(shift.zone_id, actor), RosterHalf(shift.half)
    if shift.on < civil_date(at):
        raise NotNowError("过去的值守不再改动。")
    shift.delete()
    _note(zone, "take_off", shift.account_id, shift.on, [half.value], actor, at)
    if substitute_id is not None:
        put_down(
            zone_id=zone.pk,
            account_id=substitute_id,
            on=shift.on,
            halves=(half.value,),
            actor=actor,
            at=at,
        )
    # Asked afterwards: a substitute who is away that half day takes over nothing.
    booked = [] if _is_staffed(zone, shift.on, half) else booked_in(zone, shift.on, half)
    if booked and not tells:
        raise InvalidActError({"substitute": ASK.format(number=len(booked))})
    return displace(zone, booked, actor=actor, at=at)


def _is_staffed(zone: HelpZone, on: date, half: RosterHalf) -> bool:
    """True where somebody on the roster of a half day, or a deputy, is there."""
    return any(one.half is half and one.acting for one in roster_of(zone, first=on, last=on))


def booked_in(zone: HelpZone, on: date, half: RosterHalf) -> list[Appointment]:
    """Who has booked in this half day and is still to come. One statement."""
    rows = Appointment.objects.filter(zone=zone, on=on, state="BOOKED").order_by("starts_at", "id")
    return [row for row in rows if half_of(row.starts_at.astimezone(BEIJING)) is half]


def displace(
    zone: HelpZone, booked: list[Appointment], *, actor: Actor, at: datetime
) -> list[Appointment]:
    """Ask each to choose another time, and name a free one: spread over what is free, so that not
    all are offered the same place. The message follows by the outbox."""
    if not booked:
        return []
    slots = free_slots(zone, first=civil_date(at), last=last_day(at), at=at)
    offers = [slot.starts_at for slot in slots for _ in range(slot.free)]
    found = []
    for place, row in enumerate(booked):
        act = begin(appointment_id=row.pk, action="DISPLACE", actor=actor, at=at)
        offered = offers[place] if place < len(offers) else None
        act.changes["offered_at"] = offered
        act.facts["offered_at"] = offered.isoformat() if offered else None
        found.append(act.commit())
    return found


@transaction.atomic
def displace_if_nobody(*, zone_id: int, on: date, half: RosterHalf, at: datetime) -> bool:
    """Asked before people are reminded of a half day: where nobody on the roster is there and no
    deputy stands in, they are asked to choose another time. True where nobody is."""
    zone = lock_zone(zone_id)
    if _is_staffed(zone, on, half):
        return False
    displace(zone, booked_in(zone, on, half), actor=system_actor("roster"), at=at)
    return True


def shifts_from(account_id: int, on: date, until: date) -> list[RosterShift]:
    """Half days somebody is down for between two days, both included."""
    rows = RosterShift.objects.filter(account_id=account_id, on__range=(on, until))
    return list(rows.order_by("on", "id"))


def _note(
    zone: HelpZone, verb: str, account_id: int, on: date, halves: list[str], actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    append(
        subject=zone.subject, operation=f"hall.{verb}", actor=actor.ref, at=at,
        facts={"account": f"account:{account_id}", "on": str(on), "halves": halves},
    )  # fmt: skip
    publish([ZoneChanged(zone.pk)], at=at)

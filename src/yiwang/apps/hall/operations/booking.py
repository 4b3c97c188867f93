"""Booking, moving and cancelling: by the person, who stands for them, or a clerk for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yiwang.apps.cases.public import GreenChannel
from yiwang.apps.catalog.public import current_version
from yiwang.apps.hall.classes import class_of
from yiwang.apps.hall.domain.priority import SHORTEST
from yiwang.apps.hall.domain.states import TAKING_A_PLACE, AppointmentState
from yiwang.apps.hall.domain.vocabulary import BookedVia, ZoneAudience
from yiwang.apps.hall.errors import InvalidActError, NotNowError
from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.operations.act import (
    JUST_TAKEN,
    AppointmentAct,
    begin,
    checked,
    lock_zone,
    told_apart,
)
from yiwang.apps.hall.parks import park_of
from yiwang.apps.hall.permissions import BOOK
from yiwang.apps.hall.seeing import is_on_their_side, may_at
from yiwang.apps.hall.slots import free_slots
from yiwang.apps.people.public import MandateAct, Party, note_use
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.statements import insert
from yiwang.kernel.moment import civil_date

UNSURE = "不确定,到场再说"
LONGEST_WANTED = 400


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, as typed: `item` "" is 不确定; `channel` "" claims no priority."""

    party_id: int
    starts_at: datetime | None
    item: str
    wanted: str
    channel: str = ""
    ground: str = ""


@transaction.atomic
def book(
    *, zone_id: int, wish: Wish, actor: Actor, at: datetime, via: BookedVia = BookedVia.ONLINE
) -> Appointment:
    """One place of a half hour, never given twice. Raises InvalidActError, NotNowError,
    HallNotFoundError, AccessDeniedError."""
    zone = lock_zone(zone_id)
    if zone.valid_until is not None:
        raise NotNowError("这个专区已经关闭,请到别的专区预约。")
    party = _whom(wish, zone, actor, via)
    row = _filled(zone, party, wish, at)
    row.via, row.booked_by, row.booked_at = via.value, actor.ref, at
    row.visitor_id = actor.party_id if via is BookedVia.ONLINE else None
    assert wish.starts_at is not None
    row.number = _take_place(zone, wish.starts_at, at)
    with told_apart():
        insert([row])
    act = AppointmentAct(row, actor, at, "BOOK")
    act.facts |= {
        "zone": zone.pk, "starts_at": row.starts_at.isoformat(), "item": row.item_code,
        "green_channel": row.channel, "booked_via": row.via,
    }  # fmt: skip
    act.commit()
    _note_agent(act, "预约帮办")
    return row


def _note_agent(act: AppointmentAct, what: str) -> None:
    """What an agent does is told to the principal; nothing for oneself, or for a clerk."""
    row, actor = act.row, act.actor
    if is_on_their_side(actor, row):
        note_use(
            principal_id=row.party_id, item_code=row.item_code, act=MandateAct.APPLY,
            what=f"{what}:{row.item_name}", subject=row.subject, actor=actor, at=act.at,
        )  # fmt: skip


def _whom(wish: Wish, zone: HelpZone, actor: Actor, via: BookedVia) -> Party:
    if not wish.party_id:
        raise InvalidActError({"party": "请选择为谁预约。"})
    if via is BookedVia.ONLINE:
        if not actor.may_act_as(wish.party_id, wish.item, MandateAct.APPLY.value):
            raise AccessDeniedError(
                "只能为您本人、您代表的单位,或者委托您办这个事项的人预约。"
                "受托办理的,请选择委托书上的事项。"
            )
    elif not may_at(actor, BOOK, zone):
        raise AccessDeniedError("代约由这个大厅的工作人员办。")
    party = Party.objects.select_related("area").filter(pk=wish.party_id).first()
    if party is None:
        raise InvalidActError({"party": "请选择为谁预约。"})
    if zone.audience != ZoneAudience.EVERYBODY and party.is_natural:
        raise InvalidActError({"party": f"这个专区面向{zone.audience_label},请选择您代表的单位。"})
    if zone.audience == ZoneAudience.PARK_ORGANISATIONS and park_of(party, zone) is None:
        raise InvalidActError(
            {"party": "登记的住所不在这个专区服务的园区,请到别的专区预约;住所有误的,先更正登记。"}
        )
    return party


def _filled(zone: HelpZone, party: Party, wish: Wish, at: datetime) -> Appointment:
    if wish.starts_at is None:
        raise InvalidActError({"starts_at": "请选择时段。"})
    version = current_version(wish.item, today=civil_date(at)) if wish.item else None
    if wish.item and version is None:
        raise InvalidActError({"item": "没有这个事项,请重新选择,或者选「不确定」。"})
    row = Appointment(
        zone=zone,
        party=party,
        party_label=party.label,
        item_code=version.definition.code if version else "",
        item_name=version.definition.name if version else UNSURE,
        wanted=checked(wish.wanted, "wanted", "请写一句需要什么帮助", LONGEST_WANTED),
        on=civil_date(wish.starts_at),
        starts_at=wish.starts_at,
        state=AppointmentState.BOOKED,
    )
    _claim(row, zone, party, wish)
    return row


def _claim(row: Appointment, zone: HelpZone, party: Party, wish: Wish) -> None:
    """The priority claimed, with what is registered of a park. Raises InvalidActError."""
    if not wish.channel:
        return
    found = class_of(zone, wish.channel)
    row.channel, row.rank = wish.channel, found.rank
    row.class_code, row.class_name = found.code, found.name
    row.ground = wish.ground.strip()[:200]
    if wish.channel == GreenChannel.PARK:
        park = park_of(party, zone)
        if park is None:
            raise InvalidActError({"channel": "登记的住所不在园区,不能走园区企业绿色通道。"})
        row.evidence = f"登记住所在{park}"[:200]
        row.ground = row.ground or "园区企业"
    if len(row.ground) < SHORTEST:
        raise InvalidActError({"ground": "请写明优先的理由,例如:75 岁;到场时请带证明。"})


def _take_place(zone: HelpZone, starts_at: datetime, at: datetime) -> int:
    """The lowest free number of the half hour; the zone is locked. Raises NotNowError."""
    on = civil_date(starts_at)
    slot = next(
        (s for s in free_slots(zone, first=on, last=on, at=at) if s.starts_at == starts_at), None
    )
    if slot is None:
        raise NotNowError("这个时段不能预约:没有开放、没有人值守,或者已经过去。请选别的时段。")
    if not slot.is_free:
        raise NotNowError(JUST_TAKEN)
    rows = Appointment.objects.filter(zone=zone, starts_at=starts_at, state__in=TAKING_A_PLACE)
    taken = set(rows.values_list("number", flat=True))
    return next(n for n in range(1, zone.places + len(taken) + 1) if n not in taken)


@transaction.atomic
def move(
    *, appointment_id: int, starts_at: datetime | None, actor: Actor, at: datetime
) -> Appointment:
    """To another half hour of the zone, at any time before it begins; nothing is lost by it."""
    found = Appointment.objects.filter(pk=appointment_id).values_list("zone_id", flat=True).first()
    zone = lock_zone(found or 0)  # the zone before the appointment, as booking does
    act = begin(appointment_id=appointment_id, action="MOVE", actor=actor, at=at)
    _still_ahead(act)
    if starts_at is None:
        raise InvalidActError({"starts_at": "请选择时段。"})
    if starts_at == act.row.starts_at and act.row.state == AppointmentState.BOOKED:
        raise InvalidActError({"starts_at": "您选的就是现在的时段。"})
    before = act.row.starts_at
    act.changes |= {
        "number": _take_place(zone, starts_at, at),
        "starts_at": starts_at,
        "on": civil_date(starts_at),
        "offered_at": None,
    }
    act.facts |= {"before": before.isoformat(), "starts_at": starts_at.isoformat()}
    _note_agent(act, "帮办改约")
    return act.commit()


@transaction.atomic
def cancel(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """At any time before it begins, without a reason."""
    act = begin(appointment_id=appointment_id, action="CANCEL", actor=actor, at=at)
    _still_ahead(act)
    _note_agent(act, "取消帮办预约")
    return act.commit()


def _still_ahead(act: AppointmentAct) -> None:
    if act.row.state == AppointmentState.BOOKED and act.row.starts_at <= act.at:
        raise NotNowError("预约的时间已经到了,不能再改。来不了的不用办什么,可以重新预约。")

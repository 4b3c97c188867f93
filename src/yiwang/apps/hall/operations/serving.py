"""The day: who is here, whose turn it is, and what was helped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from yiwang.apps.cases.public import (
    GreenChannel,
    Help,
    Helped,
    HelpKind,
    InvalidInputError,
    note_help,
)
from yiwang.apps.hall.classes import class_of
from yiwang.apps.hall.domain.priority import Claim, is_without_ground
from yiwang.apps.hall.domain.states import MACHINE
from yiwang.apps.hall.domain.turns import ORDINARY_RANK, Waiting, in_turn, passed_over
from yiwang.apps.hall.errors import HallNotFoundError, InvalidActError, NotNowError
from yiwang.apps.hall.models import Appointment
from yiwang.apps.hall.operations.act import AppointmentAct, begin, checked, lock_zone
from yiwang.apps.hall.parks import park_of
from yiwang.apps.hall.permissions import SERVE
from yiwang.apps.hall.seeing import may_at
from yiwang.foundation.access import AccessDeniedError, Actor, system_actor
from yiwang.kernel.moment import civil_date


@dataclass(frozen=True, slots=True)
class Admission:
    """What whoever lets somebody in says: `channel` "" is no priority; `evidence` what was shown;
    `reason` why it counts though nothing was shown."""

    channel: str = ""
    ground: str = ""
    evidence: str = ""
    reason: str = ""


@transaction.atomic
def check_in(
    *, appointment_id: int, admission: Admission, actor: Actor, at: datetime
) -> Appointment:
    """Somebody is here. A priority counts with its ground and what was shown; without, only with a
    reason, and is marked. Raises InvalidActError, NotNowError."""
    act = begin(appointment_id=appointment_id, action="CHECK_IN", actor=actor, at=at)
    row = act.row
    if row.on != civil_date(at):
        raise NotNowError("只能在预约的当天签到;别的日子来的,请先改约。")
    act.changes |= _let_in(row, admission) | {
        "checked_in_at": at,
        "let_in_by": actor.ref,
        "let_in_by_label": actor.label[:80],
    }
    act.facts |= {
        "green_channel": act.changes["channel"],
        "is_without_ground": act.changes["is_without_ground"],
    }
    return act.commit()


def _let_in(row: Appointment, said: Admission) -> dict[str, object]:
    """The columns of the priority with which somebody is let in. Raises InvalidActError."""
    if not said.channel:
        return {
            "channel": "", "class_code": "", "class_name": "", "rank": ORDINARY_RANK,
            "is_without_ground": False, "ground_reason": "",
        }  # fmt: skip
    found = class_of(row.zone, said.channel)
    if said.channel == GreenChannel.PARK and park_of(row.party, row.zone) is None:
        raise InvalidActError({"channel": "登记的住所不在园区,不能走园区企业绿色通道。"})
    is_same = said.channel == row.channel
    ground = said.ground.strip()[:200] or (row.ground if is_same else "")
    evidence = said.evidence.strip()[:200] or (row.evidence if is_same else "")
    lacks = is_without_ground(Claim(said.channel, ground, evidence))
    why = "没有出示凭据的,请写明为什么仍然优先,并会列入绿色通道核查"
    return {
        "channel": said.channel,
        "class_code": found.code,
        "class_name": found.name,
        "rank": found.rank,
        "ground": ground,
        "evidence": evidence,
        "is_without_ground": lacks,
        "ground_reason": checked(said.reason, "reason", why) if lacks else "",
    }


def waiting_in(zone_id: int, on: date) -> dict[int, Waiting]:
    """Appointment → its turn, of those who are here and were not called. One statement."""
    rows = Appointment.objects.filter(zone_id=zone_id, on=on, state="HERE").values_list(
        "id", "rank", "starts_at", "checked_in_at"
    )
    return {
        key: Waiting(key, rank, starts_at, checked_in_at)
        for key, rank, starts_at, checked_in_at in rows
        if checked_in_at is not None
    }


@transaction.atomic
def call_next(*, zone_id: int, actor: Actor, at: datetime) -> Appointment:
    """Whose turn it is. Raises NotNowError where nobody waits."""
    zone = lock_zone(zone_id)  # two who call at once call two
    if not may_at(actor, SERVE, zone):
        raise HallNotFoundError("这个专区")
    order = in_turn(waiting_in(zone.pk, civil_date(at)).values())
    if not order:
        raise NotNowError("现在没有签到等候的人。")
    return _call(begin(appointment_id=order[0].number, action="CALL", actor=actor, at=at))


@transaction.atomic
def call(*, appointment_id: int, reason: str, actor: Actor, at: datetime) -> Appointment:
    """This one, by hand. Before those whose turn it is only with a reason, and marked.

    Raises InvalidActError, HallNotFoundError, AccessDeniedError.
    """
    found = Appointment.objects.filter(pk=appointment_id).values_list("zone_id", flat=True).first()
    zone = lock_zone(found or 0)
    act = begin(appointment_id=appointment_id, action="CALL", actor=actor, at=at)
    before = passed_over(act.row.pk, waiting_in(zone.pk, act.row.on).values())
    if before:
        why = f"前面还有 {len(before)} 人,提前叫号要写明原因,并会列入绿色通道核查"
        act.changes |= {"is_out_of_turn": True, "turn_reason": checked(reason, "reason", why)}
        act.facts |= {"is_out_of_turn": True, "passed_over": [one.number for one in before]}
    return _call(act)


def _call(act: AppointmentAct) -> Appointment:
    act.changes["called_at"] = act.at
    return act.commit()


@transaction.atomic
def start(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """The one called is here and is helped by this actor."""
    act = begin(appointment_id=appointment_id, action="BEGIN", actor=actor, at=at)
    act.changes |= {"begun_at": at, "helper": actor.ref, "helper_label": actor.label[:80]}
    return act.commit()


@transaction.atomic
def miss(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """Did not come, or went. No fault of theirs: they may book again at once, or check in later on
    the day. Before the half hour begins nobody is absent."""
    act = begin(appointment_id=appointment_id, action="MISS", actor=actor, at=at)
    if act.row.starts_at > at:
        raise NotNowError("预约的时间还没有到。")
    return act.commit()


@transaction.atomic
def end(*, appointment_id: int, help: Help, number: str, actor: Actor, at: datetime) -> Appointment:
    """What was helped and what came of it: writes the help record of this zone and day, of a case
    where there is one.

    Raises InvalidActError, AccessDeniedError.
    """
    act = begin(appointment_id=appointment_id, action="END", actor=actor, at=at)
    row = act.row
    if row.helper != actor.ref:
        raise AccessDeniedError("由正在帮办的人结束;换人帮办的,请那位同事结束后重新签到。")
    if help.kind not in row.zone.kinds:
        words = "、".join(HelpKind(code).label for code in row.zone.kinds)
        raise InvalidActError({"kind": f"请选择帮办的种类:{words}。"})
    help = replace(help, place=f"{row.zone.hall.name}{row.zone.name}", helped_on=civil_date(at))
    whom = Helped(row.party_id, row.party_label, row.item_code, row.item_name)
    try:
        record = note_help(number=number, help=help, actor=actor, at=at, whom=whom)
    except InvalidInputError as error:
        raise InvalidActError(error.fields) from error
    act.changes |= {"ended_at": at, "help_record_id": record.pk}
    act.facts["help_record"] = record.pk
    return act.commit()


@transaction.atomic
def day_over(subject: str, at: datetime) -> None:
    """The day is over: who was not served is set free to book again."""
    key = int(subject.removeprefix("appointment:"))
    row = Appointment.objects.select_for_update(of=("self",), no_key=True).filter(pk=key).first()
    if row is None or MACHINE.find(row.state, "MISS") is None or row.on >= civil_date(at):
        return
    act = AppointmentAct(row, system_actor("timer"), at, "MISS")
    act.changes["state"] = "ABSENT"
    act.commit()

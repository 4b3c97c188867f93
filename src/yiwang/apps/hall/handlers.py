"""Telling those who booked, while it is still true; and what the clock does."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.apps.catalog.public import current_version
from yiwang.apps.hall.bringing import what_to_bring
from yiwang.apps.hall.domain.slots import half_of
from yiwang.apps.hall.domain.vocabulary import RosterHalf
from yiwang.apps.hall.events import AppointmentChanged
from yiwang.apps.hall.models import Appointment
from yiwang.apps.hall.operations.act import DAY_OVER, REMIND, REMINDED_AT
from yiwang.apps.hall.operations.rostering import displace_if_nobody, shifts_from
from yiwang.apps.hall.operations.serving import day_over
from yiwang.apps.people.events import AbsenceRegistered
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import BEIJING, civil_date, start_of_day

KIND, REMINDER = "hall.appointment", "hall.reminder"
TITLES = {
    "BOOK": "帮办预约成功",
    "MOVE": "帮办预约已经改期",
    "CANCEL": "帮办预约已经取消",
    "DISPLACE": "帮办预约请您另选时间",
}


def on_changed(event: AppointmentChanged, at: datetime) -> None:
    """Confirmed, moved, cancelled, or asked for another time."""
    row = _row(event.subject)
    if row is None or event.action not in TITLES or row.version != event.version:
        return
    _tell(row, KIND, f"{event.action}:{event.version}", TITLES[event.action], _body(row, at), at)


def remind(subject: str, at: datetime) -> None:
    """The day before at nine, once for each time booked; not for one nobody will be there for."""
    row = _row(subject)
    if row is None or row.state != "BOOKED" or row.starts_at <= at:
        return
    half = half_of(row.starts_at.astimezone(BEIJING))
    if displace_if_nobody(zone_id=row.zone_id, on=row.on, half=half, at=at):
        return  # told by the outbox, with another time
    occasion = row.starts_at.isoformat()
    _tell(row, REMINDER, occasion, "明天有您的帮办预约", _body(row, at), at)


def on_absence(event: AbsenceRegistered, at: datetime) -> None:
    """Somebody reports away so late that people were reminded already. For later half days the
    manager still has time to put somebody else down: they are looked at before the reminder."""
    today = civil_date(at)
    for shift in shifts_from(event.account_id, today, today + timedelta(days=1)):
        if start_of_day(shift.on) + REMINDED_AT <= at:
            displace_if_nobody(
                zone_id=shift.zone_id, on=shift.on, half=RosterHalf(shift.half), at=at
            )


def _row(subject: str) -> Appointment | None:
    key = int(subject.removeprefix("appointment:"))
    return Appointment.objects.select_related("zone__hall").filter(pk=key).first()


def _body(row: Appointment, at: datetime) -> str:
    place = f"{row.zone.hall.name}({row.zone.hall.address}){row.zone.name}{row.zone.place}"
    if row.state == "CANCELLED":
        return f"{cn_datetime(row.starts_at)} 在{place}的帮办预约已经取消。需要时可以重新预约。"
    if row.state == "DISPLACED":
        offer = (
            f"建议改到 {cn_datetime(row.offered_at)},也可以选别的时间"
            if row.offered_at
            else "请选别的时间"
        )
        return (
            f"很抱歉,{cn_datetime(row.starts_at)} 在{place}没有人值守,不能为您帮办。"
            f"{offer}:在「我的预约」里改约,不用重新填写。"
        )
    version = current_version(row.item_code, today=civil_date(at)) if row.item_code else None
    bring = "、".join(what_to_bring(version.definition)) if version else ""
    more = f"请带:{bring}。" if bring else "请带身份证件。"
    return f"{cn_datetime(row.starts_at)},{place},办「{row.item_name}」。{more}来不了可以随时改约。"


def _tell(row: Appointment, kind: str, occasion: str, title: str, body: str, at: datetime) -> None:
    """To who is helped, and to who comes where that is somebody else who cannot see theirs."""
    told = {row.party_id: occasion}
    if row.visitor_id is not None and row.visitor_id != row.party_id:
        told[row.visitor_id] = f"{occasion}:visitor"
    for recipient, distinct in told.items():
        queue(
            kind=kind,
            subject=row.subject,
            occasion=distinct,
            recipient_id=recipient,
            title=title,
            body=body,
            link=f"/my/appointments/{row.pk}/",
            at=at,
        )


def still_so(subject: str, occasion: str) -> str:
    """True until the appointment changed again."""
    row = _row(subject)
    if row is None or str(row.version) != occasion.split(":")[1]:
        return "预约又有变化"
    return ""


def still_to_come(subject: str, occasion: str) -> str:
    row = _row(subject)
    wanted = occasion.removesuffix(":visitor")
    if row is None or row.state != "BOOKED" or row.starts_at.isoformat() != wanted:
        return "预约已经改期、取消或者办完"
    return ""


TIMERS = {REMIND: remind, DAY_OVER: day_over}

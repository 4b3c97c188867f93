"""What every act on an appointment has in common: may it be done, by whom, its one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.apps.hall.domain.states import MACHINE, OPEN, PERSON
from yiwang.apps.hall.errors import HallNotFoundError, InvalidActError, NotNowError
from yiwang.apps.hall.events import AppointmentChanged
from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.permissions import BOOK, SERVE
from yiwang.apps.hall.seeing import is_on_their_side, may_at, may_see
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.statements import insert, update_where
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.chain import Head
from yiwang.kernel.moment import end_of_day, start_of_day

REMIND, DAY_OVER = "hall.remind", "hall.day_over"
REMINDED_AT = timedelta(hours=-15)  # 09:00 of the day before
ONE_OPEN = "在这个专区您已经有一个预约,请先改约或者取消它。"
JUST_TAKEN = "这个时段刚刚约满,请选别的时段。"
_WORDS = {"appointment_one_open": ONE_OPEN, "appointment_place": JUST_TAKEN}


@dataclass
class AppointmentAct:
    """One act in the making."""

    row: Appointment
    actor: Actor
    at: datetime
    action: str
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def commit(self) -> Appointment:
        """Write it. Raises NotNowError where somebody else was quicker."""
        row, seen = self.row, self.row.version
        state = self.changes.get("state", row.state)
        self.facts["appointment_state"] = state
        entry, head = build(
            subject=row.subject,
            head=Head(seen, bytes(row.record_hash)) if seen else START,
            operation=f"hall.{self.action}",
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
        )
        self.changes |= {"version": head.seq, "record_hash": head.hash}
        with told_apart():
            if not update_where(Appointment, {"pk": row.pk, "version": seen}, self.changes):
                raise NotNowError("这个预约刚刚由别人办理过,请刷新后再看。")
        insert([entry])
        for name, value in self.changes.items():
            setattr(row, name, value)
        set_timers(row.subject, self._timers())
        publish([AppointmentChanged(row.pk, self.action, row.state, row.version)], at=self.at)
        return row

    def _timers(self) -> dict[str, datetime | None]:
        row = self.row
        if row.state not in OPEN or row.state == "DISPLACED":
            return {REMIND: None, DAY_OVER: None}
        remind = start_of_day(row.on) + REMINDED_AT
        is_ahead = row.state == "BOOKED" and remind > self.at
        return {REMIND: remind if is_ahead else None, DAY_OVER: end_of_day(row.on)}


@contextmanager
def told_apart() -> Iterator[None]:
    """A savepoint in which the database's refusal becomes words: one place twice, a second open
    appointment. Raises NotNowError."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, words in _WORDS.items():
            if name in str(error):
                raise NotNowError(words) from error
        raise


def lock_zone(zone_id: int) -> HelpZone:
    """Whoever books, moves or changes the roster of a zone waits here for the one before.

    Raises HallNotFoundError.
    """
    row = (
        HelpZone.objects.select_for_update(of=("self",), no_key=True)
        .select_related("hall", "area")
        .filter(pk=zone_id)
        .first()
    )
    if row is None:
        raise HallNotFoundError("这个专区")
    return row


def begin(*, appointment_id: int, action: str, actor: Actor, at: datetime) -> AppointmentAct:
    """Lock it and ask: does it exist for this person, is it theirs to do, and now?

    Raises HallNotFoundError, AccessDeniedError, TransitionNotAllowedError.
    """
    row = (
        Appointment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__hall")
        .filter(pk=appointment_id)
        .first()
    )
    if row is None or not may_see(actor, row):
        raise HallNotFoundError
    transition = MACHINE.require(row.state, action)
    if transition.permission == PERSON:
        if not is_on_their_side(actor, row) and not may_at(actor, BOOK, row.zone):
            raise AccessDeniedError("改约和取消由预约的人办,或者由大厅的工作人员代办。")
    elif transition.permission == SERVE.code and not may_at(actor, SERVE, row.zone):
        raise AccessDeniedError("签到、叫号和帮办由这个大厅的工作人员办。")
    act = AppointmentAct(row, actor, at, action)
    act.changes["state"] = transition.target
    return act


def checked(text: str, name: str, words: str, longest: int = 200, shortest: int = 2) -> str:
    """What was typed, trimmed. Raises InvalidActError."""
    text = text.strip()
    if not shortest <= len(text) <= longest or "\0" in text:
        raise InvalidActError({name: f"{words}({shortest} 到 {longest} 个字)。"})
    return text

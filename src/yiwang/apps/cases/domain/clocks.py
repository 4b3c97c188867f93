"""The clocks of a case, as pure functions of its clock events and its item's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yiwang.apps.cases.domain.machine import DECISION_CLOCK, DELIVERY_CLOCK, RECEIPT_CLOCK
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import (
    ClockEvent,
    Limit,
    Reckoning,
    StartEvent,
    Timeline,
    Unit,
    deadline,
    fold,
)

FAR = date(9999, 12, 31)
# One clock runs for promise and law, but the day that a holiday notice may not shorten is told
# for each: floors stand under names of their own.
PROMISED_FLOOR, STATUTORY_FLOOR = f"{DECISION_CLOCK}:PROMISED", f"{DECISION_CLOCK}:STATUTORY"
FROM_RECEIPT = (StartEvent.RECEIVED, StartEvent.ALL_DOCUMENTS_RECEIVED)


@dataclass(frozen=True, slots=True)
class CaseLimits:
    """The limits of the pinned item version. None where the item has no such limit."""

    receipt: Limit
    promised: Limit
    statutory: Limit | None
    delivery: Limit | None


@dataclass(frozen=True, slots=True)
class RunningClock:
    """One clock with its limit: the events folded and the limit reckoned."""

    name: str
    title: str
    timeline: Timeline
    reckoning: Reckoning

    @property
    def is_running(self) -> bool:
        return self.timeline.finished is None


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """All clocks of a case that have started. `receipt` is the latest receipt clock."""

    receipt: RunningClock | None
    promised: RunningClock | None
    statutory: RunningClock | None
    delivery: RunningClock | None

    @property
    def current(self) -> RunningClock | None:
        """The clock a list is ordered by: the one running now that matters most."""
        for clock in (self.delivery, self.promised, self.receipt):
            if clock is not None and clock.is_running:
                return clock
        return None


def receipt_clock(number: int) -> str:
    """The receipt clock after the `number`-th receipt (0 the first, 1 after one correction)."""
    return RECEIPT_CLOCK if number == 0 else f"{RECEIPT_CLOCK}:{number}"


def reckon(
    events: Mapping[str, Sequence[ClockEvent]], limits: CaseLimits, calendar: Calendar
) -> CaseClocks:
    """Every clock of a case. `events` are per clock name, in order."""
    receipts = [name for name in events if name.split(":")[0] == RECEIPT_CLOCK]
    last = max(receipts, key=lambda name: (len(name), name)) if receipts else RECEIPT_CLOCK
    decision = events.get(DECISION_CLOCK, ())
    received = fold(events.get(last, ())).started
    return CaseClocks(
        receipt=_clock(last, "收件告知时限", events.get(last, ()), limits.receipt, calendar),
        promised=_clock(
            DECISION_CLOCK,
            "承诺时限",
            [*decision, *events.get(PROMISED_FLOOR, ())],
            limits.promised,
            calendar,
            received,
            statutory=False,
            scaled=limits.statutory,
        ),
        statutory=_clock(
            DECISION_CLOCK,
            "法定时限",
            [*decision, *events.get(STATUTORY_FLOOR, ())],
            limits.statutory,
            calendar,
            received,
        ),
        delivery=_clock(
            DELIVERY_CLOCK, "送达时限", events.get(DELIVERY_CLOCK, ()), limits.delivery, calendar
        ),
    )


def _clock(
    name: str,
    title: str,
    events: Sequence[ClockEvent],
    limit: Limit | None,
    calendar: Calendar,
    received: datetime | date | None = None,
    *,
    statutory: bool = True,
    scaled: Limit | None = None,
) -> RunningClock | None:
    if limit is None:
        return None
    timeline = fold(events, statutory=statutory)
    if timeline.started is None:
        return None
    extensions = timeline.extensions
    if scaled is not None and scaled.unit is not limit.unit:
        # An extension is granted in the statutory unit; a promise in another unit keeps its own.
        extensions = ()
    started = timeline.started
    if limit.start in FROM_RECEIPT and received is not None:
        started = received  # the limit binds from the receipt, whenever acceptance came
    return RunningClock(
        name,
        title,
        timeline,
        deadline(started, limit, calendar, timeline.pauses, extensions, floor=timeline.floor),
    )


def same_day(limit: Limit) -> bool:
    """True for an immediate case: decided on the day it is taken in."""
    return limit.number == 0 and limit.unit is Unit.WORKING_DAY

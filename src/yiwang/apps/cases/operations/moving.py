"""When a holiday notice changes the calendar: due days move, never to an earlier day than was told.

Whoever was told a day relies on it; the new calendar alone counts for what begins after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from yiwang.apps.cases.domain.clocks import (
    PROMISED_FLOOR,
    STATUTORY_FLOOR,
    CaseClocks,
    RunningClock,
    reckon,
)
from yiwang.apps.cases.events import DueDatesMoved
from yiwang.apps.cases.models import NEVER, Case, ClockRow, ReviewStep, StepState
from yiwang.apps.cases.operations.act import Act, events_by_clock, limits_of
from yiwang.apps.cases.operations.filing import RECEIPT_DUE
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.people.public import MANAGE_CALENDAR
from yiwang.foundation.access import Actor
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import ClockEventKind, Limit, StartEvent, deadline
from yiwang.kernel.machine import Transition

RUNNING = ("RECEIVED", "REVIEW", "GRANTED", "REFUSED")
CLOCKS = ("receipt", "promised", "statutory", "delivery")
AT_ONCE = 500

# Not an act of the case's machine: nobody may choose it, the calendar does.
MOVED = Transition(
    action="due_moved",
    label="到期日因放假安排调整",
    sources=frozenset(RUNNING),
    target=None,
    event="DueDatesMoved",
    permission=MANAGE_CALENDAR.code,
)


@dataclass(frozen=True, slots=True)
class DueChange:
    """One running clock of one case under another calendar. `is_held`: that calendar alone would
    end it before the day that was told, so the day told stands and `after` equals `before`."""

    name: str
    title: str
    before: date
    after: date
    is_held: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose running clocks end otherwise under another calendar."""

    case: Case
    changes: tuple[DueChange, ...]

    @property
    def is_moved(self) -> bool:
        return any(not change.is_held for change in self.changes)


def moves(days: Calendar) -> Iterator[Move]:
    """Every open case that `days` would change, by case number; nothing is written.

    One statement for the open cases, two more for each five hundred of them.
    """
    open_cases = sorted(Case.objects.filter(state__in=RUNNING).values_list("pk", flat=True))
    for first in range(0, len(open_cases), AT_ONCE):
        keys = open_cases[first : first + AT_ONCE]
        rows: dict[int, list[ClockRow]] = {}
        for row in ClockRow.objects.filter(case_id__in=keys).order_by("id"):
            rows.setdefault(row.case_id, []).append(row)
        cases = Case.objects.in_bulk(keys)
        for key in keys:
            case = cases[key]
            changes = _changes(case, _clocks(case, rows.get(key, []), days))
            if changes:
                yield Move(case, changes)


def _clocks(case: Case, rows: list[ClockRow], days: Calendar) -> CaseClocks:
    return reckon(events_by_clock(rows), limits_of(definition_of(case.item_version_id)), days)


def _changes(case: Case, clocks: CaseClocks) -> tuple[DueChange, ...]:
    found = []
    for name in CLOCKS:
        clock: RunningClock | None = getattr(clocks, name)
        before: date | None = getattr(case, f"{name}_due_on")
        if clock is None or not clock.is_running or before is None:
            continue
        after = clock.reckoning.due_on
        if after is not None and after != before:
            found.append(
                DueChange(name, clock.title, before, max(before, after), is_held=after < before)
            )
    return tuple(found)


@transaction.atomic
def move_due_dates(
    *, case_id: int, days: Calendar, notice_id: int, reason: str, actor: Actor, at: datetime
) -> Move | None:
    """Reckon one case with `days`; None where nothing changes (so it may be repeated).

    A clock that would end earlier gets a floor at the day told; one that ends later is moved,
    told to the applicant by an event, and its timer moved along. `reason` names the notice.
    Raises AccessDeniedError.
    """
    actor.require(MANAGE_CALENDAR)
    # Steps before the case, the order in which an opinion locks them.
    steps = list(
        ReviewStep.objects.select_for_update()
        .filter(case_id=case_id, state=StepState.OPEN)
        .order_by("id")
    )
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("organ")
        .filter(pk=case_id, state__in=RUNNING)
        .first()
    )
    if case is None:
        return None
    act = Act(
        case=case,
        definition=definition_of(case.item_version_id),
        transition=MOVED,
        actor=actor,
        at=at,
        rows=list(ClockRow.objects.filter(case=case).order_by("id")),
        days=days,
    )
    changes = _changes(case, act.clocks())
    if not changes:
        return None
    _write(act, Move(case, changes), notice_id, reason)
    _move_steps(act, steps, days)
    act.commit()
    return Move(case, changes)


def _write(act: Act, move: Move, notice_id: int, reason: str) -> None:
    clocks = act.clocks()
    for change in move.changes:
        if change.is_held:
            act.clock(
                _floor_of(change.name, clocks),
                ClockEventKind.FLOORED,
                due_on=change.before,
                ground=reason[:120],
            )
    act.facts |= {
        "notice": notice_id,
        "moved": {
            f"{change.name}_due_on": [str(change.before), str(change.after)]
            for change in move.changes
            if not change.is_held
        },
        "held": [change.name for change in move.changes if change.is_held],
    }
    receipt = act.clocks().receipt
    if receipt is not None and any(change.name == "receipt" for change in move.changes):
        act.timers[RECEIPT_DUE] = receipt.reckoning.due_at
    if move.is_moved:
        act.events.append(DueDatesMoved(case_id=act.case.pk, notice_id=notice_id))


def _floor_of(name: str, clocks: CaseClocks) -> str:
    """The clock name under which this floor stands."""
    if name in ("promised", "statutory"):
        return PROMISED_FLOOR if name == "promised" else STATUTORY_FLOOR
    clock: RunningClock = getattr(clocks, name)
    return clock.name


def _move_steps(act: Act, steps: list[ReviewStep], days: Calendar) -> None:
    """Open steps follow, and like the case they are only ever given more time."""
    promised = act.clocks().promised
    pauses = promised.timeline.pauses if promised else ()
    for step in steps:
        limit = Limit.parse(step.limit, start=StartEvent.STEP_OPENED)
        due = deadline(step.opened_at, limit, days, pauses, floor=step.due_on)
        if due.due_on == step.due_on:
            continue
        step.due_on, step.sort_due_at = due.due_on, due.due_at or NEVER
        step.save(update_fields=["due_on", "sort_due_at"])

"""What supervision does about what happens to cases and about the passing of time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.apps.cases import events
from yiwang.apps.supervision.events import CardUpheld
from yiwang.apps.supervision.operations.issuing import (
    LOOK,
    RECONSIDER,
    SWEEP,
    look,
    next_sweep,
    reconsider,
    remind,
    sweep_cases,
)
from yiwang.apps.supervision.operations.reminding import DIGEST, next_digest, start_timers
from yiwang.apps.supervision.operations.ruling import seed_rules
from yiwang.foundation.timers.sweep import set_timers


def case_events() -> list[type]:
    """Every event of a case but the calendar's, which has a handler of its own: whatever is new in
    `cases` may move a clock, and looking once too often does no harm."""
    found = [
        cls
        for cls in vars(events).values()
        if isinstance(cls, type)
        and cls.__module__ == events.__name__
        and not cls.__name__.startswith("_")
        and "case_id" in getattr(cls, "__dataclass_fields__", {})
    ]
    return [cls for cls in found if cls is not events.DueDatesMoved]


def on_case_event(event: Any, at: datetime) -> None:
    """Whatever happened to the case: look at its clocks again, in a transaction of its own."""
    remind(event.case_id, at)


def on_due_moved(event: events.DueDatesMoved, at: datetime) -> None:
    """A holiday notice: cards for a day that it moved fall, then look again."""
    set_timers(event.subject, {RECONSIDER: at, LOOK: at})


def on_upheld(event: CardUpheld, at: datetime) -> None:
    """A yellow card that stands again counts its days towards a red one."""
    remind(event.case_id, at)


def look_due(subject: str, at: datetime) -> None:
    look(_case_id(subject), at=at)


def reconsider_due(subject: str, at: datetime) -> None:
    reconsider(_case_id(subject), at=at)


def sweep_due(subject: str, at: datetime) -> None:
    """Nightly: what a lost reminder missed; and the next night's timer."""
    sweep_cases(at=at)
    set_timers(subject, {SWEEP: next_sweep(at)})


def _case_id(subject: str) -> int:
    return int(subject.removeprefix("case:"))


def prepare(*, at: datetime) -> None:
    """Rules and standing timers; may be repeated. The first sweep comes at once, so that cases
    which were under way before supervision began are watched too."""
    seed_rules(at=at)
    start_timers({DIGEST: next_digest(at), SWEEP: at})

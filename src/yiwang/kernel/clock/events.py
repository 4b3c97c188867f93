"""Clock events and their fold.

A clock is nothing but its events, appended and never edited; everything else (due day, remaining
days, lateness) is a function of them. A counter that a nightly job increments loses a day of law
when the job does not run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yiwang.kernel.clock.limits import Extension, Limit, Pause


class ClockEventKind(StrEnum):
    STARTED = "STARTED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    EXTENDED = "EXTENDED"
    FLOORED = "FLOORED"
    FINISHED = "FINISHED"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ClockEventKind.STARTED: "开始计时",
    ClockEventKind.PAUSED: "停止计时",
    ClockEventKind.RESUMED: "恢复计时",
    ClockEventKind.EXTENDED: "延长期限",
    ClockEventKind.FLOORED: "维持已告知日期",
    ClockEventKind.FINISHED: "计时结束",
}


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event of one clock. `pause` names the pause a PAUSED opens and a RESUMED closes."""

    kind: ClockEventKind
    at: datetime | date
    pause: str = ""
    ground: str = ""
    article: str = ""
    document: str = ""
    approver: str = ""
    expected: Limit | None = None
    number: int = 0
    due_on: date | None = None
    stops_statutory: bool = True


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the events of one clock add up to."""

    started: datetime | date | None
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]
    finished: datetime | date | None
    floor: date | None


class ClockEventError(ValueError):
    """Events that contradict each other: a second start, a resume of nothing."""


def fold(events: Iterable[ClockEvent], *, statutory: bool = True) -> Timeline:
    """Fold events, in their order, into a timeline.

    With `statutory` true, pauses that stop only the promised clock (公示 by a local rule) are left
    out: they never stop the statutory one. Raises ClockEventError for contradictory events.
    """
    started: datetime | date | None = None
    finished: datetime | date | None = None
    floor: date | None = None
    pauses: dict[str, Pause] = {}
    hidden: set[str] = set()
    extensions: list[Extension] = []
    for event in events:
        match event.kind:
            case ClockEventKind.STARTED:
                if started is not None:
                    raise ClockEventError("同一时钟不能开始两次")
                started = event.at
            case ClockEventKind.PAUSED if statutory and not event.stops_statutory:
                hidden.add(event.pause)
            case ClockEventKind.PAUSED:
                pauses[event.pause] = _opened(event, pauses)
            case ClockEventKind.RESUMED if event.pause not in hidden:
                pauses[event.pause] = _closed(event, pauses)
            case ClockEventKind.EXTENDED:
                extensions.append(
                    Extension(event.number, event.article, event.approver, event.document)
                )
            case ClockEventKind.FLOORED:
                floor = event.due_on
            case ClockEventKind.FINISHED:
                finished = event.at
    return Timeline(started, tuple(pauses.values()), tuple(extensions), finished, floor)


def _opened(event: ClockEvent, pauses: dict[str, Pause]) -> Pause:
    if event.pause in pauses:
        raise ClockEventError(f"停止计时 {event.pause} 已经存在")
    return Pause(event.at, None, event.ground, event.article, event.expected, event.document)


def _closed(event: ClockEvent, pauses: dict[str, Pause]) -> Pause:
    pause = pauses.get(event.pause)
    if pause is None or pause.ended is not None:
        raise ClockEventError(f"没有可以恢复的停止计时 {event.pause}")
    return Pause(
        pause.started, event.at, pause.ground, pause.article, pause.expected, pause.document
    )

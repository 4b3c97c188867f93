"""The legal clock: limits, pauses, extensions, due days, and the reason for every day."""

from yiwang.kernel.clock.events import ClockEvent, ClockEventKind, Timeline, fold
from yiwang.kernel.clock.explanation import DayLine, Mark, Standing, explain, standing
from yiwang.kernel.clock.hours import DEFAULT_HOURS, OfficeHours
from yiwang.kernel.clock.limits import Extension, Limit, Pause, Roll, StartEvent, Unit
from yiwang.kernel.clock.reckoning import Reckoning, deadline

__all__ = [
    "DEFAULT_HOURS",
    "ClockEvent",
    "ClockEventKind",
    "DayLine",
    "Extension",
    "Limit",
    "Mark",
    "OfficeHours",
    "Pause",
    "Reckoning",
    "Roll",
    "Standing",
    "StartEvent",
    "Timeline",
    "Unit",
    "deadline",
    "explain",
    "fold",
    "standing",
]

"""What the hall publishes."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class AppointmentChanged:
    """An appointment was made, moved, called …; `state` is the one it is in now, `version` says
    which change it was."""

    appointment_id: int
    action: str
    state: str
    version: int

    @property
    def subject(self) -> str:
        return f"appointment:{self.appointment_id}"


@event
@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """A zone was added or changed, or its roster was."""

    zone_id: int

    @property
    def subject(self) -> str:
        return f"help_zone:{self.zone_id}"


@event
@dataclass(frozen=True, slots=True)
class PriorityClassKept:
    code: str

    @property
    def subject(self) -> str:
        return f"priority_class:{self.code}"

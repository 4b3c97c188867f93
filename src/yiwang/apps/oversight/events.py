"""What oversight publishes."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class CheckRecorded:
    """A check of a promise was opened, recorded or closed; `state` is the one it is in now."""

    check_id: int
    state: str

    @property
    def subject(self) -> str:
        return f"follow_up:{self.check_id}"

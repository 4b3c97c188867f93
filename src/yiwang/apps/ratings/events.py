"""What ratings publish."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class CaseRated:
    case_id: int
    is_bad: bool

    @property
    def subject(self) -> str:
        return f"rating:{self.case_id}"

"""What people publishes: ids only, past tense."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class PersonalDataUnmasked:
    party_id: int
    disclosure_id: int

    @property
    def subject(self) -> str:
        return f"party:{self.party_id}"

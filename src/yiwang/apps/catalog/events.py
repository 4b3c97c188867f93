"""What the catalogue publishes."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class ItemPublished:
    item_id: int
    version_id: int

    @property
    def subject(self) -> str:
        return f"item:{self.item_id}"

"""What supervision publishes: ids only, past tense."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@dataclass(frozen=True, slots=True)
class _OfCard:
    card_id: int
    case_id: int

    @property
    def subject(self) -> str:
        return f"card:{self.card_id}"


@event
@dataclass(frozen=True, slots=True)
class CardIssued(_OfCard):
    signal: str


@event
@dataclass(frozen=True, slots=True)
class CardAppealed(_OfCard):
    pass


@event
@dataclass(frozen=True, slots=True)
class CardUpheld(_OfCard):
    pass


@event
@dataclass(frozen=True, slots=True)
class CardWithdrawn(_OfCard):
    cause: str

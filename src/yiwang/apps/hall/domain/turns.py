"""Whose turn it is: the class by rank, then the time of the appointment, then who came first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

ORDINARY_RANK = 100  # after every priority class; ranks of classes are 1 to 99


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who is here. `rank`: 1 is served first; ORDINARY_RANK for who claims no priority."""

    number: int
    rank: int
    starts_at: datetime
    checked_in_at: datetime

    @property
    def key(self) -> tuple[int, datetime, datetime, int]:
        """No two are alike: the number settles what is left."""
        return (self.rank, self.starts_at, self.checked_in_at, self.number)


def in_turn(waiting: Iterable[Waiting]) -> list[Waiting]:
    return sorted(waiting, key=lambda one: one.key)


def passed_over(number: int, waiting: Iterable[Waiting]) -> list[Waiting]:
    """Who should have come before this one; empty where it is their turn.

    Raises LookupError for somebody who does not wait.
    """
    order = in_turn(waiting)
    for place, one in enumerate(order):
        if one.number == number:
            return order[:place]
    raise LookupError(number)

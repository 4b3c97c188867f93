"""Rows that hold from a day on: the last that has begun is the one that holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Beginning(Protocol):
    """A row with its first day; of two of one day the later written (`number`) holds."""

    @property
    def valid_from(self) -> date: ...

    @property
    def number(self) -> int: ...


Row = TypeVar("Row", bound=Beginning)


def last_begun(rows: Iterable[Row], on: date) -> Row | None:
    """The row that holds on this day; None where none has begun."""
    begun = [row for row in rows if row.valid_from <= on]
    return max(begun, key=lambda one: (one.valid_from, one.number)) if begun else None

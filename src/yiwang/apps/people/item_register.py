"""The names of the items somebody can be authorised for.

People knows items only as codes; the catalogue above fills this register (site/wiring).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Offered:
    """An item that can be applied for: by people, by organisations, or both."""

    code: str
    name: str
    for_people: bool
    for_organisations: bool


Source = Callable[[date], list[Offered]]
_source: list[Source] = []


def items_from(source: Source) -> None:
    """Register where the items come from: those of a day, in the order of the guide."""
    _source[:] = [source]


def offered_items(today: date, *, only_for_people: bool = False) -> dict[str, str]:
    """Code → name of every item that can be applied for on a day."""
    found = _source[0](today) if _source else []
    return {one.code: one.name for one in found if one.for_people or not only_for_people}

"""Satisfaction at the edges: two published scales run in opposite directions.

GB/T 39046-2020 A.8 has 1 as the best, the push interface of live city platforms 5. Inside there is
the enum only; a number never crosses the edge without the name of its scale.
"""

from __future__ import annotations

from enum import StrEnum

# From the best to the worst.
GRADES = (
    "VERY_SATISFIED",
    "SATISFIED",
    "BASICALLY_SATISFIED",
    "DISSATISFIED",
    "VERY_DISSATISFIED",
)
GOOD, BAD = GRADES[:3], GRADES[3:]


class Scale(StrEnum):
    """A way to write satisfaction as a number from 1 to 5."""

    GB_39046 = "GB_39046"
    PUSH = "PUSH"


def to_number(grade: str, scale: Scale) -> int:
    """The grade on this scale. Raises ValueError for a grade that is none."""
    place = GRADES.index(grade) + 1
    return place if scale is Scale.GB_39046 else len(GRADES) + 1 - place


def from_number(number: int, scale: Scale) -> str:
    """The grade of a number on this scale. Raises ValueError outside 1 to 5."""
    if number not in range(1, len(GRADES) + 1):
        raise ValueError(f"{scale}: {number} 不在 1 到 5 之间")
    place = number if scale is Scale.GB_39046 else len(GRADES) + 1 - number
    return GRADES[place - 1]

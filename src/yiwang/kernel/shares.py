"""How a share of counted things is told."""

from __future__ import annotations


def rate(numerator: int, denominator: int, *, none: str = "—") -> str:
    """Percent with one decimal, half up; `none` where there is nothing to divide by."""
    if not denominator:
        return none
    tenths = (numerator * 2000 + denominator) // (2 * denominator)
    return f"{tenths // 10}.{tenths % 10} %"

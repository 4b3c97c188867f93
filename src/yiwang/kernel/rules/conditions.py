"""Conditions of a decision table: what a row asks of one input.

Each condition is a pure predicate over a known value of the input's type; unknown facts are the
business of ``decide``. ``points`` are the values at which the answer may change: splitting the
input at all of them gives cells inside which every row's answer is constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

Value = bool | int | Decimal | str | date
Show = Callable[[Value], str]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Equal to one of the values; one value is ``equals``, several are ``in``."""

    values: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        """Whether a known value satisfies the condition."""
        return value in self.values

    def points(self) -> Iterator[Value]:
        """Where the answer may change."""
        yield from self.values

    def describe(self, show: Show) -> str:
        """The condition in Chinese."""
        return "应为" + "或".join(show(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Equal to none of the values: how a row over free text can cover "everything else"."""

    values: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        """Whether a known value satisfies the condition."""
        return value not in self.values

    def points(self) -> Iterator[Value]:
        """Where the answer may change."""
        yield from self.values

    def describe(self, show: Show) -> str:
        """The condition in Chinese."""
        return "不应为" + "或".join(show(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Range:
    """Between two ends, each open, closed or absent; for int, decimal and date."""

    low: Value | None = None
    low_is_open: bool = False
    high: Value | None = None
    high_is_open: bool = False

    def holds(self, value: Any) -> bool:
        """Whether a known value satisfies the condition."""
        if self.low is not None and (value < self.low or (self.low_is_open and value == self.low)):
            return False
        return self.high is None or not (
            value > self.high or (self.high_is_open and value == self.high)
        )

    def points(self) -> Iterator[Value]:
        """Where the answer may change."""
        if self.low is not None:
            yield self.low
        if self.high is not None:
            yield self.high

    def describe(self, show: Show) -> str:
        """The condition in Chinese."""
        parts = []
        if self.low is not None:
            parts.append(("大于" if self.low_is_open else "不小于") + show(self.low))
        if self.high is not None:
            parts.append(("小于" if self.high_is_open else "不大于") + show(self.high))
        return "应" + "且".join(parts)


Condition = OneOf | NoneOf | Range

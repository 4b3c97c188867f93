"""A decision table: declared inputs, rows of conditions, one outcome each; hit policy unique."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yiwang.kernel.rules.conditions import Condition, Value

TO_PERSON = "TO_PERSON"


class InputType(StrEnum):
    """The type of an input."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    ENUM = "enum"

    @property
    def is_ordered(self) -> bool:
        """Whether ranges make sense."""
        return self in (InputType.INT, InputType.DECIMAL, InputType.DATE)


@dataclass(frozen=True, slots=True)
class Input:
    """One declared input.

    ``members`` are the codes of an enum with their Chinese labels. ``minimum`` and ``maximum``
    (both included) bound ordered inputs: a fact outside them is treated as wrong, and ``check``
    looks for gaps only inside them.
    """

    name: str
    type: InputType
    label: str
    members: tuple[tuple[str, str], ...] = ()
    minimum: Value | None = None
    maximum: Value | None = None

    def read(self, fact: Any) -> Value | None:
        """The fact as a value of this input, or None where it is missing, null or wrong.

        A bool is not an int, a moment is not a date, a float is nothing; blank text is missing.
        An int is accepted for a decimal, since it is exact.
        """
        value = _READERS[self.type](fact)
        if value is None or not self.bounds(value):
            return None
        return value

    def bounds(self, value: Any) -> bool:
        """Whether a value of the right type lies inside the declared domain."""
        if self.type is InputType.ENUM:
            return any(value == code for code, _ in self.members)
        if self.minimum is not None and value < self.minimum:
            return False
        return self.maximum is None or not value > self.maximum

    def show(self, value: Value) -> str:
        """A value in Chinese."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        if self.type is InputType.TEXT:
            return f"“{value}”"
        return dict(self.members).get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Row:
    """Conditions by input name (an input that is not named may be anything) and the outcome."""

    id: str
    conditions: Mapping[str, Condition]
    outcome: str
    reason: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A version of a table; build it with ``load``, which checks the declaration."""

    code: str
    version: str
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]
    title: str = ""

    def input(self, name: str) -> Input:
        """The input of that name. Raises KeyError."""
        for candidate in self.inputs:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


def _read_bool(fact: Any) -> Value | None:
    return fact if isinstance(fact, bool) else None


def _read_int(fact: Any) -> Value | None:
    return int(fact) if isinstance(fact, int) and not isinstance(fact, bool) else None


def _read_decimal(fact: Any) -> Value | None:
    if isinstance(fact, Decimal):
        return fact if fact.is_finite() else None
    return Decimal(fact) if isinstance(fact, int) and not isinstance(fact, bool) else None


def _read_text(fact: Any) -> Value | None:
    return str.__str__(fact) if isinstance(fact, str) and fact.strip() else None


def _read_date(fact: Any) -> Value | None:
    return fact if isinstance(fact, date) and not isinstance(fact, datetime) else None


_READERS = {
    InputType.BOOL: _read_bool,
    InputType.INT: _read_int,
    InputType.DECIMAL: _read_decimal,
    InputType.TEXT: _read_text,
    InputType.DATE: _read_date,
    InputType.ENUM: _read_text,
}

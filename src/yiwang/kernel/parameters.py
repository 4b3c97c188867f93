"""Numbers that a city rules: declared by the code with bounds, changed from a day on.

A parameter is a whole number of a fixed unit. Its default has a source and a mark of how sure it
is; what a city ruled later stands in dated rows, of which the last that has begun holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yiwang.kernel.clock import Limit, Unit
from yiwang.kernel.dated import last_begun
from yiwang.kernel.labelled import LabelledEnum


class Mark(LabelledEnum):
    """How sure a number is."""

    VERIFIED = "V", "见法规原文"
    SECONDARY = "S", "见转述,未见原文"
    DEFAULT = "D", "平台默认"
    RULED = "R", "本市规定"


_CLOCK_UNITS = frozenset(unit.value for unit in Unit)


@dataclass(frozen=True, slots=True)
class Declared:
    """`unit` is one of the clock's (`wd`, `d`, `min`) or a word (‰, 件). `lowest` and `highest`
    are both allowed: no value outside them, so that a protection is never ruled away."""

    code: str
    room: str
    label: str
    unit: str
    default: int
    lowest: int
    highest: int
    source: str
    mark: Mark

    def __post_init__(self) -> None:
        if not 0 <= self.lowest <= self.default <= self.highest:
            raise ValueError(f"{self.code}: the default is out of its bounds")

    def words(self, value: int) -> str:
        """`5 个工作日`, `50‰`; a clock's nought is not a limit and stands alone."""
        if value == 0 and self.unit in _CLOCK_UNITS:
            return "0"
        if self.unit in _CLOCK_UNITS:
            return Limit(value, Unit(self.unit)).label
        return f"{value}{self.unit}" if self.unit == "‰" else f"{value} {self.unit}"


@dataclass(frozen=True, slots=True)
class Dated:
    """A value ruled from a day on; of two of one day the later written (`number`) holds."""

    code: str
    value: int
    valid_from: date
    source: str
    number: int


@dataclass(frozen=True, slots=True)
class Held:
    """What holds on a day; `valid_from` None for the default."""

    declared: Declared
    value: int
    source: str
    mark: Mark
    valid_from: date | None = None

    @property
    def label(self) -> str:
        return self.declared.label

    @property
    def words(self) -> str:
        return self.declared.words(self.value)

    @property
    def limit(self) -> Limit:
        """Of a parameter in the clock's units. Raises ValueError for others."""
        return Limit(self.value, Unit(self.declared.unit))


def held(declared: Declared, rows: Iterable[Dated], on: date) -> Held:
    """The value that holds on this day: the last row that has begun, else the default. A row out
    of the bounds (they were narrowed since) is brought to the nearest bound."""
    row = last_begun((row for row in rows if row.code == declared.code), on)
    if row is None:
        return Held(declared, declared.default, declared.source, declared.mark)
    value = min(max(row.value, declared.lowest), declared.highest)
    return Held(declared, value, row.source, Mark.RULED, row.valid_from)

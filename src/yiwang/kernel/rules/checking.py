"""Finding every gap and overlap of a table, exactly.

Each input is split at all the values its conditions name, so that inside one cell every condition
is constant; one sample value then stands for the whole cell. Neighbouring cells that no row tells
apart are merged, and branches without a gap are cut off, which keeps the product small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

from yiwang.kernel.rules.conditions import Value
from yiwang.kernel.rules.table import Input, InputType, Row, Table

DEFAULT_LIMIT = 50
_OTHER_TEXT = "其他"
# More digits than ``load`` lets a decimal have, so that no sample is rounded onto its end.
_EXACT = 100


class ProblemKind(StrEnum):
    """What is wrong with a table."""

    GAP = "GAP"
    OVERLAP = "OVERLAP"
    UNREACHABLE = "UNREACHABLE"
    TOO_MANY = "TOO_MANY"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem, the rows that it concerns, and an example of facts that shows it."""

    kind: ProblemKind
    message: str
    rows: tuple[str, ...]
    example: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Cell:
    sample: Value
    rows: int  # bit i is set where row i accepts this cell


def check(table: Table, *, limit: int = DEFAULT_LIMIT) -> list[Problem]:
    """Every row that can never be hit, every pair of rows that overlap, every gap.

    A gap is reported once per region of merged cells; ``limit`` bounds the number of gaps
    reported (a TOO_MANY problem then says that there are more), never whether any is found.
    """
    columns = [_column(table, declared) for declared in table.inputs]
    problems = list(_unreachable(table, columns))
    problems += _overlaps(table, columns)
    for count, path in enumerate(_gap_paths(table, columns)):
        if count == limit:
            problems.append(
                Problem(ProblemKind.TOO_MANY, f"未覆盖的情形超过{limit}种，只列出一部分", (), {})
            )
            break
        example = {
            declared.name: cell.sample for declared, cell in zip(table.inputs, path, strict=True)
        }
        message = f"有情形没有一行覆盖，例如：{_sentence(table, example)}"
        problems.append(Problem(ProblemKind.GAP, message, (), example))
    return problems


def samples(declared: Input, points: set[Any]) -> list[Value]:
    """One value of each cell into which the points split the input's domain."""
    if declared.type is InputType.BOOL:
        return [True, False]
    if declared.type is InputType.ENUM:
        return [code for code, _ in declared.members]
    if declared.type is InputType.TEXT:
        return [*sorted(points), _fresh_text(points)]
    ends = {end for end in (declared.minimum, declared.maximum) if end is not None}
    inside = sorted({point for point in points if declared.bounds(point)} | ends)
    if not inside:
        return [_origin(declared.type)]
    return list(_ordered_samples(declared, inside))


def _column(table: Table, declared: Input) -> list[_Cell]:
    """The input's cells; neighbours with the same rows are merged into one."""
    conditions = [row.conditions.get(declared.name) for row in table.rows]
    points = {point for condition in conditions if condition for point in condition.points()}
    column: list[_Cell] = []
    for sample in samples(declared, points):
        rows = sum(
            1 << index
            for index, condition in enumerate(conditions)
            if condition is None or condition.holds(sample)
        )
        if not column or column[-1].rows != rows:
            column.append(_Cell(sample, rows))
    return column


def _unreachable(table: Table, columns: list[list[_Cell]]) -> Iterator[Problem]:
    for index, row in enumerate(table.rows):
        for declared, column in zip(table.inputs, columns, strict=True):
            if not any(cell.rows >> index & 1 for cell in column):
                message = f"第{row.id}行永远不会符合：没有一个{declared.label}的取值满足它"
                yield Problem(ProblemKind.UNREACHABLE, message, (row.id,), {})
                break


def _overlaps(table: Table, columns: list[list[_Cell]]) -> Iterator[Problem]:
    for second, later in enumerate(table.rows):
        for first, earlier in enumerate(table.rows[:second]):
            both = 1 << first | 1 << second
            example = _common(table, columns, both)
            if example is not None:
                yield _overlap(table, earlier, later, example)


def _common(table: Table, columns: list[list[_Cell]], both: int) -> dict[str, Value] | None:
    """Facts that all rows of the mask accept. Rows are boxes: the inputs are independent."""
    example: dict[str, Value] = {}
    for declared, column in zip(table.inputs, columns, strict=True):
        cell = next((cell for cell in column if cell.rows & both == both), None)
        if cell is None:
            return None
        example[declared.name] = cell.sample
    return example


def _overlap(table: Table, earlier: Row, later: Row, example: dict[str, Value]) -> Problem:
    message = f"第{earlier.id}行与第{later.id}行重叠，例如：{_sentence(table, example)}"
    return Problem(ProblemKind.OVERLAP, message, (earlier.id, later.id), example)


def _gap_paths(table: Table, columns: list[list[_Cell]]) -> Iterator[tuple[_Cell, ...]]:
    """Choices of one cell per input that no row accepts; a whole branch counts once."""

    @cache
    def has_gap(depth: int, alive: int) -> bool:
        if not alive:
            return True
        return depth < len(columns) and any(
            has_gap(depth + 1, alive & cell.rows) for cell in columns[depth]
        )

    def walk(path: tuple[_Cell, ...], alive: int) -> Iterator[tuple[_Cell, ...]]:
        if not has_gap(len(path), alive):
            return
        if not alive:
            yield path + tuple(column[0] for column in columns[len(path) :])
            return
        for cell in columns[len(path)]:
            yield from walk((*path, cell), alive & cell.rows)

    yield from walk((), (1 << len(table.rows)) - 1)


def _ordered_samples(declared: Input, inside: list[Any]) -> Iterator[Value]:
    """Every point and one value of every open stretch before, between and after the points."""
    if declared.minimum is None:
        yield from _beyond(inside[0], -1)
    for here, following in pairwise(inside):
        yield here
        yield from _between(here, following)
    yield inside[-1]
    if declared.maximum is None:
        yield from _beyond(inside[-1], 1)


def _beyond(point: Any, sign: int) -> Iterator[Value]:
    try:
        with localcontext(prec=_EXACT):
            yield point + (timedelta(days=sign) if isinstance(point, date) else sign)
    except OverflowError:  # the first or the last day of the calendar: nothing lies beyond
        return


def _between(low: Any, high: Any) -> Iterator[Value]:
    if isinstance(low, Decimal):
        with localcontext(prec=_EXACT):
            yield (low + high) / 2
        return
    step = timedelta(days=1) if isinstance(low, date) else 1
    if low + step < high:
        yield low + step


def _origin(type_: InputType) -> Value:
    if type_ is InputType.DATE:
        return date(2000, 1, 1)
    return Decimal(0) if type_ is InputType.DECIMAL else 0


def _fresh_text(points: set[str]) -> str:
    text = _OTHER_TEXT
    while text in points:
        text += "*"
    return text


def _sentence(table: Table, example: Mapping[str, Value]) -> str:
    return "、".join(
        f"{declared.label}为{declared.show(example[declared.name])}" for declared in table.inputs
    )

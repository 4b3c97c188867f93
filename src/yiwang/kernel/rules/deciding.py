"""Deciding by a table: fail-closed and three-valued.

A row whose known conditions are already false is out, whatever is unknown. If a row that is still
possible reads an unknown fact, or no row or more than one is hit, the case goes to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yiwang.kernel.rules.conditions import Value
from yiwang.kernel.rules.table import TO_PERSON, Row, Table


class Cause(StrEnum):
    """Why the verdict is what it is."""

    HIT = "HIT"
    UNKNOWN_FACT = "UNKNOWN_FACT"
    GAP = "GAP"
    OVERLAP = "OVERLAP"


class Standing(StrEnum):
    """Where a row stands against the facts."""

    HIT = "HIT"
    OUT = "OUT"
    OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class RowTrace:
    """A row's standing; ``inputs`` are those that were false (OUT) or unknown (OPEN)."""

    row: str
    standing: Standing
    inputs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What was decided by and from what: enough to explain the verdict years later."""

    table: str
    version: str
    values: Mapping[str, Value]
    unknown: Mapping[str, str]
    rows: tuple[RowTrace, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome code, or TO_PERSON, with its Chinese reason; ``row`` is the row that was hit."""

    outcome: str
    reason: str
    article: str
    cause: Cause
    row: str | None
    trace: Trace

    @property
    def is_to_person(self) -> bool:
        """Whether a person has to decide."""
        return self.outcome == TO_PERSON

    def as_json(self) -> dict[str, Any]:
        """A JSON mapping without floats: decimals and dates as text."""
        return {
            "table": self.trace.table,
            "version": self.trace.version,
            "outcome": self.outcome,
            "reason": self.reason,
            "article": self.article,
            "cause": self.cause.value,
            "row": self.row,
            "values": {name: _plain(value) for name, value in self.trace.values.items()},
            "unknown": dict(self.trace.unknown),
            "rows": [
                {
                    "row": row.row,
                    "standing": row.standing.value,
                    "inputs": list(row.inputs),
                    "note": row.note,
                }
                for row in self.trace.rows
            ],
        }


def decide(table: Table, facts: Mapping[str, Any]) -> Verdict:
    """The verdict of a table over facts by input name; facts that it does not declare are ignored.

    Never raises for a fact of a wrong type: such a fact is unknown.
    """
    values: dict[str, Value] = {}
    unknown: dict[str, str] = {}
    for declared in table.inputs:
        fact = facts.get(declared.name)
        value = declared.read(fact)
        if value is None:
            unknown[declared.name] = "没有提供" if fact is None else "类型不符或超出取值范围"
        else:
            values[declared.name] = value
    traces = tuple(_stand(table, row, values) for row in table.rows)
    trace = Trace(table.code, table.version, values, unknown, traces)
    return _conclude(table, trace)


def _stand(table: Table, row: Row, values: Mapping[str, Value]) -> RowTrace:
    false: list[str] = []
    missing: list[str] = []
    for name, condition in row.conditions.items():
        if name not in values:
            missing.append(name)
        elif not condition.holds(values[name]):
            false.append(name)
    if false:
        notes = [_why_false(table, row, name, values[name]) for name in false]
        return RowTrace(row.id, Standing.OUT, tuple(false), "；".join(notes))
    if missing:
        labels = "、".join(table.input(name).label for name in missing)
        return RowTrace(row.id, Standing.OPEN, tuple(missing), f"缺少{labels}")
    return RowTrace(row.id, Standing.HIT, (), "全部条件符合")


def _why_false(table: Table, row: Row, name: str, value: Value) -> str:
    declared = table.input(name)
    asked = row.conditions[name].describe(declared.show)
    return f"{declared.label}为{declared.show(value)}，{asked}"


def _conclude(table: Table, trace: Trace) -> Verdict:
    still_open = [row for row in trace.rows if row.standing is Standing.OPEN]
    hits = [row for row in trace.rows if row.standing is Standing.HIT]
    if still_open:
        names = dict.fromkeys(name for row in still_open for name in row.inputs)
        labels = "、".join(f"{table.input(name).label}（{trace.unknown[name]}）" for name in names)
        return _to_person(Cause.UNKNOWN_FACT, f"判断所需的信息不全：{labels}", trace)
    if not hits:
        return _to_person(Cause.GAP, "规则没有覆盖这种情形", trace)
    if len(hits) > 1:
        ids = "、".join(row.row for row in hits)
        return _to_person(Cause.OVERLAP, f"规则有多行同时符合（{ids}）", trace)
    row = next(row for row in table.rows if row.id == hits[0].row)
    return Verdict(row.outcome, row.reason, row.article, Cause.HIT, row.id, trace)


def _to_person(cause: Cause, reason: str, trace: Trace) -> Verdict:
    return Verdict(TO_PERSON, f"{reason}，转人工办理", "", cause, None, trace)


def _plain(value: Value) -> bool | int | str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value

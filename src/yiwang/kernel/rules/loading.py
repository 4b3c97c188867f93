"""Loading a table from plain mappings, as parsed from YAML or JSON.

::

    code: elder-allowance
    version: "2026-01"
    title: 高龄长寿补贴
    inputs:
      - {name: age, type: int, label: 周岁, minimum: 0, maximum: 150}
      - {name: household, type: enum, label: 户籍, values: {LOCAL: 本市, OTHER: 外地}}
    rows:
      - id: "1"
        when: {age: {from: 80, below: 90}, household: LOCAL}
        outcome: GRANT
        reason: 年满80周岁，按月发放
        article: 《办法》第五条

A condition is a value (equals), a list (in), or a mapping with ``equals``, ``in``, ``not_in``,
``any: true``, or range ends: ``from`` (≥), ``above`` (>), ``to`` (≤), ``below`` (<). Decimals are
whole numbers or text ("0.8"), never floats; dates are dates or text (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.kernel.rules.conditions import Condition, NoneOf, OneOf, Range, Value
from yiwang.kernel.rules.table import Input, InputType, Row, Table

_TABLE_KEYS = frozenset({"code", "version", "title", "inputs", "rows"})
_INPUT_KEYS = frozenset({"name", "type", "label", "values", "minimum", "maximum"})
_ROW_KEYS = frozenset({"id", "when", "outcome", "reason", "article"})
_RANGE_KEYS = frozenset({"from", "above", "to", "below"})
_MAX_DIGITS = 30


class TableError(ValueError):
    """A table that cannot be loaded; ``problems`` are Chinese sentences, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class _FaultError(Exception):
    """One fault, without its place."""


class _Faults:
    """Collects faults with their places, so that an editor sees them all at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        try:
            yield
        except _FaultError as fault:
            self.problems.append(f"{place}：{fault}")


def load(data: Mapping[str, Any]) -> Table:
    """A checked table. Raises TableError with everything that is wrong in the declaration.

    Gaps and overlaps are not errors here: see ``check``.
    """
    faults = _Faults()
    table = None
    rows: tuple[Row, ...] = ()
    with faults.at("规则表"):
        _known_keys(data, _TABLE_KEYS)
        inputs = _load_inputs(_list(data, "inputs"), faults)
        entries = _list(data, "rows")
        if not faults.problems:  # else every row would complain about the input that is missing
            rows = _load_rows(entries, {one.name: one for one in inputs}, faults)
        table = Table(
            code=_text(data, "code"),
            version=_version(data.get("version")),
            inputs=inputs,
            rows=rows,
            title=_optional_text(data, "title"),
        )
    if faults.problems or table is None:
        raise TableError(faults.problems)
    return table


def _load_inputs(entries: list[Any], faults: _Faults) -> tuple[Input, ...]:
    inputs: list[Input] = []
    for number, entry in enumerate(entries, start=1):
        with faults.at(f"第{number}个输入"):
            declared = _load_input(entry)
            if any(declared.name == other.name for other in inputs):
                raise _FaultError(f"名称{declared.name}重复")
            inputs.append(declared)
    return tuple(inputs)


def _load_input(entry: Any) -> Input:
    _known_keys(entry, _INPUT_KEYS)
    kind = _text(entry, "type")
    if kind not in set(InputType):
        raise _FaultError(f"类型{kind}不认识，应为{'、'.join(InputType)}之一")
    type_ = InputType(kind)
    if ("values" in entry) != (type_ is InputType.ENUM):
        raise _FaultError("enum要写values列出取值，其他类型不写")
    bounds = {key: entry[key] for key in ("minimum", "maximum") if key in entry}
    if bounds and not type_.is_ordered:
        raise _FaultError("只有int、decimal、date可以写minimum和maximum")
    members = _members(entry["values"]) if type_ is InputType.ENUM else ()
    bare = Input(_text(entry, "name"), type_, _text(entry, "label"), members)
    low, high = (
        _value(bounds[key], bare) if key in bounds else None for key in ("minimum", "maximum")
    )
    _require_order(low, high, is_point_allowed=True)
    return Input(bare.name, type_, bare.label, members, low, high)


def _members(values: Any) -> tuple[tuple[str, str], ...]:
    pairs = list(values.items()) if isinstance(values, Mapping) else [(v, v) for v in _many(values)]
    for code, label in pairs:
        if not _is_text(code) or not _is_text(label):
            raise _FaultError("values应为文字，或“代码: 中文名”的对照")
    if not pairs or len({code for code, _ in pairs}) < len(pairs):
        raise _FaultError("values不能为空，也不能重复")
    return tuple(pairs)


def _load_rows(entries: list[Any], inputs: Mapping[str, Input], faults: _Faults) -> tuple[Row, ...]:
    rows: list[Row] = []
    for number, entry in enumerate(entries, start=1):
        with faults.at(f"第{number}行"):
            row = _load_row(entry, str(number), inputs)
            if any(row.id == other.id for other in rows):
                raise _FaultError(f"行号{row.id}重复")
            rows.append(row)
    return tuple(rows)


def _load_row(entry: Any, number: str, inputs: Mapping[str, Input]) -> Row:
    _known_keys(entry, _ROW_KEYS)
    when = entry.get("when", {})
    if not isinstance(when, Mapping):
        raise _FaultError("when应为“输入名: 条件”的对照")
    conditions: dict[str, Condition] = {}
    for name, raw in when.items():
        if name not in inputs:
            raise _FaultError(f"条件用到没有声明的输入{name}")
        try:
            condition = _condition(raw, inputs[name])
        except _FaultError as fault:
            raise _FaultError(f"{inputs[name].label}（{name}）的条件：{fault}") from fault
        if condition is not None:
            conditions[name] = condition
    return Row(
        id=_text(entry, "id") if "id" in entry else number,
        conditions=conditions,
        outcome=_text(entry, "outcome"),
        reason=_text(entry, "reason"),
        article=_optional_text(entry, "article"),
    )


def _condition(raw: Any, declared: Input) -> Condition | None:
    """The condition, or None for "any"."""
    if isinstance(raw, list | tuple):
        return OneOf(_values(raw, declared))
    if not isinstance(raw, Mapping):
        return OneOf((_value(raw, declared),))
    keys = set(raw)
    if keys and keys <= _RANGE_KEYS:
        return _range(raw, declared)
    if len(keys) != 1:
        raise _FaultError("应只写equals、in、not_in、any之一，或范围from、above、to、below")
    ((key, body),) = raw.items()
    if key not in _SINGLE:
        raise _FaultError(f"不认识{key}，应为equals、in、not_in、any、from、above、to、below")
    return _SINGLE[key](body, declared)


def _any(body: Any, _declared: Input) -> None:
    if body is not True:
        raise _FaultError("any只能写true")


_SINGLE: dict[str, Callable[[Any, Input], Condition | None]] = {
    "equals": lambda body, declared: OneOf((_value(body, declared),)),
    "in": lambda body, declared: OneOf(_values(_many(body), declared)),
    "not_in": lambda body, declared: NoneOf(_values(_many(body), declared)),
    "any": _any,
}


def _range(raw: Mapping[str, Any], declared: Input) -> Range:
    if not declared.type.is_ordered:
        raise _FaultError("只有int、decimal、date可以写范围")
    if {"from", "above"} <= set(raw) or {"to", "below"} <= set(raw):
        raise _FaultError("from与above、to与below各只能写一个")
    low_key = "above" if "above" in raw else "from"
    high_key = "below" if "below" in raw else "to"
    low, high = (_value(raw[key], declared) if key in raw else None for key in (low_key, high_key))
    is_closed = low_key == "from" and high_key == "to"
    _require_order(low, high, is_point_allowed=is_closed)
    return Range(low, low_key == "above", high, high_key == "below")


def _require_order(low: Any, high: Any, *, is_point_allowed: bool) -> None:
    if low is None or high is None:
        return
    if low > high or (low == high and not is_point_allowed):
        raise _FaultError("范围的下限应小于上限")


def _values(raw: list[Any] | tuple[Any, ...], declared: Input) -> tuple[Value, ...]:
    if not raw:
        raise _FaultError("取值列表不能为空")
    return tuple(_value(one, declared) for one in raw)


def _value(raw: Any, declared: Input) -> Value:
    if raw is None:
        raise _FaultError("没有写值；不限制的输入请不要列出")
    if isinstance(raw, float):
        raise _FaultError('不用浮点数，小数请加引号写成文字，例如"0.8"')
    value = declared.read(_from_text(raw, declared.type))
    if value is None:
        raise _FaultError(f"{raw!r}不是{declared.type.value}类型的值，或不在声明的取值之内")
    if isinstance(value, Decimal) and not _is_short(value):
        raise _FaultError(f"小数超过{_MAX_DIGITS}位")
    return value


def _is_short(number: Decimal) -> bool:
    """Few enough digits for ``check`` to find values between any two of them exactly."""
    _, digits, exponent = number.as_tuple()
    return len(digits) <= _MAX_DIGITS and abs(int(exponent)) <= _MAX_DIGITS


def _from_text(raw: Any, type_: InputType) -> Any:
    if not isinstance(raw, str):
        return None if isinstance(raw, datetime) else raw
    try:
        if type_ is InputType.DATE:
            return date.fromisoformat(raw)
        if type_ is InputType.DECIMAL:
            return Decimal(raw)
    except (ValueError, InvalidOperation):
        return None
    return raw


def _known_keys(entry: Any, known: frozenset[str]) -> None:
    if not isinstance(entry, Mapping):
        raise _FaultError("应为“名称: 值”的对照")
    strange = [str(key) for key in entry if key not in known]
    if strange:
        raise _FaultError(f"不认识{'、'.join(strange)}，可以写{'、'.join(sorted(known))}")


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list | tuple) or not value:
        raise _FaultError(f"{key}应为列表，至少一项")
    return list(value)


def _many(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _FaultError("应为列表")
    return list(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _FaultError(f"{key}应为文字，不能为空（像数字或yes、no的文字请加引号）")
    return value


def _optional_text(data: Mapping[str, Any], key: str) -> str:
    return _text(data, key) if data.get(key) is not None else ""


def _version(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise _FaultError("version应为整数或加引号的文字")
    return value

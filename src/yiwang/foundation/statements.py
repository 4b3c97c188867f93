"""SQL of the hot paths, built once a process instead of once a call.

The ORM takes longer to write the SQL of a wide row than PostgreSQL takes to find it: of 9.4 ms of
an acceptance, four went into text that never changes (measured, docs/measures.md). A `Statement`
keeps what the ORM compiled and gives the same model objects; `insert` and `update_where` keep the
texts of writing. The meaning stays the ORM's: columns, converters, encryption, joins.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import BinaryField, Model, QuerySet
from django.db.models import query as orm
from django.db.models.fields import Field

M = TypeVar("M", bound=Model)

# What stands for a parameter while the text is made: nothing that a real constant would be.
_SAMPLES: dict[type, Callable[[int], Any]] = {
    int: lambda place: 4_611_686_018_427_380_001 + place,
    str: lambda place: f"\ue001{place}\ue001",
    uuid.UUID: lambda place: uuid.UUID(int=(0xE001 << 100) + place),
    date: lambda place: date(9001 + place, 2, 3),
    list: lambda place: [4_611_686_018_427_380_001 + place],
}


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`parameters` are (True, place of the argument) or (False, constant)."""

    sql: str
    parameters: tuple[tuple[bool, Any], ...]
    model: type[Model]
    start: int
    end: int
    names: tuple[str, ...]
    populators: tuple[Any, ...]
    annotations: tuple[tuple[str, int], ...]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]


class Statement(Generic[M]):
    """A queryset with parameters: compiled at its first use, then only executed.

    `make` builds the queryset of its arguments, whose types are given (int, str, UUID, date,
    list). No prefetches and no values(): what comes out are model objects, joined ones included.
    """

    def __init__(self, make: Callable[..., QuerySet[M]], *types: type) -> None:
        self._make = make
        self._types = types
        self._compiled: _Compiled | None = None

    def rows(self, *arguments: Any) -> list[M]:
        """Execute; every row as the ORM would give it."""
        compiled = self._compiled or self._compile()
        parameters = [arguments[v] if is_place else v for is_place, v in compiled.parameters]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            return [_built(compiled, row) for row in cursor.fetchall()]

    def first(self, *arguments: Any) -> M | None:
        found = self.rows(*arguments)
        return found[0] if found else None

    def _compile(self) -> _Compiled:
        samples = [_SAMPLES[kind](place) for place, kind in enumerate(self._types)]
        queryset = self._make(*samples)
        internals: Any = orm  # its stubs are of another release
        compiler: Any = queryset.query.get_compiler(connection=connection)
        sql, found = compiler.as_sql()
        parameters = tuple(
            (True, samples.index(value)) if value in samples else (False, value) for value in found
        )
        used = {value for is_place, value in parameters if is_place}
        if used != set(range(len(samples))):
            raise ValueError(f"an argument has no place in: {sql}")
        fields = compiler.klass_info["select_fields"]
        start, end = fields[0], fields[-1] + 1
        self._compiled = _Compiled(
            sql=sql,
            parameters=parameters,
            model=compiler.klass_info["model"],
            start=start,
            end=end,
            names=tuple(column[0].target.attname for column in compiler.select[start:end]),
            populators=tuple(
                internals.get_related_populators(
                    compiler.klass_info, compiler.select, connection.alias
                )
            ),
            annotations=tuple((compiler.annotation_col_map or {}).items()),
            converters=tuple(
                (place, tuple(convert), expression)
                for place, (convert, expression) in compiler.get_converters(
                    [column[0] for column in compiler.select]
                ).items()
            ),
        )
        return self._compiled


def _built(compiled: _Compiled, row: tuple[Any, ...]) -> Any:
    if compiled.converters:
        values = list(row)
        for place, converters, expression in compiled.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        row = tuple(values)
    found = compiled.model.from_db(
        connection.alias, compiled.names, row[compiled.start : compiled.end]
    )
    for populator in compiled.populators:
        populator.populate(row, found)
    for name, place in compiled.annotations:
        setattr(found, name, row[place])
    return found


def insert(rows: Sequence[Model]) -> None:
    """One INSERT of new rows of one model, their ids filled in; nothing for an empty list.

    No signals are sent and no defaults of the database are read back.
    """
    if not rows:
        return
    fields, head, one, tail = _insert_text(type(rows[0]), rows[0].pk is None)
    parameters = [
        prepared(field, field.pre_save(row, add=True)) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{head}{', '.join([one] * len(rows))}{tail}", parameters)
        made = cursor.fetchall() if tail else []
    for row, found in zip(rows, made, strict=False):
        row.pk = found[0]
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


_NOTHING: frozenset[type] = frozenset()
# Fields that give a value of exactly these types to the database as it is. The framework walks
# four methods to find that out, two hundred times a submission: 0.4 of its 5 ms (measured). Whole
# numbers are not among them: they are told to the database with their width.
AS_IT_IS: dict[type[Field[Any, Any]], frozenset[type]] = {
    models.CharField: frozenset({str, type(None)}),
    models.TextField: frozenset({str, type(None)}),
    models.BooleanField: frozenset({bool, type(None)}),
    models.ForeignKey: frozenset({int, type(None)}),
    models.DateField: frozenset({date, type(None)}),
    models.DateTimeField: frozenset({datetime, type(None)}),
    models.UUIDField: frozenset({uuid.UUID, type(None)}),
}


def prepared(field: Field[Any, Any], value: Any) -> Any:
    """The value as the field gives it to the database."""
    kind = type(value)
    if kind in AS_IT_IS.get(type(field), _NOTHING) and (
        kind is not datetime or value.tzinfo is not None
    ):
        return value
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=256)
def _insert_text(
    model: type[Model], is_numbered: bool
) -> tuple[tuple[Field[Any, Any], ...], str, str, str]:
    """(fields, head, one row's places, tail); a generated id is asked for, not given."""
    meta, key = model._meta, model._meta.pk
    fields = tuple(f for f in meta.local_concrete_fields if not (is_numbered and f is key))
    # A BinaryField has a method for it, which on PostgreSQL says "%s" like everybody else's.
    if any(hasattr(f, "get_placeholder") and not isinstance(f, BinaryField) for f in fields):
        raise TypeError(f"{meta.label} has a column with a placeholder of its own")
    columns = ", ".join(_quoted(f.column) for f in fields)
    return (
        fields,
        f"INSERT INTO {_quoted(meta.db_table)} ({columns}) VALUES ",
        f"({', '.join(['%s'] * len(fields))})",
        f" RETURNING {_quoted(key.column)}" if is_numbered else "",
    )


def update_where(model: type[Model], where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
    """UPDATE of the rows whose columns equal `where`; how many were changed.

    Both are by attribute name (`version`, `organ_id`); a value None in `where` matches nothing.
    """
    fields, sql = _update_text(model, tuple(changes), tuple(where))
    values = [*changes.values(), *where.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [prepared(f, v) for f, v in zip(fields, values, strict=True)],
        )
        return int(cursor.rowcount)


def delete_where(model: type[Model], where: Mapping[str, Any]) -> int:
    """DELETE of the rows whose columns equal `where`; how many. Whatever still refers to one of
    them makes the database refuse."""
    fields, sql = _delete_text(model, tuple(where))
    values = [prepared(f, v) for f, v in zip(fields, where.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@lru_cache(maxsize=1024)
def _update_text(
    model: type[Model], changes: tuple[str, ...], where: tuple[str, ...]
) -> tuple[tuple[Field[Any, Any], ...], str]:
    fields, parts = _equals(model, (*changes, *where))
    return fields, (
        f"UPDATE {_quoted(model._meta.db_table)} SET {', '.join(parts[: len(changes)])} "
        f"WHERE {' AND '.join(parts[len(changes) :])}"
    )


@lru_cache(maxsize=256)
def _delete_text(
    model: type[Model], where: tuple[str, ...]
) -> tuple[tuple[Field[Any, Any], ...], str]:
    fields, parts = _equals(model, where)
    return fields, f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {' AND '.join(parts)}"


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def _equals(
    model: type[Model], names: tuple[str, ...]
) -> tuple[tuple[Field[Any, Any], ...], list[str]]:
    by_name: dict[str, Field[Any, Any]] = {"pk": model._meta.pk}
    for field in model._meta.local_concrete_fields:
        by_name |= {field.name: field, field.attname: field}
    fields = tuple(by_name[name] for name in names)
    return fields, [f"{_quoted(f.column)} = %s" for f in fields]

"""Many rows of one table from one that the operations made: for plans at size, never for meaning."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model


def multiply(row: Model, number: int, /, **columns: str) -> int:
    """Copy `row` `number` times; `columns`: column → SQL over g (1…number). Returns the id before
    the first copy: copy g has this plus g."""
    meta = type(row)._meta
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {meta.db_table}")
        base = int(cursor.fetchone()[0])
        values: Mapping[str, str] = {"id": f"{base} + g", **columns}
        names = [str(field.column) for field in meta.local_concrete_fields]
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({', '.join(names)}) "
            f"SELECT {', '.join(values.get(name, name) for name in names)} "
            f"FROM {meta.db_table}, generate_series(1, {number}) AS g WHERE id = {int(row.pk)}"
        )
        cursor.execute(f"ANALYZE {meta.db_table}")
    return base

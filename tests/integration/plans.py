"""Whether what a list asks walks indexes: EXPLAIN ANALYZE of the statements it really sent."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

CASES = ("cases_case", "cases_reviewstep", "record_recordentry")
MOST_ROWS = 500


def plans(statements: list[str]) -> list[dict[str, Any]]:
    found = []
    for sql in statements:
        if sql.lstrip().upper().startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.replace('%', '%%')}", None)
                row = cursor.fetchone()[0]
            found.append((json.loads(row) if isinstance(row, str) else row)[0]["Plan"])
    return found


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


def assert_walks_indexes(
    name: str, captured: Iterable[Mapping[str, str]], tables: Collection[str], most: int = MOST_ROWS
) -> None:
    """No table of `tables` read whole, and no step that gives or throws away more than `most`."""
    for plan in plans([q["sql"] for q in captured]):
        for node in nodes(plan):
            table = node.get("Relation Name", "")
            assert not (node["Node Type"] == "Seq Scan" and table in tables), (
                f"{name}: {table} is read whole"
            )
            if node["Node Type"] == "Bitmap Index Scan":
                continue  # counts dead rows of other tests; the heap scan above it does not
            if table and table not in tables:
                continue
            read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            assert read <= most, f"{name}: {node['Node Type']} of {table} reads {read}\n{plan}"

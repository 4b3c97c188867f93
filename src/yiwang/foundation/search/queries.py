"""Indexing and finding. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from yiwang.foundation.search.tokens import query_tokens, tokens


def index(*, kind: str, key: str, title: str, text: str, scope: str = "", rank: int = 0) -> None:
    """Put or renew one entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_searchentry (kind, key, scope, title, rank, tokens) "
            "VALUES (%s, %s, %s, %s, %s, array_to_tsvector(%s)) "
            "ON CONFLICT (kind, key) DO UPDATE SET scope = excluded.scope, "
            "title = excluded.title, rank = excluded.rank, tokens = excluded.tokens",
            [kind, key, scope, title[:200], rank, tokens(text)],
        )


def remove(*, kind: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchentry WHERE kind = %s AND key = %s", [kind, key])


def find(
    text: str, *, kind: str, scopes: Sequence[str] | None = None, limit: int = 20
) -> list[str]:
    """Keys of entries that hold every token of the query (then, if none, any of them), best
    first. An empty or unreadable query finds nothing."""
    wanted = query_tokens(text)
    if not wanted:
        return []
    found = _run(" & ", wanted, kind, scopes, limit)
    return found or (_run(" | ", wanted, kind, scopes, limit) if len(wanted) > 1 else [])


def _run(
    operator: str, wanted: list[str], kind: str, scopes: Sequence[str] | None, limit: int
) -> list[str]:
    query = operator.join(
        f"'{token}'" for token in wanted
    )  # tokens hold no quotes by their pattern
    scope_sql = "" if scopes is None else "AND scope = ANY(%s)"
    parameters: list[Any] = [query, query, kind]
    if scopes is not None:
        parameters.append(list(scopes))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, rank + 10 * ts_rank(tokens, %s::tsquery) AS score "
            "FROM search_searchentry WHERE tokens @@ %s::tsquery AND kind = %s "
            f"{scope_sql} ORDER BY score DESC, id LIMIT %s",
            [*parameters, limit],
        )
        return [row[0] for row in cursor.fetchall()]

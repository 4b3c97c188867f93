"""How often what came in for an item had to be corrected: a guide that is clear needs it seldom."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from yiwang.apps.catalog.public import Practice

# By organ, because the index of received cases begins with it; every case has one.
_BY_ITEM = """
    SELECT c.item_code, count(*), count(*) FILTER (WHERE c.corrections_asked > 0)
    FROM people_organ o JOIN cases_case c ON c.organ_id = o.id AND c.received_at >= %s
    WHERE c.state <> 'VOIDED'
    GROUP BY c.item_code
"""


def corrections_by_item(since: datetime) -> dict[str, Practice]:
    """Item code → cases received since then, and those asked for a correction (补正) at least
    once. Voided cases do not count; items without cases are absent. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_ITEM, [since])
        return {code: Practice(number, asked) for code, number, asked in cursor.fetchall()}
